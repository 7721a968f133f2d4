import type { FunctionModel } from '../models/function-model.ts';
import { assume, isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { overwritePointee } from './invalidation.ts';
import { loadValue } from './memory.ts';
import type { State } from './state.ts';
import type { Value } from './value-shapes.ts';

/*
 * Some functions tell of failure in a place of their caller's (GLib's `GError **`): where they fail they leave an object there, and
 * where they do not the place keeps what it had. Whoever finds it empty knows that there is something behind the result.
 */

/** The place that a call is given for its failure, as a pointer; undefined where it is given none. */
export function errorPlaceOf(
  { table }: AnalysisContext,
  state: State,
  values: readonly Value[],
  { error }: FunctionModel,
): Value | undefined {
  const pointer = error === undefined ? undefined : values[error.argument];
  return pointer === undefined || isNull(table, state, pointer) ? undefined : pointer;
}

/** The call fails on this path, and says so in the place that it was given. */
export function leaveError(context: AnalysisContext, state: State, place: Value, site: number): void {
  overwritePointee(context, state, place, site);
  assume(context.table, state, loadValue(context, state, context.table.pointee(place)), true);
}
