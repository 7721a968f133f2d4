import type { FunctionIr, Register, VariableId } from './instructions.ts';

/**
 * True when a pointer variable of the function gets NULL and nothing else, is read all the same, and its address is given to
 * no callee that could fill it. Few functions have one: a name that is always NULL is no use unless something goes wrong.
 */
export function holdsOnlyNull({ blocks, variables, parameters }: FunctionIr): boolean {
  const set = new Set<VariableId>();
  const read = new Set<VariableId>();
  const other = new Set<VariableId>(parameters);
  for (const { instructions } of blocks) {
    const addresses = new Map<Register, VariableId>();
    const zeros = new Set<Register>();
    for (const instruction of instructions) {
      switch (instruction.op) {
        case 'constant':
          if (instruction.value === 0) zeros.add(instruction.destination);
          break;
        case 'variable':
          if (isPointer(variables[instruction.variable])) addresses.set(instruction.destination, instruction.variable);
          break;
        case 'load': {
          const variable = addresses.get(instruction.address);
          if (variable !== undefined) read.add(variable);
          break;
        }
        case 'store': {
          const variable = addresses.get(instruction.address);
          if (variable !== undefined) (zeros.has(instruction.value) ? set : other).add(variable);
          break;
        }
        case 'call':
          for (const argument of instruction.arguments) {
            const variable = addresses.get(argument);
            if (variable !== undefined) other.add(variable);
          }
          break;
        case 'escape': {
          const variable = addresses.get(instruction.value);
          if (variable !== undefined) other.add(variable);
          break;
        }
        case 'forget':
          for (const variable of instruction.variables) other.add(variable);
          break;
        default:
      }
    }
  }
  return [...set].some((variable) => read.has(variable) && !other.has(variable));
}

function isPointer({ kind, pointerDepth, isArray }: FunctionIr['variables'][number]): boolean {
  return (kind === 'local' || kind === 'temporary') && pointerDepth > 0 && !isArray;
}
