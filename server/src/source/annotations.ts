/** Attributes, calling conventions and the macros that stand for them: blanked, with their meaning kept. */
import { namesDeclaredBehind, targetsOf } from './annotation-targets.ts';
import { type Meaning, meaningsOfAttributes } from './attributes.ts';
import {
  ASSEMBLY_WORD,
  ATTRIBUTE_WORD,
  CASE_WORD,
  isDeclarationWord,
  JUMP_WORD,
  NOISE_WORD,
  NOT_A_KEYWORD,
  STORAGE_WORD,
  TAG_WORD,
} from './keywords.ts';
import { automaticTypeSuffix } from './known-macros.ts';
import {
  AMPERSAND,
  ARROW,
  ASSIGNMENT,
  CHARACTER,
  CLOSE_BRACE,
  CLOSE_PAREN,
  COLON,
  COMMA,
  COMPARISON,
  DOT,
  EQUALS,
  IDENTIFIER,
  LOGICAL,
  NUMBER,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
  STRING,
} from './lexer.ts';
import type { MacroShape } from './macro-roles.ts';
import { meaningsOfUse } from './macro-shapes.ts';
import { isOldStyleHead } from './old-style.ts';
import {
  blankText,
  endOf,
  isPlainWord,
  keywordAt,
  nextOf,
  note,
  previousOf,
  REMOVED,
  remove,
  shapeAt,
  startOf,
  type Workbench,
  wordAt,
  writeText,
} from './workbench.ts';
import {
  furtherArgument,
  isParameterMacro,
  isWrapper,
  unwrap,
  unwrapParameters,
  writeComma,
} from './wrapper-macros.ts';

/** Blanks every annotation that is known by its keyword, its definition or the shipped table. */
export function blankAnnotations(bench: Workbench): void {
  const { kind, count, match, keyword, shapes, tokens, index } = bench;
  for (let p = 0; p < count; p++) {
    if (kind[p] === OPEN_BRACKET) {
      if (kind[p + 1] === OPEN_BRACKET && match[p] === match[p + 1] + 1) blankBracketAttribute(bench, p);
      continue;
    }
    if (kind[p] !== IDENTIFIER) continue;
    const symbol = tokens.symbol[index[p]];
    const wordClass = keyword[symbol];
    if (wordClass === ATTRIBUTE_WORD) blankAttribute(bench, p);
    else if (wordClass === ASSEMBLY_WORD) blankRegisterName(bench, p);
    else if (wordClass === NOISE_WORD) blankNoise(bench, p);
    else if (isDeclarationWord(wordClass)) respell(bench, p);
    else if (wordClass === NOT_A_KEYWORD) {
      const shape = shapes[symbol] === undefined ? undefined : shapeAt(bench, p);
      const side = kind[p + 1] === OPEN_PAREN && match[p + 1] > 0 ? furtherArgument(bench, p) : undefined;
      if (side) writeComma(bench, p, side);
      else if (shape?.role === 'annotation') blankMacro(bench, p);
      else if (shape?.role === 'type' && shape.meanings.length > 0) rewriteCleanedType(bench, p, shape);
      else if (kind[p + 1] === OPEN_PAREN && kind[p + 2] === OPEN_PAREN && isParameterMacro(bench, p)) {
        unwrapParameters(bench, p);
      } else if (kind[p + 1] === OPEN_PAREN && match[p + 1] > 0 && isWrapper(bench, p, shape))
        unwrap(bench, p, shape?.role === 'argument' ? shape.parameter : undefined);
      else if (shape?.role === 'cast' && shape.isFunctionLike !== true && startsOperand(bench, nextOf(bench, p), p)) {
        remove(bench, p, p, 'cast-macro', { name: wordAt(bench, p) });
      } else if (shape !== undefined && kind[p + 1] === OPEN_PAREN && match[p + 1] > 0 && castsToArgument(bench, p)) {
        remove(bench, p, match[p + 1], 'cast-macro', { name: wordAt(bench, p) });
      } else if (kind[p + 1] === OPEN_PAREN && automaticTypeSuffix(wordAt(bench, p)) !== undefined) {
        rewriteAutomaticType(bench, p);
      }
    }
  }
}

/** True when an operand begins at `p`, so that the macro before it at `name` is a cast. */
function startsOperand(bench: Workbench, p: number, name: number): boolean {
  const kind = bench.kind[p];
  if (kind === IDENTIFIER || (kind >= NUMBER && kind <= CHARACTER)) return true;
  if (kind !== OPEN_PAREN && kind !== STAR && kind !== AMPERSAND) return false;
  // `NAME * x` may as well multiply: the body must be a type beyond doubt.
  return bench.macros.definitionsOf(wordAt(bench, name)).every((each) => !/^\(\s*\w+\s*\)$/.test(each.body));
}

