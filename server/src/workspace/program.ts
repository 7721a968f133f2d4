import type { Parser } from 'web-tree-sitter';
import {
  analyseCalls,
  analyseFunction,
  dumpStates,
  type FunctionAnalysis,
  observeFunction,
} from '../analysis/analyse-function.ts';
import type { AnalysisEnvironment } from '../analysis/context.ts';
import { analyseNullFlow } from '../analysis/null-flow.ts';
import type { Observation } from '../analysis/observation.ts';
import { releasesResults } from '../analysis/release-names.ts';
import { noreturnSummary, type Summary } from '../analysis/summary.ts';
import { NO_HEAP_EFFECT } from '../analysis/summary-cases.ts';
import type { TypeEnvironment } from '../analysis/type-model.ts';
import { analyseControlFlow, type ControlFlow } from '../ir/control-flow.ts';
import type { FunctionIr } from '../ir/instructions.ts';
import { lowerFunction } from '../ir/lower-function.ts';
import type { LoweringEnvironment } from '../ir/lowering.ts';
import type { CalleeKind } from '../ir/macro-effect.ts';
import { mayLetStackAddressesEscape } from '../ir/stack-addresses.ts';
import { believedModel } from '../models/believed-models.ts';
import { isStandardAllocator, ModelRegistry } from '../models/registry.ts';
import { collectFacts, type SourceFacts } from '../source/facts.ts';
import { factsAfterEdit } from '../source/facts-after-edit.ts';
import { scanTokens, type Tokens } from '../source/lexer.ts';
import { configuredMacro, type MacroDefinition } from '../source/macros.ts';
import { declaredNoreturn } from '../source/noreturn.ts';
import { type NormalisedSource, type NormaliseOptions, normalise, type Rewrite } from '../source/normalise.ts';
import { renormalise } from '../source/renormalise.ts';
import { retokeniseChange, type TokenSplice } from '../source/retokenise.ts';
import { expandFunction } from '../syntax/expanded-function.ts';
import { createParser, type Grammar } from '../syntax/grammar.ts';
import { rewrittenArguments } from '../syntax/macro-body.ts';
import { type TopLevelItem, TranslationUnit } from '../syntax/translation-unit.ts';
import { type AnalysedFile, functionItem } from './analysed-file.ts';
import { type BuildSettings, noBuildSettings } from './build-settings.ts';
import type { Configuration } from './configuration.ts';
import { declaredModels } from './declared-models.ts';
import type { AnalysedFunction, Dependency, FunctionMemo, Relevance, Stage } from './function-memo.ts';
import {
  assumedConditions,
  cleanupWithin,
  deferredStatements,
  isSameRewrites,
  iterationMacroAt,
} from './function-rewrites.ts';
import { MacroTemplates, signature } from './macro-templates.ts';
import { type FunctionEntry, ProgramIndex } from './program-index.ts';
import { neverReturns } from './relevance.ts';
import type { KnownAnalysis, ResultExchange } from './result-exchange.ts';
import { TypeDefinitions } from './type-definitions.ts';
import { type UnclearMacro, unclearMacro } from './unclear-macros.ts';

/** Parsed files are kept up to this much source text, in UTF-16 code units; the syntax trees take some ten times that. */
const MAXIMUM_PARSED_TEXT = 24_000_000;
/** Summaries nested deeper than this many calls count as unknown: the analysis of a call is a recursion. */
const MAXIMUM_CALL_DEPTH = 100;
/** Thrown through the work on functions; what they hold on to is given back on the way. */
const OUT_OF_TIME = new Error('out of time');
/** Names by which libraries give and take memory. */
const MEMORY_NAME = /alloc|free|dup|new|create|destroy|delete|release|unref|dispose|clear|cleanup|realloc/i;
/** A name with more definitions than this means nothing in particular. */
const MAXIMUM_CANDIDATES = 4;

interface EditedFunction {
  readonly analysed: AnalysedFile;
  readonly name: string;
  readonly before: FunctionMemo;
}

/**
 * The program that a workspace's files make: which text each has, which functions it defines, what they do. Analyses are
 * made when they are asked for and kept as long as nothing they depend on changes.
 */
