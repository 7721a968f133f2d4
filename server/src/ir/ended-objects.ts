import { reachableBlocks } from './control-flow.ts';
import { variableRead } from './definitions.ts';
import { type BlockId, type FunctionIr, type Instruction, successors, type VariableId } from './instructions.ts';

type Call = Extract<Instruction, { op: 'call' }>;

/**
 * True when a call ends what a variable holds, and a call of another function may get the same variable after it: `fclose(f); fputs(s, f);`.
 * @param endedArgument The position of the argument whose object a function ends; undefined for one that ends none.
 */
export function mayUseEnded(ir: FunctionIr, endedArgument: (callee: string) => number | undefined): boolean {
  if (ir.callees.every((callee) => endedArgument(callee) === undefined)) return false;
  const calls = ir.blocks.flatMap(({ id, instructions }) => variablesGiven(id, instructions));
  return calls.some((ending) => {
    const position = endedArgument(ending.call.callee);
    const variable = position === undefined ? undefined : ending.given.get(position);
    if (variable === undefined) return false;
    const behind = reachableBlocks(ir, successors(ir.blocks[ending.block].terminator));
    return calls.some(
      ({ block, at, call, given }) =>
        call.callee !== ending.call.callee &&
        [...given.values()].includes(variable) &&
        (behind.has(block) || (block === ending.block && at > ending.at)),
    );
  });
}

/** The calls of a block, and by the positions of their arguments the variables that these read. */
function variablesGiven(
  block: BlockId,
  instructions: readonly Instruction[],
): { block: BlockId; at: number; call: Call; given: Map<number, VariableId> }[] {
  return instructions.flatMap((call, at) => {
    if (call.op !== 'call') return [];
    const given = new Map<number, VariableId>();
    for (const [position, register] of call.arguments.entries()) {
      const variable = variableRead(instructions, at, register);
      if (variable !== undefined) given.set(position, variable);
    }
    return [{ block, at, call, given }];
  });
}
