import type { Flaw } from '../../analysis/flaws.ts';
import { holderText } from '../memory-leak/holder.ts';
import { allocationSteps, type RawFinding, type Rule, type RuleContext, rangeOf, siteSteps } from '../rule.ts';
import { reallocLeakFixes } from './fix.ts';
import { metadata } from './metadata.ts';

type Leak = Extract<Flaw, { kind: 'leak' }>;

/** One finding for each call of realloc whose NULL may replace the last reference to the old block. */
export const reallocLeak: Rule = {
  metadata,
  check(context) {
    const byCall = new Map<number, Leak>();
    for (const flaw of context.analysis.flaws) {
      if (flaw.kind !== 'leak' || flaw.manner !== 'realloc') continue;
      const known = byCall.get(flaw.at.origin.start);
      // Where the old block's allocation is in sight the path is longer, and says more.
      if (!known || known.allocation.id === known.at.id) byCall.set(flaw.at.origin.start, flaw);
    }
    return [...byCall.values()].map((flaw) => describe(context, flaw));
  },
};

/** What stands in the program for the old block, where the call itself is realloc's. */
function blockText(context: RuleContext, { block, instruction, inner }: Leak['at']): string | undefined {
  const call = context.analysis.ir.blocks[block].instructions[instruction];
  const origin = inner.length === 0 && call?.op === 'call' ? call.argumentOrigins[0] : undefined;
  if (!origin) return undefined;
  const { start, end } = rangeOf(context, origin);
  return context.text.slice(start, end);
}

const isPlace = (text: string): boolean => /^\w+(?:(?:->|\.)\w+)*$/.test(text);

function describe(context: RuleContext, flaw: Leak): RawFinding {
  const { allocation, at } = flaw;
  const source = `${at.callee || 'realloc'}()`;
  const holder = holderText(context, at);
  const old = blockText(context, at);
  // `larger = realloc(text, size); text = larger;`: the way goes by another variable, and ends all the same where the block was.
  const isIndirect = holder !== undefined && old !== undefined && old !== holder && isPlace(old);
  const text = isIndirect ? old : holder;
  const name = text === undefined ? 'the pointer' : `'${text}'`;
  const way = isIndirect ? ` by way of '${holder}'` : '';
  const steps = [];
  if (allocation.id !== at.id) {
    steps.push(
      ...allocationSteps(context, allocation, `the block is allocated by ${allocation.callee || 'an allocator'}()`),
    );
  }
  steps.push(
    ...siteSteps(
      context,
      'lost',
      at,
      `when ${source} fails, ${name} becomes NULL${isIndirect ? way : ' here'} and the old block, still allocated, is lost`,
      (inner) => `${inner.functionName}() calls ${inner.callee || 'realloc'}() here`,
    ),
  );
  return {
    message: `${name} holds the only reference to the old block: when ${source} fails it is overwritten with NULL${way} and the block is lost.`,
    range: { start: context.base + at.origin.start, end: context.base + at.origin.end },
    steps,
    confidence: 'certain',
    repair: () => reallocLeakFixes(context, flaw),
  };
}
