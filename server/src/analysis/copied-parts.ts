import { pathFrom } from './aggregates.ts';
import type { AnalysisContext } from './context.ts';
import type { State } from './state.ts';
import type { Location, SymbolOrigin, Value } from './value-shapes.ts';

/* A structure that was copied as a whole, of whose members nothing was known. */

/** `copy.name` behind `copy = *p;` is what `p->name` was then: the same symbol, where nothing was known of that. */
export function copiedPart(
  { table, places }: AnalysisContext,
  origin: SymbolOrigin,
  object: Location,
  part: Location,
): Value | undefined {
  if (origin.kind !== 'initial' || origin.location === object || !places.isRecordPlace(origin.location))
    return undefined;
  if (table.locations[table.root(origin.location)].kind !== 'pointee') return undefined;
  let source = origin.location;
  for (const step of pathFrom(table, object, part)) {
    if (typeof step !== 'string') return undefined;
    source = places.placeOfMember(source, step);
  }
  return table.initial(source, origin.epoch);
}

/** A structure that is read as a whole after one of its members may have been written elsewhere is what it is since then. */
export function wholeEpoch(context: AnalysisContext, state: State, location: Location, epoch: number): number {
  if (state.fieldEpochs.size === 0 || epoch !== state.epoch || !context.places.isRecordPlace(location)) return epoch;
  let last = epoch;
  for (let i = 0; i < state.fieldEpochs.size; i++) last = Math.max(last, state.fieldEpochs.valueAt(i));
  return last;
}
