import type { Allocation } from '../models/function-model.ts';
import { locationAtCall, pathOfValue, resolvePath, valueAtCall } from './access-paths.ts';
import { noteRequest } from './allocation-sizes.ts';
import { applyReaches } from './block-bounds.ts';
import type { CallInstruction } from './calls.ts';
import { assume, factOf, isComparison, isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { isGuess, noteAnswerOfCall } from './doubt.ts';
import { noteFreedArguments, noteUseByCallee } from './freed-uses.ts';
import { applyInnerFrees, applyReads } from './given-places.ts';
import { noteNullGiven } from './handed-null.ts';
import { handOver, noteFilled, noteHandedOver, variablesToFill } from './handovers.ts';
import { escapeValue, invalidateMemory, iterationAt, renewedSymbol, storeValue } from './memory.ts';
import { noteFailedReallocation } from './model-calls.ts';
import { argumentOfSize, extentOfFresh } from './parameter-reach.ts';
import { doubtFreed, isAddressOfFreed, isResultTested } from './refills.ts';
import { allocate, dereference, failAllocation, free, hasUntestedFailure, type Place } from './regions.ts';
import { noteAddressStore } from './stack-escapes.ts';
import { changedRegion, type Fact, type State, UNKNOWN_REGION } from './state.ts';
import { noteGiven } from './status-asked.ts';
import { loseCharacters } from './string-sizes.ts';
import {
  type AccessPath,
  type Always,
  type FreshMemory,
  MAXIMUM_CASES,
  type Summary,
  type SummaryCase,
  type SummaryWrite,
} from './summary.ts';
import { areDisjoint, areResultsDisjoint, groupByHeap, samePath } from './summary-cases.ts';
import { assignUnknown } from './unassigned.ts';
import { executeUnknown, freshResult, giveAway, print, printedArguments } from './unknown-calls.ts';
import { endUnwritten, touch } from './unwritten-memory.ts';
import { type AggregatePart, type Location, NO_VALUE, type Value } from './values.ts';

/** So many different outcomes of one call are followed apart; of more only what they have in common. */
const MAXIMUM_OUTCOMES = 4;

/**
 * Applies the summary of a callee: one state for each of its cases that the arguments allow, so that what it returns and
 * what it did to memory stay correlated.
 */
export function applySummary(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  summary: Summary,
): State[] {
  if (summary.mayEnd) context.mayEnd = true;
  if (summary.isNoreturn && !summary.isIncomplete) return [];
  if (summary.cases.length === 0) return executeUnknown(context, state, call, place, values);
  applyAlways(context, state, call, place, values, summary.always);
  const results: State[] = [];
  const possible = summary.cases.filter((each) => isPossible(context, state, values, each));
  // Whether the callee tested a pointer, or was told how a test of it came out, matters for what was allocated and not
  // tested yet.
  const isCheckOfInterest = values.some((value) => {
    const shape = context.table.values[value];
    const isTest = shape.kind === 'binary' && isComparison(shape.operator) && shape.right === context.table.zero;
    const pointer = isTest ? shape.left : value;
    const region = state.regions.get(context.table.base(pointer));
    return region !== undefined && region.status === 'allocated' && !isNonNull(context.table, state, pointer);
  });
  const told = call.isResultUsed
    ? possible
    : possible.filter((each) => !isForNothingGiven(context, state, values, each, summary));
  const refilled = values.filter((value) => isAddressOfFreed(context, state, value));
  const isRefill = refilled.length > 0 && isResultTested(context, call, place);
  const cases = isCheckOfInterest || isRefill ? told : outcomes(summary, told);
  // Memory that runs out twice before anybody looks shows no more than once: each of the two is followed by itself.
  const isSecondFailure = cases.length > 1 && hasUntestedFailure(state);
  for (const summaryCase of cases) {
    if (isFailure(summaryCase) && !cases.every(isFailure)) {
      if (isSecondFailure || asksForNothing(context, state, values, summaryCase)) continue;
    }
    const after = state.fork();
    const doubtful = withDoubt(summaryCase, possible, call.isResultUsed);
    if (
      applyCase(
        context,
        after,
        call,
        place,
        values,
        summary,
        doubtful,
        perhapsFreed(context, state, values, summaryCase, summary),
        possible,
        cases,
      )
    ) {
      doubtHolders(context, state, after, place, values, summaryCase, possible);
      // That the callee may fail is the caller's to ask, and says nothing of what it does without asking.
      if (!isRefill) for (const value of refilled) doubtFreed(context, after, value);
      results.push(after);
    }
  }
  return results;
}

/** What the callee does whichever way it ends. Where its name may be a macro's it need not be what is called. */
export function applyAlways(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  { reaches, reads, innerFrees }: Always,
): void {
  if (reaches.length + reads.length + innerFrees.length === 0) return;
  if (context.environment.unclearMacro(call.callee)) return;
  if (reaches.length > 0) applyReaches(context, state, call, place, values, reaches);
  if (reads.length > 0) applyReads(context, state, call, place, values, reads);
  if (innerFrees.length > 0) applyInnerFrees(context, state, call, place, values, innerFrees);
}

/**
 * An allocator that fails only where it is not given something, a place to blame or a handler: who hands on a parameter of his
 * own, and never asks whether it is there, has it.
 */
function asksForNothing(
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
function isForNothingGiven(
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

const outcomesBySummary = new WeakMap<Summary, Map<number, readonly SummaryCase[]>>();

/** Cases told apart by what they do to the heap. Made once for each choice of cases that the arguments of a call allow. */
function outcomes(summary: Summary, possible: readonly SummaryCase[]): readonly SummaryCase[] {
  if (possible.length < 2 || summary.cases.length > MAXIMUM_CASES) return groupByHeap(possible, MAXIMUM_OUTCOMES);
  let choice = 0;
  for (let i = 0, at = 0; at < possible.length; i++) {
    if (summary.cases[i] !== possible[at]) continue;
    choice |= 1 << i;
    at++;
  }
  let known = outcomesBySummary.get(summary);
  if (!known) {
    known = new Map();
    outcomesBySummary.set(summary, known);
  }
  let grouped = known.get(choice);
  if (!grouped) {
    grouped = groupByHeap(possible, MAXIMUM_OUTCOMES);
    known.set(choice, grouped);
  }
  return grouped;
}

/**
 * A free that hangs on something the caller cannot see: the arguments allow another case that does not free, and the
 * result does not tell the two apart (a reference count is put back). It may have happened, but proves nothing.
 */
function withDoubt(summaryCase: SummaryCase, possible: readonly SummaryCase[], isResultUsed: boolean): SummaryCase {
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

/** What other cases free, which the arguments allow as well: on this one the caller need not be the one to free it. */
function perhapsFreed(
  context: AnalysisContext,
  state: State,
  values: readonly Value[],
  summaryCase: SummaryCase,
  summary: Summary,
): PerhapsFreed[] {
  const found: PerhapsFreed[] = [];
  for (const other of summary.cases) {
    // What stands in memory, as a count of references, does not tell who frees: it tells who frees first.
    if (!isPossible(context, state, values, other, 1)) continue;
    if (other === summaryCase || areToldApart(summaryCase, other)) continue;
    for (const { path } of other.frees) {
      if (summaryCase.frees.some((freed) => samePath(freed.path, path))) continue;
      found.push({ path, isReallocation: isFailure(summaryCase) && other.result.kind === 'fresh' });
    }
  }
  return found;
}

interface PerhapsFreed {
  readonly path: AccessPath;
  /** The other case frees the block and returns new memory, this one returns NULL: the callee behaves like realloc. */
  readonly isReallocation: boolean;
}

/**
 * One of the ways on which a callee is followed leaves an argument alone: where it keeps it, it is the callee's, and that the caller
 * releases it where it does not says nothing else.
 */
function isLeftElsewhere(path: AccessPath, followed: readonly SummaryCase[]): boolean {
  if (path.length !== 1 || followed.length < 2) return false;
  const isSame = (other: { readonly path: AccessPath }): boolean => samePath(other.path, path);
  return followed.some(
    ({ escapes, frees, preconditions }) =>
      !escapes.some((other) => samePath(other, path)) && !frees.some(isSame) && !preconditions.some(isSame),
  );
}

/** There is memory behind the result, and nobody has to ask for it. */
function givesMemory({ result }: SummaryCase): boolean {
  return result.kind === 'fresh' && !result.allocation.isUnchecked;
}

function isFailure({ result }: SummaryCase): boolean {
  return result.kind === 'null' && result.allocationFailed;
}

/**
 * The call freed what a place holds, and in another case, which the caller cannot tell from this one, it also gives the
 * place a new value (the head of a list, when the first element goes): the place need not dangle.
 */
function doubtHolders(
  context: AnalysisContext,
  before: State,
  after: State,
  place: Place,
  values: readonly Value[],
  summaryCase: SummaryCase,
  possible: readonly SummaryCase[],
): void {
  if (summaryCase.frees.length === 0) return;
  const { table } = context;
  for (const other of possible) {
    for (const { path } of other.writes) {
      if (summaryCase.writes.some((written) => samePath(written.path, path))) continue;
      const resolved = resolvePath(context, before, path, values);
      if (!resolved || !('location' in resolved)) continue;
      const held = after.memory.get(resolved.location);
      const region = held === undefined ? undefined : after.regions.get(table.base(held));
      if (region?.status !== 'freed' || region.free?.block !== place.block) continue;
      if (region.free.instruction !== place.instruction) continue;
      const site = -((place.block * 4096 + place.instruction) * 2 + 1);
      const iteration = iterationAt(after, resolved.location);
      after.bind(resolved.location, renewedSymbol(context, after, { kind: 'unknown', site, iteration }));
    }
  }
}

/** The two cases demand different values of an argument itself: the caller knows which it passed, or tests it later. */
function areToldApart(a: SummaryCase, b: SummaryCase): boolean {
  return a.preconditions.some(({ path, fact }) => {
    const other = path.length === 1 ? b.preconditions.find((each) => samePath(each.path, path))?.fact : undefined;
    return other !== undefined && areDisjoint(fact, other);
  });
}

/** False when the arguments contradict what the case demands of them, on paths no longer than `maximumLength`. */
function isPossible(
  context: AnalysisContext,
  state: State,
  values: readonly Value[],
  summaryCase: SummaryCase,
  maximumLength = Infinity,
): boolean {
  const { table } = context;
  for (const { path, fact } of summaryCase.preconditions) {
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

function applyCase(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  summary: Summary,
  summaryCase: SummaryCase,
  freedElsewhere: readonly PerhapsFreed[],
  possible: readonly SummaryCase[],
  followed: readonly SummaryCase[],
): boolean {
  const site = context.site(place.block, place.instruction, call.origin, call.callee, []);
  const valueAt = (path: AccessPath): Value | undefined => valueAtCall(context, state, path, values);

  // All paths speak of the state on entry: resolve them before anything changes. The values stand in lists beside the effects.
  const { preconditions, dereferences, uses, frees, writes } = summaryCase;
  const ofPreconditions = preconditions.map(({ path }) => valueAt(path));
  const ofDereferences = dereferences.map(({ path }) => valueAt(path));
  const ofUses = uses.map(({ path }) => valueAt(path));
  const ofFrees = frees.map(({ path }) => valueAt(path));
  // Where the caller does not ask which case it was, what one of them keeps may be kept.
  const escaping = call.isResultUsed ? summaryCase.escapes : [summaryCase, ...possible].flatMap((each) => each.escapes);
  const ofEscapes = escaping.map((path) => valueAt(path));
  const places = writes.map(({ path }) => locationAtCall(context, state, path, values));
  const sources = writes.map(({ write }) => (write.kind === 'path' ? valueAt(write.path) : undefined));
  const blurred = summaryCase.blurs.map(valueAt);
  const kept = freedElsewhere.map(({ path }) => valueAt(path));
  const given = whatIsGiven(context, state, summaryCase, values, valueAt);
  const returned = summaryCase.result.kind === 'path' ? valueAt(summaryCase.result.path) : undefined;
  const members = (summaryCase.result.kind === 'structure' ? summaryCase.result.parts : []).map(({ part, write }) => ({
    part,
    write,
    source: write.kind === 'path' ? valueAt(write.path) : undefined,
    isCertain: write.kind === 'null' && isNullPartInAll(possible, part),
  }));

  // What gives nothing but NULL whatever it is told is a stub: the program that calls it in earnest has another one.
  const isResultNull = !summary.isStub && possible.every(({ result }) => result.kind === 'null');

  const toFill = variablesToFill(context, state, place, values);
  context.beliefs.given.length = 0;
  for (let i = 0; i < preconditions.length; i++) {
    const value = ofPreconditions[i];
    if (value === undefined) continue;
    const { fact } = preconditions[i];
    if (fact.low === 0 && fact.high === 0 && isGuess(context.table, state, value, false)) state.isDoubtful = true;
    if (!assumeFact(context, state, value, fact)) return false;
    // The callee looked at it: on the case in hand it is known to be NULL or not.
    noteCheckedByCallee(context, state, value);
  }
  for (let i = 0; i < dereferences.length; i++) {
    const value = ofDereferences[i];
    if (value === undefined) continue;
    // What the callee frees as well is freed twice: that says more than that it is used on the way.
    const isGone = state.regions.get(context.table.base(value))?.status === 'freed';
    if (isGone && ofFrees.includes(value)) continue;
    const { path, steps, isSized } = dereferences[i];
    // Who gives NULL gives a size of 0 with it.
    if (isSized && isNull(context.table, state, value) && !state.regions.has(context.table.base(value))) continue;
    const origin = call.argumentOrigins[argumentOf(path)] ?? call.origin;
    const noted = context.flaws.length;
    const isAlive = dereference(context, state, value, origin, place, steps, isSized, path);
    namePlaces(context, noted, path, value);
    if (!isAlive) return false;
  }
  for (let i = 0; i < uses.length; i++) {
    const value = ofUses[i];
    if (value === undefined || ofFrees.includes(value)) continue;
    const { path, steps } = uses[i];
    const origin = call.argumentOrigins[argumentOf(path)] ?? call.origin;
    const noted = context.flaws.length;
    noteUseByCallee(context, state, value, origin, place, steps);
    namePlaces(context, noted, path, value);
  }
  const isVariadic = values.length > summary.parameterCount;
  const printed = isVariadic ? printedArguments(context, call, values) : undefined;
  const give = (value: Value, position: number): void => {
    if (printed?.has(position)) print(context, state, value);
    else giveAway(context, state, value, site.id);
  };
  if (isVariadic) {
    noteFreedArguments(context, state, call, values, site, (position) => position >= summary.parameterCount);
    for (const [i, value] of values.entries()) if (i >= summary.parameterCount) give(value, i);
  }
  for (let i = 0; i < kept.length; i++) {
    const value = kept[i];
    if (value !== undefined && !freedElsewhere[i].isReallocation) escapeValue(context, state, value);
  }
  for (let i = 0; i < escaping.length; i++) {
    const value = ofEscapes[i];
    if (value === undefined) continue;
    if (isLeftElsewhere(escaping[i], followed)) escapeValue(context, state, value);
    else handOver(context, state, value);
  }
  const macro = frees.length === 0 ? undefined : context.environment.unclearMacro(call.callee);
  for (let i = 0; i < frees.length; i++) {
    const value = ofFrees[i];
    if (value === undefined) continue;
    const { path, family, steps, isDefinite } = frees[i];
    // The name may be a macro's in another configuration, which does nothing with the argument.
    const isMeant = !macro || macro.uses.includes(argumentOf(path));
    const origin = call.argumentOrigins[argumentOf(path)] ?? call.origin;
    const isUnlinked = writes.some((written) => goesThrough(written.path, path));
    const noted = context.flaws.length;
    const isAlive = free(context, state, value, origin, family, place, steps, isDefinite && isMeant, isUnlinked);
    namePlaces(context, noted, path, value);
    if (!isAlive) return false;
  }
  if (summaryCase.invalidatesMemory || summary.isIncomplete) {
    invalidateMemory(context, state, site.id);
  }
  // What ends in one way only has no failure to tell of.
  const maySayHow = summary.cases.length > 1 && (summaryCase.invalidatesMemory || writes.length > 0);
  if (summary.isIncomplete || (maySayHow && !possible.every(givesMemory))) {
    noteGiven(context, state, place, values);
  }
  if (summary.isIncomplete) {
    for (const [i, value] of values.entries()) give(value, i);
    if (state.knownNull.size > 0) noteNullGiven(context, state, values);
  }
  const isReader = context.environment.changesNothing(call.callee, values.length);
  for (const value of values) {
    touch(context, state, value);
    if (!isReader) loseCharacters(context, state, value, site.id);
    // What the callee wrote before unknown code ran is not in its summary.
    if (summaryCase.invalidatesMemory) assignUnknown(context, state, value, site.id);
  }
  for (const value of blurred) {
    const whole = value === undefined ? undefined : context.table.pointee(value);
    if (whole !== undefined && state.memory.get(whole) === context.table.zero)
      state.bind(whole, context.table.possibleNull);
  }
  for (let i = 0; i < writes.length; i++) {
    const location = places[i];
    if (location === undefined) continue;
    const { path, write } = writes[i];
    const isCertain = write.kind === 'null' && isNullInAll(possible, path);
    const value = writtenValue(context, state, place, write, sources[i], location, site.id, given, isCertain);
    // Whether the callee freed what stood there is told by its other effects; it is not this function's to lose.
    const before = state.memory.get(location);
    if (before !== undefined && before !== value) escapeValue(context, state, before);
    storeValue(context, state, location, value, site.id);
    noteAddressStore(context, state, location, value, place);
  }
  const result =
    members.length > 0
      ? structureOf(context, state, call, place, members, given)
      : resultOf(context, state, call, place, summaryCase, returned, given, isResultNull);
  state.registers[call.destination] = result;
  noteHandedOver(context, state, site, result);
  if (isPredicate(summary)) noteAnswerOfCall(context, state, result, place, values);
  const isLeftThere = (location: Location): boolean =>
    writes.some(({ write }, i) => places[i] === location && write.kind === 'unknown');
  if (toFill.length > 0) noteFilled(context, state, site, result, toFill.filter(isLeftThere));
  for (let i = 0; i < kept.length; i++) {
    const value = kept[i];
    if (value !== undefined && freedElsewhere[i].isReallocation) noteFailedReallocation(context, state, value, result);
  }
  return true;
}

/** What a callee does to something behind its argument is told of that, and not of the argument, in the flaws from `first` on. */
function namePlaces(context: AnalysisContext, first: number, path: AccessPath, value: Value): void {
  const { flaws, table, ir } = context;
  if (path.length === 1 || flaws.length === first) return;
  const place = pathOfValue(table, ir, table.base(value));
  if (!place || place.length === 1) return;
  for (let i = first; i < flaws.length; i++) {
    const flaw = flaws[i];
    if (flaw.kind === 'double-free' || flaw.kind === 'use-after-free') flaws[i] = { ...flaw, place };
  }
}

const predicates = new WeakMap<Summary, boolean>();

/** Whichever way the callee ends, it does nothing to what its caller holds but answer. */
function isPredicate(summary: Summary): boolean {
  let known = predicates.get(summary);
  if (known === undefined) {
    const isAnswer = ({ result, frees, writes }: SummaryCase): boolean =>
      frees.length === 0 && writes.length === 0 && result.kind !== 'fresh' && result.kind !== 'structure';
    known = summary.cases.length > 0 && summary.cases.every(isAnswer);
    predicates.set(summary, known);
  }
  return known;
}

/** Whichever way the callee ends, it leaves NULL in the place. */
function isNullInAll(possible: readonly SummaryCase[], path: AccessPath): boolean {
  return possible.every(({ writes }) =>
    writes.some((written) => written.write.kind === 'null' && samePath(written.path, path)),
  );
}

/** Whichever way the callee ends, that member of the structure that it returns is NULL. */
function isNullPartInAll(possible: readonly SummaryCase[], part: readonly string[]): boolean {
  return possible.every(
    ({ result }) =>
      result.kind === 'structure' &&
      result.parts.some((each) => each.write.kind === 'null' && samePath(each.part, part)),
  );
}

/** True for a place behind a pointer that stands in the block at `block`: in a neighbour of a list, say. */
function goesThrough(path: AccessPath, block: AccessPath): boolean {
  if (path.length <= block.length || block.some((step, i) => path[i] !== step)) return false;
  return path.slice(block.length).filter((step) => step === '*').length > 1;
}

/** The argument that a path begins at, for the position of what is said of it; -1 for a global. */
function argumentOf(path: AccessPath): number {
  return path[0].startsWith('p') ? Number(path[0].slice(1)) : -1;
}

function assumeFact(context: AnalysisContext, state: State, value: Value, fact: Fact): boolean {
  const { table } = context;
  if (fact.isNonZero && !assume(table, state, value, true)) return false;
  if (fact.low === 0 && fact.high === 0) return assume(table, state, value, false);
  if (Number.isFinite(fact.low) && !assume(table, state, table.binary('>=', value, table.integer(fact.low)), true))
    return false;
  return !Number.isFinite(fact.high) || assume(table, state, table.binary('<=', value, table.integer(fact.high)), true);
}

/** The callee looked at the pointer itself, or at the outcome of its test (`check(p != NULL)`). */
function noteCheckedByCallee(context: AnalysisContext, state: State, value: Value): void {
  const shape = context.table.values[value];
  if (shape.kind === 'binary' && isComparison(shape.operator)) {
    noteCheckedByCallee(context, state, shape.left);
    noteCheckedByCallee(context, state, shape.right);
    return;
  }
  const base = context.table.base(value);
  const region = state.regions.get(base);
  if (!region) return;
  const isNullHere = state.facts.get(base)?.high === 0 && state.facts.get(base)?.low === 0;
  // A test inside the callee is no evidence of a path on which the caller's pointer is NULL: that state says no more.
  if (isNullHere && region.status !== 'freed')
    state.setRegion(base, changedRegion(region, { status: 'failed', isUnchecked: false }));
  else if (region.isUnchecked) state.setRegion(base, changedRegion(region, { isUnchecked: false }));
}

function writtenValue(
  context: AnalysisContext,
  state: State,
  place: Place,
  write: SummaryWrite,
  source: Value | undefined,
  location: Location,
  site: number,
  given: Given,
  isCertain: boolean,
): Value {
  const { table } = context;
  switch (write.kind) {
    case 'null':
      if (!write.allocationFailed) return isCertain ? table.zero : table.possibleNull;
      return failAllocation(context, state, place, allocationOf(''), write.steps);
    case 'integer':
      return table.integer(write.value);
    case 'fresh': {
      return freshMemory(context, state, place, write.allocation, given, true);
    }
    case 'path':
      if (source !== undefined) return source;
      break;
    default:
      break;
  }
  const iteration = iterationAt(state, location);
  const unknown = renewedSymbol(context, state, { kind: 'unknown', site: site * 2, iteration });
  if (write.kind === 'unknown' && write.isNonZero) assume(table, state, unknown, true);
  if (write.kind === 'freed') {
    assume(table, state, unknown, true);
    const free = context.site(place.block, place.instruction, place.origin, place.callee, write.steps);
    state.setRegion(unknown, changedRegion(UNKNOWN_REGION, { status: 'freed', family: write.family, free }));
  }
  return unknown;
}

/** A structure that the callee returns as a whole, with what is known of its members. */
function structureOf(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  members: readonly { part: readonly string[]; write: SummaryWrite; source: Value | undefined; isCertain: boolean }[],
  given: Given,
): Value {
  const { table } = context;
  const rest = freshResult(context, state, call, place);
  const parts: AggregatePart[] = [];
  for (const { part, write, source, isCertain } of members) {
    if (write.kind === 'unknown' && !write.isNonZero) continue;
    // What the member held before is no business of a new structure: there is no location to name the value after.
    const value = writtenValue(context, state, place, write, source, NO_VALUE, 0, given, isCertain);
    parts.push({ path: part, value });
  }
  return parts.length === 0 ? rest : table.symbol({ kind: 'aggregate', rest, parts });
}

function freshMemories({ result, writes }: SummaryCase): FreshMemory[] {
  const parts = result.kind === 'structure' ? result.parts : [];
  const found = [...writes, ...parts].flatMap(({ write }) => (write.kind === 'fresh' ? [write.allocation] : []));
  return result.kind === 'fresh' ? [result.allocation, ...found] : found;
}

/** What a call was given, by the paths that the summary says of new memory's parts, and how long that memory is by it. */
interface Given {
  readonly extents: ReadonlyMap<FreshMemory, Value>;
  readonly contents: ReadonlyMap<AccessPath, Value>;
}

const NOTHING_GIVEN: Given = { extents: new Map(), contents: new Map() };

function whatIsGiven(
  context: AnalysisContext,
  state: State,
  summaryCase: SummaryCase,
  values: readonly Value[],
  valueAt: (path: AccessPath) => Value | undefined,
): Given {
  const { result, writes } = summaryCase;
  const mayBeFresh =
    result.kind === 'fresh' || result.kind === 'structure' || writes.some(({ write }) => write.kind === 'fresh');
  if (!mayBeFresh) return NOTHING_GIVEN;
  const contents = new Map<AccessPath, Value>();
  const extents = new Map<FreshMemory, Value>();
  for (const allocation of freshMemories(summaryCase)) {
    extents.set(allocation, extentOfFresh(context, state, allocation.size, values));
    for (const { write } of allocation.contents) {
      const value = write.kind === 'path' ? valueAt(write.path) : undefined;
      if (write.kind === 'path' && value !== undefined) contents.set(write.path, value);
    }
  }
  return { contents, extents };
}

/** New memory that the callee made, with what is known of its parts. */
function freshMemory(
  context: AnalysisContext,
  state: State,
  place: Place,
  allocation: FreshMemory,
  given: Given,
  isStoredByCallee: boolean,
): Value {
  const { table } = context;
  const { family, isUnchecked, isHeld, isUnwritten, steps, size } = allocation;
  const symbol = allocate(context, state, place, allocationOf(family, isUnwritten), steps, isUnchecked);
  const region = state.regions.get(symbol)!;
  const extent = given.extents.get(allocation) ?? NO_VALUE;
  const known = extent === NO_VALUE ? undefined : extent;
  state.setRegion(
    symbol,
    changedRegion(region, { status: isHeld ? 'escaped' : 'allocated', isStoredByCallee, extent: known }),
  );
  if (region.allocation) {
    noteRequest(context, region.allocation, extent);
    // What a callee settles on is not the caller's to get wrong.
    const argument = size && argumentOfSize(size);
    if (argument !== undefined) context.sizes.sizeArguments.set(region.allocation, argument);
    else if (size) context.sizes.settled.add(region.allocation);
  }
  for (const { part, write } of allocation.contents) {
    const location = part.reduce((parent, name) => table.field(parent, name), table.pointee(symbol));
    // What several ways of the callee's wrote there may be told by the one.
    if (write.kind === 'null') state.bind(location, table.possibleNull);
    else if (write.kind === 'integer') state.bind(location, table.integer(write.value));
    else {
      const value = given.contents.get(write.path);
      if (value !== undefined) state.bind(location, value);
      else endUnwritten(state, symbol);
    }
  }
  return symbol;
}

function allocationOf(family: string, isUnwritten = false): Allocation {
  return { family, nullable: true, content: isUnwritten ? 'unwritten' : 'written' };
}

function resultOf(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  summaryCase: SummaryCase,
  returned: Value | undefined,
  given: Given,
  isCertain: boolean,
): Value {
  const { table } = context;
  const { result } = summaryCase;
  switch (result.kind) {
    case 'path':
      if (returned !== undefined) return returned;
      break;
    case 'constant': {
      const constant = table.symbol({ kind: 'named', key: result.name });
      if (result.isNonZero) assume(table, state, constant, true);
      return constant;
    }
    case 'null':
      if (!result.allocationFailed) return isCertain ? table.zero : table.possibleNull;
      return failAllocation(context, state, place, allocationOf(''), result.steps);
    case 'fresh': {
      return freshMemory(context, state, place, result.allocation, given, false);
    }
    case 'unknown': {
      if (result.fact.low === result.fact.high) return table.integer(result.fact.low);
      const value = freshResult(context, state, call, place);
      assumeFact(context, state, value, result.fact);
      return value;
    }
    default:
      break;
  }
  return freshResult(context, state, call, place);
}
