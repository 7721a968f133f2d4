import type { BlockId } from '../ir/instructions.ts';
import type { Family } from '../models/function-model.ts';
import { isBelieved } from './beliefs.ts';
import { isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { isOwned } from './leaks.ts';
import { type Content, contentOf, placesOf, type ReleasePlace } from './place-contents.ts';
import { allocationKey, positionKey, type RecordedPaths } from './recorded-paths.ts';
import type { Site, State } from './state.ts';
import type { Value } from './value-shapes.ts';

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

/** What the places of a function hold over all paths that come to a point. */
export class ReleaseContents {
  readonly #paths: RecordedPaths;
  readonly #context: AnalysisContext;
  #allocating: ReadonlySet<string> | undefined;

  constructor(paths: RecordedPaths) {
    this.#paths = paths;
    this.#context = paths.context;
  }

  /** What freeing a place means over all states that come to a point; why it must not be freed there otherwise. */
  released(
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
      const content = contentOf(this.#context, state, place);
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
          if (!isNonNull(this.#context.table, state, content.value)) mayBeNull = true;
          if (content.region.status !== 'allocated') isBelief = true;
          break;
        }
        case 'null':
          mayBeNull = true;
          break;
        case 'joined':
          joined = this.#joined(place, content.block);
          if (!joined) return FOREIGN;
          if (joined.needsValue) mayBeUntouched = true;
          mayBeNull = true;
          break;
        case 'result':
          if (!this.#allocators().has(keyOfSite(content.call))) return FOREIGN;
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
      if (key !== undefined && content.kind !== 'owned' && this.ownedIn(state, key).length > 0) {
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
  #joined(place: ReleasePlace, at: BlockId, seen = new Set<BlockId>()): { readonly needsValue: boolean } | undefined {
    let needsValue = false;
    seen.add(at);
    for (const before of this.#context.flow.predecessors[at]) {
      for (const state of this.#paths.ends.get(before) ?? []) {
        const content = contentOf(this.#context, state, place);
        switch (content.kind) {
          case 'owned':
          case 'null':
            break;
          case 'uninitialised':
            needsValue = true;
            break;
          case 'result':
            if (!this.#allocators().has(keyOfSite(content.call))) return undefined;
            break;
          case 'joined': {
            const inner: { readonly needsValue: boolean } | undefined = seen.has(content.block)
              ? { needsValue }
              : this.#joined(place, content.block, seen);
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
  #allocators(): ReadonlySet<string> {
    if (!this.#allocating) {
      const found = new Set<string>();
      for (const { states } of this.#paths.moments.values()) {
        for (const state of states) {
          for (const region of state.regions.values()) {
            if (region.allocation && this.#context.environment.models.family(region.family).isLeakable) {
              found.add(keyOfSite(region.allocation));
            }
          }
        }
      }
      this.#allocating = found;
    }
    return this.#allocating;
  }

  /** The blocks that only a block about to be freed refers to: they must be freed before it. */
  partsOf(states: readonly State[], whole: ReleasePlace): Released[] | string {
    const found = new Map<string, ReleasePlace>();
    for (const state of states) {
      const content = contentOf(this.#context, state, whole);
      if (content.kind !== 'owned') continue;
      for (const [value, region] of state.regions) {
        if (!isOwned(this.#context, region) || value === content.value) continue;
        for (const place of placesOf(this.#context, state, value)) {
          if (place.variable === whole.variable && place.steps.length > whole.steps.length + 1)
            found.set(place.text, place);
        }
      }
    }
    const parts: Released[] = [];
    for (const place of [...found.values()].sort((a, b) => b.steps.length - a.steps.length)) {
      const holding = states.filter((state) => contentOf(this.#context, state, whole).kind === 'owned');
      const released = this.released(holding, place, undefined);
      if (typeof released === 'string') return 'the block may hold other memory';
      parts.push(released.released);
    }
    return parts;
  }

  /** The pointers to memory of one allocation that a state still has to free. */
  ownedIn(state: State, key: string): Value[] {
    const owned: Value[] = [];
    for (const [value, region] of state.regions) {
      if (!isOwned(this.#context, region) && !isBelieved(region)) continue;
      const allocation = region.allocation ?? region.source;
      if (allocation && allocationKey(allocation) === key && !isNull(this.#context.table, state, value))
        owned.push(value);
    }
    return owned;
  }
}

function keyOfSite({ block, instruction }: Site): string {
  return positionKey(block, instruction);
}
