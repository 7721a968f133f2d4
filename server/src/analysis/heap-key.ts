import { combined, mix } from '../base/mix.ts';
import { isLive } from '../ir/control-flow.ts';
import type { BlockId, VariableId } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import { epochOf } from './memory.ts';
import { beliefCode, type Fact, type Region, regionCode, type State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/**
 * How much tells the states at one point apart. Each step down joins more of them; only when what they say of the heap
 * alone is too much is anything silenced.
 * - turns: the turns of the loops around, flags, return codes and counters, and the heap
 * - flags: variables that are given constants and results, and the heap; counters and turns are joined
 * - heap: the regions that something may still be said of, and where they are held
 * - held: of these, the ones that variables hold; what stands in memory only is given up where paths differ in it
 */
export const KEY_LEVELS = ['turns', 'flags', 'heap', 'held'] as const;
export type KeyLevel = (typeof KEY_LEVELS)[number];

/** Something may still be said of the region. A free that may not have happened proves nothing. */
export function isTracked(region: Region | undefined): boolean {
  if (region === undefined) return false;
  if (region.status === 'freed') return region.isDefinite;
  return region.status !== 'escaped' || region.isUnchecked || region.handovers !== undefined;
}

/**
 * A pointer of which no more is said than that it is NULL. To give it back does nothing, so that it goes with one that was freed; also
 * where others hold it as well.
 */
export function isNullNow(region: Region | undefined, fact: Fact | undefined): boolean {
  if (region !== undefined && (region.status !== 'escaped' || isTracked(region))) return false;
  return fact !== undefined && fact.low === 0 && fact.high === 0;
}

/**
 * A key that is equal for states in which the same is known of what later events depend on: property simulation (Das,
 * Lerner, Seigle: ESP, PLDI 2002). `if (p) free(p);` leaves one heap, as `free(p);` does: where a pointer that was freed
 * on another path is NULL, it counts as freed.
 * @param block Where the states are about to enter; undefined between two statements.
 */
export function heapKey(
  context: AnalysisContext,
  state: State,
  level: KeyLevel,
  block: BlockId | undefined,
  includeRegisters: boolean,
): number {
  const { table, freedValues, foundInGiven: places } = context;
  const { regions, facts } = state;
  const isByHeap = level === 'heap' || level === 'held';
  let a = 0;
  let b = 0;
  for (let i = 0; i < regions.size; i++) {
    const region = regions.valueAt(i);
    const pointer = regions.keyAt(i);
    if (!isTracked(region) || (isByHeap && isGone(context, state, pointer, region))) continue;
    if (level === 'held' && !isHeld(context, state, pointer, region)) continue;
    a = (a + mix(pointer, regionCode(region) + 16 * beliefAt(context, level, region), 3)) | 0;
  }
  if (level !== 'held' && freedValues.size > 0) {
    for (const value of freedValues)
      if (isNullNow(regions.get(value), facts.get(value))) a = (a + mix(value, FREED, 3)) | 0;
  }
  if (!isByHeap) for (const value of state.knownNull.keys()) a = (a + mix(value, 31, 11)) | 0;
  const { memory } = state;
  for (let i = 0; i < memory.size; i++) {
    const location = memory.keyAt(i);
    const value = memory.valueAt(i);
    const base = table.base(value);
    if (level === 'held' && table.locations[location].kind !== 'variable') continue;
    const isNullInstead = freedValues.has(base) && isNullNow(regions.get(base), facts.get(base));
    const isInteresting = isNullInstead || isTracked(regions.get(base));
    if (isInteresting) {
      // How far into its block a pointer points tells counters apart; which block it is in tells heaps apart.
      const isInside = value !== base && level !== 'turns';
      b = (b + (isInside ? mix(base, location, 4) : mix(value, location, 2))) | 0;
    } else if (places.size > 0 && places.has(value)) {
      b = (b + mix(base, location, 6)) | 0;
    } else if (isSelector(context, level, block, location, value)) b = (b + mix(value, location, 2)) | 0;
  }
  if (includeRegisters) {
    for (let i = 0; i < state.registers.length; i++) {
      const value = state.registers[i];
      if (value !== undefined) a = (a + mix(i, value, 9)) | 0;
    }
  }
  return combined(a, b);
}

/** A variable holds the pointer, or it is an allocation that failed and that nobody has looked at yet. */
function isHeld({ table }: AnalysisContext, { memory }: State, pointer: Value, region: Region): boolean {
  if (region.isUnchecked) return true;
  for (let i = 0; i < memory.size; i++) {
    if (table.base(memory.valueAt(i)) === pointer && table.locations[memory.keyAt(i)].kind === 'variable') return true;
  }
  return false;
}

/**
 * What was freed, and stood in a place on entry that holds something else now, or was freed as well: only the function's caller may want
 * to know. What stood in an element tells the turns of a loop apart.
 */
function isGone(context: AnalysisContext, state: State, pointer: Value, region: Region): boolean {
  if (region.status !== 'freed') return false;
  const shape = context.table.values[pointer];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'initial') return false;
  const { location, epoch } = shape.origin;
  const { table } = context;
  if (isInElement(table, location)) return true;
  const root = table.locations[table.root(location)];
  if (root.kind === 'pointee' && state.regions.get(table.base(root.pointer))?.status === 'freed') return true;
  const held = state.memory.get(location);
  return held === undefined ? epoch !== epochOf(context, state, location) : held !== pointer;
}

