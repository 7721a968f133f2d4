import { combined, mix } from '../base/mix.ts';
import { type Differences, type ReadonlySortedMap, SortedMap } from '../base/sorted-map.ts';
import type { BlockId, Origin, VariableId } from '../ir/instructions.ts';
import type { Family } from '../models/function-model.ts';
import { type Answers, NO_ANSWERS } from './answers.ts';
import type { GivenUp } from './given-up.ts';
import type { Loss } from './leaks.ts';
import type { Location, Value } from './value-shapes.ts';

/** A place in a function where something happened to memory; step of a later report. Numbered per analysis. */
export interface Site {
  readonly id: number;
  readonly block: BlockId;
  readonly instruction: number;
  readonly origin: Origin;
  /** The function called there. */
  readonly callee: string;
  /** Where it happened inside the callee, when the callee's own body did it: the deepest step last. */
  readonly inner: readonly CalleeStep[];
}

/** A number for the place of an instruction in its function. */
export const siteKey = (block: BlockId, instruction: number): number => block * 4096 + instruction;

/** A step inside another function: offsets count from that function's beginning. */
export interface CalleeStep {
  readonly file: string;
  readonly functionName: string;
  readonly origin: Origin;
  readonly callee: string;
}

/**
 * What has become of a region of memory on this path:
 * - allocated: this function, or what it calls, got it and nobody else holds it;
 * - escaped: somebody else may hold or free it; nothing is reported of it any more;
 * - freed: it was given back;
 * - failed: the allocation gave NULL.
 */
export type RegionStatus = 'allocated' | 'escaped' | 'freed' | 'failed';

/** What a record of a region says. */
type RegionMembers = { readonly [Name in keyof Region]: Region[Name] };

/**
 * An immutable record of one region; a change of status makes another record. Each is made here: objects that are made by spreading
 * others have layouts of their own, which the engine's caches miss.
 */
export class Region {
  declare readonly status: RegionStatus;
  declare readonly family: Family;
  /** The allocation may have failed, and no test of the pointer stands between. */
  declare readonly isUnchecked: boolean;
  declare readonly allocation: Site | undefined;
  declare readonly free: Site | undefined;
  /** What was asked for, in bytes, when one argument says it: an allocation of nothing may give NULL and not fail. */
  declare readonly size: number | undefined;
  /** The bytes that were asked for, where the allocator's model says how it is asked. */
  declare readonly extent: Value | undefined;
  /** The pointer was assumed NULL here. */
  declare readonly assumedNull: Origin | undefined;
  /** Escaped only in that memory the caller sees holds it: to the caller it is new, and the caller's. */
  declare readonly isPublished: boolean;
  /** A test in the function found that there is something behind the pointer. */
  declare readonly isTested: boolean;
  /** Held by an array's element whose index is a variable: which of them are freed is not followed. */
  declare readonly isInArray: boolean;
  /** Allocated in a turn of a widened loop: what the turns before did is known in part only. */
  declare readonly isFromWidenedTurn: boolean;
  /** The callee stored the pointer in memory, and did not return it. */
  declare readonly isStoredByCallee: boolean;
  /** The member that holds it in a block that a callee made as well, as the program writes it: `name`, `text.data`. */
  declare readonly member: string | undefined;
  /** realloc failed to move the block on this path: the symbol of its result. */
  declare readonly failedReallocation: Value | undefined;
  /** By the number of `Beliefs`: the calls of code out of sight that the region was handed to, and no other way out. */
  declare readonly handovers: number | undefined;
  /** The call of code out of sight that made it, if it is followed for what the function shows of its owner. */
  declare readonly source: Site | undefined;
  /** A call whose name says so released it. */
  declare readonly release: Site | undefined;
  /** Freed on this path for sure; false after a callee that frees on some of its paths only. */
  declare readonly isDefinite: boolean;
  /** Freed, and then used: that was noted, and what else is done with the pointer follows from it. */
  declare readonly isUsed: boolean;
  /** Freed, and then its address was read from memory anew, which may have been written in a way that was not seen. */
  declare readonly isReread: boolean;
  /** Freed after something was stored behind a pointer read from it: it was taken out of a list, and so out of sight. */
  declare readonly isUnlinked: boolean;
  /** Keeps what only looks like a record from being taken for one. */
  declare private readonly isRecord: true;

