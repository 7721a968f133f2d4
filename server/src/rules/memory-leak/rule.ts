import { isAlwaysReached } from '../../analysis/dominance.ts';
import type { Flaw } from '../../analysis/flaws.ts';
import type { Site } from '../../analysis/state.ts';
import type { PathStep } from '../../base/finding.ts';
import { allocationSteps, quote, type RawFinding, type Rule, type RuleContext, siteSteps, step } from '../rule.ts';
import { memoryLeakFixes } from './fix.ts';
import { forgottenMember } from './forgotten.ts';
import { filledVariable, holderText, memberText } from './holder.ts';
import { metadata } from './metadata.ts';
import { isAtFailedCheck, isFailedExtension, isOfOption } from './minor.ts';
import { isNamedOnce } from './named-once.ts';

type Leak = Extract<Flaw, { kind: 'leak' }>;

/** Other places where the same memory is lost that one finding lists. */
const MAXIMUM_OTHER_PLACES = 5;

/** One finding for each allocation, where it is lost first in the text; the other places are steps of it. */
export const memoryLeak: Rule = {
  metadata,
  check(context) {
    const byAllocation = new Map<string, Leak[]>();
    for (const flaw of context.analysis.flaws) {
      if (flaw.kind !== 'leak' || flaw.manner === 'realloc' || isNamedOnce(context.analysis.ir, flaw)) continue;
      // One block, whoever made it, is what realloc() could not move.
      const { origin, inner } = flaw.unmoved?.call ?? flaw.allocation;
      const key = `${origin.start}:${inner.length}${flaw.unmoved ? ' unmoved' : ''} ${flaw.member ?? ''}`;
      const known = byAllocation.get(key);
      if (known) known.push(flaw);
      else byAllocation.set(key, [flaw]);
    }
    const lost = oneForEachStatement(context, [...byAllocation.values()]).map((leaks) => describe(context, leaks));
    const forgotten = context.analysis.flaws.flatMap((flaw) =>
      flaw.kind === 'forgotten-member' ? [forgottenMember(context, flaw)] : [],
    );
    return [...lost, ...forgotten];
  },
};

/**
 * `else if (!strcmp(key, "host")) object->host = strdup(value);` ten times over, for ten names of the same: a statement that loses what
 * it allocated in an earlier turn loses what the others did as well, which is one thing to mend.
 */
function oneForEachStatement(context: RuleContext, found: readonly Leak[][]): readonly Leak[][] {
  const losses = found.map((leaks) => {
    const { allocation, at, manner, isStoredByCallee } = earliest(leaks);
    const holder = manner === 'overwrite' && !isStoredByCallee ? holderText(context, allocation) : undefined;
    const key = holder === undefined ? undefined : `${at.origin.start} ${holder}`;
    const isOwn = allocation.block === at.block && allocation.instruction <= at.instruction;
    return { leaks, key, isOwn };
  });
  const own = new Set(losses.flatMap(({ key, isOwn }) => (isOwn && key !== undefined ? [key] : [])));
  return losses.filter(({ key, isOwn }) => isOwn || key === undefined || !own.has(key)).map(({ leaks }) => leaks);
}

function earliest(leaks: readonly Leak[]): Leak {
  return leaks.reduce((first, leak) => (leak.at.origin.start < first.at.origin.start ? leak : first));
}

