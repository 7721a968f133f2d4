import type { FunctionModel } from '../models/function-model.ts';
import type { CallInstruction } from './calls.ts';
import { factOf } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { firstCharacters } from './equal-strings.ts';
import { overwritePointee } from './invalidation.ts';
import { loadValue, renewedSymbol } from './memory.ts';
import type { Place } from './regions.ts';
import type { State } from './state.ts';
import type { Value } from './value-shapes.ts';

/*
 * Functions that change nothing and only answer. Asked the same again, while what they are asked of stands as it stood, they answer the
 * same: `doubt.ts` believes in no path on which they do not.
 */

/** Of so many places behind the arguments it is kept what stands there; who is asked of more is asked anew each time. */
const MAXIMUM_HELD = 32;

const ALL = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };

/** What a function answers of which the arguments alone decide what it answers (GCC's manual, "const"). */
export function constantAnswer(
  context: AnalysisContext,
  state: State,
  callee: string,
  given: readonly Value[],
  holdsFor?: FunctionModel['holdsFor'],
): Value {
  const { table } = context;
  const answer = table.symbol({ kind: 'answer', callee, given, held: [], site: -1, iteration: 0 });
  if (holdsFor === undefined || given.length === 0) return answer;
  const { low, high } = factOf(table, state, given[0]);
  if (low > holdsFor.high || high < holdsFor.low) return table.zero;
  table.implied.set(answer, { value: given[0], ...holdsFor, isNonZero: false });
  return answer;
}

/** What a model's function answers that changes nothing; undefined where nothing is known of that. */
export function pureAnswer(
  context: AnalysisContext,
  state: State,
  { callee }: CallInstruction,
  { block, instruction, origin }: Place,
  given: readonly Value[],
  { purity, holdsFor, measures, compares }: FunctionModel,
): Value | undefined {
  if (purity === 'constant') return constantAnswer(context, state, callee, given, holdsFor);
  const held = purity === undefined ? undefined : heldBehind(context, state, given);
  if (held === undefined) return undefined;
  const { table } = context;
  // A string has a length where its first character is not its end.
  const start = measures === undefined || measures >= given.length ? undefined : table.pointee(given[measures]);
  const first = start === undefined ? undefined : loadValue(context, state, start);
  if (start !== undefined && first !== undefined) held.push(start, first);
  if (compares) held.push(...firstCharacters(context, state, given));
  const site = context.site(block, instruction, origin, callee, []).id;
  const answer = renewedSymbol(context, state, {
    kind: 'answer',
    callee,
    given,
    held,
    site,
    iteration: state.iteration,
  });
  if (first !== undefined) table.implied.set(answer, { value: first, ...ALL, isNonZero: true });
  return answer;
}

/** What stands behind some values, in turns of places and what they hold; undefined where that is too much. */
function heldBehind({ table }: AnalysisContext, { memory }: State, values: readonly Value[]): number[] | undefined {
  const roots = new Set<number>();
  for (const value of values) if (table.integerOf(value) === undefined) roots.add(table.root(table.pointee(value)));
  const held: number[] = [];
  for (let i = 0; i < memory.size; i++) {
    const location = memory.keyAt(i);
    if (!roots.has(table.root(location))) continue;
    if (held.length >= MAXIMUM_HELD * 2) return undefined;
    held.push(location, memory.valueAt(i));
  }
  return held;
}

/** A stream was read or moved: what it is asked behind that is asked anew, here and in those that call this function. */
export function advance(context: AnalysisContext, state: State, stream: Value | undefined, site: number): void {
  if (stream !== undefined) overwritePointee(context, state, stream, site);
}
