import type { FunctionIr, Register, VariableId } from './instructions.ts';

/**
 * True when a pointer variable of the function gets NULL and nothing else, is read all the same, and its address is given to
 * no callee that could fill it. Few functions have one: a name that is always NULL is no use unless something goes wrong.
 */
export function holdsOnlyNull(ir: FunctionIr): boolean {
  return isOnlyNull(ir) || hasOnlyNullMember(ir);
}

function isOnlyNull({ blocks, variables, parameters }: FunctionIr): boolean {
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

/**
 * True when a structure of the function's own is zeroed as a whole, and what one of its members points to is used, although
 * nothing else is stored in the member and the structure is given to nobody.
 */
function hasOnlyNullMember({ blocks, variables }: FunctionIr): boolean {
  const zeroed = new Set<VariableId>();
  const given = new Set<VariableId>();
  const stored = new Set<string>();
  const used = new Map<string, VariableId>();
  for (const { instructions } of blocks) {
    const addresses = new Map<Register, VariableId>();
    const members = new Map<Register, { readonly variable: VariableId; readonly key: string }>();
    const held = new Map<Register, { readonly variable: VariableId; readonly key: string }>();
    const zeros = new Set<Register>();
    const give = (register: Register): void => {
      const variable = addresses.get(register) ?? members.get(register)?.variable;
      if (variable !== undefined) given.add(variable);
    };
    for (const instruction of instructions) {
      switch (instruction.op) {
        case 'store': {
          const variable = addresses.get(instruction.address);
          const member = members.get(instruction.address);
          if (member !== undefined) stored.add(member.key);
          else if (variable !== undefined) (zeros.has(instruction.value) ? zeroed : given).add(variable);
          give(instruction.value);
          break;
        }
        case 'call':
          instruction.arguments.forEach(give);
          break;
        case 'escape':
          give(instruction.value);
          if (instruction.initialises && !zeros.has(instruction.value)) given.add(instruction.initialises.variable);
          break;
        case 'forget':
          return false;
        case 'element':
          give(instruction.base);
          break;
        default:
      }
      if (instruction.op === 'load' || instruction.op === 'store') {
        const pointer = held.get(instruction.address);
        if (pointer !== undefined) used.set(pointer.key, pointer.variable);
      }
      if (!('destination' in instruction)) continue;
      const { destination } = instruction;
      const whole = instruction.op === 'field' ? addresses.get(instruction.base) : undefined;
      const part = instruction.op === 'field' || instruction.op === 'element' ? held.get(instruction.base) : undefined;
      const outer = instruction.op === 'field' ? members.get(instruction.base) : undefined;
      const member = instruction.op === 'load' ? members.get(instruction.address) : undefined;
      addresses.delete(destination);
      members.delete(destination);
      held.delete(destination);
      zeros.delete(destination);
      if (instruction.op === 'variable') {
        const { kind, pointerDepth, isArray } = variables[instruction.variable];
        if (kind === 'local' && pointerDepth === 0 && !isArray) addresses.set(destination, instruction.variable);
      } else if (instruction.op === 'constant' && instruction.value === 0) zeros.add(destination);
      else if (instruction.op === 'field' && whole !== undefined) {
        members.set(destination, { variable: whole, key: `${whole}.${instruction.name}` });
      } else if (outer !== undefined) members.set(destination, outer);
      else if (part !== undefined) held.set(destination, part);
      else if (member !== undefined) held.set(destination, member);
    }
  }
  return [...used].some(([key, variable]) => zeroed.has(variable) && !given.has(variable) && !stored.has(key));
}

function isPointer({ kind, pointerDepth, isArray }: FunctionIr['variables'][number]): boolean {
  return (kind === 'local' || kind === 'temporary') && pointerDepth > 0 && !isArray;
}
