import type { TextEdit } from '../../base/range.ts';
import type { Origin } from '../../ir/instructions.ts';
import { NodeKind } from '../../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex, type SyntaxArrays } from '../../syntax/syntax-arrays.ts';
import type { RuleContext } from '../rule.ts';
import { FileText } from './file-text.ts';

/** A function as the fixes see it: its syntax and its original text. Offsets count from the function's beginning. */
export class FunctionText {
  readonly tree: SyntaxArrays;
  /** As it was written; the text that was parsed may differ from it. */
  readonly text: string;
  /** The whole file, as it was written. */
  readonly file: FileText;
  readonly base: number;
  readonly #parents: Int32Array;

  constructor(context: RuleContext) {
    const { syntax: tree } = context;
    this.tree = tree;
    this.file = FileText.of(context.text);
    this.base = context.base;
    this.text = context.text.slice(context.base, context.base + tree.text.length);
    this.#parents = parentsOf(tree);
  }

  /** The whole file, as it was written. What many findings ask of it is better asked of `file`, which remembers. */
  get fileText(): string {
    return this.file.text;
  }

  kind(node: NodeIndex): NodeKind {
    return this.tree.kind[node];
  }

  start(node: NodeIndex): number {
    return this.tree.start[node];
  }

  end(node: NodeIndex): number {
    return this.tree.end[node];
  }

  parent(node: NodeIndex): NodeIndex {
    return this.#parents[node];
  }

  /** The original text of a node. */
  textOf(node: NodeIndex): string {
    return this.text.slice(this.tree.start[node], this.tree.end[node]);
  }

  /** The node of this kind with exactly this range, or `NO_NODE`. */
  find(kind: NodeKind, { start, end }: Origin): NodeIndex {
    const { tree } = this;
    for (let node = 0; node < tree.length; ) {
      if (tree.end[node] <= start) {
        node = tree.next[node];
        continue;
      }
      if (tree.start[node] > start) return NO_NODE;
      if (tree.kind[node] === kind && tree.start[node] === start && tree.end[node] === end) return node;
      node++;
    }
    return NO_NODE;
  }

  /** True when the text between two offsets was parsed as it was written, so that its syntax can be trusted. */
  isAsWritten(start: number, end: number): boolean {
    return this.tree.text.slice(start, end) === this.text.slice(start, end);
  }

  /** The innermost ancestor of one of these kinds, the node itself included. */
  enclosing(node: NodeIndex, kinds: ReadonlySet<NodeKind>): NodeIndex {
    let current = node;
    while (current !== NO_NODE && !kinds.has(this.tree.kind[current])) current = this.#parents[current];
    return current;
  }

  isWithin(node: NodeIndex, ancestor: NodeIndex): boolean {
    return node >= ancestor && node < this.tree.next[ancestor];
  }

  /** The offset at which the line of an offset begins; 0 at the earliest. */
  lineStart(offset: number): number {
    return this.text.lastIndexOf('\n', offset - 1) + 1;
  }

  /** The offset of the line's end, before its line break. */
  lineEnd(offset: number): number {
    const end = this.text.indexOf('\n', offset);
    if (end < 0) return this.text.length;
    return end > offset && this.text[end - 1] === '\r' ? end - 1 : end;
  }

  /** The blanks that the line of an offset begins with. */
  indentation(offset: number): string {
    // The function's own first line may begin before the function.
    const start = this.file.text.lastIndexOf('\n', this.base + offset - 1) + 1;
    return /^[ \t]*/.exec(this.file.text.slice(start, start + 400))![0];
  }

  /** An edit of the file that replaces the text between two offsets of the function. */
  replace(start: number, end: number, newText: string): TextEdit {
    return { range: { start: this.base + start, end: this.base + end }, newText };
  }
}

function parentsOf(tree: SyntaxArrays): Int32Array {
  const parents = new Int32Array(tree.length).fill(NO_NODE);
  const open: NodeIndex[] = [];
  for (let node = 0; node < tree.length; node++) {
    while (open.length > 0 && tree.next[open[open.length - 1]] <= node) open.pop();
    parents[node] = open.length > 0 ? open[open.length - 1] : NO_NODE;
    open.push(node);
  }
  return parents;
}

const STATEMENTS = new Set([
  NodeKind.ExpressionStatement,
  NodeKind.Declaration,
  NodeKind.ReturnStatement,
  NodeKind.IfStatement,
  NodeKind.ForStatement,
  NodeKind.WhileStatement,
  NodeKind.DoStatement,
  NodeKind.SwitchStatement,
  NodeKind.CompoundStatement,
  NodeKind.LabeledStatement,
  NodeKind.CaseStatement,
  NodeKind.GotoStatement,
]);

/** The statement that a name or an expression at an offset stands in. */
export function statementAt(fn: FunctionText, offset: number): NodeIndex {
  let innermost = NO_NODE;
  for (let node = 0; node < fn.tree.length; node++) {
    if (fn.start(node) > offset) break;
    if (fn.end(node) > offset) innermost = node;
  }
  return innermost === NO_NODE ? NO_NODE : statementOf(fn, innermost);
}

/** The statement or declaration that a node stands in. */
export function statementOf(fn: FunctionText, node: NodeIndex): NodeIndex {
  return fn.enclosing(node, STATEMENTS);
}

const LISTS = new Set([
  NodeKind.CompoundStatement,
  NodeKind.CaseStatement,
  NodeKind.PreprocIf,
  NodeKind.PreprocIfdef,
  NodeKind.PreprocElse,
  NodeKind.PreprocElif,
]);

/** True when more statements can follow this one where it stands: it is no unbraced body. */
export function isInList(fn: FunctionText, statement: NodeIndex): boolean {
  let parent = fn.parent(statement);
  while (parent !== NO_NODE && fn.kind(parent) === NodeKind.LabeledStatement) parent = fn.parent(parent);
  return parent !== NO_NODE && LISTS.has(fn.kind(parent));
}

/** True when evaluating the expression twice, or not at all, makes no difference: no calls, no assignments. */
export function isPure(fn: FunctionText, node: NodeIndex): boolean {
  for (let inner = node; inner < fn.tree.next[node]; inner++) {
    switch (fn.kind(inner)) {
      case NodeKind.CallExpression:
      case NodeKind.AssignmentExpression:
      case NodeKind.UpdateExpression:
      case NodeKind.CompoundStatement:
      case NodeKind.GnuAsmExpression:
      case NodeKind.ERROR:
        return false;
    }
  }
  return true;
}

/** The expression inside parentheses and casts. */
export function bare(fn: FunctionText, node: NodeIndex): NodeIndex {
  let current = node;
  for (;;) {
    const { tree } = fn;
    if (tree.kind[current] === NodeKind.ParenthesizedExpression) {
      if (current + 1 >= tree.next[current]) return current;
      current = current + 1;
    } else if (tree.kind[current] === NodeKind.CastExpression) {
      let value = NO_NODE;
      for (let child = current + 1; child < tree.next[current]; child = tree.next[child]) value = child;
      if (value === NO_NODE) return current;
      current = value;
    } else return current;
  }
}
