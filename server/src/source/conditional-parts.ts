/** The decisions about conditional groups within a part of a text, and whether those outside of it are the ones of the text before. */
import { lowerBound } from '../base/lower-bound.ts';
import type { DeadRange, ResolvedConditionals } from './conditionals.ts';
import type { Part } from './text-parts.ts';

/** Outside of the part every conditional group was decided as before. */
export function isDecidedAlike(
  before: ResolvedConditionals,
  after: ResolvedConditionals,
  { start, end, first, last }: Part,
  shift: number,
  tokenShift: number,
): boolean {
  // What stands before the part is the same; what stands behind it, moved.
  const outside = (indices: Iterable<number>, moved: number): number[] => {
    const found: number[] = [];
    for (const index of indices) {
      if (index < first) found.push(index);
      else if (index >= last + moved) found.push(index - moved);
    }
    return found;
  };
  const isSame = (a: readonly number[], b: readonly number[]): boolean =>
    a.length === b.length && a.every((index, i) => index === b[i]);
  if (!isSame(outside(before.blankedDirectives, 0), outside(after.blankedDirectives, tokenShift))) return false;
  const assumed = outside(after.assumed.keys(), tokenShift);
  if (!isSame(outside(before.assumed.keys(), 0), assumed)) return false;
  for (const index of assumed) {
    const now = index < first ? index : index + tokenShift;
    if (before.assumed.get(index) !== after.assumed.get(now)) return false;
  }
  const deadOutside = (dead: readonly DeadRange[], moved: number): string | undefined => {
    const parts: string[] = [];
    for (const range of dead) {
      if (range.end <= start) parts.push(`${range.start} ${range.end} ${range.condition}`);
      else if (range.start >= end + moved) {
        parts.push(`${range.start - moved} ${range.end - moved} ${range.condition}`);
      } else if (range.start < start || range.end > end + moved) return undefined;
    }
    return parts.join('\n');
  };
  const deadBefore = deadOutside(before.dead, 0);
  if (deadBefore === undefined || deadBefore !== deadOutside(after.dead, shift)) return false;
  const a = before.sequence;
  const b = after.sequence;
  const begin = lowerBound(a.indices, a.length, first);
  const oldEnd = lowerBound(a.indices, a.length, last);
  const newEnd = lowerBound(b.indices, b.length, last + tokenShift);
  if (lowerBound(b.indices, b.length, first) !== begin || a.length - oldEnd !== b.length - newEnd) return false;
  for (let p = 0; p < begin; p++) if (a.indices[p] !== b.indices[p]) return false;
  for (let p = oldEnd, q = newEnd; p < a.length; p++, q++) if (a.indices[p] + tokenShift !== b.indices[q]) return false;
  return true;
}

/** The decisions inside a part, counted from its beginning; undefined where a branch reaches over its border. */
export function decisionsWithin(
  { sequence, dead, blankedDirectives, assumed }: ResolvedConditionals,
  { start, end, first, last }: Part,
  shift: number,
  tokenShift: number,
): ResolvedConditionals | undefined {
  const stop = end + shift;
  const inside = dead.filter((range) => range.end > start && range.start < stop);
  if (inside.some((range) => range.start < start || range.end > stop)) return undefined;
  const begin = lowerBound(sequence.indices, sequence.length, first);
  const length = lowerBound(sequence.indices, sequence.length, last + tokenShift) - begin + 1;
  const indices = new Int32Array(length);
  for (let p = 0; p < length - 1; p++) indices[p] = sequence.indices[begin + p] - first;
  // The end of the part's text.
  indices[length - 1] = last + tokenShift - first;
  const isInside = (index: number): boolean => index >= first && index < last + tokenShift;
  return {
    sequence: { tokens: sequence.tokens, indices, length },
    dead: inside.map((range) => ({ ...range, start: range.start - start, end: range.end - start })),
    blankedDirectives: blankedDirectives.filter(isInside).map((index) => index - first),
    assumed: new Map([...assumed].filter(([index]) => isInside(index)).map(([index, text]) => [index - first, text])),
  };
}
