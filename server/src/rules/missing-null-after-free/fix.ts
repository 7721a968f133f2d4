import type { Site } from '../../analysis/state.ts';
import type { Fix } from '../../base/finding.ts';
import type { Origin } from '../../ir/instructions.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { isInScope } from '../fixes/cleanup.ts';
import { bare, FunctionText, statementOf } from '../fixes/function-text.ts';
import {
  assignable,
  assignNull,
  type CallStatement,
  callStatement,
  isConstantMember,
} from '../fixes/null-assignment.ts';
import { conditional } from '../fixes/null-check.ts';
import { insertAfter, insertBefore, line } from '../fixes/statement-edits.ts';
import { type Style, styleOf } from '../fixes/style.ts';
import { type Repair, type RuleContext, refuse } from '../rule.ts';

/**
 * `p = NULL;` behind `free(p);`. `place` is what goes stale, as the message names it: when the freed argument is another
 * name for it, clearing the argument would repair nothing.
 */
export function missingNullAfterFreeFixes(context: RuleContext, free: Site, place: string): Repair {
  const fn = new FunctionText(context);
  const call = callStatement(fn, free.origin, free.callee) ?? wrappedCall(fn, free.origin);
  const style = styleOf(fn, context.neighbours());
  const alternatives = [
    () => assignPlace(context, fn, style, free, place),
    () => assignWhereMoved(context, fn, style, free, place),
  ];
  if (!call || call.arguments.length === 0) return { ...refuse('the free is no statement of its own'), alternatives };
  const target = assignable(fn, context.analysis.ir, call.arguments[0]);
  if (target === undefined) return { ...refuse('the freed expression cannot be assigned to'), alternatives };
  const text = fn.textOf(target);
  if (!isSamePlace(text, place)) return { ...refuse('another name is freed'), alternatives };
  const edits = assignNull(fn, style, call.statement, text);
  if (!edits) return refuse('there is no place for a statement');
  return { fixes: [{ title: `Set '${text}' to ${style.nullPointer} after the free`, safety: 'safe', edits }] };
}

function hasSideEffect(fn: FunctionText, call: NodeIndex): boolean {
  for (let node = call; node < fn.tree.next[call]; node++) {
    if (fn.kind(node) === NodeKind.AssignmentExpression || fn.kind(node) === NodeKind.UpdateExpression) return true;
  }
  return false;
}

/** A statement that frees by a macro of one argument, which stands for the call. */
function wrappedCall(fn: FunctionText, origin: Origin): CallStatement | undefined {
  const call = fn.find(NodeKind.CallExpression, origin);
  const callee = call === NO_NODE ? NO_NODE : childByField(fn.tree, call, Field.Function);
  const found = callee === NO_NODE ? undefined : callStatement(fn, origin, fn.textOf(callee));
  return found?.arguments.length === 1 ? found : undefined;
}

/** The place that goes stale is set to NULL by its own name where it is freed by another; whether that holds, a trial shows. */
function assignPlace(
  context: RuleContext,
  fn: FunctionText,
  style: Style,
  { origin, callee }: Site,
  place: string,
): Fix | undefined {
  // When it fails the old block is still there.
  if (/realloc/i.test(callee)) return undefined;
  const call = fn.find(NodeKind.CallExpression, origin);
  const statement = call === NO_NODE ? NO_NODE : statementOf(fn, call);
  if (call === NO_NODE || statement === NO_NODE || hasSideEffect(fn, call)) return undefined;
  if (!isAssignableAt(context, fn, place, statement)) return undefined;
  const lines = [line(`${place} = ${style.nullPointer};`)];
  const title = `Set '${place}' to ${style.nullPointer} where it is freed`;
  if (fn.kind(statement) === NodeKind.ExpressionStatement) {
    const edits = insertAfter(fn, statement, lines, style);
    return edits && { title, safety: 'unsafe', edits };
  }
  if (fn.kind(statement) !== NodeKind.IfStatement) return undefined;
  // `if (fclose(file) != 0)`: the stream is gone either way, and both ways may lead out.
  const body = childByField(fn.tree, statement, Field.Consequence);
  const head = body !== NO_NODE && fn.kind(body) === NodeKind.CompoundStatement ? childrenOf(fn.tree, body)[0] : body;
  const failed = head === undefined || head === NO_NODE ? undefined : insertBefore(fn, head, lines, style);
  const passed = insertAfter(fn, statement, lines, style);
  return failed && passed && { title, safety: 'unsafe', edits: [...failed, ...passed] };
}

