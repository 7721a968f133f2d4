import type { Flaw } from '../../analysis/flaws.ts';
import type { Site } from '../../analysis/state.ts';
import type { Fix } from '../../base/finding.ts';
import type { Origin } from '../../ir/instructions.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { FunctionText, isPure, statementOf } from '../fixes/function-text.ts';
import { alternativeChecks } from '../fixes/other-checks.ts';
import { removeStatement } from '../fixes/statement-edits.ts';
import { styleOf } from '../fixes/style.ts';
import { type Repair, type RuleContext, refuse } from '../rule.ts';

type LateTest = Extract<Flaw, { kind: 'late-test' }>;
type NullDereference = Extract<Flaw, { kind: 'null-dereference' }>;

const STRAIGHT = new Set([NodeKind.ExpressionStatement, NodeKind.Declaration]);
const LEAVING = new Set([
  NodeKind.ReturnStatement,
  NodeKind.GotoStatement,
  NodeKind.BreakStatement,
  NodeKind.ContinueStatement,
]);

/**
 * `if (!p) return …;` goes in front of the statement that dereferences `p`, where it stands below it in the same list with
 * plain statements between, and reads nothing that they write.
 */
export function lateTestFixes(context: RuleContext, flaw: LateTest): Repair {
  const fn = new FunctionText(context);
  if (flaw.isBitwise) return { fixes: logicalOperator(fn, flaw), refusal: 'where the operator stands is not known' };
  const { pointer } = flaw.use;
  const fixes = movedTest(context, fn, flaw);
  const repair = fixes.length > 0 ? { fixes } : refuse('the test cannot be moved in front of the dereference');
  return { ...repair, alternatives: checks(context, fn, pointer, { ...flaw.use, id: -1, callee: '', inner: [] }) };
}

/** A check in front of what dereferences NULL. */
export function nullDereferenceFixes(context: RuleContext, { pointer, path, use, test }: NullDereference): Repair {
  // A pointer that was set to NULL is not there to be looked behind: what should be there instead is not known.
  if (test === undefined) return refuse('the pointer was set to NULL');
  if (path !== undefined && path.length > 1) return refuse('what the callee dereferences is not what it is given');
  const fn = new FunctionText(context);
  return { ...refuse('no check fits in front of the dereference'), alternatives: checks(context, fn, pointer, use) };
}

function checks(context: RuleContext, fn: FunctionText, pointer: Origin, site: Site): (() => Fix | undefined)[] {
  return alternativeChecks(
    context,
    fn,
    { pointer, site, holdings: undefined, isTested: true, isOwnDoubt: true },
    undefined,
  );
}

/** `&&` for `&`, which evaluates no more than it must (C17 6.5.13). Unsafe: a result other than 0 or 1 becomes 1. */
function logicalOperator(fn: FunctionText, { test, use }: LateTest): Fix[] {
  for (let node = 0; node < fn.tree.length; node++) {
    if (fn.kind(node) !== NodeKind.BinaryExpression || fn.start(node) < test.start || fn.end(node) > test.end) continue;
    const operator = childByField(fn.tree, node, Field.Operator);
    const right = childByField(fn.tree, node, Field.Right);
    if (operator === NO_NODE || right === NO_NODE || !/^[&|]$/.test(fn.textOf(operator))) continue;
    // The test has to come first.
    const isBehind = fn.start(right) <= use.origin.start && use.origin.end <= fn.end(right);
    if (!isBehind || !fn.isAsWritten(fn.start(node), fn.end(node))) continue;
    const text = fn.textOf(operator).repeat(2);
    const edits = [fn.replace(fn.start(operator), fn.end(operator), text)];
    return [{ title: `Write '${text}', which stops at the test`, safety: 'unsafe', edits }];
  }
  return [];
}

