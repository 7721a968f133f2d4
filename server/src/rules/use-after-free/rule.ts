import { isAlwaysReached, variablesRead } from '../../analysis/dominance.ts';
import type { Flaw } from '../../analysis/flaws.ts';
import type { PathStep } from '../../base/finding.ts';
import type { Origin } from '../../ir/instructions.ts';
import { isStandardAllocator } from '../../models/registry.ts';
import { pointerName } from '../place-text.ts';
import { allocationSteps, freeSteps, type RawFinding, type Rule, type RuleContext, siteSteps } from '../rule.ts';
import { useAfterFreeFixes } from './fix.ts';
import { metadata } from './metadata.ts';

type UseAfterFree = Extract<Flaw, { kind: 'use-after-free' }>;

/** One finding for each free: at the first use behind it, told from the nearest free before that use. */
export const useAfterFree: Rule = {
  metadata,
  check(context) {
    // Who writes an allocator knows what its own free() leaves in a block.
    if (isStandardAllocator(context.analysis.ir.name)) return [];
    const byUse = new Map<number, UseAfterFree>();
    for (const flaw of context.analysis.flaws) {
      if (flaw.kind !== 'use-after-free' || isOtherName(context, flaw)) continue;
      const known = byUse.get(flaw.use.origin.start);
      if (!known || distance(flaw) < distance(known)) byUse.set(flaw.use.origin.start, flaw);
    }
    const byFree = new Map<number, UseAfterFree>();
    for (const flaw of byUse.values()) {
      const known = byFree.get(flaw.free.id);
      if (!known || distance(flaw) < distance(known)) byFree.set(flaw.free.id, flaw);
    }
    return [...byFree.values()].map((flaw) => describe(context, flaw));
  },
};

/** How far the use stands from the free; one in front of it (a loop came round) counts as far. */
function distance({ free, use }: UseAfterFree): number {
  const difference = use.origin.start - free.origin.start;
  return difference > 0 ? difference : 1_000_000 - difference;
}

function describe(context: RuleContext, flaw: UseAfterFree): RawFinding {
  const { free, use, allocation } = flaw;
  const { ir } = context.analysis;
  const variables = variablesRead(ir, use.block, flaw.pointer);
  const [variable] = variables;
  const text = pointerName(context, pointerOf(context, flaw), flaw);
  // The head of a loop that a macro makes steps from element to element by one variable.
  const isStep = text === 'the pointer' && use.callee === '' && variables.size === 1;
  const name = isStep ? `'${ir.variables[variable].name}'` : text;
  const line = context.lineOf(context.base + free.origin.start);
  const by = free.inner.length > 0 || isMoved(flaw) ? ` by ${free.callee}()` : '';
  const isSameCall = free.origin.start === use.origin.start && free.origin.end === use.origin.end;
  const when = isSameCall
    ? 'after the same call freed its memory'
    : use.origin.start < free.origin.start
      ? `when the loop comes round, after its memory was freed${by} on line ${line}`
      : `after its memory was freed${by} on line ${line}`;
  const steps: PathStep[] = [];
  if (allocation) {
    steps.push(...allocationSteps(context, allocation));
  }
  steps.push(
    ...freeSteps(context, free, isMoved(flaw) ? `${free.callee}() gives the old block back here` : 'freed here'),
    ...siteSteps(
      context,
      use.callee === '' ? 'used' : 'passed',
      use,
      `${name} is ${deedOf(flaw)} here`,
      (inner) => `${inner.functionName}() uses it here`,
    ),
  );
  const isSure = flaw.deed !== 'passed' && flaw.deed !== 'printed' && isAlwaysReached(ir, free, use, variables);
  return {
    message:
      flaw.deed === 'stored'
        ? `${name} gets a pointer whose memory was freed${by} on line ${line}: whoever reads it there finds it stale.`
        : `${name} is ${deedOf(flaw)} ${when}.`,
    range: { start: context.base + use.origin.start, end: context.base + use.origin.end },
    steps,
    confidence: isSure ? 'certain' : 'likely',
    repair: () => ({ fixes: useAfterFreeFixes(context, flaw), refusal: 'the use and the free cannot change places' }),
  };
}

/** The memory was taken out of a list and freed, and is used by a name that the call that freed it does not mention. */
function isOtherName(context: RuleContext, { isUnlinked, free, pointer }: UseAfterFree): boolean {
  if (!isUnlinked) return false;
  const textOf = ({ start, end }: Origin): string => context.text.slice(context.base + start, context.base + end);
  const [name = ''] = /[A-Za-z_]\w*/.exec(textOf(pointer)) ?? [];
  return !new RegExp(`\\b${name}\\b`).test(textOf(free.origin));
}

/** The old block of a reallocation that succeeded. */
function isMoved({ free }: UseAfterFree): boolean {
  return free.inner.length === 0 && /realloc/i.test(free.callee);
}

function deedOf({ deed, use, place, way }: UseAfterFree): string {
  if (place || way) return `used by ${use.callee}()`;
  if (deed === 'returned') return 'returned';
  if (deed === 'stored') return 'set to the stale pointer';
  const isPassed = deed === 'passed' || deed === 'printed';
  if (use.callee === '') return isPassed ? 'passed on' : 'used';
  return isPassed ? `passed to ${use.callee}()` : `passed to ${use.callee}(), which uses it,`;
}

/** Of `return p;` the expression; a store names what it stores nowhere else than on its right side. */
function pointerOf(context: RuleContext, { deed, pointer }: UseAfterFree): Origin {
  const text = context.text.slice(context.base + pointer.start, context.base + pointer.end);
  if (deed !== 'returned') return pointer;
  const before = /^return\s*/.exec(text)?.[0].length ?? 0;
  const behind = /\s*;$/.exec(text)?.[0].length ?? 0;
  return { start: pointer.start + before, end: pointer.end - behind };
}
