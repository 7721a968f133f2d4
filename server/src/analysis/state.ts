import type { BlockId, Origin, VariableId } from '../ir/instructions.ts';
import type { Family } from '../models/function-model.ts';
import type { Location, Value } from './values.ts';

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

/** An immutable record of one region; a change of status makes another record. */
export interface Region {
  readonly status: RegionStatus;
  readonly family: Family;
  /** The allocation may have failed, and no test of the pointer stands between. */
  readonly isUnchecked: boolean;
  readonly allocation: Site | undefined;
  readonly free: Site | undefined;
  /** What was asked for, in bytes, when one argument says it: an allocation of nothing may give NULL and not fail. */
  readonly size: number | undefined;
  /** The pointer was assumed NULL here. */
  readonly assumedNull: Origin | undefined;
  /** Escaped only in that memory the caller sees holds it: to the caller it is new, and the caller's. */
  readonly isPublished: boolean;
  /** Freed on this path for sure; false after a callee that frees on some of its paths only. */
  readonly isDefinite: boolean;
}

/** What is known of a value as an integer or pointer: an interval, and whether it is not zero. */
export interface Fact {
  readonly low: number;
  readonly high: number;
  readonly isNonZero: boolean;
}

export const NO_FACT: Fact = { low: -Infinity, high: Infinity, isNonZero: false };

/**
 * One disjunct: what is known on one path. Maps are shared between copies until one of them writes (copy on write),
 * since most branches change few of them.
 */
export class State {
  memory: Map<Location, Value>;
  regions: Map<Value, Region>;
  facts: Map<Value, Fact>;
  registers: Value[];
  /** By loop head on the path: how often it was entered since the loop began. */
  loops: Map<BlockId, number>;
  /** Variables whose address is known outside. */
  exposed: Set<VariableId>;
  /** Parameters' values that were dereferenced while nothing was known of them. */
  dereferenced: Map<Value, Origin>;
  /** Changes whenever unknown code may have written memory that is not private. */
  epoch = 0;
  /** Distinguishes the symbols of one turn of a loop from those of another. */
  iteration = 0;
  /** By field name: changes whenever a store went to such a field behind some pointer, which may be the same object. */
  fieldEpochs: ReadonlyMap<string, number> = new Map();
  /** Control is in a loop that was widened: its symbols may stand for several turns. */
  isInWidenedLoop = false;
  #memoryShared = false;
  #regionsShared = false;
  #factsShared = false;

  constructor() {
    this.memory = new Map();
    this.regions = new Map();
    this.facts = new Map();
    this.registers = [];
    this.loops = new Map();
    this.exposed = new Set();
    this.dereferenced = new Map();
  }

  fork(): State {
    const copy = new State();
    copy.memory = this.memory;
    copy.regions = this.regions;
    copy.facts = this.facts;
    copy.registers = this.registers.slice();
    copy.loops = this.loops;
    copy.exposed = this.exposed;
    copy.dereferenced = this.dereferenced;
    copy.epoch = this.epoch;
    copy.fieldEpochs = this.fieldEpochs;
    copy.iteration = this.iteration;
    copy.isInWidenedLoop = this.isInWidenedLoop;
    this.#memoryShared = this.#regionsShared = this.#factsShared = true;
    copy.#memoryShared = copy.#regionsShared = copy.#factsShared = true;
    return copy;
  }

  bind(location: Location, value: Value): void {
    this.#ownMemory().set(location, value);
  }

  unbind(location: Location): void {
    if (this.memory.has(location)) this.#ownMemory().delete(location);
  }

  setRegion(value: Value, region: Region): void {
    if (this.#regionsShared) {
      this.regions = new Map(this.regions);
      this.#regionsShared = false;
    }
    this.regions.set(value, region);
  }

  deleteRegion(value: Value): void {
    if (!this.regions.has(value)) return;
    if (this.#regionsShared) {
      this.regions = new Map(this.regions);
      this.#regionsShared = false;
    }
    this.regions.delete(value);
  }

  setFact(value: Value, fact: Fact): void {
    this.#ownFacts().set(value, fact);
  }

  deleteFact(value: Value): void {
    if (this.facts.has(value)) this.#ownFacts().delete(value);
  }

  expose(variable: VariableId): void {
    if (this.exposed.has(variable)) return;
    this.exposed = new Set(this.exposed).add(variable);
  }

  noteDereference(value: Value, origin: Origin): void {
    if (this.dereferenced.has(value)) return;
    this.dereferenced = new Map(this.dereferenced).set(value, origin);
  }

  #ownMemory(): Map<Location, Value> {
    if (this.#memoryShared) {
      this.memory = new Map(this.memory);
      this.#memoryShared = false;
    }
    return this.memory;
  }

  #ownFacts(): Map<Value, Fact> {
    if (this.#factsShared) {
      this.facts = new Map(this.facts);
      this.#factsShared = false;
    }
    return this.facts;
  }

  /** A key that is equal for states in which the same is known. Order of insertion does not count. */
  key(includeRegisters: boolean): string {
    let a = this.epoch;
    let b = this.iteration;
    for (const [location, value] of this.memory) {
      a = (a + mix(location, value, 1)) | 0;
      b = (b + mix(value, location, 2)) | 0;
    }
    for (const [value, region] of this.regions) {
      const code = regionCode(region) + (region.isDefinite ? 16 : 0);
      const sites = (region.free?.id ?? -1) * 64 + code;
      a = (a + mix(value, sites, 3)) | 0;
      b = (b + mix(sites, value, 4)) | 0;
    }
    for (const [value, fact] of this.facts) {
      const range = (fact.low | 0) * 31 + (fact.high | 0) + (fact.isNonZero ? 7 : 0);
      const ends = (Number.isFinite(fact.low) ? 1 : 0) + (Number.isFinite(fact.high) ? 2 : 0);
      a = (a + mix(value, range + ends * 1013, 5)) | 0;
      b = (b + mix(range ^ ends, value, 6)) | 0;
    }
    for (const value of this.dereferenced.keys()) a = (a + mix(value, 17, 7)) | 0;
    for (const epoch of this.fieldEpochs.values()) b = (b + mix(epoch % 0x7fffffff, 29, 10)) | 0;
    for (const variable of this.exposed) b = (b + mix(variable, 23, 8)) | 0;
    if (includeRegisters) {
      for (let i = 0; i < this.registers.length; i++) {
        const value = this.registers[i];
        if (value !== undefined) a = (a + mix(i, value, 9)) | 0;
      }
    }
    return `${a}:${b}:${this.memory.size}:${this.regions.size}:${this.facts.size}`;
  }
}

function statusCode(status: RegionStatus): number {
  return status === 'allocated' ? 1 : status === 'escaped' ? 2 : status === 'freed' ? 3 : 4;
}

/** What tells the regions of a state apart, as a number below 16. */
export function regionCode(region: Pick<Region, 'status' | 'isUnchecked'>): number {
  return statusCode(region.status) + (region.isUnchecked ? 8 : 0);
}

/** A mixing step after MurmurHash3's finaliser. */
export function mix(x: number, y: number, seed: number): number {
  let h = Math.imul(x ^ Math.imul(seed, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(y + 0x7f4a7c15, 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h, 0x2c1b3c6d);
  h ^= h >>> 12;
  return h;
}
