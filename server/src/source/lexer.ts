/**
 * A tokeniser for C that nobody preprocessed. It never fails: any text gives tokens, unknown characters give `UNKNOWN`.
 * A whole preprocessor line (with its continuations) is one token, so that what is left is the C between the lines.
 */
import { detached } from '../base/detached.ts';
import { lowerBound } from '../base/lower-bound.ts';

/** Token kinds below 32. Punctuators of one character have that character's code, longer ones those from 128 on. */
export const END_OF_FILE = 0;
export const IDENTIFIER = 1;
export const NUMBER = 2;
export const STRING = 3;
export const CHARACTER = 4;
/** A preprocessor line from `#` to its last character, continuation lines included, the final line break not. */
export const DIRECTIVE = 5;
export const UNKNOWN = 6;

export const OPEN_PAREN = 40;
export const CLOSE_PAREN = 41;
export const STAR = 42;
export const COMMA = 44;
export const DOT = 46;
export const COLON = 58;
export const SEMICOLON = 59;
export const EQUALS = 61;
export const OPEN_BRACKET = 91;
export const CLOSE_BRACKET = 93;
export const OPEN_BRACE = 123;
export const CLOSE_BRACE = 125;
export const AMPERSAND = 38;
export const HASH = 35;

export const ARROW = 128;
export const ELLIPSIS = 129;
/** `++` and `--`. */
export const INCREMENT = 130;
/** `==`, `!=`, `<=`, `>=`. */
export const COMPARISON = 131;
/** `&&` and `||`. */
export const LOGICAL = 132;
/** `<<` and `>>`. */
export const SHIFT = 133;
/** `+=` and all other assignments but `=`. */
export const ASSIGNMENT = 134;
export const HASH_HASH = 135;

/** The tokens of a text as parallel arrays of `count` entries; offsets are UTF-16 code units. */
export interface Tokens {
  readonly text: string;
  readonly count: number;
  readonly kind: Uint8Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  /** For identifiers the index into `names`, else -1: equal names have equal numbers within one text. */
  readonly symbol: Int32Array;
  /** 1 when a line break stands between the token and the one before it. */
  readonly startsLine: Uint8Array;
  readonly names: readonly string[];
  /** Start and end of every comment outside of preprocessor lines, in pairs. */
  readonly comments: Int32Array;
}

const BLANK = 1;
const LETTER = 2;
const DIGIT = 3;
const characterClass = new Uint8Array(128);
for (const blank of ' \t\v\f\n\r') characterClass[blank.charCodeAt(0)] = BLANK;
for (let code = 65; code <= 90; code++) characterClass[code] = characterClass[code + 32] = LETTER;
characterClass[95] = characterClass[36] = LETTER;
for (let code = 48; code <= 57; code++) characterClass[code] = DIGIT;

let kinds = new Uint8Array(8192);
let starts = new Int32Array(8192);
let ends = new Int32Array(8192);
let symbols = new Int32Array(8192);
let lineStarts = new Uint8Array(8192);
let comments = new Int32Array(512);

function growTokens(): void {
  const size = kinds.length * 2;
  kinds = copyInto(new Uint8Array(size), kinds);
  starts = copyInto(new Int32Array(size), starts);
  ends = copyInto(new Int32Array(size), ends);
  symbols = copyInto(new Int32Array(size), symbols);
  lineStarts = copyInto(new Uint8Array(size), lineStarts);
}

function copyInto<T extends Uint8Array | Int32Array>(to: T, from: T): T {
  to.set(from);
  return to;
}

/** True when the code unit can stand in an identifier (letters, digits, `_`, `$` and everything beyond ASCII). */
export function isWordCode(code: number): boolean {
  return code >= 128 || characterClass[code] >= LETTER;
}

/** The offset behind a block comment that begins at `at`; the end of the text if it is not closed. */
export function blockCommentEnd(text: string, at: number): number {
  const close = text.indexOf('*/', at + 2);
  return close < 0 ? text.length : close + 2;
}

/** The offset of the line break that ends the `//` comment or line at `at`; a backslash continues the line. */
function logicalLineEnd(text: string, at: number): number {
  let position = at;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === 10 || code === 13) {
      const previous = text.charCodeAt(position - 1);
      if (previous !== 92 || position - 1 < at) return position;
      if (code === 13 && text.charCodeAt(position + 1) === 10) position++;
    }
    position++;
  }
  return position;
}

/** The offset behind the string or character literal that begins at the quote `at`; a line break ends an unclosed one. */
export function literalEnd(text: string, at: number): number {
  const quote = text.charCodeAt(at);
  let position = at + 1;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === quote) return position + 1;
    if (code === 92) {
      position++;
      if (text.charCodeAt(position) === 13 && text.charCodeAt(position + 1) === 10) position++;
    } else if (code === 10 || code === 13) {
      return position;
    }
    position++;
  }
  return Math.min(position, text.length);
}

