import {
  type BlockId,
  type FunctionIr,
  type Instruction,
  type Register,
  successors,
  type VariableId,
} from '../ir/instructions.ts';
import { fold } from './constant-folding.ts';

/** A function with more pairs of a block and what its parameters are there counts as one that returns. */
const MAXIMUM_VISITS = 1000;

/** Numbers that a call gives, by the position of the argument. */
export type GivenNumbers = ReadonlyMap<number, number>;

/**
 * The positions of the parameters, in order, by which a function that may return decides which way it goes: numbers that are
 * compared or masked in a condition.
 */
export function decidingParameters(ir: FunctionIr): readonly number[] {
  const found = new Set<number>();
  /** Variables that hold what is made of a parameter, by position: what a `switch` compares has one of its own. */
  const holders = new Map<VariableId, number>();
  for (let isFirst = true; ; isFirst = false) {
    for (const { instructions, terminator } of ir.blocks) {
      const sources = sourcesIn(ir, instructions, holders);
      const position = terminator.kind === 'branch' ? sources.get(terminator.condition) : undefined;
      if (position !== undefined) found.add(position);
    }
    if (!isFirst || holders.size === 0) return [...found].sort((a, b) => a - b);
  }
}

/** What registers are made of: parameters, by position, or their addresses. */
function sourcesIn(
  ir: FunctionIr,
  instructions: readonly Instruction[],
  holders: Map<VariableId, number>,
): Map<Register, number> {
  const sources = new Map<Register, number>();
  const addresses = new Map<Register, VariableId>();
  for (const instruction of instructions) {
    const { op } = instruction;
    if (op === 'variable') {
      const own = positionOf(ir, instruction.variable);
      const position = own >= 0 ? own : holders.get(instruction.variable);
      addresses.set(instruction.destination, instruction.variable);
      if (position !== undefined) sources.set(instruction.destination, position);
    } else if (op === 'load') copySource(sources, instruction.address, instruction.destination);
    else if (op === 'unary') copySource(sources, instruction.operand, instruction.destination);
    else if (op === 'binary') {
      copySource(sources, instruction.left, instruction.destination);
      copySource(sources, instruction.right, instruction.destination);
    } else if (op === 'store') {
      const variable = addresses.get(instruction.address);
      const source = sources.get(instruction.value);
      if (variable !== undefined && source !== undefined && isOwn(ir, variable)) holders.set(variable, source);
    } else if (op === 'sequence-point') {
      sources.clear();
      addresses.clear();
    }
  }
  return sources;
}

/** Locals are not followed: what they hold would multiply the ways through a block. */
function isOwn({ variables }: FunctionIr, variable: VariableId): boolean {
  const { kind, pointerDepth } = variables[variable];
  return pointerDepth === 0 && (kind === 'parameter' || kind === 'temporary');
}

function copySource(sources: Map<Register, number>, from: Register, to: Register): void {
  const source = sources.get(from);
  if (source !== undefined) sources.set(to, source);
}

/** The position of a parameter that is a number; -1 for other variables. */
function positionOf({ parameters, variables }: FunctionIr, variable: VariableId): number {
  return variables[variable].pointerDepth === 0 ? parameters.indexOf(variable) : -1;
}

/**
 * True when no path through the blocks of a function returns once some of its parameters are these numbers, as
 * `log_write(MAIN | PANIC_DIE, …)` does not. Conditional constants (Wegman, Zadeck, TOPLAS 1991) of these parameters alone:
 * other conditions go both ways.
 */
export function neverReturnsGiven(
  ir: FunctionIr,
  given: GivenNumbers,
  isNoreturn: (callee: string) => boolean,
): boolean {
  const entry = numbersAtEntry(ir, given);
  if (ir.isPartial || entry.size === 0) return false;
  return waysThrough(ir, entry, isNoreturn, 'return') === false;
}

/** True when some path may end the program, by what `mayEnd` says of callees and the numbers that they are given. */
export function mayEndGiven(
  ir: FunctionIr,
  given: GivenNumbers,
  mayEnd: (callee: string, given: GivenNumbers) => boolean,
): boolean {
  return !ir.isPartial && waysThrough(ir, numbersAtEntry(ir, given), mayEnd, 'end') !== false;
}

function numbersAtEntry(ir: FunctionIr, given: GivenNumbers): ReadonlyMap<VariableId, number> {
  const entry = new Map<VariableId, number>();
  for (const [position, value] of given) {
    const variable = ir.parameters.at(position);
    if (variable !== undefined && positionOf(ir, variable) === position) entry.set(variable, value);
  }
  return entry;
}

