import type { Flaw } from '../../analysis/flaws.ts';
import { nameOf, type RawFinding, type Rule, type RuleContext, siteSteps } from '../rule.ts';
import { heapFragmentationFixes } from './fix.ts';
import { metadata } from './metadata.ts';

type LoopAllocation = Extract<Flaw, { kind: 'loop-allocation' }>;

/** A hint at each allocation that could be made once for all turns. */
export const heapFragmentation: Rule = {
  metadata,
  check(context) {
    return context.analysis.flaws
      .filter((flaw) => flaw.kind === 'loop-allocation')
      .map((flaw) => describe(context, flaw));
  },
};

function describe(context: RuleContext, flaw: LoopAllocation): RawFinding {
  const { allocation, free, pointer, bytes } = flaw;
  const size = bytes === 1 ? '1 byte' : `${bytes} bytes`;
  return {
    message: `${nameOf(context, pointer)} gets ${size} from ${allocation.callee}() in each turn of the loop and gives them back: allocate once in front of it, or from an arena.`,
    range: { start: context.base + allocation.origin.start, end: context.base + allocation.origin.end },
    steps: [
      ...siteSteps(context, 'allocated', allocation, 'allocated in each turn', () => 'allocated here'),
      ...siteSteps(
        context,
        'freed',
        free,
        'freed in the same turn',
        ({ functionName }) => `${functionName}() frees it here`,
      ),
    ],
    confidence: 'hint',
    severity: 'hint',
    repair: () => ({
      fixes: heapFragmentationFixes(context, flaw),
      refusal: 'the allocation cannot be moved out of the loop',
    }),
  };
}
