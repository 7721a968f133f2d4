import { aggregateAt, mayHaveParts, restOf, storeParts } from './aggregates.ts';
import { isInLaterElement, isRest, keepRest, restAt } from './array-rests.ts';
import type { AnalysisContext } from './context.ts';
import { copiedPart, wholeEpoch } from './copied-parts.ts';
import { takeOver } from './given-up.ts';
import { changedRegion, type State, UNKNOWN_REGION } from './state.ts';
import { noteStore } from './unwritten-memory.ts';
import type { Location, SymbolOrigin, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/** Keeps the epochs of fields apart from those of memory as a whole. */
const FIELD_EPOCH = 2 ** 48;

/** True when only this function can reach a location: a local whose address stayed here, or memory it alone holds. */
export function isPrivate(context: AnalysisContext, state: State, location: Location): boolean {
  const { table } = context;
  const root = table.locations[table.root(location)];
  if (root.kind === 'variable') {
    const { kind } = context.ir.variables[root.variable];
    return kind !== 'global' && kind !== 'static' && !state.exposed.has(root.variable);
  }
  if (root.kind === 'pointee') return state.regions.get(table.base(root.pointer))?.status === 'allocated';
  return false;
}

/** True for the address of a variable of the function's own, or of a part of one, that nobody else knows. */
export function isOwnAddress(context: AnalysisContext, state: State, pointer: Value): boolean {
  const { table } = context;
  const shape = table.values[pointer];
  if (shape.kind !== 'address' || table.locations[table.root(shape.location)].kind !== 'variable') return false;
  return isPrivate(context, state, shape.location);
}

/** The value that a location holds: what was stored there, a part of it, or a symbol for what it held on entry. */
export function loadValue(context: AnalysisContext, state: State, location: Location): Value {
  const { table } = context;
  const bound = state.memory.get(location);
  if (mayHaveParts(context, location)) {
    const whole = aggregateAt(context, state, location, bound);
    if (whole !== undefined) return whole;
  }
  if (bound !== undefined) return bound;
  // A part of something that was stored as a whole (a copied structure, a variable without a value yet).
  let path = '';
  for (let current = location; ; ) {
    const shape = table.locations[current];
    if (shape.kind !== 'field' && shape.kind !== 'element') break;
    path = shape.kind === 'field' ? `.${shape.name}${path}` : `[${shape.index}]${path}`;
    current = shape.parent;
    const whole = (shape.kind === 'element' ? restAt(context, state, current) : undefined) ?? state.memory.get(current);
    if (whole !== undefined) {
      const { value: rest, shape } = restOf(table, whole);
      const isZero = rest === table.zero || rest === table.possibleNull;
      // A part that may be an array or a structure itself, by the declarations of its name, holds no NULL.
      const part = table.locations[location];
      const isDescribed = isZero && !context.places.isOfUnseenType(location);
      if (isDescribed && context.places.isScalarPart(location)) return rest;
      if (isDescribed && !(part.kind === 'field' && context.places.mayBeComposite(part.name)))
        return table.possibleNull;
      const isOwn = isZero || (shape.kind === 'symbol' && isPattern(context, shape.origin));
      const copied =
        isOwn || shape.kind !== 'symbol' ? undefined : copiedPart(context, shape.origin, current, location);
      if (copied !== undefined) return copied;
      // Two variables that began as the same constant are still two: what one's part is says nothing of the other's.
      return table.symbol({ kind: 'part', whole: rest, path: isOwn ? `${path}@${location}` : path });
    }
  }
  return (
    firstCharacter(context, location) ??
    table.initial(location, wholeEpoch(context, state, location, epochOf(context, state, location)))
  );
}

/** `"text"[0]`: the character that a literal begins with. What stands behind it loops go along, and is not told apart. */
function firstCharacter({ table, literals }: AnalysisContext, location: Location): Value | undefined {
  const shape = table.locations[location];
  const literal = shape.kind === 'element' && shape.index === table.zero ? table.locations[shape.parent] : shape;
  if (literal.kind !== 'literal') return undefined;
  const text = literals.get(literal.offset) ?? '';
  if (text === '""') return table.zero;
  // Literals that stand beside one another are one.
  const [, character] = /^"([\x20-\x7e])/.exec(text) ?? [];
  return character === undefined || character === '"' || character === '\\'
    ? undefined
    : table.integer(character.charCodeAt(0));
}

/** A constant, or a variable outside of functions that others are begun with: `struct text text = no_text;`. */
function isPattern({ table, ir }: AnalysisContext, origin: SymbolOrigin): boolean {
  if (origin.kind === 'named') return true;
  if (origin.kind !== 'initial') return false;
  const shape = table.locations[origin.location];
  return shape.kind === 'variable' && ['global', 'static'].includes(ir.variables[shape.variable].kind);
}

/** The epoch in which a location's value is read: that of its field, if such a field was written since memory's own. */
export function epochOf(context: AnalysisContext, state: State, location: Location): number {
  if (isPrivate(context, state, location)) return 0;
  const shape = context.table.locations[location];
  if (shape.kind !== 'field' || state.fieldEpochs.size === 0) return state.epoch;
  return state.fieldEpochs.get(context.table.nameId(shape.name)) ?? state.epoch;
}

/** True for an element whose index is no constant, and for its parts. */
function hasUnknownIndex(table: ValueTable, location: Location): boolean {
  for (let shape = table.locations[location]; ; shape = table.locations[shape.parent]) {
    if (shape.kind === 'element' && table.integerOf(shape.index) === undefined) return true;
    if (shape.kind !== 'element' && shape.kind !== 'field') return false;
  }
}

/** True for two indices whose difference is known, and not 0: `i` and `i + 1`. Sums have their constants on the right. */
function isAnotherIndex(table: ValueTable, a: Value, b: Value): boolean {
  if (a === b || table.integerOf(a) !== undefined || table.integerOf(b) !== undefined) return false;
  const left = table.values[a];
  const right = table.values[b];
  const isLeftSum = left.kind === 'binary' && left.operator === '+' && table.integerOf(left.right) !== undefined;
  const isRightSum = right.kind === 'binary' && right.operator === '+' && table.integerOf(right.right) !== undefined;
  return (isLeftSum ? left.left : a) === (isRightSum ? right.left : b);
}

/** A place may hold another value than it held, and what a caller handed in may still be kept there. */
function escapeHeld(context: AnalysisContext, state: State, location: Location, value: Value): void {
  const { table } = context;
  const base = table.base(value);
  // What stands in the function's own variables ends with them.
  const isKept = table.locations[table.root(location)].kind !== 'variable' || !isPrivate(context, state, location);
  if (isKept && state.regions.get(base) === undefined && isHandedIn(table, base)) escapeValue(context, state, value);
  else escapeOwned(context, state, value);
}

/** A place that held a value may hold another: the memory behind it must not be thought lost. */
function escapeOwned(context: AnalysisContext, state: State, value: Value): void {
  const region = state.regions.get(context.table.base(value));
  if (region?.status === 'allocated' || region?.handovers !== undefined) escapeValue(context, state, value);
}

/** Forgets what the parts of a location hold; `location` itself keeps its value, and so do later elements where one is written. */
function dropParts(context: AnalysisContext, state: State, location: Location, isOneElement: boolean): void {
  const { table } = context;
  const root = table.root(location);
  // From the end, since entries go.
  for (let i = state.memory.size - 1; i >= 0; i--) {
    const other = state.memory.keyAt(i);
    if (other === location || table.root(other) !== root || !table.isWithin(other, location)) continue;
    if (isOneElement && isInLaterElement(table, other, location)) continue;
    escapeOwned(context, state, state.memory.valueAt(i));
    state.unbind(other);
  }
}

/**
 * Stores a value: to a place as a whole, or to one element, which is the first of those that are there. What may be the same place under another name is forgotten where something depends on it: elements
 * with an index that is not known to differ, and fields of the same name behind other pointers (two types that share a
 * field's name may alias; others do not, as in type-based alias analysis).
 */
export function storeValue(
  context: AnalysisContext,
  state: State,
  location: Location,
  value: Value,
  site: number,
  isOneElement = false,
): void {
  const { table } = context;
  noteStore(table, state, location, value);
  const shape = table.locations[location];
  if (shape.kind !== 'variable' || state.memory.size > 0) {
    dropParts(context, state, location, isOneElement);
    if (isOneElement) keepRest(context, state, location);
  }
  if (shape.kind === 'element') {
    const isConstant = table.integerOf(shape.index) !== undefined;
    for (const other of state.memory.keys()) {
      const otherShape = table.locations[other];
      // Element 0 is the array's own location.
      const isFirst = other === shape.parent;
      if (isConstant && isRest(table, other)) continue;
      if (other === location || !(isFirst || (otherShape.kind === 'element' && otherShape.parent === shape.parent))) {
        continue;
      }
      const isOtherConstant =
        isFirst || (otherShape.kind === 'element' && table.integerOf(otherShape.index) !== undefined);
      if (isConstant && isOtherConstant) continue;
      if (otherShape.kind === 'element' && !isFirst && isAnotherIndex(table, shape.index, otherShape.index)) continue;
      const held = state.memory.get(other);
      // A new symbol for one place may have ended another.
      if (held === undefined) continue;
      escapeHeld(context, state, other, held);
      state.bind(
        other,
        renewedSymbol(context, state, {
          kind: 'unknown',
          site: site * 2 + 1,
          iteration: iterationAt(state, other),
        }),
      );
    }
  }
  if (shape.kind === 'field' && !isPrivate(context, state, location)) {
    for (const other of state.memory.keys()) {
      const otherShape = table.locations[other];
      if (other === location || otherShape.kind !== 'field' || otherShape.name !== shape.name) continue;
      const held = state.memory.get(other);
      // A new symbol for one place may have ended another.
      if (held === undefined || !state.regions.has(table.base(held)) || isPrivate(context, state, other)) continue;
      if (table.root(other) === table.root(location)) continue;
      escapeHeld(context, state, other, held);
      state.bind(
        other,
        renewedSymbol(context, state, {
          kind: 'unknown',
          site: site * 2 + 1,
          iteration: iterationAt(state, other),
        }),
      );
    }
    // What nobody stored yet may be the same object too: it is read anew from here on.
    changeFieldEpoch(context, state, shape.name, site * 0x100000 + state.iteration);
  }
  state.bind(location, value);
  storeParts(context, location, value, (part, held) => storeValue(context, state, part, held, site));
  // Whoever can reach the place now holds the pointer too.
  if (isPrivate(context, state, location)) return;
  context.takenValues.add(value);
  publish(context, state, value);
}

/** The value is stored where the caller sees it; what is reachable from there goes with it. */
function publish(context: AnalysisContext, state: State, value: Value): void {
  const base = context.table.base(value);
  const isOwned = state.regions.get(base)?.status === 'allocated';
  escapeValue(context, state, value);
  const region = state.regions.get(base);
  if (isOwned && region) state.setRegion(base, changedRegion(region, { isPublished: true }));
}

/** What the library found inside of what the function was given, or a step further. */
function isFoundInGiven({ table, foundInGiven }: AnalysisContext, value: Value): boolean {
  if (foundInGiven.has(value)) return true;
  const shape = table.values[value];
  const place = shape.kind === 'address' ? table.locations[shape.location] : undefined;
  const index = place?.kind === 'element' ? table.values[place.index] : undefined;
  return index?.kind === 'binary' && index.operator === '+' && foundInGiven.has(index.left);
}

/**
 * The value becomes known outside: the region it points to, and all that can be reached from there, may from now on be
 * held, written or freed by others.
 */
export function escapeValue(context: AnalysisContext, state: State, value: Value): void {
  const { table } = context;
  if (table.values[value].kind === 'integer') return;
  // Who is given a piece of what the function was given keeps that no more than before it was found there.
  if (context.foundInGiven.size > 0 && isFoundInGiven(context, value)) return;
  const { pending, seen } = context.reached;
  seen.clear();
  pending.length = 0;
  pending.push(value);
  while (pending.length > 0) {
    const base = table.base(pending.pop()!);
    if (seen.has(base)) continue;
    seen.add(base);
    const shape = table.values[base];
    if (shape.kind === 'integer') continue;
    if (shape.kind === 'symbol' && shape.origin.kind === 'aggregate')
      for (const part of shape.origin.parts) pending.push(part.value);
    if (shape.kind === 'address') {
      const root = table.locations[table.root(shape.location)];
      if (root.kind !== 'variable') continue;
      state.expose(root.variable);
      pushReachable(context, state, table.variable(root.variable), pending);
      continue;
    }
    if (state.givenUp.size > 0) takeOver(state, base);
    const region = state.regions.get(base);
    if (region?.status === 'allocated') state.setRegion(base, changedRegion(region, { status: 'escaped' }));
    else if (region?.handovers !== undefined && region.status === 'escaped' && !region.release)
      state.setRegion(base, changedRegion(region, { handovers: undefined }));
    else if (region?.failedReallocation !== undefined)
      state.setRegion(base, changedRegion(region, { isPublished: false, failedReallocation: undefined }));
    else if (region?.isPublished) state.setRegion(base, changedRegion(region, { isPublished: false }));
    else if (region === undefined && (isHandedIn(table, base) || isReadFromParameter(table, base))) {
      state.setRegion(base, UNKNOWN_REGION);
    }
    pushReachable(context, state, table.pointee(base), pending);
  }
}

/** What can be reached from a pointer becomes known outside; the pointer itself does not. */
export function escapeReachable(context: AnalysisContext, state: State, pointer: Value): void {
  const { table } = context;
  const root = table.root(table.pointee(pointer));
  for (const [location, value] of [...state.memory]) {
    if (table.root(location) === root) escapeValue(context, state, value);
  }
}

/** Further from the interface than this, what a function is given is of no interest to its callers. */
const MAXIMUM_INTERFACE_DEPTH = 2;

/** A parameter's value, or what stood right behind a parameter or global on entry: what a caller may have allocated. */
export function isHandedIn(table: ValueTable, value: Value, depth = 0): boolean {
  const shape = table.values[value];
  if (shape.kind !== 'symbol') return false;
  if (shape.origin.kind === 'parameter') return true;
  // A member of a structure that was passed as a whole.
  if (shape.origin.kind === 'part') return isHandedIn(table, shape.origin.whole, MAXIMUM_INTERFACE_DEPTH);
  if (shape.origin.kind !== 'initial' || shape.origin.epoch !== 0 || depth >= MAXIMUM_INTERFACE_DEPTH) return false;
  const root = table.locations[table.root(shape.origin.location)];
  return root.kind === 'variable' || (root.kind === 'pointee' && isHandedIn(table, root.pointer, depth + 1));
}

/**
 * What stood behind a parameter after unknown code ran: perhaps what stood there on entry, which the caller may own.
 */
function isReadFromParameter(table: ValueTable, value: Value): boolean {
  const shape = table.values[value];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'initial') return false;
  const root = table.locations[table.root(shape.origin.location)];
  if (root.kind !== 'pointee') return false;
  const pointer = table.values[root.pointer];
  return pointer.kind === 'symbol' && pointer.origin.kind === 'parameter';
}

