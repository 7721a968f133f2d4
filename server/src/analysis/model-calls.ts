import { definitionOf } from '../ir/definitions.ts';
import type { Origin } from '../ir/instructions.ts';
import type { TypeTerm } from '../ir/type-terms.ts';
import type { Allocation, FunctionModel } from '../models/function-model.ts';
import { isStandardAllocator } from '../models/registry.ts';
import { extentOf, noteExtent, noteRequest } from './allocation-sizes.ts';
import { noteCopy, textBefore } from './call-bounds.ts';
import type { CallInstruction } from './calls.ts';
import { assume, isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { executeDeallocation } from './deallocations.ts';
import { isAnsweredBefore, noteAnswer, noteQuestion } from './doubt.ts';
import { errorPlaceOf, leaveError } from './error-places.ts';
import { exchange, isLentToSystem } from './exchanged-memory.ts';
import { formattedArguments, scannedIn } from './formats.ts';
import { noteFreedUse } from './freed-uses.ts';
import { noteGivenArgumentRead } from './given-places.ts';
import { putMoved, takeMoved } from './grown-blocks.ts';
import { noteInvalidFree } from './invalid-frees.ts';
import { overwritePointee } from './invalidation.ts';
import { escapeReachable, escapeValue, loadValue, storeValue } from './memory.ts';
import { noteNullDereference } from './null-dereferences.ts';
import { argumentPath } from './null-uses.ts';
import { advance, pureAnswer } from './pure-answers.ts';
import { allocate, dereference, failAllocation, free, type Place } from './regions.ts';
import { changedRegion, type Site, type State, UNKNOWN_REGION } from './state.ts';
import { loseCharacters, noteLength } from './string-sizes.ts';
import { assignMacroArguments, assignUnknown } from './unassigned.ts';
import { executeUnknown, freshResult } from './unknown-calls.ts';
import { noteUnwrittenRead } from './unwritten-memory.ts';
import type { Value } from './value-shapes.ts';

const NO_POSITIONS: readonly number[] = [];

/*
 * Calls of functions that a model describes: allocators and deallocators first of all.
 */

export function executeModel(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  model: FunctionModel,
): State[] {
  const { table } = context;
  const site = context.site(place.block, place.instruction, call.origin, call.callee, []);
  for (const position of model.dereferences) {
    if (position >= values.length) continue;
    // What is freed for the second time is freed twice, which says more than that it is used.
    if (position === model.frees?.argument && state.regions.get(table.base(values[position]))?.status === 'freed')
      continue;
    // Of nothing NULL may be given as well, and how much it is may be known only to the path.
    const size = model.bytes === undefined ? undefined : values[model.bytes];
    const isNothing = size !== undefined && isNull(table, state, size);
    if (isNothing && isNull(table, state, values[position])) continue;
    const isSized = size !== undefined && !isNonNull(table, state, size);
    const origin = call.argumentOrigins[position];
    if (!dereference(context, state, values[position], origin, place, [], isSized, argumentPath(position))) return [];
  }
  // Of memory that is not in a variable the system may keep the address until it has done what it is asked for.
  const exchanged = model.exchanges ?? NO_POSITIONS;
  if (exchanged.some((position) => position < values.length && !isLentToSystem(context, state, values[position])))
    return executeUnknown(context, state, call, place, values);
  if (!model.frees && !model.reallocates) assignMacroArguments(context, state, call, place, site.id);
  if (model.out) {
    // It leaves something in the other places that it is given as well.
    for (const [position, value] of values.entries())
      if (position !== model.out.argument) assignUnknown(context, state, value, site.id);
  }
  const formatted = model.format === undefined ? undefined : formattedArguments(context, call, values, model);
  const read = formatted && formatted.read.length > 0 ? [...model.reads, ...formatted.read] : model.reads;
  if (read.length > 0) context.givenPlaces.reads.visit(context, state, place);
  for (const position of read) {
    if (position >= values.length) continue;
    const location = table.pointee(values[position]);
    noteUnwrittenRead(context, state, location, call.argumentOrigins[position], place);
    // What only the caller may know to be nothing is not always read.
    const size = model.bytes === undefined ? undefined : values.at(model.bytes);
    if (model.bytes === undefined || (size !== undefined && isNonNull(table, state, size)))
      noteGivenArgumentRead(context, location, loadValue(context, state, location), place);
  }
  for (const position of model.mayRead ?? []) {
    if (position >= values.length || isNull(table, state, values[position])) continue;
    const origin = call.argumentOrigins[position];
    noteFreedUse(context, state, values[position], origin, () => site, 'dereferenced');
    noteUnwrittenRead(context, state, table.pointee(values[position]), origin, place);
  }
  if (model.sizedBuffer !== undefined && model.sizedBuffer.size < values.length) {
    const { argument, size } = model.sizedBuffer;
    // A size of 0 is how one asks for the length: then the buffer may be NULL.
    const region = state.regions.get(table.base(values[argument]));
    // What was asked for and not given was more than nothing.
    const isWritten = isNonNull(table, state, values[size]) || (region?.isUnchecked && region.size === values[size]);
    if (isWritten && !dereference(context, state, values[argument], call.argumentOrigins[argument], place, []))
      return [];
  }
  const scanned = model.scan === undefined ? [] : scannedIn(context, values, model.scan);
  for (const position of scanned) {
    if (!dereference(context, state, values[position], call.argumentOrigins[position], place, [])) return [];
  }
  for (const position of formatted?.texts ?? []) {
    // A format may ask for more than the call gives.
    if (position >= values.length) continue;
    noteNullText(context, state, values[position], call.argumentOrigins[position], site);
    noteFreedUse(context, state, values[position], call.argumentOrigins[position], () => site, 'dereferenced');
  }
  if (model.noreturn === 'always') return [];
  if (model.isUnreached) state.isDoubtful = true;
  if (model.noreturn === 'nonzero-argument' && values.length > 0) {
    if (!assume(table, state, values[0], false)) return [];
  }
  for (const position of model.keeps) {
    if (position >= values.length) continue;
    context.takenValues.add(values[position]);
    escapeValue(context, state, values[position]);
  }
  const copied = wholeCopied(context, state, call, place, values);
  if (model.writes.length > 0 && copied === undefined) {
    // memcpy and its like: pointers in what they read have a copy from now on.
    const isCopy = COPYING_NAME.test(call.callee);
    for (const position of model.dereferences) {
      if (position >= values.length || model.writes.includes(position)) continue;
      if (state.regions.size > 0 || isCopy) escapeReachable(context, state, values[position]);
      // What a caller's structure holds has another owner, too.
      const content = isCopy ? contentOfParameter(context, values[position]) : undefined;
      if (content !== undefined && !state.regions.has(content)) state.setRegion(content, UNKNOWN_REGION);
    }
  }
  const errorPlace = errorPlaceOf(context, state, values, model);
  if (errorPlace !== undefined && model.error?.isAlways) leaveError(context, state, errorPlace, site.id);
  const before = textBefore(context, state, values, model);
  for (const position of model.writes) {
    if (position >= values.length || values[position] === table.zero || position === model.error?.argument) continue;
    if (exchanged.includes(position)) exchange(context, state, values[position], site.id);
    else overwritePointee(context, state, values[position], site.id);
  }
  if (copied !== undefined) storeValue(context, state, table.pointee(values[0]), copied, site.id);
  if (model.advances !== undefined) advance(context, state, values.at(model.advances), site.id);
  if (model.frees && model.frees.argument < values.length) {
    return executeDeallocation(context, state, call, place, values, model.frees) ? [state] : [];
  }
  noteCopy(context, state, call, place, values, model, before);
  const allocates = allocationOf(context, state, values, model);
  if (allocates && (values.length > 0 || !isStandardAllocator(call.callee))) {
    let failed: State | undefined;
    if (allocates.nullable && errorPlace !== undefined) {
      failed = state.fork();
      leaveError(context, failed, errorPlace, site.id);
      failed.registers[call.destination] = failAllocation(context, failed, place, allocates, []);
    }
    const isUnchecked = allocates.nullable && failed === undefined;
    // calloc's two arguments multiply; of the others the last says the size.
    const size = values.length === 1 ? values[0] : undefined;
    const symbol = allocate(context, state, place, allocates, [], isUnchecked, size);
    if (context.environment.models.family(allocates.family).kind === 'library') leaveToLibrary(state, symbol);
    if (allocates.content === 'zeroed') state.bind(table.pointee(symbol), table.zero);
    noteExtent(context, state, call, place, symbol, extentOf(context, model, values), model.size ?? []);
    if (model.purity) {
      noteQuestion(context, symbol, call.callee, values);
      if (isAnsweredBefore(context, state, symbol, place.block)) assume(table, state, symbol, true);
    }
    state.registers[call.destination] = symbol;
    return failed === undefined ? [state] : [state, failed];
  }
  if (model.reallocates && model.reallocates.argument < values.length) {
    return executeReallocation(context, state, call, place, values, model.reallocates, model);
  }
  if (model.out && model.out.argument < values.length) {
    return executeOutAllocation(context, state, call, place, values, model.out, errorPlace);
  }
  if (model.separates !== undefined && model.separates < values.length)
    return executeSeparation(context, state, call, place, values[model.separates], site);
  if (model.returnsArgument !== undefined && model.returnsArgument < values.length) {
    state.registers[call.destination] = values[model.returnsArgument];
    return [state];
  }
  if (model.interior !== undefined && model.interior < values.length)
    loseCharacters(context, state, values[model.interior], site.id);
  const result = pureAnswer(context, state, call, place, values, model) ?? freshResult(context, state, call, place);
  const inside =
    givenBackBlock(context, state, values, model) ??
    (model.interior === undefined ? undefined : insideOf(context, state, values[model.interior], result, true));
  if (inside !== undefined) {
    if (model.returnsNonNull) {
      state.registers[call.destination] = inside;
      return [state];
    }
    const missing = state.fork();
    // No branch asks of an address whether it is one: that the function found something is its answer.
    if (model.purity) noteAnswer(context, state, result, true, place.block);
    state.registers[call.destination] = inside;
    missing.registers[call.destination] = result;
    return assume(table, missing, result, false) ? [state, missing] : [state];
  }
  if (model.returnsNonNull) assume(table, state, result, true);
  if (model.failsWithMinusOne) table.lowerBounds.set(result, -1);
  if (model.measures !== undefined && model.measures < values.length) {
    noteLength(context, state, result, values[model.measures], call.callee === 'wcslen' ? WIDE : 1);
    table.lowerBounds.set(result, 0);
  }
  state.registers[call.destination] = result;
  return [state];
}

/** What a function allocates: some do only where they are given no buffer. */
function allocationOf(
  { table }: AnalysisContext,
  state: State,
  values: readonly Value[],
  { allocates, allocatesForNull }: FunctionModel,
): Allocation | undefined {
  if (allocates || !allocatesForNull || allocatesForNull.argument >= values.length) return allocates;
  return isNull(table, state, values[allocatesForNull.argument]) ? allocatesForNull.allocation : undefined;
}

/** What stays the library's is followed for who frees it, and nothing else is said of it. */
function leaveToLibrary(state: State, symbol: Value): void {
  state.setRegion(symbol, changedRegion(state.regions.get(symbol)!, { status: 'escaped' }));
}

/** The block that a function like `fgets` was given, and gives back unless it fails. Undefined as in `insideOf`. */
function givenBackBlock(
  { table }: AnalysisContext,
  state: State,
  values: readonly Value[],
  { returnsArgumentOrNull: position }: FunctionModel,
): Value | undefined {
  const argument = position === undefined ? undefined : values.at(position);
  if (argument === undefined) return undefined;
  return state.regions.get(table.base(argument))?.status === 'allocated' ? argument : undefined;
}

/**
 * An address somewhere in the block that an argument points to, as `strchr` gives it: it dangles when the block is freed, and keeps
 * it from being lost. Undefined where nothing is followed of the block, so that no path is split for it: of what the function was given
 * something is where it frees.
 */
function insideOf(
  { table, mayRelease, foundInGiven }: AnalysisContext,
  state: State,
  argument: Value | undefined,
  offset: Value,
  isGivenFollowed: boolean,
): Value | undefined {
  if (argument === undefined) return undefined;
  const base = table.base(argument);
  const region = state.regions.get(base);
  const shape = table.values[base];
  const isGiven = shape.kind === 'symbol' && (shape.origin.kind === 'parameter' || shape.origin.kind === 'initial');
  const isFollowed = region?.allocation ? region.status === 'allocated' : isGiven && isGivenFollowed && mayRelease;
  if (!isFollowed) return undefined;
  // Where that is, which may be at the very beginning, is another question than whether something was found.
  const position = table.symbol({ kind: 'named', key: `position of ${offset}` });
  const inside = table.addressOf(table.element(table.pointee(base), position));
  if (!region?.allocation) foundInGiven.add(inside).add(position);
  return inside;
}

/**
 * `strsep(&rest, ",")` gives what `rest` was, and moves `rest` behind the next separator in the same block, or to NULL where there
 * is none.
 */
function executeSeparation(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  argument: Value,
  site: Site,
): State[] {
  const { table } = context;
  const rest = table.pointee(argument);
  const text = loadValue(context, state, rest);
  const result = freshResult(context, state, call, place);
  const moved = insideOf(context, state, text, result, false);
  if (moved === undefined) {
    // A text that is not followed may as well be where it was: to tell its pieces apart makes paths, and shows nothing.
    state.registers[call.destination] = isNull(table, state, text) ? table.zero : result;
    return [state];
  }
  const last = state.fork();
  for (const [on, value] of [[state, moved] as const, [last, table.zero] as const]) {
    on.registers[call.destination] = text;
    storeValue(context, on, rest, value, site.id);
  }
  return [state, last];
}

/** `memcpy(&copy, &original, sizeof copy)` is an assignment of the whole: what it copies; `memset(&made, 0, sizeof made)` one of zero. */
function wholeCopied(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  { block, instruction }: Place,
  values: readonly Value[],
): Value | undefined {
  const isCleared = call.callee === 'memset' && values.length === 3 && values[1] === context.table.zero;
  if (values.length !== 3 || (!isCleared && !WHOLE_COPY.test(call.callee))) return undefined;
  const { table, ir } = context;
  // All that was asked for: `p = malloc(n); memset(p, 0, n);` is `p = calloc(1, n);`.
  if (isCleared && state.regions.get(values[0])?.extent === values[2]) return table.zero;
  const size = definitionOf(ir.blocks[block].instructions, instruction, call.arguments[2]);
  const isObject = (value: Value): boolean => {
    const shape = table.values[value];
    if (shape.kind !== 'address') return false;
    const target = table.locations[shape.location];
    if (target.kind === 'variable') return !ir.variables[target.variable].isArray;
    return target.kind === 'field' && !context.places.isArrayMember(target.name);
  };
  if (size?.op !== 'sizeof') return undefined;
  if (isCleared && isRecordOf(context, values[0], size.type)) return table.zero;
  if (!isObject(values[0])) return undefined;
  if (isCleared) return table.zero;
  if (!isObject(values[1])) return undefined;
  return loadValue(context, state, table.pointee(values[1]));
}

/** A pointer that was passed to a structure of this type. */
function isRecordOf({ table, places, sizes }: AnalysisContext, pointer: Value, type: TypeTerm): boolean {
  if (table.values[pointer].kind !== 'symbol') return false;
  const own = places.typeOf(table.pointee(pointer));
  const pointee = own && sizes.types.resolve(own);
  const measured = sizes.types.resolve(type);
  return pointee?.kind === 'record' && measured.kind === 'record' && pointee.name === measured.name;
}

/** NULL is printed as text: some libraries write `(null)` instead, so the path goes on. */
function noteNullText(context: AnalysisContext, state: State, value: Value, origin: Origin, site: Site): void {
  const { table } = context;
  if (isNull(table, state, value) && !state.regions.has(table.base(value)))
    noteNullDereference(context, state, value, origin, () => site);
}

/** realloc: on success the old block is gone, on failure it is still there and the result is NULL. */
function executeReallocation(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  model: NonNullable<FunctionModel['reallocates']>,
  { size: positions = [] }: Pick<FunctionModel, 'size'>,
): State[] {
  const { table } = context;
  const old = values[model.argument];
  const base = table.base(old);
  const region = state.regions.get(base);
  const giveBack = (on: State): void => {
    if (isNull(table, on, old)) return;
    free(context, on, old, call.argumentOrigins[model.argument], model.allocation.family, place, [], true);
  };
  if (region?.status === 'freed') {
    // What is freed already is given back once more.
    giveBack(state);
    state.setRegion(base, changedRegion(region, { status: 'escaped' }));
  }
  // realloc(p, 0) frees, and may give NULL or not: left open.
  const size = values[model.argument + 1];
  if (size !== undefined && table.integerOf(size) === 0) {
    escapeReachable(context, state, old);
    const site = context.site(place.block, place.instruction, place.origin, place.callee, []);
    // Where the size stands is known of models only, not of names that look like realloc.
    if (positions.includes(model.argument + 1)) {
      noteRequest(context, site, table.zero);
      giveBack(state);
    }
    escapeValue(context, state, old);
    state.registers[call.destination] = freshResult(context, state, call, place);
    return [state];
  }
  const failed = state.fork();
  // NULL for a size of nothing is no failure: programs tell the two apart by the size.
  const mayFail = size === undefined || assume(table, failed, table.binary('>', size, table.zero), true);
  const failure = failAllocation(context, failed, place, model.allocation, []);
  failed.registers[call.destination] = failure;
  if (model.freesOnFailure) giveBack(failed);
  else noteFailedReallocation(context, failed, old, failure);
  // What the block holds moves with it: it must not be thought lost with the old address.
  const moved = takeMoved(context, state, old);
  giveBack(state);
  // What was in the old block is in the new one, as far as it goes.
  const grown: Allocation = isNull(table, state, old) ? model.allocation : { ...model.allocation, content: 'written' };
  const result = allocate(context, state, place, grown, [], false);
  putMoved(context, state, result, moved);
  noteExtent(context, state, call, place, result, extentOf(context, { size: positions }, values), positions);
  state.registers[call.destination] = result;
  return model.allocation.nullable && mayFail ? [state, failed] : [state];
}

/** The block stays where it is when realloc fails, and so does whoever must free it. */
export function noteFailedReallocation(context: AnalysisContext, state: State, old: Value, failure: Value): void {
  const { table } = context;
  if (table.base(old) !== old || isNull(table, state, old)) return;
  const shape = table.values[old];
  if (shape.kind !== 'symbol' || shape.origin.kind === 'uninitialised') return;
  state.setRegion(old, changedRegion(state.regions.get(old) ?? UNKNOWN_REGION, { failedReallocation: failure }));
}

/** The bytes of a wide character. */
const WIDE = 4;

/** Functions that copy as many bytes as they are told, and those that copy whatever bytes they are given, pointers among them. */
const WHOLE_COPY = /^(__builtin_)?mem(cpy|move)$/;
const COPYING_NAME = /^(?:__builtin_)?(?:mem|bcopy)/;

/** What stood behind a parameter when the function was called. */
function contentOfParameter({ table }: AnalysisContext, pointer: Value): Value | undefined {
  const base = table.base(pointer);
  const shape = table.values[base];
  return shape.kind === 'symbol' && shape.origin.kind === 'parameter'
    ? table.initial(table.pointee(base), 0)
    : undefined;
}

/** posix_memalign, asprintf, getline: the memory comes through an argument, the result tells whether it came. */
function executeOutAllocation(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  model: NonNullable<FunctionModel['out']>,
  errorPlace: Value | undefined,
): State[] {
  const { table } = context;
  const site = context.site(place.block, place.instruction, call.origin, call.callee, []);
  const target = table.pointee(values[model.argument]);
  let old: Value | undefined;
  if (model.replaces) {
    const before = loadValue(context, state, target);
    noteInvalidFree(context, state, before, call.argumentOrigins[model.argument], site);
    const region = state.regions.get(table.base(before));
    if (region?.status === 'freed') {
      if (!dereference(context, state, before, call.argumentOrigins[model.argument], place, [])) return [];
    }
    old = region?.status === 'allocated' ? before : undefined;
    state.deleteRegion(table.base(before));
  }
  const failed = state.fork();
  if (old !== undefined) {
    // It is grown as by realloc(): whoever has its address otherwise has an old one (POSIX, getdelim).
    const free = context.site(place.block, place.instruction, call.origin, call.callee, []);
    const { family } = model.allocation;
    state.setRegion(table.base(old), changedRegion(UNKNOWN_REGION, { status: 'freed', family, free }));
  }
  if (errorPlace !== undefined) leaveError(context, failed, errorPlace, site.id);
  const symbol = allocate(context, state, place, model.allocation, [], false);
  state.setRegion(symbol, changedRegion(state.regions.get(symbol)!, { isStoredByCallee: true }));
  storeValue(context, state, target, symbol, site.id);
  const success = freshResult(context, state, call, place);
  state.registers[call.destination] = success;
  const failure = freshResult(context, failed, call, place);
  failed.registers[call.destination] = failure;
  if (model.success === 'zero' || model.success === 'true') {
    assume(table, state, success, model.success === 'true');
    assume(table, failed, failure, model.success === 'zero');
    // The errors of getaddrinfo() are, with the C libraries of Linux, and programs test for just that.
    if (model.failsBelowZero) assume(table, failed, table.binary('<', failure, table.zero), true);
  } else {
    // asprintf may print nothing at all; that a test of `> 0` takes this for a failure is not worth a path.
    assume(table, state, table.binary('>', success, table.zero), true);
    // All of these say failure with -1, and programs test for just that.
    assume(table, failed, table.binary('==', failure, table.integer(-1)), true);
  }
  if (model.replaces) {
    // The buffer may have been given before the failure, and is the caller's to free; or it is still NULL.
    storeValue(context, failed, target, allocate(context, failed, place, model.allocation, [], true), site.id);
  } else {
    storeValue(context, failed, target, failAllocation(context, failed, place, model.allocation, []), site.id);
  }
  return [state, failed];
}
