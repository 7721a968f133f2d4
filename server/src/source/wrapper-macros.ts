/** Macros that stand around one of their arguments, which is left alone in their place. */
import { PARENTHESES } from './brackets.ts';
import { isDeclarationWord, NOT_A_KEYWORD, TYPE_WORD } from './keywords.ts';
import {
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COMMA,
  COMPARISON,
  EQUALS,
  IDENTIFIER,
  LOGICAL,
  NUMBER,
  OPEN_PAREN,
  STAR,
  STRING,
} from './lexer.ts';
import type { MacroShape } from './macro-roles.ts';
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
  startOf,
  type Workbench,
  wordAt,
  writeText,
} from './workbench.ts';

/**
 * `OF((int x))`, `IF_FEATURE(, argument)`: a macro that is its own argument, by its body or, where that is not known,
 * because nothing but its argument fits where it stands.
 */
export function isWrapper(bench: Workbench, p: number, shape: MacroShape | undefined): boolean {
  const { kind, match } = bench;
  const close = match[p + 1];
  const first = nextOf(bench, p + 1);
  const last = previousOf(bench, close);
  if (first >= close) return false;
  const before = previousOf(bench, p);
  if (before < 0) return false;
  const left = kind[before];
  const isBehindOperand =
    left === IDENTIFIER
      ? keywordAt(bench, before) === NOT_A_KEYWORD
      : left === NUMBER || left === CLOSE_PAREN || left === CLOSE_BRACKET;
  if (shape?.role !== 'argument') {
    if (shape !== undefined && shape.role !== 'expression') return false;
    if (kind[first] === COMMA) return isBehindOperand || left === STAR || left === STRING;
    const next = nextOf(bench, close);
    if (kind[last] === COMMA || kind[last] === EQUALS) return kind[next] === IDENTIFIER;
    if (shape === undefined) {
      if ((left === COMMA || left === OPEN_PAREN) && isDeclarationWord(keywordAt(bench, first))) {
        return keywordAt(bench, next) === TYPE_WORD;
      }
    }
    return isBehindOperand && left !== CLOSE_PAREN && isJoint(kind[first]) && first !== last;
  }
  if (kind[first] === COMMA || kind[last] === COMMA || isJoint(kind[first]) || isJoint(kind[last])) return true;
  if (left === IDENTIFIER && kind[first] === OPEN_PAREN && match[first] === last) return true;
  return isDeclarationWord(keywordAt(bench, first)) && kind[nextOf(bench, close)] === IDENTIFIER;
}

/** `int name PARAMETERS((a, b), int a, int b)`: a macro for parameters behind a declared name. */
export function isParameterMacro(bench: Workbench, p: number): boolean {
  if (bench.match[p + 1] < 0 || bench.match[p + 2] < 0) return false;
  const name = previousOf(bench, p);
  // `int (*name) PARAMETERS((int x))`
  if (name > 0 && bench.kind[name] === CLOSE_PAREN) return bench.kind[bench.match[name] + 1] === STAR;
  const type = name < 0 ? -1 : previousOf(bench, name);
  if (type < 0 || !isPlainWord(bench, name)) return false;
  // `int f OF((int)), g OF((int));`
  if (bench.kind[type] === COMMA) return true;
  return bench.kind[type] === STAR || isPlainWord(bench, type) || isDeclarationWord(keywordAt(bench, type));
}

/** `f(a ALSO(b))` with `#define ALSO(x) , x`, or with the comma behind: one more argument, or one more parameter. */
export function furtherArgument(bench: Workbench, p: number): 'before' | 'behind' | undefined {
  if (bench.shapes[bench.tokens.symbol[bench.index[p]]] === undefined) return undefined;
  const definition = bench.macros.definitionsOf(wordAt(bench, p)).find(({ body }) => body !== '');
  if (definition?.parameters?.length !== 1) return undefined;
  const { body, parameters } = definition;
  if (body.startsWith(',') && body.slice(1).trim() === parameters[0]) return 'before';
  return body.endsWith(',') && body.slice(0, -1).trim() === parameters[0] ? 'behind' : undefined;
}

/** Leaves the argument, and the comma in the place of a parenthesis or of the name. */
export function writeComma(bench: Workbench, p: number, side: 'before' | 'behind'): void {
  const { kind, match } = bench;
  const close = match[p + 1];
  const comma = side === 'before' ? p : close;
  const name = wordAt(bench, p);
  match[p + 1] = match[close] = -1;
  blankText(bench, startOf(bench, p), endOf(bench, p + 1));
  blankText(bench, startOf(bench, close), endOf(bench, close));
  writeText(bench, startOf(bench, comma), ',');
  note(bench, startOf(bench, p), endOf(bench, p + 1), 'substitution', { name });
  note(bench, startOf(bench, close), endOf(bench, close), 'substitution', { name });
  kind[p] = kind[p + 1] = kind[close] = REMOVED;
  kind[comma] = COMMA;
}

/** Leaves the parameters with their types: those behind the list of names, or the list itself if it is all there is. */
export function unwrapParameters(bench: Workbench, p: number): void {
  const { kind, match } = bench;
  const comma = nextOf(bench, match[p + 2]);
  if (kind[comma] !== COMMA || comma >= match[p + 1]) {
    unwrap(bench, p);
    return;
  }
  const close = match[p + 1];
  writeText(bench, startOf(bench, comma), '(');
  const name = wordAt(bench, p);
  const last = previousOf(bench, comma);
  remove(bench, p, last, 'annotation', { name });
  kind[comma] = OPEN_PAREN;
  match[comma] = close;
  match[close] = comma;
  bench.context[comma] = PARENTHESES;
}

/** Operators that join an operand before them to one behind. */
function isJoint(kind: number): boolean {
  return kind === LOGICAL || kind === COMPARISON || kind === 43 || kind === 124 || kind === 47 || kind === EQUALS;
}

/** Blanks the name and the parentheses, so that the argument stands alone: of several that which the macro stands for, where it is known. */
export function unwrap(bench: Workbench, p: number, argument?: number): void {
  const close = bench.match[p + 1];
  if (argument !== undefined) removeOthers(bench, p + 1, argument);
  const name = wordAt(bench, p);
  bench.match[p + 1] = bench.match[close] = -1;
  remove(bench, p, p + 1, 'annotation', { name });
  remove(bench, close, close, 'annotation', { name });
}

/** Of the arguments in parentheses one stays. */
function removeOthers(bench: Workbench, open: number, argument: number): void {
  const { kind, match } = bench;
  const close = match[open];
  const commas: number[] = [];
  for (let at = open + 1; at < close; at = Math.max(at + 1, match[at])) if (kind[at] === COMMA) commas.push(at);
  const from = argument === 0 ? open + 1 : (commas.at(argument - 1) ?? close) + 1;
  const to = commas.at(argument) ?? close;
  if (from >= to) return;
  if (from > open + 1) remove(bench, open + 1, from - 1, 'type-argument');
  if (to < close) remove(bench, to, close - 1, 'type-argument');
}
