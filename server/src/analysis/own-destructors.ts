import { keptPer } from '../base/kept.ts';
import { definitionOf } from '../ir/definitions.ts';
import type { BasicBlock, FunctionIr, Register, VariableId } from '../ir/instructions.ts';

/*
 * Objects that bring their own destructor along: `if (o->finalize) o->finalize(o); free(o);`. Where there is none the object has nothing
 * to give back, which nobody can tell who does not know what it is.
 */

/** The variables whose pointers the function gives to functions that stand in members, of the object or of its class. */
const handedToPointers = keptPer(({ blocks }: FunctionIr): ReadonlySet<VariableId> => {
  const handed = new Set<VariableId>();
  for (const { instructions } of blocks) {
    for (const [i, instruction] of instructions.entries()) {
      if (instruction.op !== 'call' || instruction.callee !== '' || instruction.hook !== '') continue;
      const called = instruction.pointer === undefined ? undefined : definitionOf(instructions, i, instruction.pointer);
      const isMember = called?.op === 'load' && definitionOf(instructions, i, called.address)?.op === 'field';
      if (!isMember) continue;
      for (const argument of instruction.arguments) {
        const variable = variableLoaded(instructions, i, argument);
        if (variable !== undefined) handed.add(variable);
      }
    }
  }
  return handed;
});

/** The function gives what the parameter points to, or the variable that it frees at an instruction, to a function that it calls through a pointer. */
export function hasOwnDestructor(ir: FunctionIr, variable: VariableId | undefined): boolean {
  return variable !== undefined && handedToPointers(ir).has(variable);
}

/** The variable whose pointer a call is given first. */
export function variableGiven({ blocks }: FunctionIr, block: number, instruction: number): VariableId | undefined {
  const { instructions } = blocks[block];
  const call = instructions[instruction];
  return call?.op === 'call' && call.arguments.length > 0
    ? variableLoaded(instructions, instruction, call.arguments[0])
    : undefined;
}

function variableLoaded(
  instructions: BasicBlock['instructions'],
  position: number,
  register: Register,
): VariableId | undefined {
  const loaded = definitionOf(instructions, position, register);
  const address = loaded?.op === 'load' ? definitionOf(instructions, position, loaded.address) : undefined;
  return address?.op === 'variable' ? address.variable : undefined;
}
