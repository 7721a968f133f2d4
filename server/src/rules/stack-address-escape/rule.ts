import type { DeadLocalUse, StackEscape } from '../../analysis/flaws.ts';
import type { PathStep } from '../../base/finding.ts';
import type { VariableId } from '../../ir/instructions.ts';
import { nameOf, type RawFinding, type Rule, type RuleContext, rangeOf, siteSteps, step } from '../rule.ts';
import { stackAddressEscapeFixes } from './fix.ts';
import { metadata } from './metadata.ts';

/** One finding for each place where an address gets away, and one for each variable that is used behind its block. */
export const stackAddressEscape: Rule = {
  metadata,
  check(context) {
    const findings = new Map<string, RawFinding>();
    for (const flaw of context.analysis.flaws) {
      if (flaw.kind === 'stack-escape') {
        const key = `${flaw.site.origin.start} ${flaw.variable}`;
        if (!findings.has(key)) findings.set(key, describeEscape(context, flaw));
      } else if (flaw.kind === 'dead-local-use') {
        const key = `dead ${flaw.variable}`;
        if (!findings.has(key)) findings.set(key, describeUse(context, flaw));
      }
    }
    return [...findings.values()];
  },
};

function describeEscape(context: RuleContext, flaw: StackEscape): RawFinding {
  const { variable, allocation, holder, member, site } = flaw;
  const what = describe(context, flaw);
  const message =
    holder === 'returned'
      ? `The address of ${what} is returned${member === undefined ? '' : ` as '${member}'`}, but it ends with the function.`
      : `The address of ${what} stays in ${PLACES[holder]} when the function returns.`;
  const steps = variable === undefined ? [] : declarationSteps(context, variable);
  if (allocation) {
    const here = `${allocation.callee}() takes it from the stack`;
    steps.push(...siteSteps(context, 'allocated', allocation, here, () => here));
  }
  steps.push(
    step(
      context,
      holder === 'returned' ? 'returned' : 'passed',
      site.origin,
      holder === 'returned' ? 'returned here' : 'stored here',
    ),
  );
  return {
    message,
    range: rangeOf(context, site.origin),
    steps,
    confidence: flaw.isLent ? 'hint' : 'certain',
    repair: () => ({ fixes: stackAddressEscapeFixes(context, flaw), refusal: 'what should live on is not known' }),
  };
}

const PLACES = {
  global: 'a global variable',
  static: 'a static variable',
  caller: 'memory that the caller sees',
} as const;

function describe(context: RuleContext, { variable, allocation }: StackEscape): string {
  if (allocation) return `memory of ${allocation.callee}()`;
  if (variable === undefined) return 'a compound literal';
  const { name, kind, isArray } = context.analysis.ir.variables[variable];
  return `the ${kind === 'parameter' ? 'parameter' : isArray ? 'local array' : 'local variable'} '${name}'`;
}

function describeUse(context: RuleContext, { variable, use, pointer }: DeadLocalUse): RawFinding {
  const name = nameOf(context, pointer);
  const local = context.analysis.ir.variables[variable].name;
  const deed = use.callee === '' ? 'used' : `passed to ${use.callee}()`;
  return {
    message: `${name} points to '${local}', whose block has ended, when it is ${deed}.`,
    range: rangeOf(context, use.origin),
    steps: [
      ...declarationSteps(context, variable),
      step(context, 'used', use.origin, `${deed} here, behind the end of that block`),
    ],
    confidence: 'certain',
  };
}

function declarationSteps(context: RuleContext, variable: VariableId): PathStep[] {
  const { name, origin } = context.analysis.ir.variables[variable];
  return [step(context, 'note', origin, `'${name}' is declared here`)];
}
