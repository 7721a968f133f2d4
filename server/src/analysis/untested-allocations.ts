import type { AnalysisContext } from './context.ts';
import type { Site } from './state.ts';

/**
 * Adds a flaw for each allocation whose result the function keeps, and that no path of it compares with NULL or dereferences.
 * What is returned is for the caller to test, what unknown code was given for that code, and what is only freed needs no test.
 */
export function findUntestedAllocations(context: AnalysisContext): void {
  const { models } = context.environment;
  const untested = new Map<number, Site>();
  const tested = new Set<number>();
  for (const { state, value } of context.exits) {
    const returned = value === undefined ? undefined : context.table.base(value);
    for (const [pointer, { allocation, isUnchecked, status, isStoredByCallee, family }] of state.regions) {
      // What a callee's body stored is the callee's flaw; its result is the caller's to look at.
      if (!allocation || (isStoredByCallee && allocation.inner.length > 0)) continue;
      if (!isUnchecked || pointer === returned) tested.add(allocation.id);
      else if (!models.family(family).isCheckExpected) continue;
      else if (status === 'allocated' || status === 'escaped') untested.set(allocation.id, allocation);
    }
  }
  for (const [id, allocation] of untested) {
    if (!tested.has(id)) context.flaws.push({ kind: 'untested-allocation', allocation });
  }
}
