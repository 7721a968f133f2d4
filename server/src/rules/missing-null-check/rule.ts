import { isAlwaysReached } from '../../analysis/dominance.ts';
import type { Flaw } from '../../analysis/flaws.ts';
import { allocationSteps, nameOf, type RawFinding, type Rule, type RuleContext, siteSteps, step } from '../rule.ts';
import { missingNullCheckFixes } from './fix.ts';
import { metadata } from './metadata.ts';

type UncheckedDereference = Extract<Flaw, { kind: 'unchecked-dereference' }>;

/** One finding for each allocation: at the first place where its result is used as if it could not be NULL. */
export const missingNullCheck: Rule = {
  metadata,
  check(context) {
    const first = new Map<string, UncheckedDereference>();
    for (const flaw of context.analysis.flaws) {
      if (flaw.kind !== 'unchecked-dereference') continue;
      const key = `${flaw.allocation.origin.start}:${flaw.allocation.inner.length}`;
      const known = first.get(key);
      if (!known || flaw.use.origin.start < known.use.origin.start) first.set(key, flaw);
    }
    return [...first.values()].map((flaw) => describe(context, flaw));
  },
};

function describe(context: RuleContext, flaw: UncheckedDereference): RawFinding {
  const { allocation, use, pointer, assumedNull } = flaw;
  const name = nameOf(context, pointer);
  const source = allocation.callee === '' ? 'the allocation' : `${allocation.callee}()`;
  const line = context.lineOf(context.base + allocation.origin.start);
  const passedTo = use.callee !== '' ? ` to ${use.callee}()` : '';
  const deed = use.callee !== '' ? `passed${passedTo}, which dereferences it,` : 'dereferenced';
  const message = assumedNull
    ? `${name} is ${deed} on the path on which ${source} on line ${line} failed: the check does not keep NULL away.`
    : `${name} is ${deed} without a check: ${source} on line ${line} returns NULL when memory runs out.`;
  const steps = allocationSteps(context, allocation, `allocated by ${source}, may be NULL`);
  if (assumedNull) steps.push(step(context, 'assumed', assumedNull, `${name} is NULL on this path`));
  steps.push(
    ...siteSteps(
      context,
      use.callee === '' ? 'used' : 'passed',
      use,
      use.callee === '' ? `${name} is dereferenced here` : `${name} is passed${passedTo} here`,
      (inner) => `${inner.functionName}() dereferences it here`,
    ),
  );
  return {
    message,
    range: { start: context.base + use.origin.start, end: context.base + use.origin.end },
    steps,
    confidence: !assumedNull && isAlwaysReached(context.analysis.ir, allocation, use) ? 'certain' : 'likely',
    repair: () => missingNullCheckFixes(context, flaw),
  };
}
