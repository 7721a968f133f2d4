import { isAlwaysReached } from '../../analysis/dominance.ts';
import type { Flaw } from '../../analysis/flaws.ts';
import { pointerName } from '../place-text.ts';
import { allocationSteps, freeSteps, type RawFinding, type Rule, type RuleContext } from '../rule.ts';
import { doubleFreeFixes } from './fix.ts';
import { isGuardedByInvariant } from './invariant-guard.ts';
import { metadata } from './metadata.ts';

type DoubleFree = Extract<Flaw, { kind: 'double-free' }>;

/** One finding for each second free, with the nearest first free before it. */
export const doubleFree: Rule = {
  metadata,
  check(context) {
    const bySecond = new Map<number, DoubleFree>();
    for (const flaw of context.analysis.flaws) {
      if (flaw.kind !== 'double-free') continue;
      // Behind it in the text, or the same: a loop has come round.
      const isNextTurn = flaw.first.origin.start >= flaw.second.origin.start;
      if (isNextTurn && flaw.allocation && isGuardedByInvariant(context, flaw.allocation, flaw.second)) continue;
      const known = bySecond.get(flaw.second.origin.start);
      if (!known || distance(flaw) < distance(known)) bySecond.set(flaw.second.origin.start, flaw);
    }
    return [...bySecond.values()].map((flaw) => describe(context, flaw));
  },
};

/** How far apart the two frees stand; a first free behind the second (a loop came round) counts as far. */
function distance(flaw: DoubleFree): number {
  const difference = flaw.second.origin.start - flaw.first.origin.start;
  return difference > 0 ? difference : 1_000_000 - difference;
}

function describe(context: RuleContext, flaw: DoubleFree): RawFinding {
  const { first, second, pointer, allocation } = flaw;
  const name = pointerName(context, pointer, flaw);
  const line = context.lineOf(context.base + first.origin.start);
  const isSameCall = first.origin.start === second.origin.start;
  const isSameFree = isSameCall && first.id === second.id;
  const by = first.inner.length > 0 ? ` by ${first.callee}()` : '';
  const message = isSameFree
    ? `${name} is freed again when the loop comes round: it was freed${by} here the turn before and still holds the same address.`
    : isSameCall
      ? `${name} is freed twice by this call of ${second.callee}().`
      : `${name} is freed twice: the memory was already freed${by} on line ${line}.`;
  const steps = [];
  if (allocation) {
    steps.push(...allocationSteps(context, allocation));
  }
  steps.push(
    ...freeSteps(context, first, `freed here for the first time`),
    ...freeSteps(context, second, `freed here a second time`),
  );
  return {
    message,
    range: { start: context.base + second.origin.start, end: context.base + second.origin.end },
    steps,
    confidence: isAlwaysReached(context.analysis.ir, first, second) ? 'certain' : 'likely',
    repair: () => doubleFreeFixes(context, flaw),
  };
}