export class Program {
  readonly index: ProgramIndex;
  readonly models: ModelRegistry;
  readonly #grammar: Grammar;
  readonly #parser: Parser;
  /** The configuration's null means "defined as 1", as `-DNAME` does; the normaliser's means "known not to be defined". */
  readonly #defines: Readonly<Record<string, string | null>>;
  readonly #readText: (file: string) => string | undefined;
  readonly #templates: MacroTemplates;
  readonly #types: TypeDefinitions;
  readonly #exchange: ResultExchange | undefined;
  /** In order of use, least recent first. */
  readonly #files = new Map<string, AnalysedFile>();
  readonly #inProgress = new Set<string>();
  /** Functions whose text changed since others asked about them, with what was known of them then. */
  readonly #edited = new Map<string, EditedFunction>();
  /** Of edited files, by the tokens that they were read off. */
  readonly #factsOf = new WeakMap<Tokens, SourceFacts>();
  /** What `inspect` found, as of a revision. */
  readonly #inspected = new WeakMap<FunctionIr, { readonly revision: number; readonly analysis: FunctionAnalysis }>();
  #revision = 1;
  #deadline = Number.POSITIVE_INFINITY;
  /** Something was found out since the attempt began. */
  #isFruitful = false;
  /** The version of the index that all texts were last compared with. */
  #refreshedVersion = 0;
  /** Of the function that was asked about last: who points at one place of it points at another next. */
  #observed: { readonly key: string; readonly observation: Observation } | undefined;

