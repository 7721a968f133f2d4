import { isInLoop } from '../ir/control-flow.ts';
import { argumentOf, locationAtCall, makeHiddenGlobal, pathOfValue, resolvePath, valueAtCall } from './access-paths.ts';
import { isBelieved } from './beliefs.ts';
import { applyReaches } from './call-bounds.ts';
import { assumeFact, resultOf, structureOf, whatIsGiven, writtenValue } from './callee-values.ts';
import type { CallInstruction } from './calls.ts';
import { isComparison } from './constant-folding.ts';
import { isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { isGuess, noteAnswerOfCall } from './doubt.ts';
import { handElementsOver } from './element-losses.ts';
import { endsForWantOfMemory } from './failure-reports.ts';
import { noteFreedArguments, noteUseByCallee } from './freed-uses.ts';
import { applyInnerFrees, applyReads } from './given-places.ts';
import { noteNullGiven } from './handed-null.ts';
import { handOver, noteFilled, noteHandedOver, variablesToFill } from './handovers.ts';
import { invalidateMemory } from './invalidation.ts';
import { loseMembers, loseOverwritten, valuesCaredFor } from './lost-members.ts';
import { escapeValue, iterationAt, renewedSymbol, storeValue } from './memory.ts';
import { isMessage } from './messages.ts';
import { noteFailedReallocation } from './model-calls.ts';
import { isOtherInAll, isOtherPartInAll, isOtherWrittenInAll } from './other-memory.ts';
import {
  answersOfParameter,
  asksForNothing,
  asksOfUntested,
  doesNothing,
  endsInSeveralWays,
  givesBackOrKeeps,
  givesMemory,
  isFailure,
  isFilledInAnother,
  isForNothingGiven,
  isLeftElsewhere,
  isNullInAll,
  isNullPartInAll,
  isOfSuccess,
  isPredicate,
  isSparedElsewhere,
  isSparing,
  outcomes,
  type PerhapsFreed,
  perhapsFreed,
  possibleCases,
  tellsOfMemory,
  tellsWhoFrees,
  tellsWhoKeeps,
  withDoubt,
} from './possible-cases.ts';
import { doubtFreed, isAddressOfFreed } from './refills.ts';
import { dereference, free, hasUntestedFailure, type LostMember, type Place } from './regions.ts';
import { isResultReturned, isResultTested } from './result-uses.ts';
import { isAddressToKeep, noteAddressStore } from './stack-escapes.ts';
import { changedRegion, type State, siteKey } from './state.ts';
import { noteGiven } from './status-asked.ts';
import { loseCharacters } from './string-sizes.ts';
import type { AccessPath, Always, Summary, SummaryCase } from './summary.ts';
import { areResultsDisjoint, samePath } from './summary-cases.ts';
import { assignUnknown } from './unassigned.ts';
import { executeUnknown, giveAway, isAmong, print, printedArguments } from './unknown-calls.ts';
import { endUnwritten, touch } from './unwritten-memory.ts';
import type { Location, Value } from './value-shapes.ts';

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
  if (summary.mayEnd && endsForWantOfMemory(context, state, call, values)) return [];
  if (summary.cases.length === 0) return executeUnknown(context, state, call, place, values);
  if (context.fillsElements) handElementsOver(context, state, values);
  applyAlways(context, state, call, place, values, summary.always);
  const results: State[] = [];
  const possible = possibleCases(context, state, values, summary);
  // Whether the callee tested a pointer, or was told how a test of it came out, matters for what was allocated and not
  // tested yet.
  const isCheckOfInterest = values.some((value) => {
    const shape = context.table.values[value];
    const isTest = shape.kind === 'binary' && isComparison(shape.operator) && shape.right === context.table.zero;
    const pointer = isTest ? shape.left : value;
    const region = state.regions.get(context.table.base(pointer));
    return region !== undefined && region.status === 'allocated' && !isNonNull(context.table, state, pointer);
  });
  const mayTell = call.isResultUsed && possible.length > 1;
  const isAsked = mayTell && isResultTested(context, call, place);
  // Who answers what the callee answers has told who keeps it as well as who asks at once.
  const isHeard = isAsked || (mayTell && isResultReturned(context, call, place));
  const isOfInterest =
    isCheckOfInterest ||
    asksOfUntested(context, state, values, possible) ||
    (mayTell && givesBackOrKeeps(context, state, values, possible)) ||
    (isAsked && answersOfParameter(context, state, values, summary, possible)) ||
    (isHeard && tellsWhoKeeps(context, state, values, possible)) ||
    (isAsked && tellsWhoFrees(context, state, values, possible));
  const told = call.isResultUsed
    ? possible
    : possible.filter((each) => !isForNothingGiven(context, state, values, each, summary));
  const refilled = values.filter((value) => isAddressOfFreed(context, state, value));
  const isRefill = refilled.length > 0 && isResultTested(context, call, place);
  const cases = isOfInterest || isRefill ? told : outcomes(summary, told);
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
        perhapsFreed(context, state, values, summaryCase, summary, isAsked),
        possible,
        cases,
      )
    ) {
      doubtHolders(context, state, after, place, values, summaryCase, possible, call.isResultUsed);
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
  isResultUsed: boolean,
): void {
  if (summaryCase.frees.length === 0) return;
  const { table } = context;
  for (const other of possible) {
    if (isResultUsed && areResultsDisjoint(summaryCase.result, other.result)) continue;
    for (const { path } of other.writes) {
      if (summaryCase.writes.some((written) => samePath(written.path, path))) continue;
      const resolved = resolvePath(context, before, path, values);
      if (!resolved || !('location' in resolved)) continue;
      const held = after.memory.get(resolved.location);
      const region = held === undefined ? undefined : after.regions.get(table.base(held));
      if (region?.status !== 'freed' || region.free?.block !== place.block) continue;
      if (region.free.instruction !== place.instruction) continue;
      const site = -(siteKey(place.block, place.instruction) * 2 + 1);
      const iteration = iterationAt(after, resolved.location);
      after.bind(resolved.location, renewedSymbol(context, after, { kind: 'unknown', site, iteration }));
    }
  }
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
  const escaping = call.isResultUsed ? summaryCase.escapes : allEscapes(summaryCase, possible);
  const ofEscapes = escaping.map((path) => valueAt(path));
  const sources = writes.map(({ write }) => (write.kind === 'path' ? valueAt(write.path) : undefined));
  const places = writes.map(
    ({ path }, i) =>
      locationAtCall(context, state, path, values) ??
      (isAddressToKeep(context, sources[i]) ? makeHiddenGlobal(context, path) : undefined),
  );
  const blurred = summaryCase.blurs.map(valueAt);
  const kept = freedElsewhere.map(({ path }) => valueAt(path));
  const given = whatIsGiven(context, state, summaryCase, values, valueAt);
  const returned = summaryCase.result.kind === 'path' ? valueAt(summaryCase.result.path) : undefined;
  const members = (summaryCase.result.kind === 'structure' ? summaryCase.result.parts : []).map(({ part, write }) => ({
    part,
    write,
    source: write.kind === 'path' ? valueAt(write.path) : undefined,
    isCertain: write.kind === 'null' ? isNullPartInAll(possible, part) : isOtherPartInAll(possible, part),
  }));

  // What gives nothing but NULL whatever it is told is a stub: the program that calls it in earnest has another one.
  const isResultCertain =
    !summary.isStub &&
    (summaryCase.result.kind === 'null'
      ? possible.every(({ result }) => result.kind === 'null')
      : !summary.isIncomplete && isOtherInAll(possible));

  // That the callee asks before it frees is no test of its caller's.
  const areTested = ofFrees.map((value) => value !== undefined && isNonNull(context.table, state, value));

  const toFill = variablesToFill(context, state, place, values);
  // Whoever is to leave something in a variable writes it and forgets where it is. In a loop that would be something else in each
  // turn: telling those apart costs more than it finds.
  const leftOnce = toFill.length > 0 && isInLoop(context.flow, place.block) ? [] : toFill;
  context.beliefs.given.length = 0;
  // What is written as NULL is dereferenced for sure only where no other case leaves it alone.
  const isUnsure = (value: Value | undefined, i: number): boolean =>
    value === context.table.zero &&
    dereferences[i].path.length === 1 &&
    isSparedElsewhere(possible, dereferences[i].path);
  if (ofDereferences.some(isUnsure)) return false;
  for (let i = 0; i < preconditions.length; i++) {
    const value = ofPreconditions[i];
    if (value === undefined) continue;
    const { fact, isNumber } = preconditions[i];
    const isFoundZero = fact.low === 0 && fact.high === 0 && !(isNumber && !isSparing(summaryCase, possible));
    if (isFoundZero && isGuess(context.table, state, value, false)) state.isDoubtful = true;
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
    const isNothing = isNull(context.table, state, value) && !state.regions.has(context.table.base(value));
    if (isSized && isNothing) continue;
    // A vector that is made longer before it is written to: which of the two cases it is the callee finds out.
    if (isNothing && isFilledInAnother(path, summaryCase, possible)) return false;
    const origin = call.argumentOrigins[argumentOf(path)] ?? call.origin;
    const noted = context.flaws.length;
    const isAlive = dereference(context, state, value, origin, place, steps, isSized, path);
    namePlaces(context, noted, path, value, values);
    if (!isAlive) return false;
  }
  for (let i = 0; i < uses.length; i++) {
    const value = ofUses[i];
    if (value === undefined || ofFrees.includes(value)) continue;
    const { path, steps } = uses[i];
    const origin = call.argumentOrigins[argumentOf(path)] ?? call.origin;
    const noted = context.flaws.length;
    noteUseByCallee(context, state, value, origin, place, steps);
    namePlaces(context, noted, path, value, values);
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
    if (value === undefined || freedElsewhere[i].isReallocation) continue;
    escapeValue(context, state, value);
    // Who leaves it to the callee has done his part, whatever the callee makes of it.
    const region = state.regions.get(value);
    if (isBelieved(region)) state.setRegion(value, changedRegion(region, { handovers: undefined }));
  }
  for (let i = 0; i < escaping.length; i++) {
    const value = ofEscapes[i];
    if (value === undefined || isAmong(context, leftOnce, value)) continue;
    context.takenValues.add(value);
    if (isLeftElsewhere(escaping[i], followed)) escapeValue(context, state, value);
    else handOver(context, state, value);
  }
  const cared = frees.length + writes.length === 0 ? undefined : valuesCaredFor(context, summary, valueAt);
  const lost: LostMember[] = [];
  const macro = frees.length === 0 ? undefined : context.environment.unclearMacro(call.callee);
  for (let i = 0; i < frees.length; i++) {
    const value = ofFrees[i];
    if (value === undefined) continue;
    const { path, family, steps, isDefinite } = frees[i];
    // What frees something of it by no name has been there before it goes.
    if (summaryCase.freesUnnamed && path.length === 1) context.takenValues.add(value);
    // The name may be a macro's in another configuration, which does nothing with the argument.
    const isMeant = !macro || macro.uses.includes(argumentOf(path));
    const origin = call.argumentOrigins[argumentOf(path)] ?? call.origin;
    const isUnlinked = writes.some((written) => goesThrough(written.path, path));
    const noted = context.flaws.length;
    const isSure = isDefinite && isMeant;
    // What a block holds moves with it.
    const isMoved = context.environment.models.modelOf(steps.at(-1)?.callee ?? '')?.reallocates !== undefined;
    const held = isMoved ? undefined : lost;
    if (path.length > 1)
      context.freesByCallees.add(context.site(place.block, place.instruction, place.origin, place.callee, steps).id);
    const isAlive = free(context, state, value, origin, family, place, steps, isSure, isUnlinked, areTested[i], held);
    namePlaces(context, noted, path, value, values);
    if (!isAlive) return false;
  }
  if (lost.length > 0) {
    const moved = [returned, ...sources, ...members.map(({ source }) => source)];
    loseMembers(
      context,
      state,
      lost,
      cared,
      moved.filter((value) => value !== undefined),
    );
  }
  if (summaryCase.invalidatesMemory || summary.isIncomplete) {
    invalidateMemory(context, state, site.id, false, state.regions.size > 0 && isMessage(context, call.callee, values));
  }
  // What ends in one way only has no failure to tell of.
  const maySayHow = endsInSeveralWays(summary) && (summaryCase.invalidatesMemory || writes.length > 0);
  if (summary.isIncomplete || (maySayHow && !possible.every(givesMemory))) {
    const isAsked = !summary.isIncomplete && isResultTested(context, call, place);
    const asked = isAsked ? values.filter((_, i) => !isOfSuccess(possible, i)) : values;
    noteGiven(context, state, place, asked, isAsked && tellsOfMemory(possible));
  }
  if (summary.isIncomplete) {
    for (const [i, value] of values.entries()) give(value, i);
    if (state.knownNull.size > 0) noteNullGiven(context, state, values);
  }
  const isReader = context.environment.changesNothing(call.callee, values.length);
  const isHandedThrough = summary.cases.length === 1 && doesNothing(summaryCase) && !summary.isIncomplete;
  // What does nothing but say how it went stands in for another, which leaves something in the variables that it is given.
  const isIdle = summary.isStub && writes.length === 0 && frees.length === 0 && ofDereferences.length === 0;
  for (const [position, value] of values.entries()) {
    if (value !== returned || !isHandedThrough) touch(context, state, value);
    if (!isReader) loseCharacters(context, state, value, site.id);
    // What the callee wrote before unknown code ran, or that code itself, is not in its summary.
    const isLeftOpen = summary.isIncomplete || (summaryCase.invalidatesMemory && reaches(summaryCase, position));
    if (isLeftOpen || isIdle) assignUnknown(context, state, value, site.id);
  }
  for (const value of blurred) {
    if (value !== undefined) endUnwritten(state, context.table.base(value));
    const whole = value === undefined ? undefined : context.table.pointee(value);
    if (whole !== undefined && state.memory.get(whole) === context.table.zero)
      state.bind(whole, context.table.possibleNull);
  }
  const left = summaryCase.result.kind === 'unknown' ? summaryCase.result.written : undefined;
  /** What the callee left in a place and returns as well. */
  let returnedToo: Value | undefined;
  for (let i = 0; i < writes.length; i++) {
    const location = places[i];
    if (location === undefined) continue;
    const { path, write } = writes[i];
    const isCertain =
      write.kind === 'null'
        ? isNullInAll(possible, path)
        : !summary.isIncomplete && isOtherWrittenInAll(possible, path);
    const value = writtenValue(context, state, place, write, sources[i], location, site.id, given, isCertain);
    const before = state.memory.get(location);
    storeValue(context, state, location, value, site.id);
    // What the callee moves elsewhere, its caller has still.
    if (before !== undefined && before !== value && before !== returned && !sources.includes(before))
      loseOverwritten(context, state, before, write, cared, site);
    noteAddressStore(context, state, location, value, place);
    if (left !== undefined && write.kind === 'fresh' && samePath(left, path)) returnedToo = value;
  }
  const result =
    returnedToo ??
    (members.length > 0
      ? structureOf(context, state, call, place, members, given)
      : resultOf(context, state, call, place, summaryCase, returned, given, isResultCertain));
  state.registers[call.destination] = result;
  noteHandedOver(context, state, site, result);
  if (isPredicate(summary)) noteAnswerOfCall(context, state, result, place, values);
  const isLeftThere = (location: Location): boolean =>
    writes.some(({ write }, i) => places[i] === location && write.kind === 'unknown' && !write.other);
  if (toFill.length > 0) noteFilled(context, state, site, result, toFill.filter(isLeftThere));
  for (let i = 0; i < kept.length; i++) {
    const value = kept[i];
    if (value !== undefined && freedElsewhere[i].isReallocation) noteFailedReallocation(context, state, value, result);
  }
  return true;
}

