/**
 * Normalises an edited text: what the edit cannot have reached is taken over from the text before. The rules look no
 * further than a declaration and the one beside it, but for conditional groups, brackets and macros; whether the edit
 * changed something about those elsewhere is compared first, and where it did all is normalised anew. The result is the
 * one that `normalise` gives.
 */
import { detached } from '../base/detached.ts';
import type { TokenSequence } from './brackets.ts';
import { type DeadRange, type ResolvedConditionals, resolveConditionals } from './conditionals.ts';
import { type FramedTokens, frameTokens } from './function-frames.ts';
import { CLOSE_BRACE, CLOSE_BRACKET, CLOSE_PAREN, OPEN_BRACE, OPEN_BRACKET, OPEN_PAREN, type Tokens } from './lexer.ts';
import type { MacroShape } from './macro-roles.ts';
import { macroShape } from './macro-shapes.ts';
import type { MacroDefinition, MacroLookup } from './macros.ts';
import { type NormalisedSource, type NormaliseOptions, type Rewrite, rewriteAll } from './normalise.ts';
import type { TokenSplice } from './retokenise.ts';
import type { Stretch } from './stretches.ts';
import { changeBetween } from './text-change.ts';
import { createWorkbench, type Workbench } from './workbench.ts';

/** What is known of a name, as far as normalising depends on it. */
interface NameFacts {
  readonly shape: MacroShape | undefined;
  readonly definitions: readonly MacroDefinition[];
}

interface Balance {
  /** The part with brackets that do not match; undefined when all do. */
  readonly unbalanced: { readonly start: number; readonly end: number } | undefined;
  /** Outside of that part every `}` in the first column ends something at the top level. */
  readonly isPlain: boolean;
}

/** What a text's normalising rested on. */
interface State extends Balance {
  readonly tokens: Tokens;
  readonly conditionals: ResolvedConditionals;
  readonly macros: MacroLookup;
  /** By symbol; grows with the list of names. */
  readonly names: NameFacts[];
  /** Names whose definitions were looked at beyond their shape. */
  readonly asked: Set<string>;
  /** Macros frame functions of it. */
  readonly isFramed: boolean;
}

/** Kept beside the result, for the next edit. */
const states = new WeakMap<NormalisedSource, State>();

/** Stretches taken along on each side of the edit, of which the outermost only show the others what stands beside them. */
const SURROUNDINGS = 2;

/**
 * The same as `normalise(text, macros, options, tokens)`.
 * @param previous of the text before the edit
 * @param splice how its tokens became those of `text`; undefined when they were all read anew
 */
export function renormalise(
  previous: NormalisedSource,
  text: string,
  macros: MacroLookup,
  options: NormaliseOptions,
  tokens: Tokens,
  splice: TokenSplice | undefined,
): NormalisedSource {
  const { tokens: framed, frames } = frameTokens(tokens, macros);
  const conditionals = resolveConditionals(framed, options.defines, options.headers, options.isOwnFallback);
  const known = states.get(previous);
  states.delete(previous);
  const next = { text, macros, tokens, conditionals, frames };
  const isKnown =
    known !== undefined &&
    splice !== undefined &&
    splice.previous === known.tokens &&
    // What macros frame reaches as far as they stand apart.
    !known.isFramed &&
    frames.length === 0;
  return (isKnown ? inPart(known, previous, splice, next) : undefined) ?? inWhole(next);
}

interface Next {
  readonly text: string;
  readonly macros: MacroLookup;
  readonly tokens: Tokens;
  readonly conditionals: ResolvedConditionals;
  readonly frames: FramedTokens['frames'];
}

function inWhole({ text, macros, tokens, conditionals, frames }: Next): NormalisedSource {
  const asked = new Set<string>();
  const bench = createWorkbench(text, conditionals.sequence, macros);
  const source = rewriteAll(listened(bench, asked), conditionals, frames);
  const names: NameFacts[] = [];
  learnNames(names, tokens, macros);
  const balance = bench.isBalanced ? { unbalanced: undefined, isPlain: bench.isPlain } : balanceOf(source, bench);
  states.set(source, { tokens, conditionals, macros, names, asked, isFramed: frames.length > 0, ...balance });
  return source;
}

