import { combined, mix } from '../base/mix.ts';
import type { Differences } from '../base/sorted-map.ts';
import type { BlockId } from '../ir/instructions.ts';
import { type Answers, NO_ANSWERS } from './answers.ts';
import { commonFact, keepBits, masksOf } from './common-facts.ts';
import { isComparison } from './constant-folding.ts';
import { factOf } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { givenUpOnEither, giveUp, takeOver } from './given-up.ts';
import { heapKey, isNullNow, KEY_LEVELS, type KeyLevel } from './heap-key.ts';
import { keptSymbols } from './kept-symbols.ts';
import { isOwned } from './leaks.ts';
import { isWidened, iterationOf } from './loops.ts';
import { answersAtMeeting, noteMet } from './meetings.ts';
import { changeEpoch, escapeValue, isElement, isHandedIn, mergedSymbols } from './memory.ts';
import { carrySetNumber } from './set-numbers.ts';
import { changedRegion, isEqualFact, NO_FACT, type Region, type State } from './state.ts';
import { endUnwritten, loseAddress } from './unwritten-memory.ts';
import type { Location, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

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
  #groups = new Map<number, State>();
  readonly #seen = new Set<number>();
  #count = 0;
  #level = 0;

  /** Of the states that arrive, those that the block must run with. `wasCut` tells that the limit silenced some. */
  admit(
    context: AnalysisContext,
    block: BlockId,
    states: readonly State[],
    limits: Readonly<Record<KeyLevel, number>>,
  ): { states: State[]; wasCut: boolean } {
    const isInsideExpression = context.ir.blocks[block].liveRegisters > 0;
    const changed = new Map<number, State>();
    let wasCut = false;
    for (const state of states) {
      const key = state.key(isInsideExpression);
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      if (this.#count < ALWAYS_APART) {
        this.#count++;
        changed.set(key, state);
      }
      let group = this.#groupOf(context, block, state, isInsideExpression);
      while (
        !this.#groups.has(group) &&
        this.#groups.size >= limits[KEY_LEVELS[this.#level]] &&
        this.#level < KEY_LEVELS.length - 1
      ) {
        this.#coarsen(context, block, isInsideExpression, changed);
        group = this.#groupOf(context, block, state, isInsideExpression);
      }
      if (!this.#groups.has(group) && this.#groups.size >= limits.held) {
        // One group more takes all that do not fit: what they differ in is silenced, no path is lost.
        wasCut = true;
        group = REST;
      }
      const known = this.#groups.get(group);
      if (!known) {
        // A copy: the block's run changes the state itself.
        this.#groups.set(group, state.fork());
        if (!changed.has(key)) changed.set(group, state);
        continue;
      }
      const joined = join(context, block, known, state, this.#keyLevel);
      const joinedKey = joined.key(isInsideExpression);
      if (joinedKey === known.key(isInsideExpression)) continue;
      this.#groups.set(group, joined.fork());
      this.#seen.add(joinedKey);
      if (!changed.has(key)) changed.set(group, joined);
    }
    return { states: [...changed.values()], wasCut };
  }

  get #keyLevel(): KeyLevel {
    return KEY_LEVELS[this.#level];
  }

  #groupOf(context: AnalysisContext, block: BlockId, state: State, isInsideExpression: boolean): number {
    const level = this.#keyLevel;
    const key = heapKey(context, state, level, block, isInsideExpression);
    if (level !== 'turns' || this.#seen.size > TURNS_APART) return key;
    return combined(mix(key, state.iteration, 11), mix(key / 0x100000000, state.iteration, 12));
  }

  /** Tells states apart by less from here on. Groups that become one must run once more, as what they have in common. */
  #coarsen(context: AnalysisContext, block: BlockId, isInsideExpression: boolean, changed: Map<number, State>): void {
    this.#level++;
    const before = this.#groups;
    this.#groups = new Map();
    const grown = new Set<number>();
    for (const [old, state] of before) {
      const group = this.#groupOf(context, block, state, isInsideExpression);
      const known = this.#groups.get(group);
      if (known) {
        this.#groups.set(group, join(context, block, known, state, this.#keyLevel));
        grown.add(group);
      } else {
        this.#groups.set(group, state);
      }
      if (changed.delete(old)) grown.add(group);
    }
    for (const group of grown) {
      const state = this.#groups.get(group)!;
      this.#seen.add(state.key(isInsideExpression));
      changed.set(group, state.fork());
    }
  }
}

/** The group of all that would be too many. */
const REST = -1;

/**
 * Joins states behind the instruction at `position` of a block whose heap facts are equal; at the limit, all that are left
 * become one, and what they differ in is silenced.
 */
