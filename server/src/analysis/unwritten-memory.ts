import type { Origin } from '../ir/instructions.ts';
import { MEMBER_COMPOSITE, MEMBER_FIRST, MEMBER_SHARED } from '../source/members.ts';
import type { AnalysisContext } from './context.ts';
import { areCounted } from './counted-turns.ts';
import { isBehindFirst } from './first-elements.ts';
import type { Place } from './regions.ts';
import type { CalleeStep, State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/** Pointers to pointers to pointers: what a callee may write is followed no further. */
const MAXIMUM_REACH = 6;

/** Fresh memory begins that nothing was written to. */
export function beginUnwritten(state: State, pointer: Value): void {
  state.unwritten = new Set(state.unwritten).add(pointer);
}

/** From here on it is not known any more which parts of a block were written. */
export function endUnwritten(state: State, pointer: Value): void {
  if (!state.unwritten.has(pointer)) return;
  const remaining = new Set(state.unwritten);
  remaining.delete(pointer);
  state.unwritten = remaining;
}

/**
 * It is forgotten where an address of a local was kept: whoever still has it may reach what the local holds, now and
 * later, in ways that are not seen any more.
 */
export function loseAddress(context: AnalysisContext, state: State, value: Value): void {
  const { table } = context;
  const shape = table.values[value];
  if (shape.kind !== 'address') return;
  const root = table.locations[table.root(shape.location)];
  if (root.kind !== 'variable') return;
  if (!state.aliased.has(root.variable)) state.aliased = new Set(state.aliased).add(root.variable);
  touch(context, state, value);
}

/** A store under an index that is not a number may have gone anywhere in the block. */
export function noteStore(table: ValueTable, state: State, location: Location, value: Value): void {
  if (state.unwritten.size === 0) return;
  if (state.aliased.size > 0) {
    const root = table.locations[table.root(location)];
    if (root.kind === 'variable' && state.aliased.has(root.variable)) endUnwritten(state, table.base(value));
  }
  const pointer = pointerOf(table, location);
  if (pointer === undefined || !state.unwritten.has(pointer)) return;
  if (!isExact(table, location)) endUnwritten(state, pointer);
}

/** A callee gets a value, and may write what can be reached from it in ways that its summary does not tell. */
export function touch(context: AnalysisContext, state: State, value: Value): void {
  if (state.unwritten.size === 0) return;
  const { table } = context;
  const seen = new Set<Value>();
  let pending = [table.base(value)];
  for (let reach = 0; reach < MAXIMUM_REACH && pending.length > 0; reach++) {
    const next: Value[] = [];
    for (const base of pending) {
      if (seen.has(base)) continue;
      seen.add(base);
      endUnwritten(state, base);
      const root = table.root(table.pointee(base));
      const { memory } = state;
      for (let i = 0; i < memory.size; i++) {
        if (table.root(memory.keyAt(i)) === root) next.push(table.base(memory.valueAt(i)));
      }
    }
    pending = next;
  }
  // Further than that: whatever is left may be meant.
  if (pending.length > 0) state.unwritten = new Set();
}

/** Notes that a place in fresh memory is read that nothing was written to. */
export function noteUnwrittenRead(
  context: AnalysisContext,
  state: State,
  location: Location,
  origin: Origin,
  place: Place,
  inner: readonly CalleeStep[] = [],
): void {
  if (state.unwritten.size === 0) return;
  const { table } = context;
  const pointer = pointerOf(table, location);
  if (pointer === undefined || !state.unwritten.has(pointer)) return;
  const region = state.regions.get(pointer);
  // What only memory in sight holds was written by nobody else, as long as no code out of sight has run.
  if (!(region?.status === 'allocated' || region?.isPublished) || !region.allocation) return;
  // Where there is none nothing is read: the callee asks, or it is told of as that. Nor is it on a path in which nobody believes.
  if (region.status === 'failed' || state.isDoubtful) return;
  const isKnown = isExact(table, location);
  const root = table.root(location);
  let isWhole = true;
  let isBehind = false;
  for (const other of state.memory.keys()) {
    if (table.root(other) !== root) continue;
    isWhole = false;
    // Which element is read does not matter where none was written.
    if (!isKnown) return;
    if (isBehindFirst(context, location, other, pointer, place)) {
      isBehind = true;
      continue;
    }
    if (mayOverlap(context, location, other)) return;
  }
  const read = context.site(place.block, place.instruction, place.origin, place.callee, inner);
  context.flaws.push({
    kind: 'unwritten-read',
    allocation: region.allocation,
    read,
    pointer: origin,
    members: membersOf(table, location),
    isPart: isBehind || (!isWhole && membersOf(table, location).length > 0),
    isCounted: isKnown && areCounted(context),
  });
  endUnwritten(state, pointer);
}

/** The pointer whose block a location lies in. */
function pointerOf(table: ValueTable, location: Location): Value | undefined {
  const root = table.locations[table.root(location)];
  return root.kind === 'pointee' ? root.pointer : undefined;
}

/** The way from the block to the location leads through members and numbered elements only. */
function isExact(table: ValueTable, location: Location): boolean {
  let current = location;
  for (;;) {
    const shape = table.locations[current];
    if (shape.kind === 'element') {
      if (table.integerOf(shape.index) === undefined) return false;
      current = shape.parent;
    } else if (shape.kind === 'field') current = shape.parent;
    else return true;
  }
}

/** The steps from a block to a location, outermost first. */
function stepsOf(table: ValueTable, location: Location): string[] {
  const steps: string[] = [];
  let current = location;
  for (;;) {
    const shape = table.locations[current];
    if (shape.kind === 'element') {
      steps.unshift(`[${table.integerOf(shape.index) ?? '?'}`);
      current = shape.parent;
    } else if (shape.kind === 'field') {
      steps.unshift(shape.name);
      current = shape.parent;
    } else return steps;
  }
}

function membersOf(table: ValueTable, location: Location): string[] {
  return stepsOf(table, location).filter((step) => !step.startsWith('['));
}

/** A structure may begin with a member of that name that is a structure itself. */
function mayBegin(context: AnalysisContext, step: string): boolean {
  if (step.startsWith('[')) return false;
  const traits = context.environment.memberTraits(step);
  return (traits & MEMBER_FIRST) !== 0 && (traits & (MEMBER_COMPOSITE | MEMBER_SHARED)) !== 0;
}

/**
 * False when two places in a block are certainly different: other members of one structure, or elements with other numbers. A
 * member and an element may be the same bytes seen as two types.
 */
function mayOverlap(context: AnalysisContext, a: Location, b: Location): boolean {
  const left = stepsOf(context.table, a);
  const right = stepsOf(context.table, b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    if (left[i] === right[i]) continue;
    if (left[i].startsWith('[') !== right[i].startsWith('[')) return true;
    // The one structure may begin with the other, and the same bytes have two names.
    return mayBegin(context, left[i]) || mayBegin(context, right[i]);
  }
  // What is read begins at the block's first byte, which a later element does not have, whatever the types.
  if (left.length === 0 && /^\[[1-9]/.test(right[0] ?? '')) return false;
  // The one is a part of the other, except that a block written in part need not be written in whole.
  return true;
}
