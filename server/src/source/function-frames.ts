/**
 * Functions whose head and opening brace come from one macro and whose end comes from another, as test frameworks write
 * them: `BEGIN_TEST(name) ... END_TEST`. What stands between the two is the body of a function, and is read as one.
 */

import { expandMacros } from './expansion.ts';
import { ATTRIBUTE_WORD, keywordClass, NOT_A_KEYWORD } from './keywords.ts';
import {
  CLOSE_BRACE,
  CLOSE_PAREN,
  DIRECTIVE,
  IDENTIFIER,
  OPEN_BRACE,
  OPEN_PAREN,
  STAR,
  scanTokens,
  type Tokens,
} from './lexer.ts';
import type { MacroShape } from './macro-roles.ts';
import { macroShape } from './macro-shapes.ts';
import type { MacroLookup } from './macros.ts';
import { blankText, note, previousOf, REMOVED, startOf, type Workbench, writeText } from './workbench.ts';

/** The two uses of macros around the body of a function, as tokens of the text. */
interface FunctionFrame {
  /** The function's. */
  readonly name: string;
  readonly open: MacroUse;
  /** Undefined where the text has the closing brace. */
  readonly close: MacroUse | undefined;
}

/** A macro's name and the last token of its use. */
interface MacroUse {
  readonly first: number;
  readonly last: number;
}

export interface FramedTokens {
  /** The macros that open and close functions are braces in them. The tokens that were given where there are none. */
  readonly tokens: Tokens;
  readonly frames: readonly FunctionFrame[];
}

/** A frame with more tokens is none that a person wrote. */
const MAXIMUM_FRAME = 50_000;
/** The shortest head, written over the use of the macro. */
const SHORT_HEAD = 'T e(){';
const SHORT_HEAD_WITH_TYPE = 'e(){';

/** Finds the functions that macros frame. */
export function frameTokens(tokens: Tokens, macros: MacroLookup): FramedTokens {
  const { kind, symbol, count } = tokens;
  const shapes = braceMacros(tokens.names, macros);
  if (shapes.size === 0) return { tokens, frames: [] };
  const bracesAt = (index: number): number =>
    kind[index] === IDENTIFIER && isUse(tokens, index, shapes.get(symbol[index]))
      ? shapes.get(symbol[index])!.braces
      : kind[index] === OPEN_BRACE
        ? 1
        : kind[index] === CLOSE_BRACE
          ? -1
          : 0;
  const frames: FunctionFrame[] = [];
  let depth = 0;
  for (let index = 0; index < count; index++) {
    const braces = bracesAt(index);
    const frame =
      depth === 0 && braces > 0 && kind[index] === IDENTIFIER ? frameAt(tokens, macros, index, bracesAt) : undefined;
    if (frame) {
      frames.push(frame.frame);
      index = frame.last;
    } else if (kind[index] !== IDENTIFIER) {
      depth = Math.max(0, depth + braces);
    }
  }
  if (frames.length === 0) return { tokens, frames };
  const framed = kind.slice();
  for (const { open, close } of frames) {
    framed[open.first] = OPEN_BRACE;
    if (close) framed[close.last] = CLOSE_BRACE;
  }
  return { tokens: { ...tokens, kind: framed }, frames };
}

interface BraceMacros {
  readonly macros: MacroLookup;
  /** How many names were looked at. */
  nameCount: number;
  readonly shapes: Map<number, MacroShape>;
}

/** By a list of names, which grows while its text is edited. */
const braceMacrosOfNames = new WeakMap<readonly string[], BraceMacros>();

/** The macros that leave braces open, or close more than they open, by their numbers in the list of names. */
function braceMacros(names: readonly string[], macros: MacroLookup): ReadonlyMap<number, MacroShape> {
  let known = braceMacrosOfNames.get(names);
  if (known?.macros !== macros) {
    known = { macros, nameCount: 0, shapes: new Map() };
    braceMacrosOfNames.set(names, known);
  }
  for (; known.nameCount < names.length; known.nameCount++) {
    const name = names[known.nameCount];
    const shape = keywordClass(name) === NOT_A_KEYWORD ? macroShape(name, macros) : undefined;
    if (shape !== undefined && shape.braces !== 0) known.shapes.set(known.nameCount, shape);
  }
  return known.shapes;
}