/** What a case keeps, or one of the others. As a rule that is nothing. */
function allEscapes(summaryCase: SummaryCase, others: readonly SummaryCase[]): readonly AccessPath[] {
  let all = summaryCase.escapes;
  for (const { escapes } of others) if (escapes.length > 0) all = [...all, ...escapes];
  return all;
}

/** The case writes to what an argument points to, or lets others do that. */
function reaches({ writes, escapes, blurs }: SummaryCase, position: number): boolean {
  const name = `p${position}`;
  return (
    writes.some(({ path }) => path[0] === name) ||
    escapes.some((path) => path.length === 1 && path[0] === name) ||
    blurs.some((path) => path[0] === name)
  );
}

/** What a callee does to something behind its argument is told of that, and not of the argument, in the flaws from `first` on. */
function namePlaces(
  context: AnalysisContext,
  first: number,
  path: AccessPath,
  value: Value,
  values: readonly Value[],
): void {
  const { flaws, table, ir } = context;
  if (path.length === 1 || flaws.length === first) return;
  const place = pathOfValue(table, ir, table.base(value));
  const argument = values.at(argumentOf(path));
  const isObject = argument !== undefined && table.values[argument]?.kind === 'address' && path[1] === '*';
  const where = place && place.length > 1 ? { place } : { way: path.slice(isObject ? 2 : 1) };
  for (let i = first; i < flaws.length; i++) {
    const flaw = flaws[i];
    if (flaw.kind === 'double-free' || flaw.kind === 'use-after-free' || flaw.kind === 'unchecked-dereference')
      flaws[i] = { ...flaw, ...where };
  }
}

/** True for a place behind a pointer that stands in the block at `block`: in a neighbour of a list, say. */
function goesThrough(path: AccessPath, block: AccessPath): boolean {
  if (path.length <= block.length || block.some((step, i) => path[i] !== step)) return false;
  return path.slice(block.length).filter((step) => step === '*').length > 1;
}

/** The callee looked at the pointer itself, or at the outcome of its test (`check(p != NULL)`). */
function noteCheckedByCallee(context: AnalysisContext, state: State, value: Value): void {
  const shape = context.table.values[value];
  if (shape.kind === 'binary' && isComparison(shape.operator)) {
    // Whether two pointers are the same says of neither whether it is there.
    if (context.table.integerOf(shape.right) !== undefined) noteCheckedByCallee(context, state, shape.left);
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