export function joinAlike(
  context: AnalysisContext,
  block: BlockId,
  position: number,
  states: readonly State[],
  limits: Readonly<Record<KeyLevel, number>>,
): { states: State[]; wasCut: boolean } {
  // What is joined at two points of one block are two values, as at two blocks.
  const point = (position + 1) * context.ir.blocks.length + block;
  let keys: number[] = [];
  let reached: KeyLevel = 'turns';
  for (const level of KEY_LEVELS) {
    reached = level;
    keys = states.map((state) => heapKey(context, state, level, undefined, false));
    if (new Set(keys).size <= limits[level]) break;
  }
  const groups = new Map<number, State>();
  let wasCut = false;
  for (const [i, state] of states.entries()) {
    let key = keys[i];
    if (!groups.has(key) && groups.size >= limits.held) {
      key = REST;
      wasCut = true;
    }
    const known = groups.get(key);
    groups.set(key, known ? join(context, point, known, state, reached) : state);
  }
  return { states: [...groups.values()], wasCut };
}

/** `point` tells the place of the join from all others in the function. */
function join(context: AnalysisContext, point: number, a: State, b: State, level: KeyLevel): State {
  const { table } = context;
  const isGivingUp = level === 'held';
  const result = a.fork();
  // Where every path has had an unusual answer, none of them takes another.
  const areUnusual = a.unusualConfigurations !== 0 && b.unusualConfigurations !== 0;
  result.unusualConfigurations = areUnusual ? a.unusualConfigurations | b.unusualConfigurations : 0;
  if (a.iteration !== b.iteration) {
    // The further turn counts: a loop must come to its widening although its states meet on the way.
    const loops = new Map(a.loops);
    for (const [head, turns] of b.loops) loops.set(head, Math.max(turns, loops.get(head) ?? 0));
    result.loops = loops;
    result.iteration = iterationOf(loops);
    result.isInWidenedLoop = isWidened(loops);
  }
  /** Memory that only the merged place held must not be thought lost. */
  const silence = (value: Value | undefined): void => {
    const region = value === undefined ? undefined : result.regions.get(table.base(value));
    if (region?.status === 'allocated' || region?.handovers !== undefined) escapeValue(context, result, value!);
  };
  const differences = a.differingMemory(b);
  const { keys: merged, left, right } = differences;
  /** By place in `merged`: the pointer to the block that both paths point into, only not to the same place in it. */
  const blocks = merged.map((_, i) => blockOfBoth(context, a, b, left[i], right[i]));
  for (let i = 0; i < merged.length; i++) {
    // What the place held names an old meaning of the symbol that it is about to get.
    if (blocks[i] !== undefined) result.unbind(merged[i]);
    else {
      silence(left[i]);
      silence(right[i]);
    }
  }
  for (let i = 0; i < merged.length; i++) {
    if (!isSeenOutside(context, merged[i])) continue;
    keepHandedIn(context, result, merged[i], left[i]);
    keepHandedIn(context, result, merged[i], right[i]);
  }
  const known = table.size;
  const symbols = merged.length === 0 ? merged : symbolsFor(context, result, a, b, differences, blocks, point);
  for (let i = 0; i < merged.length; i++) {
    const block = blocks[i];
    if (block === undefined) {
      noteMet(context, merged[i], left[i], symbols[i], symbols[i] >= known);
      noteMet(context, merged[i], right[i], symbols[i], symbols[i] >= known);
      context.boundMerged(merged[i], symbols[i]);
      result.bind(merged[i], symbols[i]);
    } else result.bind(merged[i], table.addressOf(table.element(table.pointee(block), symbols[i])));
  }
  result.givenUp = givenUpOnEither(a, b);
  if (isGivingUp || result.givenUp.size > 0) {
    for (let i = 0; i < merged.length; i++) {
      if (blocks[i] !== undefined) continue;
      let isGivenUp = false;
      for (const state of [a, b]) {
        const held = state === a ? left[i] : right[i];
        if (held === undefined) continue;
        isGivenUp ||= isOwned(context, state.regions.get(table.base(held))) || state.givenUp.get(held) === 'allocated';
        // The place's new symbol stands for it.
        takeOver(result, held);
      }
      if (isGivenUp) giveUp(result, symbols[i], 'allocated');
    }
  }
  const facts = a.differingFacts(b);
  for (let i = 0; i < facts.keys.length; i++) {
    const value = facts.keys[i];
    const fact = facts.left[i];
    const other = facts.right[i];
    if (!fact) continue;
    if (!other) result.deleteFact(value);
    else if (!isEqualFact(fact, other)) {
      const shape = table.values[value];
      const saysNothing = shape.kind === 'binary' && isComparison(shape.operator);
      const common = saysNothing ? NO_FACT : commonFact(fact, other);
      if (common === NO_FACT) result.deleteFact(value);
      else result.setFact(value, common);
    }
  }
  for (let i = 0; i < merged.length; i++) {
    const before = left[i];
    const other = right[i];
    if (before === undefined || other === undefined || blocks[i] !== undefined) continue;
    const common = commonFact(factOf(table, a, before), factOf(table, b, other));
    if (common !== NO_FACT) result.setFact(symbols[i], common);
  }
  const masks = merged.length === 0 ? [] : masksOf(table, a);
  for (let i = 0; i < merged.length && masks.length > 0; i++) {
    if (left[i] !== undefined && right[i] !== undefined && blocks[i] === undefined)
      keepBits(table, a, b, result, left[i]!, right[i]!, symbols[i], masks);
  }
  const symbolOf = (held: Value): Value | undefined => {
    const place = merged.findIndex((_, i) => left[i] === held || right[i] === held);
    return place < 0 ? undefined : symbols[place];
  };
  const joinedHandovers = (region: Region, other: Region | undefined): number | undefined =>
    region.handovers === undefined || other?.handovers === undefined || (region.release && 1) !== (other.release && 1)
      ? undefined
      : context.beliefs.joined(region.handovers, other.handovers, symbolOf);
  // A flag may tell the path that freed from the one on which there was nothing to free: without it both may free behind it.
  const losesFlag =
    (level === 'heap' || isGivingUp) &&
    merged.some((_, i) => isConstant(table, left[i]) && isConstant(table, right[i]));
  const records = a.differingRegions(b);
  for (let i = 0; i < records.keys.length; i++) {
    const value = records.keys[i];
    const region = records.left[i];
    const other = records.right[i];
    // To give NULL back does nothing: `if (p) free(p);` frees like `free(p);`.
    if (other?.status === 'freed' && isNullNow(region, a.facts.get(value))) {
      result.setRegion(value, losesFlag ? joinWithNothing(other) : other);
      continue;
    }
    if (region?.status === 'freed' && isNullNow(other, b.facts.get(value))) {
      if (losesFlag) result.setRegion(value, joinWithNothing(region));
      continue;
    }
    if (isGivingUp && isFreed(region) !== isFreed(other)) giveUp(result, value, 'freed');
    if (!region) {
      result.setRegion(value, joinWithNothing(other!));
      continue;
    }
    if (region.status === 'escaped' && !region.isUnchecked) {
      if (region.handovers === undefined) continue;
      const handovers = joinedHandovers(region, other);
      if (handovers === undefined) result.setRegion(value, silenced(region));
      else if (handovers !== region.handovers) result.setRegion(value, changedRegion(region, { handovers }));
      continue;
    }
    if (other?.status === region.status) {
      const joined = region.isDefinite && !other.isDefinite ? other : region;
      if (region.status === 'freed') result.setRegion(value, withDoubtsOf(joined, region, other));
      else if (joined !== region) result.setRegion(value, joined);
      continue;
    }
    result.setRegion(value, other ? silenced(region) : joinWithNothing(region));
  }
  for (const pointer of a.unwritten) if (!b.unwritten.has(pointer)) endUnwritten(result, pointer);
  for (const variable of b.aliased) {
    if (!result.aliased.has(variable)) result.aliased = new Set(result.aliased).add(variable);
  }
  for (let i = 0; i < merged.length; i++) {
    const before = left[i];
    const other = right[i];
    if (before !== undefined) loseAddress(context, result, before);
    if (other !== undefined) loseAddress(context, result, other);
  }
  // What only a path lost in which nobody believes stays its own.
  if (a.isDoubtful && !b.isDoubtful) result.losses = b.losses;
  else if (a.isDoubtful || !b.isDoubtful) {
    for (const [value, loss] of b.losses) if (!result.losses.has(value)) result.noteLoss(value, loss);
  }
  if (a.knownNull !== b.knownNull) {
    for (const [value, test] of b.knownNull) if (!a.knownNull.has(value)) context.followedNulls.doubt(test);
    for (const [value, test] of a.knownNull) {
      if (b.knownNull.has(value)) continue;
      context.followedNulls.doubt(test);
      result.forgetNull(value);
    }
  }
  if (!b.isDoubtful) result.isDoubtful = false;
  // The ways of a path in which nobody believes are not believed either, where there are others.
  const meeting = { block: point % context.ir.blocks.length, differences, symbols, blocks };
  const answers = (state: State): Answers => answersAtMeeting(context, state, state === a ? left : right, meeting);
  if (a.isDoubtful !== b.isDoubtful) result.answers = answers(a.isDoubtful ? b : a);
  // Where nothing was asked before, nothing hangs together with what they hold.
  else if (a.answers === NO_ANSWERS && b.answers === NO_ANSWERS) result.answers = NO_ANSWERS;
  else result.answers = context.answers.joined(answers(a), answers(b));
  for (const variable of b.exposed) result.expose(variable);
  for (const value of a.dereferenced.keys()) {
    if (!b.dereferenced.has(value)) {
      result.dereferenced = new Map(result.dereferenced);
      result.dereferenced.delete(value);
    }
  }
  for (const [value, origin] of b.used) result.noteUse(value, origin);
  const { fieldEpochs } = b;
  for (let i = 0; i < fieldEpochs.size; i++) {
    const field = fieldEpochs.keyAt(i);
    if (a.fieldEpochs.get(field) === fieldEpochs.valueAt(i)) continue;
    result.setFieldEpoch(field, -(point + 1) * 0x100000 - result.iteration - 1);
  }
  if (a.epoch !== b.epoch) {
    const epoch = -(point + 1) * 0x100000;
    for (const location of context.setNumbers.places) carrySetNumber(context, location, [a, b], epoch);
    changeEpoch(context, result, epoch);
  }
  return result;
}

