import { isLive } from '../ir/control-flow.ts';
import type { BlockId } from '../ir/instructions.ts';
import { isComparison } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { isWidened, iterationOf } from './loops.ts';
import { changeEpoch, renewedSymbol } from './memory.ts';
import type { Fact, State } from './state.ts';
import type { Location, Value } from './values.ts';

/** So many states run through a block one by one whatever they say: most functions need no more, and lose nothing. */
const ALWAYS_APART = 4;
/** Up to so many states the turns of the loops around are told apart; then only what they do to the heap is. */
const TURNS_APART = 24;

/**
 * The states that have run through one block, joined by what later events may depend on: property simulation (Das,
 * Lerner, Seigle: ESP, PLDI 2002). Of a group only what all its states agree on is known, so a new state costs a run of
 * the block only when it takes something away from its group; the lattice is finite, and so is the number of runs.
 */
export class BlockStates {
  readonly #groups = new Map<string, State>();
  readonly #seen = new Set<string>();
  #count = 0;

  /** Of the states that arrive, those that the block must run with. `wasCut` tells that the limit silenced some. */
  admit(
    context: AnalysisContext,
    block: BlockId,
    states: readonly State[],
    limit: number,
  ): { states: State[]; wasCut: boolean } {
    const { table, selectors, liveness, ir } = context;
    const isInsideExpression = ir.blocks[block].liveRegisters > 0;
    const base = (value: Value): Value => table.base(value);
    const isSelector = (location: Location, value: Value): boolean => {
      const shape = table.locations[location];
      return (
        shape.kind === 'variable' &&
        table.integerOf(value) !== undefined &&
        selectors.has(shape.variable) &&
        isLive(liveness, block, shape.variable)
      );
    };
    const changed = new Map<string, State>();
    let wasCut = false;
    for (const state of states) {
      const key = state.key(isInsideExpression);
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      if (this.#count < ALWAYS_APART) {
        this.#count++;
        changed.set(key, state);
      }
      const turns = this.#seen.size <= TURNS_APART ? state.iteration : 0;
      const group = `${state.heapKey(base, isSelector, isInsideExpression)}:${turns}`;
      const known = this.#groups.get(group);
      if (!known) {
        if (this.#groups.size >= limit) {
          // One group more takes all that do not fit: what they differ in is silenced, no path is lost.
          const overflow = this.#groups.get('') ?? this.#groups.values().next().value!;
          const joined = join(context, block, overflow, state);
          wasCut = true;
          const joinedKey = joined.key(isInsideExpression);
          if (this.#groups.has('') && joinedKey === overflow.key(isInsideExpression)) continue;
          this.#groups.set('', joined.fork());
          this.#seen.add(joinedKey);
          changed.set('', joined);
          continue;
        }
        // A copy: the block's run changes the state itself.
        this.#groups.set(group, state.fork());
        if (!changed.has(key)) changed.set(group, state);
        continue;
      }
      const joined = join(context, block, known, state);
      const joinedKey = joined.key(isInsideExpression);
      if (joinedKey === known.key(isInsideExpression)) continue;
      this.#groups.set(group, joined.fork());
      this.#seen.add(joinedKey);
      if (!changed.has(key)) changed.set(group, joined);
    }
    return { states: [...changed.values()], wasCut };
  }
}

/**
 * Joins states at one point of a block whose heap facts are equal; at the limit, all that are left become one, and what
 * they differ in is silenced.
 */
export function joinAlike(
  context: AnalysisContext,
  block: BlockId,
  states: readonly State[],
  limit: number,
): { states: State[]; wasCut: boolean } {
  const { table, selectors } = context;
  const groups = new Map<string, State>();
  let wasCut = false;
  for (const state of states) {
    let key = state.heapKey(
      (value) => table.base(value),
      (location, value) => {
        const shape = table.locations[location];
        return shape.kind === 'variable' && table.integerOf(value) !== undefined && selectors.has(shape.variable);
      },
      false,
    );
    if (!groups.has(key) && groups.size >= limit) {
      key = '';
      wasCut = true;
    }
    const known = groups.get(key);
    groups.set(key, known ? join(context, block, known, state) : state);
  }
  return { states: [...groups.values()], wasCut };
}

function join(context: AnalysisContext, block: BlockId, a: State, b: State): State {
  const { table } = context;
  const result = a.fork();
  if (a.iteration !== b.iteration) {
    // The further turn counts: a loop must come to its widening although its states meet on the way.
    const loops = new Map(a.loops);
    for (const [head, turns] of b.loops) loops.set(head, Math.max(turns, loops.get(head) ?? 0));
    result.loops = loops;
    result.iteration = iterationOf(loops);
    result.isInWidenedLoop = isWidened(loops);
  }
  const merge = (location: Location): void => {
    result.bind(
      location,
      renewedSymbol(context, result, { kind: 'merged', location, block, iteration: result.iteration }),
    );
  };
  for (const [location, value] of a.memory) if (b.memory.get(location) !== value) merge(location);
  for (const location of b.memory.keys()) if (!a.memory.has(location)) merge(location);
  for (const [value, fact] of a.facts) {
    const other = b.facts.get(value);
    if (!other) result.deleteFact(value);
    else if (!isEqual(fact, other)) {
      const low = fact.low === other.low ? fact.low : lowerSign(Math.min(fact.low, other.low));
      const high = fact.high === other.high ? fact.high : upperSign(Math.max(fact.high, other.high));
      const isNonZero = fact.isNonZero && other.isNonZero;
      const shape = table.values[value];
      const saysNothing = shape.kind === 'binary' && isComparison(shape.operator);
      if (saysNothing || (low === -Infinity && high === Infinity && !isNonZero)) result.deleteFact(value);
      else result.setFact(value, { low, high, isNonZero });
    }
  }
  for (const [value, region] of a.regions) {
    const other = b.regions.get(value);
    if (region.status === 'escaped' && !region.isUnchecked) continue;
    if (other?.status === region.status) {
      if (region.isDefinite && !other.isDefinite) result.setRegion(value, other);
      continue;
    }
    // The two paths disagree: nothing more is said of it.
    result.setRegion(value, { ...region, status: 'escaped', isUnchecked: false });
  }
  for (const [value, region] of b.regions) {
    if (!a.regions.has(value)) result.setRegion(value, { ...region, status: 'escaped', isUnchecked: false });
  }
  for (const variable of b.exposed) result.expose(variable);
  for (const value of a.dereferenced.keys()) {
    if (!b.dereferenced.has(value)) {
      result.dereferenced = new Map(result.dereferenced);
      result.dereferenced.delete(value);
    }
  }
  for (const [field, epoch] of b.fieldEpochs) {
    if (a.fieldEpochs.get(field) === epoch) continue;
    result.fieldEpochs = new Map(result.fieldEpochs).set(field, -(block + 1) * 0x100000 - result.iteration - 1);
  }
  if (a.epoch !== b.epoch) changeEpoch(context, result, -(block + 1) * 0x100000);
  return result;
}

/** Bounds that differ keep no more than their sign: intervals must not grow step by step for ever. */
function lowerSign(low: number): number {
  return low >= 1 ? 1 : low >= 0 ? 0 : -Infinity;
}

function upperSign(high: number): number {
  return high <= -1 ? -1 : high <= 0 ? 0 : Infinity;
}

function isEqual(a: Fact, b: Fact): boolean {
  return a.low === b.low && a.high === b.high && a.isNonZero === b.isNonZero;
}
