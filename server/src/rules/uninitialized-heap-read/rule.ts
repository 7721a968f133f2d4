import { isAlwaysReached } from '../../analysis/dominance.ts';
import type { UnwrittenRead } from '../../analysis/flaws.ts';
import { allocationSteps, quote, type RawFinding, type Rule, type RuleContext, rangeOf, siteSteps } from '../rule.ts';
import { uninitializedHeapReadFixes } from './fix.ts';
import { metadata } from './metadata.ts';
import { isRead, mayBeFilledBetween } from './readability.ts';

/** One finding for each place that reads, and at most one for each allocation. */
export const uninitializedHeapRead: Rule = {
  metadata,
  check(context) {
    const byAllocation = new Map<number, UnwrittenRead>();
    for (const flaw of context.analysis.flaws) {
      if (flaw.kind !== 'unwritten-read') continue;
      if (!isRead(context, flaw) || (!flaw.isCounted && mayBeFilledBetween(context, flaw))) continue;
      const known = byAllocation.get(flaw.allocation.origin.start);
      if (!known || flaw.read.origin.start < known.read.origin.start) {
        byAllocation.set(flaw.allocation.origin.start, flaw);
      }
    }
    return [...byAllocation.values()].map((flaw) => describe(context, flaw));
  },
};

function describe(context: RuleContext, flaw: UnwrittenRead): RawFinding {
  const { allocation, read, pointer, isPart } = flaw;
  const text = quote(context, pointer);
  // What a callee reads in a variable outside of functions stands in no argument.
  const isWholeCall = read.callee !== '' && pointer.start === read.origin.start && pointer.end === read.origin.end;
  const name = text === undefined || isWholeCall ? 'The memory' : `'${text}'`;
  const source = allocation.callee === '' ? 'the allocator' : `${allocation.callee}()`;
  const line = context.lineOf(context.base + allocation.origin.start);
  const reader = read.callee === '' ? 'read' : `read by ${read.callee}()`;
  const what = isPart ? 'this part of the memory' : 'the memory';
  return {
    message: `${name} is ${reader}, but nothing was written to ${what} that ${source} gave on line ${line}.`,
    range: rangeOf(context, read.origin),
    steps: [
      ...allocationSteps(context, allocation, `allocated by ${source}, with any content`),
      ...siteSteps(context, 'used', read, 'read here', (inner) => `${inner.functionName}() reads it here`),
    ],
    confidence: isAlwaysReached(context.analysis.ir, allocation, read) ? 'certain' : 'likely',
    repair: () => ({
      fixes: uninitializedHeapReadFixes(context, flaw),
      refusal: 'the allocator has no counterpart that gives zeros',
    }),
  };
}
