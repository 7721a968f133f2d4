import { type ControlFlow, isLive, type Liveness } from '../ir/control-flow.ts';
import { type FunctionIr, successors, type VariableId } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import { type State, siteKey } from './state.ts';

/*
 * Temporaries in which the branches of an expression leave its value, as those of `p ? p : ""` do. No scope ends them; kept
 * for longer than their expression they would seem to hold the memory that they point to.
 */

/** By the `siteKey` of a sequence point: the temporaries that nothing reads any more behind it. */
export function findEndedTemporaries(
  { blocks, variables }: FunctionIr,
  { order }: ControlFlow,
  liveness: Liveness,
): ReadonlyMap<number, readonly VariableId[]> {
  const ended = new Map<number, VariableId[]>();
  for (const block of order) {
    const { instructions, terminator } = blocks[block];
    const pending = new Set<VariableId>();
    const targets = successors(terminator);
    const isLeft = (variable: VariableId): boolean => targets.some((target) => isLive(liveness, target, variable));
    // From the end: the first mention that is met is the last one.
    let end = -1;
    for (let position = instructions.length - 1; position >= 0; position--) {
      const instruction = instructions[position];
      if (instruction.op === 'sequence-point') {
        if (!instruction.point) end = position;
      } else if (instruction.op === 'variable' && !pending.has(instruction.variable)) {
        const { variable } = instruction;
        const { kind, typeText } = variables[variable];
        if (kind !== 'temporary' || typeText !== '') continue;
        pending.add(variable);
        if (end < 0 || isLeft(variable)) continue;
        const key = siteKey(block, end);
        const known = ended.get(key);
        if (known) known.push(variable);
        else ended.set(key, [variable]);
      }
    }
  }
  return ended;
}

/** At the end of a function no temporary holds anything. */
export function endTemporaries({ ir, table }: AnalysisContext, state: State): void {
  for (let i = state.memory.size - 1; i >= 0; i--) {
    const location = state.memory.keyAt(i);
    const shape = table.locations[location];
    if (shape.kind !== 'variable') continue;
    const { kind, typeText } = ir.variables[shape.variable];
    if (kind === 'temporary' && typeText === '') state.unbind(location);
  }
}
