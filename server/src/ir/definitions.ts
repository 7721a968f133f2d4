import { keptPer } from '../base/kept.ts';
import type { BlockId, FunctionIr, Instruction, Origin, Register, VariableId } from './instructions.ts';
import type { TypeTerm } from './type-terms.ts';

/** The instruction of the same full expression that computes a register. */
export function definitionOf(
  instructions: readonly Instruction[],
  position: number,
  register: Register,
): Instruction | undefined {
  for (let i = position - 1; i >= 0; i--) {
    const instruction = instructions[i];
    if (instruction.op === 'sequence-point') return undefined;
    if ('destination' in instruction && instruction.destination === register) return instruction;
  }
  return undefined;
}

/** The variable whose address a register holds, where the same full expression says so. */
export function variableAt(
  instructions: readonly Instruction[],
  position: number,
  register: Register,
): VariableId | undefined {
  const definition = definitionOf(instructions, position, register);
  return definition?.op === 'variable' ? definition.variable : undefined;
}

/** The variable that a register was read from, where the same full expression says so. */
export function variableRead(
  instructions: readonly Instruction[],
  position: number,
  register: Register,
): VariableId | undefined {
  const read = definitionOf(instructions, position, register);
  return read?.op === 'load' ? variableAt(instructions, position, read.address) : undefined;
}

/** The declared type of what a register was read from: of a variable, or of a member. */
export function typeRead(
  { blocks, variables }: Pick<FunctionIr, 'blocks' | 'variables'>,
  block: BlockId,
  position: number,
  register: Register,
): TypeTerm | undefined {
  const { instructions } = blocks[block];
  const read = definitionOf(instructions, position, register);
  const address = read?.op === 'load' ? definitionOf(instructions, position, read.address) : undefined;
  if (address?.op === 'variable') return variables[address.variable].type;
  return address?.op === 'field' ? { kind: 'member', of: address.of, name: address.name } : undefined;
}

/** The register that a call is given as the argument with an origin. */
export function argumentAt(instruction: Instruction | undefined, origin: Origin): Register | undefined {
  return instruction?.op === 'call' ? instruction.arguments[instruction.argumentOrigins.indexOf(origin)] : undefined;
}

/** Operations nested deeper are no constants that anyone writes. */
const MAXIMUM_DEPTH = 8;

/** True when a register holds a number because the text says so there, whatever path led to it. */
export function isLiteral(
  instructions: readonly Instruction[],
  position: number,
  register: Register,
  depth = 0,
): boolean {
  const definition = definitionOf(instructions, position, register);
  if (!definition || depth > MAXIMUM_DEPTH) return false;
  if (definition.op === 'constant' || definition.op === 'sizeof') return true;
  if (definition.op === 'unary') return isLiteral(instructions, position, definition.operand, depth + 1);
  return (
    definition.op === 'binary' &&
    isLiteral(instructions, position, definition.left, depth + 1) &&
    isLiteral(instructions, position, definition.right, depth + 1)
  );
}

/** What an instruction reads other than as the address of a plain load or store: an address that goes there gets out of sight. */
export function operandsOf(instruction: Instruction): readonly Register[] {
  switch (instruction.op) {
    case 'store':
      return [instruction.value];
    case 'call':
      return instruction.arguments;
    case 'binary':
      return [instruction.left, instruction.right];
    case 'unary':
      return [instruction.operand];
    case 'field':
      return [instruction.base];
    case 'element':
      return [instruction.base, instruction.index];
    case 'escape':
      return [instruction.value];
    default:
      return [];
  }
}

/** The variables that hold a number which the text says wherever they are set, and whose address nobody takes: none has counted to it. */
export const writtenNumbers = keptPer(({ blocks, variables }: FunctionIr): ReadonlySet<VariableId> => {
  const found = new Set<VariableId>();
  const others = new Set<VariableId>();
  for (const { instructions } of blocks) {
    const addresses = new Map<Register, VariableId>();
    for (const [position, instruction] of instructions.entries()) {
      const isStore = instruction.op === 'store';
      const stored = isStore ? addresses.get(instruction.address) : undefined;
      if (isStore && stored !== undefined)
        (isLiteral(instructions, position, instruction.value) ? found : others).add(stored);
      for (const operand of operandsOf(instruction)) {
        const variable = addresses.get(operand);
        if (variable !== undefined) others.add(variable);
      }
      if (instruction.op === 'variable') addresses.set(instruction.destination, instruction.variable);
      else if ('destination' in instruction) addresses.delete(instruction.destination);
    }
  }
  for (const variable of others) found.delete(variable);
  for (const variable of found) if (variables[variable].kind !== 'local') found.delete(variable);
  return found;
});

/** The text says which number a register holds, there or wherever its variable is set. */
export function isWrittenNumber(
  ir: FunctionIr,
  instructions: readonly Instruction[],
  position: number,
  register: Register,
): boolean {
  if (isLiteral(instructions, position, register)) return true;
  const variable = variableRead(instructions, position, register);
  return variable !== undefined && writtenNumbers(ir).has(variable);
}
