import { CLOSE_BRACE, COMMA, EQUALS, IDENTIFIER, OPEN_BRACE, type Tokens } from './lexer.ts';

/** An enumerator and its value; undefined when the value is not a plain integer or follows from one that is not. */
export interface Enumerator {
  readonly name: string;
  readonly value: number | undefined;
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
  let i = first;
  while (i < tokens.count && tokens.kind[i] !== CLOSE_BRACE) {
    if (tokens.kind[i] !== IDENTIFIER) {
      i++;
      continue;
    }
    const name = textOf(text, tokens, i++);
    if (tokens.kind[i] === EQUALS) {
      const start = ++i;
      while (i < tokens.count && tokens.kind[i] !== COMMA && tokens.kind[i] !== CLOSE_BRACE) i++;
      const value = text.slice(tokens.start[start], tokens.end[Math.max(start, i - 1)]);
      next = /^-?(0[xX][0-9a-fA-F]+|\d+)$/.test(value) && !/^0\d/.test(value) ? Number(value) : undefined;
    }
    found.push({ name, value: next });
    if (next !== undefined) next++;
    while (i < tokens.count && tokens.kind[i] !== COMMA && tokens.kind[i] !== CLOSE_BRACE) i++;
  }
  return i;
}
