import type { Parser } from 'web-tree-sitter';
import { analyseFunction, dumpStates, type FunctionAnalysis } from '../analysis/analyse-function.ts';
import type { AnalysisEnvironment } from '../analysis/context.ts';
import type { Summary } from '../analysis/summary.ts';
import { lowerFunction } from '../ir/lower-function.ts';
import type { LoweringEnvironment } from '../ir/lowering.ts';
import { ModelRegistry } from '../models/registry.ts';
import { collectFacts } from '../source/facts.ts';
import { normalise, type Rewrite } from '../source/normalise.ts';
import { createParser, type Grammar } from '../syntax/grammar.ts';
import { type TopLevelItem, TranslationUnit } from '../syntax/translation-unit.ts';
import { type AnalysedFile, functionItem } from './analysed-file.ts';
import type { Configuration } from './configuration.ts';
import type { Dependency, FunctionMemo } from './function-memo.ts';
import { MacroTemplates, signature } from './macro-templates.ts';
import { type FunctionEntry, ProgramIndex } from './program-index.ts';

/** Parsed files are kept up to this much source text, in UTF-16 code units; the syntax trees take some ten times that. */
const MAXIMUM_PARSED_TEXT = 24_000_000;
/** Summaries nested deeper than this many calls count as unknown: the analysis of a call is a recursion. */
const MAXIMUM_CALL_DEPTH = 100;

/**
 * The program that a workspace's files make: which text each has, which functions it defines, what they do. Analyses are
 * made when they are asked for and kept as long as nothing they depend on changes.
 */
export class Program {
  readonly index = new ProgramIndex();
  readonly models: ModelRegistry;
  readonly #grammar: Grammar;
  readonly #parser: Parser;
  readonly #configuration: Configuration;
  readonly #readText: (file: string) => string | undefined;
  readonly #templates: MacroTemplates;
  /** In order of use, least recent first. */
  readonly #files = new Map<string, AnalysedFile>();
  readonly #inProgress = new Set<string>();
  #revision = 1;

  constructor(grammar: Grammar, configuration: Configuration, readText: (file: string) => string | undefined) {
    this.#grammar = grammar;
    this.#parser = createParser(grammar);
    this.#configuration = configuration;
    this.#readText = readText;
    this.#templates = new MacroTemplates(grammar, this.#parser);
    this.models = new ModelRegistry(configuration);
  }

  /** Takes in a file's new text: what it tells others, and, when it was parsed before, its syntax. */
  setText(file: string, text: string): void {
    const known = this.index.facts(file);
    const analysed = this.#files.get(file);
    if (analysed?.text === text && known) return;
    this.index.set(collectFacts(file, text));
    this.#revision++;
    if (!analysed) return;
    const source = normalise(text, this.index.macrosFor(file), this.#configuration);
    // Items that are carried over must have their copies: the old tree goes away.
    analysed.unit = analysed.unit.update(source);
    analysed.text = text;
    analysed.source = source;
  }

  remove(file: string): void {
    this.index.remove(file);
    this.#forget(file);
    this.#revision++;
  }

  #forget(file: string): void {
    this.#files.get(file)?.unit.delete();
    this.#files.delete(file);
  }

