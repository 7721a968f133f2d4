/**
 * Runs of words: two words side by side only stand in a declaration, and a declaration has one type and one name. What
 * is left over are annotations that nobody defined in sight.
 */
import { removeAnnotation } from './annotation-targets.ts';
import { BLOCK, ENUM_BODY, FILE_SCOPE, INITIALISER, isSequenceContext, PARENTHESES, STRUCT_BODY } from './brackets.ts';
import { isDeclarationWord, JUMP_WORD, NOT_A_KEYWORD, STORAGE_WORD, TAG_WORD, TYPE_WORD } from './keywords.ts';
import {
  ASSIGNMENT,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COLON,
  COMMA,
  COMPARISON,
  EQUALS,
  IDENTIFIER,
  LOGICAL,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
  STRING,
} from './lexer.ts';
import { isUpperCase } from './names.ts';
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

interface WordRun {
  /** Positions of the words that are neither keywords nor the tag of a `struct`. */
  readonly plain: readonly number[];
  readonly hasType: boolean;
  /** The position of the first storage class or qualifier word, -1 if there is none. */
  readonly storage: number;
  /** The position of the first type word, or -1. */
  readonly type: number;
  readonly last: number;
  /** The position behind the run. */
  readonly next: number;
}

/** The run of declaration words and other names that begins at `p`. */
function readRun(bench: Workbench, p: number): WordRun {
  const plain: number[] = [];
  let hasType = false;
  let storage = -1;
  let type = -1;
  let last = p;
  let at = p;
  while (bench.kind[at] === IDENTIFIER) {
    const keyword = keywordAt(bench, at);
    if (keyword !== NOT_A_KEYWORD && !isDeclarationWord(keyword)) break;
    last = at;
    if (keyword === NOT_A_KEYWORD) {
      plain.push(at);
    } else if (keyword === TAG_WORD) {
      hasType = true;
      if (type < 0) type = at;
      const tag = readTag(bench, nextOf(bench, at));
      if (tag >= 0) last = at = tag;
    } else if (keyword === TYPE_WORD) {
      hasType = true;
      if (type < 0) type = at;
    } else if (storage < 0) {
      storage = at;
    }
    at = nextOf(bench, at);
  }
  return { plain, hasType, storage, type, last, next: at };
}

/** The tag behind `struct`; annotations between the two are blanked. -1 for an anonymous one. */
function readTag(bench: Workbench, p: number): number {
  let tag = p;
  if (bench.kind[tag] !== IDENTIFIER || keywordAt(bench, tag) !== NOT_A_KEYWORD) return -1;
  for (let hops = 0; hops < 6; hops++) {
    const next = nextOf(bench, tag);
    if (bench.kind[next] !== IDENTIFIER || keywordAt(bench, next) !== NOT_A_KEYWORD) return tag;
    const behind = nextOf(bench, next);
    const isPlain = bench.kind[behind] === IDENTIFIER && keywordAt(bench, behind) === NOT_A_KEYWORD;
    if (bench.kind[behind] !== OPEN_BRACE && !(isPlain && looksLikeAnnotation(wordAt(bench, tag)) > 1)) return tag;
    remove(bench, tag, tag, 'annotation', { name: wordAt(bench, tag) });
    tag = next;
  }
  return tag;
}

/** How much a name looks like one that stands for no part of the program. */
function looksLikeAnnotation(name: string): number {
  let score = 0;
  if (isUpperCase(name)) score += 2;
  if (name.startsWith('_')) score += 1;
  if (name.endsWith('_') || name.startsWith('__')) score += 1;
  if (name.endsWith('_t')) score -= 3;
  if (
    /api|export|import|inline|unused|attr|noreturn|public|private|decl|call|linkage|local|hidden|visible|const$|pure|deprecated|packed/i.test(
      name,
    )
  ) {
    score += 1.5;
  }
  return score;
}

/** `int f PARAMETERS {`, a macro for all that stands between a function's name and its body: false where it is something else. */
export function writeParameters(bench: Workbench, p: number): boolean {
  const before = previousOf(bench, p);
  if (bench.kind[nextOf(bench, p)] !== OPEN_BRACE || before < 0 || !isPlainWord(bench, before)) return false;
  return writeBrackets(bench, p, '()');
}

/** `int f(void) NOT_REACHED`, the macro being a body in braces, becomes an empty one: false where it is something else. */
export function writeBody(bench: Workbench, p: number): boolean {
  const before = previousOf(bench, p);
  if (before < 0 || bench.kind[before] !== CLOSE_PAREN || shapeAt(bench, p)?.role !== 'statement') return false;
  return writeBrackets(bench, p, '{}');
}

/** Writes brackets over a macro whose body begins with the first of them; false for another. */
function writeBrackets(bench: Workbench, p: number, brackets: '()' | '{}'): boolean {
  const name = wordAt(bench, p);
  if (name.length < brackets.length) return false;
  if (bench.macros.definitionsOf(name)[0]?.body.startsWith(brackets[0]) !== true) return false;
  const start = startOf(bench, p);
  blankText(bench, start, endOf(bench, p));
  writeText(bench, start, brackets);
  note(bench, start, endOf(bench, p), 'declaration-macro', { name });
  bench.kind[p] = REMOVED;
  return true;
}

