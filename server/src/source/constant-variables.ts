import { directiveAt } from './directives.ts';
import { declarationMarks } from './file-scope.ts';
import {
  AMPERSAND,
  ASSIGNMENT,
  COMMA,
  COMPARISON,
  DIRECTIVE,
  EQUALS,
  IDENTIFIER,
  INCREMENT,
  NUMBER,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  type Tokens,
} from './lexer.ts';

/** A variable outside of functions that holds one number as long as the program runs. */
export interface ConstantVariable {
  readonly name: string;
  readonly value: number;
  /** Other files cannot mean it. */
  readonly isStatic: boolean;
}

/** More of them in one file are a generated table. */
const MAXIMUM_CONSTANTS = 1_000;
const INTEGER_WORD = /^(unsigned|signed|char|short|int|long|bool|_Bool|s?size_t|u?int(8|16|32|64)_t|inline)$/;
const HEADER = /\.(h|hh|hpp|hxx)\s*[">]\s*$/;
const NEVER_CALLED = /^(if|while|switch|return|for|sizeof)$/;

/**
 * The constants that a text declares in one line, as `static const int limit = 5;`, and static variables that nothing in the
 * text writes to: their initialiser is what they hold (C17 6.2.2: nobody else can name them), or zero without one (6.7.9p10).
 */
export function readConstantVariables(tokens: Tokens): ConstantVariable[] {
  const { kind, names, symbol, text, start, end } = tokens;
  const found: (ConstantVariable & { isConst: boolean; at: number })[] = [];
  for (const { at: i, first: begin } of declarationMarks(tokens)) {
    if (found.length >= MAXIMUM_CONSTANTS) break;
    const isBare = kind[i] === SEMICOLON && kind[begin] === IDENTIFIER && names[symbol[begin]] === 'static';
    if ((kind[i] !== EQUALS && !isBare) || kind[i - 1] !== IDENTIFIER) continue;
    const isNegative = !isBare && text.slice(start[i + 1], end[i + 1]) === '-';
    const number = isNegative ? i + 2 : i + 1;
    if (!isBare && (kind[number] !== NUMBER || kind[number + 1] !== SEMICOLON)) continue;
    const digits = isBare ? '0' : text.slice(start[number], end[number]);
    if (!/^(0|[1-9]\d{0,14}|0[xX][0-9a-fA-F]{1,12})$/.test(digits)) continue;
    const words: string[] = [];
    for (let word = begin; word < i - 1; word++) words.push(kind[word] === IDENTIFIER ? names[symbol[word]] : '');
    const types = words.filter((word) => word !== 'static' && word !== 'const');
    const isStatic = words.includes('static');
    const isConst = words.includes('const');
    if ((!isStatic && !isConst) || types.length === 0 || !types.every((word) => INTEGER_WORD.test(word))) continue;
    const value = isNegative && digits !== '0' ? -Number(digits) : Number(digits);
    found.push({ name: names[symbol[i - 1]], value, isStatic, isConst, at: i - 1 });
  }
  const times = new Map<string, number>();
  for (const { name } of found) times.set(name, (times.get(name) ?? 0) + 1);
  const doubtful = found.some(({ isConst }) => !isConst) ? writtenNames(tokens, found) : new Set<string>();
  return (
    found
      // What is declared again may have another value there.
      .filter(({ name, isConst }) => isConst || (!doubtful.has(name) && times.get(name) === 1))
      .map(({ name, value, isStatic }) => ({ name, value, isStatic }))
  );
}

/** Of some variables those that something may write to: an assignment, an address, a macro that is given their name. */
function writtenNames(tokens: Tokens, variables: readonly { name: string; at: number }[]): ReadonlySet<string> {
  const { kind, symbol, names, count } = tokens;
  const written = new Set<string>();
  const declarations = new Set(variables.map(({ at }) => at));
  const watched = new Set(variables.map(({ at }) => symbol[at]));
  for (let i = 0; i < count; i++) {
    if (kind[i] === DIRECTIVE) {
      const { name: word, argument } = directiveAt(tokens, i);
      // What is no header is a part of this text, and may write to all of them.
      if (word === 'include' && !HEADER.test(argument)) return new Set(variables.map(({ name }) => name));
      if (word === 'define') for (const { name } of variables) if (argument.includes(name)) written.add(name);
      continue;
    }
    if (!watched.has(symbol[i]) || declarations.has(i)) continue;
    if (!isRead(tokens, i)) written.add(names[symbol[i]]);
  }
  return written;
}

function isRead({ kind, symbol, names }: Tokens, i: number): boolean {
  const next = kind[i + 1];
  const before = kind[i - 1];
  if (next === EQUALS || next === ASSIGNMENT || next === INCREMENT || next === OPEN_BRACKET) return false;
  if (before === INCREMENT || before === AMPERSAND || before === COMMA || next === COMMA) return false;
  // `(name == 5)` under a keyword is a test; what a call or a macro is given may be anything.
  const isArgument = before === OPEN_PAREN && kind[i - 2] === IDENTIFIER && !NEVER_CALLED.test(names[symbol[i - 2]]);
  return !isArgument || next === COMPARISON;
}
