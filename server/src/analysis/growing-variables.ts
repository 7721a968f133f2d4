import type { FunctionIr, Instruction, Register, VariableId } from '../ir/instructions.ts';
import { operandsOf } from './definitions.ts';

/** So often the variables are looked at again after one of them turned out to be able to shrink. */
const MAXIMUM_ROUNDS = 8;

/**
 * Variables that never hold a number below 0, as far as no addition overflows: all that is stored in them is a constant
 * that is none, a size, a length, or a sum of such and of each other. Others cannot write them, since their address is not
 * taken.
 */
export function findGrowingVariables(ir: FunctionIr, isLength: (callee: string) => boolean): Set<VariableId> {
  const growing = new Set<VariableId>();
  for (const { id, kind, pointerDepth, isArray } of ir.variables) {
    if (kind === 'local' && pointerDepth === 0 && !isArray) growing.add(id);
  }
  for (let round = 0; round < MAXIMUM_ROUNDS && growing.size > 0; round++) {
    if (!dropShrinking(ir, growing, isLength)) return growing;
  }
  return new Set();
}

function dropShrinking(ir: FunctionIr, growing: Set<VariableId>, isLength: (callee: string) => boolean): boolean {
  const before = growing.size;
  for (const block of ir.blocks) {
    const addresses = new Map<Register, VariableId>();
    const nonNegative = new Set<Register>();
    for (const instruction of block.instructions) {
      for (const register of operandsOf(instruction)) {
        const variable = addresses.get(register);
        if (variable !== undefined) growing.delete(variable);
      }
      if (instruction.op === 'store') {
        const variable = addresses.get(instruction.address);
        if (variable !== undefined && !nonNegative.has(instruction.value)) growing.delete(variable);
      } else if (instruction.op === 'forget') {
        for (const variable of instruction.variables) growing.delete(variable);
      }
      if (!('destination' in instruction)) continue;
      const { destination } = instruction;
      const isKnown = isNonNegative(instruction, addresses, nonNegative, growing, isLength);
      addresses.delete(destination);
      nonNegative.delete(destination);
      if (instruction.op === 'variable') addresses.set(destination, instruction.variable);
      else if (isKnown) nonNegative.add(destination);
    }
  }
  return growing.size !== before;
}

const GROWING = new Set(['+', '*', '/', '%', '&', '|', '>>']);
const COMPARING = new Set(['==', '!=', '<', '>', '<=', '>=']);

function isNonNegative(
  instruction: Instruction,
  addresses: ReadonlyMap<Register, VariableId>,
  nonNegative: ReadonlySet<Register>,
  growing: ReadonlySet<VariableId>,
  isLength: (callee: string) => boolean,
): boolean {
  switch (instruction.op) {
    case 'constant':
      return instruction.value >= 0;
    case 'sizeof':
      return true;
    case 'load': {
      const variable = addresses.get(instruction.address);
      return variable !== undefined && growing.has(variable);
    }
    case 'binary':
      if (COMPARING.has(instruction.operator)) return true;
      return (
        GROWING.has(instruction.operator) && nonNegative.has(instruction.left) && nonNegative.has(instruction.right)
      );
    case 'call':
      return isLength(instruction.callee);
    default:
      return false;
  }
}
