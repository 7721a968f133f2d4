import type { Flaw } from '../../analysis/flaws.ts';
import type { Fix } from '../../base/finding.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { FunctionText, isInList, isPure, statementOf } from '../fixes/function-text.ts';
import { callStatement } from '../fixes/null-assignment.ts';
import { removeStatement } from '../fixes/statement-edits.ts';
import { styleOf } from '../fixes/style.ts';
import type { RuleContext } from '../rule.ts';

type LoopAllocation = Extract<Flaw, { kind: 'loop-allocation' }>;

const LOOPS = new Set([NodeKind.ForStatement, NodeKind.WhileStatement, NodeKind.DoStatement]);
const JUMPS = new Set([
  NodeKind.BreakStatement,
  NodeKind.ContinueStatement,
  NodeKind.GotoStatement,
  NodeKind.LabeledStatement,
]);

const LEAVING = new Set([NodeKind.ReturnStatement, NodeKind.GotoStatement]);

/**
 * The allocation, and a test of it that returns or jumps to a label, go in front of the loop, the free behind it. Only for a block of
 * malloc() that lives from one statement of the loop's body to a later one, with no way around either; unsafe, since
 * a loop without turns allocates then too.
 */
export function heapFragmentationFixes(context: RuleContext, flaw: LoopAllocation): Fix[] {
  const fn = new FunctionText(context);
  const { allocation, free } = flaw;
  if (allocation.callee !== 'malloc' || free.inner.length > 0) return [];
  const call = fn.find(NodeKind.CallExpression, allocation.origin);
  const first = call === NO_NODE ? NO_NODE : statementOf(fn, call);
  const last = callStatement(fn, free.origin, free.callee);
  const body = first === NO_NODE ? NO_NODE : fn.parent(first);
  if (!last || body === NO_NODE || fn.kind(body) !== NodeKind.CompoundStatement) return [];
  const loop = fn.parent(body);
  if (loop === NO_NODE || !LOOPS.has(fn.kind(loop)) || fn.parent(last.statement) !== body) return [];
  if (!isInList(fn, loop) || !fn.isAsWritten(fn.start(loop), fn.end(loop))) return [];
  const name = receiverOf(fn, first, call);
  if (name === undefined || fn.textOf(last.arguments[0]) !== name) return [];
  const check = checkBehind(fn, body, first, name);
  const moved = check === NO_NODE ? [first] : [first, check];
  if (!isOnlyUse(fn, loop, name, [...moved, last.statement])) return [];
  const end = fn.end(loop);
  // A comment about the loop, or the brace that closes its block, stands behind it on its line.
  if (fn.text.slice(end, fn.lineEnd(end)).trim() !== '') return [];
  if (fn.text.slice(fn.lineStart(fn.start(loop)), fn.start(loop)).trim() !== '') return [];
  const style = styleOf(fn, context.neighbours());
  const outer = fn.indentation(fn.start(loop));
  const inner = fn.indentation(fn.start(first));
  const removals = [...moved, last.statement].map((statement) => removeStatement(fn, statement));
  if (removals.some((edits) => edits === undefined)) return [];
  const hoisted = moved
    .map((statement) => `${fn.textOf(statement).replaceAll(`\n${inner}`, `\n${outer}`)}${style.lineBreak}${outer}`)
    .join('');
  const edits = [
    fn.replace(fn.start(loop), fn.start(loop), hoisted),
    ...removals.flatMap((removal) => removal ?? []),
    fn.replace(end, end, `${style.lineBreak}${outer}${fn.textOf(last.statement)}`),
  ];
  return [{ title: `Allocate '${name}' once, in front of the loop`, safety: 'unsafe', edits }];
}

/** The variable that a statement of its own gives the call's result: `p = malloc(…);` or `T *p = malloc(…);`. */
function receiverOf(fn: FunctionText, statement: NodeIndex, call: NodeIndex): string | undefined {
  const { tree } = fn;
  const list = childByField(tree, call, Field.Arguments);
  if (list === NO_NODE || childrenOf(tree, list).some((argument) => !isPure(fn, argument))) return undefined;
  if (fn.kind(statement) === NodeKind.Declaration) {
    const declarators = childrenOf(tree, statement).filter((child) => tree.field[child] === Field.Declarator);
    return declarators.length === 1 ? /^\**\s*([A-Za-z_]\w*)\s*=/.exec(fn.textOf(declarators[0]))?.[1] : undefined;
  }
  if (fn.kind(statement) !== NodeKind.ExpressionStatement) return undefined;
  return /^([A-Za-z_]\w*)\s*=/.exec(fn.textOf(statement))?.[1];
}

/** `if (!p) return …;`, or a jump to a label, which is not in the loop, directly behind the allocation, or NO_NODE. */
function checkBehind(fn: FunctionText, body: NodeIndex, allocation: NodeIndex, name: string): NodeIndex {
  const next = fn.tree.next[allocation];
  if (next >= fn.tree.next[body] || fn.kind(next) !== NodeKind.IfStatement) return NO_NODE;
  const condition = childByField(fn.tree, next, Field.Condition);
  const consequence = childByField(fn.tree, next, Field.Consequence);
  if (condition === NO_NODE || consequence === NO_NODE) return NO_NODE;
  if (childByField(fn.tree, next, Field.Alternative) !== NO_NODE) return NO_NODE;
  const test = fn.textOf(condition).replace(/\s+/g, '');
  if (![`(!${name})`, `(${name}==NULL)`, `(NULL==${name})`].includes(test)) return NO_NODE;
  const inner = fn.kind(consequence) === NodeKind.CompoundStatement ? childrenOf(fn.tree, consequence) : [consequence];
  if (inner.length !== 1 || !LEAVING.has(fn.kind(inner[0]))) return NO_NODE;
  return isPure(fn, inner[0]) ? next : NO_NODE;
}

/** Nothing else in the loop changes the pointer, hands on its address, or goes around the free. */
function isOnlyUse(fn: FunctionText, loop: NodeIndex, name: string, statements: readonly NodeIndex[]): boolean {
  const { tree } = fn;
  for (let node = loop + 1; node < tree.next[loop]; node++) {
    const kind = fn.kind(node);
    if (statements.some((statement) => fn.isWithin(node, statement))) continue;
    if (JUMPS.has(kind)) return false;
    if (kind === NodeKind.ReturnStatement) return false;
    if (kind === NodeKind.InitDeclarator && new RegExp(`\\b${name}\\s*=`).test(fn.textOf(node))) return false;
    if (kind === NodeKind.PointerExpression && fn.textOf(node).replace(/[\s()]/g, '') === `&${name}`) return false;
    const target =
      kind === NodeKind.AssignmentExpression
        ? childByField(tree, node, Field.Left)
        : kind === NodeKind.UpdateExpression
          ? childByField(tree, node, Field.Argument)
          : NO_NODE;
    if (target !== NO_NODE && fn.textOf(target) === name) return false;
  }
  // A declaration that moves out must not meet another of its name.
  const declarations = new RegExp(`\\b${name}\\b`);
  for (let node = 0; node < tree.length; node++) {
    if (fn.isWithin(node, loop)) continue;
    if (fn.kind(node) !== NodeKind.Declaration && fn.kind(node) !== NodeKind.ParameterDeclaration) continue;
    if (fn.kind(statements[0]) === NodeKind.Declaration && declarations.test(fn.textOf(node))) return false;
  }
  return true;
}
