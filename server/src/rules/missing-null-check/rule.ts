import { isAlwaysReached } from '../../analysis/dominance.ts';
import type { Flaw } from '../../analysis/flaws.ts';
import { holderText } from '../memory-leak/holder.ts';
import { pointerName } from '../place-text.ts';
import { allocationSteps, type RawFinding, type Rule, type RuleContext, rangeOf, siteSteps, step } from '../rule.ts';
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
    const findings = [...first.values()].map((flaw) => describe(context, flaw));
    return context.options.strict ? [...findings, ...untested(context)] : findings;
  },
};

/** The results that are kept without a look at them. What each is repaired by depends on who looks later, and where. */
function untested(context: RuleContext): RawFinding[] {
  return context.analysis.flaws.flatMap((flaw): RawFinding[] => {
    if (flaw.kind !== 'untested-allocation') return [];
    const { allocation } = flaw;
    const source = allocation.callee === '' ? 'the allocation' : `${allocation.callee}()`;
    const holder = holderText(context, allocation);
    const name = holder === undefined ? `the result of ${source}` : `'${holder}', allocated by ${source},`;
    return [
      {
        message: `${name} is not compared with NULL in ${context.analysis.ir.name}().`,
        range: rangeOf(context, allocation.origin),
        steps: allocationSteps(context, allocation, `allocated by ${source}, may be NULL`),
        confidence: 'likely',
      },
    ];
  });
}

/** The callee leaves the pointer in memory, and nobody looks at what it returns: it may return nothing. */
function givesNothing(
  context: RuleContext,
  { block, instruction, inner }: UncheckedDereference['allocation'],
): boolean {
  const call = context.analysis.ir.blocks[block].instructions[instruction];
  return inner.length > 0 && call?.op === 'call' && !call.isResultUsed;
}

function describe(context: RuleContext, flaw: UncheckedDereference): RawFinding {
  const { allocation, use, pointer, assumedNull, failure } = flaw;
  const name = pointerName(context, pointer, flaw);
  const source = allocation.callee === '' ? 'the allocation' : `${allocation.callee}()`;
  const line = context.lineOf(context.base + allocation.origin.start);
  const passedTo = use.callee !== '' ? ` to ${use.callee}()` : '';
  // What a callee finds behind its argument is not what it was given.
  const isBehind = flaw.place !== undefined || flaw.way !== undefined;
  const deed =
    use.callee === ''
      ? 'dereferenced'
      : isBehind
        ? `dereferenced by ${use.callee}()`
        : `passed${passedTo}, which dereferences it,`;
  const message = assumedNull
    ? `${name} is ${deed} on the path on which ${source} on line ${line} failed: the check does not keep NULL away.`
    : `${name} is ${deed} without a check: ${source} on line ${line} ${givesNothing(context, allocation) ? 'leaves' : 'returns'} NULL when ${failure ?? 'memory runs out'}.`;
  const steps = allocationSteps(context, allocation, `allocated by ${source}, may be NULL`);
  if (assumedNull) steps.push(step(context, 'assumed', assumedNull, `${name} is NULL on this path`));
  steps.push(
    ...siteSteps(
      context,
      use.callee === '' ? 'used' : 'passed',
      use,
      use.callee === ''
        ? `${name} is dereferenced here`
        : isBehind
          ? `${use.callee}() is called here, which dereferences ${name}`
          : `${name} is passed${passedTo} here`,
      (inner) => `${inner.functionName}() dereferences it here`,
    ),
  );
  return {
    message,
    range: { start: context.base + use.origin.start, end: context.base + use.origin.end },
    steps,
    // A stream is no memory: that there may be none is told, and is no warning of a memory linter's.
    ...(flaw.isStream && !assumedNull && { severity: 'information' as const }),
    confidence: !assumedNull && isAlwaysReached(context.analysis.ir, allocation, use) ? 'certain' : 'likely',
    repair: () => missingNullCheckFixes(context, flaw),
  };
}
