import type { Flaw } from '../../analysis/flaws.ts';
import type { NullSource } from '../../analysis/null-verdicts.ts';
import type { Confidence } from '../../base/finding.ts';
import type { BlockId } from '../../ir/instructions.ts';
import { nameOf, quote, type RawFinding, type Rule, type RuleContext, siteSteps, step } from '../rule.ts';
import { lateTestFixes, nullDereferenceFixes } from './fix.ts';
import { metadata } from './metadata.ts';
import { reachedName } from './reached-name.ts';

type NullDereference = Extract<Flaw, { kind: 'null-dereference' }>;
type LateTest = Extract<Flaw, { kind: 'late-test' }>;

/** One finding for each dereference of NULL, told from the nearest place that says so; one for each test that comes too late. */
export const nullDereference: Rule = {
  metadata,
  check(context) {
    const findings = new Map<number, RawFinding>();
    for (const flaw of context.analysis.flaws) {
      if (flaw.kind !== 'null-dereference') continue;
      const known = findings.get(flaw.use.origin.start);
      const finding = describe(context, flaw);
      if (!known || (finding.confidence === 'certain' && known.confidence !== 'certain')) {
        findings.set(flaw.use.origin.start, finding);
      }
    }
    for (const flaw of context.analysis.flaws) {
      if (flaw.kind === 'late-test' && !findings.has(flaw.use.origin.start) && !isUnchecked(context, flaw)) {
        findings.set(flaw.use.origin.start, describeLate(context, flaw));
      }
    }
    return [...findings.values()];
  },
};

function describe(context: RuleContext, flaw: NullDereference): RawFinding {
  const { use, pointer, path } = flaw;
  const source = nearestSource(flaw);
  const isReached = path !== undefined && path.length > 1;
  const reached = isReached ? reachedName(path, quote(context, pointer) ?? '') : undefined;
  const name = isReached ? (reached === undefined ? 'the pointer' : `'${reached}'`) : nameOf(context, pointer);
  const deed = isReached
    ? `dereferenced by ${use.callee}()`
    : use.callee === ''
      ? 'dereferenced'
      : `passed to ${use.callee}(), which dereferences it,`;
  const line = source && context.lineOf(context.base + source.origin.start);
  const reason =
    source === undefined
      ? 'although it is NULL here'
      : source.kind === 'literal'
        ? 'as NULL'
        : source.kind === 'tested'
          ? `although the test on line ${line} found it NULL`
          : source.decision
            ? `although it is NULL where the condition on line ${context.lineOf(context.base + source.decision.condition.start)} is ${source.decision.isTrue}`
            : `although it was set to NULL on line ${line}`;
  const steps = [];
  if (source && source.kind !== 'literal') {
    const message = source.kind === 'tested' ? `${name} is NULL on this path` : 'set to NULL here';
    steps.push(step(context, 'assumed', source.origin, message));
    if (source.decision) {
      const { condition, isTrue } = source.decision;
      steps.push(step(context, 'assumed', condition, `the condition is ${isTrue}, and ${name} stays NULL`));
    }
  }
  steps.push(
    ...siteSteps(
      context,
      use.callee === '' ? 'used' : 'passed',
      use,
      isReached
        ? `${use.callee}() is called here`
        : use.callee === ''
          ? `${name} is dereferenced here`
          : `${name} is passed to ${use.callee}() here`,
      (inner) => `${inner.functionName}() dereferences it here`,
    ),
  );
  return {
    message: `${name} is ${deed} ${reason}.`,
    range: { start: context.base + use.origin.start, end: context.base + use.origin.end },
    steps,
    confidence: confidenceOf(source, use.block),
    repair: () => nullDereferenceFixes(context, flaw),
  };
}

/** A test proves nothing where NULL is not what it is about: its author may know that it does not happen there. */
function confidenceOf(source: NullSource | undefined, block: BlockId): Confidence {
  if (source?.exit === 'invariant') return 'hint';
  if (source?.decision) return 'likely';
  const isMeant = source?.exit === 'arm' ? source.block === block : source?.exit !== 'shared';
  return source?.isSure && isMeant ? 'certain' : 'likely';
}

/** Of the places that made the pointer NULL the one that is meant: the test that did, or the nearest store before. */
function nearestSource({ use, test, sources }: NullDereference): NullSource | undefined {
  const isBefore = ({ origin }: NullSource): boolean => origin.start <= use.origin.end;
  const tested = sources.find(({ kind, origin }) => kind === 'tested' && origin.start === test?.start);
  if (tested) return tested;
  const others = sources.filter(isBefore).sort((a, b) => b.origin.start - a.origin.start);
  return others.find(({ isSure }) => isSure) ?? others[0] ?? sources[0];
}

/** The pointer is the result of an allocation, and that it is not checked in time is told by `missing-null-check`. */
function isUnchecked(context: RuleContext, { use }: LateTest): boolean {
  return context.analysis.flaws.some(
    (flaw) => flaw.kind === 'unchecked-dereference' && flaw.use.origin.start === use.origin.start,
  );
}

function describeLate(context: RuleContext, flaw: LateTest): RawFinding {
  const { use, test, isBitwise } = flaw;
  const name = nameOf(context, use.pointer);
  const line = context.lineOf(context.base + test.start);
  const why = isBitwise
    ? `whether the test on line ${line} finds it NULL or not: '&' and '|' evaluate both sides`
    : `before it is compared with NULL on line ${line}: the test comes too late, or is not needed`;
  return {
    message: `${name} is dereferenced ${why}.`,
    range: { start: context.base + use.origin.start, end: context.base + use.origin.end },
    steps: [
      step(context, 'used', use.origin, `${name} is dereferenced here`),
      step(context, 'assumed', test, 'and compared with NULL here'),
    ],
    confidence: 'likely',
    repair: () => lateTestFixes(context, flaw),
  };
}
