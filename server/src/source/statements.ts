/** What a statement begins with: a control word, a label, a declaration, a macro. */
import { removeAnnotation } from './annotation-targets.ts';
import { CASE_WORD, HEAD_WORD, isDeclarationWord, JUMP_WORD, LEAD_WORD, NOT_A_KEYWORD } from './keywords.ts';
import { type LabelNames, shortenLabel } from './labels.ts';
import {
  CLOSE_BRACE,
  CLOSE_PAREN,
  COLON,
  DIRECTIVE,
  ELLIPSIS,
  END_OF_FILE,
  EQUALS,
  IDENTIFIER,
  INCREMENT,
  NUMBER,
  OPEN_BRACE,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
} from './lexer.ts';
import {
  beginsAnew,
  endStatement,
  isAtMargin,
  isDeclaratorBehind,
  rewriteForOfMacro,
  rewriteHead,
  rewriteTypeMacro,
} from './macro-uses.ts';
import { isMacroName, suggestsCleanup } from './names.ts';
import {
  blankText,
  endOf,
  insertBetween,
  isPlainWord,
  keywordAt,
  nextOf,
  note,
  previousOf,
  remove,
  shapeAt,
  startOf,
  startsLine,
  type Workbench,
  wordAt,
  writeText,
} from './workbench.ts';

export interface Walk {
  readonly bench: Workbench;
  /** 1 at the positions where a statement, declaration or field begins. */
  readonly startsAt: Uint8Array;
  /** By the opening brace of a function. */
  readonly labels: Map<number, LabelNames>;
}

export function controlWord(walk: Walk, p: number, keyword: number): void {
  const { bench, startsAt } = walk;
  const { kind, match } = bench;
  if (keyword === HEAD_WORD) {
    let open = nextOf(bench, p);
    if (isPlainWord(bench, open) && kind[nextOf(bench, open)] === OPEN_PAREN) {
      // `if likely(x)`: the parentheses are the macro's.
      remove(bench, open, open, 'annotation', { name: wordAt(bench, open) });
      open = nextOf(bench, p);
    }
    if (kind[open] !== OPEN_PAREN || match[open] < 0) return;
    startsAt[match[open] + 1] = 1;
    if (wordAt(bench, p) === 'for') rewriteForOfMacro(bench, p, open);
  } else if (keyword === LEAD_WORD) {
    startsAt[p + 1] = 1;
  } else if (keyword === JUMP_WORD) {
    if (wordAt(bench, p) === 'goto' && kind[nextOf(bench, p)] === STAR) rewriteComputedGoto(bench, p);
  } else if (keyword === CASE_WORD) {
    endCase(walk, p);
  }
}

/** `goto *table[i];` becomes `goto table;`, a jump to a label that does not exist. */
function rewriteComputedGoto(bench: Workbench, p: number): void {
  const start = startOf(bench, p);
  let word = -1;
  let at = nextOf(bench, p);
  for (
    ;
    bench.kind[at] !== SEMICOLON && bench.kind[at] !== END_OF_FILE && bench.kind[at] !== CLOSE_BRACE;
    at = nextOf(bench, at)
  ) {
    if (word < 0 && isPlainWord(bench, at)) {
      word = at;
    } else {
      blankText(bench, startOf(bench, at), endOf(bench, at));
      if (bench.match[at] > at) {
        const close = bench.match[at];
        if (word >= 0) {
          blankText(bench, startOf(bench, at), endOf(bench, close));
          at = close;
        } else {
          blankText(bench, startOf(bench, close), endOf(bench, close));
        }
      }
    }
  }
  note(bench, start, endOf(bench, previousOf(bench, at)), 'computed-goto');
}

