/**
 * Rewrites unpreprocessed C into C that the grammar understands, character for character: the result has the length and
 * the line breaks of the original, so every offset is the original's, and a table tells what was changed.
 */
import { blankAnnotations } from './annotations.ts';
import { type ResolvedConditionals, resolveConditionals } from './conditionals.ts';
import type { DefineLookup } from './conditions.ts';
import { type FramedTokens, frameTokens, writeFrames } from './function-frames.ts';
import { type Tokens, tokenise } from './lexer.ts';
import type { MacroLookup } from './macros.ts';
import type { Rewrite } from './rewrites.ts';
import { findStretches, type Stretch } from './stretches.ts';
import { rewriteStructure } from './structure.ts';
import { blankText, createWorkbench, finishText, note, type Workbench } from './workbench.ts';

export interface NormaliseOptions {
  /** What the user says is defined: a body, or `null` for not defined. */
  readonly defines: Readonly<Record<string, string | null>>;
  /** What the headers that the file includes leave no doubt about. */
  readonly headers?: DefineLookup;
  /** Whether nobody but the file defines a name, and the file nowhere but under `#ifndef` of it. */
  readonly isOwnFallback?: (name: string) => boolean;
}

export interface NormalisedSource {
  readonly original: string;
  /** As long as `original`, with the same line breaks. */
  readonly text: string;
  /** Sorted by start. */
  readonly rewrites: readonly Rewrite[];
  /** In order; together they are the text. */
  readonly stretches: readonly Stretch[];
}

/** Normalises one file. Never throws: what it does not understand stays as it is and becomes an error of the parser. */
export function normalise(
  text: string,
  macros: MacroLookup,
  options: NormaliseOptions,
  tokens: Tokens = tokenise(text),
): NormalisedSource {
  const framed = frameTokens(tokens, macros);
  const conditionals = resolveConditionals(framed.tokens, options.defines, options.headers, options.isOwnFallback);
  return rewriteAll(createWorkbench(text, conditionals.sequence, macros), conditionals, framed.frames);
}

/** The steps behind the conditionals, on a bench made of the tokens that those left. */
export function rewriteAll(
  bench: Workbench,
  conditionals: ResolvedConditionals,
  frames: FramedTokens['frames'] = [],
): NormalisedSource {
  const { text, tokens } = bench;
  for (const index of conditionals.blankedDirectives) {
    blankText(bench, tokens.start[index], tokens.end[index]);
    const assumed = conditionals.assumed.get(index);
    note(bench, tokens.start[index], tokens.end[index], 'directive', assumed === undefined ? {} : { name: assumed });
  }
  for (const { start, end, condition } of conditionals.dead) {
    blankText(bench, start, end);
    note(bench, start, end, 'branch', { name: condition });
  }
  writeFrames(bench, frames);
  blankAnnotations(bench);
  rewriteStructure(bench);
  bench.rewrites.sort((a, b) => a.start - b.start || a.end - b.end);
  return { original: text, text: finishText(bench), rewrites: bench.rewrites, stretches: findStretches(bench) };
}
