import { keptPer } from '../base/kept.ts';
import type { FunctionIr, Instruction, Register, VariableId } from '../ir/instructions.ts';
import { isComparison } from './constant-folding.ts';
import { factOf } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import type { State } from './state.ts';
import { functionAt } from './stored-functions.ts';
import type { Summary } from './summary.ts';
import type { Value } from './value-shapes.ts';

/*
 * A summary tells the ways in which a function ends apart by bounds of its arguments. What it makes of a number's bits, and what
 * a function does that it is given the address of, it tells no caller. Where a call gives it a number or a function that is
 * known, and nothing else says what becomes of it, the body is followed once more with just that: a summary is specialised, as
 * procedures are cloned for constants (Cooper, Hall, Kennedy, "A Methodology for Procedure Cloning", 1993).
 */

/** What a call tells by the position of the argument: a number, or the name of a function. */
export type ToldArguments = ReadonlyMap<number, number | string>;

/** The positions of the parameters of which a caller may tell more than a summary asks for. */
export interface TellingParameters {
  /** Numbers that the function computes with, and then branches by or returns. */
  readonly numbers: readonly number[];
  /** Functions that it calls. */
  readonly functions: readonly number[];
}

/** The same as far as one body tells. */
export interface TellingBody extends TellingParameters {
  /** What it hands on to a callee, which may call it. */
  readonly handedOn: readonly { readonly position: number; readonly callee: string; readonly to: number }[];
}

export const NOTHING_TELLING: TellingBody = { numbers: [], functions: [], handedOn: [] };

/** Longer functions are not followed again for each of their callers, in blocks. */
const MAXIMUM_BLOCKS = 128;
/** So many calls in one function have a summary of their own. */
export const MAXIMUM_TOLD_CALLS = 24;
/** So many arguments of a call are told. */
const MAXIMUM_TOLD = 3;

/** So many arguments that are parameters are looked at. */
const MAXIMUM_HANDED_ON = 32;

const COMPUTING = new Set(['%', '&', '|', '^', '>>', '<<', '/', '*', '+', '-']);

/** Reads off a body what it would be worth to know about its arguments. */
export const tellingParameters = keptPer(findTellingParameters);

function findTellingParameters(ir: FunctionIr): TellingBody {
  if (ir.isPartial || ir.parameters.length === 0 || ir.blocks.length > MAXIMUM_BLOCKS) return NOTHING_TELLING;
  const numbers = new Set<number>();
  const functions = new Set<number>();
  const handedOn: { position: number; callee: string; to: number }[] = [];
  const holders = new Map<VariableId, number>();
  for (const { instructions, terminator } of ir.blocks) {
    const registers = new BlockRegisters(ir, holders);
    for (const instruction of instructions) {
      if (instruction.op === 'call') {
        const called = instruction.pointer === undefined ? undefined : registers.loaded.get(instruction.pointer);
        if (called !== undefined) functions.add(called);
        for (const [to, argument] of instruction.arguments.entries()) {
          const position = registers.loaded.get(argument);
          if (position === undefined || instruction.callee === '' || handedOn.length >= MAXIMUM_HANDED_ON) continue;
          handedOn.push({ position, callee: instruction.callee, to });
        }
      }
      registers.step(instruction);
    }
    const deciding =
      terminator.kind === 'branch' ? terminator.condition : terminator.kind === 'return' ? terminator.value : undefined;
    if (deciding === undefined) continue;
    const computed = registers.computed.get(deciding);
    if (computed !== undefined) numbers.add(computed);
    for (const position of registers.compared.get(deciding) ?? []) numbers.add(position);
  }
  const inOrder = (positions: Set<number>): number[] => [...positions].sort((a, b) => a - b);
  return { numbers: inOrder(numbers), functions: inOrder(functions), handedOn };
}

/** What registers of a block are made of: the parameters themselves, by position, or something computed from one. */
class BlockRegisters {
  readonly loaded = new Map<Register, number>();
  readonly computed = new Map<Register, number>();
  /** Two parameters that are compared with each other: of each alone a summary says nothing. */
  readonly compared = new Map<Register, readonly number[]>();
  readonly #ir: FunctionIr;
  readonly #addresses = new Map<Register, VariableId>();
  /** Variables that hold what was computed, as the value of a return does until its scopes have ended. */
  readonly #holders: Map<VariableId, number>;

