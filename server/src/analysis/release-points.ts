import type { VariableId } from '../ir/instructions.ts';
import { type BlockId, type InsertionPoint, type Instruction, type Origin, successors } from '../ir/instructions.ts';
import type { Family } from '../models/function-model.ts';
import { isBelieved } from './beliefs.ts';
import { isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import type { Flaw } from './flaws.ts';
import { findBelievedLeaks } from './handovers.ts';
import type { PathListener } from './interpreter.ts';
import { isOwned, noteLeaksAtExit } from './leaks.ts';
import { type Content, contentOf, placesOf, type ReleasePlace } from './place-contents.ts';
import { type RehearsedFree, rehearse, rehearseJump } from './rehearsal.ts';
import type { RegionStatus, Site, State } from './state.ts';
import type { Value } from './values.ts';

/*
 * Where could a function free memory that it loses? A statement that frees it fits between two statements where, on all
 * paths that come there, one place in the program's text holds the memory, or nothing that must be freed, and where no
 * path goes on to use the memory. Of such points the last on each way to the loss is taken: that is where people write it.
 */

type Leak = Extract<Flaw, { kind: 'leak' }>;

/** States that are kept: a function with more has more paths than a repair can speak for. */
const MAXIMUM_STATES = 60_000;
/** Points at which one block of memory is freed: a person would not write more. */
const MAXIMUM_POINTS = 12;
/** Positions looked at on the way back from a loss. */
const MAXIMUM_STEPS = 4_000;
const NOWHERE: Origin = { start: -1, end: -1 };
const FOREIGN = 'on some paths the variable holds something else';

/** A block that is to be freed at a point. */
export interface Released {
  readonly place: ReleasePlace;
  readonly family: Family;
  readonly allocation: Site;
  /** On some path the place is NULL there. */
  readonly mayBeNull: boolean;
  /** On some path the variable has no value there. */
  readonly needsValue: boolean;
  /** A callee that could have given it a value may have left the variable alone. */
  readonly mayBeUntouched: boolean;
  /** Whose memory it is, is believed only. */
  readonly isBelieved: boolean;
}

export interface ReleasePoint {
  readonly point: InsertionPoint;
  /** Where it stands among the instructions. */
  readonly block: BlockId;
  readonly index: number;
  readonly released: Released;
  /** What the block alone refers to, which must be freed first; the deepest first. */
  readonly parts: readonly Released[];
  /** The statement behind the point still uses the memory: it must be freed in the middle of it, so to speak. */
  readonly isUsedBehind: boolean;
  /** The loss that the point prevents. */
  readonly leak: Leak;
}

/** What the syntax says of points and places, which the paths do not know. */
export interface TextView {
  /** A statement can be put there, and the name means the variable there. */
  isUsable(point: InsertionPoint, place: ReleasePlace): boolean;
  /** The statement around a place in the text. */
  statementAround(origin: Origin): Origin;
}

export type Release = { readonly points: readonly ReleasePoint[] } | { readonly refusal: string };

/** A number for what one place in the text allocates, the same in every analysis of it. */
export function allocationKey({ origin, inner }: Site): string {
  return `${origin.start}:${inner.length}`;
}

interface Position {
  readonly block: BlockId;
  readonly index: number;
}

/** The states at one point of the function, one for each way in which the paths come there. */
interface Moment extends Position {
  readonly point: InsertionPoint;
  readonly states: State[];
}

/**
 * Follows the paths of a function, lowered with its insertion points, and keeps what they know there.
 */
export class ReleasePoints implements PathListener {
  readonly keepsLocals: boolean;
  readonly #moments = new Map<string, Moment>();
  /** By allocation and position: where its memory is used, handed on or freed. */
  readonly #uses = new Map<string, Map<string, Origin>>();
  readonly #ends = new Map<BlockId, State[]>();
  #allocating: Set<string> | undefined;
  #stateCount = 0;
  #context: AnalysisContext | undefined;
  #leaks: readonly Leak[] = [];

  /** `keepsLocals`: also what nobody reads any more; a function may have too many paths for that. */
  constructor(keepsLocals: boolean) {
    this.keepsLocals = keepsLocals;
  }

  /** A budget was met: some paths were not followed. */
  get isIncomplete(): boolean {
    return this.#context?.isIncomplete ?? true;
  }

  /** True when no path keeps what is allocated in one place: nobody frees it, and nobody else holds it. */
  isAlwaysLost(key: string): boolean {
    const context = this.#context;
    if (!context || this.#stateCount > MAXIMUM_STATES) return false;
    const moments = [...this.#moments.values()].flatMap(({ states }) => states);
    return [...moments, ...[...this.#ends.values()].flat()].every((state) => {
      for (const [value, region] of state.regions) {
        if (!region.allocation || allocationKey(region.allocation) !== key || region.status === 'failed') continue;
        const isInHand = region.status === 'allocated' && placesOf(context, state, value).length === 0;
        if (!state.losses.has(value) && !isInHand && !isNull(context.table, state, value)) return false;
      }
      return true;
    });
  }

  /**
   * True when on no path to a statement, or to the brace of a block, what is allocated in one place was freed or shown to others.
   * Where paths meet, what others know on one of them is forgotten, so that all points on the way count.
   */
  isOwnAt(key: string, { start, end }: Origin): boolean {
    if (this.#stateCount > MAXIMUM_STATES) return false;
    const all = [...this.#moments.values()];
    const moments = all.filter(({ point: { origin, side } }) =>
      side === 'before' ? origin.start === start : side === 'end' && origin.end === end,
    );
    const has = (state: State, status: RegionStatus): boolean =>
      [...state.regions.values()].some((region) => {
        const from = region.allocation ?? region.source;
        return region.status === status && from !== undefined && allocationKey(from) === key;
      });
    const isOn = (moment: Moment, status: RegionStatus): boolean => moment.states.some((state) => has(state, status));
    const before = this.#blocksBefore(moments.map(({ block }) => block));
    const onTheWay = all.filter(
      ({ block, index }) =>
        before.has(block) || moments.some((moment) => moment.block === block && index <= moment.index),
    );
    return (
      moments.length > 0 &&
      !onTheWay.some((moment) => isOn(moment, 'escaped')) &&
      !moments.some((moment) => isOn(moment, 'freed'))
    );
  }

  /** The blocks from whose end control may come to one of some blocks. */
  #blocksBefore(blocks: readonly BlockId[]): ReadonlySet<BlockId> {
    const found = new Set<BlockId>();
    const pending = [...blocks];
    while (pending.length > 0) {
      for (const before of this.#context?.flow.predecessors[pending.pop()!] ?? []) {
        if (found.has(before)) continue;
        found.add(before);
        pending.push(before);
      }
    }
    return found;
  }

  /** The functions whose memory the function holds on some path. */
  allocatingFunctions(): ReadonlySet<string> {
    const names = new Set<string>();
    for (const { states } of this.#moments.values()) {
      for (const state of states) {
        for (const { allocation, source } of state.regions.values()) {
          const site = allocation ?? source;
          if (site && site.callee !== '') names.add(site.callee);
        }
      }
    }
    return names;
  }

  /** Whether freeing so removes the losses of an allocation and brings nothing new: the paths are followed once more. */
  holds(key: string, frees: readonly RehearsedFree[], initialised: readonly VariableId[]): boolean {
    return this.#context !== undefined && this.#isBetter(key, rehearse(this.#context, frees, initialised));
  }

  /** The same for a jump from a point to the label whose statement begins at an offset. */
  holdsJump(key: string, { block, index }: ReleasePoint, label: number): boolean {
    let target: Moment | undefined;
    for (const moment of this.#moments.values()) {
      if (moment.point.side !== 'before' || moment.point.origin.start < label) continue;
      if (!target || moment.point.origin.start < target.point.origin.start) target = moment;
    }
    // A label begins a block.
    if (!this.#context || target?.index !== 0) return false;
    return this.#isBetter(key, rehearseJump(this.#context, { block, index, target: target.block }));
  }

  /** The losses of the allocation are gone, and nothing is there that was not there before. */
  #isBetter(key: string, flaws: readonly Flaw[]): boolean {
    const before = new Set(this.#context?.flaws.map(flawKey));
    return flaws.every((flaw) => {
      if (flaw.kind === 'leak' && flaw.manner !== 'realloc' && allocationKey(flaw.allocation) === key) return false;
      return !GRAVE.has(flaw.kind) || before.has(flawKey(flaw));
    });
  }

  after(context: AnalysisContext, state: State, instruction: Instruction, block: BlockId, index: number): void {
    switch (instruction.op) {
      case 'sequence-point':
        if (instruction.point) this.#keep(state, instruction.point, { block, index });
        return;
      case 'load':
      case 'store': {
        const { address, pointer, origin } = instruction;
        if (pointer) this.#use(context, state, state.registers[address], { block, index }, origin);
        return;
      }
      case 'escape':
        this.#use(context, state, state.registers[instruction.value], { block, index }, { start: 0, end: 0 });
        return;
      case 'call':
        for (const register of instruction.arguments) {
          const value = state.registers[register];
          if (value === undefined) continue;
          this.#use(context, state, value, { block, index }, instruction.origin);
          this.#useBehind(context, state, value, { block, index }, instruction.origin);
        }
        return;
    }
  }

  leave(state: State, block: BlockId): void {
    if (++this.#stateCount > MAXIMUM_STATES) return;
    const known = this.#ends.get(block);
    if (known) known.push(state.fork());
    else this.#ends.set(block, [state.fork()]);
  }

  finish(context: AnalysisContext): void {
    this.#context = context;
    for (const exit of context.exits) {
      noteLeaksAtExit(context, exit);
      if (exit.value === undefined) continue;
      const { block, instruction } = exit.site;
      // No statement can free it behind that: the place of the use is nowhere in the text.
      this.#use(context, exit.state, exit.value, { block, index: instruction }, NOWHERE);
    }
    findBelievedLeaks(context);
    this.#leaks = context.flaws.filter((flaw) => flaw.kind === 'leak');
  }

  /** Where to free what is allocated in one place, so that none of it is lost. */
  release(key: string, text: TextView): Release {
    const context = this.#context;
    if (!context) return { refusal: 'the paths were not followed' };
    if (this.#stateCount > MAXIMUM_STATES) return { refusal: 'the function has too many paths' };
    const leaks = this.#leaks.filter(
      ({ allocation, manner }) => allocationKey(allocation) === key && manner !== 'realloc',
    );
    if (leaks.length === 0) return { refusal: 'the loss shows on some paths only' };
    const points = new Map<string, ReleasePoint>();
    for (const leak of leaks) {
      const refusal = this.#search(context, text, leak, key, points);
      if (refusal !== undefined) return { refusal };
      if (points.size > MAXIMUM_POINTS) return { refusal: 'the memory is lost in too many places' };
    }
    return { points: [...points.values()].sort((a, b) => a.point.origin.start - b.point.origin.start) };
  }

  /** Goes back from a loss, along all ways, to the last point on each where the memory can be freed. */
  #search(
    context: AnalysisContext,
    text: TextView,
    leak: Leak,
    key: string,
    points: Map<string, ReleasePoint>,
  ): string | undefined {
    const { at } = leak;
    const pending: Position[] = [{ block: at.block, index: at.instruction }];
    const seen = new Set<BlockId>();
    let steps = 0;
    let refusal: string | undefined;
    let isFirst = true;
    while (pending.length > 0) {
      const { block, index } = pending.pop()!;
      const { instructions } = context.ir.blocks[block];
      let isDone = false;
      for (let i = Math.min(index, instructions.length) - 1; i >= 0 && !isDone; i--) {
        if (++steps > MAXIMUM_STEPS) return 'the loss is too far from the allocation';
        const id = `${block}:${i}`;
        if (points.has(id)) isDone = true;
        const moment = this.#moments.get(id);
        if (moment && !isDone) {
          isFirst = false;
          const found = this.#fit(context, text, moment, leak, key);
          if (typeof found === 'object') {
            points.set(id, found);
            isDone = true;
          } else if (found === undefined) isDone = true;
          else refusal ??= found;
        }
        if (!isDone && leak.allocation.block === block && leak.allocation.instruction === i) {
          // `p = malloc(n);` in a loop loses what the turn before allocated.
          if (isFirst && leak.manner === 'overwrite') continue;
          return refusal ?? 'no statement stands between the allocation and the loss';
        }
      }
      if (isDone) continue;
      for (const before of context.flow.predecessors[block]) {
        if (seen.has(before)) continue;
        seen.add(before);
        pending.push({ block: before, index: context.ir.blocks[before].instructions.length });
      }
    }
    return undefined;
  }

  /** How the memory can be freed at a point; why it cannot; or undefined where no path to it has the memory. */
  #fit(
    context: AnalysisContext,
    text: TextView,
    { point, block, index, states }: Moment,
    leak: Leak,
    key: string,
  ): ReleasePoint | string | undefined {
    const holding = states.filter((state) => this.#ownedIn(context, state, key).length > 0);
    if (holding.length === 0) return undefined;
    let candidates: ReleasePlace[] | undefined;
    for (const state of holding) {
      const owned = this.#ownedIn(context, state, key);
      if (owned.length > 1) return 'several blocks from one place are held at once';
      const places = placesOf(context, state, owned[0]);
      candidates = candidates ? candidates.filter(({ text }) => places.some((place) => place.text === text)) : places;
    }
    if (!candidates || candidates.length === 0) return 'no name reaches the memory on all paths';
    let refusal = '';
    const statement = text.statementAround(leak.at.origin);
    for (const place of candidates.sort(byLength)) {
      if (!text.isUsable(point, place)) {
        refusal ||= 'the name of what holds the memory means something else there';
        continue;
      }
      const released = this.#release(context, states, place, key);
      if (typeof released === 'string') {
        refusal ||= released;
        continue;
      }
      const uses = this.#usesBehind(context, { block, index }, [key, ...released.otherKeys], leak);
      const isUsedBehind = uses.length > 0;
      if (uses.some((use) => use.start < statement.start || use.end > statement.end || point.side !== 'before')) {
        refusal ||= 'the memory is still used behind every place where it could be freed';
        continue;
      }
      const parts = this.#parts(context, states, place);
      if (typeof parts === 'string') {
        refusal ||= parts;
        continue;
      }
      return { point, block, index, released: released.released, parts, isUsedBehind, leak };
    }
    return refusal;
  }

  /** What freeing a place means over all states that come to a point; why it must not be freed there otherwise. */
  #release(
    context: AnalysisContext,
    states: readonly State[],
    place: ReleasePlace,
    key: string | undefined,
  ): { released: Released; otherKeys: string[] } | string {
    let first: Extract<Content, { kind: 'owned' }> | undefined;
    let mayBeNull = false;
    let needsValue = false;
    let mayBeUntouched = false;
    let joined: { readonly needsValue: boolean } | undefined;
    let isBelief = false;
    const otherKeys = new Set<string>();
    for (const state of states) {
      const content = contentOf(context, state, place);
      switch (content.kind) {
        case 'owned': {
          const held = allocationKey(content.allocation);
          // A callee of which only the name or a prototype is known gives memory of a family that nobody says.
          const { family } = content.region;
          if (first && family !== '' && first.region.family !== '' && first.region.family !== family)
            return 'memory of several families is held';
          if (!first || (held === key && family !== '') || (first.region.family === '' && family !== ''))
            first = content;
          if (held !== key) otherKeys.add(held);
          if (!isNonNull(context.table, state, content.value)) mayBeNull = true;
          if (content.region.status !== 'allocated') isBelief = true;
          break;
        }
        case 'null':
          mayBeNull = true;
          break;
        case 'joined':
          joined = this.#joined(context, place, content.block);
          if (!joined) return FOREIGN;
          if (joined.needsValue) mayBeUntouched = true;
          mayBeNull = true;
          break;
        case 'result':
          if (!this.#allocators(context).has(positionKey(content.call))) return FOREIGN;
          if (content.isWritten) mayBeUntouched = true;
          mayBeNull = true;
          isBelief = true;
          break;
        case 'uninitialised':
          if (place.steps.length > 0) return 'a member has no value on some paths';
          needsValue = true;
          break;
        case 'freed':
          return 'on some paths the memory was freed before';
        case 'shared':
          return 'on some paths others hold the memory';
        default:
          return FOREIGN;
      }
      // On a path that has the memory under another name, freeing this one is not enough.
      if (key !== undefined && content.kind !== 'owned' && this.#ownedIn(context, state, key).length > 0) {
        return 'no name reaches the memory on all paths';
      }
    }
    if (!first) return 'nothing holds the memory';
    const { region, allocation } = first;
    const released = {
      place,
      family: region.family,
      allocation,
      mayBeNull,
      needsValue,
      mayBeUntouched,
      isBelieved: isBelief,
    };
    return { released, otherKeys: [...otherKeys] };
  }

  /**
   * What a place may hold where paths were joined: only memory that the function has to free, or nothing. Undefined where
   * it may be anything else.
   */
  #joined(
    context: AnalysisContext,
    place: ReleasePlace,
    at: BlockId,
    seen = new Set<BlockId>(),
  ): { readonly needsValue: boolean } | undefined {
    let needsValue = false;
    seen.add(at);
    for (const before of context.flow.predecessors[at]) {
      for (const state of this.#ends.get(before) ?? []) {
        const content = contentOf(context, state, place);
        switch (content.kind) {
          case 'owned':
          case 'null':
            break;
          case 'uninitialised':
            needsValue = true;
            break;
          case 'result':
            if (!this.#allocators(context).has(positionKey(content.call))) return undefined;
            break;
          case 'joined': {
            const inner: { readonly needsValue: boolean } | undefined = seen.has(content.block)
              ? { needsValue }
              : this.#joined(context, place, content.block, seen);
            if (!inner) return undefined;
            needsValue ||= inner.needsValue;
            break;
          }
          default:
            return undefined;
        }
      }
    }
    return { needsValue };
  }

  /** The calls that make memory on some path. */
  #allocators(context: AnalysisContext): ReadonlySet<string> {
    if (!this.#allocating) {
      this.#allocating = new Set();
      for (const { states } of this.#moments.values()) {
        for (const state of states) {
          for (const region of state.regions.values()) {
            if (region.allocation && context.environment.models.family(region.family).isLeakable) {
              this.#allocating.add(positionKey(region.allocation));
            }
          }
        }
      }
    }
    return this.#allocating;
  }

  /** The blocks that only a block about to be freed refers to: they must be freed before it. */
  #parts(context: AnalysisContext, states: readonly State[], whole: ReleasePlace): Released[] | string {
    const found = new Map<string, ReleasePlace>();
    for (const state of states) {
      const content = contentOf(context, state, whole);
      if (content.kind !== 'owned') continue;
      for (const [value, region] of state.regions) {
        if (!isOwned(context, region) || value === content.value) continue;
        for (const place of placesOf(context, state, value)) {
          if (place.variable === whole.variable && place.steps.length > whole.steps.length + 1)
            found.set(place.text, place);
        }
      }
    }
    const parts: Released[] = [];
    for (const place of [...found.values()].sort((a, b) => b.steps.length - a.steps.length)) {
      const holding = states.filter((state) => contentOf(context, state, whole).kind === 'owned');
      const released = this.#release(context, holding, place, undefined);
      if (typeof released === 'string') return 'the block may hold other memory';
      parts.push(released.released);
    }
    return parts;
  }

  #keep(state: State, point: InsertionPoint, { block, index }: Position): void {
    if (++this.#stateCount > MAXIMUM_STATES) return;
    const id = `${block}:${index}`;
    const known = this.#moments.get(id);
    if (known) known.states.push(state.fork());
    else this.#moments.set(id, { block, index, point, states: [state.fork()] });
  }

  #use(context: AnalysisContext, state: State, value: Value, { block, index }: Position, origin: Origin): void {
    const region = state.regions.get(baseOf(context, value));
    const allocation = region?.allocation ?? region?.source;
    if (!allocation) return;
    const key = allocationKey(allocation);
    let uses = this.#uses.get(key);
    if (!uses) {
      uses = new Map();
      this.#uses.set(key, uses);
    }
    uses.set(`${block}:${index}`, origin);
  }

  /** A callee that is given the address of what holds pointers may use what they point to. */
  #useBehind(context: AnalysisContext, state: State, value: Value, position: Position, origin: Origin): void {
    const { table } = context;
    if (table.values[value].kind !== 'address' && !state.regions.has(value)) return;
    const root = table.root(table.pointee(value));
    for (const [location, held] of state.memory) {
      if (state.regions.has(table.base(held)) && table.root(location) === root) {
        this.#use(context, state, held, position, origin);
      }
    }
  }

  /** The uses of memory that control may come to behind a point, before the memory is allocated anew. */
  #usesBehind(context: AnalysisContext, from: Position, keys: readonly string[], { at, manner }: Leak): Origin[] {
    const found: Origin[] = [];
    const allocations = new Set(
      context.sites
        .filter((site) => keys.includes(allocationKey(site)))
        .map((site) => `${site.block}:${site.instruction}`),
    );
    const uses = keys.map((key) => this.#uses.get(key)).filter((each) => each !== undefined);
    const seen = new Set<BlockId>();
    const pending: Position[] = [{ block: from.block, index: from.index + 1 }];
    while (pending.length > 0) {
      const { block, index } = pending.pop()!;
      const { instructions, terminator } = context.ir.blocks[block];
      let isDone = false;
      // A return's use stands behind the last instruction.
      for (let i = index; i <= instructions.length && !isDone; i++) {
        const id = `${block}:${i}`;
        // Behind the loss nobody uses it; what loses it may itself be a call that is given its holder.
        isDone = allocations.has(id) || (manner !== 'return' && block === at.block && i === at.instruction);
        if (isDone && !allocations.has(id)) break;
        // What an allocator is given is used before it allocates.
        for (const each of uses) {
          const origin = each.get(id);
          if (origin) found.push(origin);
        }
      }
      if (isDone) continue;
      for (const next of successors(terminator)) {
        if (seen.has(next)) continue;
        seen.add(next);
        pending.push({ block: next, index: 0 });
      }
    }
    return found;
  }

  /** The pointers to memory of one allocation that a state still has to free. */
  #ownedIn(context: AnalysisContext, state: State, key: string): Value[] {
    const owned: Value[] = [];
    for (const [value, region] of state.regions) {
      if (!isOwned(context, region) && !isBelieved(region)) continue;
      const allocation = region.allocation ?? region.source;
      if (allocation && allocationKey(allocation) === key && !isNull(context.table, state, value)) owned.push(value);
    }
    return owned;
  }
}

