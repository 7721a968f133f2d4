import { type BlockId, type InsertionPoint, type Origin, successors, type VariableId } from '../ir/instructions.ts';
import { isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { placesOf, type ReleasePlace } from './place-contents.ts';
import {
  allocationKey,
  type Leak,
  type Moment,
  type Position,
  positionKey,
  type RecordedPaths,
} from './recorded-paths.ts';
import { isBetter, type RehearsedFree, rehearse, rehearseJump } from './rehearsal.ts';
import { ReleaseContents, type Released } from './release-contents.ts';
import type { RegionStatus, State } from './state.ts';

/*
 * Where could a function free memory that it loses? A statement that frees it fits between two statements where, on all
 * paths that come there, one place in the program's text holds the memory, or nothing that must be freed, and where no
 * path goes on to use the memory. Of such points the last on each way to the loss is taken: that is where people write it.
 */

/** Points at which one block of memory is freed: a person would not write more. */
const MAXIMUM_POINTS = 12;
/** Positions looked at on the way back from a loss. */
const MAXIMUM_STEPS = 4_000;

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

/** The search, on the paths that were recorded of one function. */
export class ReleasePoints {
  readonly #paths: RecordedPaths;
  readonly #context: AnalysisContext;
  readonly #contents: ReleaseContents;

  constructor(paths: RecordedPaths) {
    this.#paths = paths;
    this.#context = paths.context;
    this.#contents = new ReleaseContents(paths);
  }

  /** A budget was met: some paths were not followed. */
  get isIncomplete(): boolean {
    return this.#context.isIncomplete;
  }

  /** True when no path keeps what is allocated in one place: nobody frees it, and nobody else holds it. */
  isAlwaysLost(key: string): boolean {
    const context = this.#context;
    if (this.#paths.isCut) return false;
    const moments = [...this.#paths.moments.values()].flatMap(({ states }) => states);
    return [...moments, ...[...this.#paths.ends.values()].flat()].every((state) => {
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
    if (this.#paths.isCut) return false;
    const all = [...this.#paths.moments.values()];
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
      for (const before of this.#context.flow.predecessors[pending.pop()!]) {
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
    for (const { states } of this.#paths.moments.values()) {
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
    return isBetter(this.#context, key, rehearse(this.#context, frees, initialised));
  }

  /** The same for a jump from a point to the label whose statement begins at an offset. */
  holdsJump(key: string, { block, index }: ReleasePoint, label: number): boolean {
    let target: Moment | undefined;
    for (const moment of this.#paths.moments.values()) {
      if (moment.point.side !== 'before' || moment.point.origin.start < label) continue;
      if (!target || moment.point.origin.start < target.point.origin.start) target = moment;
    }
    // A label begins a block.
    if (target?.index !== 0) return false;
    return isBetter(this.#context, key, rehearseJump(this.#context, { block, index, target: target.block }));
  }

  /** Where to free what is allocated in one place, so that none of it is lost. */
  release(key: string, text: TextView): Release {
    if (this.#paths.isCut) return { refusal: 'the function has too many paths' };
    const leaks = this.#paths.leaks.filter(
      ({ allocation, manner }) => allocationKey(allocation) === key && manner !== 'realloc',
    );
    if (leaks.length === 0) return { refusal: 'the loss shows on some paths only' };
    const points = new Map<string, ReleasePoint>();
    for (const leak of leaks) {
      const refusal = this.#search(text, leak, key, points);
      if (refusal !== undefined) return { refusal };
      if (points.size > MAXIMUM_POINTS) return { refusal: 'the memory is lost in too many places' };
    }
    return { points: [...points.values()].sort((a, b) => a.point.origin.start - b.point.origin.start) };
  }

  /** Goes back from a loss, along all ways, to the last point on each where the memory can be freed. */
  #search(text: TextView, leak: Leak, key: string, points: Map<string, ReleasePoint>): string | undefined {
    const { at } = leak;
    const pending: Position[] = [{ block: at.block, index: at.instruction }];
    const seen = new Set<BlockId>();
    let steps = 0;
    let refusal: string | undefined;
    let isFirst = true;
    while (pending.length > 0) {
      const { block, index } = pending.pop()!;
      const { instructions } = this.#context.ir.blocks[block];
      let isDone = false;
      for (let i = Math.min(index, instructions.length) - 1; i >= 0 && !isDone; i--) {
        if (++steps > MAXIMUM_STEPS) return 'the loss is too far from the allocation';
        const id = positionKey(block, i);
        if (points.has(id)) isDone = true;
        const moment = this.#paths.moments.get(id);
        if (moment && !isDone) {
          isFirst = false;
          const found = this.#fit(text, moment, leak, key);
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
      for (const before of this.#context.flow.predecessors[block]) {
        if (seen.has(before)) continue;
        seen.add(before);
        pending.push({ block: before, index: this.#context.ir.blocks[before].instructions.length });
      }
    }
    return undefined;
  }

  /** How the memory can be freed at a point; why it cannot; or undefined where no path to it has the memory. */
  #fit(
    text: TextView,
    { point, block, index, states }: Moment,
    leak: Leak,
    key: string,
  ): ReleasePoint | string | undefined {
    const holding = states.filter((state) => this.#contents.ownedIn(state, key).length > 0);
    if (holding.length === 0) return undefined;
    let candidates: ReleasePlace[] | undefined;
    for (const state of holding) {
      const owned = this.#contents.ownedIn(state, key);
      if (owned.length > 1) return 'several blocks from one place are held at once';
      const places = placesOf(this.#context, state, owned[0]);
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
      const released = this.#contents.released(states, place, key);
      if (typeof released === 'string') {
        refusal ||= released;
        continue;
      }
      const uses = this.#usesBehind({ block, index }, [key, ...released.otherKeys], leak);
      const isUsedBehind = uses.length > 0;
      if (uses.some((use) => use.start < statement.start || use.end > statement.end || point.side !== 'before')) {
        refusal ||= 'the memory is still used behind every place where it could be freed';
        continue;
      }
      const parts = this.#contents.partsOf(states, place);
      if (typeof parts === 'string') {
        refusal ||= parts;
        continue;
      }
      return { point, block, index, released: released.released, parts, isUsedBehind, leak };
    }
    return refusal;
  }

  /** The uses of memory that control may come to behind a point, before the memory is allocated anew. */
  #usesBehind(from: Position, keys: readonly string[], { at, manner }: Leak): Origin[] {
    const found: Origin[] = [];
    const allocations = new Set(
      this.#context.sites
        .filter((site) => keys.includes(allocationKey(site)))
        .map((site) => positionKey(site.block, site.instruction)),
    );
    const uses = keys.map((key) => this.#paths.uses.get(key)).filter((each) => each !== undefined);
    const seen = new Set<BlockId>();
    const pending: Position[] = [{ block: from.block, index: from.index + 1 }];
    while (pending.length > 0) {
      const { block, index } = pending.pop()!;
      const { instructions, terminator } = this.#context.ir.blocks[block];
      let isDone = false;
      // A return's use stands behind the last instruction.
      for (let i = index; i <= instructions.length && !isDone; i++) {
        const id = positionKey(block, i);
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
}

function byLength(a: ReleasePlace, b: ReleasePlace): number {
  return a.steps.length - b.steps.length || a.text.length - b.text.length || (a.text < b.text ? -1 : 1);
}
