import { definitionOf } from '../ir/definitions.ts';
import type { BlockId, Origin, Register } from '../ir/instructions.ts';
import { pathOfLocation, resolvePath } from './access-paths.ts';
import type { CallInstruction } from './calls.ts';
import type { AnalysisContext } from './context.ts';
import { furthestIndex } from './counted-loops.ts';
import { EveryWay, type EveryWayQuestion } from './every-way.ts';
import { isUntouchedGlobal } from './interface-sizes.ts';
import { isMemberOfOther, isOffset, noteInvalidFree } from './invalid-frees.ts';
import { loadValue } from './memory.ts';
import { mayBeGiven } from './parameter-reach.ts';
import type { Place } from './regions.ts';
import type { CalleeStep, Site, State } from './state.ts';
import { type AccessPath, type PlaceUse, stepsOf } from './summary.ts';
import { noteUnwrittenRead } from './unwritten-memory.ts';
import { type Location, NO_VALUE, type Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/*
 * What a function does with places that its caller gave, and that only the caller can judge: it reads what stood there on entry,
 * which nobody may have written, and it frees what lies inside of a block.
 */

/** So many places that a function reads are told to its callers. */
const MAXIMUM_READS = 16;

interface GivenPlace {
  readonly path: AccessPath;
  readonly site: Site;
  readonly block: BlockId;
  /** The pointer to the block that the place is in. */
  readonly given: Value;
}

export class GivenPlaces {
  readonly reads = new EveryWay<GivenPlace>();
  readonly innerFrees = new EveryWay<GivenPlace>();
}

/** A load gives what stood in a place on entry. `register` is the place's address. */
export function noteGivenRead(
  context: AnalysisContext,
  state: State,
  location: Location,
  value: Value,
  place: Place,
  register: Register,
): void {
  const { table } = context;
  const { reads } = context.givenPlaces;
  reads.visit(context, state, place);
  if (!isContentOnEntry(context, location, value)) return;
  const { instructions } = context.ir.blocks[place.block];
  let part = definitionOf(instructions, place.instruction, register);
  while (part?.op === 'field') part = definitionOf(instructions, place.instruction, part.base);
  const furthest = part?.op === 'element' ? furthestIndex(context, place.block, place.instruction, part) : undefined;
  if (!furthest) {
    note(context, reads, location, place, []);
    return;
  }
  // What a loop reads first it reads whenever it has a turn.
  const first = indexOf(table, location);
  const { last } = furthest;
  if (first === undefined || last === undefined || last.variable !== undefined || last.offset < first) return;
  note(context, reads, location, place, [], furthest.head);
}

/** The number of the element that a place is, or is a part of; undefined where it is not known. */
function indexOf(table: ValueTable, location: Location): number | undefined {
  for (let shape = table.locations[location]; ; shape = table.locations[shape.parent]) {
    if (shape.kind === 'element') return table.integerOf(shape.index);
    if (shape.kind !== 'field') return 0;
  }
}

/** A library function reads what a pointer points to. */
export function noteGivenArgumentRead(context: AnalysisContext, location: Location, value: Value, place: Place): void {
  if (isContentOnEntry(context, location, value)) note(context, context.givenPlaces.reads, location, place, []);
}

/** The value is what a place held on entry that the caller gave. */
function isContentOnEntry(context: AnalysisContext, location: Location, value: Value): boolean {
  const { table } = context;
  const shape = table.values[value];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'initial') return false;
  if (shape.origin.epoch !== 0 || shape.origin.location !== location) return false;
  const root = table.locations[table.root(location)];
  return root.kind === 'pointee' && mayBeGiven(context, root.pointer);
}

/** A pointer is given to a deallocator: is it one that the caller gave, and was moved? */
export function noteGivenFree(context: AnalysisContext, state: State, pointer: Value, place: Place): void {
  const { table } = context;
  const { innerFrees } = context.givenPlaces;
  innerFrees.visit(context, state, place);
  const base = table.base(pointer);
  if (base === pointer || !mayBeGiven(context, base) || state.regions.get(base)?.allocation) return;
  // What is wrong whoever calls is told of here.
  if (isMemberOfOther(context, pointer)) return;
  const location = placeInside(context, pointer);
  if (location !== undefined && isOffset(context, location)) note(context, innerFrees, location, place, []);
}

