/** The state that the rewriting rules share: the tokens that are left, their brackets, and the text being rewritten. */
import { detached } from '../base/detached.ts';
import type { Meaning } from './attributes.ts';
import { type Brackets, matchBrackets } from './bracket-pairs.ts';
import type { TokenSequence } from './brackets.ts';
import { keywordClass, NOT_A_KEYWORD } from './keywords.ts';
import { END_OF_FILE, IDENTIFIER, OPEN_PAREN, type Tokens } from './lexer.ts';
import type { MacroShape } from './macro-roles.ts';
import { macroShape } from './macro-shapes.ts';
import type { MacroLookup } from './macros.ts';
import type { Rewrite, RewriteKind } from './rewrites.ts';

export const REMOVED = 255;
/** A longer argument that is no expression is not remembered. */
const MAXIMUM_ARGUMENT_TEXT = 4_000;

export interface Workbench extends Brackets {
  readonly text: string;
  readonly tokens: Tokens;
  readonly macros: MacroLookup;
  /** Per live token: its index in `tokens`. */
  readonly index: Int32Array;
  /** Per symbol: its keyword class. */
  readonly keyword: Uint8Array;
  /** Per symbol: the shape of the macro of that name. */
  readonly shapes: (MacroShape | undefined)[];
  /** Per code unit of the text: 0, or the code of the character that replaces it. */
  readonly mask: Uint8Array;
  readonly rewrites: Rewrite[];
}

export function createWorkbench(text: string, sequence: TokenSequence, macros: MacroLookup): Workbench {
  const { tokens, length: count } = sequence;
  const index = sequence.indices.subarray(0, count);
  const kind = new Uint8Array(count + 1);
  for (let p = 0; p < count; p++) kind[p] = tokens.kind[index[p]];
  const names = tokens.names.length;
  const keyword = new Uint8Array(names);
  const shapes = new Array<MacroShape | undefined>(names);
  const look = (symbol: number): void => {
    const name = tokens.names[symbol];
    keyword[symbol] = keywordClass(name);
    shapes[symbol] = keyword[symbol] === NOT_A_KEYWORD ? macroShape(name, macros) : undefined;
  };
  // A part of a text has fewer tokens than the text has names.
  if (count < names) {
    for (let p = 0; p < count; p++) if (tokens.symbol[index[p]] >= 0) look(tokens.symbol[index[p]]);
  } else {
    for (let symbol = 0; symbol < names; symbol++) look(symbol);
  }
  const bench: Workbench = {
    text,
    tokens,
    macros,
    count,
    index,
    kind,
    match: new Int32Array(count + 1).fill(-1),
    context: new Uint8Array(count + 1),
    keyword,
    shapes,
    mask: new Uint8Array(new ArrayBuffer((text.length + 3) & ~3), 0, text.length),
    rewrites: [],
    isBalanced: true,
    endsOpen: false,
    isPlain: true,
  };
  matchBrackets(bench, sequence);
  return bench;
}

export function startOf(bench: Workbench, p: number): number {
  return bench.tokens.start[bench.index[p]];
}

export function endOf(bench: Workbench, p: number): number {
  return bench.tokens.end[bench.index[p]];
}

/** True when a line break stands in front of the token. */
export function startsLine(bench: Workbench, p: number): boolean {
  if (p === 0 || bench.tokens.startsLine[bench.index[p]] === 1) return true;
  // Tokens between this one and the one before may have been left out, with their line breaks.
  for (let i = bench.index[p - 1] + 1; i < bench.index[p]; i++) if (bench.tokens.startsLine[i] === 1) return true;
  return false;
}

/** The word at a position, '' for other tokens. */
export function wordAt(bench: Workbench, p: number): string {
  return bench.kind[p] === IDENTIFIER ? bench.tokens.names[bench.tokens.symbol[bench.index[p]]] : '';
}

export function keywordAt(bench: Workbench, p: number): number {
  return bench.kind[p] === IDENTIFIER ? bench.keyword[bench.tokens.symbol[bench.index[p]]] : NOT_A_KEYWORD;
}

/** The shape of the macro that is used at a position; a function-like macro is used only in front of `(`. */
export function shapeAt(bench: Workbench, p: number): MacroShape | undefined {
  if (bench.kind[p] !== IDENTIFIER) return undefined;
  const shape = bench.shapes[bench.tokens.symbol[bench.index[p]]];
  return shape?.isFunctionLike === true && bench.kind[nextOf(bench, p)] !== OPEN_PAREN ? undefined : shape;
}

/** True for an identifier that is no keyword. */
export function isPlainWord(bench: Workbench, p: number): boolean {
  return bench.kind[p] === IDENTIFIER && bench.keyword[bench.tokens.symbol[bench.index[p]]] === NOT_A_KEYWORD;
}

/** The next token that is still there, at the latest the end of the text. */
export function nextOf(bench: Workbench, p: number): number {
  let at = p + 1;
  while (at < bench.count && bench.kind[at] === REMOVED) at++;
  return Math.min(at, bench.count - 1);
}

