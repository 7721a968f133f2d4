import type { Differences } from '../base/sorted-map.ts';
import type { AnalysisContext } from './context.ts';
import { nameHeld } from './forget.ts';
import type { State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';

/**
 * What two paths that meet hold in a place is another value on each, and gets a symbol: that which stands for it on one of the paths,
 * if it says no more than what the place held since paths met there before, and the other path has no meaning for it. The symbols of the
 * other path are renamed so to speak, as those of bound variables may be. States that differ in nothing but names become equal
 * by it, and a place that nobody looks at keeps its symbol through all joins.
 *
 * @returns By place among the differences: the symbol to keep, or undefined where there must be a new one.
 */
export function keptSymbols(
  context: AnalysisContext,
  a: State,
  b: State,
  { keys: merged, left, right }: Differences<Value>,
): readonly (Value | undefined)[] {
  const kept: (Value | undefined)[] = new Array(merged.length).fill(undefined);
  for (const isFirst of [true, false]) {
    const [state, other] = isFirst ? [a, b] : [b, a];
    let isNamed = false;
    for (let i = 0; i < merged.length; i++) {
      if (kept[i] !== undefined) continue;
      const symbol = isFirst ? left[i] : right[i];
      if (symbol === undefined || !standsForPlaceOnly(context, state, symbol, merged[i])) continue;
      if (other.regions.has(symbol) || other.givenUp.has(symbol)) continue;
      const held = isFirst ? right[i] : left[i];
      if (held !== undefined && other.regions.has(context.table.base(held))) continue;
      if (!isNamed) {
        nameHeld(context, other);
        isNamed = true;
      }
      if (!context.naming.has(symbol)) kept[i] = symbol;
    }
  }
  return kept;
}

/** The symbol was made where paths met, for what a place held, and nothing is known of it as a pointer. */
function standsForPlaceOnly(context: AnalysisContext, state: State, symbol: Value, place: Location): boolean {
  const shape = context.table.values[symbol];
  return (
    shape.kind === 'symbol' &&
    shape.origin.kind === 'merged' &&
    shape.origin.location === place &&
    !state.regions.has(symbol) &&
    !context.beliefs.results.has(symbol)
  );
}
