/**
 * Where the brackets of a text do not match. All of such a text is read with other rules, so that an edit which makes or mends a
 * bracket reaches further than it seems.
 */
import { lowerBound } from '../base/lower-bound.ts';
import type { TokenSequence } from './brackets.ts';
import type { ResolvedConditionals } from './conditionals.ts';
import { CLOSE_BRACE, CLOSE_BRACKET, CLOSE_PAREN, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, type Tokens } from './lexer.ts';
import type { NormalisedSource } from './normalise.ts';
import type { Part } from './text-parts.ts';
import type { Workbench } from './workbench.ts';

export interface Balance {
  /** The part with brackets that do not match; undefined when all do. */
  readonly unbalanced: { readonly start: number; readonly end: number } | undefined;
  /** Outside of that part every `}` in the first column ends something at the top level. */
  readonly isPlain: boolean;
}

interface BalancedText extends Balance {
  readonly tokens: Tokens;
  readonly conditionals: ResolvedConditionals;
}

/** Of a text in which brackets do not match: where, and whether that matters elsewhere. */
export function balanceOf({ stretches, original }: NormalisedSource, bench: Workbench): Balance {
  if (bench.endsOpen) return { unbalanced: { start: 0, end: original.length }, isPlain: false };
  const { tokens } = bench;
  const all = { tokens, indices: bench.index, length: bench.count };
  let unbalanced: { start: number; end: number } | undefined;
  let isPlain = true;
  let start = 0;
  let first = 0;
  for (const { end } of stretches) {
    const last = end === original.length ? tokens.count - 1 : lowerBound(tokens.start, tokens.count, end);
    const depth = bracketDepth(tokens, all, { first, last });
    if (depth < 0) unbalanced = { start: unbalanced?.start ?? start, end };
    // Beside the unbalanced part, or within it and therefore not asked about.
    else if (depth > 1) isPlain = false;
    start = end;
    first = last;
  }
  return { unbalanced: unbalanced ?? { start: 0, end: original.length }, isPlain };
}

/**
 * Where brackets do not match, all of a text is read with other rules. What that means outside of the window is known
 * only where it means nothing; undefined where it may mean something.
 */
export function balanceBehind(
  { unbalanced, isPlain, tokens, conditionals }: BalancedText,
  bench: Workbench,
  window: Part,
  inner: Part,
  shift: number,
): Balance | undefined {
  const touched = { start: inner.start, end: inner.end + shift };
  if (!unbalanced) {
    if (bench.isBalanced) return { unbalanced: undefined, isPlain: isPlain && bench.isPlain };
    const wasBalanced = bracketDepth(tokens, conditionals.sequence, window) >= 0;
    return isPlain && wasBalanced ? { unbalanced: touched, isPlain } : undefined;
  }
  if (!isPlain) return undefined;
  if (unbalanced.start >= inner.start && unbalanced.end <= inner.end) {
    if (!bench.isBalanced) return { unbalanced: touched, isPlain };
    return bench.isPlain ? { unbalanced: undefined, isPlain } : undefined;
  }
  if (!bench.isBalanced || !bench.isPlain) return undefined;
  if (unbalanced.end <= inner.start) return { unbalanced, isPlain };
  if (unbalanced.start < inner.end) return undefined;
  return { unbalanced: { start: unbalanced.start + shift, end: unbalanced.end + shift }, isPlain };
}

/**
 * The deepest bracket, counted from 1, that a `}` in the first column of a part closes, 0 when there is none; -1 when the
 * part's brackets do not match.
 */
function bracketDepth(
  { kind, start, text }: Tokens,
  sequence: TokenSequence,
  { first, last }: Pick<Part, 'first' | 'last'>,
): number {
  const open: number[] = [];
  let deepest = 0;
  for (let p = lowerBound(sequence.indices, sequence.length, first); p < sequence.length; p++) {
    const index = sequence.indices[p];
    if (index >= last) break;
    const at = kind[index];
    if (at === OPEN_BRACE) open.push(CLOSE_BRACE);
    else if (at === OPEN_PAREN) open.push(CLOSE_PAREN);
    else if (at === OPEN_BRACKET) open.push(CLOSE_BRACKET);
    else if (at === CLOSE_BRACE || at === CLOSE_PAREN || at === CLOSE_BRACKET) {
      if (at === CLOSE_BRACE && /[\r\n]/.test(text[start[index] - 1] ?? '\n')) deepest = Math.max(deepest, open.length);
      if (open.pop() !== at) return -1;
    }
  }
  return open.length === 0 ? deepest : -1;
}