/** The place that a pointer points to, also where nothing says that it is one but that it was added to. */
function placeInside({ table }: AnalysisContext, pointer: Value): Location | undefined {
  const shape = table.values[pointer];
  if (shape.kind === 'address') return shape.location;
  if (shape.kind !== 'binary' || shape.operator !== '+' || table.base(shape.left) !== shape.left) return undefined;
  return table.element(table.pointee(shape.left), shape.right);
}

function note(
  context: AnalysisContext,
  uses: EveryWay<GivenPlace>,
  place: Location | AccessPath,
  at: Place,
  inner: readonly CalleeStep[],
  block = at.block,
): void {
  const path = typeof place === 'number' ? pathOfLocation(context.table, context.ir, place) : place;
  if (!path) return;
  uses.note(at, path.join(' '), () => {
    const site = context.site(at.block, at.instruction, at.origin, at.callee, inner);
    return { path, site, block, given: typeof place === 'number' ? blockOf(context.table, place) : NO_VALUE };
  });
}

function blockOf(table: ValueTable, location: Location): Value {
  const root = table.locations[table.root(location)];
  return root.kind === 'pointee' ? root.pointer : NO_VALUE;
}

/** The places that a function uses whichever way it ends. */
export function placesUsedAlways(
  context: AnalysisContext,
  file: string,
  uses: EveryWay<GivenPlace>,
  isOnEveryWay: EveryWayQuestion,
): PlaceUse[] {
  const found = new Map<string, PlaceUse>();
  for (const { path, site, block, given } of uses.shownByAll()) {
    const key = path.join(' ');
    if (found.has(key) || found.size >= MAXIMUM_READS || !isOnEveryWay(block, given)) continue;
    found.set(key, { path, steps: stepsOf(file, context.ir.name, site) });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, use]) => use);
}

/** A callee reads places that it was given, as they stand before the call. */
export function applyReads(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  uses: readonly PlaceUse[],
): void {
  const { reads } = context.givenPlaces;
  forEachPlace(context, state, call, place, values, uses, reads, (location, origin, steps) => {
    noteUnwrittenRead(context, state, location, origin, place, steps);
  });
}

/** A callee frees places inside of what it was given. */
export function applyInnerFrees(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  uses: readonly PlaceUse[],
): void {
  const { table, environment } = context;
  const { innerFrees } = context.givenPlaces;
  forEachPlace(context, state, call, place, values, uses, innerFrees, (location, origin, steps) => {
    const pointer = table.addressOf(location);
    const allocation = state.regions.get(table.base(pointer))?.allocation;
    // An allocator whose body is not in sight may leave room in front of what it gives.
    const innermost = allocation?.inner.at(-1)?.callee ?? allocation?.callee;
    if (allocation && !environment.models.shipped(innermost ?? '')?.allocates) return;
    const site = context.site(place.block, place.instruction, place.origin, place.callee, steps);
    noteInvalidFree(context, state, pointer, origin, site);
  });
}

/** Finds what a callee's places are at a call; those that the function was given itself are told to its own callers. */
function forEachPlace(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  uses: readonly PlaceUse[],
  own: EveryWay<GivenPlace>,
  visit: (location: Location, origin: Origin, steps: readonly CalleeStep[]) => void,
): void {
  const { table } = context;
  own.visit(context, state, place);
  for (const { path, steps } of uses) {
    const resolved = resolvePath(context, state, path, values);
    if (!resolved) {
      if (isUntouchedGlobal(state, path)) note(context, own, path, place, steps);
      continue;
    }
    if (!('location' in resolved)) continue;
    const { location } = resolved;
    const root = table.locations[table.root(location)];
    const isGiven = root.kind === 'pointee' && mayBeGiven(context, root.pointer);
    if (isGiven && !state.regions.get(table.base(root.pointer))?.allocation) {
      if (own !== context.givenPlaces.reads || isUnwrittenHere(context, state, location))
        note(context, own, location, place, steps);
      continue;
    }
    const argument = path[0].startsWith('p') ? Number(path[0].slice(1)) : -1;
    visit(location, call.argumentOrigins[argument] ?? call.origin, steps);
  }
}

/** Nothing has written the place since the function began. */
function isUnwrittenHere(context: AnalysisContext, state: State, location: Location): boolean {
  return isContentOnEntry(context, location, loadValue(context, state, location));
}