  constructor(original: RegionMembers) {
    this.status = original.status;
    this.family = original.family;
    this.isUnchecked = original.isUnchecked;
    this.allocation = original.allocation;
    this.free = original.free;
    this.size = original.size;
    this.extent = original.extent;
    this.assumedNull = original.assumedNull;
    this.isPublished = original.isPublished;
    this.isTested = original.isTested;
    this.isInArray = original.isInArray;
    this.isFromWidenedTurn = original.isFromWidenedTurn;
    this.isStoredByCallee = original.isStoredByCallee;
    this.member = original.member;
    this.failedReallocation = original.failedReallocation;
    this.handovers = original.handovers;
    this.source = original.source;
    this.release = original.release;
    this.isDefinite = original.isDefinite;
    this.isUsed = original.isUsed;
    this.isReread = original.isReread;
    this.isUnlinked = original.isUnlinked;
  }
}

/** Memory that others hold, and of which nothing else is known. */
export const UNKNOWN_REGION = new Region({
  status: 'escaped',
  family: '',
  isUnchecked: false,
  allocation: undefined,
  free: undefined,
  size: undefined,
  extent: undefined,
  assumedNull: undefined,
  isPublished: false,
  isTested: false,
  isInArray: false,
  isFromWidenedTurn: false,
  isStoredByCallee: false,
  member: undefined,
  failedReallocation: undefined,
  handovers: undefined,
  source: undefined,
  release: undefined,
  isDefinite: true,
  isUsed: false,
  isReread: false,
  isUnlinked: false,
});

/** A record that says the same as another but for some members. */
export function changedRegion<Changes extends Partial<RegionMembers>>(
  region: Region,
  changes: Changes,
): Region & Changes {
  return Object.assign(new Region(region), changes);
}

/** What is known of a value as an integer or pointer: an interval, whether it is not zero, and which few values it may have. */
export interface Fact {
  readonly low: number;
  readonly high: number;
  readonly isNonZero: boolean;
  /** All values that are left, at least two and at most MAXIMUM_VALUES, ascending. */
  readonly oneOf?: readonly number[] | undefined;
}

/** Facts are made here, so that all have one layout, as records of regions have. */
export function newFact(low: number, high: number, isNonZero: boolean, oneOf?: readonly number[]): Fact {
  return { low, high, isNonZero, oneOf };
}

/** Of a value that is one of more than so many only the bounds are known. */
export const MAXIMUM_VALUES = 6;

const NO_VALUES: ReadonlySet<Value> = new Set();
const NO_ORIGINS: ReadonlyMap<Value, Origin> = new Map();

export const NO_FACT: Fact = newFact(-Infinity, Infinity, false);

const NO_LOSSES: ReadonlyMap<Value, Loss> = new Map();
const NOTHING_GIVEN_UP: ReadonlyMap<Value, GivenUp> = new Map();

/**
 * One disjunct: what is known on one path. Copies share their maps until one of them writes, since most branches change few
 * of them.
 */
export class State {
  readonly #memory: SortedMap<Value>;
  readonly #regions: SortedMap<Region>;
  readonly #facts: SortedMap<Fact>;
  registers: Value[];
  /** By loop head on the path: how often it was entered since the loop began. */
  loops: Map<BlockId, number>;
  /** Variables whose address is known outside. */
  exposed: Set<VariableId>;
  /** Parameters' values that were dereferenced while nothing was known of them. */
  dereferenced: Map<Value, Origin>;
  /** Parameters' values whose memory some path here has used after a test, as far as is known: nothing may rest on its not being said. */
  used: ReadonlyMap<Value, Origin>;
  /** Memory that nothing refers to any more, by its symbol: leaks, unless the path ends the program. */
  losses: ReadonlyMap<Value, Loss>;
  /** Changes whenever unknown code may have written memory that is not private. */
  epoch: number;
  /** Distinguishes the symbols of one turn of a loop from those of another. */
  iteration: number;
  #fieldEpochs: SortedMap<number>;
  /** Pointers to fresh memory of which it is known which parts were written. */
  unwritten: ReadonlySet<Value>;
  /** A bit for each `#if` that was answered other than usual on the path. */
  unusualConfigurations: number;
  /** Locals whose address was kept in a place of which nothing is known any more. */
  aliased: ReadonlySet<VariableId>;
  /** Values that a test in the function's own text found NULL on this path, with the place of the test. */
  knownNull: ReadonlyMap<Value, Origin>;
  /** Control is in a loop that was widened: its symbols may stand for several turns. */
  isInWidenedLoop: boolean;
  /** How the path's branches answered what memory and callees were asked. */
  answers: Answers;
  /** Pointers of which too much would have to be told apart (see `given-up.ts`). */
  givenUp: ReadonlyMap<Value, GivenUp>;
  /** Nobody who reads the program would believe in the path (see `doubt.ts`). */
  isDoubtful: boolean;
  /** Two sums of hashes over memory, regions and facts, kept up with every change. */
  #sumA: number;
  #sumB: number;