  /** The file's syntax and analyses; undefined when it cannot be read. */
  analysed(file: string): AnalysedFile | undefined {
    const known = this.#files.get(file);
    if (known) {
      this.#files.delete(file);
      this.#files.set(file, known);
      return known;
    }
    const text = this.#readText(file);
    if (text === undefined) return undefined;
    if (!this.index.facts(file)) {
      this.index.set(collectFacts(file, text));
      this.#revision++;
    }
    const source = normalise(text, this.index.macrosFor(file), this.#configuration);
    const analysed: AnalysedFile = {
      file,
      text,
      source,
      unit: TranslationUnit.parse(this.#grammar, this.#parser, source),
      memos: new Map(),
    };
    this.#files.set(file, analysed);
    this.#evict();
    return analysed;
  }

  #evict(): void {
    let size = 0;
    for (const analysed of this.#files.values()) size += analysed.text.length;
    for (const [file, analysed] of this.#files) {
      if (size <= MAXIMUM_PARSED_TEXT || this.#files.size <= 2) return;
      if ([...this.#inProgress].some((key) => key.startsWith(`${file}\0`))) continue;
      size -= analysed.text.length;
      this.#forget(file);
    }
  }

  /** The analysis of a function, made now or found to hold still. Undefined when the function was not understood. */
  analyse(analysed: AnalysedFile, item: TopLevelItem): FunctionAnalysis | undefined {
    return this.#memo(analysed, item).analysis;
  }

  #memo(analysed: AnalysedFile, item: TopLevelItem): FunctionMemo {
    const known = analysed.memos.get(item.name);
    if (
      known &&
      known.arrays === item.arrays &&
      known.rewrites === item.rewrites &&
      this.#holds(analysed.file, known)
    ) {
      return known;
    }
    const key = `${analysed.file}\0${item.name}`;
    this.#inProgress.add(key);
    try {
      const memo = this.#compute(analysed, item);
      analysed.memos.set(item.name, memo);
      return memo;
    } finally {
      this.#inProgress.delete(key);
    }
  }

  #holds(file: string, memo: FunctionMemo): boolean {
    if (memo.revision === this.#revision) return true;
    for (const { kind, name, argumentCount, answer } of memo.dependencies) {
      if (this.#answer(file, kind, name, argumentCount).answer !== answer) return false;
    }
    memo.revision = this.#revision;
    return true;
  }

  #answer(
    file: string,
    kind: Dependency['kind'],
    name: string,
    argumentCount: number,
  ): { answer: string; summary?: Summary } {
    if (kind === 'function') return { answer: this.index.isFunction(name) ? 'yes' : 'no' };
    if (kind === 'macro') {
      const found = this.#templates.find(name, file, this.index.macrosFor(file));
      return { answer: found ? signature(found.definition) : '' };
    }
    const found = this.#summaryOf(name, file, argumentCount);
    return { answer: found?.summaryKey ?? '', summary: found?.analysis?.summary };
  }

  /** What the analysis of a function found, as text, for those who work on it. Undefined when it was not understood. */
  dumpStates(analysed: AnalysedFile, item: TopLevelItem): string | undefined {
    const { lowering, analysis } = this.#environments(analysed, item, () => {});
    const ir = lowerFunction(item.arrays, lowering);
    return ir && dumpStates(ir, analysed.file, analysis);
  }

  #compute(analysed: AnalysedFile, item: TopLevelItem): FunctionMemo {
    const dependencies = new Map<string, Dependency>();
    const environments = this.#environments(analysed, item, (dependency) => {
      const key = `${dependency.kind} ${dependency.name} ${dependency.argumentCount}`;
      if (!dependencies.has(key)) dependencies.set(key, dependency);
    });
    const { arrays, rewrites } = item;
    const ir = lowerFunction(arrays, environments.lowering);
    const analysis = ir && analyseFunction(ir, analysed.file, environments.analysis);
    return {
      arrays,
      rewrites,
      dependencies: [...dependencies.values()],
      analysis,
      summaryKey: analysis ? JSON.stringify(analysis.summary) : '',
      revision: this.#revision,
    };
  }

  /** What lowering and analysing a function may ask of the program; `note` is told what was asked and answered. */
  #environments(
    { file }: AnalysedFile,
    { name: ownName, rewrites }: TopLevelItem,
    note: (dependency: Dependency) => void,
  ): { readonly lowering: LoweringEnvironment; readonly analysis: AnalysisEnvironment } {
    const macros = this.index.macrosFor(file);
    const lowering: LoweringEnvironment = {
      macro: (name) => {
        const found = this.#templates.find(name, file, macros);
        note({ kind: 'macro', name, argumentCount: 0, answer: found ? signature(found.definition) : '' });
        return found?.template;
      },
      isFunction: (name) => {
        const answer = this.index.isFunction(name);
        note({ kind: 'function', name, argumentCount: 0, answer: answer ? 'yes' : 'no' });
        return answer;
      },
      iterationMacroAt: (offset) => iterationMacroAt(rewrites, offset),
      cleanupWithin: (start, end) => cleanupWithin(rewrites, start, end),
    };
    const own = this.index.definitions(ownName, file).find((entry) => entry.file === file);
    const component = own ? this.index.component(own.fact) : -1;
    const analysis: AnalysisEnvironment = {
      models: this.models,
      summary: (name, argumentCount) => {
        const entries = this.index.definitions(name, file);
        // Inside a cycle of calls nothing is known of one another.
        if (component >= 0 && entries.some((entry) => this.index.component(entry.fact) === component)) return undefined;
        const { answer, summary } = this.#answer(file, 'summary', name, argumentCount);
        note({ kind: 'summary', name, argumentCount, answer });
        return summary;
      },
    };
    return { lowering, analysis };
  }

  /** The summary for a call, when its body is in sight, fits the call, and all candidates agree. */
  #summaryOf(name: string, file: string, argumentCount: number): FunctionMemo | undefined {
    const entries = this.index.definitions(name, file);
    if (entries.length === 0 || entries.length > 4) return undefined;
    let agreed: FunctionMemo | undefined;
    for (const entry of entries) {
      if (!fits(entry, argumentCount)) return undefined;
      const memo = this.#memoOf(entry);
      if (!memo?.analysis) return undefined;
      if (agreed && !sameEffect(agreed.analysis!.summary, memo.analysis.summary)) return undefined;
      agreed ??= memo;
    }
    return agreed;
  }

  #memoOf(entry: FunctionEntry): FunctionMemo | undefined {
    const key = `${entry.file}\0${entry.fact.name}`;
    if (this.#inProgress.has(key) || this.#inProgress.size >= MAXIMUM_CALL_DEPTH) return undefined;
    const analysed = this.analysed(entry.file);
    const item = analysed && functionItem(analysed, entry.fact.name);
    return item && this.#memo(analysed, item);
  }
}

function fits({ fact }: FunctionEntry, argumentCount: number): boolean {
  return (
    fact.parameterCount === argumentCount ||
    fact.parameterCount < 0 ||
    (fact.isVariadic && argumentCount >= fact.parameterCount)
  );
}

/** Two definitions do the same to memory, wherever in them it happens. */
function sameEffect(a: Summary, b: Summary): boolean {
  const withoutSteps = (summary: Summary): string =>
    JSON.stringify({ ...summary, file: '' }, (key, value: unknown) => (key === 'steps' ? undefined : value));
  return withoutSteps(a) === withoutSteps(b);
}

function iterationMacroAt(rewrites: readonly Rewrite[], offset: number): string | undefined {
  return rewrites.find((rewrite) => rewrite.kind === 'iteration-macro' && rewrite.start === offset)?.name;
}

function cleanupWithin(rewrites: readonly Rewrite[], start: number, end: number): string | undefined {
  for (const rewrite of rewrites) {
    if (rewrite.meaning?.kind !== 'cleanup' && rewrite.meaning?.kind !== 'cleanup-type') continue;
    if (rewrite.start >= end || rewrite.end <= start) continue;
    return rewrite.meaning.kind === 'cleanup' ? rewrite.meaning.function : `${rewrite.meaning.type}_autoptr_cleanup`;
  }
  return undefined;
}
