import type { TextEdit } from '../../base/range.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { type FunctionText, isInList, isPure } from './function-text.ts';
import { deeper, type Style } from './style.ts';

/** A line of new text, so many steps deeper than the statement it follows. */
export interface NewLine {
  readonly depth: number;
  readonly text: string;
}

export const line = (text: string, depth = 0): NewLine => ({ depth, text });

/** Nothing but blanks and comments that end on the line. */
const BLANK_REST = /^[ \t]*(\/\*((?!\*\/).)*\*\/[ \t]*)*(\/\/.*)?$/;

/** Puts lines behind a statement; an unbraced body gets braces. Undefined where that cannot be done well. */
export function insertAfter(
  fn: FunctionText,
  statement: NodeIndex,
  lines: readonly NewLine[],
  style: Style,
): TextEdit[] | undefined {
  const start = fn.start(statement);
  const end = fn.end(statement);
  if (!fn.isAsWritten(start, end) || end > fn.text.length) return undefined;
  const lineEnd = fn.lineEnd(end);
  const rest = fn.text.slice(end, lineEnd);
  // The statement stands in a macro's definition, or a comment goes on in the next line.
  if (rest.endsWith('\\')) return undefined;
  return isInList(fn, statement) ? insertInList(fn, start, end, lines, style) : embrace(fn, statement, lines, style);
}

/** Puts lines in front of a statement; an unbraced body gets braces. Undefined where that cannot be done well. */
export function insertBefore(
  fn: FunctionText,
  statement: NodeIndex,
  lines: readonly NewLine[],
  style: Style,
): TextEdit[] | undefined {
  const start = fn.start(statement);
  const end = fn.end(statement);
  if (!fn.isAsWritten(start, end) || end > fn.text.length) return undefined;
  if (fn.text.slice(end, fn.lineEnd(end)).endsWith('\\')) return undefined;
  if (!isInList(fn, statement)) return embrace(fn, statement, [], style, lines);
  return insertAt(fn, start, lines, style);
}

/** Puts lines in front of what stands at an offset of a list of statements, which may be the list's end. */
function insertAt(fn: FunctionText, start: number, lines: readonly NewLine[], style: Style): TextEdit[] {
  const before = fn.text.slice(fn.lineStart(start), start);
  if (before.trim() !== '') return [fn.replace(start, start, `${flat(lines)} `)];
  const text = lines.map(({ depth, text }) => deeper(style, before, depth) + text + style.lineBreak).join('');
  return [fn.replace(fn.lineStart(start), fn.lineStart(start), text)];
}

/** Puts lines in front of the brace that closes a block. Undefined where the block's end was not read as it stands. */
export function insertAtEnd(
  fn: FunctionText,
  block: NodeIndex,
  lines: readonly NewLine[],
  style: Style,
): TextEdit[] | undefined {
  const brace = fn.end(block) - 1;
  if (fn.kind(block) !== NodeKind.CompoundStatement || fn.text[brace] !== '}') return undefined;
  if (fn.text.slice(brace, fn.lineEnd(brace)).endsWith('\\')) return undefined;
  const start = fn.lineStart(brace);
  const before = fn.text.slice(start, brace);
  if (before.trim() !== '') return [fn.replace(brace, brace, `${flat(lines)} `)];
  const last = childrenOf(fn.tree, block).at(-1);
  const isOwnLine = last !== undefined && fn.text.slice(fn.lineStart(fn.start(last)), fn.start(last)).trim() === '';
  const isOrdinary =
    isOwnLine && fn.kind(last) !== NodeKind.CaseStatement && fn.kind(last) !== NodeKind.LabeledStatement;
  const inner = isOrdinary ? fn.indentation(fn.start(last)) : deeper(style, before);
  const text = lines.map((each) => deeper(style, inner, each.depth) + each.text + style.lineBreak).join('');
  return [fn.replace(start, start, text)];
}