/**
 * `if (moved != NULL) p = NULL;` behind `moved = realloc(p, n);`: where the reallocation fails the old block is still there,
 * and `p` is its only name.
 */
function assignWhereMoved(
  context: RuleContext,
  fn: FunctionText,
  style: Style,
  { origin }: Site,
  place: string,
): Fix | undefined {
  const call = fn.find(NodeKind.CallExpression, origin);
  const callee = call === NO_NODE ? NO_NODE : childByField(fn.tree, call, Field.Function);
  if (callee === NO_NODE || !/realloc/i.test(fn.textOf(callee)) || hasSideEffect(fn, call)) return undefined;
  const moved = resultName(fn, call);
  const statement = statementOf(fn, call);
  if (moved === undefined || statement === NO_NODE || moved === place) return undefined;
  if (!isAssignableAt(context, fn, place, statement)) return undefined;
  const test = style.nullTest === '!p' ? moved : `${moved} != ${style.nullPointer}`;
  const lines = conditional(`if (${test})`, [`${place} = ${style.nullPointer};`], style);
  const edits = insertAfter(fn, statement, lines, style);
  return (
    edits && { title: `Set '${place}' to ${style.nullPointer} where the memory was moved`, safety: 'unsafe', edits }
  );
}

/** The variable that alone a statement gives the result of a call, casts aside. */
function resultName(fn: FunctionText, call: NodeIndex): string | undefined {
  for (let node = fn.parent(call); node !== NO_NODE; node = fn.parent(node)) {
    const isDeclaration = fn.kind(node) === NodeKind.InitDeclarator;
    if (!isDeclaration && fn.kind(node) !== NodeKind.AssignmentExpression) continue;
    const value = childByField(fn.tree, node, isDeclaration ? Field.Value : Field.Right);
    const target = childByField(fn.tree, node, isDeclaration ? Field.Declarator : Field.Left);
    const isWhole = value !== NO_NODE && bare(fn, value) === call && target !== NO_NODE;
    const holder = fn.parent(node);
    const isAlone =
      holder !== NO_NODE &&
      fn.kind(holder) === (isDeclaration ? NodeKind.Declaration : NodeKind.ExpressionStatement) &&
      statementOf(fn, call) === holder;
    const name = isWhole && isAlone ? /^\**\s*([A-Za-z_]\w*)$/.exec(fn.textOf(target))?.[1] : undefined;
    return isDeclaration || (isWhole && fn.kind(target) === NodeKind.Identifier) ? name : undefined;
  }
  return undefined;
}

/** Behind the statement the text names the place that goes stale, and nothing forbids an assignment. */
function isAssignableAt({ analysis }: RuleContext, fn: FunctionText, place: string, statement: NodeIndex): boolean {
  const root = /^\*?([A-Za-z_]\w*)/.exec(place)?.[1];
  if (root === undefined || !/^\*?[A-Za-z_]\w*((->|\.)\w+)*$/.test(place)) return false;
  const variable = analysis.ir.variables.find(({ name }) => name === root);
  if (variable === undefined) return false;
  const member = /(?:->|\.)(\w+)$/.exec(place)?.[1];
  if (member !== undefined && isConstantMember(fn, member)) return false;
  if (place !== root && /\bconst\b/.test(variable.typeText)) return false;
  const isLocal = variable.kind === 'local' || variable.kind === 'parameter';
  return !isLocal || isInScope(fn, analysis, variable.id, fn.start(statement));
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
