import { operandsOf } from '../ir/definitions.ts';
import type { FunctionIr, Instruction, Register, VariableId } from '../ir/instructions.ts';

/** So often the variables are looked at again after one of them turned out to be able to shrink. */
const MAXIMUM_ROUNDS = 8;

/**
 * Variables that never hold a number below 0, as far as no addition overflows: all that is stored in them is a constant
 * that is none, a size, a length, or a sum of such and of each other. Others cannot write them, since their address is not
 * taken.
 */
export function findGrowingVariables(ir: FunctionIr, isLength: (callee: string) => boolean): Set<VariableId> {
  return findBounded(ir, 0, isLength);
}

/**
 * Variables that hold nothing below -1: constants, comparisons and what functions answer that fail with -1, as those do which make
 * descriptors. A test whether such a number is negative is one whether it is -1.
 */
export function findDescriptors(ir: FunctionIr, failsWithMinusOne: (callee: string) => boolean): Set<VariableId> {
  return ir.callees.some(failsWithMinusOne) ? findBounded(ir, -1, failsWithMinusOne) : new Set();
}

type Lowest = 0 | -1;

function findBounded(ir: FunctionIr, lowest: Lowest, isBounded: (callee: string) => boolean): Set<VariableId> {
  const growing = new Set<VariableId>();
  for (const { id, kind, pointerDepth, isArray } of ir.variables) {
    if (kind === 'local' && pointerDepth === 0 && !isArray) growing.add(id);
  }
  for (let round = 0; round < MAXIMUM_ROUNDS && growing.size > 0; round++) {
    if (!dropLower(ir, growing, lowest, isBounded)) return growing;
  }
  return new Set();
}

function dropLower(
  ir: FunctionIr,
  growing: Set<VariableId>,
  lowest: Lowest,
  isBounded: (callee: string) => boolean,
): boolean {
  const before = growing.size;
  for (const block of ir.blocks) {
    const addresses = new Map<Register, VariableId>();
    const bounded = new Set<Register>();
    for (const instruction of block.instructions) {
      for (const register of operandsOf(instruction)) {
        const variable = addresses.get(register);
        if (variable !== undefined) growing.delete(variable);
      }
      if (instruction.op === 'store') {
        const variable = addresses.get(instruction.address);
        if (variable !== undefined && !bounded.has(instruction.value)) growing.delete(variable);
      } else if (instruction.op === 'forget') {
        for (const variable of instruction.variables) growing.delete(variable);
      }
      if (!('destination' in instruction)) continue;
      const { destination } = instruction;
      const isKnown = isAtLeast(instruction, lowest, addresses, bounded, growing, isBounded);
      addresses.delete(destination);
      bounded.delete(destination);
      if (instruction.op === 'variable') addresses.set(destination, instruction.variable);
      else if (isKnown) bounded.add(destination);
    }
  }
  return growing.size !== before;
}

const GROWING = new Set(['+', '*', '/', '%', '&', '|', '>>']);
const COMPARING = new Set(['==', '!=', '<', '>', '<=', '>=']);

function isAtLeast(
  instruction: Instruction,
  lowest: Lowest,
  addresses: ReadonlyMap<Register, VariableId>,
  bounded: ReadonlySet<Register>,
  growing: ReadonlySet<VariableId>,
  isBounded: (callee: string) => boolean,
): boolean {
  switch (instruction.op) {
    case 'constant':
      return instruction.value >= lowest;
    case 'sizeof':
      return true;
    case 'load': {
      const variable = addresses.get(instruction.address);
      return variable !== undefined && growing.has(variable);
    }
    case 'binary':
      if (COMPARING.has(instruction.operator)) return true;
      return (
        lowest === 0 &&
        GROWING.has(instruction.operator) &&
        bounded.has(instruction.left) &&
        bounded.has(instruction.right)
      );
    case 'call':
      return isBounded(instruction.callee);
    default:
      return false;
  }
}