/** Gives an `if` the `else` that it does not have. */
export function insertElse(
  fn: FunctionText,
  statement: NodeIndex,
  lines: readonly NewLine[],
  style: Style,
): TextEdit[] | undefined {
  const body = childByField(fn.tree, statement, Field.Consequence);
  if (body === NO_NODE || childByField(fn.tree, statement, Field.Alternative) !== NO_NODE) return undefined;
  const end = fn.end(statement);
  if (!fn.isAsWritten(fn.start(body), end) || fn.text.slice(end, fn.lineEnd(end)).endsWith('\\')) return undefined;
  const indentation = fn.indentation(headStart(fn, statement));
  const isBlock = fn.kind(body) === NodeKind.CompoundStatement;
  const isOneLine = !fn.text.slice(fn.start(statement), end).includes('\n');
  if (isOneLine)
    return [fn.replace(end, end, lines.length === 1 ? ` else ${flat(lines)}` : ` else { ${flat(lines)} }`)];
  const isBraced = lines.length > 1 || style.bracesSingle || isBlock;
  const opening = isBlock && style.braces === 'same-line' ? ' else' : `${style.lineBreak}${indentation}else`;
  if (!isBraced) return [fn.replace(end, end, `${opening}${below(lines, deeper(style, indentation), style)}`)];
  const brace = style.braces === 'gnu' ? deeper(style, indentation) : indentation;
  const open = style.braces === 'same-line' ? ' {' : `${style.lineBreak}${brace}{`;
  const text = `${opening}${open}${below(lines, deeper(style, brace), style)}${style.lineBreak}${brace}}`;
  return [fn.replace(end, end, text)];
}