/** The offset of the line break (or end of text) that ends the preprocessor line that begins at `at`. */
function directiveEnd(text: string, at: number): number {
  let position = at;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === 10 || code === 13) return position;
    if (code === 92) {
      position++;
      if (text.charCodeAt(position) === 13 && text.charCodeAt(position + 1) === 10) position++;
    } else if (code === 47) {
      const next = text.charCodeAt(position + 1);
      if (next === 42) {
        position = blockCommentEnd(text, position);
        continue;
      }
      if (next === 47) return logicalLineEnd(text, position);
    } else if (code === 34) {
      position = literalEnd(text, position);
      continue;
    }
    position++;
  }
  return Math.min(position, text.length);
}

/** Length and kind of the punctuator of several characters at `at`, packed as length * 256 + kind; 0 if it has one. */
function longPunctuator(text: string, at: number, code: number): number {
  const next = text.charCodeAt(at + 1);
  switch (code) {
    case 45:
      if (next === 62) return 512 + ARROW;
      if (next === 45) return 512 + INCREMENT;
      return next === 61 ? 512 + ASSIGNMENT : 0;
    case 43:
      if (next === 43) return 512 + INCREMENT;
      return next === 61 ? 512 + ASSIGNMENT : 0;
    case 61:
    case 33:
      return next === 61 ? 512 + COMPARISON : 0;
    case 60:
    case 62:
      if (next === code) return text.charCodeAt(at + 2) === 61 ? 768 + ASSIGNMENT : 512 + SHIFT;
      return next === 61 ? 512 + COMPARISON : 0;
    case 38:
    case 124:
      if (next === code) return 512 + LOGICAL;
      return next === 61 ? 512 + ASSIGNMENT : 0;
    case 42:
    case 47:
    case 37:
    case 94:
      return next === 61 ? 512 + ASSIGNMENT : 0;
    case 46:
      return next === 46 && text.charCodeAt(at + 2) === 46 ? 768 + ELLIPSIS : 0;
    case 35:
      return next === 35 ? 512 + HASH_HASH : 0;
    default:
      return 0;
  }
}

let slots = new Int32Array(4096);

let latest: Tokens | undefined;

/**
 * The tokens of `text`; the last entry is `END_OF_FILE`. The result for the text last asked for is remembered, because
 * facts and normalising read the same text one after the other.
 */
export function tokenise(text: string): Tokens {
  if (latest !== undefined && latest.text === text) return latest;
  latest = scan(text, true);
  return latest;
}

/** As `tokenise`, without remembering. */
export function scanTokens(text: string): Tokens {
  return scan(text, true);
}

/** As `tokenise`, for a macro's body: `#` and `##` are punctuators, and nothing is remembered. */
export function tokeniseBody(text: string): Tokens {
  return scan(text, false);
}