  constructor(ir: FunctionIr, holders: Map<VariableId, number>) {
    this.#ir = ir;
    this.#holders = holders;
  }

  step(instruction: Instruction): void {
    const { loaded, computed } = this;
    if (instruction.op === 'sequence-point') {
      loaded.clear();
      computed.clear();
      this.compared.clear();
      this.#addresses.clear();
    } else if (instruction.op === 'variable') {
      this.#addresses.set(instruction.destination, instruction.variable);
    } else if (instruction.op === 'load') {
      const variable = this.#addresses.get(instruction.address);
      const position = variable === undefined ? -1 : this.#ir.parameters.indexOf(variable);
      const held = variable === undefined ? undefined : this.#holders.get(variable);
      if (position >= 0) loaded.set(instruction.destination, position);
      else if (held !== undefined) computed.set(instruction.destination, held);
    } else if (instruction.op === 'store') {
      const variable = this.#addresses.get(instruction.address);
      const position = computed.get(instruction.value);
      if (variable !== undefined && position !== undefined) this.#holders.set(variable, position);
    } else if (instruction.op === 'unary') {
      const position = computed.get(instruction.operand);
      if (position !== undefined) computed.set(instruction.destination, position);
    } else if (instruction.op === 'binary') {
      const { left, right, operator, destination } = instruction;
      const a = loaded.get(left);
      const b = loaded.get(right);
      if (a !== undefined && b !== undefined && isComparison(operator)) this.compared.set(destination, [a, b]);
      const own = COMPUTING.has(operator) ? (a ?? b) : undefined;
      const position = own ?? computed.get(left) ?? computed.get(right);
      if (position !== undefined) computed.set(destination, position);
    }
  }
}

/**
 * A number may make a difference to a caller: the function does one thing or another to memory, may end the program, or says yes or
 * no to who asks.
 */
function hangsOnNumbers({ cases, mayEnd, isNoreturn }: Summary, isResultUsed: boolean): boolean {
  if (isNoreturn) return false;
  if (mayEnd || cases.some(({ heapClass }) => heapClass !== cases[0].heapClass)) return true;
  return (
    isResultUsed &&
    cases.some(({ result }) => result.kind === 'unknown' && result.fact.low >= 0 && result.fact.high <= 1)
  );
}

/**
 * What a call tells a function of the parameters that it is worth to know of; undefined for nothing.
 * @param summary what the function does for anybody, where that matters: else it does only where it calls what it is told
 */
export function toldArguments(
  context: AnalysisContext,
  state: State,
  name: string,
  values: readonly Value[],
  summary: Summary | undefined,
  isResultUsed: boolean,
): ToldArguments | undefined {
  const { table, environment } = context;
  const mayTellNumbers = summary !== undefined && hangsOnNumbers(summary, isResultUsed);
  const isTold = (value: Value): boolean =>
    (mayTellNumbers && table.values[value].kind === 'integer') || functionAt(context, value) !== undefined;
  if (!values.some(isTold)) return undefined;
  const { numbers, functions } = environment.tellingParameters(name);
  if (numbers.length === 0 && functions.length === 0) return undefined;
  const told = new Map<number, number | string>();
  const numberOf = (value: Value): number | undefined => {
    const { low, high } = factOf(table, state, value);
    return low === high && Number.isSafeInteger(low) ? low : undefined;
  };
  for (const [position, value] of values.entries()) {
    if (told.size >= MAXIMUM_TOLD) break;
    const number = mayTellNumbers && numbers.includes(position) ? numberOf(value) : undefined;
    const target = functions.includes(position) ? functionAt(context, value) : undefined;
    if (number !== undefined) told.set(position, number);
    // The address of a label is no function's.
    if (target !== undefined && !target.startsWith('&&')) told.set(position, target);
  }
  return told.size > 0 ? told : undefined;
}