/** Whether a way that can be taken returns, or ends the program; undefined where there are too many to tell. */
function waysThrough(
  ir: FunctionIr,
  entry: ReadonlyMap<VariableId, number>,
  ends: (callee: string, given: GivenNumbers) => boolean,
  wanted: 'return' | 'end',
): boolean | undefined {
  const pending: { id: BlockId; known: ReadonlyMap<VariableId, number> }[] = [{ id: ir.entry, known: entry }];
  const seen = new Set<string>();
  while (pending.length > 0) {
    const { id, known } = pending.pop()!;
    const key = `${id} ${[...known].sort(([a], [b]) => a - b).join(' ')}`;
    if (seen.has(key)) continue;
    seen.add(key);
    if (seen.size > MAXIMUM_VISITS) return undefined;
    const after = executeBlock(ir, id, known, ends);
    if (!after && wanted === 'end') return true;
    if (!after) continue;
    const { terminator } = ir.blocks[id];
    if (terminator.kind === 'return' && wanted === 'return') return true;
    const decided = terminator.kind === 'branch' ? after.numbers.get(terminator.condition) : undefined;
    const targets =
      terminator.kind === 'branch' && decided !== undefined
        ? [decided !== 0 ? terminator.whenTrue : terminator.whenFalse]
        : // Of a `switch` one label fits: who lists them means all values.
          terminator.kind === 'branch' && terminator.isLastLabel
          ? [terminator.whenTrue]
          : successors(terminator);
    for (const target of targets) pending.push({ id: target, known: after.known });
  }
  return false;
}

/** What is known behind a block; undefined where it calls what does not return. */
function executeBlock(
  ir: FunctionIr,
  id: BlockId,
  before: ReadonlyMap<VariableId, number>,
  ends: (callee: string, given: GivenNumbers) => boolean,
): { readonly known: ReadonlyMap<VariableId, number>; readonly numbers: ReadonlyMap<Register, number> } | undefined {
  const known = new Map(before);
  const numbers = new Map<Register, number>();
  const addresses = new Map<Register, VariableId>();
  const lose = (register: Register | undefined): void => {
    const variable = register === undefined ? undefined : addresses.get(register);
    if (variable !== undefined) known.delete(variable);
  };
  for (const instruction of ir.blocks[id].instructions) {
    switch (instruction.op) {
      case 'declare':
        known.delete(instruction.variable);
        break;
      case 'sequence-point':
        addresses.clear();
        break;
      case 'constant':
        numbers.set(instruction.destination, instruction.value);
        break;
      case 'variable':
        numbers.delete(instruction.destination);
        addresses.delete(instruction.destination);
        if (isOwn(ir, instruction.variable)) addresses.set(instruction.destination, instruction.variable);
        break;
      case 'load': {
        const variable = addresses.get(instruction.address);
        setNumber(numbers, instruction.destination, variable === undefined ? undefined : known.get(variable));
        addresses.delete(instruction.destination);
        break;
      }
      case 'store': {
        const variable = addresses.get(instruction.address);
        const value = numbers.get(instruction.value);
        lose(instruction.value);
        if (variable === undefined) break;
        if (value === undefined) known.delete(variable);
        else known.set(variable, value);
        break;
      }
      case 'binary': {
        const left = numbers.get(instruction.left);
        const right = numbers.get(instruction.right);
        const isKnown = left !== undefined && right !== undefined;
        setNumber(numbers, instruction.destination, isKnown ? fold(instruction.operator, left, right) : undefined);
        break;
      }
      case 'unary': {
        const operand = numbers.get(instruction.operand);
        setNumber(
          numbers,
          instruction.destination,
          operand === undefined ? undefined : unary(instruction.operator, operand),
        );
        break;
      }
      case 'call':
        if (instruction.callee !== '' && ends(instruction.callee, numbersGiven(instruction.arguments, numbers)))
          return undefined;
        for (const argument of instruction.arguments) lose(argument);
        numbers.delete(instruction.destination);
        break;
      case 'field':
      case 'element':
        lose(instruction.base);
        numbers.delete(instruction.destination);
        break;
      case 'escape':
        lose(instruction.value);
        break;
      case 'forget':
        for (const variable of instruction.variables) known.delete(variable);
        break;
      case 'unknown':
      case 'named':
      case 'string':
      case 'function':
      case 'sizeof':
        numbers.delete(instruction.destination);
        break;
      default:
        break;
    }
  }
  return { known, numbers };
}

function numbersGiven(registers: readonly Register[], numbers: ReadonlyMap<Register, number>): GivenNumbers {
  const given = new Map<number, number>();
  for (const [position, register] of registers.entries()) {
    const number = numbers.get(register);
    if (number !== undefined) given.set(position, number);
  }
  return given;
}

function unary(operator: string, operand: number): number | undefined {
  if (operator === '!') return fold('==', operand, 0);
  if (operator === '-') return fold('-', 0, operand);
  return operator === '~' && operand >= -(2 ** 31) && operand < 2 ** 31 ? ~operand : undefined;
}

function setNumber(numbers: Map<Register, number>, register: Register, value: number | undefined): void {
  if (value === undefined) numbers.delete(register);
  else numbers.set(register, value);
}
