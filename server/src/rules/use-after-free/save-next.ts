import type { Fix } from '../../base/finding.ts';
import type { TextEdit } from '../../base/range.ts';
import type { FunctionIr, Origin } from '../../ir/instructions.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { bare, type FunctionText, isInList, statementOf } from '../fixes/function-text.ts';
import type { CallStatement } from '../fixes/null-assignment.ts';
import { deeper, type Style } from '../fixes/style.ts';

/** `p = p->next` where `p` is freed by then. */
interface Step {
  /** The whole assignment. */
  readonly assignment: NodeIndex;
  readonly variable: string;
  /** `p->next`. */
  readonly successor: NodeIndex;
}

/** Keeps `p->next` in a variable of its own before `p` is freed. */
export function saveNextFix(
  fn: FunctionText,
  style: Style,
  ir: FunctionIr,
  call: CallStatement,
  use: Origin,
): Fix | undefined {
  const step = stepAt(fn, use);
  if (!step || fn.textOf(bare(fn, call.arguments[0])) !== step.variable) return undefined;
  const type = typeOf(fn, ir, step.variable);
  const name = freshName(fn);
  if (type === undefined || name === undefined) return undefined;
  const parent = fn.parent(step.assignment);
  const isUpdate =
    parent !== NO_NODE &&
    fn.kind(parent) === NodeKind.ForStatement &&
    childByField(fn.tree, parent, Field.Update) === step.assignment;
  const edits = isUpdate
    ? inForLoop(fn, style, parent, step, call, type, name)
    : behindFree(fn, style, step, call, type, name);
  return edits && { title: `Keep '${fn.textOf(step.successor)}' before the free`, safety: 'safe', edits };
}

function stepAt(fn: FunctionText, use: Origin): Step | undefined {
  const successor = fn.find(NodeKind.FieldExpression, use);
  if (successor === NO_NODE || !fn.isAsWritten(use.start, use.end)) return undefined;
  const base = childByField(fn.tree, successor, Field.Argument);
  const assignment = fn.enclosing(successor, new Set([NodeKind.AssignmentExpression]));
  if (base === NO_NODE || assignment === NO_NODE || fn.kind(base) !== NodeKind.Identifier) return undefined;
  const left = childByField(fn.tree, assignment, Field.Left);
  const right = childByField(fn.tree, assignment, Field.Right);
  if (left === NO_NODE || right !== successor || fn.textOf(left) !== fn.textOf(base)) return undefined;
  return { assignment, variable: fn.textOf(base), successor };
}

/** The type of a local pointer or parameter as a declaration needs it, up to the name: `struct node *`. */
function typeOf(fn: FunctionText, ir: FunctionIr, name: string): string | undefined {
  const variables = ir.variables.filter((variable) => variable.name === name && variable.kind !== 'temporary');
  if (variables.length !== 1) return undefined;
  const [{ kind, pointerDepth, isArray, typeText }] = variables;
  const text = typeText.replace(/\b(static|register|auto|extern)\b/g, '').trim();
  if ((kind !== 'local' && kind !== 'parameter') || isArray || pointerDepth !== 1 || !/^[\w\s]+$/.test(text)) {
    return undefined;
  }
  return fn.fileText.includes(text) ? `${text} *` : undefined;
}

function freshName(fn: FunctionText): string | undefined {
  return ['next', 'following', 'successor'].find((name) => !new RegExp(`(?<!->|\\.)\\b${name}\\b`).test(fn.text));
}

/** `for (…; p; p = p->next)`: the body begins by keeping the next element. */
function inForLoop(
  fn: FunctionText,
  style: Style,
  loop: NodeIndex,
  step: Step,
  call: CallStatement,
  type: string,
  name: string,
): TextEdit[] | undefined {
  const body = childByField(fn.tree, loop, Field.Body);
  if (body === NO_NODE || !fn.isWithin(call.statement, body)) return undefined;
  if (!fn.isAsWritten(fn.start(loop), fn.start(body)) || stores(fn, body, step.variable)) return undefined;
  const edits: TextEdit[] = [];
  const initializer = childByField(fn.tree, loop, Field.Initializer);
  const indentation = fn.indentation(fn.start(loop));
  if (initializer !== NO_NODE && fn.kind(initializer) === NodeKind.Declaration) {
    const end = fn.end(initializer) - (fn.textOf(initializer).endsWith(';') ? 1 : 0);
    edits.push(fn.replace(end, end, `, *${name}`));
  } else {
    if (!isInList(fn, loop) || fn.text.slice(fn.lineStart(fn.start(loop)), fn.start(loop)).trim() !== '')
      return undefined;
    const start = fn.start(loop);
    edits.push(fn.replace(start, start, `${type}${name};${style.lineBreak}${indentation}`));
  }
  edits.push(fn.replace(fn.start(step.successor), fn.end(step.successor), name));
  const keep = `${name} = ${fn.textOf(step.successor)};`;
  if (fn.kind(body) === NodeKind.CompoundStatement) {
    const first = childrenOf(fn.tree, body)[0];
    if (first === undefined || fn.lineStart(fn.start(first)) <= fn.start(body)) return undefined;
    const start = fn.start(first);
    edits.push(fn.replace(start, start, `${keep}${style.lineBreak}${fn.indentation(start)}`));
    return edits;
  }
  if (body !== call.statement) return undefined;
  const inner = deeper(style, indentation);
  const text = fn.textOf(body);
  const head = fn.text.slice(0, fn.start(body));
  const gap = /\s*$/.exec(head)![0].length;
  const opening = style.braces === 'same-line' ? ' {' : `${style.lineBreak}${indentation}{`;
  const block = `${opening}${style.lineBreak}${inner}${keep}${style.lineBreak}${inner}${text}${style.lineBreak}${indentation}}`;
  edits.push(fn.replace(fn.start(body) - gap, fn.end(body), block));
  return edits;
}

/** `free(p); p = p->next;`: the next element is kept in front of the free. */
function behindFree(
  fn: FunctionText,
  style: Style,
  step: Step,
  call: CallStatement,
  type: string,
  name: string,
): TextEdit[] | undefined {
  const { statement } = call;
  const list = fn.parent(statement);
  if (fn.parent(statementOf(fn, step.assignment)) !== list || !isInList(fn, statement)) return undefined;
  if (fn.kind(list) !== NodeKind.CompoundStatement || fn.start(step.assignment) < fn.start(statement)) return undefined;
  const start = fn.start(statement);
  if (fn.text.slice(fn.lineStart(start), start).trim() !== '') return undefined;
  return [
    fn.replace(
      start,
      start,
      `${type}${name} = ${fn.textOf(step.successor)};${style.lineBreak}${fn.indentation(start)}`,
    ),
    fn.replace(fn.start(step.successor), fn.end(step.successor), name),
  ];
}

function stores(fn: FunctionText, within: NodeIndex, name: string): boolean {
  for (let node = within; node < fn.tree.next[within]; node++) {
    if (fn.kind(node) !== NodeKind.AssignmentExpression) continue;
    const left = childByField(fn.tree, node, Field.Left);
    if (left !== NO_NODE && fn.textOf(left) === name) return true;
  }
  return false;
}