/** The token before that is still there, or -1. */
export function previousOf(bench: Workbench, p: number): number {
  let at = p - 1;
  while (at >= 0 && bench.kind[at] === REMOVED) at--;
  return at;
}

/** Blanks a range of the text, line breaks excepted. */
export function blankText(bench: Workbench, start: number, end: number): void {
  bench.mask.fill(32, start, end);
}

/** Writes ASCII text over the text at an offset; nothing is written over a line break. */
export function writeText(bench: Workbench, at: number, text: string): void {
  for (let i = 0; i < text.length && at + i < bench.mask.length; i++) bench.mask[at + i] = text.charCodeAt(i);
}

/** Blanks the tokens from `from` to `to`, both included, and takes them out of the sequence. */
export function remove(
  bench: Workbench,
  from: number,
  to: number,
  kind: RewriteKind,
  more?: { name?: string; meanings?: readonly Meaning[]; targets?: readonly number[] },
): void {
  const start = startOf(bench, from);
  const end = endOf(bench, to);
  blankText(bench, start, end);
  for (let p = from; p <= to; p++) bench.kind[p] = REMOVED;
  note(bench, start, end, kind, more);
}

/** Enters rewrites into the table: one per meaning, or one without. */
export function note(
  bench: Workbench,
  start: number,
  end: number,
  kind: RewriteKind,
  more?: { name?: string; meanings?: readonly Meaning[]; targets?: readonly number[] },
): void {
  const named = more?.name === undefined ? {} : { name: more.name };
  if (more?.meanings === undefined || more.meanings.length === 0) {
    bench.rewrites.push({ start, end, kind, ...named });
    return;
  }
  const targets = more.targets === undefined ? {} : { targets: more.targets };
  for (const meaning of more.meanings) bench.rewrites.push({ start, end, kind, ...named, meaning, ...targets });
}

/** Replaces the tokens from `from` to `to` by `0`, which keeps the position of the first as an operand. */
export function replaceByZero(bench: Workbench, from: number, to: number, kind: RewriteKind): void {
  const start = startOf(bench, from);
  const end = endOf(bench, to);
  blankText(bench, start, end);
  writeText(bench, start, '0');
  for (let p = from; p <= to; p++) bench.kind[p] = REMOVED;
  bench.kind[from] = 2;
  // What stood there is told: a macro whose body is known is expanded with it, and a call may do something to what it mentions.
  const name = end - start <= MAXIMUM_ARGUMENT_TEXT ? detached(bench.text.slice(start, end)) : undefined;
  note(bench, start, end, kind, name === undefined ? {} : { name });
}

/**
 * Writes one character into the first blank between two tokens, or over a comment there. False when there is no room.
 */
export function insertBetween(bench: Workbench, p: number, next: number, character: string): boolean {
  const { text, mask } = bench;
  const end = bench.kind[next] === END_OF_FILE ? text.length : startOf(bench, next);
  const from = endOf(bench, p);
  for (let at = from; at < end; at++) {
    const code = mask[at] !== 0 ? mask[at] : text.charCodeAt(at);
    const original = text.charCodeAt(at);
    if (original === 10 || original === 13) continue;
    if (code === 32 || code === 9) {
      writeText(bench, at, character);
      note(bench, at, at + 1, 'separator');
      return true;
    }
    if (code === 47 && (text.charCodeAt(at + 1) === 42 || text.charCodeAt(at + 1) === 47)) {
      const close = text.charCodeAt(at + 1) === 42 ? text.indexOf('*/', at + 2) + 2 : lineEnd(text, at);
      blankText(bench, at, close < at + 2 ? end : close);
      writeText(bench, at, character);
      note(bench, at, at + 1, 'separator');
      return true;
    }
  }
  return false;
}

function lineEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
  return end;
}

/** The text with everything that was written over it. */
export function finishText(bench: Workbench): string {
  const { text, mask } = bench;
  const pieces: string[] = [];
  const length = text.length;
  let kept = 0;
  let at = 0;
  // Most of a text stays, so that four code units are passed over at once.
  const words = new Uint32Array(mask.buffer);
  while (at < length) {
    if (mask[at] === 0) {
      at++;
      if ((at & 3) === 0) {
        let word = at >> 2;
        while (word < words.length && words[word] === 0) word++;
        at = word << 2;
      }
      continue;
    }
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13 || mask[at] === code) {
      at++;
      continue;
    }
    pieces.push(text.slice(kept, at));
    const start = at;
    let isBlank = true;
    while (at < length && mask[at] !== 0) {
      const original = text.charCodeAt(at);
      if (original === 10 || original === 13) break;
      if (mask[at] !== 32) isBlank = false;
      at++;
    }
    pieces.push(
      isBlank ? ' '.repeat(at - start) : String.fromCharCode(...mask.subarray(start, Math.min(at, start + 4096))),
    );
    if (!isBlank && at > start + 4096) at = start + 4096;
    kept = at;
  }
  if (pieces.length === 0) return text;
  pieces.push(text.slice(kept));
  return pieces.join('');
}
