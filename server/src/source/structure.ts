/** One walk over the live tokens that knows where statements, declarations, fields and initialisers begin. */
import { BLOCK, ENUM_BODY, FILE_SCOPE, INITIALISER, isSequenceContext, PARENTHESES, STRUCT_BODY } from './brackets.ts';
import { endOfArgumentMacro, rewriteArguments } from './call-arguments.ts';
import { blankHeadAnnotation, endTable, startDeclaration, startField } from './declarations.ts';
import { ASSEMBLY_WORD, isDeclarationWord, NOT_A_KEYWORD, STORAGE_WORD, TYPEOF_WORD } from './keywords.ts';
import {
  CLOSE_BRACE,
  CLOSE_PAREN,
  COMMA,
  DIRECTIVE,
  IDENTIFIER,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
  STRING,
} from './lexer.ts';
import { joinStrings, separate, separateAt, wordInList } from './lists.ts';
import { rewriteTypeof } from './macro-uses.ts';
import { isOldStyleHead } from './old-style.ts';
import { controlWord, startStatement, type Walk } from './statements.ts';
import { trimRun, writeBody, writeParameters } from './words.ts';
import { keywordAt, nextOf, previousOf, REMOVED, remove, type Workbench, wordAt } from './workbench.ts';

/** Rewrites everything that depends on where it stands. */
export function rewriteStructure(bench: Workbench): void {
  const { kind, match, context, count } = bench;
  const walk: Walk = { bench, startsAt: new Uint8Array(count + 2), labels: new Map() };
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
      if (inside === FILE_SCOPE && !isStart && writeBody(bench, p)) {
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