function pushReachable(context: AnalysisContext, state: State, root: Location, pending: Value[]): void {
  const { memory } = state;
  for (let i = 0; i < memory.size; i++) {
    if (context.table.root(memory.keyAt(i)) === root) pending.push(memory.valueAt(i));
  }
}

/** Begins an epoch of memory: what is read from places that others may write are other symbols from here on. */
export function changeEpoch(context: AnalysisContext, state: State, epoch: number): void {
  // In a widened loop the turn before gave the epoch's symbols another meaning.
  if (state.isInWidenedLoop) retire(context, state, (value) => context.table.restsOnEpoch(value, epoch));
  state.epoch = epoch;
  state.clearFieldEpochs();
}

/** Members of a name were written somewhere: none of them is known to hold what it held. `epoch` is not 0, and above -FIELD_EPOCH. */
export function changeFieldEpoch(context: AnalysisContext, state: State, name: string, epoch: number): void {
  const { table } = context;
  const changed = FIELD_EPOCH + epoch;
  if (state.isInWidenedLoop) retire(context, state, (held) => table.restsOnEpoch(held, changed));
  state.setFieldEpoch(table.nameId(name), changed);
}

/** The memory behind a pointer is gone, and what it held with it; the values that it held. */
export function dropContents(context: AnalysisContext, state: State, pointer: Value): Value[] {
  const { table } = context;
  const root = table.root(table.pointee(pointer));
  const held: Value[] = [];
  for (let i = state.memory.size - 1; i >= 0; i--) {
    const location = state.memory.keyAt(i);
    if (table.root(location) !== root) continue;
    const value = state.memory.valueAt(i);
    // Which elements a loop has freed before is not known.
    if (hasUnknownIndex(table, location)) escapeOwned(context, state, value);
    else held.push(value);
    state.unbind(location);
  }
  return held;
}

