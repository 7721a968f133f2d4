import type { FunctionAnalysis } from '../../analysis/analyse-function.ts';
import type { Flaw } from '../../analysis/flaws.ts';
import type { Fix } from '../../base/finding.ts';
import type { TextEdit } from '../../base/range.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { freeingCall } from '../fixes/deallocators.ts';
import { bare, FunctionText, isInList, isPure, statementOf } from '../fixes/function-text.ts';
import { conditional, type FailureBranch, failureBranch, nullTest } from '../fixes/null-check.ts';
import { isKeptToItself, isOwnEverywhere } from '../fixes/own-values.ts';
import { insertBefore, line } from '../fixes/statement-edits.ts';
import { stopStatements } from '../fixes/stops.ts';
import { type Style, styleOf } from '../fixes/style.ts';
import { type Repair, type RuleContext, refuse } from '../rule.ts';

type Leak = Extract<Flaw, { kind: 'leak' }>;

/** Names for the result until it is known to be there. */
const NAMES = ['resized', 'larger', 'new_block', 'reallocated'];

/**
 * The result goes into a variable of its own, and where it is NULL the old block is freed, before the NULL takes its
 * place: whatever the program does with that NULL stays as it is.
 */
export function reallocLeakFixes(context: RuleContext, flaw: Leak): Repair {
  const { at } = flaw;
  const { ir } = context.analysis;
  // A wrapper may do more than reallocate when it fails; a trial shows whether the old block is still there.
  const isWrapped = at.inner.length > 0;
  // What a wrapper makes of a block from elsewhere may leave it to another name, as that of a parameter's target.
  if (isWrapped && flaw.allocation.id === at.id) return refuse('the reallocation happens in another function');
  const fn = new FunctionText(context);
  const call = fn.find(NodeKind.CallExpression, at.origin);
  if (call === NO_NODE || fn.textOf(childByField(fn.tree, call, Field.Function)) !== at.callee) {
    return refuse('the reallocation stands in a macro');
  }
  const list = childByField(fn.tree, call, Field.Arguments);
  const [old] = list === NO_NODE ? [] : childrenOf(fn.tree, list);
  const assignment = assignmentOf(fn, call);
  if (old === undefined || assignment === NO_NODE) return refuse('no assignment takes the result');
  const place = fn.textOf(childByField(fn.tree, assignment, Field.Left));
  if (place !== fn.textOf(bare(fn, old)) || !isPure(fn, old) || place.includes('\n')) {
    return refuse('the result goes somewhere else than where the old pointer stands');
  }
  const statement = statementOf(fn, assignment);
  if (statement === NO_NODE || !isEvaluatedFirst(fn, statement, assignment)) {
    return refuse('the reallocation is a part of a larger expression');
  }
  if (!fn.isAsWritten(fn.start(call), fn.end(call))) return refuse('the statement holds a macro');
  const parent = fn.parent(statement);
  // A declaration must not follow a label (before C23), nor be jumped over into.
  if (isInList(fn, statement) && fn.kind(parent) !== NodeKind.CompoundStatement) {
    return refuse('a declaration cannot stand there');
  }
  const family = flaw.family || context.program.familyOf(at.callee);
  const own = family === undefined ? undefined : context.program.deallocator(family);
  const deallocator = at.callee === 'realloc' ? 'free' : (freeingCall(fn, place, 0) ?? own);
  if (deallocator === undefined) return refuse('the function that frees the memory is not known');
  const name = NAMES.find((candidate) => !new RegExp(`\\b${candidate}\\b`).test(fn.text));
  if (name === undefined) return refuse('there is no name for the new block');
  const style = styleOf(fn, context.neighbours());
  const blank = style.spacesCalls ? ' ' : '';
  const editsWith = (statements: readonly string[]): TextEdit[] | undefined => {
    const lines = [
      line(`void *${name} = ${fn.textOf(call)};`),
      ...conditional(`if (${nullTest([name], style)})`, statements, style),
    ];
    const inserted = insertBefore(fn, statement, lines, style);
    return inserted && [...inserted, fn.replace(fn.start(call), fn.end(call), name)];
  };
  // Where nothing else is known to do, the program stops as the file does elsewhere.
  const stopping = (): Fix | undefined => {
    const statements = stopStatements(fn, context.neighbours());
    const edits = statements && editsWith(statements);
    return edits && { title: `Stop when ${at.callee}() fails`, safety: 'unsafe', edits };
  };
  const failed = leaveIfUnchecked(context, fn, style, flaw, statement, name);
  if (failed === null) return { ...refuse('how the function fails is not known'), alternatives: [stopping] };
  const edits = editsWith(failed?.statements ?? [`${deallocator}${blank}(${place});`]);
  if (!edits) return refuse('there is no place for a statement');
  const local = ir.variables.find((each) => each.name === place && each.kind === 'local');
  // A member's or a parameter's block may have names that are not in sight.
  const holding = local && context.analysis.holdings.get(at.id)?.variables.get(local.id);
  const isOwn =
    local !== undefined &&
    (flaw.allocation.id !== at.id || holding?.kind === 'owned' || isOwnInLoop(context.analysis, fn, place, at.callee));
  const isSure = isOwn && !isWrapped && (!failed || (failed.safety === 'safe' && !failed.isNewFailure));
  const title = failed
    ? `Keep the old block when ${at.callee}() fails`
    : `Free the old block when ${at.callee}() fails`;
  return { fixes: [{ title, safety: isSure ? 'safe' : 'unsafe', edits }], alternatives: [stopping] };
}