  /**
   * The user's macros count before those of the build.
   * @param exchange Only for a program whose files never change.
   */
  constructor(
    grammar: Grammar,
    configuration: Configuration,
    readText: (file: string) => string | undefined,
    { includeFolders, defines }: BuildSettings = noBuildSettings,
    exchange?: ResultExchange,
  ) {
    this.#exchange = exchange;
    this.#grammar = grammar;
    this.#parser = createParser(grammar);
    const configured = Object.entries(configuration.defines).map(([name, body]) => [name, body ?? '1']);
    this.#defines = { ...defines, ...Object.fromEntries(configured) };
    this.index = new ProgramIndex(this.#defines, configuredMacros(configuration), includeFolders);
    this.#readText = readText;
    this.#types = new TypeDefinitions(grammar, this.#parser);
    this.models = new ModelRegistry(configuration);
    this.#templates = new MacroTemplates(grammar, this.#parser, {
      isDefined: (name) => this.index.isDefined(name),
      isFunction: (name) => this.index.isFunction(name),
      calleeKind: (name) => this.#calleeKind(name),
      macrosFor: (file) => this.index.macrosFor(file),
    });
  }

  /** Takes in a file's new text: what it tells others, and, when it was parsed before, its syntax. */
  setText(file: string, text: string): void {
    const known = this.index.facts(file);
    const analysed = this.#files.get(file);
    if (analysed?.text === text && known) return;
    // Only what is parsed is edited: a file that is indexed is read once.
    const { version } = this.index;
    if (!analysed) {
      this.#takeFacts(file, text);
      this.#forgetAnswers();
      return;
    }
    const { tokens, splice = undefined } = analysed.tokens
      ? retokeniseChange(analysed.tokens, text)
      : { tokens: scanTokens(text) };
    this.#takeFacts(file, text, tokens, known ? splice : undefined);
    if (this.index.version !== version) this.#forgetAnswers();
    analysed.tokens = tokens;
    const macros = this.index.macrosFor(file);
    const options = this.#normaliseOptions(file);
    this.#takeSource(analysed, renormalise(analysed.source, text, macros, options, tokens, splice));
  }

  #normalise(file: string, text: string, tokens?: Tokens): NormalisedSource {
    return normalise(text, this.index.macrosFor(file), this.#normaliseOptions(file), tokens);
  }

  #normaliseOptions(file: string): NormaliseOptions {
    return { defines: this.#defines, headers: this.index.definesInHeaders(file) };
  }

  #takeSource(analysed: AnalysedFile, source: NormalisedSource): void {
    const before = analysed.unit;
    analysed.unit = before.update(source);
    this.#noteEdits(analysed, before);
    analysed.text = source.original;
    analysed.source = source;
    analysed.indexVersion = this.index.version;
  }

  /** Reads the texts anew whose macros other files have changed since. */
  #refresh(): void {
    const { version } = this.index;
    this.#refreshedVersion = version;
    for (const analysed of [...this.#files.values()]) {
      const { file, text, tokens, indexVersion } = analysed;
      if (indexVersion === version) continue;
      if (this.index.macrosChangedFor(file, text, indexVersion))
        this.#takeSource(analysed, this.#normalise(file, text, tokens));
      else analysed.indexVersion = version;
    }
  }

  #isInProgress(file: string): boolean {
    for (const key of this.#inProgress) if (key.startsWith(`${file}\0`)) return true;
    return false;
  }

  #takeFacts(file: string, text: string, tokens?: Tokens, splice?: TokenSplice): void {
    const before = splice && this.#factsOf.get(splice.previous);
    const edited = before && tokens && factsAfterEdit(before, splice, tokens);
    const facts = edited?.facts ?? collectFacts(file, text, tokens);
    if (tokens) this.#factsOf.set(tokens, facts);
    // The places of `#undef` lines are kept up to date.
    if (edited?.isSame && facts.undefs.length === 0) return;
    const models = declaredModels(facts, text, (name) => this.models.familyOfDeallocator(name));
    this.index.set(facts, declaredNoreturn(facts, text), models);
  }

  remove(file: string): void {
    this.index.remove(file);
    this.#forget(file);
    this.#forgetAnswers();
  }

  /** Something changed that any answer may rest on: all are asked again when they are needed. */
  #forgetAnswers(): void {
    this.#revision++;
    this.#edited.clear();
  }

  /** Notes the functions that an edit changed. What others know of them is compared when they are analysed. */
  #noteEdits(analysed: AnalysedFile, before: TranslationUnit): void {
    const names = new Set([...before.functionNames(), ...analysed.unit.functionNames()]);
    for (const name of names) {
      const old = before.functionNamed(name);
      const item = analysed.unit.functionNamed(name);
      if (old && item && old.arrays === item.arrays && old.rewrites === item.rewrites) continue;
      const key = `${analysed.file}\0${name}`;
      if (this.#edited.has(key)) continue;
      const memo = old && analysed.memos.get(old.arrays);
      const isKnown = memo?.relevance && memo.rewrites === old?.rewrites && this.#isPresent(memo);
      // Nobody can have asked about a function that was not even lowered.
      if (old && item && (!memo || (!memo.lowered && !memo.relevance))) continue;
      if (!old || !item || !memo || !isKnown) {
        this.#forgetAnswers();
        return;
      }
      this.#edited.set(key, { analysed, name, before: memo });
    }
  }

  #isPresent({ lowered, relevance, analysed }: FunctionMemo): boolean {
    return [lowered, relevance, analysed].every((stage) => !stage || stage.revision === this.#revision);
  }

  /**
   * Analyses the functions that were edited, and compares what others know of them. Where it is the same, as after most
   * keys, everything that rests on it still holds, and need not be looked at.
   */
  #settle(): void {
    for (const [key, edited] of [...this.#edited]) {
      if (!this.#edited.has(key)) continue;
      const { analysed, name, before } = edited;
      const item = analysed.unit.functionNamed(name);
      // It may run out of time: then the function is still to be compared.
      const isSame =
        item !== undefined && this.#files.get(analysed.file) === analysed && this.#saysTheSame(analysed, item, before);
      this.#edited.delete(key);
      if (!isSame) this.#forgetAnswers();
    }
  }

  #saysTheSame(analysed: AnalysedFile, item: TopLevelItem, before: FunctionMemo): boolean {
    const { isRelevant, isNoreturn } = this.#relevance(analysed, item);
    const old = before.relevance?.value;
    if (old?.isRelevant !== isRelevant || old.isNoreturn !== isNoreturn) return false;
    if (this.#leaves(before.lowered?.value) !== this.#leaves(this.#lowered(analysed, item))) return false;
    return !before.analysed || before.analysed.value.summaryKey === this.#analysis(analysed, item)?.summaryKey;
  }

  /** What a cycle of calls knows of one of its functions. */
  #leaves(ir: FunctionIr | undefined): boolean | undefined {
    return ir && neverReturns(ir, (callee) => this.#isNoreturn(callee));
  }

  #forget(file: string): void {
    this.#files.delete(file);
  }

  /** The file's syntax and analyses; undefined when it cannot be read. */
  analysed(file: string): AnalysedFile | undefined {
    // While a function is analysed nothing changes.
    if (this.#refreshedVersion !== this.index.version && this.#inProgress.size === 0) this.#refresh();
    const known = this.#files.get(file);
    if (known) {
      this.#files.delete(file);
      this.#files.set(file, known);
      return known;
    }
    const text = this.#readText(file);
    if (text === undefined) return undefined;
    this.#keepDeadline();
    if (!this.index.facts(file)) {
      this.#takeFacts(file, text);
      this.#forgetAnswers();
    }
    const source = this.#normalise(file, text);
    this.#isFruitful = true;
    const analysed: AnalysedFile = {
      file,
      text,
      source,
      indexVersion: this.index.version,
      tokens: undefined,
      unit: TranslationUnit.parse(this.#grammar, this.#parser, source),
      memos: new WeakMap(),
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
      if (this.#isInProgress(file)) continue;
      size -= analysed.text.length;
      this.#forget(file);
    }
  }

  /**
   * The analysis of a function, made now or found to hold still. Undefined when the function was not understood, or
   * calls nothing that gives or takes memory: then there is nothing to find in it.
   */
  analyse(analysed: AnalysedFile, item: TopLevelItem): FunctionAnalysis | undefined {
    if (this.#edited.size > 0) this.#settle();
    return this.#relevance(analysed, item).isRelevant ? this.#analysis(analysed, item)?.analysis : undefined;
  }

  /** What another program found out about a function in which there is nothing to report. */
  knownClean(
    { file, unit }: AnalysedFile,
    item: TopLevelItem,
  ): Pick<KnownAnalysis, 'isIncomplete' | 'isPartial'> | undefined {
    if (!this.#exchange || unit.functionNamed(item.name) !== item) return undefined;
    // Others may have asked for the summary of a function whose paths are not followed for its own sake.
    if (!this.#exchange.relevance(file, item.name)?.isRelevant) return undefined;
    const known = this.#exchange.analysis(file, item.name);
    return known?.hasFlaws === false ? known : undefined;
  }

  /** True when the function's analysis is known to hold, so that asking for it costs nothing. */
  isCurrent(analysed: AnalysedFile, item: TopLevelItem): boolean {
    const memo = analysed.memos.get(item.arrays);
    return this.#edited.size === 0 && memo?.relevance !== undefined && this.#isPresent(memo);
  }

  /** As `isCurrent`, after a look at what the analysis rests on: that may take the analysis of functions it calls. */
  stillHolds(analysed: AnalysedFile, item: TopLevelItem): boolean {
    if (this.#edited.size > 0) this.#settle();
    const memo = analysed.memos.get(item.arrays);
    if (!memo?.relevance || !isSameRewrites(memo.rewrites, item.rewrites)) return false;
    const stages: readonly (Stage<unknown> | undefined)[] = [memo.lowered, memo.relevance, memo.analysed];
    return stages.every((stage) => !stage || this.#holds(analysed.file, stage, item.start));
  }

  #memo(analysed: AnalysedFile, item: TopLevelItem): FunctionMemo {
    const { arrays, rewrites } = item;
    const known = analysed.memos.get(arrays);
    if (known && isSameRewrites(known.rewrites, rewrites)) return known;
    const memo = { rewrites, lowered: undefined, relevance: undefined, analysed: undefined };
    analysed.memos.set(arrays, memo);
    return memo;
  }

  /**
   * Does some work until a time, as `performance.now()` counts. Undefined when that was not enough: what was found out about
   * single functions meanwhile is kept, so that another attempt goes on from there. Every attempt gets somewhere.
   */
  attempt<T>(deadline: number, work: () => T): { readonly value: T } | undefined {
    this.#deadline = deadline;
    this.#isFruitful = false;
    try {
      return { value: work() };
    } catch (error) {
      if (error === OUT_OF_TIME) return undefined;
      throw error;
    } finally {
      this.#deadline = Number.POSITIVE_INFINITY;
    }
  }

  /** Called before work on another function or file begins. */
  #keepDeadline(): void {
    if (this.#isFruitful && performance.now() > this.#deadline) throw OUT_OF_TIME;
  }

  /** A stage's value if what it depends on still holds, else the value computed anew. */
  #current<T>(
    file: string,
    stage: Stage<T> | undefined,
    compute: (note: (dependency: Dependency) => void) => T,
    offset = 0,
  ): Stage<T> {
    if (stage && this.#holds(file, stage, offset)) return stage;
    this.#keepDeadline();
    const dependencies = new Map<string, Dependency>();
    const value = compute((dependency) => {
      const key = `${dependency.kind} ${dependency.name} ${dependency.argumentCount}`;
      if (!dependencies.has(key)) dependencies.set(key, dependency);
    });
    this.#isFruitful = true;
    return {
      value,
      dependencies: [...dependencies.values()],
      revision: this.#revision,
      indexVersion: this.index.version,
    };
  }

  #holds<T>(file: string, stage: Stage<T>, offset: number): boolean {
    if (stage.revision === this.#revision) return true;
    const isIndexSame = stage.indexVersion === this.index.version;
    for (const dependency of stage.dependencies) {
      const { kind, answer } = dependency;
      if (isIndexSame && kind !== 'summary' && kind !== 'effect' && kind !== 'cycle') continue;
      if (this.#answer(file, dependency, offset) !== answer) return false;
    }
    stage.revision = this.#revision;
    stage.indexVersion = this.index.version;
    return true;
  }

  /** `offset` is the function's place in the file, where that matters. */
  #answer(file: string, { kind, name, argumentCount, caller = '' }: Dependency, offset: number): string {
    switch (kind) {
      case 'function':
        return this.index.isFunction(name) ? 'yes' : 'no';
      case 'defined':
        return String(this.index.isDefined(name));
      case 'one-body':
        return String(this.index.definitions(name, file).length === 1);
      case 'noreturn':
        return String(this.index.isDeclaredNoreturn(name));
      case 'constant':
        return String(this.index.constant(name));
      case 'variable':
        return String(this.index.fileVariable(name, file));
      case 'model':
        return JSON.stringify(this.index.declaredModel(name, file)) ?? '';
      case 'member':
        return String(this.index.memberTraits(name));
      case 'macro': {
        const definition = this.#templates.definition(name, file, this.index.macrosAt(file, offset));
        return definition ? signature(definition) : '';
      }
      case 'cycle':
        return this.#cycleWith(name, file, caller);
      case 'unclear-macro':
        return JSON.stringify(this.#unclearMacro(name, file));
      case 'type':
        return this.index.typeDefinition(name, file) ?? '';
      case 'value':
        return this.#constantText(name, file) ?? '';
      case 'effect':
        return this.#effectOf(name, file);
      case 'summary':
        return this.#summaryOf(name, file, argumentCount)?.summaryKey ?? '';
    }
  }

  #lowered(analysed: AnalysedFile, item: TopLevelItem): FunctionIr | undefined {
    const memo = this.#memo(analysed, item);
    const before = memo.lowered;
    memo.lowered = this.#current(
      analysed.file,
      before,
      (note) => this.#lower(analysed, item, memo.rewrites, note),
      item.start,
    );
    if (memo.lowered !== before) memo.relevance = memo.analysed = undefined;
    return memo.lowered.value;
  }

  /**
   * As it stands where that is understood, else with its macros written out where that is. A macro that makes half a
   * block, or ends a statement in its middle, is read as a call without an error, and is none.
   */
  #lower(
    { file, source }: AnalysedFile,
    item: TopLevelItem,
    rewrites: readonly Rewrite[],
    note: (dependency: Dependency) => void,
  ): FunctionIr | undefined {
    let isAllRead = true;
    const noteUnread = (): void => {
      isAllRead = false;
    };
    const environment = this.#loweringEnvironment(file, item.start, rewrites, note, noteUnread);
    const ir = lowerFunction(item.arrays, environment);
    if (ir && !ir.isPartial && isAllRead) return ir;
    const { start, end, isTooLong } = item;
    if (isTooLong) return ir;
    const macros = this.index.macrosAt(file, start);
    const definitionOf = (name: string): MacroDefinition | undefined => {
      const definition = isStandardAllocator(name) ? undefined : this.#templates.definition(name, file, macros);
      note({ kind: 'macro', name, argumentCount: 0, answer: definition ? signature(definition) : '' });
      return definition;
    };
    const expanded = expandFunction(this.#grammar, this.#parser, source, { start, end }, macros, definitionOf);
    if (!expanded) return ir;
    const expandedEnvironment = this.#loweringEnvironment(file, start, expanded.rewrites, note);
    const better = lowerFunction(expanded.arrays, expandedEnvironment, source.original.slice(start, end));
    return better && !better.isPartial ? better : ir;
  }

  #relevance(analysed: AnalysedFile, item: TopLevelItem): Relevance {
    const memo = this.#memo(analysed, item);
    const ir = this.#lowered(analysed, item);
    const before = memo.relevance;
    memo.relevance = this.#current(analysed.file, memo.relevance, (note) => {
      if (!ir) return { isRelevant: false, isNoreturn: false };
      const effect = (name: string): string => {
        if (this.#isNoreturn(name)) return 'noreturn';
        const isModelled = isStandardAllocator(name) || this.models.configured(name) || !this.index.isDefined(name);
        if (isModelled && this.models.isMemoryFunction(name)) return 'memory';
        const cycle = this.#cycleWith(name, analysed.file, item.name);
        note({ kind: 'cycle', name, caller: item.name, argumentCount: 0, answer: cycle });
        if (cycle !== '') return '';
        const answer = this.#effectOf(name, analysed.file);
        note({ kind: 'effect', name, argumentCount: 0, answer });
        return answer;
      };
      const effects = new Map(ir.callees.map((name) => [name, effect(name)]));
      return {
        isRelevant:
          [...effects.values()].includes('memory') ||
          mayLetStackAddressesEscape(ir) ||
          releasesResults(ir, (name) => this.models.shipped(name)) ||
          this.#speaksOfNull(ir, analysed.file, note),
        isNoreturn: neverReturns(ir, (callee) => effects.get(callee) === 'noreturn'),
      };
    });
    const { value } = memo.relevance;
    if (this.#exchange && memo.relevance !== before && analysed.unit.functionNamed(item.name) === item) {
      this.#exchange.tellRelevance(analysed.file, item.name, value);
    }
    return value;
  }

  /** The function says itself that a pointer is NULL which it dereferences, or tests it too late. */
  #speaksOfNull(ir: FunctionIr, file: string, note: (dependency: Dependency) => void): boolean {
    const flow = (): ControlFlow => analyseControlFlow(ir);
    return (
      analyseNullFlow(ir, flow, {
        modelOf: (callee) => this.models.shipped(callee),
        declaredModelOf: (callee) => {
          const declared = this.index.declaredModel(callee, file);
          note({ kind: 'model', name: callee, argumentCount: 0, answer: JSON.stringify(declared) ?? '' });
          return declared;
        },
        isInSight: (callee) => {
          const answer = this.index.definitions(callee, file).length === 1;
          note({ kind: 'one-body', name: callee, argumentCount: 0, answer: String(answer) });
          return answer;
        },
        followsLiterals: false,
      })?.isOfInterest ?? false
    );
  }

  #analysis(analysed: AnalysedFile, item: TopLevelItem): AnalysedFunction | undefined {
    const memo = this.#memo(analysed, item);
    const ir = this.#lowered(analysed, item);
    if (!ir) return undefined;
    const { file } = analysed;
    const key = `${file}\0${item.name}`;
    const before = memo.analysed;
    this.#inProgress.add(key);
    try {
      memo.analysed = this.#current(file, memo.analysed, (note) => {
        const analysis = analyseFunction(ir, file, this.#analysisEnvironment(file, item.name, note));
        return { analysis, summaryKey: JSON.stringify(analysis.summary) };
      });
    } finally {
      this.#inProgress.delete(key);
    }
    const { value } = memo.analysed;
    if (this.#exchange && memo.analysed !== before && analysed.unit.functionNamed(item.name) === item) {
      const { summary, isIncomplete, flaws } = value.analysis;
      this.#exchange.tellAnalysis(file, item.name, {
        summary,
        isIncomplete,
        isPartial: ir.isPartial,
        hasFlaws: flaws.length > 0,
      });
    }
    return value;
  }

  /** What shows in a function's calls alone, where its paths are not followed. */
  inspect(analysed: AnalysedFile, item: TopLevelItem): FunctionAnalysis | undefined {
    const ir = this.#lowered(analysed, item);
    if (!ir?.callees.some((name) => this.models.hasBufferSize(name))) return undefined;
    const known = this.#inspected.get(ir);
    if (known?.revision === this.#revision) return known.analysis;
    const environment = this.#analysisEnvironment(analysed.file, item.name, () => {});
    const analysis = analyseCalls(ir, analysed.file, environment);
    this.#inspected.set(ir, { revision: this.#revision, analysis });
    return analysis;
  }

  /** The intermediate representation of a function, relevant or not. Undefined when it was not understood. */
  lowered(analysed: AnalysedFile, item: TopLevelItem): FunctionIr | undefined {
    return this.#lowered(analysed, item);
  }

  /** What the pointers of a function are, place by place; kept until something changes. Undefined when not understood. */
  observe(analysed: AnalysedFile, item: TopLevelItem): Observation | undefined {
    const ir = this.#lowered(analysed, item);
    if (!ir) return undefined;
    const key = `${this.#revision} ${analysed.file}\0${item.name}\0${item.start}`;
    if (this.#observed?.key !== key) {
      const environment = this.#analysisEnvironment(analysed.file, item.name, () => {});
      this.#observed = { key, observation: observeFunction(ir, environment) };
    }
    return this.#observed.observation;
  }

  /** What the analysis of a function found, as text, for those who work on it. Undefined when it was not understood. */
  dumpStates(analysed: AnalysedFile, item: TopLevelItem): string | undefined {
    const ir = this.#lowered(analysed, item);
    return (
      ir &&
      dumpStates(
        ir,
        analysed.file,
        this.#analysisEnvironment(analysed.file, item.name, () => {}),
      )
    );
  }

  #loweringEnvironment(
    file: string,
    offset: number,
    rewrites: readonly Rewrite[],
    note: (dependency: Dependency) => void,
    noteUnread: () => void = () => {},
  ): LoweringEnvironment {
    const deferred = deferredStatements(rewrites);
    const rewritten = rewrittenArguments(rewrites);
    const macros = this.index.macrosAt(file, offset);
    return {
      macro: (name, texts) => {
        const definition = this.#templates.definition(name, file, macros);
        note({ kind: 'macro', name, argumentCount: 0, answer: definition ? signature(definition) : '' });
        const template = this.#templates.find(name, file, macros, texts);
        if (definition && !template && isMisreadAsCall(definition)) noteUnread();
        return template;
      },
      constant: (name) => {
        const answer = this.index.constant(name);
        note({ kind: 'constant', name, argumentCount: 0, answer: String(answer) });
        return answer;
      },
      fileVariable: (name) => {
        const answer = this.index.fileVariable(name, file);
        note({ kind: 'variable', name, argumentCount: 0, answer: String(answer) });
        return answer;
      },
      isFunction: (name) => {
        const answer = this.index.isFunction(name);
        note({ kind: 'function', name, argumentCount: 0, answer: answer ? 'yes' : 'no' });
        return answer;
      },
      assumedConditions: assumedConditions(rewrites),
      iterationMacroAt: (offset) => iterationMacroAt(rewrites, offset),
      rewrittenArgumentAt: (offset) => rewritten.get(offset),
      isDeferred: (offset) => deferred.has(offset),
      cleanupWithin: (start, end) => cleanupWithin(rewrites, start, end),
    };
  }

  #analysisEnvironment(file: string, ownName: string, note: (dependency: Dependency) => void): AnalysisEnvironment {
    // Every path asks again; while a function is analysed nothing changes.
    const callees = new Map<string, Callee>();
    return {
      models: this.models,
      types: this.#typeEnvironment(file, note),
      isDeclaredNoreturn: (name) => {
        const answer = this.index.isDeclaredNoreturn(name);
        note({ kind: 'noreturn', name, argumentCount: 0, answer: String(answer) });
        return answer;
      },
      isDefined: (name) => {
        const answer = this.index.isDefined(name);
        note({ kind: 'defined', name, argumentCount: 0, answer: String(answer) });
        return answer;
      },
      hasOneBody: (name) => {
        const answer = this.index.definitions(name, file).length === 1;
        note({ kind: 'one-body', name, argumentCount: 0, answer: String(answer) });
        return answer;
      },
      declaredModel: (name) => {
        const answer = this.index.declaredModel(name, file);
        note({ kind: 'model', name, argumentCount: 0, answer: JSON.stringify(answer) ?? '' });
        return answer;
      },
      memberTraits: (name) => {
        const answer = this.index.memberTraits(name);
        note({ kind: 'member', name, argumentCount: 0, answer: String(answer) });
        return answer;
      },
      unclearMacro: (name) => {
        const answer = this.#unclearMacro(name, file);
        note({ kind: 'unclear-macro', name, argumentCount: 0, answer: JSON.stringify(answer) });
        return answer;
      },
      summary: (name, argumentCount, isNeeded) => {
        let callee = callees.get(name);
        if (!callee) {
          callee = this.#calleeOf(name, file, ownName, note);
          callees.set(name, callee);
        }
        if (callee.effect === 'noreturn') return noreturnSummary(name, file, argumentCount);
        if (callee.isInCycle || (!isNeeded && callee.effect !== 'memory')) return undefined;
        if (!callee.summaries.has(argumentCount)) {
          const found = this.#summaryOf(name, file, argumentCount);
          note({ kind: 'summary', name, argumentCount, answer: found?.summaryKey ?? '' });
          callee.summaries.set(argumentCount, found?.summary);
        }
        return callee.summaries.get(argumentCount);
      },
    };
  }

  #typeEnvironment(file: string, note: (dependency: Dependency) => void): TypeEnvironment {
    return {
      definition: (key) => {
        const text = this.index.typeDefinition(key, file);
        note({ kind: 'type', name: key, argumentCount: 0, answer: text ?? '' });
        return text === undefined ? undefined : this.#types.read(key, text);
      },
      constant: (name) => {
        const text = this.#constantText(name, file);
        note({ kind: 'value', name, argumentCount: 0, answer: text ?? '' });
        return text;
      },
    };
  }

  /** What a name stands for in a constant expression: a macro's body that all its definitions agree on, an enumerator. */
  #constantText(name: string, file: string): string | undefined {
    const definitions = this.index.macrosFor(file).definitionsOf(name);
    if (definitions.length === 0) return this.index.constant(name)?.toString();
    const [first] = definitions;
    const isAgreed = definitions.every(({ body, parameters }) => body === first.body && parameters === undefined);
    return isAgreed ? first.body : undefined;
  }

  #calleeOf(name: string, file: string, caller: string, note: (dependency: Dependency) => void): Callee {
    const cycle = this.#cycleWith(name, file, caller);
    note({ kind: 'cycle', name, caller, argumentCount: 0, answer: cycle });
    if (cycle !== '') return { effect: cycle === 'noreturn' ? cycle : '', isInCycle: true, summaries: new Map() };
    const effect = this.#effectOf(name, file);
    note({ kind: 'effect', name, argumentCount: 0, answer: effect });
    return { effect, isInCycle: false, summaries: new Map() };
  }

  /**
   * Inside a cycle of calls nothing is known of one another, so that no result depends on where the cycle was entered:
   * 'cycle', or 'noreturn' for a callee without a path that returns. '' when the two are in no cycle.
   */
  #cycleWith(callee: string, file: string, caller: string): '' | 'cycle' | 'noreturn' {
    const own = this.index.definitions(caller, file).find((entry) => entry.file === file);
    if (!own) return '';
    const component = this.index.component(own);
    if (!this.index.definitions(callee, file).some((entry) => this.index.component(entry) === component)) return '';
    return this.#neverReturns(callee, file) ? 'noreturn' : 'cycle';
  }

  /** What calling a name means at first sight: 'noreturn', 'memory' when it gives, takes or frees memory, else ''. */
  #effectOf(name: string, file: string): string {
    const entries = this.index.definitions(name, file);
    if (entries.length === 0) return this.#isSaidToHandleMemory(name, file) ? 'memory' : '';
    if (entries.length > MAXIMUM_CANDIDATES) return '';
    let isNoreturn = true;
    for (const entry of entries) {
      const relevance = this.#relevanceOf(entry);
      if (!relevance) return '';
      if (!relevance.isNoreturn) isNoreturn = false;
      if (!relevance.isRelevant) continue;
      const summary = this.#summaryOfEntry(entry)?.summary;
      if (summary?.cases.some((each) => each.heapClass !== NO_HEAP_EFFECT)) return 'memory';
    }
    return isNoreturn ? 'noreturn' : '';
  }

  #relevanceOf(entry: FunctionEntry): Relevance | undefined {
    const { file, fact } = entry;
    const key = `${file}\0${fact.name}`;
    const known = this.#exchange?.relevance(file, fact.name);
    if (known) return known;
    const found = this.#find(entry);
    if (!found) return undefined;
    this.#inProgress.add(key);
    try {
      return this.#relevance(found.analysed, found.item);
    } finally {
      this.#inProgress.delete(key);
    }
  }

  #summaryOfEntry(entry: FunctionEntry): KnownSummary | undefined {
    const known = this.#exchange?.analysis(entry.file, entry.fact.name);
    if (known) return { summary: known.summary, summaryKey: '' };
    const place = this.#find(entry);
    const found = place && this.#analysis(place.analysed, place.item);
    return found && { summary: found.analysis.summary, summaryKey: found.summaryKey };
  }

  #calleeKind(name: string): CalleeKind {
    if (this.models.isMemoryFunction(name) || this.#isNoreturn(name)) return 'memory';
    if (this.models.shipped(name)) return 'harmless';
    // A name that nobody in sight declares is the system's or a macro's; what it has to do with memory it says.
    return this.index.isFunction(name) || MEMORY_NAME.test(name) ? 'unknown' : 'harmless';
  }

  /** Attributes or its name say that a function without a body in sight gives or takes memory. */
  #isSaidToHandleMemory(name: string, file: string): boolean {
    const model = this.index.declaredModel(name, file) ?? believedModel(name);
    return model?.allocates !== undefined || model?.frees !== undefined || model?.reallocates !== undefined;
  }

  #unclearMacro(name: string, file: string): UnclearMacro | undefined {
    return unclearMacro(name, this.index.macrosFor(file), this.index.isFunction(name));
  }

  #isNoreturn(name: string): boolean {
    return this.models.isNoreturn(name) || this.index.isDeclaredNoreturn(name);
  }

  /** True when no definition of a name returns, as far as its blocks and those of its callees tell. */
  #neverReturns(name: string, file: string): boolean {
    const entries = this.index.definitions(name, file);
    if (entries.length === 0 || entries.length > MAXIMUM_CANDIDATES) return false;
    return entries.every((entry) => {
      const found = this.#find(entry);
      const ir = found && this.#lowered(found.analysed, found.item);
      return ir !== undefined && neverReturns(ir, (callee) => this.#isNoreturn(callee));
    });
  }

  /** The summary for a call, when its body is in sight, fits the call, and all candidates agree. */
  #summaryOf(name: string, file: string, argumentCount: number): KnownSummary | undefined {
    const entries = this.index.definitions(name, file);
    if (entries.length === 0 || entries.length > MAXIMUM_CANDIDATES) return undefined;
    let agreed: KnownSummary | undefined;
    for (const entry of entries) {
      if (!fits(entry, argumentCount)) return undefined;
      const found = this.#summaryOfEntry(entry);
      if (!found) return undefined;
      if (agreed && !sameEffect(agreed.summary, found.summary)) return undefined;
      agreed ??= found;
    }
    return agreed;
  }

  #find(entry: FunctionEntry): { analysed: AnalysedFile; item: TopLevelItem } | undefined {
    const key = `${entry.file}\0${entry.fact.name}`;
    if (this.#inProgress.has(key) || this.#inProgress.size >= MAXIMUM_CALL_DEPTH) return undefined;
    const analysed = this.analysed(entry.file);
    const item = analysed && functionItem(analysed, entry.fact.name);
    return item && { analysed, item };
  }
}

/** What one function knows of another that it calls. */
interface Callee {
  readonly effect: string;
  readonly isInCycle: boolean;
  /** By how many arguments it is called with. */
  readonly summaries: Map<number, Summary | undefined>;
}

/** A summary, and the same as text to compare; no text where nothing is ever compared. */
interface KnownSummary {
  readonly summary: Summary;
  readonly summaryKey: string;
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

/** The macro makes statements or their halves, and not alone, or its body would have been read. */
function isMisreadAsCall({ body }: MacroDefinition): boolean {
  const count = (bracket: string): number => body.split(bracket).length;
  return body.includes(';') || count('{') !== count('}') || count('(') !== count(')');
}

function configuredMacros({ macros }: Configuration): MacroDefinition[] {
  return Object.entries(macros).flatMap(([head, body]) => configuredMacro(head, body, '.ritual.jsonc') ?? []);
}
