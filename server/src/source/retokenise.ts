/** Tokens of an edited text: those of the text before, but for the lines that changed. */
import { lowerBound } from '../base/lower-bound.ts';
import { scanTokens, type Tokens } from './lexer.ts';
import { changeBetween } from './text-change.ts';

/** Names that no longer occur are kept up to this many for each one of the first text; then all is read anew. */
const MAXIMUM_STALE_NAMES = 2;
/** The stretch that is read again grows this many times: an opened comment reaches far. */
const MAXIMUM_ATTEMPTS = 6;
const FIRST_STRETCH = 512;
/** At the beginning of a text it is no part of it; elsewhere it is an odd letter. */
const BYTE_ORDER_MARK = 0xfeff;

/** By the list of names, which the tokens of one text hand on to those of the next: the number of each. */
const numbersOfNames = new WeakMap<readonly string[], Map<string, number>>();

/**
 * The tokens of `text`, as `tokenise` gives them, made from those of a similar text. Only `names` differs: it may hold
 * names that no longer occur, and is the previous list with new names behind.
 */
export function retokenise(previous: Tokens, text: string): Tokens {
  return retokeniseChange(previous, text).tokens;
}

/** How the tokens of a text were made from those of the one before: others stand for those from `first` to `last`. */
export interface TokenSplice {
  readonly previous: Tokens;
  readonly first: number;
  /** The first one behind the change. */
  readonly last: number;
}

/** As `retokenise`, with the change; that is undefined when all tokens were read anew. */
export function retokeniseChange(
  previous: Tokens,
  text: string,
): { readonly tokens: Tokens; readonly splice: TokenSplice | undefined } {
  const anew = () => ({ tokens: scanTokens(text), splice: undefined });
  if (previous.text === text) return { tokens: previous, splice: { previous, first: 0, last: 0 } };
  const change = changeBetween(previous.text, text);
  const first = lineToken(previous, tokenBefore(previous, change.start));
  if (first < 0) return anew();
  const shift = change.newEnd - change.oldEnd;
  const from = previous.start[first];
  if (text.charCodeAt(from) === BYTE_ORDER_MARK) return anew();
  let last = tokenBefore(previous, change.oldEnd) + 1;
  let wanted = FIRST_STRETCH;
  for (let attempt = 0; attempt < MAXIMUM_ATTEMPTS; attempt++, wanted *= 8) {
    last = lineTokenBehind(previous, last, change.oldEnd + (attempt === 0 ? 0 : wanted));
    if (last < 0) break;
    const to = previous.start[last] + shift;
    const inner = scanTokens(text.slice(from, to));
    if (endsInside(inner)) continue;
    const tokens = spliceTokens(previous, text, inner, first, last, shift);
    return tokens ? { tokens, splice: { previous, first, last } } : anew();
  }
  return anew();
}

/** The last token that ends before an offset, or -1. */
function tokenBefore({ end, count }: Tokens, offset: number): number {
  return lowerBound(end, count, offset) - 1;
}

/** The nearest token at or before `index` that begins its line, with nothing but blanks before it; -1 if there is none. */
function lineToken(tokens: Tokens, index: number): number {
  for (let i = index; i >= 0; i--) if (tokens.startsLine[i] === 1 && lineBreakBefore(tokens, i) >= 0) return i;
  return -1;
}

/** The first token from `index` on that begins a line whose line break stands behind an offset; -1 if there is none. */
function lineTokenBehind(tokens: Tokens, index: number, offset: number): number {
  // The end of the text is no such token: what is opened before it may reach it.
  for (let i = Math.max(index, 0); i < tokens.count - 1; i++) {
    if (tokens.startsLine[i] === 1 && lineBreakBefore(tokens, i) > offset + 1) return i;
  }
  return -1;
}

/** The offset of the line break before a token that only blanks separate from it and no backslash continues; else -1. */
function lineBreakBefore({ text, start }: Tokens, index: number): number {
  let at = start[index] - 1;
  while (at >= 0) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) break;
    if (code !== 32 && code !== 9) return -1;
    at--;
  }
  if (at < 0) return -1;
  const before = text.charCodeAt(at) === 10 && text.charCodeAt(at - 1) === 13 ? at - 2 : at - 1;
  return text.charCodeAt(before) === 92 ? -1 : at;
}

/** True when the last token or comment reaches the end, where only blanks should stand: it may go on behind. */
function endsInside({ text, count, end, comments }: Tokens): boolean {
  const lastEnd = Math.max(count > 1 ? end[count - 2] : 0, comments.length > 0 ? comments[comments.length - 1] : 0);
  return !/[\r\n]/.test(text.slice(lastEnd));
}

/** Undefined when too many names are left of earlier texts. */
function spliceTokens(
  previous: Tokens,
  text: string,
  inner: Tokens,
  first: number,
  last: number,
  shift: number,
): Tokens | undefined {
  const names = previous.names as string[];
  let numbers = numbersOfNames.get(names);
  if (!numbers) {
    numbers = new Map(names.map((name, number) => [name, number]));
    numbersOfNames.set(names, numbers);
    firstCounts.set(names, names.length);
  }
  const translated = inner.names.map((name) => {
    let number = numbers.get(name);
    if (number === undefined) {
      number = names.push(name) - 1;
      numbers.set(name, number);
    }
    return number;
  });
  if (names.length > 1000 + (1 + MAXIMUM_STALE_NAMES) * firstCounts.get(names)!) return undefined;
  const innerCount = inner.count - 1;
  const count = first + innerCount + previous.count - last;
  const from = previous.start[first];
  const join = <T extends Uint8Array | Int32Array>(joined: T, before: T, between: T): T => {
    joined.set(before.subarray(0, first) as never);
    joined.set(between.subarray(0, innerCount) as never, first);
    joined.set(before.subarray(last) as never, first + innerCount);
    return joined;
  };
  const kind = join(new Uint8Array(count), previous.kind, inner.kind);
  const startsLine = join(new Uint8Array(count), previous.startsLine, inner.startsLine);
  const start = join(new Int32Array(count), previous.start, inner.start);
  const end = join(new Int32Array(count), previous.end, inner.end);
  const symbol = join(new Int32Array(count), previous.symbol, inner.symbol);
  for (let i = first; i < first + innerCount; i++) {
    start[i] += from;
    end[i] += from;
    if (symbol[i] >= 0) symbol[i] = translated[symbol[i]];
  }
  for (let i = first + innerCount; i < count; i++) {
    start[i] += shift;
    end[i] += shift;
  }
  startsLine[first] = 1;
  const comments = joinComments(previous, inner.comments, from, previous.start[last], shift);
  return { text, count, kind, start, end, symbol, startsLine, names, comments };
}

/** How many names a list had when it was first handed on. */
const firstCounts = new WeakMap<readonly string[], number>();

function joinComments(previous: Tokens, inner: Int32Array, from: number, to: number, shift: number): Int32Array {
  const { comments } = previous;
  let before = 0;
  while (before < comments.length && comments[before] < from) before += 2;
  let behind = before;
  while (behind < comments.length && comments[behind] < to) behind += 2;
  const joined = new Int32Array(before + inner.length + comments.length - behind);
  joined.set(comments.subarray(0, before));
  for (let i = 0; i < inner.length; i++) joined[before + i] = inner[i] + from;
  for (let i = behind; i < comments.length; i++) joined[before + inner.length + i - behind] = comments[i] + shift;
  return joined;
}