  constructor(original?: State) {
    this.#memory = original ? original.#memory.copy() : SortedMap.empty();
    this.#regions = original ? original.#regions.copy() : SortedMap.empty();
    this.#facts = original ? original.#facts.copy() : SortedMap.empty();
    this.registers = original ? original.registers.slice() : [];
    this.loops = original ? original.loops : new Map();
    this.exposed = original ? original.exposed : new Set();
    this.dereferenced = original ? original.dereferenced : new Map();
    this.used = original ? original.used : NO_ORIGINS;
    this.losses = original ? original.losses : NO_LOSSES;
    this.epoch = original ? original.epoch : 0;
    this.iteration = original ? original.iteration : 0;
    this.#fieldEpochs = original ? original.#fieldEpochs.copy() : SortedMap.empty();
    this.unwritten = original ? original.unwritten : NO_VALUES;
    this.unusualConfigurations = original ? original.unusualConfigurations : 0;
    this.aliased = original ? original.aliased : NO_VALUES;
    this.knownNull = original ? original.knownNull : NO_ORIGINS;
    this.isInWidenedLoop = original ? original.isInWidenedLoop : false;
    this.answers = original ? original.answers : NO_ANSWERS;
    this.givenUp = original ? original.givenUp : NOTHING_GIVEN_UP;
    this.isDoubtful = original ? original.isDoubtful : false;
    this.#sumA = original ? original.#sumA : 0;
    this.#sumB = original ? original.#sumB : 0;
  }

  fork(): State {
    return new State(this);
  }

  /** By location: the value that stands there. */
  get memory(): ReadonlySortedMap<Value> {
    return this.#memory;
  }

  /** By the value of a pointer to it. */
  get regions(): ReadonlySortedMap<Region> {
    return this.#regions;
  }

  get facts(): ReadonlySortedMap<Fact> {
    return this.#facts;
  }

  /** By a field's name, as a number: changes whenever a store went to such a field behind a pointer that may be the same. */
  get fieldEpochs(): ReadonlySortedMap<number> {
    return this.#fieldEpochs;
  }

  setFieldEpoch(name: number, epoch: number): void {
    this.#fieldEpochs.set(name, epoch);
  }

