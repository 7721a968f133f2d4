import { keptPer } from '../base/kept.ts';
import type { FunctionIr, Register, VariableId } from './instructions.ts';

/*
 * Functions that give a part of a larger block which others have, as an allocator takes it from a region, and new memory where the
 * region has no room. Nobody who calls one of them can tell which it was: what it gives is not the caller's to free.
 */

/** Rounds of the propagation through variables. */
const MAXIMUM_ROUNDS = 4;

const NOTHING = 0;
/** A pointer that was read from behind a parameter, or from a variable outside of the function. */
const WHOLE = 1;
/** Such a pointer with an offset that is computed. */
const INNER = 2;

/** The function may return an address within a block that it was shown, as its text says without regard to the order. */
export const mayReturnPart = keptPer(findPart);

function findPart(ir: FunctionIr): boolean {
  const { blocks, variables } = ir;
  const held = new Map<VariableId, number>();
  for (let round = 0; round < MAXIMUM_ROUNDS; round++) {
    let hasChanged = false;
    for (const { instructions, terminator } of blocks) {
      const addresses = new Map<Register, VariableId>();
      /** Registers with the address of something outside of the function, or of what is behind a parameter. */
      const outside = new Set<Register>();
      const parts = new Map<Register, number>();
      const constants = new Set<Register>();
      for (const instruction of instructions) {
        if (instruction.op === 'store') {
          const variable = addresses.get(instruction.address);
          const part = parts.get(instruction.value) ?? NOTHING;
          if (variable === undefined || part <= (held.get(variable) ?? NOTHING)) continue;
          held.set(variable, part);
          hasChanged = true;
          continue;
        }
        if (!('destination' in instruction)) continue;
        const { destination } = instruction;
        addresses.delete(destination);
        outside.delete(destination);
        parts.delete(destination);
        constants.delete(destination);
        switch (instruction.op) {
          case 'constant':
            constants.add(destination);
            break;
          case 'variable': {
            const { kind } = variables[instruction.variable];
            if (kind === 'global' || kind === 'static') outside.add(destination);
            else addresses.set(destination, instruction.variable);
            break;
          }
          case 'load': {
            const variable = addresses.get(instruction.address);
            if (outside.has(instruction.address)) parts.set(destination, WHOLE);
            else if (variable !== undefined) parts.set(destination, held.get(variable) ?? NOTHING);
            // What a parameter leads to is shown, and so is what that leads to.
            const isParameter = variable !== undefined && variables[variable].kind === 'parameter';
            if (isParameter || parts.get(destination) === WHOLE) outside.add(destination);
            break;
          }
          case 'field':
            if (outside.has(instruction.base)) outside.add(destination);
            break;
          case 'element':
          case 'binary': {
            const isSum = instruction.op === 'element' || instruction.operator === '+';
            const [base, index] =
              instruction.op === 'element'
                ? [instruction.base, instruction.index]
                : [instruction.left, instruction.right];
            if (instruction.op === 'element' && outside.has(base)) outside.add(destination);
            const part = parts.get(base) ?? NOTHING;
            if (isSum && part !== NOTHING) parts.set(destination, constants.has(index) ? part : INNER);
            break;
          }
          default:
            break;
        }
      }
      if (terminator.kind === 'return' && terminator.value !== undefined) {
        if (parts.get(terminator.value) === INNER) return true;
      }
    }
    if (!hasChanged) return false;
  }
  return false;
}
