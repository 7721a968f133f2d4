/** Arguments that are no expressions: types, operators, statements and nothing at all. */
import { CASE_WORD, HEAD_WORD, JUMP_WORD, LEAD_WORD, NOT_A_KEYWORD, QUALIFIER_WORD, TYPEOF_WORD } from './keywords.ts';
import {
  ARROW,
  ASSIGNMENT,
  CHARACTER,
  CLOSE_PAREN,
  COLON,
  COMMA,
  COMPARISON,
  DIRECTIVE,
  DOT,
  ELLIPSIS,
  EQUALS,
  IDENTIFIER,
  LOGICAL,
  NUMBER,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  SHIFT,
  STAR,
  STRING,
} from './lexer.ts';
import type { RewriteKind } from './rewrites.ts';
import {
  endOf,
  insertBetween,
  isPlainWord,
  keywordAt,
  nextOf,
  note,
  previousOf,
  REMOVED,
  remove,
  replaceByZero,
  startOf,
  type Workbench,
  wordAt,
  writeText,
} from './workbench.ts';

/** Rewrites what is no expression among the arguments between `open` and its `)`. */
export function rewriteArguments(bench: Workbench, open: number): void {
  const { kind, match } = bench;
  const close = match[open];
  if (close < 0) return;
  // `T (*)[3]`: a type within a cast.
  if (kind[open + 1] === STAR && close === open + 2) return;
  let first = open + 1;
  let previous = open;
  for (let p = open + 1; p <= close; p++) {
    if (kind[p] === REMOVED) continue;
    if (p === close || kind[p] === COMMA) {
      rewriteArgument(bench, open, close, previous, first, p);
      previous = p;
      first = p + 1;
    } else if (match[p] > p) {
      p = match[p];
    }
  }
}

/**
 * The last token of `CONTEXT` in `f(CONTEXT x)`, or of `LIMIT(n)` in `f(LIMIT(n) "x")`, where the macro's body is an argument with the
 * comma behind it; -1 where it is not. Where a file may as well be compiled with a macro of that name that is nothing, the
 * call has one argument less then; the longer one stands for both.
 */
export function endOfArgumentMacro(bench: Workbench, p: number): number {
  const { kind, match } = bench;
  if (!isPlainWord(bench, p) || bench.shapes[bench.tokens.symbol[bench.index[p]]] === undefined) return -1;
  const definition = bench.macros.definitionsOf(wordAt(bench, p)).find(({ body }) => body !== '');
  if (definition === undefined || !/[\w)]\s*,$/.test(definition.body)) return -1;
  const open = nextOf(bench, p);
  const hasArguments = kind[open] === OPEN_PAREN && match[open] > 0;
  if ((definition.parameters !== undefined) !== hasArguments) return -1;
  return hasArguments ? match[open] : p;
}

/** One argument: the live tokens from `from` up to, not including, `end`. */
function rewriteArgument(
  bench: Workbench,
  open: number,
  close: number,
  before: number,
  from: number,
  end: number,
): void {
  const { kind } = bench;
  let first = from;
  while (first < end && kind[first] === REMOVED) first++;
  let last = end - 1;
  while (last >= first && kind[last] === REMOVED) last--;
  if (first > last) {
    if (before !== open || end !== close) fillEmpty(bench, before, end, close);
    return;
  }
  const behind = endOfArgumentMacro(bench, first);
  if (behind >= first && behind < last) {
    const rest = nextOf(bench, behind);
    if (insertBetween(bench, behind, rest, ',')) rewriteArgument(bench, open, close, behind, rest, end);
    else remove(bench, first, behind, 'type-argument');
    return;
  }
  if (isRowOfStrings(bench, first, last)) {
    // `PREFIX NAME`: the first stands for all, as it does where one of them is a literal.
    remove(bench, nextOf(bench, first), last, 'string-macro');
    return;
  }
  const replacement = kindOfArgument(bench, first, last);
  if (replacement !== undefined) replaceByZero(bench, first, last, replacement);
}

function fillEmpty(bench: Workbench, before: number, end: number, close: number): void {
  const { kind } = bench;
  // An argument whose tokens were all blanked has room; so has one with a space in it.
  for (let at = endOf(bench, before); at < startOf(bench, end); at++) {
    const code = bench.text.charCodeAt(at);
    if (code === 10 || code === 13) continue;
    if (bench.mask[at] === 0 && code !== 32 && code !== 9) continue;
    writeText(bench, at, '0');
    note(bench, at, at + 1, 'empty-argument');
    return;
  }
  const comma = kind[before] === COMMA ? before : end;
  if (kind[comma] !== COMMA || comma === close) return;
  remove(bench, comma, comma, 'empty-argument');
}

/**
 * Words and string literals in a row and nothing else: only as strings are they an argument of a function. Two words may as
 * well be a type and a name (`each(Item it, list)`), unless both are written as macros are.
 */
function isRowOfStrings(bench: Workbench, first: number, last: number): boolean {
  let wordCount = 0;
  let areMacros = true;
  let isWord = false;
  let areSideBySide = false;
  for (let p = first; p <= last; p = nextOf(bench, p)) {
    const isString = bench.kind[p] === STRING;
    if (!isString && !isPlainWord(bench, p)) return false;
    areSideBySide ||= isWord && !isString;
    isWord = !isString;
    if (isString) continue;
    areMacros &&= /^[A-Z_][A-Z0-9_]*$/.test(wordAt(bench, p));
    wordCount++;
  }
  // The grammar takes words between literals, but no two of them.
  if (bench.kind[first] === STRING) return areSideBySide;
  return wordCount >= 2 && (wordCount > 2 || areMacros);
}

