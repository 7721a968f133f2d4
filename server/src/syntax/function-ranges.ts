/** Where functions begin and end, told from brackets and layout alone: the places at which a broken parse starts anew. */
import {
  CLOSE_BRACE,
  CLOSE_PAREN,
  DIRECTIVE,
  EQUALS,
  IDENTIFIER,
  OPEN_BRACE,
  OPEN_PAREN,
  SEMICOLON,
  type Tokens,
  tokeniseOnce,
} from '../source/lexer.ts';

export interface FunctionRange {
  /** The first token of the head. */
  readonly start: number;
  /** Behind the closing brace. */
  readonly end: number;
}

/**
 * Functions of a normalised text. A `}` in the first column ends a function even when braces inside do not match,
 * so that one broken function does not take the next with it.
 */
export function functionRanges(text: string): FunctionRange[] {
  const tokens = tokeniseOnce(text);
  const { kind, start, end, count } = tokens;
  const ranges: FunctionRange[] = [];
  let depth = 0;
  let head = 0;
  let parens = 0;
  let body = -1;
  for (let index = 0; index < count - 1; index++) {
    const at = kind[index];
    if (at === OPEN_BRACE) {
      if (depth === 0) {
        if (isColumnZero(text, start[index])) parens = 0;
        body = parens === 0 && isFunctionHead(tokens, head, index) ? head : -1;
      }
      depth++;
    } else if (at === CLOSE_BRACE) {
      if (isColumnZero(text, start[index])) depth = 1;
      if (depth > 0) depth--;
      if (depth === 0) {
        if (body >= 0) ranges.push({ start: start[body], end: end[index] });
        if (body >= 0 || kind[index + 1] !== IDENTIFIER) head = index + 1;
        body = -1;
        parens = 0;
      }
    } else if (depth === 0) {
      if (at === OPEN_PAREN) parens++;
      else if (at === CLOSE_PAREN && parens > 0) parens--;
      else if (at === SEMICOLON) {
        // The parameter declarations of a K&R definition belong to its head.
        if (!isOldStyleHead(tokens, head, index)) head = index + 1;
        parens = 0;
      } else if (at === DIRECTIVE) head = index + 1;
    }
  }
  return ranges;
}

function isColumnZero(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return at === 0 || before === 10 || before === 13;
}

function isFunctionHead(tokens: Tokens, from: number, to: number): boolean {
  let hasParameters = false;
  let depth = 0;
  for (let index = from; index < to; index++) {
    const kind = tokens.kind[index];
    if (kind === OPEN_PAREN) {
      if (depth++ === 0 && index > from && tokens.kind[index - 1] === IDENTIFIER) hasParameters = true;
      if (depth === 1 && index > from && tokens.kind[index - 1] === CLOSE_PAREN) hasParameters = true;
    } else if (kind === CLOSE_PAREN) depth--;
    else if (kind === EQUALS && depth === 0) return false;
  }
  return hasParameters;
}

/** `int f(a, b) int a;`: words in parentheses followed by a declaration rather than by `;` or `{`. */
function isOldStyleHead(tokens: Tokens, from: number, semicolon: number): boolean {
  for (let index = from; index < semicolon; index++) {
    if (tokens.kind[index] !== CLOSE_PAREN) continue;
    return tokens.kind[index + 1] === IDENTIFIER && index + 2 < semicolon;
  }
  return false;
}
