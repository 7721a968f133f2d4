/** One walk over the live tokens that knows where statements, declarations, fields and initialisers begin. */
import { BLOCK, ENUM_BODY, FILE_SCOPE, INITIALISER, isSequenceContext, PARENTHESES, STRUCT_BODY } from './brackets.ts';
import { endOfArgumentMacro, rewriteArguments } from './call-arguments.ts';
import { blankHeadAnnotation, endTable, startDeclaration, startField } from './declarations.ts';
import {
  ASSEMBLY_WORD,
  CASE_WORD,
  HEAD_WORD,
  isDeclarationWord,
  JUMP_WORD,
  LEAD_WORD,
  NOT_A_KEYWORD,
  STORAGE_WORD,
  TYPEOF_WORD,
} from './keywords.ts';
import {
  CHARACTER,
  CLOSE_BRACE,
  CLOSE_PAREN,
  COLON,
  COMMA,
  DIRECTIVE,
  ELLIPSIS,
  END_OF_FILE,
  EQUALS,
  IDENTIFIER,
  INCREMENT,
  LOGICAL,
  NUMBER,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
  STRING,
} from './lexer.ts';
import {
  beginsAnew,
  endStatement,
  isDeclaratorBehind,
  rewriteForOfMacro,
  rewriteHead,
  rewriteTypeMacro,
  rewriteTypeof,
} from './macro-uses.ts';
import { isUpperCase } from './names.ts';
import { isOldStyleHead } from './old-style.ts';
import { trimRun, writeParameters } from './words.ts';
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
}

/** Rewrites everything that depends on where it stands. */
export function rewriteStructure(bench: Workbench): void {
  const { kind, match, context, count } = bench;
  const walk: Walk = { bench, startsAt: new Uint8Array(count + 2) };
  const { startsAt } = walk;
  // Open brackets: what stands inside, and whether parentheses hold a parameter list.
  const contexts: number[] = [FILE_SCOPE];
  const parameterLists: boolean[] = [false];
  let inside = FILE_SCOPE;
  let inParameters = false;
  let runEnd = -1;
  startsAt[0] = 1;
  for (let p = 0; p < count; p++) {
    const at = kind[p];
    if (at === REMOVED) {
      if (startsAt[p] === 1) startsAt[p + 1] = 1;
      continue;
    }
    if (at === IDENTIFIER) {
      const isStart = startsAt[p] === 1 && isSequenceContext(inside);
      if (isStart) {
        if (inside === BLOCK) startStatement(walk, p);
        else if (inside === FILE_SCOPE) startDeclaration(walk, p);
        else startField(walk, p);
        // The start may have been blanked: then the statement begins behind it.
        if (kind[p] === REMOVED) {
          startsAt[p + 1] = 1;
          continue;
        }
      }
      if (kind[p] !== IDENTIFIER) continue;
      if (inside === FILE_SCOPE && !isStart && p > 0 && kind[previousOf(bench, p)] === CLOSE_BRACE) {
        endTable(bench, p);
        if (kind[p] !== IDENTIFIER) continue;
      }
      if (inside === FILE_SCOPE && !isStart && isBodyMacro(bench, p)) {
        startsAt[p + 1] = 1;
        continue;
      }
      if (inside === FILE_SCOPE && !isStart && writeParameters(bench, p)) continue;
      const keyword = keywordAt(bench, p);
      if (keyword !== NOT_A_KEYWORD && inside === BLOCK) controlWord(walk, p, keyword);
      if (p > runEnd && (keyword === NOT_A_KEYWORD || isDeclarationWord(keyword))) {
        const next = nextOf(bench, p);
        if (kind[next] === IDENTIFIER || keyword === STORAGE_WORD || kind[previousOf(bench, p)] === CLOSE_PAREN) {
          runEnd = trimRun(bench, p, inside, isStart || startsAt[p] === 1, inParameters);
          if (kind[p] === REMOVED) {
            if (isStart) startsAt[p + 1] = 1;
            continue;
          }
        }
      }
      if (kind[nextOf(bench, p)] === OPEN_PAREN) wordBeforeParentheses(walk, p, inside, inParameters);
      else if (inside === INITIALISER || inside === ENUM_BODY) wordInList(bench, p, inside);
    } else if (at === OPEN_PAREN || at === OPEN_BRACKET || at === OPEN_BRACE) {
      if (match[p] < 0) continue;
      if (at === OPEN_PAREN) {
        inParameters = isParameterList(bench, p, inside, inParameters);
      } else {
        inParameters = false;
      }
      inside = context[p];
      contexts.push(inside);
      parameterLists.push(inParameters);
      if (isSequenceContext(inside)) startsAt[p + 1] = 1;
    } else if (at === CLOSE_BRACE || at === CLOSE_PAREN || at === 93) {
      if (match[p] < 0) continue;
      const closed = inside;
      if (contexts.length > 1) {
        contexts.pop();
        parameterLists.pop();
      }
      inside = contexts[contexts.length - 1];
      inParameters = parameterLists[parameterLists.length - 1];
      if (at === CLOSE_BRACE) {
        if (closed === BLOCK || closed === FILE_SCOPE) startsAt[p + 1] = 1;
        if (inside === INITIALISER) separate(bench, p);
      } else if (at === CLOSE_PAREN && inside === INITIALISER) separate(bench, p);
    } else if (at === SEMICOLON || at === DIRECTIVE) {
      if (isSequenceContext(inside)) startsAt[p + 1] = 1;
    }
  }
}