/** Blanks the words that are too many in the run at `p`; returns the last position of the run. */
export function trimRun(bench: Workbench, p: number, context: number, isStart: boolean, inParameters: boolean): number {
  const run = readRun(bench, p);
  const { plain, next } = run;
  const { kind } = bench;
  const before = previousOf(bench, p);
  const beforeKind = before < 0 ? SEMICOLON : kind[before];
  const after = kind[next];
  if (context === ENUM_BODY) return run.last;
  if (context === FILE_SCOPE && after === OPEN_BRACE && writeParameters(bench, run.last)) return run.last;
  if (context === INITIALISER && !run.hasType) {
    // Elements without a comma between them on one line are string macros side by side.
    if (plain.length > 1 && !startsLine(bench, plain[1])) {
      remove(bench, plain[1], plain[plain.length - 1], 'string-macro', { name: wordAt(bench, plain[1]) });
    }
    return run.last;
  }
  if (after === STRING || beforeKind === STRING) {
    if (plain.length > 1 && !run.hasType && !isStart) {
      const from = beforeKind === STRING ? plain[0] : plain[1];
      remove(bench, from, plain[plain.length - 1], 'string-macro', { name: wordAt(bench, from) });
    }
    return run.last;
  }
  if (inParameters && beforeKind === CLOSE_PAREN && isTypeMacro(bench, before, run)) {
    remove(bench, bench.match[before], before, 'type-macro', { name: wordAt(bench, bench.match[before] - 1) });
    for (const position of plain.slice(1)) removeAnnotation(bench, position, position);
    return run.last;
  }
  let base = run.hasType ? 0 : 1;
  let name = after === STAR || (after === OPEN_PAREN && isPointerDeclarator(bench, next)) ? 0 : 1;
  if (after === OPEN_BRACE) name = 0;
  // A cast names a type and nothing else.
  if (context === PARENTHESES && !inParameters && run.hasType && beforeKind === OPEN_PAREN && after === CLOSE_PAREN)
    name = 0;
  if (!isStart && beforeKind === STAR) {
    base = 0;
  } else if (!isStart && beforeKind === COMMA && isSequenceContext(context)) {
    base = 0;
  } else if (!isStart && (beforeKind === CLOSE_BRACKET || beforeKind === CLOSE_PAREN) && !inParameters) {
    if (context === BLOCK && beforeKind === CLOSE_PAREN) base = run.hasType ? 0 : 1;
    else return trimBehindDeclarator(bench, before, run, context);
  } else if (!isStart && !inParameters && !run.hasType && run.storage < 0 && isExpressionLead(bench, before)) {
    if (plain.length > 1) {
      remove(bench, plain[0], plain[plain.length - 2], 'cast-macro', { name: wordAt(bench, plain[0]) });
    }
    return run.last;
  } else if (!isStart && beforeKind === CLOSE_BRACE) {
    base = 0;
  } else if (context === PARENTHESES && inParameters && (beforeKind === CLOSE_BRACKET || beforeKind === CLOSE_PAREN)) {
    base = name = 0;
  }
  if (isStart && plain.length === 1 && !run.hasType && run.storage >= 0) giveType(bench, run, context);
  let excess = plain.length - base - name;
  if (excess <= 0) return run.last;
  const ranked = plain.map((position, i) => {
    const isNamed = inParameters && isNamedInBody(bench, run.next, position);
    return { position, score: scoreOf(bench, run, position, i, name) - (isNamed ? PARAMETER_SCORE : 0) };
  });
  ranked.sort((a, b) => b.score - a.score || a.position - b.position);
  for (const { position } of ranked) {
    if (excess-- <= 0) break;
    removeAnnotation(bench, position, position);
  }
  return run.last;
}

/** `TYPE(x) name` at the beginning of a parameter: `close` ends what a macro, which stands for the type, is given. */
function isTypeMacro({ kind, match, keyword, tokens, index }: Workbench, close: number, run: WordRun): boolean {
  const open = match[close];
  const after = kind[run.next];
  if (run.hasType || run.plain.length === 0 || open < 2 || kind[open - 1] !== IDENTIFIER) return false;
  if (keyword[tokens.symbol[index[open - 1]]] !== NOT_A_KEYWORD) return false;
  if (after !== COMMA && after !== CLOSE_PAREN && after !== OPEN_BRACKET) return false;
  return kind[open - 2] === OPEN_PAREN || kind[open - 2] === COMMA;
}

/** True when an expression begins behind the token: words side by side there are casts. */
function isExpressionLead(bench: Workbench, before: number): boolean {
  const kind = bench.kind[before];
  if (kind === IDENTIFIER) return keywordAt(bench, before) === JUMP_WORD;
  return (
    kind === EQUALS || kind === ASSIGNMENT || kind === COMPARISON || kind === LOGICAL || kind === 63 || kind === 33
  );
}

