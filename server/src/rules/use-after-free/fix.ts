import type { Flaw } from '../../analysis/flaws.ts';
import type { Fix } from '../../base/finding.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { bare, FunctionText, isInList, isPure } from '../fixes/function-text.ts';
import { type CallStatement, callStatement } from '../fixes/null-assignment.ts';
import { removeStatement } from '../fixes/statement-edits.ts';
import { styleOf } from '../fixes/style.ts';
import type { RuleContext } from '../rule.ts';
import { saveNextFix } from './save-next.ts';

type UseAfterFree = Extract<Flaw, { kind: 'use-after-free' }>;

/**
 * A loop over a list keeps the next element before it frees this one; where the last use stands right below the free, the
 * free goes below it. Everything else is for a human to decide.
 */
export function useAfterFreeFixes(context: RuleContext, flaw: UseAfterFree): Fix[] {
  const fn = new FunctionText(context);
  const { free, use, deed } = flaw;
  // The old block of a reallocation is not what the program means to use.
  if ((deed !== 'dereferenced' && deed !== 'printed') || /realloc/i.test(free.callee)) return [];
  const call = callStatement(fn, free.origin, free.callee);
  if (!call || call.arguments.length === 0 || !call.arguments.every((argument) => isPure(fn, argument))) return [];
  const style = styleOf(fn, context.neighbours());
  const saved = saveNextFix(fn, style, context.analysis.ir, call, use.origin);
  if (saved) return [saved];
  const moved = moveFreeFix(fn, call, free.callee, use.origin.start);
  return moved ? [moved] : [];
}

/** Statements that control enters and leaves at their ends. */
const STRAIGHT = new Set([NodeKind.ExpressionStatement, NodeKind.Declaration]);

/** A call that ends the life of something. */
const ENDING = /^\W*\w*(free|destroy|release|delete|unref|close)\w*\s*\(/i;

function isUseIn(fn: FunctionText, statement: NodeIndex, use: number): boolean {
  return use >= fn.start(statement) && use < fn.end(statement);
}

/** Puts the free below the last of the statements behind it that mention the pointer. */
function moveFreeFix(fn: FunctionText, call: CallStatement, callee: string, use: number): Fix | undefined {
  const { statement } = call;
  const parent = fn.parent(statement);
  if (parent === NO_NODE || !isInList(fn, statement) || fn.kind(parent) === NodeKind.LabeledStatement) return undefined;
  const argument = bare(fn, call.arguments[0]);
  const pointer = fn.textOf(argument);
  const [root] = /^[A-Za-z_]\w*/.exec(pointer) ?? [];
  if (root === undefined) return undefined;
  const siblings = childrenOf(fn.tree, parent);
  let last = NO_NODE;
  for (const sibling of siblings.slice(siblings.indexOf(statement) + 1)) {
    if (fn.kind(sibling) === NodeKind.Comment) continue;
    if (!STRAIGHT.has(fn.kind(sibling)) || mayLeave(fn, sibling)) break;
    if (!mentions(fn, sibling, root)) continue;
    // What is reached through it may be gone behind the next free.
    if (assigns(fn, sibling, root) || ENDING.test(fn.textOf(sibling))) break;
    if (fn.textOf(sibling).includes(pointer) || isUseIn(fn, sibling, use)) last = sibling;
  }
  if (last === NO_NODE || use < fn.start(statement) || use >= fn.end(last)) return undefined;
  const end = fn.end(last);
  const text = fn.textOf(statement);
  if (text.includes('\n') || !fn.isAsWritten(fn.start(statement), end)) return undefined;
  const removed = removeStatement(fn, statement);
  const lineEnd = fn.lineEnd(end);
  // Another statement on the same line, a macro's continuation, or a comment that goes on below.
  if (!removed || !/^[ \t]*(\/\/.*|\/\*((?!\*\/).)*\*\/[ \t]*)?$/.test(fn.text.slice(end, lineEnd))) return undefined;
  const isNext = siblings[siblings.indexOf(statement) + 1] === last;
  return {
    title: `Move ${callee}() below the last use`,
    // What is called in between may need the memory gone.
    safety: isNext ? 'safe' : 'unsafe',
    edits: [...removed, fn.replace(lineEnd, lineEnd, `${lineBreakOf(fn)}${fn.indentation(fn.start(last))}${text}`)],
  };
}

function lineBreakOf(fn: FunctionText): string {
  return fn.fileText.includes('\r\n') ? '\r\n' : '\n';
}

function mentions(fn: FunctionText, statement: NodeIndex, name: string): boolean {
  for (let node = statement; node < fn.tree.next[statement]; node++) {
    if (fn.kind(node) === NodeKind.Identifier && fn.textOf(node) === name) return true;
  }
  return false;
}

/** The statement gives the variable, or something reached through it that may be the pointer, another value. */
function assigns(fn: FunctionText, statement: NodeIndex, name: string): boolean {
  for (let node = statement; node < fn.tree.next[statement]; node++) {
    const kind = fn.kind(node);
    if (kind === NodeKind.UpdateExpression) {
      const argument = childByField(fn.tree, node, Field.Argument);
      if (argument !== NO_NODE && fn.textOf(bare(fn, argument)) === name) return true;
    } else if (kind === NodeKind.AssignmentExpression) {
      const left = childByField(fn.tree, node, Field.Left);
      if (left !== NO_NODE && fn.textOf(bare(fn, left)) === name) return true;
    } else if (kind === NodeKind.PointerExpression) {
      const argument = childByField(fn.tree, node, Field.Argument);
      const operator = childByField(fn.tree, node, Field.Operator);
      const isAddress = operator !== NO_NODE && fn.textOf(operator) === '&';
      if (isAddress && argument !== NO_NODE && fn.textOf(bare(fn, argument)) === name) return true;
    }
  }
  return false;
}

/** A call that may be a macro that returns, or one that ends the program. */
function mayLeave(fn: FunctionText, statement: NodeIndex): boolean {
  return /\b(exit|_exit|abort|longjmp|err|errx)\s*\(|\b[A-Z][A-Z0-9_]*\s*\(/.test(fn.textOf(statement));
}