/** Of a text in which brackets do not match: where, and whether that matters elsewhere. */
function balanceOf({ stretches, original }: NormalisedSource, bench: Workbench): Balance {
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

/** Writes down whose definitions are looked at. */
function listened(bench: Workbench, asked: Set<string>): Workbench {
  const { macros } = bench;
  const definitionsOf = (name: string): readonly MacroDefinition[] => {
    asked.add(name);
    return macros.definitionsOf(name);
  };
  return { ...bench, macros: { definitionsOf } };
}

function learnNames(facts: NameFacts[], { names }: Tokens, macros: MacroLookup): void {
  for (let symbol = facts.length; symbol < names.length; symbol++) {
    const name = names[symbol];
    facts.push({ shape: macroShape(name, macros), definitions: macros.definitionsOf(name) });
  }
}

/** A part of the text, in offsets, and of its tokens; half-open. */
interface Part {
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly last: number;
}

/** The result when only a part of the text has to be looked at; undefined when that is not certain. */
function inPart(
  known: State,
  previous: NormalisedSource,
  splice: TokenSplice,
  next: Next,
): NormalisedSource | undefined {
  const { text, macros, tokens, conditionals } = next;
  const { stretches } = previous;
  const old = known.tokens;
  const shift = text.length - previous.original.length;
  const tokenShift = tokens.count - old.count;
  const change = changeBetween(previous.original, text);
  const from = Math.min(change.start, old.start[splice.first]);
  const to = Math.max(change.oldEnd, old.start[splice.last]);
  const firstTouched = stretchAt(stretches, from);
  const lastTouched = stretchAt(stretches, to);
  const partOf = (margin: number): Part => {
    const first = Math.max(0, firstTouched - margin);
    const last = Math.min(stretches.length - 1, lastTouched + margin);
    const start = first === 0 ? 0 : stretches[first - 1].end;
    const end = stretches[last].end;
    const isLast = last === stretches.length - 1;
    return {
      start,
      end,
      first: lowerBound(old.start, old.count, start),
      last: isLast ? old.count - 1 : lowerBound(old.start, old.count, end),
    };
  };
  const window = partOf(SURROUNDINGS);
  const inner = partOf(SURROUNDINGS - 1);
  if (window.first > splice.first || window.last < splice.last) return undefined;
  if (!isDecidedAlike(known, next, inner, shift, tokenShift)) return undefined;
  const local = decisionsWithin(next, window, shift, tokenShift);
  if (!local) return undefined;
  if (macros !== known.macros && isReachedByMacros(known, next, inner, tokenShift)) return undefined;

  const partTokens = tokensWithin(
    tokens,
    window.first,
    window.last + tokenShift,
    text,
    window.start,
    window.end + shift,
  );
  const bench = createWorkbench(partTokens.text, { ...local.sequence, tokens: partTokens }, macros);
  if (bench.endsOpen) return undefined;
  const balance = balanceBehind(known, bench, window, inner, shift);
  if (!balance) return undefined;
  const part = rewriteAll(listened(bench, known.asked), local);
  const source = spliced(previous, part, text, window, inner, shift);
  if (!source) return undefined;
  const names = macros === known.macros ? known.names : [];
  learnNames(names, tokens, macros);
  states.set(source, { tokens, conditionals, macros, names, asked: known.asked, isFramed: false, ...balance });
  return source;
}

/** The number of the stretch that an offset lies in; at a boundary the earlier one. */
function stretchAt(stretches: readonly Stretch[], offset: number): number {
  let low = 0;
  let high = stretches.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (stretches[middle].end < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The number of leading values below a limit, of ascending ones. */
function lowerBound(values: ArrayLike<number>, length: number, limit: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Outside of the part every conditional group was decided as before. */
function isDecidedAlike(
  { conditionals: before }: State,
  { conditionals: after }: Next,
  { start, end, first, last }: Part,
  shift: number,
  tokenShift: number,
): boolean {
  // What stands before the part is the same; what stands behind it, moved.
  const outside = (indices: Iterable<number>, moved: number): number[] => {
    const found: number[] = [];
    for (const index of indices) {
      if (index < first) found.push(index);
      else if (index >= last + moved) found.push(index - moved);
    }
    return found;
  };
  const isSame = (a: readonly number[], b: readonly number[]): boolean =>
    a.length === b.length && a.every((index, i) => index === b[i]);
  if (!isSame(outside(before.blankedDirectives, 0), outside(after.blankedDirectives, tokenShift))) return false;
  const assumed = outside(after.assumed.keys(), tokenShift);
  if (!isSame(outside(before.assumed.keys(), 0), assumed)) return false;
  for (const index of assumed) {
    const now = index < first ? index : index + tokenShift;
    if (before.assumed.get(index) !== after.assumed.get(now)) return false;
  }
  const deadOutside = (dead: readonly DeadRange[], moved: number): string | undefined => {
    const parts: string[] = [];
    for (const range of dead) {
      if (range.end <= start) parts.push(`${range.start} ${range.end} ${range.condition}`);
      else if (range.start >= end + moved) {
        parts.push(`${range.start - moved} ${range.end - moved} ${range.condition}`);
      } else if (range.start < start || range.end > end + moved) return undefined;
    }
    return parts.join('\n');
  };
  const deadBefore = deadOutside(before.dead, 0);
  if (deadBefore === undefined || deadBefore !== deadOutside(after.dead, shift)) return false;
  const a = before.sequence;
  const b = after.sequence;
  const begin = lowerBound(a.indices, a.length, first);
  const oldEnd = lowerBound(a.indices, a.length, last);
  const newEnd = lowerBound(b.indices, b.length, last + tokenShift);
  if (lowerBound(b.indices, b.length, first) !== begin || a.length - oldEnd !== b.length - newEnd) return false;
  for (let p = 0; p < begin; p++) if (a.indices[p] !== b.indices[p]) return false;
  for (let p = oldEnd, q = newEnd; p < a.length; p++, q++) if (a.indices[p] + tokenShift !== b.indices[q]) return false;
  return true;
}

/** The decisions inside a part, counted from its beginning; undefined where a branch reaches over its border. */
function decisionsWithin(
  { conditionals, tokens }: Next,
  { start, end, first, last }: Part,
  shift: number,
  tokenShift: number,
): ResolvedConditionals | undefined {
  const { sequence, dead, blankedDirectives, assumed } = conditionals;
  const stop = end + shift;
  const inside = dead.filter((range) => range.end > start && range.start < stop);
  if (inside.some((range) => range.start < start || range.end > stop)) return undefined;
  const begin = lowerBound(sequence.indices, sequence.length, first);
  const length = lowerBound(sequence.indices, sequence.length, last + tokenShift) - begin + 1;
  const indices = new Int32Array(length);
  for (let p = 0; p < length - 1; p++) indices[p] = sequence.indices[begin + p] - first;
  // The end of the part's text.
  indices[length - 1] = last + tokenShift - first;
  const isInside = (index: number): boolean => index >= first && index < last + tokenShift;
  return {
    sequence: { tokens, indices, length },
    dead: inside.map((range) => ({ ...range, start: range.start - start, end: range.end - start })),
    blankedDirectives: blankedDirectives.filter(isInside).map((index) => index - first),
    assumed: new Map([...assumed].filter(([index]) => isInside(index)).map(([index, text]) => [index - first, text])),
  };
}

/** Some name outside of the part to be taken means something else to the normaliser than before. */
function isReachedByMacros(
  known: State,
  { macros, tokens, conditionals }: Next,
  inner: Part,
  tokenShift: number,
): boolean {
  const changed = new Set<number>();
  for (const [symbol, facts] of known.names.entries()) {
    const name = tokens.names[symbol];
    const shape = macroShape(name, macros);
    if (shape !== facts.shape && JSON.stringify(shape) !== JSON.stringify(facts.shape)) changed.add(symbol);
    else if (known.asked.has(name) && !sameDefinitions(facts.definitions, macros.definitionsOf(name)))
      changed.add(symbol);
  }
  if (changed.size === 0) return false;
  const { indices, length } = conditionals.sequence;
  const end = inner.last + tokenShift;
  for (let p = 0; p < length; p++) {
    const index = indices[p];
    if ((index < inner.first || index >= end) && changed.has(tokens.symbol[index])) return true;
  }
  return false;
}

function sameDefinitions(a: readonly MacroDefinition[], b: readonly MacroDefinition[]): boolean {
  const text = (definitions: readonly MacroDefinition[]): string =>
    JSON.stringify(definitions.map((definition) => ({ ...definition, offset: 0 })));
  return a === b || (a.length === b.length && text(a) === text(b));
}

/** The tokens from `first` to before `last` as those of a text of their own. */
function tokensWithin(tokens: Tokens, first: number, last: number, text: string, start: number, end: number): Tokens {
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

/**
 * Where brackets do not match, all of a text is read with other rules. What that means outside of the window is known
 * only where it means nothing; undefined where it may mean something.
 */
function balanceBehind(
  { unbalanced, isPlain, tokens, conditionals }: State,
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

/** The previous result with the inner part replaced; undefined when the part turns out not to be cut where it was. */
function spliced(
  previous: NormalisedSource,
  part: NormalisedSource,
  text: string,
  window: Part,
  inner: Part,
  shift: number,
): NormalisedSource | undefined {
  // In the part's own offsets.
  const start = inner.start - window.start;
  const end = inner.end + shift - window.start;
  const isCut = (offset: number): boolean => offset === 0 || part.stretches.some((stretch) => stretch.end === offset);
  if (!isCut(start) || !isCut(end)) return undefined;
  const isSameBeside =
    part.text.slice(0, start) === previous.text.slice(window.start, inner.start) &&
    part.text.slice(end) === previous.text.slice(inner.end, window.end);
  if (!isSameBeside) return undefined;

  const { rewrites, stretches } = previous;
  const before = rewrites.filter((rewrite) => rewrite.start < inner.start);
  const own = part.rewrites.filter((rewrite) => rewrite.start >= start && rewrite.start < end);
  const behind = rewrites.filter((rewrite) => rewrite.start >= inner.end);
  const isAcross = (list: readonly Rewrite[], limit: number): boolean =>
    list.some((rewrite) => rewrite.end > limit || rewrite.targets?.some((target) => target >= limit));
  if (isAcross(before, inner.start) || isAcross(own, end)) return undefined;
  if (behind.some(({ targets }) => targets?.some((target) => target < inner.end))) return undefined;
  return {
    original: text,
    text: previous.text.slice(0, inner.start) + part.text.slice(start, end) + previous.text.slice(inner.end),
    rewrites: [
      ...before,
      ...own.map((rewrite) => movedRewrite(rewrite, window.start)),
      ...(shift === 0 ? behind : behind.map((rewrite) => movedRewrite(rewrite, shift))),
    ],
    stretches: [
      ...stretches.filter((stretch) => stretch.end <= inner.start),
      ...part.stretches
        .filter((stretch) => stretch.end > start && stretch.end <= end)
        .map((stretch) => movedStretch(stretch, window.start)),
      ...stretches.filter((stretch) => stretch.end > inner.end).map((stretch) => movedStretch(stretch, shift)),
    ],
  };
}

function movedRewrite(rewrite: Rewrite, distance: number): Rewrite {
  const { start, end, targets } = rewrite;
  const moved = { ...rewrite, start: start + distance, end: end + distance };
  return targets === undefined ? moved : { ...moved, targets: targets.map((target) => target + distance) };
}

function movedStretch({ end, head }: Stretch, distance: number): Stretch {
  return { end: end + distance, head: head < 0 ? head : head + distance };
}