  clearFieldEpochs(): void {
    if (this.#fieldEpochs.size > 0) this.#fieldEpochs = SortedMap.empty();
  }

  /** The locations that hold something else in another state, in order, and what they hold here and there. */
  differingMemory(other: State): Differences<Value> {
    return SortedMap.differences(this.#memory, other.#memory);
  }

  /** The values of which another state knows something else, and what is known of them here and there. */
  differingFacts(other: State): Differences<Fact> {
    return SortedMap.differences(this.#facts, other.#facts);
  }

  /** The pointers whose regions have another record in another state, and the records here and there. */
  differingRegions(other: State): Differences<Region> {
    return SortedMap.differences(this.#regions, other.#regions);
  }

  bind(location: Location, value: Value): void {
    const before = this.#memory.set(location, value);
    if (before === value) return;
    if (before !== undefined) this.#count(location, before, MEMORY, -1);
    this.#count(location, value, MEMORY, 1);
  }

  unbind(location: Location): void {
    const before = this.#memory.delete(location);
    if (before !== undefined) this.#count(location, before, MEMORY, -1);
  }

  setRegion(value: Value, region: Region): void {
    const before = this.#regions.set(value, region);
    if (before === region) return;
    if (before) this.#count(value, recordCode(before), REGION, -1);
    this.#count(value, recordCode(region), REGION, 1);
  }

  deleteRegion(value: Value): void {
    const before = this.#regions.delete(value);
    if (before) this.#count(value, recordCode(before), REGION, -1);
  }

  setFact(value: Value, fact: Fact): void {
    const before = this.#facts.get(value);
    if (before) {
      if (isEqualFact(before, fact)) return;
      this.#count(value, factCode(before), FACT, -1);
    }
    this.#count(value, factCode(fact), FACT, 1);
    this.#facts.set(value, fact);
  }

  deleteFact(value: Value): void {
    const before = this.#facts.delete(value);
    if (before) this.#count(value, factCode(before), FACT, -1);
  }

  expose(variable: VariableId): void {
    if (this.exposed.has(variable)) return;
    this.exposed = new Set(this.exposed).add(variable);
  }

  noteNull(value: Value, origin: Origin): void {
    if (this.knownNull.has(value)) return;
    this.knownNull = new Map(this.knownNull).set(value, origin);
  }

  forgetNull(value: Value): void {
    if (!this.knownNull.has(value)) return;
    const known = new Map(this.knownNull);
    known.delete(value);
    this.knownNull = known;
  }

  noteDereference(value: Value, origin: Origin): void {
    if (this.dereferenced.has(value)) return;
    this.dereferenced = new Map(this.dereferenced).set(value, origin);
  }

  /** `origin` is the first place where the path uses what the pointer points to. */
  noteUse(value: Value, origin: Origin): void {
    if (this.used.has(value)) return;
    this.used = new Map(this.used).set(value, origin);
  }

  noteLoss(value: Value, loss: Loss): void {
    this.losses = new Map(this.losses).set(value, loss);
  }

  /** The losses were reported, or are of no more interest. */
  clearLosses(): void {
    this.losses = NO_LOSSES;
  }

  #count(key: number, content: number, kind: number, sign: 1 | -1): void {
    this.#sumA = (this.#sumA + sign * mix(key, content, kind)) | 0;
    this.#sumB = (this.#sumB + sign * mix(content, key, kind + 1)) | 0;
  }

  /** A key that is equal for states in which the same is known. Order of insertion does not count. */
  key(includeRegisters: boolean): number {
    let a = (this.#sumA + this.epoch + (this.isDoubtful ? 0x5bd1e995 : 0)) | 0;
    let b = (this.#sumB + this.iteration + this.answers.code) | 0;
    // Most are empty as a rule, and an iterator costs more than to see that.
    if (this.knownNull.size > 0) for (const value of this.knownNull.keys()) a = (a + mix(value, 31, 11)) | 0;
    if (this.dereferenced.size > 0) for (const value of this.dereferenced.keys()) a = (a + mix(value, 17, 7)) | 0;
    if (this.losses.size > 0) for (const [value, loss] of this.losses) a = (a + mix(value, loss.at.id, 11)) | 0;
    if (this.givenUp.size > 0) for (const value of this.givenUp.keys()) b = (b + mix(value, 19, 13)) | 0;
    if (this.exposed.size > 0) for (const variable of this.exposed) b = (b + mix(variable, 23, 8)) | 0;
    const epochs = this.#fieldEpochs;
    for (let i = 0; i < epochs.size; i++) b = (b + mix(epochs.valueAt(i) % 0x7fffffff, 29, 10)) | 0;
    if (includeRegisters) {
      for (let i = 0; i < this.registers.length; i++) {
        const value = this.registers[i];
        if (value !== undefined) a = (a + mix(i, value, 9)) | 0;
      }
    }
    return combined(a, b);
  }
}

/** What the sums keep apart: each takes two numbers. */
const MEMORY = 1;
const REGION = 3;
const FACT = 5;

/** All of a region's record that later events may depend on, as a number. */
function recordCode(region: Region): number {
  const isMarked = (region.isUsed ? 32 : 0) + (region.isReread ? 64 : 0) + (region.isUnlinked ? 128 : 0);
  const believed = beliefCode(region) * 0x10000;
  return ((region.free?.id ?? -1) * 256 + regionCode(region) + (region.isDefinite ? 16 : 0) + isMarked + believed) | 0;
}

export function isEqualFact(a: Fact, b: Fact): boolean {
  if (a.low !== b.low || a.high !== b.high || a.isNonZero !== b.isNonZero || a.oneOf?.length !== b.oneOf?.length) {
    return false;
  }
  return a.oneOf === b.oneOf || a.oneOf!.every((value, i) => value === b.oneOf![i]);
}

function factCode({ low, high, isNonZero, oneOf = [] }: Fact): number {
  let range = (low | 0) * 31 + (high | 0) * 37 + (isNonZero ? 7 : 0);
  for (const value of oneOf) range = (Math.imul(range, 41) + value) | 0;
  return range + ((Number.isFinite(low) ? 1 : 0) + (Number.isFinite(high) ? 2 : 0)) * 1013;
}

function statusCode(status: RegionStatus): number {
  return status === 'allocated' ? 1 : status === 'escaped' ? 2 : status === 'freed' ? 3 : 4;
}

/** What is believed of a region's owner, as a number; 0 for nothing. */
export function beliefCode(region: Region, handovers = region.handovers): number {
  return handovers === undefined ? 0 : handovers * 2 + (region.release ? 2 : 1);
}

/** What tells the regions of a state apart, as a number below 16. */
export function regionCode(region: Pick<Region, 'status' | 'isUnchecked'>): number {
  return statusCode(region.status) + (region.isUnchecked ? 8 : 0);
}
