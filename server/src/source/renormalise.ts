/**
 * Normalises an edited text: what the edit cannot have reached is taken over from the text before. The rules look no
 * further than a declaration and the one beside it, but for conditional groups, brackets and macros; whether the edit
 * changed something about those elsewhere is compared first, and where it did all is normalised anew. The result is the
 * one that `normalise` gives.
 */
import { lowerBound } from '../base/lower-bound.ts';
import { type Balance, balanceBehind, balanceOf } from './bracket-balance.ts';
import { decisionsWithin, isDecidedAlike } from './conditional-parts.ts';
import { type ResolvedConditionals, resolveConditionals } from './conditionals.ts';
import { type FramedTokens, frameTokens } from './function-frames.ts';
import type { Tokens } from './lexer.ts';
import type { MacroShape } from './macro-roles.ts';
import { macroShape } from './macro-shapes.ts';
import type { MacroDefinition, MacroLookup } from './macros.ts';
import { type NormalisedSource, type NormaliseOptions, rewriteAll } from './normalise.ts';
import type { TokenSplice } from './retokenise.ts';
import type { Rewrite } from './rewrites.ts';
import type { Stretch } from './stretches.ts';
import { changeBetween } from './text-change.ts';
import { type Part, tokensWithin } from './text-parts.ts';
import { createWorkbench, type Workbench } from './workbench.ts';

/** What is known of a name, as far as normalising depends on it. */
interface NameFacts {
  readonly shape: MacroShape | undefined;
  readonly definitions: readonly MacroDefinition[];
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
  if (!isDecidedAlike(known.conditionals, conditionals, inner, shift, tokenShift)) return undefined;
  const local = decisionsWithin(conditionals, window, shift, tokenShift);
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