/** Flaws that a repair must not bring. */
const GRAVE: ReadonlySet<Flaw['kind']> = new Set([
  'leak',
  'double-free',
  'use-after-free',
  'invalid-free',
  'mismatched-deallocator',
  'null-dereference',
  'unchecked-dereference',
  'stale-at-exit',
  'stale-test',
]);

/** The same for the same flaw after statements were put elsewhere in the function. */
function flawKey(flaw: Flaw): string {
  const starts: unknown[] = [flaw.kind];
  for (const [name, member] of Object.entries(flaw)) {
    if (typeof member !== 'object' || member === null || name === 'allocation') continue;
    if ('origin' in member) starts.push(name, (member as Site).origin.start);
    else if ('start' in member) starts.push(name, (member as Origin).start);
  }
  const { allocation } = flaw as { allocation?: Site };
  if (allocation) starts.push(allocationKey(allocation));
  return starts.join(' ');
}

function positionKey({ block, instruction }: Site): string {
  return `${block}:${instruction}`;
}

function byLength(a: ReleasePlace, b: ReleasePlace): number {
  return a.steps.length - b.steps.length || a.text.length - b.text.length || (a.text < b.text ? -1 : 1);
}

function baseOf({ table }: AnalysisContext, value: Value): Value {
  const shape = table.values[value];
  if (shape.kind !== 'address') return table.base(value);
  const root = table.locations[table.root(shape.location)];
  return root.kind === 'pointee' ? table.base(root.pointer) : value;
}
