/** Uses of macros in the place of statements, loop heads, declarations and definitions. */
import { guessedMeanings, namesDeclaredBehind } from './annotation-targets.ts';
import { keepOneArgument, rewriteArguments } from './call-arguments.ts';
import { NOT_A_KEYWORD, QUALIFIER_WORD } from './keywords.ts';
import { CLOSE_PAREN, COMMA, IDENTIFIER, OPEN_PAREN, SEMICOLON, STAR } from './lexer.ts';
import {
  blankText,
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
  shapeAt,
  startOf,
  startsLine,
  type Workbench,
  wordAt,
  writeText,
} from './workbench.ts';

/** `FOREACH(a, b)` becomes `while  (a, b)`, a conditional head `if (...)`. False when the name is too short. */
export function rewriteHead(bench: Workbench, p: number, isLoop: boolean): boolean {
  const name = wordAt(bench, p);
  const start = startOf(bench, p);
  const open = nextOf(bench, p);
  const kind = isLoop ? 'iteration-macro' : 'condition-macro';
  if (bench.kind[open] !== OPEN_PAREN || bench.match[open] < 0) return rewriteBareHead(bench, p, isLoop);
  if (name.length < 2) return false;
  const keyword = isLoop && name.length >= 5 ? 'while' : 'if';
  const close = bench.match[open];
  blankText(bench, start, endOf(bench, p));
  writeText(bench, start, keyword);
  if (nextOf(bench, open) === close) {
    // `while ()` is no C: the condition goes into the space between the parentheses, or moves over them.
    if (!insertBetween(bench, open, close, '1') && endOf(bench, close) - start >= keyword.length + 3) {
      blankText(bench, start + keyword.length, endOf(bench, close));
      writeText(bench, endOf(bench, close) - 3, '(1)');
    }
  } else {
    rewriteArguments(bench, open);
  }
  note(bench, start, endOf(bench, close), kind, { name });
  return true;
}

/**
 * `for (EACH(a, b))`, the macro making both semicolons: `while` is written over `for (EACH`, and the outer parentheses go.
 * False for a `for` of C.
 */
export function rewriteForOfMacro(bench: Workbench, p: number, open: number): boolean {
  const close = bench.match[open];
  const word = nextOf(bench, open);
  if (!isPlainWord(bench, word)) return false;
  const name = wordAt(bench, word);
  const start = startOf(bench, p);
  const inner = nextOf(bench, word);
  if (inner === close) {
    if (endOf(bench, close) - start < 8) return false;
    blankText(bench, start, endOf(bench, close));
    writeText(bench, start, 'while(1)');
    for (let at = open; at <= close; at++) bench.kind[at] = REMOVED;
    note(bench, start, endOf(bench, close), 'iteration-macro', { name });
    return true;
  }
  if (bench.kind[inner] !== OPEN_PAREN || nextOf(bench, bench.match[inner]) !== close) return false;
  blankText(bench, start, startOf(bench, inner));
  writeText(bench, start, 'while');
  blankText(bench, startOf(bench, close), endOf(bench, close));
  bench.kind[open] = bench.kind[word] = bench.kind[close] = REMOVED;
  bench.match[open] = bench.match[close] = -1;
  if (nextOf(bench, inner) === bench.match[inner]) insertBetween(bench, inner, bench.match[inner], '1');
  else rewriteArguments(bench, inner);
  note(bench, start, endOf(bench, close), 'iteration-macro', { name });
  return true;
}

/** A head without parentheses: written out where it fits (`forever` for `for(;;)`), else blanked before its block. */
function rewriteBareHead(bench: Workbench, p: number, isLoop: boolean): boolean {
  const name = wordAt(bench, p);
  const substitute = shapeAt(bench, p)?.substitute;
  const kind = isLoop ? 'iteration-macro' : 'condition-macro';
  const start = startOf(bench, p);
  if (substitute === undefined && isLoop && name.length >= 8) {
    blankText(bench, start, endOf(bench, p));
    writeText(bench, start, 'while(1)');
    note(bench, start, endOf(bench, p), kind, { name });
    return true;
  }
  if (substitute === undefined) {
    remove(bench, p, p, kind, { name });
    return true;
  }
  blankText(bench, start, endOf(bench, p));
  writeText(bench, start, substitute);
  note(bench, start, endOf(bench, p), kind, { name });
  return true;
}

