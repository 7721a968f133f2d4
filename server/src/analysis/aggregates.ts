import { isInLaterElement } from './array-rests.ts';
import type { AnalysisContext } from './context.ts';
import { escapeValue, isHandedIn } from './memory.ts';
import type { State } from './state.ts';
import type { AggregatePart, Location, PartStep, Value, ValueShape } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/** Structures of which more parts are known than this are copied as a whole of which nothing is known. */
const MAXIMUM_PARTS = 24;

/** False for what is a scalar for sure, which most variables are. */
export function mayHaveParts(context: AnalysisContext, location: Location): boolean {
  const shape = context.table.locations[location];
  if (shape.kind === 'variable') return context.aggregates.has(shape.variable);
  return shape.kind === 'pointee' || shape.kind === 'field' || shape.kind === 'element';
}

/**
 * The value of a structure that is read as a whole, when it holds pointers to memory that is followed, or was assigned in part:
 * a copy of it holds the same ones. Undefined when nothing of that kind is known. `rest` is what the location holds besides them.
 */
export function aggregateAt(
  context: AnalysisContext,
  state: State,
  location: Location,
  rest: Value | undefined,
): Value | undefined {
  const { table } = context;
  const parts: AggregatePart[] = [];
  let isOfInterest = false;
  const { memory } = state;
  const root = table.root(location);
  for (let i = 0; i < memory.size; i++) {
    const other = memory.keyAt(i);
    if (other === location || table.root(other) !== root || !table.isWithin(other, location)) continue;
    const value = memory.valueAt(i);
    const isPointer =
      value === table.zero ||
      table.values[value].kind === 'address' ||
      isFollowed(table, state, value) ||
      state.knownNull.has(value);
    const path = pathFrom(table, location, other);
    // The first element stands at the array's own place: to read it is to read none of the others.
    if (typeof path[0] !== 'string') continue;
    // Other members count where the whole is known by its members: what was written there is not what it began with.
    if (parts.length >= MAXIMUM_PARTS) break;
    isOfInterest ||= isPointer;
    parts.push({ path, value });
  }
  // What was assigned of a variable that has no value otherwise, or is zero otherwise, is no part of what it is otherwise.
  isOfInterest ||= rest !== undefined && (isUninitialised(table, rest) || table.integerOf(rest) === 0);
  if (parts.length === 0 || !(isOfInterest || hasMemberRegion(table, state))) return undefined;
  if (state.isInWidenedLoop || parts.length >= MAXIMUM_PARTS) {
    // Structures in structures, turn by turn, would never come to a fixpoint.
    for (const part of parts) escapeValue(context, state, part.value);
    return hasMemberRegion(table, state) ? table.symbol({ kind: 'named', key: `whole ${location}` }) : undefined;
  }
  parts.sort((a, b) => (a.path.join('.') < b.path.join('.') ? -1 : 1));
  return table.symbol({ kind: 'aggregate', rest, parts });
}

function isUninitialised(table: ValueTable, value: Value): boolean {
  const shape = table.values[value];
  return shape.kind === 'symbol' && shape.origin.kind === 'uninitialised';
}

/** Something is known of the memory behind a member of a structure that is at hand as a value. */
function hasMemberRegion(table: ValueTable, state: State): boolean {
  for (const value of state.regions.keys()) {
    const shape = table.values[value];
    if (shape.kind === 'symbol' && shape.origin.kind === 'part') return true;
  }
  return false;
}

function isFollowed(table: ValueTable, state: State, value: Value): boolean {
  const base = table.base(value);
  const region = state.regions.get(base);
  return region === undefined ? isHandedIn(table, base) : region.status !== 'escaped' || region.isUnchecked;
}

/** The steps from an object to a part of it. */
export function pathFrom(table: ValueTable, object: Location, part: Location): PartStep[] {
  const path: PartStep[] = [];
  for (let current = part; current !== object; ) {
    const shape = table.locations[current];
    if (shape.kind !== 'field' && shape.kind !== 'element') break;
    path.unshift(shape.kind === 'field' ? shape.name : shape.index);
    current = shape.parent;
  }
  return path;
}

/** A structure was stored: its parts go where they belong. */
export function storeParts(
  context: AnalysisContext,
  location: Location,
  value: Value,
  store: (part: Location, value: Value) => void,
): void {
  const { table } = context;
  const shape = table.values[value];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'aggregate') return;
  for (const part of shape.origin.parts) {
    let target = location;
    for (const step of part.path) {
      target = typeof step === 'string' ? context.places.placeOfMember(target, step) : table.element(target, step);
    }
    if (target !== location) store(target, part.value);
  }
}

/**
 * A local structure is about to be written as a whole: takes the pointers to memory out of its members that nobody else
 * holds, so that it can be said whether they are lost.
 */
export function takeParts(context: AnalysisContext, state: State, location: Location, isOneElement: boolean): Value[] {
  const { table } = context;
  const shape = table.locations[location];
  if (shape.kind !== 'variable') return [];
  const before = state.memory.get(location);
  const whole = before === undefined ? undefined : table.values[before];
  const isWhole = whole?.kind === 'symbol' && whole.origin.kind === 'aggregate';
  if (!isWhole && !context.aggregates.has(shape.variable)) return [];
  const taken: [Location, Value][] = [];
  for (const [other, value] of state.memory) {
    if (other === location || table.root(other) !== location) continue;
    if (isOneElement && isInLaterElement(table, other, location)) continue;
    if (state.regions.get(table.base(value))?.status === 'allocated') taken.push([other, value]);
  }
  for (const [other] of taken) state.unbind(other);
  return taken.map(([, value]) => value);
}

/** What a member of a structure holds that is at hand as a value; undefined where several structures have that value. */
export function memberOf(table: ValueTable, whole: Value, name: string): Value | undefined {
  const shape = table.values[whole];
  if (shape.kind !== 'symbol' || shape.origin.kind === 'named' || shape.origin.kind === 'retired') return undefined;
  if (shape.origin.kind === 'part') {
    return table.symbol({ kind: 'part', whole: shape.origin.whole, path: `${shape.origin.path}.${name}` });
  }
  if (shape.origin.kind !== 'aggregate') return table.symbol({ kind: 'part', whole, path: `.${name}` });
  const { parts, rest } = shape.origin;
  const inner: AggregatePart[] = [];
  for (const { path, value } of parts) {
    if (path[0] !== name) continue;
    if (path.length === 1) return value;
    inner.push({ path: path.slice(1), value });
  }
  const other =
    rest === undefined ? table.symbol({ kind: 'part', whole, path: `.${name}` }) : memberOf(table, rest, name);
  return inner.length === 0 ? other : table.symbol({ kind: 'aggregate', rest: other, parts: inner });
}

/** What the parts of a stored whole are parts of, where nothing is known of them. */
export function restOf(table: ValueTable, whole: Value): { value: Value; shape: ValueShape } {
  let value = whole;
  for (;;) {
    const shape = table.values[value];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'aggregate' || shape.origin.rest === undefined)
      return { value, shape };
    value = shape.origin.rest;
  }
}
