/** What the tokens of a macro's body show by themselves, whatever the macros mean that it uses. */
import { HEAD_WORD, keywordClass, NOT_A_KEYWORD, QUALIFIER_WORD } from './keywords.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  HASH_HASH,
  IDENTIFIER,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
  type Tokens,
} from './lexer.ts';

export function wordAt(tokens: Tokens, index: number): string {
  return tokens.kind[index] === IDENTIFIER ? tokens.names[tokens.symbol[index]] : '';
}

/** The index of the bracket that closes the one at `open`, or the last token before `count`. */
export function closing(tokens: Tokens, open: number, count: number): number {
  let depth = 0;
  for (let index = open; index < count; index++) {
    const kind = tokens.kind[index];
    if (kind === OPEN_PAREN || kind === OPEN_BRACE || kind === OPEN_BRACKET) depth++;
    else if (kind === CLOSE_PAREN || kind === CLOSE_BRACE || kind === CLOSE_BRACKET) {
      if (--depth === 0) return index;
    }
  }
  return count - 1;
}

export function isBalanced(tokens: Tokens, count: number): boolean {
  let depth = 0;
  for (let index = 0; index < count; index++) {
    const kind = tokens.kind[index];
    if (kind === OPEN_PAREN || kind === OPEN_BRACE || kind === OPEN_BRACKET) depth++;
    else if ((kind === CLOSE_PAREN || kind === CLOSE_BRACE || kind === CLOSE_BRACKET) && --depth < 0) return false;
  }
  return depth === 0;
}

/** `T x ...;` at the beginning: two words side by side only stand in declarations. */
export function declaresFirst(tokens: Tokens): boolean {
  return tokens.kind[0] === IDENTIFIER && tokens.kind[1] === IDENTIFIER;
}

/** A body that ends in a head without its statement: `for (...)`, `if (x) {} else`, `for (...) if (x)`. */
export function waitingHead(tokens: Tokens, count: number): 'iteration' | 'condition' | undefined {
  const { kind } = tokens;
  let headWord = '';
  if (kind[count - 1] === CLOSE_PAREN) {
    let depth = 0;
    let index = count - 1;
    for (; index >= 0; index--) {
      if (kind[index] === CLOSE_PAREN) depth++;
      else if (kind[index] === OPEN_PAREN && --depth === 0) break;
    }
    headWord = wordAt(tokens, index - 1);
    if (keywordClass(headWord) !== HEAD_WORD) return undefined;
    // `do { } while (0)` is complete.
    if (headWord === 'while' && hasWord(tokens, count, 'do')) return undefined;
  } else if (wordAt(tokens, count - 1) !== 'else') {
    return undefined;
  }
  for (let index = 0; index < count; index++) {
    const word = wordAt(tokens, index);
    if (word === 'for' || word === 'while') return 'iteration';
  }
  return 'condition';
}

function hasWord(tokens: Tokens, count: number, wanted: string): boolean {
  for (let index = 0; index < count; index++) if (wordAt(tokens, index) === wanted) return true;
  return false;
}

/** True when the tokens from `from` to `to` read as the name of a type: words with at most stars behind them. */
export function isTypeName(tokens: Tokens, from: number, to: number): boolean {
  let words = 0;
  let isType = false;
  for (let index = from; index < to; index++) {
    const kind = tokens.kind[index];
    if (kind === IDENTIFIER) {
      const keyword = keywordClass(wordAt(tokens, index));
      if (keyword > QUALIFIER_WORD) return false;
      if (keyword !== NOT_A_KEYWORD) isType = true;
      words++;
    } else if (kind === STAR) {
      if (words === 0) return false;
      isType = true;
    } else if (kind !== HASH_HASH) {
      return false;
    }
  }
  return isType && words > 0;
}

export function hasTopLevelSemicolon(tokens: Tokens, count: number): boolean {
  let depth = 0;
  for (let index = 0; index < count; index++) {
    const kind = tokens.kind[index];
    if (kind === OPEN_PAREN || kind === OPEN_BRACE || kind === OPEN_BRACKET) depth++;
    else if (kind === CLOSE_PAREN || kind === CLOSE_BRACE || kind === CLOSE_BRACKET) depth--;
    else if (kind === SEMICOLON && depth === 0) return true;
  }
  return false;
}