function isInElement(table: ValueTable, location: Location): boolean {
  for (let current = location; ; ) {
    const shape = table.locations[current];
    if (shape.kind === 'element') return true;
    if (shape.kind !== 'field') return false;
    current = shape.parent;
  }
}

/**
 * What is believed of a region's owner, as far as it tells states apart: where only the heap does, no more than that
 * something is; before, which calls had the region and how they ended, but not which of their results is which.
 */
function beliefAt({ beliefs }: AnalysisContext, level: KeyLevel, region: Region): number {
  if (region.handovers === undefined) return 0;
  if (level === 'turns') return beliefCode(region);
  if (level === 'heap' || level === 'held') return region.status === 'freed' ? 0 : region.release ? 2 : 1;
  return beliefCode(region, beliefs.classOf(region.handovers));
}

const FREED = regionCode({ status: 'freed', isUnchecked: false });

/** The address of a variable: `if (!buffer) buffer = own;` is asked for later, as a flag is. */
function isOwnBuffer(table: ValueTable, value: Value): boolean {
  const shape = table.values[value];
  return shape.kind === 'address' && table.locations[shape.location].kind === 'variable';
}

/** The variable that a value is the address of, or was before it ended. */
function blockLocalIn(table: ValueTable, value: Value): VariableId | undefined {
  const shape = table.values[value];
  if (shape.kind === 'symbol') return shape.origin.kind === 'dead' ? shape.origin.variable : undefined;
  const root = shape.kind === 'address' ? table.locations[table.root(shape.location)] : undefined;
  return root?.kind === 'variable' ? root.variable : undefined;
}

/** A flag, return code or counter whose value is known, and which a later condition may read. */
function isSelector(
  { table, selectors, counters, liveness, blockLocals }: AnalysisContext,
  level: KeyLevel,
  block: BlockId | undefined,
  location: Location,
  value: Value,
): boolean {
  const shape = table.locations[location];
  if (shape.kind !== 'variable') return false;
  // Where a pointer to what ends with a block meets another pointer, the one that will dangle is still to be told of.
  if (blockLocals.size > 0 && (block === undefined || isLive(liveness, block, shape.variable))) {
    const target = blockLocalIn(table, value);
    if (target !== undefined && blockLocals.has(target) && !blockLocals.has(shape.variable)) return true;
  }
  if (level === 'heap' || level === 'held') return false;
  return (
    (table.integerOf(value) !== undefined || isOwnBuffer(table, value)) &&
    selectors.has(shape.variable) &&
    (level === 'turns' || !counters.has(shape.variable)) &&
    (block === undefined || isLive(liveness, block, shape.variable))
  );
}
