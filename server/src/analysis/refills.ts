import type { AnalysisContext } from './context.ts';
import { loadValue } from './memory.ts';
import { changedRegion, type State } from './state.ts';
import type { Value } from './value-shapes.ts';

/*
 * `free(p); if (fill(&p) < 0) goto out;`: whether a place whose memory was freed is filled again hangs on the callee, and a
 * caller that goes by its answer knows.
 */

/** The callee is to fill a place whose memory was freed: it matters whether it does. */
export function isAddressOfFreed(context: AnalysisContext, state: State, value: Value): boolean {
  const shape = context.table.values[value];
  if (shape.kind !== 'address') return false;
  const region = state.regions.get(loadValue(context, state, shape.location));
  return region?.status === 'freed' && region.isDefinite;
}

/** A place that a callee was to fill again holds what was freed, or something new: that it was freed proves nothing there. */
export function doubtFreed(context: AnalysisContext, state: State, address: Value): void {
  const shape = context.table.values[address];
  if (shape.kind !== 'address') return;
  const held = loadValue(context, state, shape.location);
  const region = state.regions.get(held);
  if (region?.status === 'freed') state.setRegion(held, changedRegion(region, { isDefinite: false }));
}