/** A symbol for what each of the places that differ holds from here on: one that it had on a path, or a new one. */
function symbolsFor(
  context: AnalysisContext,
  result: State,
  a: State,
  b: State,
  differences: Differences<Value>,
  blocks: readonly (Value | undefined)[],
  point: number,
): readonly Value[] {
  const kept = keptSymbols(context, a, b, differences).map((symbol, i) =>
    blocks[i] === undefined ? symbol : undefined,
  );
  const renewed = differences.keys.filter((_, i) => kept[i] === undefined);
  const symbols = mergedSymbols(context, result, renewed, point);
  let next = 0;
  return kept.map((symbol) => symbol ?? symbols[next++]);
}

function isSeenOutside({ table, ir }: AnalysisContext, location: Location): boolean {
  const root = table.locations[table.root(location)];
  if (root.kind === 'pointee') return true;
  if (root.kind !== 'variable') return false;
  const { kind } = ir.variables[root.variable];
  return kind === 'global' || kind === 'static';
}

/** On one of the paths the caller's memory came to stand in another place of the caller's: it is kept there. */
function keepHandedIn(context: AnalysisContext, state: State, location: Location, value: Value | undefined): void {
  if (value === undefined) return;
  const { table } = context;
  const base = table.base(value);
  if (state.regions.has(base) || !isHandedIn(table, base)) return;
  const shape = table.values[base];
  // What stood there from the beginning was not put there.
  if (shape.kind === 'symbol' && shape.origin.kind === 'initial' && shape.origin.location === location) return;
  escapeValue(context, state, base);
}

