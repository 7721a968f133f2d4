/** Declarations and fields that begin with a macro. */
import { keepOneArgument } from './call-arguments.ts';
import { isDeclarationWord, NOT_A_KEYWORD, STORAGE_WORD } from './keywords.ts';
import {
  CLOSE_BRACE,
  CLOSE_PAREN,
  COMMA,
  END_OF_FILE,
  EQUALS,
  IDENTIFIER,
  OPEN_BRACE,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
  STRING,
} from './lexer.ts';
import {
  blankDeclaration,
  isDeclaratorBehind,
  looksLikeParameters,
  rewriteDefinition,
  rewriteTypeMacro,
} from './macro-uses.ts';
import { isUpperCase } from './names.ts';
import { isOldStyleHead } from './old-style.ts';
import type { Walk } from './statements.ts';
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
  startsLine,
  type Workbench,
  wordAt,
  writeText,
} from './workbench.ts';

/** A declaration or definition at the top level that begins with a word. */
export function startDeclaration(walk: Walk, p: number): void {
  const { bench } = walk;
  const { kind, match } = bench;
  const word = wordAt(bench, p);
  const next = nextOf(bench, p);
  if (word === 'extern' && kind[next] === STRING) {
    openLinkage(walk, p, next);
    return;
  }
  // `static MACRO(...)`: the storage class stands in front of the macro.
  let name = p;
  while (kind[name] === IDENTIFIER && keywordAt(bench, name) === STORAGE_WORD && wordAt(bench, name) !== 'typedef') {
    name = nextOf(bench, name);
  }
  if (!isPlainWord(bench, name)) return;
  const open = nextOf(bench, name);
  if (kind[open] === OPEN_PAREN && match[open] > 0) {
    const inner = kind[nextOf(bench, open)];
    if (inner === STAR || inner === 94) return;
    startCallAtTop(bench, p, name, match[open]);
  } else if (name === p) {
    startLoneWordAtTop(bench, p, open);
  }
}

/** `extern "C" {` around C: both braces go, what is inside stays. */
function openLinkage(walk: Walk, p: number, literal: number): void {
  const { bench } = walk;
  const brace = nextOf(bench, literal);
  if (bench.kind[brace] !== OPEN_BRACE) {
    remove(bench, literal, literal, 'syntax');
    return;
  }
  const close = bench.match[brace];
  if (close > 0) {
    blankText(bench, startOf(bench, close), endOf(bench, close));
    note(bench, startOf(bench, close), endOf(bench, close), 'syntax');
    bench.kind[close] = REMOVED;
    bench.match[close] = bench.match[brace] = -1;
    walk.startsAt[close + 1] = 1;
  }
  remove(bench, p, brace, 'syntax');
}

function startCallAtTop(bench: Workbench, from: number, name: number, close: number): void {
  const { kind, match } = bench;
  const next = nextOf(bench, close);
  const shape = shapeAt(bench, name);
  switch (kind[next]) {
    case SEMICOLON:
      blankDeclaration(bench, from, name, close);
      return;
    case OPEN_BRACE:
      if (isMacroDefinition(bench, name)) rewriteDefinition(bench, name);
      else if (from === name) rewriteImplicitInt(bench, name);
      return;
    case EQUALS:
      rewriteDeclaredName(bench, name, close);
      return;
    case OPEN_PAREN:
      if (shape && match[next] > 0 && kind[nextOf(bench, next)] !== STAR) {
        if (kind[nextOf(bench, match[next])] === OPEN_BRACE) rewriteDefinedName(bench, name, close);
      }
      return;
    case STAR:
      rewriteTypeMacro(bench, name);
      return;
    case CLOSE_BRACE:
    case END_OF_FILE:
      blankDeclaration(bench, from, name, close);
      return;
    case IDENTIFIER:
      break;
    default:
      return;
  }
  const keyword = keywordAt(bench, next);
  if (isOldStyleHead(bench, nextOf(bench, name))) {
    if (from === name) rewriteImplicitInt(bench, name);
    return;
  }
  if (keyword !== NOT_A_KEYWORD) {
    if (isDeclarationWord(keyword)) blankDeclaration(bench, keyword === STORAGE_WORD ? from : name, name, close);
    return;
  }
  const after = nextOf(bench, next);
  const isOnSameLine = !startsLine(bench, next);
  const isType =
    shape === undefined || shape.role === 'type' || shape.role === 'argument' || shape.role === 'expression';
  const opensParameters = kind[after] === OPEN_PAREN && isHeadBehind(bench, bench.match[after]);
  const isMacroToo =
    (kind[after] === OPEN_PAREN &&
      bench.match[after] > 0 &&
      !looksLikeParameters(bench, after) &&
      !isOldStyleHead(bench, after)) ||
    (opensParameters && isUpperCase(wordAt(bench, next)) && kind[nextOf(bench, bench.match[after])] !== OPEN_BRACE);
  if (!isMacroToo && (opensParameters ? isType || isOnSameLine : isOnSameLine && isDeclaratorBehind(bench, next))) {
    rewriteTypeMacro(bench, name);
    return;
  }
  blankDeclaration(bench, name, name, close);
}