function describe(context: RuleContext, leaks: readonly Leak[]): RawFinding {
  const { ir } = context.analysis;
  const expected = leaks.filter((each) => !isAtFailedCheck(ir, each));
  const told = expected.length > 0 ? expected : leaks;
  const [leak, ...others] = [...told].sort((a, b) => a.at.origin.start - b.at.origin.start);
  const { allocation, at, manner } = leak;
  const source = allocation.callee === '' ? 'the allocation' : `${allocation.callee}()`;
  // Where realloc() failed the block still has the name by which it was given.
  const unmoved = leak.unmoved && quote(context, leak.unmoved.pointer);
  const holder =
    unmoved ?? memberText(context, leak) ?? (leak.isStoredByCallee ? undefined : holderText(context, allocation));
  const filled = leak.isStoredByCallee ? filledVariable(context, allocation) : undefined;
  const name =
    holder !== undefined
      ? `'${holder}'`
      : filled
        ? `memory that ${source} left in '${filled}'`
        : `memory from ${source}`;
  const line = context.lineOf(context.base + allocation.origin.start);
  const isSameLine = context.lineOf(context.base + at.origin.start) === line;
  // Of code out of sight it is only believed that it allocates.
  const { release } = leak;
  const verb = leak.isSourceUnknown ? 'which comes from' : 'allocated by';
  const from = holder === undefined || isSameLine ? '' : `, ${verb} ${source} on line ${line},`;
  const steps = allocationSteps(
    context,
    allocation,
    `${leak.isSourceUnknown ? 'comes from' : 'allocated by'} ${source}`,
  );
  if (leak.unmoved) {
    const { callee, origin } = leak.unmoved.call;
    steps.push(step(context, 'note', origin, `${callee}() fails here, and the block stays where it is`));
  }
  const destructor = manner === 'holder' && at.inner.length > 0 ? at.callee : '';
  if (destructor === '') steps.push(step(context, 'lost', at.origin, LOST_BY[manner]));
  else steps.push(...lossSteps(context, at));
  const witness =
    release &&
    `, and line ${context.lineOf(context.base + release.origin.start)} shows that it is this function's to free`;
  if (release) steps.push(step(context, 'freed', release.origin, 'another path frees it here after the same calls'));
  const seen = new Set([at.origin.start]);
  for (const other of others) {
    if (seen.has(other.at.origin.start) || seen.size > MAXIMUM_OTHER_PLACES) continue;
    seen.add(other.at.origin.start);
    steps.push(step(context, 'lost', other.at.origin, `also lost here`));
  }
  const isEndOfProgram = ir.name === 'main' && manner === 'return';
  const isMinor =
    isEndOfProgram ||
    expected.length === 0 ||
    isOfOption(ir, leak) ||
    told.every((each) => each.isExtension || isFailedExtension(ir, each));
  const message = destructor === '' ? MESSAGES[manner](name, from) : forgotten(name, from, destructor);
  return {
    message: witness ? message.replace(/\.$/, `${witness}.`) : message,
    range: { start: context.base + at.origin.start, end: context.base + at.origin.end },
    steps,
    confidence: isMinor ? 'hint' : isAlwaysReached(ir, allocation, at) && !release ? 'certain' : 'likely',
    repair: () => memoryLeakFixes(context, leaks),
  };
}

function forgotten(name: string, from: string, destructor: string): string {
  return `${name}${from} is lost here: ${destructor}() frees the memory that holds the last reference to it.`;
}

/** Where a callee frees the memory that holds the last reference. */
function lossSteps(context: RuleContext, at: Site): PathStep[] {
  const here = `${at.callee}() frees the memory that holds the last reference`;
  return siteSteps(context, 'lost', at, here, (inner) => `${inner.functionName}() frees it here`);
}

const LOST_BY: Readonly<Record<Leak['manner'], string>> = {
  return: 'the function returns without freeing it here',
  scope: 'the last reference goes out of scope here',
  overwrite: 'the last reference is overwritten here',
  holder: 'the memory that holds the last reference is freed here',
  ignored: 'the result is not kept',
  jump: 'the function is left for good here',
  realloc: 'the last reference is overwritten with NULL here when realloc fails',
};

const MESSAGES: Readonly<Record<Leak['manner'], (name: string, from: string) => string>> = {
  return: (name, from) => `${name}${from} is not freed on this path: the function returns and the memory is lost.`,
  scope: (name, from) => `${name}${from} is not freed before its scope ends: the memory is lost.`,
  overwrite: (name, from) => `${name}${from} is overwritten before it is freed: the memory is lost.`,
  holder: (name, from) => `${name}${from} is still held by the memory that is freed here: it is lost with it.`,
  jump: (name, from) => `${name}${from} is not freed before the jump out of the function: the memory is lost.`,
  ignored: (name) => `${name} is lost at once: nothing keeps the result.`,
  realloc: (name) => `${name} is lost when realloc fails.`,
};