/**
 * The pointer to the block that two paths point into from one location, where neither points to its beginning and something
 * is known of the block. Where in it they point is lost, but not that they do.
 */
function blockOfBoth(
  { table }: AnalysisContext,
  a: State,
  b: State,
  left: Value | undefined,
  right: Value | undefined,
): Value | undefined {
  if (left === undefined || right === undefined) return undefined;
  const base = table.base(left);
  if (base !== table.base(right) || !isElement(table, left) || !isElement(table, right)) return undefined;
  return a.regions.has(base) && b.regions.has(base) ? base : undefined;
}

/** What keeps something from being said of a freed region on one of two paths keeps it from being said on both. */
function withDoubtsOf(joined: Region, a: Region, b: Region): Region {
  const isUsed = a.isUsed || b.isUsed;
  const isReread = a.isReread || b.isReread;
  const isUnlinked = a.isUnlinked || b.isUnlinked;
  if (joined.isUsed === isUsed && joined.isReread === isReread && joined.isUnlinked === isUnlinked) return joined;
  return changedRegion(joined, { isUsed, isReread, isUnlinked });
}

function isConstant(table: ValueTable, value: Value | undefined): boolean {
  return value !== undefined && table.integerOf(value) !== undefined;
}

function isFreed(region: Region | undefined): boolean {
  return region?.status === 'freed' && region.isDefinite;
}

/** The two paths disagree: nothing more is said of the region. */
function silenced(region: Region): Region {
  return changedRegion(region, { status: 'escaped', isUnchecked: false, handovers: undefined });
}

/** A region of one path, where the other says nothing of its pointer. */
function joinWithNothing(region: Region): Region {
  if (region.status !== 'freed') return silenced(region);
  return region.isDefinite ? changedRegion(region, { isDefinite: false }) : region;
}
