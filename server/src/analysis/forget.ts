import type { MarkedNumbers } from '../base/marked-numbers.ts';
import { isLive } from '../ir/control-flow.ts';
import type { BlockId } from '../ir/instructions.ts';
import { pathOfContent, pathOfGivenPlace } from './access-paths.ts';
import type { AnalysisContext } from './context.ts';
import { isTracked } from './heap-key.ts';
import { epochOf } from './memory.ts';
import type { State } from './state.ts';
import type { Location, LocationShape, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/** Values of values of values: further down nothing is named again in practice. */
const MAXIMUM_NAMING_DEPTH = 8;

/** Forgets dead variables and facts about values that nothing can name any more, so that equal states look equal. */
export function forgetDead(context: AnalysisContext, block: BlockId, state: State): void {
  const { table, liveness, ir } = context;
  // From the end, since entries go.
  for (let i = state.memory.size - 1; i >= 0; i--) {
    const location = state.memory.keyAt(i);
    const shape = table.locations[location];
    if (shape.kind !== 'variable') continue;
    const { kind } = ir.variables[shape.variable];
    // A local stays to the end of its scope: there it is known whether it held the last pointer to its memory.
    if (kind === 'temporary' && !isLive(liveness, block, shape.variable)) state.unbind(location);
    else if (kind === 'local' && !context.keepsLocals && !isLive(liveness, block, shape.variable)) {
      const region = state.regions.get(table.base(state.memory.valueAt(i)));
      // What is freed nobody can lose; where it was freed is remembered as evidence for what is believed of its owner.
      if (region === undefined || (region.status === 'freed' && region.handovers === undefined)) state.unbind(location);
    }
  }
  forgetUnnamed(context, state);
}

/** Forgets memory that nothing can reach any more and facts about values that nothing can name; variables stay as they are. */
export function forgetUnnamed(context: AnalysisContext, state: State): void {
  const { facts, regions } = state;
  const { table } = context;
  const named = context.naming;
  named.clear();
  for (const value of state.registers) if (value !== undefined) name(table, named, value);
  nameReachable(context, state, named);
  if (facts.size === 0 && regions.size === 0) return;
  // From the end, since entries go.
  for (let i = facts.size - 1; i >= 0; i--) {
    const value = facts.keyAt(i);
    if (isNameable(context, value, named, state, 0) || isReadAgain(context, value, named, state)) continue;
    // That a place of the caller's was empty is for its summary to say, also when something stands there by now.
    const { low, high } = facts.valueAt(i);
    if (low === 0 && high === 0 && pathOfGivenPlace(table, context.ir, state, value)) continue;
    state.deleteFact(value);
  }
  for (const [value, test] of state.knownNull) {
    if (facts.has(value)) continue;
    // Nothing can dereference it any more.
    context.followedNulls.doubt(test);
    state.forgetNull(value);
  }
  for (let i = regions.size - 1; i >= 0; i--) {
    const { status, handovers } = regions.valueAt(i);
    // Where it was freed is evidence for what is believed of its owner, also behind `p = NULL;`.
    if (status === 'freed' && handovers !== undefined) continue;
    const region = regions.keyAt(i);
    if (isNameable(context, wholeOf(table, region), named, state, 0)) continue;
    // What stood behind a parameter may be what the caller left there: its summary says that it went.
    if (status === 'freed' && !state.isInWidenedLoop && pathOfContent(table, context.ir, region)) continue;
    state.deleteRegion(region);
  }
}

/**
 * Names what variables hold and what is reached from there. What stands behind a pointer that nothing names is forgotten: nobody
 * reads it again, and no caller can be told of it. What is held there and still somebody's to free stays, so that it can be lost.
 */
function nameReachable(context: AnalysisContext, state: State, named: MarkedNumbers): void {
  const { table } = context;
  const { memory, regions } = state;
  /** Positions in memory of what stands behind pointers that nothing has named so far. */
  let pending: number[] = [];
  for (let i = 0; i < memory.size; i++) {
    const location = memory.keyAt(i);
    if (table.locations[table.root(location)].kind === 'pointee') {
      pending.push(i);
      continue;
    }
    nameLocation(table, named, location);
    name(table, named, memory.valueAt(i));
  }
  for (let count = -1; pending.length > 0 && pending.length !== count; ) {
    count = pending.length;
    pending = pending.filter((i) => {
      const location = memory.keyAt(i);
      const root = table.locations[table.root(location)] as Extract<LocationShape, { kind: 'pointee' }>;
      const isReachable =
        isNameable(context, root.pointer, named, state, 0) ||
        isTracked(regions.get(table.base(root.pointer))) ||
        isTracked(regions.get(table.base(memory.valueAt(i))));
      if (!isReachable) return true;
      nameLocation(table, named, location);
      name(table, named, memory.valueAt(i));
      return false;
    });
  }
  for (let i = pending.length - 1; i >= 0; i--) state.unbind(memory.keyAt(pending[i]));
}

/** Names all that a state holds in registers and memory, and the pointers to that memory, in `context.naming`. */
export function nameHeld(context: AnalysisContext, { memory, registers }: State): void {
  const { table, naming } = context;
  naming.clear();
  for (const value of registers) if (value !== undefined) name(table, naming, value);
  for (let i = 0; i < memory.size; i++) {
    nameLocation(table, naming, memory.keyAt(i));
    name(table, naming, memory.valueAt(i));
  }
}

/** The structure that was passed as a whole and whose member a value is: the member is there as long as that is. */
function wholeOf(table: ValueTable, value: Value): Value {
  const shape = table.values[value];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'part' || shape.origin.path.includes('[')) return value;
  const whole = table.values[shape.origin.whole];
  return whole.kind === 'symbol' && whole.origin.kind === 'parameter' ? shape.origin.whole : value;
}

