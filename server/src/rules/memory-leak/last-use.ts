import type { TextEdit } from '../../base/range.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { type FunctionText, isInList } from '../fixes/function-text.ts';
import { conditional, nullTest } from '../fixes/null-check.ts';
import { wholePlacePattern } from '../fixes/place-pattern.ts';
import { insertAfter, insertBefore, line, type NewLine } from '../fixes/statement-edits.ts';
import type { Style } from '../fixes/style.ts';
import type { RuleContext } from '../rule.ts';

/** Names for what is returned until the memory behind it is freed, and for what an assignment replaces. */
const RESULTS = ['result', 'returned', 'value'];
const PREVIOUS = ['previous', 'old', 'replaced'];

/**
 * Frees memory that a statement needs and loses: what a return computes from it waits in a variable, and what an assignment
 * replaces by something made of it is freed behind the assignment.
 * @param taken names that other parts of the same repair declare, with the block of each; those of this one are added
 */
export function afterLastUse(
  context: RuleContext,
  fn: FunctionText,
  statement: NodeIndex,
  place: string,
  frees: readonly NewLine[],
  style: Style,
  isByFailure: boolean,
  taken: Set<string>,
): TextEdit[] | undefined {
  if (!fn.isAsWritten(fn.start(statement), fn.end(statement))) return undefined;
  switch (fn.kind(statement)) {
    case NodeKind.ReturnStatement: {
      const value = statement + 1 < fn.tree.next[statement] ? statement + 1 : NO_NODE;
      const type = context.analysis.ir.returnType.replace(
        /\b(static|inline|extern|__inline|__inline__|const)\b\s*/g,
        '',
      );
      const name = freeName(fn, RESULTS, statement, taken);
      if (value === NO_NODE || name === undefined || type === 'void' || !/^[\w\s*]+$/.test(type)) return undefined;
      const declared = `${type}${type.endsWith('*') ? '' : ' '}${name}`;
      const lines = [line(`${declared} = ${fn.textOf(unparenthesised(fn, value))};`), ...frees];
      const edits = insertBefore(fn, statement, lines, style);
      return (
        edits && [...edits, fn.replace(fn.start(value), fn.end(value), isParenthesised(fn, value) ? `(${name})` : name)]
      );
    }
    case NodeKind.ExpressionStatement: {
      const assignment = statement + 1;
      if (fn.kind(assignment) !== NodeKind.AssignmentExpression || !isInList(fn, statement)) return undefined;
      if (fn.kind(fn.parent(statement)) !== NodeKind.CompoundStatement) return undefined;
      const left = childByField(fn.tree, assignment, Field.Left);
      const name = freeName(fn, PREVIOUS, statement, taken);
      if (left === NO_NODE || fn.textOf(left) !== place || name === undefined) return undefined;
      const first = insertBefore(fn, statement, [line(`void *${name} = ${place};`)], style);
      // The deallocator's name may contain that of the place.
      const whole = new RegExp(wholePlacePattern(place), 'g');
      const freed = frees.map((each) => ({ ...each, text: each.text.replace(whole, name) }));
      // What replaces it holds it, unless there is nothing.
      const call = freed.find(({ text }) => text.endsWith(');'));
      if (isByFailure && !call) return undefined;
      const isGuarded = freed.length > 1 || freed[0].text.startsWith('if ');
      const test = `${nullTest([place], style)}${isGuarded ? ` && ${name}` : ''}`;
      const free = call?.text.replace(/^if \(.*?\) /, '') ?? '';
      const renamed = isByFailure ? conditional(`if (${test})`, [free], style) : freed;
      const last = insertAfter(fn, statement, renamed, style);
      return first && last && [...first, ...last];
    }
    default:
      return undefined;
  }
}

const BLOCK = new Set([NodeKind.CompoundStatement]);

/** A name that the function does not use, nor the repair in the block of the statement. */
function freeName(
  fn: FunctionText,
  names: readonly string[],
  statement: NodeIndex,
  taken: Set<string>,
): string | undefined {
  const block = fn.enclosing(statement, BLOCK);
  const name = names.find((each) => !taken.has(`${each}@${block}`) && !new RegExp(`\\b${each}\\b`).test(fn.text));
  if (name !== undefined) taken.add(`${name}@${block}`);
  return name;
}

function isParenthesised(fn: FunctionText, node: NodeIndex): boolean {
  return fn.kind(node) === NodeKind.ParenthesizedExpression;
}

function unparenthesised(fn: FunctionText, node: NodeIndex): NodeIndex {
  return isParenthesised(fn, node) && node + 1 < fn.tree.next[node] ? node + 1 : node;
}