function scan(text: string, hasDirectives: boolean): Tokens {
  const length = text.length;
  let count = 0;
  let commentCount = 0;
  let atLineStart = true;
  let brokeLine = 1;
  let position = text.charCodeAt(0) === 0xfeff ? 1 : 0;

  // Interning: an open hash table from the spelling to the number of the name.
  const wanted = hasDirectives ? 4096 : 64;
  if (slots.length < wanted || slots.length > wanted * 16) slots = new Int32Array(wanted);
  else slots.fill(0);
  let slotMask = slots.length - 1;
  const names: string[] = [];
  const nameHash: number[] = [];
  const nameStart: number[] = [];

  while (position < length) {
    const code = text.charCodeAt(position);
    const kindClass = code < 128 ? characterClass[code] : LETTER;
    if (kindClass === BLANK) {
      if (code === 10 || code === 13) {
        atLineStart = true;
        brokeLine = 1;
      }
      position++;
      continue;
    }
    if (count + 1 >= kinds.length) growTokens();
    const start = position;
    let kind: number;
    let symbol = -1;
    if (kindClass === LETTER) {
      let hash = code;
      let next = text.charCodeAt(++position);
      while (next >= 128 || characterClass[next] >= LETTER) {
        hash = (Math.imul(hash, 31) + next) | 0;
        next = text.charCodeAt(++position);
      }
      if ((next === 34 || next === 39) && position - start <= 2 && isLiteralPrefix(text, start, position)) {
        position = literalEnd(text, position);
        kind = next === 34 ? STRING : CHARACTER;
      } else {
        kind = IDENTIFIER;
        const size = position - start;
        let slot = (hash ^ (hash >>> 15)) & slotMask;
        for (;;) {
          const found = slots[slot] - 1;
          if (found < 0) {
            symbol = names.length;
            names.push(detached(text.slice(start, position)));
            nameHash.push(hash);
            nameStart.push(start);
            slots[slot] = symbol + 1;
            if (names.length * 2 > slots.length) {
              slots = new Int32Array(slots.length * 2);
              slotMask = slots.length - 1;
              for (let i = 0; i < names.length; i++) {
                let free = (nameHash[i] ^ (nameHash[i] >>> 15)) & slotMask;
                while (slots[free] !== 0) free = (free + 1) & slotMask;
                slots[free] = i + 1;
              }
            }
            break;
          }
          if (
            nameHash[found] === hash &&
            names[found].length === size &&
            sameText(text, nameStart[found], start, size)
          ) {
            symbol = found;
            break;
          }
          slot = (slot + 1) & slotMask;
        }
      }
    } else if (kindClass === DIGIT || (code === 46 && characterClass[text.charCodeAt(position + 1)] === DIGIT)) {
      kind = NUMBER;
      position = numberEnd(text, position);
    } else if (code === 34 || code === 39) {
      kind = code === 34 ? STRING : CHARACTER;
      position = literalEnd(text, position);
    } else if (code === 47 && (text.charCodeAt(position + 1) === 42 || text.charCodeAt(position + 1) === 47)) {
      const isBlock = text.charCodeAt(position + 1) === 42;
      position = isBlock ? blockCommentEnd(text, position) : logicalLineEnd(text, position);
      if (commentCount + 2 > comments.length) comments = copyInto(new Int32Array(comments.length * 2), comments);
      comments[commentCount++] = start;
      comments[commentCount++] = position;
      if (brokeLine === 0 && isBlock && hasLineBreak(text, start, position)) brokeLine = 1;
      continue;
    } else if (code === 35 && atLineStart && hasDirectives) {
      kind = DIRECTIVE;
      position = directiveEnd(text, position);
    } else if (code === 92) {
      // A continued line outside of a directive joins its lines and nothing else.
      position++;
      if (text.charCodeAt(position) === 13) position++;
      if (text.charCodeAt(position) === 10) position++;
      continue;
    } else {
      const packed = longPunctuator(text, position, code);
      if (packed !== 0) {
        kind = packed & 255;
        position += packed >> 8;
      } else {
        kind = code > 32 && code < 127 && code !== 64 && code !== 96 ? code : UNKNOWN;
        position++;
      }
    }
    kinds[count] = kind;
    starts[count] = start;
    ends[count] = position;
    symbols[count] = symbol;
    lineStarts[count] = brokeLine;
    count++;
    atLineStart = false;
    brokeLine = 0;
  }
  kinds[count] = END_OF_FILE;
  starts[count] = ends[count] = length;
  symbols[count] = -1;
  lineStarts[count] = 1;
  count++;
  return {
    text,
    count,
    kind: kinds.slice(0, count),
    start: starts.slice(0, count),
    end: ends.slice(0, count),
    symbol: symbols.slice(0, count),
    startsLine: lineStarts.slice(0, count),
    names,
    comments: comments.slice(0, commentCount),
  };
}

function isLiteralPrefix(text: string, start: number, end: number): boolean {
  const first = text.charCodeAt(start);
  if (end - start === 1) return first === 76 || first === 117 || first === 85;
  return first === 117 && text.charCodeAt(start + 1) === 56;
}

function sameText(text: string, a: number, b: number, size: number): boolean {
  for (let i = 0; i < size; i++) if (text.charCodeAt(a + i) !== text.charCodeAt(b + i)) return false;
  return true;
}

function hasLineBreak(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code === 10 || code === 13) return true;
  }
  return false;
}

function numberEnd(text: string, at: number): number {
  let position = at + 1;
  for (;;) {
    const code = text.charCodeAt(position);
    if (code < 128 && (characterClass[code] >= LETTER || code === 46)) {
      position++;
    } else if ((code === 43 || code === 45) && isExponent(text.charCodeAt(position - 1)) && !isHexadecimal(text, at)) {
      position++;
    } else if (
      code === 39 &&
      isWordCode(text.charCodeAt(position + 1)) &&
      characterClass[text.charCodeAt(position - 1)] === DIGIT
    ) {
      position++;
    } else {
      return position;
    }
  }
}

function isExponent(code: number): boolean {
  return code === 101 || code === 69 || code === 112 || code === 80;
}

function isHexadecimal(text: string, at: number): boolean {
  // A hexadecimal integer may end in `e`, as in `0xe+1`; its exponents are written with `p`.
  return (text.charCodeAt(at + 1) | 32) === 120 && !/p/i.test(text.slice(at, at + 24));
}

/** The number of the token that begins at an offset. */
export function tokenAt({ start, count }: Tokens, offset: number): number {
  return lowerBound(start, count, offset);
}