/** True when a body, a `;` or more declarator words follow the parameter list that ends at `close`. */
function isHeadBehind(bench: Workbench, close: number): boolean {
  if (close < 0) return false;
  const kind = bench.kind[nextOf(bench, close)];
  return kind === OPEN_BRACE || kind === SEMICOLON || kind === IDENTIFIER;
}

/** `NAME(...) {` is a macro's definition when the macro is known or when the arguments are no parameters. */
function isMacroDefinition(bench: Workbench, name: number): boolean {
  if (shapeAt(bench, name) !== undefined) return true;
  const open = nextOf(bench, name);
  const first = nextOf(bench, open);
  const word = wordAt(bench, name);
  if (/^[A-Z][A-Z0-9_]*$/.test(word)) return true;
  return (
    bench.kind[first] === STRING ||
    (first !== bench.match[open] && isDeclarationWord(keywordAt(bench, first)) === false && word.includes('test'))
  );
}

/** `T *ATTRIBUTE(1) name(int x)`: a macro in front of a declared name, though nobody in sight defines it. */
export function blankHeadAnnotation(bench: Workbench, p: number, open: number): void {
  const { kind, match } = bench;
  const close = match[open];
  const next = nextOf(bench, close);
  if (kind[next] !== IDENTIFIER || looksLikeParameters(bench, open) || isOldStyleHead(bench, open)) return;
  let at = next;
  for (let hops = 0; hops < 8 && kind[at] === IDENTIFIER; hops++) {
    const behind = nextOf(bench, at);
    if (kind[behind] === OPEN_PAREN && match[behind] > 0) {
      if (looksLikeParameters(bench, behind) || isOldStyleHead(bench, behind)) {
        remove(bench, p, close, 'annotation', { name: wordAt(bench, p) });
        return;
      }
      at = nextOf(bench, match[behind]);
    } else {
      at = behind;
    }
  }
}

/** A definition without a type gets `int` in the blank text in front of it, if there is room. */
function rewriteImplicitInt(bench: Workbench, name: number): void {
  const end = startOf(bench, name);
  const previous = previousOf(bench, name);
  const begin = previous < 0 ? 0 : endOf(bench, previous);
  const { text, mask } = bench;
  let run = 0;
  for (let at = end - 1; at >= begin; at--) {
    const code = text.charCodeAt(at);
    const isBreak = code === 10 || code === 13;
    const isBlank = !isBreak && (mask[at] === 32 || (mask[at] === 0 && (code === 32 || code === 9)));
    run = isBlank ? run + 1 : 0;
    // One more blank or a line break must stay between the type and what surrounds it.
    if (run >= 3 && (isBreakAt(text, at + 3) || run >= 4)) {
      writeText(bench, at, 'int');
      note(bench, at, at + 3, 'syntax');
      return;
    }
    if (code === 47 && text.charCodeAt(at - 1) === 42) {
      const open = text.lastIndexOf('/*', at - 1);
      if (open >= begin && at - open >= 4) {
        blankText(bench, open, at + 1);
        writeText(bench, open, 'int');
        note(bench, open, open + 3, 'syntax');
        return;
      }
    }
  }
  // No room in front: the name gives its first letters for a type, and keeps its spelling in the table.
  const word = wordAt(bench, name);
  if (word.length < 4) return;
  writeText(bench, end, 'T ');
  note(bench, end, end + word.length, 'cut-name', { name: word });
}

/** Behind an initialiser or a `struct` at the top level: `} END_OF_TABLE(x)` has no `;` of its own. */
export function endTable(bench: Workbench, p: number): void {
  const { kind, match } = bench;
  const open = nextOf(bench, p);
  if (kind[open] !== OPEN_PAREN || match[open] < 0) return;
  const close = match[open];
  const next = nextOf(bench, close);
  // `enum { A } f(int x) {`: a function whose type is declared in front of it.
  if (kind[next] === OPEN_BRACE || isOldStyleHead(bench, open)) return;
  if (kind[next] === SEMICOLON || kind[next] === EQUALS || kind[next] === COMMA || kind[next] === OPEN_PAREN) {
    if (kind[next] === SEMICOLON) remove(bench, p, close, 'declaration-macro', { name: wordAt(bench, p) });
    return;
  }
  const start = startOf(bench, p);
  const end = endOf(bench, close);
  blankText(bench, start, end);
  writeText(bench, start, ';');
  for (let at = p; at < close; at++) kind[at] = REMOVED;
  kind[close] = SEMICOLON;
  note(bench, start, end, 'declaration-macro', { name: wordAt(bench, p) });
}

function isBreakAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 10 || code === 13;
}

/** `MACRO(name) = value;` becomes `int   name  = value;`. */
function rewriteDeclaredName(bench: Workbench, name: number, close: number): void {
  const open = nextOf(bench, name);
  const first = nextOf(bench, open);
  const macro = wordAt(bench, name);
  if (!isPlainWord(bench, first)) return;
  const start = startOf(bench, name);
  const end = endOf(bench, close);
  const declared = wordAt(bench, first);
  const at = startOf(bench, first);
  blankText(bench, start, end);
  writeText(bench, start, macro.length >= 3 ? 'int' : 'T');
  writeText(bench, at, declared);
  for (let p = name; p <= close; p++) if (p !== first) bench.kind[p] = REMOVED;
  bench.match[open] = bench.match[close] = -1;
  note(bench, start, end, 'declaration-macro', { name: macro });
}

/** `EXPORT(int, name, 2) (int x) {` becomes `T             name     (int x) {`. */
function rewriteDefinedName(bench: Workbench, macro: number, close: number): void {
  const { kind, match, macros } = bench;
  const open = nextOf(bench, macro);
  const definition = macros.definitionsOf(wordAt(bench, macro)).find(({ parameters }) => parameters !== undefined);
  // What the body ends with is the name, or what other words are pasted to.
  const last = /([A-Za-z_]\w*)(?:\s*##\s*\w+)*\s*$/.exec(definition?.body ?? '')?.[1];
  const wanted = last === undefined ? -1 : (definition?.parameters?.indexOf(last) ?? -1);
  if (wanted < 0) return;
  let number = 0;
  let declared = -1;
  for (let at = nextOf(bench, open); at < close; at = nextOf(bench, Math.max(at, match[at]))) {
    if (kind[at] === COMMA) number++;
    else if (number === wanted && isPlainWord(bench, at)) declared = at;
  }
  if (declared < 0) return;
  const start = startOf(bench, macro);
  const end = endOf(bench, close);
  blankText(bench, start, end);
  writeText(bench, start, 'T');
  writeText(bench, startOf(bench, declared), wordAt(bench, declared));
  note(bench, start, end, 'declaration-macro', { name: wordAt(bench, macro) });
  // The macro's name stays as the word of the type.
  for (let p = macro + 1; p <= close; p++) if (p !== declared) kind[p] = REMOVED;
  match[open] = match[close] = -1;
}

/** A lone word at the top level that ends a file or stands before something that cannot continue it. */
function startLoneWordAtTop(bench: Workbench, p: number, next: number): void {
  const kind = bench.kind[next];
  if (kind === END_OF_FILE || kind === CLOSE_BRACE) {
    remove(bench, p, p, 'declaration-macro', { name: wordAt(bench, p) });
  } else if (kind === IDENTIFIER && startsLine(bench, next)) {
    const role = shapeAt(bench, p)?.role;
    if (role === 'declaration' || role === 'statement' || role === 'fragment') {
      remove(bench, p, p, 'declaration-macro', { name: wordAt(bench, p) });
    }
  }
}

/** A field that begins with a word: `FIELD(x);` is blanked, `LIST_ENTRY(x) link;` is a type. */
export function startField(walk: Walk, p: number): void {
  const { bench } = walk;
  const { kind, match } = bench;
  if (!isPlainWord(bench, p)) return;
  const open = nextOf(bench, p);
  if (kind[open] !== OPEN_PAREN || match[open] < 0) {
    if (kind[open] === CLOSE_BRACE || (kind[open] === SEMICOLON && shapeAt(bench, p) !== undefined)) {
      remove(bench, p, kind[open] === SEMICOLON ? open : p, 'declaration-macro', { name: wordAt(bench, p) });
    }
    return;
  }
  if (kind[nextOf(bench, open)] === STAR) return;
  const close = match[open];
  const next = nextOf(bench, close);
  if (kind[next] === OPEN_PAREN) return;
  if (
    kind[next] === STAR ||
    (kind[next] === IDENTIFIER && isDeclaratorBehind(bench, next) && !startsLine(bench, next))
  ) {
    keepOneArgument(bench, open);
    return;
  }
  if (kind[next] === CLOSE_PAREN) return;
  blankDeclaration(bench, p, p, close);
}
