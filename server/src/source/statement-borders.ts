/** Whether statements begin and end at a place of a token sequence, told from the tokens there. */
import type { TokenSequence } from './brackets.ts';
import {
  CLOSE_BRACE,
  COLON,
  DIRECTIVE,
  IDENTIFIER,
  INCREMENT,
  OPEN_BRACE,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
  type Tokens,
} from './lexer.ts';

/** A statement or declaration may begin behind the token. */
export function isBoundary({ tokens, indices }: TokenSequence, position: number): boolean {
  if (position < 0) return true;
  const kind = tokens.kind[indices[position]];
  return kind === SEMICOLON || kind === CLOSE_BRACE || kind === OPEN_BRACE || kind === COLON || kind === DIRECTIVE;
}

/** The token begins a statement that needs none before it. */
export function startsWhole({ tokens, indices }: TokenSequence, position: number): boolean {
  const index = indices[position];
  const kind = tokens.kind[index];
  if (kind === IDENTIFIER) return tokens.names[tokens.symbol[index]] !== 'else';
  return (
    kind === STAR ||
    kind === OPEN_PAREN ||
    kind === OPEN_BRACE ||
    kind === INCREMENT ||
    kind === SEMICOLON ||
    kind === DIRECTIVE
  );
}

/** The token ends a statement. */
export function endsWhole({ tokens, indices }: TokenSequence, position: number): boolean {
  const kind = tokens.kind[indices[position]];
  return kind === SEMICOLON || kind === CLOSE_BRACE || kind === DIRECTIVE;
}

/** A label needs a statement behind it: a `;` is written there, unless there is no room before the group or in the label. */
export function isCrampedLabel({ tokens, indices }: TokenSequence, position: number, directive: number): boolean {
  const colon = indices[position];
  if (position < 1 || tokens.kind[colon] !== COLON || tokens.kind[indices[position - 1]] !== IDENTIFIER) return false;
  const label = indices[position - 1];
  return (
    tokens.end[label] - tokens.start[label] < 2 &&
    !/[ \t]/.test(tokens.text.slice(tokens.end[colon], tokens.start[directive]))
  );
}

/** An `else` follows the token with that index in the text. */
export function isFollowedByElse({ kind, symbol, names }: Tokens, index: number): boolean {
  return kind[index + 1] === IDENTIFIER && names[symbol[index + 1]] === 'else';
}
