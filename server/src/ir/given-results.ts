import { reachableBlocks } from './control-flow.ts';
import type { FunctionIr, Register, VariableId } from './instructions.ts';

/*
 * What a function gives its callers, as its text shows without following paths.
 */

export interface GivenResult {
  /** It may return, or leave in a place of its callers, an address that no deallocator of the heap takes. */
  readonly isOther: boolean;
  /** The position of the parameter that it returns, whichever way it ends; -1 for none. */
  readonly returned: number;
}

export const NOTHING_GIVEN_BACK: GivenResult = { isOther: false, returned: -1 };

/** Rounds of the propagation through variables. */
const MAXIMUM_ROUNDS = 3;

/**
 * @param givesOther Whether a callee gives such an address: memory that is the library's own or goes back in another way.
 */
export function findGivenResult(ir: FunctionIr, givesOther: (callee: string) => boolean): GivenResult {
  const returned = returnedParameter(ir);
  return { isOther: returned < 0 && mayGiveOther(ir, givesOther), returned };
}

function mayGiveOther(ir: FunctionIr, givesOther: (callee: string) => boolean): boolean {
  const { variables, parameters } = ir;
  // Whoever gets a pointer to const is not to free it.
  const mayReturn = ir.returnType !== 'void' && !/\bconst\b/.test(ir.returnType);
  const mayLeave = parameters.some((id) => variables[id].pointerDepth > 0 && !/\bconst\b/.test(variables[id].typeText));
  if (!mayReturn && !mayLeave) return false;
  /** The variables that may hold such an address, as their value or in a member. */
  const holders = new Set<VariableId>();
  const given = new Map<string, boolean>();
  const isGiver = (callee: string): boolean => {
    let known = given.get(callee);
    if (known === undefined) {
      known = callee !== '' && givesOther(callee);
      given.set(callee, known);
    }
    return known;
  };
  for (let round = 0; round < MAXIMUM_ROUNDS; round++) {
    const known = holders.size;
    for (const { instructions, terminator } of ir.blocks) {
      /** Registers that hold the address of a variable, or of a part of it. */
      const roots = new Map<Register, VariableId>();
      /** Registers that hold what was read from a parameter, or from behind one. */
      const behindParameters = new Set<Register>();
      const others = new Set<Register>();
      for (const instruction of instructions) {
        if (instruction.op === 'store') {
          if (!others.has(instruction.value)) continue;
          const root = roots.get(instruction.address);
          if (root !== undefined) holders.add(root);
          else if (mayLeave && behindParameters.has(instruction.address)) return true;
          continue;
        }
        if (!('destination' in instruction)) continue;
        const { destination } = instruction;
        roots.delete(destination);
        behindParameters.delete(destination);
        others.delete(destination);
        switch (instruction.op) {
          case 'string':
            others.add(destination);
            break;
          case 'variable': {
            const { kind } = variables[instruction.variable];
            roots.set(destination, instruction.variable);
            if (kind === 'static' || kind === 'global') others.add(destination);
            break;
          }
          case 'field':
          case 'element': {
            const root = roots.get(instruction.base);
            if (root !== undefined) roots.set(destination, root);
            if (others.has(instruction.base)) others.add(destination);
            if (behindParameters.has(instruction.base)) behindParameters.add(destination);
            break;
          }
          case 'load': {
            const root = roots.get(instruction.address);
            if (root !== undefined && holders.has(root)) others.add(destination);
            if (root === undefined ? behindParameters.has(instruction.address) : variables[root].kind === 'parameter')
              behindParameters.add(destination);
            break;
          }
          case 'call':
            if (isGiver(instruction.callee)) others.add(destination);
            break;
          default:
            break;
        }
      }
      if (!mayReturn || terminator.kind !== 'return' || terminator.value === undefined) continue;
      if (others.has(terminator.value)) return true;
    }
    if (holders.size === known) break;
  }
  return false;
}

/** The position of the parameter that every return reads, and that nothing writes. */
function returnedParameter(ir: FunctionIr): number {
  const { blocks, parameters, variables } = ir;
  if (!ir.returnType.includes('*') || parameters.length === 0) return -1;
  let found: VariableId | undefined;
  const read = new Map<VariableId, VariableId>();
  for (const id of reachableBlocks(ir, [ir.entry])) {
    const { instructions, terminator } = blocks[id];
    if (terminator.kind !== 'return') continue;
    const addresses = new Map<Register, VariableId>();
    const values = new Map<Register, VariableId>();
    for (const instruction of instructions) {
      if (instruction.op === 'variable') addresses.set(instruction.destination, instruction.variable);
      else if (instruction.op === 'store') {
        const to = addresses.get(instruction.address);
        const from = values.get(instruction.value);
        // What is returned goes through a temporary.
        if (to !== undefined && from !== undefined && variables[to].kind === 'temporary') read.set(to, from);
      } else if (instruction.op === 'load') {
        const from = addresses.get(instruction.address);
        if (from !== undefined) values.set(instruction.destination, read.get(from) ?? from);
      }
    }
    const value = terminator.value === undefined ? undefined : values.get(terminator.value);
    if (value === undefined || (found !== undefined && found !== value)) return -1;
    found = value;
  }
  if (found === undefined || !parameters.includes(found)) return -1;
  return isOnlyRead(blocks, found) ? parameters.indexOf(found) : -1;
}

/** The variable is read, and its address goes nowhere else. */
function isOnlyRead(blocks: FunctionIr['blocks'], variable: VariableId): boolean {
  return blocks.every(({ instructions }) => {
    const addresses = new Set<Register>();
    return instructions.every((instruction) => {
      if (instruction.op === 'sequence-point') addresses.clear();
      if (instruction.op === 'forget' && instruction.variables.includes(variable)) return false;
      if (addresses.size > 0 && instruction.op !== 'load') {
        if (registersOf(instruction).some((register) => addresses.has(register))) return false;
      }
      if (!('destination' in instruction)) return true;
      addresses.delete(instruction.destination);
      if (instruction.op === 'variable' && instruction.variable === variable) addresses.add(instruction.destination);
      return true;
    });
  });
}

function registersOf(instruction: FunctionIr['blocks'][number]['instructions'][number]): readonly Register[] {
  switch (instruction.op) {
    case 'store':
      return [instruction.address, instruction.value];
    case 'field':
      return [instruction.base];
    case 'element':
      return [instruction.base, instruction.index];
    case 'binary':
      return [instruction.left, instruction.right];
    case 'unary':
      return [instruction.operand];
    case 'call':
      return instruction.arguments;
    case 'escape':
    case 'convert':
      return [instruction.value];
    default:
      return [];
  }
}
