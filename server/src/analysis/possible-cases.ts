import { keptIn, keptPer } from '../base/kept.ts';
import { isIdentityPath, resolvePath, valueAtCall } from './access-paths.ts';
import { factOf, isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { isErrorName } from './stale.ts';
import type { State } from './state.ts';
import { type AccessPath, MAXIMUM_CASES, type Precondition, type Summary, type SummaryCase } from './summary.ts';
import { areDisjoint, areResultsDisjoint, groupByHeap, NO_HEAP_EFFECT, samePath } from './summary-cases.ts';
import type { Value } from './value-shapes.ts';

/*
 * Which of a callee's cases a call allows, and what the others let doubt of the one that is followed.
 */

/**
 * An allocator that fails only where it is not given something, a place to blame or a handler: who hands on a parameter of his
 * own, and never asks whether it is there, has it.
 */
export function asksForNothing(
  context: AnalysisContext,
  state: State,
  values: readonly Value[],
  { preconditions }: SummaryCase,
): boolean {
  return preconditions.some(({ path, fact }) => {
    if (path.length !== 1 || fact.low !== 0 || fact.high !== 0) return false;
    const resolved = resolvePath(context, state, path, values);
    if (!resolved || !('value' in resolved)) return false;
    const shape = context.table.values[resolved.value];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'parameter' || state.facts.has(resolved.value)) return false;
    return context.ir.variables[context.ir.parameters[shape.origin.index]].pointerDepth > 0;
  });
}

/**
 * `append(list, item);` without its result: who calls it so knows that there is a list, and that it gets the same one back. The
 * case of no list, which gives a new one, is not his.
 */
export function isForNothingGiven(
  context: AnalysisContext,
  state: State,
  values: readonly Value[],
  summaryCase: SummaryCase,
  summary: Summary,
): boolean {
  if (summaryCase.result.kind !== 'fresh') return false;
  return summaryCase.preconditions.some(({ path, fact }) => {
    if (path.length !== 1 || fact.low !== 0 || fact.high !== 0) return false;
    const resolved = resolvePath(context, state, path, values);
    if (!resolved || !('value' in resolved)) return false;
    const isMissing = state.regions.get(resolved.value)?.status === 'failed';
    if (!isMissing && isNull(context.table, state, resolved.value)) return false;
    return summary.cases.some(({ result }) => result.kind === 'path' && samePath(result.path, path));
  });
}

/** So many different outcomes of one call are followed apart; of more only what they have in common. */
const MAXIMUM_OUTCOMES = 4;

const outcomesByChoice = keptPer((_: Summary) => new Map<number, readonly SummaryCase[]>());

/** Cases told apart by what they do to the heap. Made once for each choice of cases that the arguments of a call allow. */
export function outcomes(summary: Summary, possible: readonly SummaryCase[]): readonly SummaryCase[] {
  if (possible.length < 2 || summary.cases.length > MAXIMUM_CASES) return groupByHeap(possible, MAXIMUM_OUTCOMES);
  let choice = 0;
  for (let i = 0, at = 0; at < possible.length; i++) {
    if (summary.cases[i] !== possible[at]) continue;
    choice |= 1 << i;
    at++;
  }
  return keptIn(outcomesByChoice(summary), choice, () => groupByHeap(possible, MAXIMUM_OUTCOMES));
}

/**
 * A free that hangs on something the caller cannot see: the arguments allow another case that does not free, and the
 * result does not tell the two apart (a reference count is put back). It may have happened, but proves nothing.
 */
export function withDoubt(
  summaryCase: SummaryCase,
  possible: readonly SummaryCase[],
  isResultUsed: boolean,
): SummaryCase {
  if (summaryCase.frees.length === 0 || possible.length === 1) return summaryCase;
  const frees = summaryCase.frees.map((entry) => {
    const isDoubtful = possible.some(
      (other) =>
        !other.frees.some((freed) => samePath(freed.path, entry.path)) &&
        !findsNull(other, entry.path) &&
        !areToldApart(summaryCase, other) &&
        !(isResultUsed && areResultsDisjoint(summaryCase.result, other.result)),
    );
    return isDoubtful ? { ...entry, isDefinite: false } : entry;
  });
  return { ...summaryCase, frees };
}

/** `if (o->text) free(o->text);` frees as `free(o->text);` does. */
function findsNull({ preconditions }: SummaryCase, freed: AccessPath): boolean {
  return preconditions.some(({ path, fact }) => fact.low === 0 && fact.high === 0 && samePath(path, freed));
}

export interface PerhapsFreed {
  readonly path: AccessPath;
  /** The other case frees the block and returns new memory, this one returns NULL: the callee behaves like realloc. */
  readonly isReallocation: boolean;
}

