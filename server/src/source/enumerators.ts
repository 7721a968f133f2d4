import { detached } from '../base/detached.ts';
import {
  CLOSE_BRACE,
  CLOSE_PAREN,
  COMMA,
  EQUALS,
  IDENTIFIER,
  OPEN_BRACE,
  OPEN_PAREN,
  SEMICOLON,
  type Tokens,
} from './lexer.ts';

/** An enumerator and its value; undefined when the value is not a plain integer or follows from one that is not. */
export interface Enumerator {
  readonly name: string;
  readonly value: number | undefined;
  /** The expression that gives the value, as it is written, where it is no plain integer. */
  readonly expression?: string;
}

/** More enumerators than this in one file are generated tables, which no condition reads by name. */
const MAXIMUM_ENUMERATORS = 20_000;

/** The enumerators that a text declares, in one pass over its tokens. Any tokens give a list; nothing throws. */
export function readEnumerators(tokens: Tokens): Enumerator[] {
  const found: Enumerator[] = [];
  const keyword = tokens.names.indexOf('enum');
  if (keyword < 0) return found;
  for (let i = 0; i < tokens.count && found.length < MAXIMUM_ENUMERATORS; i++) {
    if (tokens.symbol[i] !== keyword) continue;
    let open = i + 1;
    if (tokens.kind[open] === IDENTIFIER) open++;
    if (tokens.kind[open] === OPEN_BRACE) i = readList(tokens, open + 1, found);
  }
  return found;
}

function textOf(text: string, tokens: Tokens, index: number): string {
  return text.slice(tokens.start[index], tokens.end[index]);
}

/** Reads the list behind a brace; the index of its end. */
function readList(tokens: Tokens, first: number, found: Enumerator[]): number {
  const { text } = tokens;
  let next: number | undefined = 0;
  /** Of an expression so many enumerators ago. */
  let expression: string | undefined;
  let distance = 0;
  let i = first;
  while (i < tokens.count && tokens.kind[i] !== CLOSE_BRACE) {
    if (tokens.kind[i] !== IDENTIFIER) {
      i++;
      continue;
    }
    const name = detached(textOf(text, tokens, i++));
    if (tokens.kind[i] === OPEN_PAREN) {
      // A macro that writes enumerators: how many, and which, is not known.
      i = behindParentheses(tokens, i);
      next = expression = undefined;
      continue;
    }
    if (tokens.kind[i] === EQUALS) {
      const start = ++i;
      i = endOfValue(tokens, i);
      const value = text.slice(tokens.start[start], tokens.end[Math.max(start, i - 1)]);
      const isPlain = /^-?(0[xX][0-9a-fA-F]+|\d+)$/.test(value) && !/^0\d/.test(value);
      next = isPlain ? Number(value) : undefined;
      expression = isPlain || value.length > MAXIMUM_EXPRESSION ? undefined : detached(value);
      distance = 0;
    }
    if (next !== undefined) found.push({ name, value: next++ });
    else if (expression === undefined) found.push({ name, value: undefined });
    else
      found.push({ name, value: undefined, expression: distance === 0 ? expression : `(${expression})+${distance}` });
    distance++;
    i = endOfValue(tokens, i);
  }
  return i;
}

/** Longer expressions are no values that anyone reads. */
const MAXIMUM_EXPRESSION = 120;

/** The index of the comma or brace that ends an enumerator. */
function endOfValue(tokens: Tokens, first: number): number {
  let i = first;
  while (i < tokens.count && tokens.kind[i] !== COMMA && tokens.kind[i] !== CLOSE_BRACE)
    i = tokens.kind[i] === OPEN_PAREN ? behindParentheses(tokens, i) : i + 1;
  return i;
}

/** The index behind the parenthesis that closes the one at `open`. */
function behindParentheses(tokens: Tokens, open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.count; i++) {
    if (tokens.kind[i] === OPEN_PAREN) depth++;
    else if (tokens.kind[i] === CLOSE_PAREN && --depth === 0) return i + 1;
    // Somebody is typing, or a macro closes it: what stands behind the list is none of its business.
    else if (tokens.kind[i] === CLOSE_BRACE || tokens.kind[i] === SEMICOLON) return i;
  }
  return tokens.count;
}