/** `int f(void) NOT_REACHED`, the macro being a body in braces: it is written as an empty one. */
function isBodyMacro(bench: Workbench, p: number): boolean {
  const before = previousOf(bench, p);
  if (before < 0 || bench.kind[before] !== CLOSE_PAREN || shapeAt(bench, p)?.role !== 'statement') return false;
  const name = wordAt(bench, p);
  if (name.length < 2 || bench.macros.definitionsOf(name)[0]?.body.startsWith('{') !== true) return false;
  const start = startOf(bench, p);
  blankText(bench, start, endOf(bench, p));
  writeText(bench, start, '{}');
  note(bench, start, endOf(bench, p), 'declaration-macro', { name });
  bench.kind[p] = REMOVED;
  return true;
}

/** True when the parentheses hold parameters: those of a declarator, and parentheses inside of them. */
function isParameterList(bench: Workbench, open: number, outside: number, inParameters: boolean): boolean {
  if (inParameters) return true;
  if (outside === FILE_SCOPE || outside === STRUCT_BODY) return true;
  if (outside !== BLOCK) return false;
  const callee = previousOf(bench, open);
  return callee >= 0 && bench.kind[callee] === IDENTIFIER && isDeclaredName(bench, callee);
}

/** How many tokens are looked back on for the beginning of a declaration. */
const MAXIMUM_DECLARATORS = 64;

/** True for a name with its type in front: `int f(int x);` within a block. */
function isDeclaredName(bench: Workbench, p: number): boolean {
  let before = previousOf(bench, p);
  let stars = 0;
  while (before >= 0 && bench.kind[before] === STAR) {
    before = previousOf(bench, before);
    stars++;
  }
  if (before >= 0 && bench.kind[before] === COMMA) return isInDeclaration(bench, before);
  if (before < 0 || bench.kind[before] !== IDENTIFIER) return false;
  const keyword = keywordAt(bench, before);
  if (isDeclarationWord(keyword)) return true;
  if (keyword !== NOT_A_KEYWORD) return false;
  if (stars === 0) return true;
  // `T *f(int)` at the beginning of a statement declares; `a * f(b)` further on multiplies.
  const first = previousOf(bench, before);
  return (
    first >= 0 &&
    isBoundary(bench.kind[first]) &&
    bench.kind[nextOf(bench, bench.match[nextOf(bench, p)])] === SEMICOLON
  );
}