/** How much less a word looks like an annotation when the function that has it among its parameters uses it. */
const PARAMETER_SCORE = 4;
/** So many tokens of a function are looked through for a parameter's name. */
const MAXIMUM_TOKENS = 4000;

/** `void release(void *memory MORE_PARAMETERS) { free(memory); }`: what the body names is no macro that the head ends with. */
function isNamedInBody(bench: Workbench, behind: number, position: number): boolean {
  const { kind, match } = bench;
  let open = behind;
  for (let hops = 0; kind[open] !== OPEN_BRACE; hops++) {
    if (kind[open] === SEMICOLON || hops > MAXIMUM_TOKENS || nextOf(bench, open) === open) return false;
    open = nextOf(bench, open);
  }
  const word = wordAt(bench, position);
  const end = Math.min(match[open], open + MAXIMUM_TOKENS);
  for (let p = open + 1; p < end; p++) if (kind[p] === IDENTIFIER && wordAt(bench, p) === word) return true;
  return false;
}

function scoreOf(bench: Workbench, run: WordRun, position: number, i: number, name: number): number {
  const shape = shapeAt(bench, position);
  let score = looksLikeAnnotation(wordAt(bench, position));
  if (shape !== undefined) score += shape.role === 'type' ? -4 : 2;
  if (run.type > position) score += 4;
  const isLast = i === run.plain.length - 1;
  if (isLast && name === 1) {
    const after = bench.kind[run.next];
    score -= after === OPEN_PAREN ? 6 : 1.5;
  }
  return score;
}

/** `T (*name)(...)`: the parentheses hold a declarator, not parameters. */
function isPointerDeclarator(bench: Workbench, open: number): boolean {
  const inner = nextOf(bench, open);
  const close = bench.match[open];
  if (close < 0) return false;
  let at = inner;
  if (bench.kind[at] === IDENTIFIER && bench.kind[nextOf(bench, at)] === STAR) at = nextOf(bench, at);
  if (bench.kind[at] !== STAR && bench.kind[at] !== 94) return false;
  const after = bench.kind[nextOf(bench, close)];
  return after === OPEN_PAREN || after === OPEN_BRACKET;
}

/** Words behind a parameter list or an array: annotations, unless they declare a K&R function's parameters. */
function trimBehindDeclarator(bench: Workbench, before: number, run: WordRun, context: number): number {
  const after = bench.kind[run.next];
  if (run.plain.length === 0) return run.last;
  if (run.hasType || run.storage >= 0) {
    // A K&R parameter's declaration: nothing but the name may stand behind its type.
    const allowed = after === STAR ? 0 : 1;
    for (let i = 0; i < run.plain.length - allowed && run.hasType; i++) {
      removeAnnotation(bench, run.plain[i], run.plain[i]);
    }
    return run.last;
  }
  const isEnd =
    after === SEMICOLON ||
    after === OPEN_BRACE ||
    after === COMMA ||
    after === EQUALS ||
    after === CLOSE_PAREN ||
    after === COLON;
  if (!isEnd || (context !== FILE_SCOPE && context !== STRUCT_BODY && context !== BLOCK)) return run.last;
  if (run.plain.length === 2 && after !== OPEN_BRACE && bench.kind[before] === CLOSE_PAREN) {
    const name = wordAt(bench, run.plain[1]);
    for (let at = bench.match[before]; at >= 0 && at < before; at++) if (wordAt(bench, at) === name) return run.last;
  }
  removeAnnotation(bench, run.plain[0], run.plain[run.plain.length - 1]);
  return run.last;
}

/** `static x;`, `register n = 1;`, `auto p = f();`: the type that C leaves out is written over the storage class. */
function giveType(bench: Workbench, run: WordRun, context: number): void {
  const { kind, match } = bench;
  const after = kind[run.next];
  if (after === OPEN_PAREN) {
    if (context !== FILE_SCOPE || match[run.next] < 0 || shapeAt(bench, run.plain[0]) !== undefined) return;
    const behind = nextOf(bench, match[run.next]);
    const isOldStyle = isDeclarationWord(keywordAt(bench, behind)) && keywordAt(bench, behind) !== STORAGE_WORD;
    if (kind[behind] !== OPEN_BRACE && !isOldStyle) return;
    if (isUpperCase(wordAt(bench, run.plain[0]))) return;
  } else if (after !== EQUALS && after !== SEMICOLON && after !== COMMA) {
    return;
  }
  if (wordAt(bench, run.storage) === 'typedef') return;
  const start = startOf(bench, run.storage);
  blankText(bench, start, endOf(bench, run.storage));
  writeText(bench, start, 'int');
  const isStatic = wordAt(bench, run.storage) === 'static';
  note(
    bench,
    start,
    endOf(bench, run.storage),
    'syntax',
    isStatic ? { meanings: [{ kind: 'static' }], targets: [startOf(bench, run.plain[0])] } : {},
  );
}
