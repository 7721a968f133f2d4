import type { Site } from '../../analysis/state.ts';
import { FunctionText } from '../fixes/function-text.ts';
import { assignable, assignNull, callStatement } from '../fixes/null-assignment.ts';
import { styleOf } from '../fixes/style.ts';
import { type Repair, type RuleContext, refuse } from '../rule.ts';

/**
 * `p = NULL;` behind `free(p);`. `place` is what goes stale, as the message names it: when the freed argument is another
 * name for it, clearing the argument would repair nothing.
 */
export function missingNullAfterFreeFixes(context: RuleContext, free: Site, place: string): Repair {
  const fn = new FunctionText(context);
  const call = callStatement(fn, free.origin, free.callee);
  if (!call || call.arguments.length === 0) return refuse('the free is no statement of its own');
  const target = assignable(fn, context.analysis.ir, call.arguments[0]);
  if (target === undefined) return refuse('the freed expression cannot be assigned to');
  const text = fn.textOf(target);
  if (!isSamePlace(text, place)) return refuse('another name is freed');
  const style = styleOf(fn, context.neighbours());
  const edits = assignNull(fn, style, call.statement, text);
  if (!edits) return refuse('there is no place for a statement');
  return { fixes: [{ title: `Set '${text}' to ${style.nullPointer} after the free`, safety: 'safe', edits }] };
}

/** The same text, or the same member reached in another way: `list->items` through a copy of the list's pointer. */
function isSamePlace(text: string, place: string): boolean {
  const bareText = text.replace(/[\s()]/g, '');
  const barePlace = place.replace(/[\s()]/g, '');
  if (bareText === barePlace) return true;
  const member = (path: string): string | undefined => /(?:->|\.)(\w+)$/.exec(path)?.[1];
  const element = (path: string): string | undefined => /(\w+)\[[^\]]*\]$/.exec(path)?.[1];
  return (
    (member(bareText) !== undefined && member(bareText) === member(barePlace)) ||
    (element(bareText) !== undefined && element(bareText) === element(barePlace))
  );
}
