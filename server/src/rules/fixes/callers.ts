import type { FunctionIr, Instruction, Register, VariableId } from '../../ir/instructions.ts';

/**
 * True when a caller tests what it gets from `callee` before it looks behind it, wherever it calls it, or hands it on: a
 * NULL that the function did not return before does it no harm.
 */
export function expectsNull(caller: FunctionIr, callee: string): boolean {
  for (const { instructions, terminator } of caller.blocks) {
    for (const [i, call] of instructions.entries()) {
      if (call.op !== 'call' || call.callee !== callee) continue;
      // Registers are numbered anew in each full expression, so the result's may soon mean something else.
      const later = instructions.slice(i + 1);
      const end = later.findIndex((other) => 'destination' in other && other.destination === call.destination);
      const reach = end < 0 ? later : later.slice(0, end);
      const holder = storedIn(reach, call.destination);
      if (holder !== undefined) {
        // The value of a conditional expression waits in a variable without a name, and so does what is returned.
        if (caller.variables[holder].kind === 'temporary') {
          if (terminator.kind !== 'return') return false;
        } else if (!isTested(caller, holder, call.origin.end)) return false;
      } else if (reach.some((other) => usesAsPointer(other, call.destination))) {
        return false;
      } else if (end < 0 && terminator.kind === 'return') return false;
    }
  }
  return true;
}

/** The variable that a register is stored in. */
function storedIn(instructions: readonly Instruction[], value: Register): VariableId | undefined {
  const addresses = new Map<Register, VariableId>();
  for (const instruction of instructions) {
    if (instruction.op === 'variable') addresses.set(instruction.destination, instruction.variable);
    else if (instruction.op === 'store' && instruction.value === value) return addresses.get(instruction.address);
  }
  return undefined;
}

function usesAsPointer(instruction: Instruction, register: Register): boolean {
  if (instruction.op === 'field' || instruction.op === 'element') return instruction.base === register;
  if (instruction.op === 'call') return instruction.arguments.includes(register);
  if (instruction.op === 'store') return instruction.address === register || instruction.value === register;
  return instruction.op === 'load' && instruction.address === register;
}

/** What a register holds, seen from one variable. */
type Role = 'address' | 'value' | 'behind' | 'test';

/** Behind an offset, a branch depends on the variable's value alone before anything goes through the pointer. */
function isTested(ir: FunctionIr, variable: VariableId, after: number): boolean {
  let firstTest = Infinity;
  let firstUse = Infinity;
  for (const { instructions, terminator } of ir.blocks) {
    const roles = new Map<Register, Role>();
    for (const instruction of instructions) {
      if ((instruction.op === 'load' || instruction.op === 'store') && instruction.pointer) {
        const { start } = instruction.pointer;
        const role = roles.get(instruction.address);
        if (start > after && (role === 'value' || role === 'behind')) firstUse = Math.min(firstUse, start);
      }
      if (!('destination' in instruction)) continue;
      const role = roleOf(instruction, roles, variable);
      if (role) roles.set(instruction.destination, role);
      else roles.delete(instruction.destination);
    }
    if (terminator.kind !== 'branch' || terminator.origin.start < after) continue;
    const role = roles.get(terminator.condition);
    if (role === 'value' || role === 'test') firstTest = Math.min(firstTest, terminator.origin.start);
  }
  return firstTest < firstUse;
}

function roleOf(instruction: Instruction, roles: ReadonlyMap<Register, Role>, variable: VariableId): Role | undefined {
  switch (instruction.op) {
    case 'variable':
      return instruction.variable === variable ? 'address' : undefined;
    case 'load':
      return roles.get(instruction.address) === 'address' ? 'value' : undefined;
    case 'field':
    case 'element': {
      const role = roles.get(instruction.base);
      return role === 'value' || role === 'behind' ? 'behind' : undefined;
    }
    case 'unary':
      return instruction.operator === '!' && roles.get(instruction.operand) === 'value' ? 'test' : undefined;
    case 'binary': {
      const isComparison = instruction.operator === '==' || instruction.operator === '!=';
      const isOfValue = roles.get(instruction.left) === 'value' || roles.get(instruction.right) === 'value';
      return isComparison && isOfValue ? 'test' : undefined;
    }
    default:
      return undefined;
  }
}