/**
 * What other cases free, which the arguments allow as well: on this one the caller need not be the one to free it.
 * @param isAsked the caller looks at the result at once
 */
export function perhapsFreed(
  context: AnalysisContext,
  state: State,
  values: readonly Value[],
  summaryCase: SummaryCase,
  summary: Summary,
  isAsked: boolean,
): PerhapsFreed[] {
  const found: PerhapsFreed[] = [];
  for (const other of summary.cases) {
    // Whoever asks how it went knows which of the two it was.
    if (isAsked && areResultsDisjoint(summaryCase.result, other.result)) continue;
    // What stands in memory, as a count of references, does not tell who frees: it tells who frees first.
    if (!isPossible(context, state, values, other, 1)) continue;
    if (other === summaryCase || areToldApart(summaryCase, other)) continue;
    for (const { path } of other.frees) {
      if (summaryCase.frees.some((freed) => samePath(freed.path, path))) continue;
      if (leavesNullInstead(other, path)) continue;
      found.push({ path, isReallocation: isFailure(summaryCase) && other.result.kind === 'fresh' });
    }
  }
  return found;
}

/** `free(buffer->data); buffer->data = NULL;`: whoever goes on can see whether it is still there. */
function leavesNullInstead({ writes }: SummaryCase, freed: AccessPath): boolean {
  if (freed.at(-1) !== '=') return false;
  const place = freed.slice(0, -1);
  return writes.some(({ path, write }) => write.kind === 'null' && samePath(path, place));
}

/**
 * One of the ways on which a callee is followed leaves an argument alone: where it keeps it, it is the callee's, and that the caller
 * releases it where it does not says nothing else.
 */
export function isLeftElsewhere(path: AccessPath, followed: readonly SummaryCase[]): boolean {
  if (path.length !== 1 || followed.length < 2) return false;
  const isSame = (other: { readonly path: AccessPath }): boolean => samePath(other.path, path);
  return followed.some(
    ({ escapes, frees, preconditions }) =>
      !escapes.some((other) => samePath(other, path)) && !frees.some(isSame) && !preconditions.some(isSame),
  );
}

/** There is memory behind the result, and nobody has to ask for it. */
export function givesMemory({ result }: SummaryCase): boolean {
  return result.kind === 'fresh' && !result.allocation.isUnchecked;
}

export function isFailure({ result }: SummaryCase): boolean {
  return result.kind === 'null' && result.allocationFailed;
}

/** The two cases demand different values of an argument itself: the caller knows which it passed, or tests it later. */
function areToldApart(a: SummaryCase, b: SummaryCase): boolean {
  return a.preconditions.some(({ path, fact }) => {
    const other = path.length === 1 ? b.preconditions.find((each) => samePath(each.path, path))?.fact : undefined;
    return other !== undefined && areDisjoint(fact, other);
  });
}

/** Some case asks whether a pointer is the address of a variable. */
const asksForVariables = keptPer(({ cases }: Summary): boolean =>
  cases.some(({ preconditions }) => preconditions.some(({ path }) => isIdentityPath(path))),
);

/**
 * The cases that the arguments of a call allow. That a pointer is one certain variable is no case of a caller who does not say so, but
 * for what it spares, as in `if (text != no_text) free(text);`.
 */
export function possibleCases(
  context: AnalysisContext,
  state: State,
  values: readonly Value[],
  summary: Summary,
): readonly SummaryCase[] {
  const possible = summary.cases.filter((each) => isPossible(context, state, values, each));
  if (!asksForVariables(summary)) return possible;
  const leadsToVariable = ({ path, fact }: SummaryCase['preconditions'][number]): boolean => {
    if (!fact.isNonZero || !isIdentityPath(path)) return false;
    const value = valueAtCall(context, state, path.slice(0, -1), values);
    return value !== undefined && context.otherMemories.get(context.table.base(value))?.target === 'static';
  };
  // What a callee gave is the address of some variable: the one that is asked for, as nobody frees others.
  const certain = possible.filter(({ preconditions }) => preconditions.some(leadsToVariable));
  if (certain.length > 0) return certain;
  const likely = possible.filter(({ preconditions, heapClass }) =>
    preconditions.every(({ path, fact }) => {
      if (!fact.isNonZero || !isIdentityPath(path)) return true;
      const value = valueAtCall(context, state, path, values);
      if (value !== undefined && isNonNull(context.table, state, value)) return true;
      // That it is spared is a case of theirs who know.
      return heapClass === NO_HEAP_EFFECT;
    }),
  );
  return likely.length > 0 ? likely : possible;
}

/** False when the arguments contradict what the case demands of them, on paths no longer than `maximumLength`. */
function isPossible(
  context: AnalysisContext,
  state: State,
  values: readonly Value[],
  { preconditions, alternatives }: SummaryCase,
  maximumLength = Infinity,
): boolean {
  if (!mayHold(context, state, values, preconditions, maximumLength)) return false;
  return alternatives.length === 0 || alternatives.some((each) => mayHold(context, state, values, each, maximumLength));
}

