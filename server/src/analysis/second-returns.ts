import type { AnalysisContext } from './context.ts';
import { iterationAt, renewedSymbol } from './memory.ts';
import { changedRegion, type State } from './state.ts';

/** Functions that may return a second time, when somebody jumps back to them. */
export const RETURNS_AGAIN = /^_*(sig)?setjmp$/;

/**
 * Who comes back to `setjmp()` comes from any of the places behind it: what had no value yet may have got one there, and what was freed
 * may have been made anew.
 */
export function noteSecondReturn(context: AnalysisContext, state: State, site: number): void {
  const { table } = context;
  const { memory, regions } = state;
  for (const [location, value] of [...memory]) {
    const shape = table.values[value];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'uninitialised') continue;
    const iteration = iterationAt(state, location);
    state.bind(location, renewedSymbol(context, state, { kind: 'unknown', site: site * 2, iteration }));
  }
  for (let i = 0; i < regions.size; i++) {
    const region = regions.valueAt(i);
    if (region.status === 'freed' && region.isDefinite)
      state.setRegion(regions.keyAt(i), changedRegion(region, { isDefinite: false }));
  }
}
