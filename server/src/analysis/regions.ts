import type { Origin } from '../ir/instructions.ts';
import type { Allocation } from '../models/function-model.ts';
import { assume, isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { noteForgottenMembers } from './forgotten-members.ts';
import { isDoubtedUse, isUnlinked, noteFreedUse } from './freed-uses.ts';
import { noteGivenUpUse, takeOver } from './given-up.ts';
import { noteRelease } from './handovers.ts';
import { noteHoldings } from './holdings.ts';
import { isArrayMember, noteInvalidFree, noteMismatch } from './invalid-frees.ts';
import { loseContents } from './kept-contents.ts';
import { noteLost, noteLostContents, reportLosses } from './leaks.ts';
import { noteFreed } from './loop-allocations.ts';
import { mayRewriteMemory } from './loops.ts';
import { dropContents, escapeValue, isHandedIn, iterationAt, renewedSymbol } from './memory.ts';
import { noteNullDereference } from './null-dereferences.ts';
import { freesWithOwnDestructor } from './own-destructors.ts';
import { type CalleeStep, changedRegion, type Site, type State, UNKNOWN_REGION } from './state.ts';
import type { AccessPath } from './summary.ts';
import { beginUnwritten, endUnwritten } from './unwritten-memory.ts';
import type { Location, Value } from './value-shapes.ts';

/** Where an instruction stands, for the events that it causes. */
export interface Place {
  readonly block: number;
  readonly instruction: number;
  readonly origin: Origin;
  readonly callee: string;
}

/** A new region, and the symbol that points to it. */
export function allocate(
  context: AnalysisContext,
  state: State,
  place: Place,
  allocation: Allocation,
  inner: readonly CalleeStep[],
  isUnchecked: boolean,
  size?: Value,
): Value {
  const site = context.site(place.block, place.instruction, place.origin, place.callee, inner);
  if (isUnchecked && context.environment.models.family(allocation.family).isCheckExpected)
    noteHoldings(context, state, site);
  const symbol = renewedSymbol(context, state, { kind: 'allocation', site: site.id, iteration: state.iteration });
  state.setRegion(
    symbol,
    changedRegion(UNKNOWN_REGION, {
      status: 'allocated',
      family: allocation.family,
      isUnchecked,
      allocation: site,
      size,
      isFromWidenedTurn: state.isInWidenedLoop,
    }),
  );
  if (allocation.content === 'unwritten') beginUnwritten(state, symbol);
  else endUnwritten(state, symbol);
  if (!isUnchecked) assume(context.table, state, symbol, true);
  return symbol;
}

/** The same for an allocation that failed on this path: its symbol is NULL. */
export function failAllocation(
  context: AnalysisContext,
  state: State,
  place: Place,
  allocation: Allocation,
  inner: readonly CalleeStep[],
): Value {
  const symbol = allocate(context, state, place, allocation, inner, true);
  assume(context.table, state, symbol, false);
  const region = state.regions.get(symbol);
  if (region) state.setRegion(symbol, changedRegion(region, { status: 'failed' }));
  return symbol;
}

/** True when an allocation failed on the path, and nobody has looked. */
export function hasUntestedFailure({ regions }: State): boolean {
  for (let i = 0; i < regions.size; i++) {
    const { status, isUnchecked } = regions.valueAt(i);
    if (status === 'failed' && isUnchecked) return true;
  }
  return false;
}

/**
 * A pointer is dereferenced at `place` (or by the callee there). Returns false when the path ends here: after a flaw that
 * would crash, nothing more is said of it. `isSized` where so many bytes are read or written as a value says that may be 0;
 * `path` for what a callee dereferences, as its summary says.
 */
export function dereference(
  context: AnalysisContext,
  state: State,
  pointer: Value,
  pointerOrigin: Origin,
  place: Place,
  inner: readonly CalleeStep[],
  isSized = false,
  path?: AccessPath,
): boolean {
  const { table } = context;
  const base = table.base(pointer);
  const region = state.regions.get(base);
  noteGivenUpUse(context, state, base);
  const use = (): Site => context.site(place.block, place.instruction, place.origin, place.callee, inner);
  if (region?.status === 'freed') {
    noteFreedUse(context, state, pointer, pointerOrigin, use, 'dereferenced');
    return true;
  }
  if (region?.allocation && (region.isUnchecked || region.status === 'failed')) {
    const isNullHere = isNull(table, state, base);
    // On a path in which nobody believes it is no news that there is no memory.
    const isBelieved = !isNullHere || !state.isDoubtful;
    const { isMemory, isCheckExpected, kind } = context.environment.models.family(region.family);
    const isFlaw = !region.isUnchecked || isCheckExpected;
    if (isFlaw && isBelieved && (isNullHere || !isNonNull(table, state, base))) {
      context.flaws.push({
        kind: 'unchecked-dereference',
        allocation: region.allocation,
        use: use(),
        pointer: pointerOrigin,
        assumedNull: region.isUnchecked ? undefined : region.assumedNull,
        failure: failureOf(context, region.allocation),
        isStream: kind === 'heap' && !isMemory,
      });
    }
    if (isNullHere) {
      // The path ends, but not in an orderly exit: what it lost before is still to be said.
      reportLosses(context, state);
      return false;
    }
    state.setRegion(base, changedRegion(region, { isUnchecked: false }));
  } else if (isNull(table, state, base)) {
    if (base !== table.zero) context.nullUses.noteLive(place.block, place.instruction, path);
    if (region === undefined) noteNullDereference(context, state, base, pointerOrigin, use, path);
    return false;
  }
  context.nullUses.noteLive(place.block, place.instruction, path);
  // Of a pointer that came out of memory nobody asks later whether it was dereferenced: its fact would only cost.
  const shape = table.values[base];
  const isOfInterest = region !== undefined || (shape.kind === 'symbol' && isHandedIn(table, base));
  if (isOfInterest && shape.kind === 'symbol') {
    if (!isNonNull(table, state, base)) {
      if (!region && !context.shown.has(base)) state.noteDereference(base, place.origin);
      if (isSized) context.sizedDereferences.add(place.origin.start);
      assume(table, state, base, true);
    } else if (region?.allocation === undefined && !state.dereferenced.has(base)) state.noteUse(base, place.origin);
  }
  return true;
}

/** True for the first member of a structure that a pointer leads to, which is where that is (C17 6.7.2.1p15), or the first of that. */
export function isAtBeginning({ table, places }: AnalysisContext, location: Location): boolean {
  let shape = table.locations[location];
  if (shape.kind !== 'field') return false;
  while (shape.kind === 'field') {
    if (places.positionOfMember(shape.parent, shape.name) !== 'first') return false;
    shape = table.locations[shape.parent];
  }
  return shape.kind === 'pointee';
}

/** What a block held that a callee freed, and where. */
export interface LostMember {
  readonly value: Value;
  readonly site: Site;
}

/**
 * A pointer is given to a deallocator. Returns false when the path ends here. `isUnlinkedByCallee` where the callee that frees
 * it also writes to what its members point to. A callee's caller is told what the block held, as `lost`, and sees what
 * becomes of it.
 */
export function free(
  context: AnalysisContext,
  state: State,
  pointer: Value,
  pointerOrigin: Origin,
  family: string,
  place: Place,
  inner: readonly CalleeStep[],
  isDefinite: boolean,
  isUnlinkedByCallee = false,
  isTested = isNonNull(context.table, state, pointer),
  lost?: LostMember[],
): boolean {
  const { table } = context;
  // What may be NULL by what a callee told is one value in all places.
  if (isNull(table, state, pointer) || pointer === table.possibleNull) return true;
  const base = table.base(pointer);
  const isBeginning = base !== pointer && isAtBeginning(context, table.pointee(pointer));
  const site = context.site(place.block, place.instruction, place.origin, place.callee, inner);
  const isBlock = isBeginning && !isArrayMember(context, table.pointee(pointer));
  if (isDefinite && !isBlock && noteInvalidFree(context, state, pointer, pointerOrigin, site)) {
    escapeValue(context, state, pointer);
    return true;
  }
  if ((base !== pointer && !isBeginning) || table.values[base].kind !== 'symbol') {
    // An interior pointer, a variable's address, an integer: whose memory this frees is not known.
    escapeValue(context, state, pointer);
    return true;
  }
  const region = state.regions.get(base);
  noteGivenUpUse(context, state, base);
  takeOver(state, base);
  if (region?.status === 'freed') {
    // A loop that came round and used the memory on the way was told of as that.
    const isKnown = region.isUsed && region.free?.id === site.id;
    if (
      isDefinite &&
      region.isDefinite &&
      region.free &&
      !isKnown &&
      !isDoubtedUse(context, state, region.free) &&
      !region.isFromWidenedTurn &&
      !isReread(context, state, base, region.free, site)
    ) {
      context.flaws.push({
        kind: 'double-free',
        first: region.free,
        second: site,
        pointer: pointerOrigin,
        allocation: region.allocation,
      });
    } else {
      context.firstFrees.add(site.id);
    }
    // It is gone, and nothing more is said of it.
    state.setRegion(base, changedRegion(region, { isDefinite: false }));
    return true;
  }
  context.firstFrees.add(site.id);
  if (!state.isDoubtful) context.believedFrees.add(site.id);
  if (!isDefinite || !noteMismatch(context, region, family, pointerOrigin, site)) context.fittingFrees.add(site.id);
  if (isDefinite) context.freedValues.add(base);
  if (isDefinite && inner.length === 0) noteForgottenMembers(context, state, region, pointerOrigin, place, () => site);
  const wasUnlinked = isUnlinkedByCallee || isUnlinked(context, state, base);
  if (wasUnlinked && isDefinite) forgetOtherNames(context, state, base, pointerOrigin, site);
  noteFreed(context, region?.allocation, site, pointerOrigin);
  noteRelease(context, region, site, isTested);
  const contents = dropContents(context, state, base);
  state.setRegion(
    base,
    changedRegion(UNKNOWN_REGION, {
      status: 'freed',
      family: region?.family || family,
      allocation: region?.allocation,
      free: site,
      isDefinite,
      isUnlinked: wasUnlinked,
      isFromWidenedTurn: region?.isFromWidenedTurn ?? false,
      handovers: region?.handovers,
    }),
  );
  // A library knows how to free what its own objects hold.
  const isOpaque =
    context.environment.models.family(family).isObject ||
    (contents.length > 0 && freesWithOwnDestructor(context.ir, place.block, place.instruction, pointerOrigin));
  if (isOpaque) for (const value of contents) escapeValue(context, state, value);
  else if (lost && isDefinite) for (const value of contents) lost.push({ value, site });
  else if (inner.length > 0) for (const value of contents) escapeValue(context, state, value);
  else {
    noteLost(context, state, contents, [], () => site, 'holder');
    noteLostContents(context, state, contents, () => site);
    loseContents(context, state, base, site);
  }
  return true;
}

/**
 * What was taken out from between its neighbours is not what leads to the list: where another variable seems to hold it, as
 * the head does when the search ends at the first element, that comes of a path on which the first has one before it. And
 * where a member seems to hold it, that is the neighbour whose member was written, by another name.
 */
function forgetOtherNames(
  context: AnalysisContext,
  state: State,
  freed: Value,
  pointerOrigin: Origin,
  site: Site,
): void {
  const { table, ir } = context;
  const argument = ir.text.slice(pointerOrigin.start, pointerOrigin.end).split(/\W+/);
  const origin = table.values[freed].kind === 'symbol' ? table.values[freed].origin : undefined;
  const places = [...state.memory].filter(([, held]) => held === freed).map(([location]) => location);
  // Where it stood from the beginning, and nothing was stored since, it is found again.
  if (origin?.kind === 'initial' && !state.memory.has(origin.location)) places.push(origin.location);
  for (const location of places) {
    const shape = table.locations[location];
    if (shape.kind !== 'variable' && shape.kind !== 'field') continue;
    if (argument.includes(shape.kind === 'field' ? shape.name : ir.variables[shape.variable].name)) continue;
    const iteration = iterationAt(state, location);
    state.bind(location, renewedSymbol(context, state, { kind: 'unknown', site: site.id * 2 + 1, iteration }));
  }
}

/**
 * A loop frees a pointer that no variable holds, only memory: an element or a member that is read again each turn. That
 * nothing wrote the place in between is more than can be known of lists and arrays without their types.
 */
function isReread(context: AnalysisContext, state: State, pointer: Value, first: Site, second: Site): boolean {
  const { table, ir } = context;
  const shape = table.values[pointer];
  const isFromMemory =
    shape.kind === 'symbol' &&
    (shape.origin.kind === 'initial' || shape.origin.kind === 'part' || shape.origin.kind === 'merged');
  const isComingRound = second.origin.start <= first.origin.start;
  if (isFromMemory && isComingRound) return mayRewriteMemory(context, second.block);
  for (const [location, held] of state.memory) {
    const place = table.locations[location];
    if (held !== pointer || place.kind !== 'variable') continue;
    const { name, isArray } = ir.variables[place.variable];
    if (name !== '' && !isArray) return false;
  }
  return !isFromMemory && (mayRewriteMemory(context, first.block) || mayRewriteMemory(context, second.block));
}

/**
 * A test found the pointer NULL or not on this path: from here on it counts as checked. Returns false when the path
 * cannot be: an allocation fails only when it was asked for something.
 */
export function noteTest(context: AnalysisContext, state: State, value: Value, origin: Origin): boolean {
  const { table } = context;
  const base = table.base(value);
  const region = state.regions.get(base);
  if (!region) return true;
  if (isNull(table, state, base)) {
    if (region.source) {
      // What code out of sight answers with NULL is no failed allocation: nothing is known of it.
      state.deleteRegion(base);
      return true;
    }
    if (region.size !== undefined && !assume(table, state, table.binary('>', region.size, table.zero), true))
      return false;
    if (region.status === 'allocated' || region.status === 'escaped') {
      state.setRegion(base, changedRegion(region, { status: 'failed', isUnchecked: false, assumedNull: origin }));
    } else if (region.status === 'failed') {
      state.setRegion(base, changedRegion(region, { isUnchecked: false, assumedNull: origin }));
    }
  } else if ((region.isUnchecked || !region.isTested) && isNonNull(table, state, base)) {
    state.setRegion(base, changedRegion(region, { isUnchecked: false, isTested: true }));
  }
  return true;
}

/** When the function that made the memory, at the end of its wrappers, gives NULL, if it is not that there is none left. */
function failureOf({ environment }: AnalysisContext, { callee, inner }: Site): string | undefined {
  return environment.models.shipped(inner.at(-1)?.callee ?? callee)?.allocates?.failure;
}
