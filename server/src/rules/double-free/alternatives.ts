import type { Flaw } from '../../analysis/flaws.ts';
import type { Site } from '../../analysis/state.ts';
import type { Fix } from '../../base/finding.ts';
import type { TextEdit } from '../../base/range.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { takesNull } from '../fixes/deallocators.ts';
import { bare, type FunctionText, isInList, isPure, statementOf } from '../fixes/function-text.ts';
import { assignable, callStatement } from '../fixes/null-assignment.ts';
import { conditional } from '../fixes/null-check.ts';
import { below, insertAfter, insertBefore, line, removeStatement } from '../fixes/statement-edits.ts';
import type { Style } from '../fixes/style.ts';
import type { RuleContext } from '../rule.ts';

type DoubleFree = Extract<Flaw, { kind: 'double-free' }>;

/**
 * Repairs of which only a trial shows whether they hold: the pointer is cleared behind every first free, also where a
 * callee frees it when it fails; the second free then spares NULL; or the second free goes although it is the first on
 * some path. None of them is safe.
 */
export function doubleFreeAlternatives(
  context: RuleContext,
  fn: FunctionText,
  flaw: DoubleFree,
  style: Style,
): (() => Fix | undefined)[] {
  const { analysis } = context;
  const { second } = flaw;
  const place = pointerPlace(context, fn, flaw);
  const firsts = new Map<number, Site>();
  for (const other of analysis.flaws) {
    if (other.kind === 'double-free' && other.second.origin.start === second.origin.start) {
      firsts.set(other.first.origin.start, other.first);
    }
  }
  const clear = (): TextEdit[] | undefined => {
    if (place === undefined) return undefined;
    const edits = [...firsts.values()].map((first) => clearedBehind(fn, style, first, place));
    return edits.every((each) => each !== undefined) ? edits.flat() : undefined;
  };
  const fix = (edits: TextEdit[] | undefined, title: string): Fix | undefined =>
    edits && { title, safety: 'unsafe', edits };
  const setting = `Set '${place}' to ${style.nullPointer} where it is freed first`;
  return [
    // A function that frees more than the pointer may find NULL no better than a freed pointer.
    () => {
      const isSpared = place !== undefined && isSparedIfNull(fn, second, place);
      return isSpared || (second.inner.length === 0 && takesNull(second.callee)) ? fix(clear(), setting) : undefined;
    },
    () => {
      const cleared = clear();
      const guarded = place === undefined ? undefined : guardedSecond(fn, style, second, place);
      return fix(cleared && guarded && [...cleared, ...guarded], `${setting}, and spare it then`);
    },
    () => {
      // That what is allocated elsewhere is freed on all paths then, a trial of this function does not show.
      const isOwn = second.inner.length === 0 && flaw.allocation !== undefined && takesNull(second.callee);
      const call = isOwn ? callStatement(fn, second.origin, second.callee) : undefined;
      const isPlain = call?.arguments.every((argument) => isPure(fn, argument));
      return call && isPlain
        ? fix(removeStatement(fn, call.statement), `Remove the second ${second.callee}()`)
        : undefined;
    },
  ];
}

/** The pointer that is freed twice, if it can be assigned to. */
function pointerPlace({ analysis }: RuleContext, fn: FunctionText, { pointer }: DoubleFree): string | undefined {
  for (let node = 0; node < fn.tree.length; node++) {
    if (fn.start(node) !== pointer.start || fn.end(node) !== pointer.end) continue;
    const target = assignable(fn, analysis.ir, node);
    return target === undefined ? undefined : fn.textOf(target);
  }
  return undefined;
}

/** `p = NULL;` behind a statement that frees, or at the beginning of the branch that a call's failure leads to. */
function clearedBehind(fn: FunctionText, style: Style, first: Site, place: string): TextEdit[] | undefined {
  const call = fn.find(NodeKind.CallExpression, first.origin);
  const statement = call === NO_NODE ? NO_NODE : statementOf(fn, call);
  if (statement === NO_NODE) return undefined;
  const lines = [line(`${place} = ${style.nullPointer};`)];
  if (fn.kind(statement) === NodeKind.ExpressionStatement) return insertAfter(fn, statement, lines, style);
  if (fn.kind(statement) !== NodeKind.IfStatement) return undefined;
  const condition = childByField(fn.tree, statement, Field.Condition);
  const body = childByField(fn.tree, statement, Field.Consequence);
  if (condition === NO_NODE || body === NO_NODE || !fn.isWithin(call, condition)) return undefined;
  const head: NodeIndex | undefined =
    fn.kind(body) === NodeKind.CompoundStatement ? childrenOf(fn.tree, body)[0] : body;
  return head === undefined ? undefined : insertBefore(fn, head, lines, style);
}

/** The second free is the body of a test of the pointer: `if (p) release(p);`. */
function isSparedIfNull(fn: FunctionText, second: Site, place: string): boolean {
  let statement = callStatement(fn, second.origin, second.callee)?.statement ?? NO_NODE;
  if (statement === NO_NODE) return false;
  const block = fn.parent(statement);
  if (fn.kind(block) === NodeKind.CompoundStatement) {
    if (childrenOf(fn.tree, block)[0] !== statement) return false;
    statement = block;
  }
  const test = fn.parent(statement);
  if (test === NO_NODE || fn.kind(test) !== NodeKind.IfStatement) return false;
  const condition = childByField(fn.tree, test, Field.Condition);
  if (condition === NO_NODE || childByField(fn.tree, test, Field.Consequence) !== statement) return false;
  const asked = fn.textOf(bare(fn, condition)).replace(/\s+/g, '');
  const name = place.replace(/\s+/g, '');
  return (
    asked === name ||
    ['NULL', 'nullptr', '0'].some((none) => asked === `${name}!=${none}` || asked === `${none}!=${name}`)
  );
}

/** The second free, done only where the pointer is not NULL. */
function guardedSecond(fn: FunctionText, style: Style, second: Site, place: string): TextEdit[] | undefined {
  const call = second.inner.length <= 1 ? callStatement(fn, second.origin, second.callee) : undefined;
  if (!call || fn.textOf(call.statement).includes('\n')) return undefined;
  const test = style.nullTest === '!p' ? place : `${place} != ${style.nullPointer}`;
  const { statement } = call;
  if (!isInList(fn, statement)) return undefined;
  const [head, ...rest] = conditional(`if (${test})`, [fn.textOf(statement)], style);
  const text = head.text + below(rest, fn.indentation(fn.start(statement)), style);
  return [fn.replace(fn.start(statement), fn.end(statement), text)];
}