/**
 * Where nothing looks at the result, the function has to leave when there is none, as it does elsewhere; what it cleans up
 * then is the old block, too. Undefined where something does look, null where it is not known how to leave.
 */
function leaveIfUnchecked(
  context: RuleContext,
  fn: FunctionText,
  style: Style,
  { at }: Leak,
  statement: NodeIndex,
  name: string,
): FailureBranch | undefined | null {
  const { analysis } = context;
  const isUnchecked = analysis.flaws.some(
    (other) => other.kind === 'unchecked-dereference' && other.allocation.id === at.id,
  );
  if (!isUnchecked) return undefined;
  const holdings = analysis.holdings.get(at.id);
  if (!holdings) return null;
  const neighbours = context.neighbours();
  return failureBranch(fn, analysis, neighbours, holdings, statement, fn.start(statement), [name], style) ?? null;
}

/** The assignment that takes a call's result, behind casts and parentheses, or `NO_NODE`. */
function assignmentOf(fn: FunctionText, call: NodeIndex): NodeIndex {
  let node = fn.parent(call);
  while (fn.kind(node) === NodeKind.CastExpression || fn.kind(node) === NodeKind.ParenthesizedExpression) {
    node = fn.parent(node);
  }
  if (node === NO_NODE || fn.kind(node) !== NodeKind.AssignmentExpression) return NO_NODE;
  const operator = childByField(fn.tree, node, Field.Operator);
  return operator !== NO_NODE && fn.textOf(operator) !== '=' ? NO_NODE : node;
}

/** The assignment is a statement of its own, or the first that an `if` evaluates: it may as well happen before. */
function isEvaluatedFirst(fn: FunctionText, statement: NodeIndex, assignment: NodeIndex): boolean {
  let node = assignment;
  if (fn.kind(statement) === NodeKind.ExpressionStatement) return fn.parent(node) === statement;
  if (fn.kind(statement) !== NodeKind.IfStatement) return false;
  const outer = fn.parent(statement);
  if (outer !== NO_NODE && fn.kind(outer) === NodeKind.ElseClause) return false;
  const condition = childByField(fn.tree, statement, Field.Condition);
  for (let parent = fn.parent(node); node !== condition; node = parent, parent = fn.parent(node)) {
    if (parent === NO_NODE || parent === statement) return node === condition;
    if (fn.kind(parent) === NodeKind.BinaryExpression) {
      if (childByField(fn.tree, parent, Field.Left) !== node) return false;
    } else if (fn.kind(parent) === NodeKind.UnaryExpression || fn.kind(parent) === NodeKind.ParenthesizedExpression) {
    } else return false;
  }
  return true;
}

/**
 * After some turns of a loop the block is no certain allocation's any more. It is the function's own where the variable never
 * holds anything else, and what it holds is never given to anybody.
 */
function isOwnInLoop(analysis: FunctionAnalysis, fn: FunctionText, place: string, reallocator: string): boolean {
  return !analysis.isIncomplete && isOwnEverywhere(analysis, fn, place) && isKeptToItself(fn, place, reallocator);
}
