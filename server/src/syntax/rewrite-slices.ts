import type { Rewrite } from '../source/rewrites.ts';

const noRewrites: readonly Rewrite[] = [];
/** A name that gives letters for a type gives its first ones. */
const MAXIMUM_CUT = 8;

/** Cuts the sorted rewrites of a file into those of its items. */
export class RewriteSlices {
  readonly #rewrites: readonly Rewrite[];
  /** The whole names of functions whose names had to give letters for a type. */
  readonly #cutNames: readonly Rewrite[];

  constructor(rewrites: readonly Rewrite[]) {
    this.#rewrites = rewrites;
    this.#cutNames = rewrites.filter(({ kind }) => kind === 'cut-name');
  }

  /** The whole name of the function at an offset, where its name in the text is cut. */
  nameAt(start: number): string | undefined {
    if (this.#cutNames.length === 0) return undefined;
    return this.#cutNames.find((rewrite) => rewrite.start >= start && rewrite.start < start + MAXIMUM_CUT)?.name;
  }

  /**
   * The rewrites between two offsets, with offsets from the first, and those directly in front that mean something for a
   * name inside: an annotation before a declaration's first word stands outside of its node, and behind `from`, where the text before
   * ends. `known` itself when it says the same.
   */
  within(from: number, start: number, end: number, known: readonly Rewrite[]): readonly Rewrite[] {
    const rewrites = this.#rewrites;
    let low = 0;
    let high = rewrites.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rewrites[middle].start < start) low = middle + 1;
      else high = middle;
    }
    let first = low;
    while (first > 0 && low - first < 8 && pointsInto(rewrites[first - 1], from, start, end)) first--;
    let last = low;
    while (last < rewrites.length && rewrites[last].start < end) last++;
    if (first === last) return noRewrites;
    if (known.length === last - first && known.every((each, i) => isMoved(each, rewrites[first + i], start)))
      return known;
    return rewrites.slice(first, last).map((rewrite) => ({
      ...rewrite,
      start: rewrite.start - start,
      end: rewrite.end - start,
      ...(rewrite.targets === undefined ? {} : { targets: rewrite.targets.map((target) => target - start) }),
    }));
  }
}

/** True when the second rewrite is the first one, `distance` further on. */
function isMoved(a: Rewrite, b: Rewrite, distance: number): boolean {
  if (a.start !== b.start - distance || a.end !== b.end - distance || a.kind !== b.kind || a.name !== b.name)
    return false;
  if (a.meaning !== b.meaning && JSON.stringify(a.meaning) !== JSON.stringify(b.meaning)) return false;
  if (a.targets === undefined || b.targets === undefined) return a.targets === b.targets;
  const { targets } = b;
  return a.targets.length === targets.length && a.targets.every((target, i) => target === targets[i] - distance);
}

function pointsInto(rewrite: Rewrite, from: number, start: number, end: number): boolean {
  if (rewrite.end > start) return true;
  if (rewrite.targets) return rewrite.targets.some((target) => target >= start && target < end);
  return rewrite.kind === 'annotation' && rewrite.start >= from;
}