/** Finds the colon of `case x:`; the upper end of a range is blanked. */
function endCase(walk: Walk, p: number): void {
  const { bench, startsAt } = walk;
  const { kind, match, count } = bench;
  let questions = 0;
  for (let at = nextOf(bench, p); at < count - 1 && at < p + 400; at = nextOf(bench, at)) {
    if (kind[at] === 63) questions++;
    else if (kind[at] === COLON) {
      if (questions-- > 0) continue;
      startsAt[at + 1] = 1;
      return;
    } else if (kind[at] === ELLIPSIS) {
      let end = at;
      while (end < count - 1 && end < p + 400 && kind[nextOf(bench, end)] !== COLON) end = nextOf(bench, end);
      remove(bench, at, end, 'case-range');
    } else if (kind[at] === SEMICOLON || kind[at] === CLOSE_BRACE || kind[at] === OPEN_BRACE) {
      return;
    } else if (match[at] > at) {
      at = match[at];
    }
  }
}

/** A statement that begins with a word. */
export function startStatement(walk: Walk, p: number): void {
  const { bench, startsAt } = walk;
  const { kind } = bench;
  if (!isPlainWord(bench, p)) {
    if (wordAt(bench, p) === 'auto') rewriteAuto(bench, p);
    else if (wordAt(bench, p) === 'extern') blankImplicitFunction(bench, p);
    return;
  }
  const next = nextOf(bench, p);
  if (kind[next] === COLON) {
    startsAt[next + 1] = 1;
    const after = nextOf(bench, next);
    if (kind[after] === CLOSE_BRACE || kind[after] === DIRECTIVE) {
      if (!insertBetween(bench, next, after, ';')) shortenLabel(walk, p, next);
    }
    return;
  }
  const shape = shapeAt(bench, p);
  if (shape?.role === 'defer' && beginsDeferred(bench, next)) {
    remove(bench, p, p, 'defer', {
      name: wordAt(bench, p),
      meanings: [{ kind: 'defer' }],
      targets: [startOf(bench, next)],
    });
    return;
  }
  if (kind[next] === OPEN_PAREN && bench.match[next] > 0) startCall(walk, p, bench.match[next]);
  else startLoneWord(walk, p, next);
}

/** True when what stands behind `defer` is the statement that waits, and `defer` no name of something else. */
function beginsDeferred(bench: Workbench, p: number): boolean {
  const { kind, match } = bench;
  if (kind[p] !== OPEN_PAREN) {
    return kind[p] === IDENTIFIER || kind[p] === OPEN_BRACE || kind[p] === STAR || kind[p] === INCREMENT;
  }
  // `defer(free(p));` and `defer (void) free(p);`: what waits does something, or parentheses would not end in a call.
  const close = match[p];
  return close > 0 && (kind[previousOf(bench, close)] === CLOSE_PAREN || kind[nextOf(bench, close)] !== SEMICOLON);
}

/** `extern exit();`: a function that returns int, in the C of before 1999. The grammar wants the type, and nothing needs it. */
function blankImplicitFunction(bench: Workbench, p: number): void {
  const { kind, match } = bench;
  const name = nextOf(bench, p);
  const open = nextOf(bench, name);
  if (!isPlainWord(bench, name) || kind[open] !== OPEN_PAREN || match[open] < 0) return;
  const end = nextOf(bench, match[open]);
  if (kind[end] === SEMICOLON) remove(bench, p, end, 'syntax', { name: wordAt(bench, name) });
}

/** C23's `auto x = f();` has no type: `auto` becomes one. */
function rewriteAuto(bench: Workbench, p: number): void {
  const name = nextOf(bench, p);
  if (!isPlainWord(bench, name) || bench.kind[nextOf(bench, name)] !== EQUALS) return;
  writeText(bench, startOf(bench, p), 'int ');
  note(bench, startOf(bench, p), endOf(bench, p), 'syntax', { name: 'auto' });
}

