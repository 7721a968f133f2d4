import type { MismatchedDeallocator } from '../../analysis/flaws.ts';
import { allocationSteps, nameOf, type RawFinding, type Rule, type RuleContext, rangeOf, siteSteps } from '../rule.ts';
import { mismatchedDeallocatorFixes } from './fix.ts';
import { metadata } from './metadata.ts';

/** One finding for each call that gives memory back to the wrong allocator. */
export const mismatchedDeallocator: Rule = {
  metadata,
  check(context) {
    const bySite = new Map<string, MismatchedDeallocator>();
    for (const flaw of context.analysis.flaws) {
      if (flaw.kind !== 'mismatched-deallocator') continue;
      const key = `${flaw.free.origin.start} ${flaw.pointer.start}`;
      if (!bySite.has(key)) bySite.set(key, flaw);
    }
    return [...bySite.values()].map((flaw) => describe(context, flaw));
  },
};

function describe(context: RuleContext, flaw: MismatchedDeallocator): RawFinding {
  const { allocation, free, pointer, deallocator: right } = flaw;
  const name = nameOf(context, pointer);
  const allocator = innermost(allocation);
  const deallocator = innermost(free);
  const line = context.lineOf(context.base + allocation.origin.start);
  const advice = right === undefined ? '' : ` It belongs to ${right}().`;
  return {
    message: `${name} came from ${allocator}() on line ${line} and is freed by ${deallocator}().${advice}`,
    range: rangeOf(context, free.origin),
    steps: [
      ...allocationSteps(context, allocation, `allocated by ${allocation.callee || allocator}()`),
      ...siteSteps(
        context,
        'freed',
        free,
        `freed by ${free.callee}()`,
        (inner) => `${inner.functionName}() frees it by ${inner.callee || 'a deallocator'}() here`,
      ),
    ],
    confidence: 'certain',
    repair: () => ({
      fixes: mismatchedDeallocatorFixes(context, flaw),
      refusal: 'the right deallocator, or its call, is not plain',
    }),
  };
}

/** The library's function at the bottom of the calls. */
function innermost({ callee, inner }: MismatchedDeallocator['free']): string {
  return inner.at(-1)?.callee || callee;
}