/** `CAST(char *)p` with `#define CAST(T) (T)(uintptr_t)`: casts, of which the argument is one, in front of their operand. */
function castsToArgument(bench: Workbench, p: number): boolean {
  const close = bench.match[p + 1];
  const kind = bench.kind[nextOf(bench, close)];
  if (kind !== IDENTIFIER && !(kind >= NUMBER && kind <= CHARACTER)) return false;
  const definitions = bench.macros.definitionsOf(wordAt(bench, p));
  return (
    definitions.length > 0 &&
    definitions.every(({ parameters, body }) => {
      if (parameters?.length !== 1 || !CASTS.test(body)) return false;
      return body.split(/[()]/).some((type) => type.trim() === parameters[0]);
    })
  );
}

/** Parentheses, one behind the other, that hold nothing but words and stars. */
const CASTS = /^(\(\s*\w[\w\s*]*\)\s*)+$/;

/** Spellings of GNU C that the grammar does not know. */
const plainSpelling = new Map([
  ['__volatile', 'volatile'],
  ['__volatile__', 'volatile'],
  ['__const', 'const'],
  ['__const__', 'const'],
  ['__restrict', 'restrict'],
  ['__signed', 'signed'],
  ['__signed__', 'signed'],
  ['_Thread_local', '__thread'],
]);

function respell(bench: Workbench, p: number): void {
  const spelling = plainSpelling.get(wordAt(bench, p));
  if (spelling === undefined) return;
  const start = startOf(bench, p);
  blankText(bench, start, endOf(bench, p));
  writeText(bench, start, spelling);
  note(bench, start, endOf(bench, p), 'syntax', { name: wordAt(bench, p) });
}

function blankBracketAttribute(bench: Workbench, p: number): void {
  const close = bench.match[p];
  const text = bench.text.slice(startOf(bench, p), endOf(bench, close));
  annotate(bench, p, close, undefined, meaningsOfAttributes(text));
}

function blankAttribute(bench: Workbench, p: number): void {
  const open = nextOf(bench, p);
  if (bench.kind[open] !== OPEN_PAREN || bench.match[open] < 0) return;
  const close = bench.match[open];
  const text = bench.text.slice(startOf(bench, p), endOf(bench, close));
  annotate(bench, p, close, undefined, meaningsOfAttributes(text));
}

/** `register int n asm("r0") = 1;`: where the grammar does not know it. */
function blankRegisterName(bench: Workbench, p: number): void {
  const { kind, match } = bench;
  const before = previousOf(bench, p);
  const open = nextOf(bench, p);
  if (before < 0 || !isPlainWord(bench, before) || kind[open] !== OPEN_PAREN || match[open] < 0) return;
  if (kind[nextOf(bench, open)] !== STRING || kind[nextOf(bench, match[open])] !== EQUALS) return;
  remove(bench, p, match[open], 'annotation', { name: wordAt(bench, p) });
}

function blankNoise(bench: Workbench, p: number): void {
  const word = wordAt(bench, p);
  const next = nextOf(bench, p);
  // `__nonnull ((1, 2))` of the GNU C library takes arguments.
  const hasArguments = word === '__nonnull' && bench.kind[next] === OPEN_PAREN && bench.match[next] > 0;
  if (hasArguments) {
    const text = bench.text.slice(startOf(bench, next), endOf(bench, bench.match[next]));
    annotate(
      bench,
      p,
      bench.match[next],
      word,
      meaningsOfAttributes(`nonnull${text.replace(/^\(\(|\)\)$/g, (m) => m[0])}`),
    );
    return;
  }
  const isSpace = word.startsWith('__seg_');
  const meaning: Meaning | undefined = isSpace
    ? { kind: 'address-space' }
    : /noreturn/i.test(word)
      ? { kind: 'noreturn' }
      : undefined;
  annotate(bench, p, p, word, meaning ? [meaning] : []);
}

function blankMacro(bench: Workbench, p: number): void {
  const name = wordAt(bench, p);
  const next = nextOf(bench, p);
  const close = takesArguments(bench, name, next) ? bench.match[next] : p;
  const after = nextOf(bench, close);
  const before = previousOf(bench, p);
  if (bench.kind[after] === SEMICOLON && (before < 0 || isStatementEnd(bench.kind[before]))) {
    // A whole statement of its own: the call stays visible.
    if (close > p) return;
  }
  if (isOperandPosition(bench, p, before, after, close)) return;
  const text = bench.text.slice(startOf(bench, p), endOf(bench, close));
  annotate(bench, p, close, name, meaningsOfUse(name, text, bench.macros));
}