/** True for a comma of `int f(int), g(int);`: the statement begins with a word that only declarations begin with. */
function isInDeclaration(bench: Workbench, comma: number): boolean {
  const { kind, match } = bench;
  let first = comma;
  for (let hops = 0; hops < MAXIMUM_DECLARATORS; hops++) {
    const before = previousOf(bench, first);
    if (before < 0 || isBoundary(kind[before])) return isDeclarationWord(keywordAt(bench, first));
    const isClosing = match[before] >= 0 && match[before] < before;
    first = isClosing ? match[before] : before;
  }
  return false;
}

function isBoundary(kind: number): boolean {
  return kind === SEMICOLON || kind === OPEN_BRACE || kind === CLOSE_BRACE || kind === DIRECTIVE;
}

function wordBeforeParentheses(walk: Walk, p: number, inside: number, inParameters: boolean): void {
  const { bench } = walk;
  const { kind, match } = bench;
  const open = nextOf(bench, p);
  const close = match[open];
  if (close < 0) return;
  const keyword = keywordAt(bench, p);
  if (keyword === TYPEOF_WORD) {
    rewriteTypeof(bench, open);
    return;
  }
  if (keyword !== NOT_A_KEYWORD) {
    if (wordAt(bench, p) === 'offsetof') rewriteOffsetof(bench, open, close);
    return;
  }
  const before = previousOf(bench, p);
  const next = nextOf(bench, close);
  if (endOfArgumentMacro(bench, p) === close && inside === PARENTHESES) {
    rewriteArguments(bench, open);
    return;
  }
  // Macros that make string literals, next to string literals.
  if ((before >= 0 && kind[before] === STRING) || kind[next] === STRING) {
    if (before >= 0 && keywordAt(bench, before) !== ASSEMBLY_WORD && walk.startsAt[p] === 0) {
      remove(bench, p, close, 'string-macro', { name: wordAt(bench, p) });
      return;
    }
  }
  if (inside === ENUM_BODY) {
    remove(bench, open, close, 'declaration-macro', { name: wordAt(bench, p) });
    separateAt(bench, p);
    return;
  }
  if (inside === FILE_SCOPE && before >= 0 && kind[before] === STAR && isOldStyleHead(bench, open)) {
    blankStars(bench, before);
    return;
  }
  if (inside === FILE_SCOPE && !inParameters && walk.startsAt[p] === 0) blankHeadAnnotation(bench, p, open);
  if (inParameters || inside === FILE_SCOPE || inside === STRUCT_BODY) return;
  if (inside === PARENTHESES || (inside === BLOCK && walk.startsAt[p] === 0)) joinStrings(bench, next);
  if (inside === BLOCK && isDeclaredName(bench, p)) return;
  rewriteArguments(bench, open);
}

/** The grammar knows no K&R definition that returns a pointer: the stars go. */
function blankStars(bench: Workbench, last: number): void {
  for (let p = last; p >= 0 && bench.kind[p] === STAR; p = previousOf(bench, p)) {
    remove(bench, p, p, 'syntax', { name: '*' });
  }
}

/** `T("a") T("b")`: string macros side by side in an expression; the first stands for all. */
function joinStrings(bench: Workbench, from: number): void {
  const { kind, match } = bench;
  let p = from;
  while (isPlainWord(bench, p) || kind[p] === STRING) {
    const open = nextOf(bench, p);
    const hasArguments = kind[p] === IDENTIFIER && kind[open] === OPEN_PAREN && match[open] > 0;
    const last = hasArguments ? match[open] : p;
    const following = nextOf(bench, last);
    remove(bench, p, last, 'string-macro', kind[p] === IDENTIFIER ? { name: wordAt(bench, p) } : {});
    p = following;
  }
}

/** `offsetof(struct a, b.c[1])`: the grammar takes one member. */
function rewriteOffsetof(bench: Workbench, open: number, close: number): void {
  for (let p = open + 1; p < close; p++) {
    if (bench.kind[p] !== COMMA) continue;
    const member = nextOf(bench, p);
    const rest = nextOf(bench, member);
    if (rest < close) remove(bench, rest, previousOf(bench, close), 'syntax');
    return;
  }
}