/** So many locations are told apart by what unknown code wrote to them. */
const MAXIMUM_PLACES = 0x10000;

/** Tells what a piece of unknown code left in one place from what it left in others, and in other turns of a loop. */
export function iterationAt({ iteration }: State, place: number): number {
  return iteration * MAXIMUM_PLACES + place;
}

/** The location that unknown code or a callee wrote a symbol to; undefined for symbols of another origin. */
export function writtenPlace(origin: SymbolOrigin): Location | undefined {
  return origin.kind === 'unknown' && origin.site >= 0 ? origin.iteration % MAXIMUM_PLACES : undefined;
}

/**
 * A symbol that is about to stand for something new: when a loop came round to its origin after widening, whatever still
 * rests on the old meaning is forgotten, or gets a symbol of its own of which nothing is known.
 */
export function renewedSymbol(context: AnalysisContext, state: State, origin: SymbolOrigin): Value {
  const { table } = context;
  const known = table.size;
  const symbol = table.symbol(origin);
  // Every turn of a loop that is counted has symbols of its own; only a widened loop meets the same ones again.
  if (symbol >= known || !state.isInWidenedLoop) return symbol;
  retire(context, state, (value) => table.restsOn(value, symbol));
  return symbol;
}

/** The same for several symbols at once, which costs one look at the state instead of one for each. */
export function renewedSymbols(context: AnalysisContext, state: State, origins: readonly SymbolOrigin[]): Value[] {
  const { table } = context;
  const known = table.size;
  const symbols = origins.map((origin) => table.symbol(origin));
  retireOld(context, state, symbols, known);
  return symbols;
}

