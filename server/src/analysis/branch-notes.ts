import type { Origin } from '../ir/instructions.ts';
import { isBelieved } from './beliefs.ts';
import { isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { isOwned } from './leaks.ts';
import { escapeValue } from './memory.ts';
import { noteTest } from './regions.ts';
import { changedRegion, type State } from './state.ts';
import type { Value } from './value-shapes.ts';

/*
 * What a condition says of memory, besides which way control goes.
 */

/** Conditions that nest deeper than this are not looked into. */
const MAXIMUM_DEPTH = 6;

/** Memory that is found to be what somebody else's pointer leads to has another owner: who gave that pointer holds it. */
export function noteSame(context: AnalysisContext, state: State, condition: Value, truth: boolean): void {
  if (state.regions.size === 0) return;
  const { table } = context;
  const shape = table.values[condition];
  if (shape.kind !== 'binary' || shape.operator !== (truth ? '==' : '!=')) return;
  for (const [own, other] of [
    [shape.left, shape.right],
    [shape.right, shape.left],
  ]) {
    const base = table.base(own);
    if (hasStayed(context, state, base, table.base(other))) state.deleteRegion(base);
    if (table.base(other) === base || table.values[other].kind !== 'symbol' || state.regions.has(other)) continue;
    const region = state.regions.get(base);
    if (isOwned(context, region) || isBelieved(region)) escapeValue(context, state, base);
  }
}

/** A call gave a block back and gave the memory that it is found to be the same as: realloc has left it where it was. */
function hasStayed({ environment }: AnalysisContext, state: State, old: Value, present: Value): boolean {
  const region = state.regions.get(old);
  if (region?.status !== 'freed' || !region.free) return false;
  const { block, instruction, callee } = region.free;
  const made = state.regions.get(present)?.allocation;
  if (made?.block === block && made.instruction === instruction) return true;
  return environment.models.shipped(callee)?.reallocates !== undefined;
}

/**
 * A macro asks a block of memory itself, by a member that nothing in sight has set, what to do with it: a count of
 * references (`if (--p->count == 0) free(p);`). Who else holds the block is not known then.
 */
export function noteCounted(context: AnalysisContext, state: State, condition: Value): void {
  if (state.regions.size === 0) return;
  const { table } = context;
  table.forEachSymbol(condition, (symbol) => {
    const shape = table.values[symbol];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'initial') return;
    const root = table.locations[table.root(shape.origin.location)];
    if (root.kind !== 'pointee') return;
    const base = table.base(root.pointer);
    if (isOwned(context, state.regions.get(base))) escapeValue(context, state, base);
  });
}

/**
 * Every region whose pointer the condition reads counts as tested, whichever way the test was written. False where the test
 * says that the path cannot be taken.
 */
export function noteTested(context: AnalysisContext, state: State, value: Value, origin: Origin, depth = 0): boolean {
  const { table } = context;
  const shape = table.values[value];
  if (shape.kind === 'binary' && depth < MAXIMUM_DEPTH) {
    return (
      noteTested(context, state, shape.left, origin, depth + 1) &&
      noteTested(context, state, shape.right, origin, depth + 1)
    );
  }
  const base = table.base(value);
  const region = state.regions.get(base);
  if (!region) return true;
  if (isNull(table, state, base) || isNonNull(table, state, base)) return noteTest(context, state, value, origin);
  if (region.isUnchecked) state.setRegion(base, changedRegion(region, { isUnchecked: false }));
  return true;
}
