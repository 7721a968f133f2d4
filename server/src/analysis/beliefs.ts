import type { AnalysisContext } from './context.ts';
import type { Loss } from './leaks.ts';
import { releasedVariables } from './release-names.ts';
import { releasedObjects } from './released-objects.ts';
import type { Region, Site } from './state.ts';
import type { Location, Value } from './value-shapes.ts';

/** Of a region that came to a place in more ways, nothing is believed any more. */
const MAXIMUM_LISTS = 24;

/** A call that code out of sight answered, which was given a region or made it. */
export interface Handover {
  readonly site: Site;
  readonly result: Value;
  /** What the path knows of the call's result, as text; '' for nothing. */
  readonly outcome: string;
  /** What the path knows of a member of the object that the call returned, as `x->status` tells; '' where nobody asked. */
  readonly status: string;
  /** The variable that the call left the pointer in: of two that it fills each is looked at for itself. */
  readonly filled?: Location;
}

export interface Release {
  readonly origin: Site;
  readonly at: Site;
  /** What it was handed to before, as the number of a list. */
  readonly list: number;
  /** The path has found that the pointer is not NULL. */
  readonly isTested: boolean;
}

export interface BelievedLoss {
  readonly loss: Loss;
  readonly isErrorExit: boolean;
  /** The path ends before the function's text does. */
  readonly isEarly: boolean;
}

/**
 * What one function shows of who owns what. Of a region its handovers are known on each of the paths that met: a set of lists.
 * Lists and sets are numbered, and equal ones have equal numbers; number 0 is that nothing was handed over.
 */
export class Beliefs {
  /** The locals that the function releases somewhere: only what they hold is followed. */
  readonly #released: ReadonlySet<number>;
  readonly #lists: (readonly Handover[])[] = [[]];
  readonly #listNumbers = new Map<string, number>([['', 0]]);
  /** By list: the first of those in which the same calls ended alike, whatever their results are. */
  readonly #classes = [0];
  readonly #classNumbers = new Map<string, number>([['', 0]]);
  /** Each the numbers of its lists, ascending. */
  readonly #sets: (readonly number[])[] = [[0]];
  readonly #setNumbers = new Map<string, number>([['0', 0]]);
  /** By set: the first of those with lists that are alike. */
  readonly #setClasses = [0];
  readonly #setClassNumbers = new Map<string, number>([['0', 0]]);
  /** The results of all handovers, which branches may tell something of. */
  readonly results = new Set<Value>();
  /** By the place of a member: the result of a handover that was stored there, or undefined where something else was, too. */
  readonly storedResults = new Map<Location, Value | undefined>();
  readonly releases = new Map<string, Release>();
  readonly losses: BelievedLoss[] = [];
  /** Some block was handed to code out of sight with memory of this function's in it. */
  keepsContents = false;
  /** The regions that the call in hand was given. */
  readonly given: Value[] = [];

  /** By the site of a handover: what was given beside it, numbers apart; there the callee may say how it went, or keep what it was given. */
  readonly #companions = new Map<number, Set<Value>>();

  /** The structures on the stack that the function releases somewhere, and the names of what releases each. */
  readonly objects: ReadonlyMap<number, ReadonlySet<string>>;

  constructor(released: ReadonlySet<number>, objects: ReadonlyMap<number, ReadonlySet<string>> = new Map()) {
    this.#released = released;
    this.objects = objects;
  }

  noteCompanion(site: Site, pointer: Value): void {
    const known = this.#companions.get(site.id);
    if (known) known.add(pointer);
    else this.#companions.set(site.id, new Set([pointer]));
  }

  /** True for what was given to a call beside what was handed over. */
  wasGiven(site: Site, pointer: Value): boolean {
    return this.#companions.get(site.id)?.has(pointer) ?? false;
  }

  get released(): ReadonlySet<number> {
    return this.#released;
  }

  /** The number of a set of lists; undefined when there are too many to follow. */
  number(lists: readonly (readonly Handover[])[]): number | undefined {
    const members = [...new Set(lists.map((list) => this.#listNumber(list)))].sort((a, b) => a - b);
    if (members.length > MAXIMUM_LISTS) return undefined;
    const number = numberOf(members.join(','), members, this.#sets, this.#setNumbers);
    if (number === this.#setClasses.length) {
      const alike = [...new Set(members.map((list) => this.#classes[list]))].sort((a, b) => a - b).join(',');
      this.#setClasses.push(firstOf(alike, number, this.#setClassNumbers));
    }
    return number;
  }

  /** The lists of a set. */
  lists(number: number): readonly (readonly Handover[])[] {
    return this.#sets[number].map((list) => this.#lists[list]);
  }

  /** The numbers of the lists of a set, ascending. */
  members(number: number): readonly number[] {
    return this.#sets[number];
  }

  /** One list of a set, by its number. */
  list(member: number): readonly Handover[] {
    return this.#lists[member];
  }

  /** Equal for sets with lists in which the same calls ended alike, whatever the calls' results are. */
  classOf(number: number): number {
    return this.#setClasses[number];
  }

  /**
   * What is known where two paths meet: what either of them does.
   * @param symbolOf The symbol that stands for a result behind the meeting, if it is held by a place that the paths disagree on.
   */
  joined(a: number, b: number, symbolOf: (result: Value) => Value | undefined): number | undefined {
    if (a === b) return a;
    const renamed = [...this.lists(a), ...this.lists(b)].map((list) =>
      list.map((each) => {
        const result = symbolOf(each.result) ?? each.result;
        this.results.add(result);
        return { ...each, result };
      }),
    );
    return this.number(renamed);
  }

  #listNumber(list: readonly Handover[]): number {
    const key = list
      .map((each) => `${each.site.id},${each.result},${each.outcome},${each.status},${each.filled}`)
      .join(';');
    const before = this.#lists.length;
    const number = numberOf(key, list, this.#lists, this.#listNumbers);
    if (number === before) {
      const alike = list
        .map(({ site, outcome, status, filled }) => `${site.id},${outcome},${status},${filled}`)
        .join(';');
      this.#classes.push(firstOf(alike, number, this.#classNumbers));
    }
    return number;
  }
}

/** The number that a key came with first. */
function firstOf(key: string, number: number, numbers: Map<string, number>): number {
  const known = numbers.get(key);
  if (known === undefined) numbers.set(key, number);
  return known ?? number;
}

/** The place of a value among those that were numbered before, or the next one. */
function numberOf<T>(key: string, value: T, values: T[], numbers: Map<string, number>): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, values.length);
  return values.push(value) - 1;
}

export function beliefsOf({ ir, environment, sizes }: Pick<AnalysisContext, 'ir' | 'environment' | 'sizes'>): Beliefs {
  const { models } = environment;
  const modelOf = (name: string) => models.modelOf(name);
  return new Beliefs(releasedVariables(ir, modelOf), releasedObjects(ir, modelOf, sizes.types));
}

/** Code out of sight has the region too, or made it, and the function releases it somewhere: it may still have to do so here. */
export function isBelieved(region: Region | undefined): region is Region & { readonly handovers: number } {
  return region?.status === 'escaped' && region.handovers !== undefined && region.release === undefined;
}
