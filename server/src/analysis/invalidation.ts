import { isNumberPointer } from '../ir/number-conversions.ts';
import type { AnalysisContext } from './context.ts';
import { changeEpoch, escapeValue, isPrivate, iterationAt, renewedSymbol } from './memory.ts';
import { isMessageName } from './messages.ts';
import { carrySetNumber, noteSetNumber } from './set-numbers.ts';
import { placesHolding } from './stale.ts';
import { changedRegion, type State } from './state.ts';
import { endUnwritten } from './unwritten-memory.ts';
import type { Location, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/* What is known of memory is forgotten: code that is not in sight ran, or a store went where nobody knows. */

/** Unknown code ran that may write the memory behind a pointer: what is known of it is lost, what it held has escaped. */
export function havocPointee(context: AnalysisContext, state: State, pointer: Value, site: number): void {
  const { table } = context;
  const target = table.pointee(pointer);
  const shape = table.locations[target];
  if (shape.kind === 'literal' || shape.kind === 'function') return;
  const root = table.root(target);
  const held: Value[] = [];
  for (let i = state.memory.size - 1; i >= 0; i--) {
    const location = state.memory.keyAt(i);
    if (table.root(location) !== root) continue;
    held.push(state.memory.valueAt(i));
    if (location !== root) state.unbind(location);
  }
  for (const value of held) escapeValue(context, state, value);
  state.bind(
    root,
    renewedSymbol(context, state, { kind: 'unknown', site: site * 2, iteration: iterationAt(state, root) }),
  );
}

/** Writes an unknown value over the memory behind a pointer, without anything of it getting known outside. */
export function overwritePointee(context: AnalysisContext, state: State, pointer: Value, site: number): void {
  const { table } = context;
  const target = table.pointee(pointer);
  const shape = table.locations[target];
  if (shape.kind === 'literal' || shape.kind === 'function') return;
  const root = table.root(target);
  // From somewhere within a block on so much of it is written as nobody tells here.
  if (shape.kind === 'element') endUnwritten(state, table.base(pointer));
  for (let i = state.memory.size - 1; i >= 0; i--) {
    const location = state.memory.keyAt(i);
    if (table.root(location) !== root || !table.isWithin(location, target)) continue;
    const value = state.memory.valueAt(i);
    // What the memory held is not seen any more; it may have been copied elsewhere before.
    escapeValue(context, state, value);
    state.unbind(location);
  }
  state.bind(
    target,
    renewedSymbol(context, state, { kind: 'unknown', site: site * 2, iteration: iterationAt(state, target) }),
  );
}

/**
 * Unknown code ran at a site, or a pointer was stored behind one that may lead anywhere: all memory that is not private may have been
 * written. What is read from there afterwards are other symbols than before.
 * @param isPointer A pointer was stored, which changes no object of a number's type (C17 6.5p7).
 * @param isMessage The code was told something, and given nothing that leads to others' objects.
 */
export function invalidateMemory(
  context: AnalysisContext,
  state: State,
  site: number,
  isPointer = false,
  isMessage = false,
): void {
  const { table } = context;
  const dangling = isMessage ? danglingMembers(context, state) : NO_PLACES;
  const epoch = site * 0x100000 + state.iteration + 1;
  const isTelling = isMessageName(context.sites[site]?.callee ?? '');
  const written: Location[] = [];
  for (let i = state.memory.size - 1; i >= 0; i--) {
    const location = state.memory.keyAt(i);
    if (isPrivate(context, state, location)) continue;
    if (isPointer && context.places.isNumberPlace(location)) continue;
    if (isCallersNumber(context, location) && (isPointer || !isShownToOthers(table, state, location))) continue;
    if (isTelling) noteSetNumber(context, state, location, epoch);
    state.unbind(location);
    if (isBehindParameter(table, location)) written.push(location);
  }
  for (const location of isTelling ? context.setNumbers.places : [])
    if (!state.memory.has(location)) carrySetNumber(context, location, [state], epoch);
  const { regions } = state;
  for (let i = 0; i < regions.size; i++) {
    const region = regions.valueAt(i);
    if (region.isPublished) state.setRegion(regions.keyAt(i), changedRegion(region, { isPublished: false }));
  }
  changeEpoch(context, state, epoch);
  // What this function wrote into its caller's object stays written, whatever stands there now.
  for (const location of written) state.bind(location, table.symbol({ kind: 'initial', location, epoch }));
  for (const { location, value } of dangling) state.bind(location, value);
}

interface Dangling {
  readonly location: Location;
  readonly value: Value;
}

const NO_PLACES: readonly Dangling[] = [];

/**
 * `free(object->name); log("failed"); return -1;`: code that was not given the caller's object does not find the pointer in it that
 * dangles since a moment ago.
 */
function danglingMembers(context: AnalysisContext, state: State): readonly Dangling[] {
  const { table } = context;
  const found: Dangling[] = [];
  for (const [value, region] of state.regions) {
    if (region.status !== 'freed' || !region.isDefinite) continue;
    for (const location of placesHolding(context, state, value)) {
      if (table.locations[location].kind === 'field' && isBehindParameter(table, location))
        found.push({ location, value });
    }
  }
  return found;
}

/**
 * A number of the caller's that the function was told to write to, `int *count`: code that was not given the pointer too has
 * nothing to do with it.
 */
export function isCallersNumber({ table, ir }: AnalysisContext, location: Location): boolean {
  const place = table.locations[location];
  const shape = place.kind === 'pointee' ? table.values[place.pointer] : undefined;
  if (shape?.kind !== 'symbol' || shape.origin.kind !== 'parameter') return false;
  return isNumberPointer(ir.variables[ir.parameters[shape.origin.index]]);
}

function isShownToOthers({ locations }: ValueTable, state: State, location: Location): boolean {
  const place = locations[location];
  return place.kind === 'pointee' && state.regions.has(place.pointer);
}

function isBehindParameter(table: ValueTable, location: Location): boolean {
  const root = table.locations[table.root(location)];
  if (root.kind !== 'pointee') return false;
  const shape = table.values[root.pointer];
  return shape.kind === 'symbol' && shape.origin.kind === 'parameter';
}