function movedTest(context: RuleContext, fn: FunctionText, { use, test }: LateTest): Fix[] {
  const check = checkAt(fn, test.start);
  const statement = check === NO_NODE ? NO_NODE : statementBefore(fn, use.origin.start, check);
  if (statement === NO_NODE) return [];
  const siblings = childrenOf(fn.tree, fn.parent(check));
  const between = siblings.slice(siblings.indexOf(statement), siblings.indexOf(check));
  if (!between.every((each) => STRAIGHT.has(fn.kind(each)) || fn.kind(each) === NodeKind.Comment)) return [];
  const start = fn.start(statement);
  const lineStart = fn.lineStart(start);
  if (fn.text.slice(lineStart, start).trim() !== '' || !fn.isAsWritten(start, fn.end(check))) return [];
  const read = namesIn(fn, check, () => true);
  if (between.some((each) => writesOne(fn, each, read))) return [];
  const removed = removeStatement(fn, check);
  if (!removed) return [];
  const style = styleOf(fn, context.neighbours());
  const text = `${fn.textOf(check)}${style.lineBreak}${fn.indentation(start)}`;
  // A declaration behind a statement is no C89.
  const safety = between.some((each) => fn.kind(each) === NodeKind.Declaration) ? 'unsafe' : 'safe';
  return [{ title: 'Test before the dereference', safety, edits: [fn.replace(start, start, text), ...removed] }];
}

/** The `if` without an alternative whose whole condition begins there, and that leaves when it holds. */
function checkAt(fn: FunctionText, start: number): NodeIndex {
  for (let node = 0; node < fn.tree.length; node++) {
    if (fn.kind(node) !== NodeKind.IfStatement) continue;
    const condition = childByField(fn.tree, node, Field.Condition);
    if (condition === NO_NODE || start < fn.start(condition) || start >= fn.end(condition)) continue;
    const text = fn.textOf(condition).replace(/\s+/g, '');
    const isTest = /^\((![\w.>-]+|[\w.>-]+==(NULL|0)|(NULL|0)==[\w.>-]+)\)$/.test(text);
    const consequence = childByField(fn.tree, node, Field.Consequence);
    const isAlone = childByField(fn.tree, node, Field.Alternative) === NO_NODE;
    if (!isTest || !isAlone || consequence === NO_NODE || !isPure(fn, condition)) return NO_NODE;
    const isBlock = fn.kind(consequence) === NodeKind.CompoundStatement;
    const last = isBlock ? childrenOf(fn.tree, consequence).at(-1) : consequence;
    return last !== undefined && LEAVING.has(fn.kind(last)) ? node : NO_NODE;
  }
  return NO_NODE;
}

/** The statement of the list that `check` stands in which holds the offset. */
function statementBefore(fn: FunctionText, offset: number, check: NodeIndex): NodeIndex {
  const list = fn.parent(check);
  if (list === NO_NODE || fn.kind(list) !== NodeKind.CompoundStatement) return NO_NODE;
  const statement = childrenOf(fn.tree, list).find((each) => offset >= fn.start(each) && offset < fn.end(each));
  if (statement === undefined || statement >= check) return NO_NODE;
  return statementOf(fn, statement) === statement ? statement : NO_NODE;
}

function namesIn(fn: FunctionText, within: NodeIndex, isMeant: (node: NodeIndex) => boolean): Set<string> {
  const names = new Set<string>();
  for (let node = within; node < fn.tree.next[within]; node++) {
    if (fn.kind(node) === NodeKind.Identifier && isMeant(node)) names.add(fn.textOf(node));
  }
  return names;
}

/** The statement declares one of the names, or assigns to something that begins with one. */
function writesOne(fn: FunctionText, statement: NodeIndex, names: ReadonlySet<string>): boolean {
  for (let node = statement; node < fn.tree.next[statement]; node++) {
    let target = NO_NODE;
    if (fn.kind(node) === NodeKind.AssignmentExpression) target = childByField(fn.tree, node, Field.Left);
    else if (fn.kind(node) === NodeKind.UpdateExpression) target = childByField(fn.tree, node, Field.Argument);
    else if (fn.tree.field[node] === Field.Declarator) target = node;
    if (target === NO_NODE) continue;
    const isDeclarator = fn.tree.field[target] === Field.Declarator;
    // Of `x = p->a` in a declaration only the name in front is written.
    const [name] = isDeclarator ? (/[A-Za-z_]\w*/.exec(fn.textOf(target)) ?? []) : [...namesIn(fn, target, () => true)];
    if (name !== undefined && names.has(name)) return true;
  }
  return false;
}
