import type { FunctionModel } from '../models/function-model.ts';
import type { CallInstruction } from './calls.ts';
import { assume, isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { overwritePointee } from './invalidation.ts';
import { loadValue } from './memory.ts';
import type { Place } from './regions.ts';
import { resultVariable } from './release-names.ts';
import { isTruthType } from './stale.ts';
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

/** By GLib's convention a function gives NULL, or false, where it leaves such an object, and only there (its manual, "Error Reporting"). */
const ERROR_TYPE = /\bGError\b/;

/** What goes through something, or looks for something, gives NULL at its end, too: `g_file_enumerator_next_file()`. */
const SEEKING_NAME = /(?:^|_)(?:next|read|pop|poll|receive|iter|find|lookup|search|query)/i;

/** What a call gave, and what it left in the place of its error. */
export interface ErrorPair {
  readonly result: Value;
  readonly error: Value;
  /** There is one of the two; else there may be neither. */
  readonly isEither: boolean;
}

/**
 * Code out of sight ran that was given a variable for its error: what it left there and what it gave tell the same. A number tells
 * nothing: -1 may be the failure.
 */
export function pairWithError(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  { block, instruction }: Place,
  values: readonly Value[],
  result: Value,
): void {
  const { table, ir, errorPairs } = context;
  const given = values.length === 0 ? undefined : table.values[values[values.length - 1]];
  const place = given?.kind === 'address' ? table.locations[given.location] : undefined;
  if (given?.kind !== 'address' || place?.kind !== 'variable' || !call.isResultUsed) return;
  const { pointerDepth, typeText } = ir.variables[place.variable];
  if (pointerDepth !== 1 || !ERROR_TYPE.test(typeText)) return;
  const stored = resultVariable(ir, block, instruction);
  const kept = stored === undefined ? undefined : ir.variables[stored];
  if (kept && kept.pointerDepth === 0 && !isTruthType(kept.typeText)) return;
  const error = loadValue(context, state, given.location);
  if (table.values[error].kind !== 'symbol') return;
  const pair = { result, error, isEither: !SEEKING_NAME.test(call.callee) };
  errorPairs.set(error, pair);
  errorPairs.set(result, pair);
}

/** A branch has told whether there is an error, or a result: so it has told of the other. False where that is known to be otherwise. */
export function noteErrorTold({ table, errorPairs }: AnalysisContext, state: State, condition: Value): boolean {
  if (errorPairs.size === 0) return true;
  const shape = table.values[condition];
  for (const tested of shape.kind === 'binary' ? [shape.left, shape.right] : [condition]) {
    const pair = errorPairs.get(tested);
    if (!pair) continue;
    const other = tested === pair.error ? pair.result : pair.error;
    if (pair.isEither && isNull(table, state, tested) && !assume(table, state, other, true)) return false;
    if (isNonNull(table, state, tested) && !assume(table, state, other, false)) return false;
  }
  return true;
}
