import { keptPer } from '../base/kept.ts';
import type { BlockId } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import { turnsLeft } from './counted-loops.ts';
import type { State } from './state.ts';

/*
 * Loops with few turns between two numbers are not widened: `for (i = 0; i < 4; i++)` does what its four turns do.
 */

/** A loop that counts from one number to another is followed through all its turns where they are no more than these. */
const MAXIMUM_COUNTED_TURNS = 12;
/** The turns of a longer body are worth less than the time that they take. */
const MAXIMUM_COUNTED_BLOCKS = 96;

/** The loop counts on to a number that is near. */
export function isCountedOut(context: AnalysisContext, head: BlockId, state: State, turns: number): boolean {
  if (turns > MAXIMUM_COUNTED_TURNS) return false;
  const left = turnsLeftIn(context, head, state);
  if (left === undefined) return false;
  const all = turns + Math.max(0, left);
  return all <= MAXIMUM_COUNTED_TURNS && all * context.flow.loopBlocks.get(head)!.size <= MAXIMUM_COUNTED_BLOCKS;
}

function turnsLeftIn(context: AnalysisContext, head: BlockId, state: State): number | undefined {
  return turnsLeft(context, head, (variable) => {
    const value = state.memory.get(context.table.variable(variable));
    return value === undefined ? undefined : context.table.integerOf(value);
  });
}

/** By the head of a loop that control has come to: it is followed through all its turns, of which there is one at least. */
const countedHeads = keptPer((_: AnalysisContext) => new Map<BlockId, boolean>());

/** Control comes to a loop from in front of it. */
export function noteEntry(context: AnalysisContext, head: BlockId, state: State): void {
  const counted = countedHeads(context);
  if (counted.get(head) === false) return;
  counted.set(head, isCountedOut(context, head, state, 0) && turnsLeftIn(context, head, state)! > 0);
}

/** Each loop that control has come to so far is followed through all its turns, of which there is one at least. */
export function areCounted(context: AnalysisContext): boolean {
  for (const isCounted of countedHeads(context).values()) if (!isCounted) return false;
  return true;
}
