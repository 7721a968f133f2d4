/** Which bracket of a text closes which. */
import {
  BLOCK,
  contextOf,
  contextOfBrace,
  FILE_SCOPE,
  type OpenBracket,
  PARENTHESES,
  SUBSCRIPT,
  type TokenSequence,
} from './brackets.ts';
import { CLOSE_BRACE, CLOSE_BRACKET, CLOSE_PAREN, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, type Tokens } from './lexer.ts';

/** The brackets among the live tokens of a text. */
export interface Brackets {
  /** The number of live tokens; the last one is the end of the text. */
  readonly count: number;
  /** Per live token: its kind; `REMOVED` once it is blanked. */
  readonly kind: Uint8Array;
  /** Per bracket: the position of its partner, else -1. */
  readonly match: Int32Array;
  /** Per opening bracket: what stands inside. */
  readonly context: Uint8Array;
  /** Every bracket has a partner. */
  isBalanced: boolean;
  /** Brackets are still open at the end of the text. */
  endsOpen: boolean;
  /** Every `}` in the first column ends something at the top level. */
  isPlain: boolean;
}

/**
 * Pairs the brackets of a text. Where braces do not match, a `}` in the first column ends whatever stands open at the top level, so
 * that a function nobody understands does not take the rest of the file with it.
 */
export function matchBrackets(brackets: Brackets, sequence: TokenSequence): void {
  brackets.isBalanced = matchAll(brackets, sequence, false);
  if (brackets.isBalanced) return;
  brackets.match.fill(-1);
  matchAll(brackets, sequence, true);
}

/** One run over the brackets; false when they do not match. */
function matchAll(brackets: Brackets, sequence: TokenSequence, isRecovering: boolean): boolean {
  const { kind, match, context, count } = brackets;
  let isBalanced = true;
  const seen = { tokens: sequence.tokens, indices: sequence.indices, length: 0 };
  let open: OpenBracket | undefined;
  let closedParen = -1;
  for (let p = 0; p < count; p++) {
    const at = kind[p];
    if (at === OPEN_PAREN || at === OPEN_BRACKET || at === OPEN_BRACE) {
      seen.length = p;
      const inside =
        at === OPEN_PAREN
          ? PARENTHESES
          : at === OPEN_BRACKET
            ? SUBSCRIPT
            : contextOfBrace(seen, contextOf(open), closedParen);
      context[p] = inside;
      open = { context: inside, at: p, depth: 0, outer: open };
    } else if (at === CLOSE_BRACE) {
      while (open !== undefined && (open.context === PARENTHESES || open.context === SUBSCRIPT)) open = open.outer;
      if (open !== undefined && isInside(open) && isFirstColumn(sequence.tokens, sequence.indices[p])) {
        brackets.isPlain = false;
        while (isRecovering && isInside(open)) open = open.outer;
      }
      if (open === undefined) isBalanced = false;
      if (open !== undefined) {
        match[p] = open.at;
        match[open.at] = p;
        open = open.outer;
      }
    } else if (at === CLOSE_PAREN || at === CLOSE_BRACKET) {
      const wanted = at === CLOSE_PAREN ? PARENTHESES : SUBSCRIPT;
      if (open !== undefined && open.context !== wanted && open.context !== BLOCK && open.outer?.context === wanted) {
        open = open.outer;
      }
      if (open?.context === wanted) {
        match[p] = open.at;
        match[open.at] = p;
        if (at === CLOSE_PAREN) closedParen = open.at;
        open = open.outer;
      }
    }
  }
  brackets.endsOpen = open !== undefined;
  return isBalanced && open === undefined;
}

/** True for a bracket within another that is more than an `extern "C"`. */
function isInside(open: OpenBracket): open is OpenBracket & { readonly outer: OpenBracket } {
  return open.outer !== undefined && open.outer.context !== FILE_SCOPE;
}

function isFirstColumn({ text, start }: Tokens, index: number): boolean {
  const at = start[index];
  const before = text.charCodeAt(at - 1);
  return at === 0 || before === 10 || before === 13;
}
