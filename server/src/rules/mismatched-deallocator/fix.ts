import type { MismatchedDeallocator } from '../../analysis/flaws.ts';
import type { Fix } from '../../base/finding.ts';
import { Field } from '../../syntax/generated/node-kinds.ts';
import { childByField, NO_NODE } from '../../syntax/syntax-arrays.ts';
import { FunctionText } from '../fixes/function-text.ts';
import { callStatement } from '../fixes/null-assignment.ts';
import type { RuleContext } from '../rule.ts';

/**
 * The deallocator of the memory's family takes the place of the wrong one. Safe when no path brings memory of another
 * family to the call.
 */
export function mismatchedDeallocatorFixes(context: RuleContext, flaw: MismatchedDeallocator): Fix[] {
  const { free, replacement: right } = flaw;
  if (right === undefined || free.inner.length > 0) return [];
  const fn = new FunctionText(context);
  const call = callStatement(fn, free.origin, free.callee);
  if (call?.arguments.length !== 1 || !isDeclared(fn, right)) return [];
  const named = childByField(fn.tree, call.call, Field.Function);
  if (named === NO_NODE) return [];
  const isOnly = !context.analysis.isIncomplete && !context.analysis.fittingFrees.has(free.id);
  return [
    {
      title: `Free with ${right}()`,
      safety: isOnly ? 'safe' : 'unsafe',
      edits: [fn.replace(fn.start(named), fn.end(named), right)],
    },
  ];
}

/** free() needs a declaration of its own; the other families share the header of their allocator. */
function isDeclared(fn: FunctionText, name: string): boolean {
  return name !== 'free' || fn.file.has(/[<"]stdlib\.h[>"]|\bfree\s*\(/);
}