function kindOfArgument(bench: Workbench, first: number, last: number): RewriteKind | undefined {
  const { kind, match } = bench;
  const firstKind = kind[first];
  const keyword = keywordAt(bench, first);
  if (keyword !== NOT_A_KEYWORD) {
    // The grammar would read `typeof(x)` as a call, which no compiler makes.
    if (keyword <= QUALIFIER_WORD || keyword === TYPEOF_WORD) return 'type-argument';
    if (keyword === HEAD_WORD || keyword === LEAD_WORD || keyword === JUMP_WORD || keyword === CASE_WORD) {
      return 'statement-argument';
    }
  }
  if (firstKind === NUMBER && !isNumber(bench, first)) return 'operator-argument';
  if (first === last) return isOperand(firstKind) ? undefined : 'operator-argument';
  if (firstKind === OPEN_BRACE) return 'statement-argument';
  // GNU's `&&label`.
  if (firstKind === LOGICAL && nextOf(bench, first) === last && isPlainWord(bench, last)) {
    return bench.text.startsWith('&&', startOf(bench, first)) ? undefined : 'operator-argument';
  }
  if (isBinaryOnly(firstKind) || firstKind === DOT || firstKind === ARROW || firstKind === ELLIPSIS)
    return 'operator-argument';
  const lastKind = kind[last];
  if (lastKind === STAR) return 'type-argument';
  if (isBinaryOnly(lastKind) || lastKind === DOT || lastKind === ARROW || lastKind === 43 || lastKind === 45) {
    return 'operator-argument';
  }
  for (let p = first; p <= last; p++) {
    const at = kind[p];
    if (at === SEMICOLON || at === DIRECTIVE) return 'statement-argument';
    if (at === IDENTIFIER) {
      const inner = keywordAt(bench, p);
      if (inner > NOT_A_KEYWORD && inner <= QUALIFIER_WORD) return 'type-argument';
      if (inner === HEAD_WORD || inner === LEAD_WORD || inner === JUMP_WORD) return 'statement-argument';
      if (inner === NOT_A_KEYWORD && p < last) {
        const next = nextOf(bench, p);
        if (next <= last && kind[next] === IDENTIFIER && isPlainWord(bench, next)) {
          const beforeKind = p > first ? kind[previousOf(bench, p)] : 0;
          const afterKind = kind[nextOf(bench, next)];
          if (beforeKind !== STRING && afterKind !== STRING) return 'type-argument';
        }
        if (next <= last && (kind[next] === NUMBER || kind[next] === CHARACTER)) return 'type-argument';
        if (next <= last && kind[next] === OPEN_BRACE && p === first) return 'statement-argument';
      }
    } else if (at === OPEN_PAREN || at === OPEN_BRACKET || at === OPEN_BRACE) {
      if (match[p] > p) p = match[p];
    }
  }
  return undefined;
}

/** Digits that only become a number inside the macro (`0a` pasted behind `0x`) are none. */
function isNumber(bench: Workbench, p: number): boolean {
  const text = bench.text.slice(startOf(bench, p), endOf(bench, p));
  return /^(?:\d+|0[xXbB].*|(?:\d[\d']*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[uUlLwWfFdDzZiIjJ]*\d{0,3})$/.test(text);
}

function isOperand(kind: number): boolean {
  return kind === IDENTIFIER || kind === NUMBER || kind === STRING || kind === CHARACTER;
}

/** Operators that need an operand on both sides. */
function isBinaryOnly(kind: number): boolean {
  return (
    kind === COMPARISON ||
    kind === LOGICAL ||
    kind === SHIFT ||
    kind === ASSIGNMENT ||
    kind === EQUALS ||
    kind === 60 ||
    kind === 62 ||
    kind === 47 ||
    kind === 37 ||
    kind === 124 ||
    kind === 94 ||
    kind === 63 ||
    kind === COLON
  );
}

/** `STACK_OF(X, Y)`: a type made by a macro has room for one argument in the grammar; the others are blanked. */
export function keepOneArgument(bench: Workbench, open: number): void {
  const { kind, match } = bench;
  const close = match[open];
  let first = nextOf(bench, open);
  if (kind[first] === COMMA) {
    // `TAILQ_HEAD(, entry)`: the tag is left out.
    remove(bench, first, first, 'empty-argument');
    first = nextOf(bench, open);
  }
  if (first === close) {
    if (!insertBetween(bench, open, close, 'T')) return;
  }
  for (let p = first; p < close; p = nextOf(bench, p)) {
    if (kind[p] === COMMA) {
      remove(bench, p, previousOf(bench, close), 'type-argument');
      break;
    }
    if (match[p] > p) p = match[p];
  }
  const last = previousOf(bench, close);
  if (first < last && kind[last] !== STAR && !isTypeText(bench, first, last)) {
    remove(bench, nextOf(bench, first), last, 'type-argument');
  }
  if (kind[first] === NUMBER || kind[first] === STRING || kind[first] === CLOSE_PAREN) {
    if (kind[first] !== CLOSE_PAREN)
      writeText(bench, startOf(bench, first), 'T'.padEnd(endOf(bench, first) - startOf(bench, first)));
  }
}

function isTypeText(bench: Workbench, first: number, last: number): boolean {
  let plain = 0;
  for (let p = first; p <= last; p = nextOf(bench, p)) {
    if (bench.kind[p] === STAR) {
      if (p === first) return false;
      continue;
    }
    if (bench.kind[p] !== IDENTIFIER || keywordAt(bench, p) > QUALIFIER_WORD) return false;
    if (isPlainWord(bench, p)) plain++;
    if (p === last) break;
  }
  return plain <= 1;
}
