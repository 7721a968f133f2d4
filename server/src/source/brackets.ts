/** Which part of C stands between which brackets, told from the tokens in front of them. */
import { ATTRIBUTE_WORD, keywordClass, NOT_A_KEYWORD, QUALIFIER_WORD } from './keywords.ts';
import {
  CLOSE_BRACE,
  CLOSE_PAREN,
  COLON,
  DIRECTIVE,
  IDENTIFIER,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  STRING,
  type Tokens,
} from './lexer.ts';

/** Outside of all braces, or inside `extern "C" { }`. */
export const FILE_SCOPE = 0;
/** The body of a function or a compound statement. */
export const BLOCK = 1;
export const STRUCT_BODY = 2;
export const ENUM_BODY = 3;
/** An initialiser list or a compound literal. */
export const INITIALISER = 4;
export const PARENTHESES = 5;
export const SUBSCRIPT = 6;

/** One open bracket; a persistent stack, so that a state can be kept and taken up again at no cost. */
export interface OpenBracket {
  readonly context: number;
  /** The position of the bracket in the sequence of live tokens. */
  readonly at: number;
  readonly depth: number;
  readonly outer: OpenBracket | undefined;
}

/** A growing sequence of token indices: the tokens that are left of a text. */
export interface TokenSequence {
  readonly tokens: Tokens;
  /** Indices into `tokens`. */
  indices: Int32Array;
  length: number;
}

export function contextOf(open: OpenBracket | undefined): number {
  return open === undefined ? FILE_SCOPE : open.context;
}

/** True where statements or declarations stand one after the other. */
export function isSequenceContext(context: number): boolean {
  return context <= STRUCT_BODY;
}

const LOOK_BACK = 16;

/**
 * The context that the `{` behind the last token of `sequence` opens. `closedParen` is the position of the `(` that
 * the last `)` closed, -1 if there is none.
 */
export function contextOfBrace(sequence: TokenSequence, outer: number, closedParen: number): number {
  const { tokens, indices, length } = sequence;
  if (length === 0) return BLOCK;
  const previous = indices[length - 1];
  switch (tokens.kind[previous]) {
    case CLOSE_PAREN:
      return contextBehindParentheses(sequence, outer, closedParen);
    case OPEN_PAREN:
      return BLOCK;
    case DIRECTIVE:
      return outer === STRUCT_BODY || outer === ENUM_BODY ? outer : outer === INITIALISER ? INITIALISER : BLOCK;
    case SEMICOLON:
    case CLOSE_BRACE:
      return outer === INITIALISER ? INITIALISER : BLOCK;
    case COLON:
      return outer === PARENTHESES ? INITIALISER : outer === INITIALISER ? INITIALISER : BLOCK;
    case OPEN_BRACE:
      return outer === INITIALISER || outer === ENUM_BODY ? INITIALISER : BLOCK;
    case STRING:
      return outer === FILE_SCOPE ? FILE_SCOPE : INITIALISER;
    case IDENTIFIER: {
      const body = contextOfTag(sequence, length - 1);
      if (body !== undefined) return body;
      const word = tokens.names[tokens.symbol[previous]];
      if (word === 'return') return INITIALISER;
      if (keywordClass(word) !== NOT_A_KEYWORD) return BLOCK;
      return outer === INITIALISER || outer === PARENTHESES ? INITIALISER : BLOCK;
    }
    default:
      return INITIALISER;
  }
}

/** `struct ... {` and `enum ... {`, read backwards over words from position `from`. */
function contextOfTag(sequence: TokenSequence, from: number): number | undefined {
  const { tokens, indices } = sequence;
  for (let at = from; at >= 0 && at > from - LOOK_BACK; at--) {
    const index = indices[at];
    if (tokens.kind[index] === COLON || tokens.kind[index] === OPEN_BRACKET) continue;
    if (tokens.kind[index] === CLOSE_PAREN) {
      // An attribute with arguments between the keyword and the brace.
      let depth = 0;
      for (; at >= 0 && at > from - LOOK_BACK * 2; at--) {
        if (tokens.kind[indices[at]] === CLOSE_PAREN) depth++;
        else if (tokens.kind[indices[at]] === OPEN_PAREN && --depth === 0) break;
      }
      const word = at > 0 && tokens.kind[indices[at - 1]] === IDENTIFIER ? tokens.symbol[indices[at - 1]] : -1;
      if (word < 0 || keywordClass(tokens.names[word]) !== ATTRIBUTE_WORD) return undefined;
      continue;
    }
    if (tokens.kind[index] !== IDENTIFIER) return undefined;
    const word = tokens.names[tokens.symbol[index]];
    if (word === 'struct' || word === 'union') return STRUCT_BODY;
    if (word === 'enum') return ENUM_BODY;
  }
  return undefined;
}

function contextBehindParentheses(sequence: TokenSequence, outer: number, closedParen: number): number {
  const { tokens, indices } = sequence;
  if (closedParen <= 0) return outer === FILE_SCOPE ? BLOCK : INITIALISER;
  const before = indices[closedParen - 1];
  const kind = tokens.kind[before];
  if (kind === IDENTIFIER) {
    const word = tokens.names[tokens.symbol[before]];
    if (word === 'return' || word === 'sizeof') return INITIALISER;
    const keyword = keywordClass(word);
    if (keyword === ATTRIBUTE_WORD) {
      const body = contextOfTag(sequence, closedParen - 1);
      if (body !== undefined) return body;
    }
    if (keyword > NOT_A_KEYWORD && keyword <= QUALIFIER_WORD) return INITIALISER;
    return outer === INITIALISER ? INITIALISER : BLOCK;
  }
  if (kind === CLOSE_PAREN) return outer === INITIALISER || outer === PARENTHESES ? INITIALISER : BLOCK;
  if (kind === SEMICOLON || kind === CLOSE_BRACE || kind === OPEN_BRACE) return BLOCK;
  return INITIALISER;
}