/** Ends the statement that the macro use from `p` to `last` is, before the token `next`. */
export function endStatement(bench: Workbench, p: number, last: number, next: number): void {
  const start = startOf(bench, p);
  const end = endOf(bench, last);
  if (insertBetween(bench, last, next, ';')) {
    note(bench, start, end, 'statement-macro', { name: wordAt(bench, p) });
    return;
  }
  if (last === p) {
    // A lone word gives its last letter for it.
    if (end - start < 2) return;
    writeText(bench, end - 1, ';');
    note(bench, start, end, 'statement-macro', { name: wordAt(bench, p) });
    return;
  }
  // No room behind it: it makes room itself, and what it mentions may be anything afterwards.
  replaceByZero(bench, p, last, 'statement-argument');
  writeText(bench, end - 1, ';');
  bench.kind[last] = SEMICOLON;
}

/** True when the words behind `MACRO(x)` read as its declarator: `STACK_OF(X) *name;`, `TAILQ_ENTRY(x) link;`. */
export function isDeclaratorBehind(bench: Workbench, p: number): boolean {
  const { kind } = bench;
  let at = p;
  while (kind[at] === STAR || (keywordAt(bench, at) === QUALIFIER_WORD && kind[at] === IDENTIFIER))
    at = nextOf(bench, at);
  if (!isPlainWord(bench, at)) return false;
  const after = kind[nextOf(bench, at)];
  return after === SEMICOLON || after === COMMA || after === 61 || after === 91 || after === 58;
}

/** `MACRO(X) name;` where the macro stands for a type. With a `*` in front of the name the grammar may take it for a product. */
export function rewriteTypeMacro(bench: Workbench, p: number): void {
  const open = nextOf(bench, p);
  const close = bench.match[open];
  const name = wordAt(bench, p);
  const next = nextOf(bench, close);
  const meanings = guessedMeanings(bench, p);
  const targets = meanings.length > 0 ? namesDeclaredBehind(bench, next) : [];
  if (bench.kind[next] === STAR) {
    remove(bench, open, close, 'type-macro', { name, meanings, targets });
    return;
  }
  keepOneArgument(bench, open);
  note(bench, startOf(bench, p), endOf(bench, close), 'type-macro', { name, meanings, targets });
}

/** Blanks a macro use, and the `;` behind it if there is one. */
export function blankDeclaration(bench: Workbench, from: number, name: number, close: number): void {
  const next = nextOf(bench, close);
  const last = bench.kind[next] === SEMICOLON ? next : close;
  remove(bench, from, last, 'declaration-macro', { name: wordAt(bench, name) });
}

/**
 * `TEST(name, ...) {`: a definition whose head is a macro becomes `void name() {`. The function takes the name of the
 * argument that the macro's body puts in front of a parenthesis, or of the first argument that is a word.
 */
export function rewriteDefinition(bench: Workbench, p: number): void {
  const open = nextOf(bench, p);
  const close = bench.match[open];
  if (holdsHead(bench, open)) {
    // `UNUSED(static int f(int x)) {`: the macro is around the whole head.
    const name = wordAt(bench, p);
    bench.match[open] = bench.match[close] = -1;
    remove(bench, p, open, 'annotation', { name });
    remove(bench, close, close, 'annotation', { name });
    return;
  }
  const macro = wordAt(bench, p);
  const chosen = nameArgument(bench, macro, open, close);
  const start = startOf(bench, p);
  const end = endOf(bench, close);
  const nameStart = chosen < 0 ? start : startOf(bench, chosen);
  const name = chosen < 0 ? macro : wordAt(bench, chosen);
  for (let at = p; at <= close; at++) bench.kind[at] = REMOVED;
  note(bench, start, end, 'declaration-macro', { name: macro });
  blankText(bench, start, end);
  const write = (type: string, at: number): void => {
    writeText(bench, start, type);
    writeText(bench, at, name);
    writeText(bench, at + name.length, '(');
    writeText(bench, end - 1, ')');
  };
  if (chosen < 0) {
    // No argument to take the name from: the macro's own name, cut, with a type in front.
    writeText(bench, start, macro.length > 6 ? `int ${macro.slice(4)}` : macro);
    writeText(bench, endOf(bench, open) - 1, '(');
    writeText(bench, end - 1, ')');
    return;
  }
  const isTight = end - 1 <= nameStart + name.length;
  const at = isTight ? nameStart - 1 : nameStart;
  const room = at - start;
  write(room >= 5 ? 'void' : room >= 4 ? 'int' : 'T', at);
}