function mayHold(
  context: AnalysisContext,
  state: State,
  values: readonly Value[],
  preconditions: readonly Precondition[],
  maximumLength: number,
): boolean {
  const { table } = context;
  for (const { path, fact } of preconditions) {
    if (path.length > maximumLength) continue;
    const value = valueAtCall(context, state, path, values);
    if (value === undefined) continue;
    const known = factOf(table, state, value);
    if (known.low > fact.high || known.high < fact.low) return false;
    if (fact.isNonZero && known.low === 0 && known.high === 0) return false;
    if (fact.low === 0 && fact.high === 0 && known.isNonZero) return false;
  }
  return true;
}

/**
 * `if (count > 0) memcpy(to, from, count);`: in another case that the arguments allow, and that is no failure, nothing is dereferenced
 * there. Which of them it is hangs on what the caller does not tell.
 */
export function isSparedElsewhere(possible: readonly SummaryCase[], dereferenced: AccessPath): boolean {
  return possible.some(
    (other) => !other.dereferences.some(({ path }) => samePath(path, dereferenced)) && !tellsOfFailure(other),
  );
}

/** It fails, or gives back what it was given. */
function tellsOfFailure(each: SummaryCase): boolean {
  const { result } = each;
  if (result.kind === 'path') return doesNothing(each);
  if (result.kind === 'null') return result.allocationFailed;
  return (
    (result.kind === 'unknown' && result.fact.high < 0) || (result.kind === 'constant' && isErrorName(result.name))
  );
}

/** What a case demands tells of new memory in a place behind an argument, which nobody has looked at yet, whether it is there. */
export function asksOfUntested(
  context: AnalysisContext,
  state: State,
  values: readonly Value[],
  possible: readonly SummaryCase[],
): boolean {
  if (possible.length < 2 || state.regions.size === 0) return false;
  return possible.some(({ preconditions, placeClass }) => {
    if (placeClass === '') return false;
    return preconditions.some(({ path }) => {
      const value = path.length === 1 ? undefined : valueAtCall(context, state, path, values);
      const region = value === undefined ? undefined : state.regions.get(context.table.base(value));
      return region?.status === 'allocated' && !isNonNull(context.table, state, value!);
    });
  });
}

/** The place that the path reads is given a value in another case that is possible, and not in this one. */
export function isFilledInAnother(
  path: AccessPath,
  summaryCase: SummaryCase,
  possible: readonly SummaryCase[],
): boolean {
  if (path.length < 3 || path[path.length - 1] !== '=') return false;
  const place = path.slice(0, -1);
  const isFilled = (each: SummaryCase): boolean => each.writes.some((written) => samePath(written.path, place));
  return !isFilled(summaryCase) && possible.some(isFilled);
}

/** The callee makes memory in some way, or frees some: whether it does its callers are told apart by that. */
const doesMore = keptPer(({ cases }: Summary): boolean =>
  cases.some((each) => each.frees.length > 0 || handsOutMemory(each)),
);

/** The callee only answers whether a pointer is there that the caller was given itself: its own callers learn that by its answer. */
export function answersOfParameter(
  context: AnalysisContext,
  state: State,
  values: readonly Value[],
  summary: Summary,
  possible: readonly SummaryCase[],
): boolean {
  if (doesMore(summary)) return false;
  return values.some((value, i) => {
    const shape = context.table.values[value];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'parameter' || state.facts.has(value)) return false;
    const name = `p${i}`;
    const asks = ({ preconditions }: SummaryCase, isThere: boolean): boolean =>
      preconditions.some(
        ({ path, fact }) =>
          path.length === 1 && path[0] === name && (isThere ? fact.isNonZero : fact.low === 0 && fact.high === 0),
      );
    const missing = possible.filter((each) => asks(each, false));
    return (
      missing.length > 0 &&
      possible.some(
        (each) => asks(each, true) && missing.every(({ result }) => areResultsDisjoint(result, each.result)),
      )
    );
  });
}

/** New memory of the caller's is kept in one case and not in another, and their results tell the two apart. */
export function tellsWhoKeeps(
  context: AnalysisContext,
  state: State,
  values: readonly Value[],
  possible: readonly SummaryCase[],
): boolean {
  return positionsOfOwn(context, state, values).some((position) => {
    const keeping = possible.filter((each) => keepsArgument(each, position));
    const others = possible.filter((each) => !keepsArgument(each, position));
    return keeping.some(({ result }) => others.some((other) => areResultsDisjoint(result, other.result)));
  });
}

