import { keptPer } from '../base/kept.ts';
import { argumentAt, definitionOf, variableRead } from '../ir/definitions.ts';
import type { BlockId, FunctionIr, Origin, VariableId } from '../ir/instructions.ts';

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
        const variable = variableRead(instructions, i, argument);
        if (variable !== undefined) handed.add(variable);
      }
    }
  }
  return handed;
});

/** The function gives what a variable points to to a function that stands in a member. */
export function hasOwnDestructor(ir: FunctionIr, variable: VariableId | undefined): boolean {
  return variable !== undefined && handedToPointers(ir).has(variable);
}

/** The same of the variable that a call frees, as the argument with an origin. */
export function freesWithOwnDestructor(ir: FunctionIr, block: BlockId, instruction: number, argument: Origin): boolean {
  const { instructions } = ir.blocks[block];
  const register = argumentAt(instructions[instruction], argument);
  return register !== undefined && hasOwnDestructor(ir, variableRead(instructions, instruction, register));
}