/** Writes the heads and the ends of functions over the macros that make them. */
export function writeFrames(bench: Workbench, frames: readonly FunctionFrame[]): void {
  if (frames.length === 0) return;
  const { tokens, kind, match, index } = bench;
  const positions = new Map<number, number>();
  for (let p = 0; p < bench.count; p++) positions.set(index[p], p);
  const take = ({ first, last }: MacroUse, brace: number): void => {
    blankText(bench, tokens.start[first], tokens.end[last]);
    note(bench, tokens.start[first], tokens.end[last], 'frame-macro', { name: tokens.names[tokens.symbol[first]] });
    for (let at = first; at <= last; at++) {
      const p = positions.get(at);
      if (p === undefined || at === brace) continue;
      kind[p] = REMOVED;
      match[p] = -1;
    }
  };
  for (const { name, open, close } of frames) {
    const p = positions.get(open.first);
    if (p === undefined) continue;
    take(open, open.first);
    let head = p;
    for (let before = previousOf(bench, p); before >= 0; before = previousOf(bench, before)) {
      if (kind[before] !== IDENTIFIER && kind[before] !== STAR) break;
      head = before;
    }
    writeText(bench, startOf(bench, p), head === p ? SHORT_HEAD : SHORT_HEAD_WITH_TYPE);
    note(bench, startOf(bench, head), tokens.end[open.last], 'cut-name', { name });
    if (close === undefined || positions.get(close.last) === undefined) continue;
    take(close, close.last);
    writeText(bench, tokens.end[close.last] - 1, '}');
  }
}

/** A function-like macro is used in front of `(` alone. */
function isUse(tokens: Tokens, index: number, shape: MacroShape | undefined): boolean {
  return shape !== undefined && (shape.isFunctionLike !== true || tokens.kind[index + 1] === OPEN_PAREN);
}

function frameAt(
  tokens: Tokens,
  macros: MacroLookup,
  index: number,
  bracesAt: (index: number) => number,
): { readonly frame: FunctionFrame; readonly last: number } | undefined {
  const { kind, count } = tokens;
  const head = headAt(tokens, macros, index);
  if (head === undefined) return undefined;
  const { name, use: open, text } = head;
  if (text.length < SHORT_HEAD.length || /[\r\n]/.test(text.slice(0, SHORT_HEAD.length))) return undefined;
  const own = bracesAt(index);
  let depth = own;
  for (let at = open.last + 1; at < count - 1 && at - index < MAXIMUM_FRAME; at++) {
    if (kind[at] === DIRECTIVE) continue;
    const braces = bracesAt(at);
    if (braces === 0) continue;
    // A second head where the body of the first has not ended: the end is somewhere else.
    if (depth === own && braces > 0 && kind[at] === IDENTIFIER && headAt(tokens, macros, at)) return undefined;
    depth += braces;
    if (depth > 0) continue;
    if (depth < 0) return undefined;
    if (kind[at] === CLOSE_BRACE) return { frame: { name, open, close: undefined }, last: at };
    const close = useAt(tokens, at);
    return close && { frame: { name, open, close }, last: close.last };
  }
  return undefined;
}

/** The use of a macro in which the body of a function begins, and the function's name. */
function headAt(
  tokens: Tokens,
  macros: MacroLookup,
  index: number,
): { readonly name: string; readonly use: MacroUse; readonly text: string } | undefined {
  const use = useAt(tokens, index);
  if (use === undefined) return undefined;
  const text = tokens.text.slice(tokens.start[index], tokens.end[use.last]);
  const name = functionOpenedBy(text, macros);
  return name === undefined ? undefined : { name, use, text };
}

/** The use of the macro whose name is the token at `index`, with its arguments if it has some. */
function useAt({ kind, count }: Tokens, index: number): MacroUse | undefined {
  if (kind[index + 1] !== OPEN_PAREN) return { first: index, last: index };
  let depth = 0;
  for (let at = index + 1; at < count && at - index < MAXIMUM_FRAME; at++) {
    if (kind[at] === OPEN_PAREN) depth++;
    else if (kind[at] === CLOSE_PAREN && --depth === 0) return { first: index, last: at };
  }
  return undefined;
}

/** The name of the function whose body begins in what a use of a macro makes; undefined where none does. */
function functionOpenedBy(use: string, macros: MacroLookup): string | undefined {
  const expansion = expandMacros(use, (name) => macros.definitionsOf(name)[0]);
  if (!expansion) return undefined;
  const { kind, symbol, names, count } = scanTokens(expansion.text);
  const open: number[] = [];
  for (let at = 0; at < count; at++) {
    if (kind[at] === OPEN_BRACE) open.push(at);
    else if (kind[at] === CLOSE_BRACE) open.pop();
  }
  let at = (open[0] ?? 0) - 1;
  // From behind: attributes and the parameter list, in front of which the name stands.
  for (let hops = 0; hops < 8 && kind[at] === CLOSE_PAREN; hops++) {
    let depth = 0;
    for (; at >= 0; at--) {
      if (kind[at] === CLOSE_PAREN) depth++;
      else if (kind[at] === OPEN_PAREN && --depth === 0) break;
    }
    if (at < 1 || kind[at - 1] !== IDENTIFIER) return undefined;
    const word = names[symbol[at - 1]];
    const keyword = keywordClass(word);
    if (keyword === NOT_A_KEYWORD) return word;
    if (keyword !== ATTRIBUTE_WORD) return undefined;
    at -= 2;
  }
  return undefined;
}