/** `packet = put(queue, packet);`: new memory of the caller's comes back where it is not kept, and where it is, NULL does. */
export function givesBackOrKeeps(
  context: AnalysisContext,
  state: State,
  values: readonly Value[],
  possible: readonly SummaryCase[],
): boolean {
  return positionsOfOwn(context, state, values).some((position) => {
    if (!isNonNull(context.table, state, values[position])) return false;
    const path = [`p${position}`];
    const givesBack = (each: SummaryCase): boolean =>
      !keepsArgument(each, position) && each.result.kind === 'path' && samePath(each.result.path, path);
    return (
      possible.some(givesBack) && possible.some((each) => keepsArgument(each, position) && each.result.kind === 'null')
    );
  });
}

/** The callee frees memory of the caller's own in one case and not in another, and their results tell the two apart. */
export function tellsWhoFrees(
  context: AnalysisContext,
  state: State,
  values: readonly Value[],
  possible: readonly SummaryCase[],
): boolean {
  return possible.some((freeing) =>
    freeing.frees.some(({ path }) => {
      const value = valueAtCall(context, state, path, values);
      const region = value === undefined ? undefined : state.regions.get(context.table.base(value));
      if (region?.status !== 'allocated') return false;
      return possible.some(
        (other) =>
          !other.frees.some((freed) => samePath(freed.path, path)) && areResultsDisjoint(freeing.result, other.result),
      );
    }),
  );
}

/** The positions of the arguments that are memory of the caller's own. */
function positionsOfOwn({ table }: AnalysisContext, { regions }: State, values: readonly Value[]): number[] {
  return [...values.keys()].filter((position) => regions.get(table.base(values[position]))?.status === 'allocated');
}

function keepsArgument({ escapes }: SummaryCase, position: number): boolean {
  return escapes.some((path) => path.length === 1 && path[0] === `p${position}`);
}

/** The callee's cases differ in what they do to the heap, or by the arguments themselves: what stands behind these tells of no failure. */
export const endsInSeveralWays = keptPer(({ cases }: Summary): boolean => {
  const [first] = cases;
  return cases.some((each) => each.heapClass !== first.heapClass || each.checkClass !== first.checkClass);
});

/** Whichever way the callee ends, it does nothing to what its caller holds but answer. */
export const isPredicate = keptPer(({ cases }: Summary): boolean => {
  const isAnswer = ({ result, frees, writes }: SummaryCase): boolean =>
    frees.length === 0 && writes.length === 0 && result.kind !== 'fresh' && result.kind !== 'structure';
  return cases.length > 0 && cases.every(isAnswer);
});

/** Whichever way the callee ends, it leaves NULL in the place. */
export function isNullInAll(possible: readonly SummaryCase[], path: AccessPath): boolean {
  return possible.every(({ writes }) =>
    writes.some((written) => written.write.kind === 'null' && samePath(written.path, path)),
  );
}

/** Whichever way the callee ends, that member of the structure that it returns is NULL. */
export function isNullPartInAll(possible: readonly SummaryCase[], part: readonly string[]): boolean {
  return possible.every(
    ({ result }) =>
      result.kind === 'structure' &&
      result.parts.some((each) => each.write.kind === 'null' && samePath(each.part, part)),
  );
}

/** The case looks at nothing that it is given, and does nothing with it but to give it back. */
export function doesNothing(each: SummaryCase): boolean {
  const { frees, escapes, writes, blurs, dereferences, uses, invalidatesMemory } = each;
  return !invalidatesMemory && [frees, escapes, writes, blurs, dereferences, uses].every(({ length }) => length === 0);
}

/** `if (count == 0) return;` in front of what the callee frees: how many there are its caller knows. */
export function isSparing({ frees }: SummaryCase, possible: readonly SummaryCase[]): boolean {
  return frees.length === 0 && possible.some((other) => other.frees.length > 0);
}

/** What the argument at a position points to is written only where memory is handed out as well: how much there is, and not how it went. */
export function isOfSuccess(possible: readonly SummaryCase[], position: number): boolean {
  const name = `p${position}`;
  let isWritten = false;
  for (const each of possible) {
    if (!each.writes.some(({ path }) => path[0] === name && path[1] === '*')) continue;
    if (!handsOutMemory(each)) return false;
    isWritten = true;
  }
  return isWritten;
}

/** Of the cases that hand out memory, and those that do not, each is known by its result. */
export function tellsOfMemory(possible: readonly SummaryCase[]): boolean {
  const giving = possible.filter(handsOutMemory);
  return (
    giving.length > 0 &&
    possible.every(
      (other) => handsOutMemory(other) || giving.every(({ result }) => areResultsDisjoint(result, other.result)),
    )
  );
}

function handsOutMemory({ result, writes }: SummaryCase): boolean {
  return result.kind === 'fresh' || writes.some(({ write }) => write.kind === 'fresh');
}