/** `WORD(...)` at the beginning of a statement. */
function startCall(walk: Walk, p: number, close: number): void {
  const { bench, startsAt } = walk;
  const { kind } = bench;
  const next = nextOf(bench, close);
  const role = shapeAt(bench, p)?.role;
  if (role === 'iteration' || role === 'condition') {
    if (kind[next] !== SEMICOLON || role === 'iteration') {
      if (rewriteHead(bench, p, role === 'iteration')) startsAt[close + 1] = 1;
    }
    return;
  }
  switch (kind[next]) {
    case OPEN_BRACE:
      if (role !== 'type' && rewriteHead(bench, p, true)) startsAt[close + 1] = 1;
      return;
    case IDENTIFIER:
      break;
    case CLOSE_BRACE:
      endStatement(bench, p, close, next);
      return;
    case STAR:
      if (
        role === 'type' ||
        // A product that nobody uses is a declaration.
        (!startsLine(bench, next) && isDeclaratorBehind(bench, next))
      ) {
        rewriteTypeMacro(bench, p);
        return;
      }
      if (beginsAnew(bench, p, next)) endHere(walk, p, close, next);
      return;
    case OPEN_PAREN:
    case INCREMENT:
    case 38:
    case 33:
    case NUMBER:
      if (beginsAnew(bench, p, next)) endHere(walk, p, close, next);
      return;
    case DIRECTIVE:
      endHere(walk, p, close, next);
      return;
    case COLON:
      startCaseMacro(walk, p, next);
      return;
    default:
      return;
  }
  const keyword = keywordAt(bench, next);
  const isOnSameLine = !startsLine(bench, next);
  if (
    keyword === NOT_A_KEYWORD &&
    role !== 'statement' &&
    (role === 'type' || isOnSameLine) &&
    isDeclaratorBehind(bench, next)
  ) {
    rewriteTypeMacro(bench, p);
    return;
  }
  if (role === 'annotation' || (isOnSameLine && isDeclarationWord(keyword) && suggestsCleanup(wordAt(bench, p)))) {
    removeAnnotation(bench, p, close);
    return;
  }
  endHere(walk, p, close, next);
}

/** `CASE_BOTH(x):`, a macro for labels of a switch, becomes `case      (x):`. */
function startCaseMacro(walk: Walk, p: number, colon: number): void {
  const { bench, startsAt } = walk;
  const start = startOf(bench, p);
  const end = endOf(bench, p);
  if (end - start < 4) return;
  const name = wordAt(bench, p);
  blankText(bench, start, end);
  writeText(bench, start, 'case');
  note(bench, start, end, 'substitution', { name });
  startsAt[colon + 1] = 1;
}

function endHere(walk: Walk, p: number, close: number, next: number): void {
  endStatement(walk.bench, p, close, next);
  walk.startsAt[next] = 1;
}

/** A word at the beginning of a statement that is neither called nor a label. */
function startLoneWord(walk: Walk, p: number, next: number): void {
  const { bench, startsAt } = walk;
  const { kind } = bench;
  const shape = shapeAt(bench, p);
  const role = shape?.role;
  if (kind[next] === OPEN_BRACE) {
    if (role === 'type') return;
    if (role === 'iteration' || role === 'condition') rewriteHead(bench, p, role === 'iteration');
    else remove(bench, p, p, 'statement-macro', { name: wordAt(bench, p) });
    startsAt[p + 1] = 1;
    return;
  }
  if ((role === 'iteration' || role === 'condition') && kind[next] === IDENTIFIER) {
    rewriteHead(bench, p, role === 'iteration');
    startsAt[p + 1] = 1;
    return;
  }
  if (kind[next] === CLOSE_BRACE || kind[next] === DIRECTIVE) {
    if (kind[next] === CLOSE_BRACE || role !== 'type') endHere(walk, p, p, next);
    return;
  }
  if (kind[next] !== IDENTIFIER) {
    if (
      role !== undefined &&
      role !== 'type' &&
      (kind[next] === STAR || kind[next] === OPEN_PAREN) &&
      beginsAnew(bench, p, next)
    ) {
      endHere(walk, p, p, next);
    }
    return;
  }
  const keyword = keywordAt(bench, next);
  if (shape?.role === 'statement' || (keyword >= HEAD_WORD && keyword <= CASE_WORD)) {
    endHere(walk, p, p, next);
    return;
  }
  if (!startsLine(bench, next) || role === 'type' || role === 'annotation') return;
  const isStatement = role === 'expression' || role === 'fragment' || role === 'declaration' || role === 'string';
  // In the first column of an indented block stands what is meant for the compiler, as `#pragma` would.
  const isAlone = beginsAnew(bench, p, next) || isAtMargin(bench, p);
  if (isStatement || (isMacroName(wordAt(bench, p)) && isAlone)) endHere(walk, p, p, next);
}
