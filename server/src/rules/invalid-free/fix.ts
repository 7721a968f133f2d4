import type { InvalidFree } from '../../analysis/flaws.ts';
import type { Fix } from '../../base/finding.ts';
import { FunctionText, isPure } from '../fixes/function-text.ts';
import { callStatement } from '../fixes/null-assignment.ts';
import { removeStatement } from '../fixes/statement-edits.ts';
import { styleOf } from '../fixes/style.ts';
import type { RuleContext } from '../rule.ts';

/**
 * A variable without a value begins as NULL, which every deallocator of a C library takes. What is never an allocator's
 * memory, whichever way control came, need not be freed at all.
 */
export function invalidFreeFixes(context: RuleContext, flaw: InvalidFree): Fix[] {
  const fn = new FunctionText(context);
  if (flaw.target === 'unassigned') return initialise(context, fn, flaw);
  const { free, target } = flaw;
  const isEverywhere = !context.analysis.isIncomplete && !context.analysis.firstFrees.has(free.id);
  if (!isEverywhere || target === 'interior' || target === 'member' || free.inner.length > 0) return [];
  const call = callStatement(fn, free.origin, free.callee);
  if (!call?.arguments.every((argument) => isPure(fn, argument))) return [];
  const edits = removeStatement(fn, call.statement);
  return edits ? [{ title: `Remove this ${free.callee}()`, safety: 'safe', edits }] : [];
}

function initialise(context: RuleContext, fn: FunctionText, { variable }: InvalidFree): Fix[] {
  if (variable === undefined) return [];
  const { name, kind, isArray, pointerDepth, origin } = context.analysis.ir.variables[variable];
  if (kind !== 'local' || isArray || pointerDepth === 0) return [];
  const isNamed = fn.text.slice(origin.start, origin.end) === name;
  if (!isNamed || !fn.isAsWritten(origin.start, origin.end) || !/^\s*[,;]/.test(fn.text.slice(origin.end))) return [];
  const { nullPointer } = styleOf(fn, context.neighbours());
  const edits = [fn.replace(origin.end, origin.end, ` = ${nullPointer}`)];
  return [{ title: `Initialise '${name}' with ${nullPointer}`, safety: 'safe', edits }];
}