/** True for a pointer to an element of a block, by whatever index. */
export function isElement({ values, locations }: ValueTable, value: Value): boolean {
  const shape = values[value];
  return shape.kind === 'address' && locations[shape.location].kind === 'element';
}

/** Symbols for what several locations hold where paths meet, as `renewedSymbols` gives them. */
export function mergedSymbols(
  context: AnalysisContext,
  state: State,
  locations: readonly Location[],
  point: number,
): Value[] {
  const { table } = context;
  const known = table.size;
  const symbols: Value[] = [];
  for (const location of locations) symbols.push(table.merged(location, point, state.iteration));
  retireOld(context, state, symbols, known);
  return symbols;
}

/** Of symbols that are about to stand for something new, those below `known` had another meaning before. */
function retireOld(context: AnalysisContext, state: State, symbols: readonly Value[], known: number): void {
  if (!state.isInWidenedLoop) return;
  const old = new Set(symbols.filter((symbol) => symbol < known));
  if (old.size > 0) retire(context, state, (value) => context.table.restsOnAny(value, old));
}

/** Forgets what rests on an old meaning; a place that holds such a value gets one of which nothing is known. */
function retire(context: AnalysisContext, state: State, isOld: (value: Value) => boolean): void {
  const { table } = context;
  const { regions, facts, memory } = state;
  // From the end, since entries go.
  for (let i = regions.size - 1; i >= 0; i--) if (isOld(regions.keyAt(i))) state.deleteRegion(regions.keyAt(i));
  for (let i = facts.size - 1; i >= 0; i--) if (isOld(facts.keyAt(i))) state.deleteFact(facts.keyAt(i));
  const retired = new Set<Value>();
  for (let i = memory.size - 1; i >= 0; i--) {
    const location = memory.keyAt(i);
    const value = memory.valueAt(i);
    const root = table.locations[table.root(location)];
    if (root.kind === 'pointee' && isOld(root.pointer)) state.unbind(location);
    else if (isOld(value)) {
      escapeOwned(context, state, value);
      const symbol = table.symbol({ kind: 'retired', of: value });
      retired.add(symbol);
      state.bind(location, symbol);
    }
  }
  // What was retired the turn before under the same symbol is gone.
  for (const symbol of retired) {
    state.deleteRegion(symbol);
    state.deleteFact(symbol);
  }
  for (const [value, test] of state.knownNull) {
    if (!isOld(value)) continue;
    context.followedNulls.doubt(test);
    state.forgetNull(value);
  }
  for (const value of state.dereferenced.keys()) {
    if (!isOld(value)) continue;
    state.dereferenced = new Map(state.dereferenced);
    state.dereferenced.delete(value);
  }
}