/** True when what stands between the parentheses reads as a function's head: a type, a name and parameters. */
function holdsHead(bench: Workbench, open: number): boolean {
  const { kind, match } = bench;
  const last = previousOf(bench, match[open]);
  if (kind[last] !== CLOSE_PAREN || match[last] <= open) return false;
  const name = previousOf(bench, match[last]);
  if (name <= open || !isPlainWord(bench, name)) return false;
  for (let at = nextOf(bench, open); at < name; at = nextOf(bench, at)) {
    if (kind[at] !== IDENTIFIER && kind[at] !== STAR) return false;
  }
  const type = previousOf(bench, name);
  return type > open && (kind[type] === STAR || kind[type] === IDENTIFIER);
}

function nameArgument(bench: Workbench, macro: string, open: number, close: number): number {
  const { kind, match } = bench;
  const words: number[] = [];
  const numbers: number[] = [];
  let number = 0;
  for (let at = nextOf(bench, open); at < close; at = nextOf(bench, at)) {
    if (kind[at] === COMMA) number++;
    else if (match[at] > at) at = match[at];
    else if (isPlainWord(bench, at)) {
      words.push(at);
      numbers.push(number);
    }
  }
  const definition = bench.macros.definitionsOf(macro).find((each) => each.parameters !== undefined);
  if (definition?.parameters !== undefined) {
    const match = /([A-Za-z_]\w*)\s*(?:##\s*\w+\s*)?\(/g;
    for (const [, word] of definition.body.matchAll(match)) {
      const wanted = definition.parameters.indexOf(word);
      if (wanted < 0) continue;
      for (let i = words.length - 1; i >= 0; i--) if (numbers[i] === wanted) return words[i];
    }
  }
  for (let i = 0; i < words.length; i++) {
    const next = nextOf(bench, words[i]);
    if (next === close || kind[next] === COMMA) return words[i];
  }
  return words[0] ?? -1;
}

/** True when what stands between the parentheses reads as parameters: nothing, types, or types with names. */
export function looksLikeParameters(bench: Workbench, open: number): boolean {
  const { kind, match } = bench;
  const close = match[open];
  let at = nextOf(bench, open);
  if (at === close) return true;
  for (; at < close; at = nextOf(bench, Math.max(match[at], at))) {
    const keyword = keywordAt(bench, at);
    if (keyword > NOT_A_KEYWORD && keyword <= QUALIFIER_WORD) return true;
    if (kind[at] === IDENTIFIER && (kind[at + 1] === IDENTIFIER || kind[at + 1] === STAR)) return true;
  }
  return false;
}

/** True when the token begins on a new line no deeper than the token `p`: layout says that it begins something new. */
export function beginsAnew(bench: Workbench, p: number, next: number): boolean {
  return startsLine(bench, next) && columnOf(bench, next) <= columnOf(bench, p);
}

/** True when a token is the first of its line and nothing stands in front of it, not even a blank. */
export function isAtMargin(bench: Workbench, p: number): boolean {
  return columnOf(bench, p) === 0;
}

function columnOf(bench: Workbench, p: number): number {
  const at = startOf(bench, p);
  let start = at;
  let column = 0;
  while (start > 0 && at - start < 400) {
    const code = bench.text.charCodeAt(start - 1);
    if (code === 10 || code === 13) break;
    start--;
  }
  for (let i = start; i < at; i++) column += bench.text.charCodeAt(i) === 9 ? 8 - (column % 8) : 1;
  return column;
}

/** `typeof(a->b)`: the grammar wants a type there. */
export function rewriteTypeof(bench: Workbench, open: number): void {
  const close = bench.match[open];
  const first = nextOf(bench, open);
  if (close < 0 || first >= close) return;
  if (nextOf(bench, first) === close && bench.kind[first] === IDENTIFIER) return;
  const keyword = keywordAt(bench, first);
  if (keyword !== NOT_A_KEYWORD && keyword <= QUALIFIER_WORD) return;
  const start = startOf(bench, first);
  const end = endOf(bench, previousOf(bench, close));
  for (let at = first; at < close; at++) bench.kind[at] = REMOVED;
  bench.kind[first] = IDENTIFIER;
  blankText(bench, start, end);
  writeText(bench, start, 'T');
  note(bench, start, end, 'type-argument');
}
