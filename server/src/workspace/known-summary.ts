/** Summaries as callers keep them, and what several definitions of one name have in common. */
import { givesInterior } from '../analysis/other-memory.ts';
import { NOTHING_ALWAYS, type Summary } from '../analysis/summary.ts';
import { NO_HEAP_EFFECT } from '../analysis/summary-cases.ts';

/** A summary, and the same as text to compare; no text where nothing is ever compared. */
export interface KnownSummary {
  readonly summary: Summary;
  readonly summaryKey: string;
}

/** How many of a summary's cases give or take memory. */
export function effectsOf({ cases }: Summary): number {
  return cases.filter(({ heapClass }) => heapClass !== NO_HEAP_EFFECT).length;
}

/** A case of it gives or takes memory, or gives the inside of some. */
export function handlesMemory({ cases }: Summary): boolean {
  return cases.some((each) => each.heapClass !== NO_HEAP_EFFECT || givesInterior(each));
}

/** Two definitions do the same to memory, wherever in them it happens. */
export function sameEffect(a: Summary, b: Summary): boolean {
  return (
    withoutSteps({ ...a, file: '', always: NOTHING_ALWAYS }) ===
    withoutSteps({ ...b, file: '', always: NOTHING_ALWAYS })
  );
}

/** One of two definitions, either of which may be meant: what not both do does not always happen. */
export function together(one: KnownSummary, other: KnownSummary): KnownSummary {
  if (withoutSteps(one.summary.always) === withoutSteps(other.summary.always)) return one;
  return { summary: { ...one.summary, always: NOTHING_ALWAYS }, summaryKey: `${one.summaryKey} apart` };
}

function withoutSteps(part: object): string {
  return JSON.stringify(part, (key, value: unknown) => (key === 'steps' ? undefined : value));
}
