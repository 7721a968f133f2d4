import { pathFrom } from './aggregates.ts';
import type { AnalysisContext } from './context.ts';
import { escapeReachable, escapeValue } from './memory.ts';
import type { State } from './state.ts';
import type { PartStep, Value } from './value-shapes.ts';

/** Of a block that holds more pointers to memory than this nothing is known when it has grown. */
const MAXIMUM_MOVED = 24;

/** A pointer to memory that is followed, and where in its block it stands. */
interface MovedPointer {
  readonly path: readonly PartStep[];
  readonly value: Value;
}

/**
 * realloc() moves what a block holds: takes the pointers to memory out of the old one. Where others may hold the block, or
 * the turns of a loop are not told apart, they are followed no more.
 */
export function takeMoved(context: AnalysisContext, state: State, old: Value): MovedPointer[] {
  const { table } = context;
  if (table.base(old) !== old || state.regions.get(old)?.status !== 'allocated' || state.isInWidenedLoop) {
    escapeReachable(context, state, old);
    return [];
  }
  const block = table.pointee(old);
  const moved: MovedPointer[] = [];
  const { memory } = state;
  for (let i = memory.size - 1; i >= 0; i--) {
    const location = memory.keyAt(i);
    if (table.root(location) !== block) continue;
    const value = memory.valueAt(i);
    if (!state.regions.has(table.base(value))) continue;
    const path = pathFrom(table, block, location);
    const isKnown = path.every((step) => typeof step === 'string' || table.integerOf(step) !== undefined);
    if (isKnown && moved.length < MAXIMUM_MOVED) {
      moved.push({ path, value });
      state.unbind(location);
    } else {
      escapeValue(context, state, value);
    }
  }
  return moved;
}

/** The pointers stand in the new block where they stood in the old one. */
export function putMoved(context: AnalysisContext, state: State, block: Value, moved: readonly MovedPointer[]): void {
  const { table } = context;
  for (const { path, value } of moved) {
    let place = table.pointee(block);
    for (const step of path) place = typeof step === 'string' ? table.field(place, step) : table.element(place, step);
    state.bind(place, value);
  }
}