/** A lone name in an initialiser or enumerator list, followed by another element without a comma between them. */
function wordInList(bench: Workbench, p: number, inside: number): void {
  const next = nextOf(bench, p);
  const before = bench.kind[previousOf(bench, p)];
  if (before !== COMMA && before !== OPEN_BRACE) return;
  if (!startsLine(bench, next)) return;
  const kind = bench.kind[next];
  if (
    kind === OPEN_BRACE ||
    (kind === IDENTIFIER && isPlainWord(bench, next)) ||
    (inside === INITIALISER && kind === 46)
  ) {
    insertBetween(bench, p, next, ',');
  }
}

/** Puts the comma that a table made by macros leaves out behind its element that ends at `p`. */
function separate(bench: Workbench, p: number): void {
  const open = bench.match[p];
  const before = previousOf(bench, open);
  const isCall = bench.kind[p] === CLOSE_PAREN;
  if (isCall && (before < 0 || !isPlainWord(bench, before))) return;
  const first = isCall ? previousOf(bench, before) : before;
  const lead = first < 0 ? 0 : bench.kind[first];
  if (lead !== COMMA && lead !== OPEN_BRACE && lead !== CLOSE_BRACE && lead !== CLOSE_PAREN) return;
  separateAt(bench, p);
}

function separateAt(bench: Workbench, p: number): void {
  const next = nextOf(bench, p);
  const kind = bench.kind[next];
  if (
    kind === IDENTIFIER ||
    kind === OPEN_BRACE ||
    kind === NUMBER ||
    kind === CHARACTER ||
    (kind === 46 && startsLine(bench, next))
  ) {
    insertBetween(bench, p, next, ',');
  }
}

function controlWord(walk: Walk, p: number, keyword: number): void {
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
function startStatement(walk: Walk, p: number): void {
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
      if (!insertBetween(bench, next, after, ';')) shortenLabel(bench, p, next);
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

/** How many tokens a function may have for its labels to be found. */
const MAXIMUM_FUNCTION_TOKENS = 100_000;

/**
 * `end:` in front of a `}` without a blank between them: the statement that the grammar wants there takes a letter of the
 * label, and of all that name it.
 */
function shortenLabel(bench: Workbench, label: number, colon: number): void {
  const { kind, match, count } = bench;
  const name = wordAt(bench, label);
  const short = name.slice(0, -1);
  if (short === '' || keywordAt(bench, label) !== NOT_A_KEYWORD) return;
  let open = -1;
  for (let p = label - 1; p >= 0 && label - p < MAXIMUM_FUNCTION_TOKENS; p--) {
    if (kind[p] === CLOSE_BRACE && match[p] >= 0) p = match[p];
    else if (kind[p] === OPEN_BRACE) open = p;
  }
  if (open < 0 || match[open] < 0) return;
  const uses: number[] = [];
  for (let p = open; p < match[open] && p < count; p++) {
    if (kind[p] !== IDENTIFIER) continue;
    const before = previousOf(bench, p);
    const isLabel = p === label || wordAt(bench, before) === 'goto' || kind[before] === LOGICAL;
    if (wordAt(bench, p) === name && isLabel) uses.push(p);
    else if (wordAt(bench, p) === short && kind[nextOf(bench, p)] === COLON) return;
  }
  for (const p of uses) {
    writeText(bench, endOf(bench, p) - 1, ' ');
    note(bench, startOf(bench, p), endOf(bench, p), 'syntax', { name });
  }
  writeText(bench, endOf(bench, label) - 1, ':');
  writeText(bench, startOf(bench, colon), ';');
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
        (!startsLine(bench, next) && isDeclaratorBehind(bench, next) && isUpperCase(wordAt(bench, p)))
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
  if (role === 'annotation') {
    remove(bench, p, close, 'annotation', { name: wordAt(bench, p) });
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
  if (isStatement || (isUpperCase(wordAt(bench, p)) && beginsAnew(bench, p, next))) endHere(walk, p, p, next);
}
