import { isInLoop } from '../ir/control-flow.ts';
import type { Allocation } from '../models/function-model.ts';
import { isAddressPath, isComputedPath, isStepPath } from './access-paths.ts';
import { noteRequest } from './allocation-sizes.ts';
import type { CallInstruction } from './calls.ts';
import { assume, isNonNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { epochOf, iterationAt, renewedSymbol } from './memory.ts';
import { givenOther } from './other-memory.ts';
import { argumentOfSize, extentOfFresh } from './parameter-reach.ts';
import { allocate, failAllocation, type Place } from './regions.ts';
import { changedRegion, type Fact, type State, UNKNOWN_REGION } from './state.ts';
import type { AccessPath, FreshMemory, SummaryCase, SummaryWrite } from './summary.ts';
import { freshResult } from './unknown-calls.ts';
import { endUnwritten } from './unwritten-memory.ts';
import { type AggregatePart, type Location, NO_VALUE, type Value } from './value-shapes.ts';

/*
 * The values that a callee returns and leaves in memory, by the case of its summary.
 */

/** What a call was given, by the paths that the summary says of new memory's parts, and how long that memory is by it. */
interface Given {
  readonly extents: ReadonlyMap<FreshMemory, Value>;
  readonly contents: ReadonlyMap<AccessPath, Value>;
}

const NOTHING_GIVEN: Given = { extents: new Map(), contents: new Map() };

function freshMemories({ result, writes }: SummaryCase): FreshMemory[] {
  const parts = result.kind === 'structure' ? result.parts : [];
  const found = [...writes, ...parts].flatMap(({ write }) => (write.kind === 'fresh' ? [write.allocation] : []));
  return result.kind === 'fresh' ? [result.allocation, ...found] : found;
}

export function whatIsGiven(
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

export function assumeFact(context: AnalysisContext, state: State, value: Value, fact: Fact): boolean {
  const { table } = context;
  if (fact.isNonZero && !assume(table, state, value, true)) return false;
  if (fact.low === 0 && fact.high === 0) return assume(table, state, value, false);
  if (Number.isFinite(fact.low) && !assume(table, state, table.binary('>=', value, table.integer(fact.low)), true))
    return false;
  return !Number.isFinite(fact.high) || assume(table, state, table.binary('<=', value, table.integer(fact.high)), true);
}

export function writtenValue(
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
      // Of a number that is not known a turn of a loop would make another each time.
      if (source !== undefined && (!isComputedPath(write.path) || table.integerOf(source) !== undefined)) return source;
      break;
    case 'unknown':
      if (write.other && isCertain) {
        const value = givenOther(context, state, place, write.other);
        if (write.isNonZero) assume(table, state, value, true);
        return value;
      }
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
    if (!state.isDoubtful) context.believedFrees.add(free.id);
    context.freesByCallees.add(free.id);
    state.setRegion(unknown, changedRegion(UNKNOWN_REGION, { status: 'freed', family: write.family, free }));
  }
  return unknown;
}

/** A structure that the callee returns as a whole, with what is known of its members. */
export function structureOf(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  members: readonly { part: readonly string[]; write: SummaryWrite; source: Value | undefined; isCertain: boolean }[],
  given: Given,
): Value {
  const { table } = context;
  const whole = freshResult(context, state, call, place);
  const isZeroed = members.some(({ part }) => part.length === 0);
  const rest = isZeroed ? table.zero : whole;
  const parts: AggregatePart[] = [];
  for (const { part, write, source, isCertain } of members) {
    if (part.length === 0) continue;
    if (write.kind === 'unknown' && !write.isNonZero && !(write.other && isCertain)) {
      if (isZeroed)
        parts.push({ path: part, value: table.symbol({ kind: 'part', whole, path: `.${part.join('.')}` }) });
      continue;
    }
    // What the member held before is no business of a new structure: there is no location to name the value after.
    const value = writtenValue(context, state, place, write, source, NO_VALUE, 0, given, isCertain);
    parts.push({ path: part, value });
  }
  // Of a structure that is zero as a whole nothing is known to follow.
  return parts.length === 0 ? whole : table.symbol({ kind: 'aggregate', rest, parts });
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
    const location = part.reduce((parent, name) => context.places.placeOfMember(parent, name), table.pointee(symbol));
    // What several ways of the callee's wrote there may be told by the one.
    if (write.kind === 'null') state.bind(location, table.possibleNull);
    else if (write.kind === 'integer') state.bind(location, table.integer(write.value));
    else if (write.kind === 'unknown') {
      const value = table.symbol({ kind: 'initial', location, epoch: epochOf(context, state, location) });
      state.bind(location, value);
      if (write.isNonZero) assume(table, state, value, true);
      endUnwritten(state, symbol);
    } else if (write.kind === 'fresh') {
      const held = freshMemory(context, state, place, write.allocation, given, true);
      state.setRegion(held, changedRegion(state.regions.get(held)!, { member: part.join('.') }));
      state.bind(location, held);
    } else {
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

export function resultOf(
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
      if (returned === undefined || (isStepPath(result.path) && isInLoop(context.flow, place.block))) break;
      // Inside of what is there nothing is at address 0.
      if (isAddressPath(result.path) && isNonNull(table, state, table.base(returned)))
        assume(table, state, returned, true);
      return returned;
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
      const value =
        result.other && isCertain
          ? givenOther(context, state, place, result.other)
          : freshResult(context, state, call, place);
      assumeFact(context, state, value, result.fact);
      return value;
    }
    default:
      break;
  }
  return freshResult(context, state, call, place);
}
