import type { MeasuredType, SizeFlaw } from '../../analysis/size-flaws.ts';
import type { Confidence } from '../../base/finding.ts';
import type { Origin } from '../../ir/instructions.ts';
import {
  allocationSteps,
  nameOf,
  quote,
  type RawFinding,
  type Rule,
  type RuleContext,
  rangeOf,
  siteSteps,
  step,
} from '../rule.ts';
import { allocationSizeFixes } from './fix.ts';
import { metadata } from './metadata.ts';

const KINDS: ReadonlySet<string> = new Set<SizeFlaw['kind']>([
  'size-of-pointer',
  'element-size',
  'block-size',
  'constant-size',
  'misplaced-one',
  'overflow',
  'unbounded-product',
  'buffer-size-of-pointer',
  'swapped-fill',
]);

/** One finding for each size: the first flaw of it, in the order in which the analysis came to them. */
export const allocationSize: Rule = {
  metadata,
  check(context) {
    const findings = new Map<string, RawFinding>();
    for (const flaw of context.analysis.flaws) {
      if (!isSizeFlaw(flaw)) continue;
      const finding = describe(context, flaw);
      const key = `${finding.range.start}:${finding.range.end}`;
      if (!findings.has(key)) findings.set(key, finding);
    }
    return [...findings.values()];
  },
};

function isSizeFlaw(flaw: { readonly kind: string }): flaw is SizeFlaw {
  return KINDS.has(flaw.kind);
}

function describe(context: RuleContext, flaw: SizeFlaw): RawFinding {
  const repair = () => ({ fixes: allocationSizeFixes(context, flaw), refusal: 'the right size is not known' });
  switch (flaw.kind) {
    case 'swapped-fill':
      return {
        message: `${flaw.callee}() fills 0 bytes here: its second argument is the byte, its third the size.`,
        range: rangeOf(context, flaw.call),
        steps: [step(context, 'note', flaw.size, 'the size is 0')],
        confidence: 'certain',
        repair,
      };
    case 'buffer-size-of-pointer':
      return {
        message: `${textOf(context, flaw.size, 'The size')} is the size of the pointer ${nameOf(context, flaw.buffer)}, 8 bytes, not of ${whatItPointsTo(flaw.pointee)}.`,
        range: rangeOf(context, flaw.size),
        steps: [step(context, 'note', flaw.size, 'a pointer is measured here')],
        confidence: 'certain',
        repair,
      };
    case 'overflow':
      return { ...describeOverflow(context, flaw), repair };
    default:
      return {
        message: messageOf(context, flaw),
        range: rangeOf(context, flaw.size ?? flaw.allocation.origin),
        steps: allocationSteps(context, flaw.allocation),
        confidence: confidenceOf(flaw),
        repair,
      };
  }
}

type AllocationFlaw = Exclude<SizeFlaw, { kind: 'swapped-fill' | 'buffer-size-of-pointer' | 'overflow' }>;

function messageOf(context: RuleContext, flaw: AllocationFlaw): string {
  const callee = flaw.allocation.callee === '' ? 'The allocation' : `${flaw.allocation.callee}()`;
  switch (flaw.kind) {
    case 'size-of-pointer':
      return `${callee} is asked for the size of a pointer, ${measure(flaw.measured)}, where memory for ${measure(flaw.pointee)} is meant.`;
    case 'element-size':
      return `${callee} is asked for memory in units of ${measure(flaw.measured)}, and gives it to a pointer to ${measure(flaw.pointee)}.`;
    case 'block-size':
      if (flaw.isTailCut)
        return `${callee} is asked for ${bytes(flaw.bytes)}, which ends amid an element of the array behind '${flaw.pointee.name}'.`;
      return flaw.bytes < (flaw.pointee.size ?? 0)
        ? `${callee} is asked for ${bytes(flaw.bytes)}, less than one ${measure(flaw.pointee)} needs.`
        : `${callee} is asked for ${bytes(flaw.bytes)}, which is no whole number of ${measure(flaw.pointee)}.`;
    case 'constant-size':
      return flaw.bytes === 0
        ? `${callee} is asked for 0 bytes: whether it then returns NULL, memory that nobody may use, or frees differs between systems.`
        : `${callee} is asked for ${flaw.bytes} bytes: as an unsigned size that is more memory than there is.`;
    case 'misplaced-one':
      return `${textOf(context, flaw.size, 'The size')} is the length of the string behind its first character: two bytes less than a copy needs.`;
    case 'unbounded-product':
      return `The size wraps around for a large '${flaw.factor}', which nothing here bounds: ${callee} then gives less memory than is used.`;
  }
}

function confidenceOf(flaw: AllocationFlaw): Confidence {
  // What a request for nothing gives is defined, though not by the standard alone.
  if (flaw.kind === 'unbounded-product' || (flaw.kind === 'constant-size' && flaw.bytes === 0)) return 'hint';
  if (flaw.kind === 'misplaced-one') return 'likely';
  if (flaw.kind === 'element-size') return (flaw.measured.size ?? 0) < (flaw.pointee.size ?? 0) ? 'certain' : 'likely';
  return 'certain';
}

function describeOverflow(context: RuleContext, flaw: Extract<SizeFlaw, { kind: 'overflow' }>): RawFinding {
  const { allocation, use, pointer, excess, isBefore, isEmpty, isTerminator, isInLoop, isLimit, isMember } = flaw;
  const name = nameOf(context, pointer);
  const line = context.lineOf(context.base + allocation.origin.start);
  const deed = isInLoop ? 'In one of its turns the loop' : use.callee === '' ? 'This access' : `${use.callee}()`;
  const message = isTerminator
    ? `The block in ${name} has no room for the string's terminator: ${allocation.callee}() on line ${line} is asked for the length without '+ 1'.`
    : isEmpty
      ? `${deed} uses the block in ${name}, but ${allocation.callee}() on line ${line} was asked for 0 bytes.`
      : isLimit
        ? `${deed} is told of ${bytes(excess)} more than the block in ${name} has, which ${allocation.callee}() gave on line ${line}.`
        : isMember
          ? `${deed} uses an element that lies ${isBefore ? 'in front of' : 'behind the end of'} the block in ${name}, which ${allocation.callee}() gave on line ${line}.`
          : `${deed} goes ${bytes(excess)} ${isBefore ? 'in front of' : 'behind the end of'} the block in ${name}, which ${allocation.callee}() gave on line ${line}.`;
  const steps = allocationSteps(context, allocation);
  if (flaw.size) steps.push(step(context, 'note', flaw.size, 'this size was asked for'));
  steps.push(
    ...siteSteps(
      context,
      'used',
      use,
      isLimit ? 'so much may be written here' : 'more is used here',
      ({ functionName }) => `${functionName}() uses it`,
    ),
  );
  return { message, range: rangeOf(context, use.origin), steps, confidence: 'certain' };
}

function textOf(context: RuleContext, origin: Origin | undefined, otherwise: string): string {
  const text = origin && quote(context, origin);
  return text === undefined ? otherwise : `'${text}'`;
}

function measure({ name, size }: MeasuredType): string {
  return size === undefined ? `'${name}'` : `'${name}' (${bytes(size)})`;
}

function whatItPointsTo({ name, size }: MeasuredType): string {
  return name === '' ? 'what it points to' : `the ${measure({ name, size })} behind it`;
}

function bytes(count: number): string {
  return count === 1 ? '1 byte' : `${count} bytes`;
}