/** A number that is part of a value (`table[i]`): whoever reads it again by the same index finds it. */
function isReadAgain(context: AnalysisContext, value: Value, named: MarkedNumbers, state: State): boolean {
  const shape = context.table.values[value];
  if (shape.kind === 'binary')
    return isReadAgain(context, shape.left, named, state) && context.table.integerOf(shape.right) !== undefined;
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'part') return false;
  const indexes = [...shape.origin.path.matchAll(/\[(\d+)\]/g)].map(([, index]) => Number(index));
  return [shape.origin.whole, ...indexes].every((each) => isNameable(context, each, named, state, 0));
}

function name(table: ValueTable, named: MarkedNumbers, value: Value): void {
  if (named.has(value)) return;
  named.add(value);
  const shape = table.values[value];
  if (shape.kind === 'binary') {
    name(table, named, shape.left);
    name(table, named, shape.right);
  } else if (shape.kind === 'address') nameLocation(table, named, shape.location);
  else if (shape.kind === 'symbol' && shape.origin.kind === 'aggregate')
    for (const part of shape.origin.parts) name(table, named, part.value);
}

function nameLocation(table: ValueTable, named: MarkedNumbers, location: Location): void {
  const shape = table.locations[location];
  if (shape.kind === 'pointee') name(table, named, shape.pointer);
  else if (shape.kind === 'field') nameLocation(table, named, shape.parent);
  else if (shape.kind === 'element') {
    nameLocation(table, named, shape.parent);
    name(table, named, shape.index);
  }
}

function isNameable(
  context: AnalysisContext,
  value: Value,
  named: MarkedNumbers,
  state: State,
  depth: number,
): boolean {
  if (named.has(value)) return true;
  if (depth > MAXIMUM_NAMING_DEPTH) return false;
  const { table } = context;
  const shape = table.values[value];
  if (shape.kind === 'integer') return true;
  if (shape.kind === 'address') {
    const target = table.locations[shape.location];
    return target.kind === 'variable' && context.ir.variables[target.variable].kind === 'global';
  }
  if (shape.kind === 'binary') {
    return (
      isNameable(context, shape.left, named, state, depth + 1) &&
      isNameable(context, shape.right, named, state, depth + 1)
    );
  }
  if (shape.kind === 'symbol') {
    const { origin } = shape;
    if (origin.kind === 'parameter' || origin.kind === 'named') return true;
    // The same call gives it again.
    if (origin.kind === 'answer') return origin.site < 0 && areNameable(context, origin.given, named, state, depth + 1);
    // A load from the same place would give it again.
    if (
      origin.kind === 'initial' &&
      (origin.epoch === 0 || origin.epoch === epochOf(context, state, origin.location))
    ) {
      const root = table.locations[table.root(origin.location)];
      return root.kind !== 'pointee' || isNameable(context, root.pointer, named, state, depth + 1);
    }
  }
  return false;
}

/** Apart from `isNameable`, which is asked too often to make a closure each time. */
function areNameable(
  context: AnalysisContext,
  values: readonly Value[],
  named: MarkedNumbers,
  state: State,
  depth: number,
): boolean {
  return values.every((each) => isNameable(context, each, named, state, depth));
}
