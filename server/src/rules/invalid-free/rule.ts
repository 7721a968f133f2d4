import type { InvalidFree } from '../../analysis/flaws.ts';
import type { PathStep } from '../../base/finding.ts';
import { NodeKind } from '../../syntax/generated/node-kinds.ts';
import { NO_NODE } from '../../syntax/syntax-arrays.ts';
import { isGuardedAlike, isSetUnderAssertion } from '../correlation.ts';
import { FunctionText } from '../fixes/function-text.ts';
import {
  allocationSteps,
  freeSteps,
  nameOf,
  type RawFinding,
  type Rule,
  type RuleContext,
  rangeOf,
  step,
} from '../rule.ts';
import { invalidFreeFixes } from './fix.ts';
import { metadata } from './metadata.ts';

/** One finding for each call that frees what it must not, whatever the ways there. */
export const invalidFree: Rule = {
  metadata,
  check(context) {
    const bySite = new Map<string, InvalidFree>();
    for (const flaw of context.analysis.flaws) {
      if (flaw.kind !== 'invalid-free') continue;
      const key = `${flaw.free.origin.start} ${flaw.pointer.start}`;
      // That the callee frees for sure says more than its name.
      const known = bySite.get(key);
      if (!known || (known.free.inner.length === 0 && flaw.free.inner.length > 0)) bySite.set(key, flaw);
    }
    return [...bySite.values()].filter((flaw) => !isRuledOut(context, flaw)).map((flaw) => describe(context, flaw));
  },
};

/** Only some paths bring the wrong pointer here, and what rules them out is more than a path knows. */
function isRuledOut(context: RuleContext, { free, pointer, target }: InvalidFree): boolean {
  if (target === 'interior') return false;
  const fn = new FunctionText(context);
  const name = /[A-Za-z_]\w*/.exec(fn.text.slice(pointer.start, pointer.end))?.[0];
  if (name === undefined) return false;
  if (target === 'unassigned' && isSetUnderAssertion(fn, name)) return true;
  if (!context.analysis.firstFrees.has(free.id)) return false;
  const call = fn.find(NodeKind.CallExpression, free.origin);
  return call !== NO_NODE && isGuardedAlike(fn, name, call);
}

function describe(context: RuleContext, flaw: InvalidFree): RawFinding {
  const { free, pointer, target } = flaw;
  const name = nameOf(context, pointer);
  const steps: PathStep[] = originSteps(context, flaw, name);
  steps.push(
    ...freeSteps(context, free, free.inner.length > 0 ? `given to ${free.callee}(), which frees it` : 'freed here'),
  );
  const message = `${name} is freed${by(flaw)}, but ${reason(context, flaw)}.`;
  // Where another path brings memory of an allocator to the same call, only some executions go wrong.
  const isCertain = !context.analysis.firstFrees.has(free.id) && target !== 'interior';
  return {
    message,
    range: rangeOf(context, free.origin),
    steps,
    confidence: isCertain ? 'certain' : 'likely',
    repair: () => ({
      fixes: invalidFreeFixes(context, flaw),
      refusal: 'on some paths the free is right, or a callee does it',
    }),
  };
}

function by({ free }: InvalidFree): string {
  return free.inner.length > 0 ? ` by ${free.callee}()` : '';
}

function reason(context: RuleContext, { target, variable, allocation, pointer }: InvalidFree): string {
  const { variables } = context.analysis.ir;
  const named = variable !== undefined && variables[variable].name !== '' ? variables[variable].name : undefined;
  const source = allocation && allocation.callee !== '' ? `${allocation.callee}()` : 'the allocator';
  const line = allocation ? ` on line ${context.lineOf(context.base + allocation.origin.start)}` : '';
  switch (target) {
    case 'stack':
      if (allocation) return `${source}${line} took it from the stack: it ends with the function`;
      if (named === undefined) return 'it points to a compound literal, which lives on the stack';
      return `it points to the ${variables[variable!].kind === 'parameter' ? 'parameter' : 'local variable'} '${named}'`;
    case 'static':
      if (allocation) return `what ${source} gave${line} is a variable, which lives as long as the program`;
      return `it points to ${named === undefined ? 'a variable' : `'${named}'`}, which lives as long as the program`;
    case 'literal':
      if (allocation) return `what ${source} gave${line} is a string literal`;
      return 'it points to a string literal';
    case 'function':
      return 'it is the address of a function';
    case 'label':
      return 'it is the address of a label';
    case 'interior':
      return `it points inside the block that ${source} gave${line}, not to its beginning`;
    case 'member':
      return 'it is the address of a member inside an object, not of a block that an allocator gave';
    case 'unassigned': {
      const text = context.text.slice(context.base + pointer.start, context.base + pointer.end).trim();
      const what = named === undefined || text === named ? 'it' : `'${named}'`;
      return `on this path nothing was assigned to ${what}`;
    }
    case 'number':
      return 'it is a number, not an address that an allocator gave';
    case 'out-parameter':
      return `it is the caller's place for the memory, not the memory: '*${named}'`;
    case 'library':
      return `what ${source} gave${line} is the library's own`;
    case 'arena':
      return `${source}${line} took it from an arena: it ends with the arena, not alone`;
  }
}

/** Where the memory comes from, if there is a place for it. */
function originSteps(context: RuleContext, flaw: InvalidFree, name: string): PathStep[] {
  const { allocation, variable, target } = flaw;
  if (allocation) {
    const isGiven = target === 'static' || target === 'literal';
    const here = isGiven ? `${name} comes from here` : `${name} is allocated here`;
    return allocationSteps(context, allocation, target === 'interior' ? 'the block is allocated here' : here);
  }
  if (variable === undefined) return [];
  const { name: text, origin, kind } = context.analysis.ir.variables[variable];
  if (text === '' || kind === 'global') return [];
  const says = target === 'unassigned' ? `'${text}' is declared without a value` : `'${text}' is declared here`;
  return [step(context, 'note', origin, says)];
}
