/** Parts of a text that are normalised as texts of their own. */
import { detached } from '../base/detached.ts';
import type { Tokens } from './lexer.ts';

/** A part of the text, in offsets, and of its tokens; half-open. */
export interface Part {
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly last: number;
}

/** The tokens from `first` to before `last` as those of a text of their own. */
export function tokensWithin(
  tokens: Tokens,
  first: number,
  last: number,
  text: string,
  start: number,
  end: number,
): Tokens {
  const count = last - first + 1;
  const copy = <T extends Uint8Array | Int32Array>(to: T, from: T): T => {
    to.set(from.subarray(first, last) as never);
    return to;
  };
  const part = {
    text: detached(text.slice(start, end)),
    count,
    kind: copy(new Uint8Array(count), tokens.kind),
    start: copy(new Int32Array(count), tokens.start),
    end: copy(new Int32Array(count), tokens.end),
    symbol: copy(new Int32Array(count), tokens.symbol),
    startsLine: copy(new Uint8Array(count), tokens.startsLine),
    names: tokens.names,
    comments: new Int32Array(0),
  };
  for (let i = 0; i < count - 1; i++) {
    part.start[i] -= start;
    part.end[i] -= start;
  }
  part.kind[count - 1] = tokens.kind[tokens.count - 1];
  part.start[count - 1] = part.end[count - 1] = end - start;
  part.symbol[count - 1] = -1;
  part.startsLine[count - 1] = 1;
  return part;
}