/** Puts lines between two statements of a list; `end` is the end of the first. */
function insertInList(
  fn: FunctionText,
  start: number,
  end: number,
  lines: readonly NewLine[],
  style: Style,
): TextEdit[] {
  const lineEnd = fn.lineEnd(end);
  const before = fn.text.slice(fn.lineStart(start), start).trim();
  const isLast = BLANK_REST.test(fn.text.slice(end, lineEnd));
  if (!isLast || (before !== '' && !/[:{]$/.test(before))) return [fn.replace(end, end, ` ${flat(lines)}`)];
  const own = fn.indentation(start);
  const indentation = before === '' ? own : deeper(style, own);
  return [fn.replace(lineEnd, lineEnd, below(lines, indentation, style))];
}

/** The lines, each behind a line break. */
export function below(lines: readonly NewLine[], indentation: string, style: Style): string {
  return lines.map(({ depth, text }) => style.lineBreak + deeper(style, indentation, depth) + text).join('');
}

function flat(lines: readonly NewLine[]): string {
  return lines.map(({ text }) => text).join(' ');
}

/** The offset behind the head of the statement that an unbraced body belongs to. */
function headEnd(fn: FunctionText, parent: NodeIndex, body: NodeIndex): number | undefined {
  const { tree } = fn;
  switch (fn.kind(parent)) {
    case NodeKind.IfStatement:
    case NodeKind.WhileStatement: {
      const condition = childByField(tree, parent, Field.Condition);
      return condition === NO_NODE ? undefined : fn.end(condition);
    }
    case NodeKind.ElseClause:
      return fn.start(parent) + 'else'.length;
    case NodeKind.DoStatement:
      return fn.start(parent) + 'do'.length;
    case NodeKind.ForStatement: {
      let last = fn.start(parent) + 'for'.length;
      for (const child of childrenOf(tree, parent)) if (child !== body) last = Math.max(last, fn.end(child));
      // Behind the last part of the head only blanks, semicolons and the parenthesis can follow.
      const rest = /^[\s;(]*\)/.exec(fn.text.slice(last, fn.start(body)));
      return rest ? last + rest[0].length : undefined;
    }
    default:
      return undefined;
  }
}

/** Puts braces around an unbraced body, and lines behind it or in front of it. */
function embrace(
  fn: FunctionText,
  body: NodeIndex,
  lines: readonly NewLine[],
  style: Style,
  first: readonly NewLine[] = [],
): TextEdit[] | undefined {
  const parent = fn.parent(body);
  if (parent === NO_NODE) return undefined;
  const head = headEnd(fn, parent, body);
  if (head === undefined || !fn.isAsWritten(fn.start(parent), fn.end(body))) return undefined;
  const start = fn.start(body);
  const end = fn.end(body);
  const gap = fn.text.slice(head, start);
  if (fn.kind(parent) === NodeKind.WhileStatement && !/^\s*$/.test(gap)) return undefined;

  const alternative = alternativeOf(fn, parent, body);
  const lineEnd = fn.lineEnd(end);
  const isLast = BLANK_REST.test(fn.text.slice(end, lineEnd));
  if (!isLast) {
    const rest = lines.length > 0 ? ` ${flat(lines)} }` : ' }';
    return [fn.replace(start, start, first.length > 0 ? `{ ${flat(first)} ` : '{ '), fn.replace(end, end, rest)];
  }
  const headIndentation = fn.indentation(headStart(fn, parent));
  const braceIndentation = style.braces === 'gnu' ? deeper(style, headIndentation) : headIndentation;
  const isBelow = gap.includes('\n');
  const inner = isBelow && style.braces !== 'gnu' ? fn.indentation(start) : deeper(style, braceIndentation);
  const edits: TextEdit[] = [];
  const opening = style.braces === 'same-line' ? ' {' : `${style.lineBreak}${braceIndentation}{`;
  const leading = below(first, inner, style);
  if (/^\s*$/.test(gap)) edits.push(fn.replace(head, start, `${opening}${leading}${style.lineBreak}${inner}`));
  else if (isBelow) edits.push(fn.replace(head, head, `${opening}${leading}`));
  else return undefined;
  const behind = alternative === NO_NODE ? undefined : fn.text.slice(end, fn.start(alternative));
  if (behind !== undefined && /^\s*$/.test(behind) && style.braces === 'same-line') {
    const closing = `${below(lines, inner, style)}${style.lineBreak}${braceIndentation}} `;
    edits.push(fn.replace(end, fn.start(alternative), closing));
  } else {
    const closing = `${below(lines, inner, style)}${style.lineBreak}${braceIndentation}}`;
    edits.push(fn.replace(lineEnd, lineEnd, closing));
  }
  return edits;
}

/** The else clause behind an unbraced body, or `NO_NODE`. */
function alternativeOf(fn: FunctionText, parent: NodeIndex, body: NodeIndex): NodeIndex {
  if (fn.kind(parent) !== NodeKind.IfStatement) return NO_NODE;
  if (childByField(fn.tree, parent, Field.Consequence) !== body) return NO_NODE;
  return childByField(fn.tree, parent, Field.Alternative);
}

/** Where the line of a head begins: of `else if` the `else` counts. */
function headStart(fn: FunctionText, parent: NodeIndex): number {
  const outer = fn.parent(parent);
  if (outer !== NO_NODE && fn.kind(outer) === NodeKind.ElseClause) return fn.start(outer);
  return fn.start(parent);
}

/** Takes a statement out. Comments stay. Undefined where what is left would not be the same program. */
export function removeStatement(fn: FunctionText, statement: NodeIndex): TextEdit[] | undefined {
  const start = fn.start(statement);
  const end = fn.end(statement);
  const text = fn.text.slice(start, end);
  if (!fn.isAsWritten(start, end) || /\/\*|\/\//.test(text)) return undefined;
  const parent = fn.parent(statement);
  if (parent === NO_NODE) return undefined;
  switch (fn.kind(parent)) {
    case NodeKind.CompoundStatement:
    case NodeKind.PreprocIf:
    case NodeKind.PreprocIfdef:
    case NodeKind.PreprocElse:
    case NodeKind.PreprocElif:
      return [removeFromList(fn, start, end)];
    case NodeKind.CaseStatement: {
      // A label at the end of a block needs a statement (before C23).
      const count = childrenOf(fn.tree, parent).filter((child) => fn.tree.field[child] !== Field.Value).length;
      return [count > 1 ? removeFromList(fn, start, end) : fn.replace(start, end, ';')];
    }
    case NodeKind.LabeledStatement:
      return [fn.replace(start, end, ';')];
    case NodeKind.IfStatement: {
      const condition = childByField(fn.tree, parent, Field.Condition);
      const isRemovable =
        childByField(fn.tree, parent, Field.Alternative) === NO_NODE &&
        condition !== NO_NODE &&
        isPure(fn, condition) &&
        !/[A-Za-z_]\w*\s*\(/.test(fn.textOf(condition));
      return (isRemovable ? removeStatement(fn, parent) : undefined) ?? [fn.replace(start, end, '{ }')];
    }
    case NodeKind.ElseClause: {
      const owner = fn.parent(parent);
      const consequence = owner === NO_NODE ? NO_NODE : childByField(fn.tree, owner, Field.Consequence);
      if (consequence !== NO_NODE && /^\s*else\s*$/.test(fn.text.slice(fn.end(consequence), start))) {
        return [fn.replace(fn.end(consequence), end, '')];
      }
      return [fn.replace(start, end, '{ }')];
    }
    case NodeKind.ForStatement:
    case NodeKind.WhileStatement:
    case NodeKind.DoStatement:
      return [fn.replace(start, end, '{ }')];
    default:
      return undefined;
  }
}

function removeFromList(fn: FunctionText, start: number, end: number): TextEdit {
  const lineStart = fn.lineStart(start);
  const lineEnd = fn.lineEnd(end);
  const isFirst = fn.text.slice(lineStart, start).trim() === '';
  const rest = fn.text.slice(end, lineEnd);
  if (isFirst && rest.trim() === '') {
    const nextLine = fn.text.indexOf('\n', end) + 1;
    if (nextLine > 0) return fn.replace(lineStart, nextLine, '');
  }
  if (isFirst) return fn.replace(start, end + /^[ \t]*/.exec(rest)![0].length, '');
  const before = fn.text.slice(lineStart, start);
  return fn.replace(start - /[ \t]*$/.exec(before)![0].length, end, '');
}