/** True when something is needed where the macro stands: an operand, a field, a tag, a declared name. */
function isOperandPosition(bench: Workbench, p: number, before: number, after: number, close: number): boolean {
  if (before < 0) return false;
  const { kind } = bench;
  const left = kind[before];
  const right = kind[after];
  if (left === DOT || left === ARROW) return true;
  if (left === IDENTIFIER) {
    const keyword = keywordAt(bench, before);
    if (keyword === TAG_WORD) return right !== IDENTIFIER && !(right === OPEN_BRACE && close > p);
    if (keyword === JUMP_WORD || keyword === CASE_WORD) return right === SEMICOLON || right === COLON;
  }
  const isHead = right === OPEN_BRACE || right === SEMICOLON || (close > p && isOldStyleHead(bench, nextOf(bench, p)));
  if (close > p && (left === IDENTIFIER || left === STAR) && isHead) {
    // `void NAME(...) {`: with no other word to be the name, this is the function's.
    if (left === STAR) return true;
    const first = previousOf(bench, before);
    const isWord = first >= 0 && kind[first] === IDENTIFIER && !isStorage(bench, first);
    const isStar = first >= 0 && kind[first] === STAR;
    return isDeclarationWord(keywordAt(bench, before)) || (!isWord && !isStar && kind[first] !== COMMA);
  }
  const isOperandLeft =
    left === EQUALS || left === ASSIGNMENT || left === COMPARISON || left === LOGICAL || left === 63 || left === 33;
  const isOperandRight =
    right === SEMICOLON ||
    right === COMMA ||
    right === CLOSE_PAREN ||
    right === COMPARISON ||
    right === LOGICAL ||
    right === EQUALS ||
    right === DOT ||
    right === ARROW ||
    right === CLOSE_BRACE ||
    right === OPEN_BRACKET ||
    right === 63;
  if (isOperandLeft && isOperandRight) return true;
  // `if (MACRO(x))`: the call is all there is between the parentheses.
  if (close > p && left === OPEN_PAREN && right === CLOSE_PAREN) return true;
  return right === DOT || right === ARROW || right === COMPARISON || right === ASSIGNMENT || right === LOGICAL;
}

function isStorage(bench: Workbench, p: number): boolean {
  return keywordAt(bench, p) === STORAGE_WORD;
}

function isStatementEnd(kind: number): boolean {
  return kind === SEMICOLON || kind === OPEN_BRACE || kind === CLOSE_BRACE || kind === CLOSE_PAREN;
}

/** True when the parentheses behind a macro's name are its arguments, not a declarator's. */
function takesArguments(bench: Workbench, name: string, next: number): boolean {
  if (bench.kind[next] !== OPEN_PAREN || bench.match[next] < 0) return false;
  const definitions = bench.macros.definitionsOf(name);
  if (definitions.length > 0) return definitions.some((definition) => definition.parameters !== undefined);
  return bench.kind[next + 1] !== STAR;
}

function annotate(
  bench: Workbench,
  from: number,
  to: number,
  name: string | undefined,
  meanings: readonly Meaning[],
): void {
  const targets = meanings.length > 0 ? targetsOf(bench, from, to) : [];
  remove(bench, from, to, 'annotation', { ...(name === undefined ? {} : { name }), meanings, targets });
}

/** `AUTO(T) *x` becomes `T *x` and `auto_text x` the type it stands for, with the clean-up as its meaning. */
function rewriteCleanedType(bench: Workbench, p: number, shape: MacroShape): void {
  const isCall = shape.isFunctionLike === true;
  const open = p + 1;
  const close = isCall ? bench.match[open] : p;
  if (isCall && (bench.kind[open] !== OPEN_PAREN || close < 0)) return;
  const next = nextOf(bench, close);
  if (bench.kind[next] !== STAR && bench.kind[next] !== IDENTIFIER) return;
  const name = wordAt(bench, p);
  const start = startOf(bench, p);
  const end = endOf(bench, close);
  const meanings = meaningsOfUse(name, bench.text.slice(start, end), bench.macros);
  if (isCall && close === p + 3 && shape.parameter === 0) {
    keepOnlyType(bench, p, shape.isPointer === true ? '*' : '');
  } else if (shape.substitute !== undefined) {
    blankText(bench, start, end);
    writeText(bench, start, shape.substitute);
  } else if (isCall) {
    blankText(bench, startOf(bench, open), end);
    for (let at = open; at <= close; at++) bench.kind[at] = REMOVED;
  }
  note(bench, start, end, 'type-macro', { name, meanings, targets: namesDeclaredBehind(bench, next) });
}

/** Of `MACRO(T)` at `p` only `T` stays, with `suffix` (a `*` or nothing) behind it. */
function keepOnlyType(bench: Workbench, p: number, suffix: string): void {
  const close = bench.match[p + 1];
  blankText(bench, startOf(bench, p), startOf(bench, p + 2));
  blankText(bench, startOf(bench, close), endOf(bench, close));
  writeText(bench, startOf(bench, close), suffix === '' ? ' ' : suffix);
  bench.kind[p] = bench.kind[p + 1] = REMOVED;
  bench.kind[close] = suffix === '' ? REMOVED : STAR;
  bench.match[p + 1] = bench.match[close] = -1;
}

/** `g_autoptr(T) x` becomes `T * x`, with the clean-up as its meaning. */
function rewriteAutomaticType(bench: Workbench, p: number): void {
  const close = bench.match[p + 1];
  if (close !== p + 3 || bench.kind[p + 2] !== IDENTIFIER || bench.kind[nextOf(bench, close)] !== IDENTIFIER) return;
  const name = wordAt(bench, p);
  const type = wordAt(bench, p + 2);
  const start = startOf(bench, p);
  keepOnlyType(bench, p, automaticTypeSuffix(name) ?? '');
  note(bench, start, endOf(bench, close), 'type-macro', {
    name,
    meanings: [{ kind: 'cleanup-type', type }],
    targets: namesDeclaredBehind(bench, nextOf(bench, close)),
  });
}
