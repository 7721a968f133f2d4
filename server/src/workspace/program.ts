import type { FunctionAnalysis } from '../analysis/analyse-function.ts';
import type { Observation } from '../analysis/observation.ts';
import type { ReleasePoints } from '../analysis/release-points.ts';
import type { Summary } from '../analysis/summary.ts';
import type { ToldArguments } from '../analysis/told-arguments.ts';
import { applyEdits, type TextEdit } from '../base/range.ts';
import type { FunctionIr } from '../ir/instructions.ts';
import { ModelRegistry } from '../models/registry.ts';
import { configuredMacro, type MacroDefinition } from '../source/macros.ts';
import { createParser, type Grammar } from '../syntax/grammar.ts';
import type { TopLevelItem } from '../syntax/translation-unit.ts';
import type { AnalysedFile } from './analysed-file.ts';
import { Attempts } from './attempts.ts';
import { type BuildSettings, noBuildSettings } from './build-settings.ts';
import { CallChain } from './call-chain.ts';
import { Callees } from './callees.ts';
import type { Configuration } from './configuration.ts';
import { Dependencies } from './dependencies.ts';
import { EditedFunctions } from './edited-functions.ts';
import { ForgottenMembers } from './forgotten-members.ts';
import { FunctionLowering } from './function-lowering.ts';
import { FunctionStages } from './function-stages.ts';
import { MacroTemplates } from './macro-templates.ts';
import { ParsedFiles } from './parsed-files.ts';
import { ProgramIndex } from './program-index.ts';
import type { KnownAnalysis, ResultExchange } from './result-exchange.ts';
import { TypeDefinitions } from './type-definitions.ts';

/** A function as it would be in another text of its file. */
export interface ImaginedFunction {
  readonly analysed: AnalysedFile;
  readonly item: TopLevelItem;
  readonly analysis: FunctionAnalysis;
}

/**
 * The program that a workspace's files make: which text each has, which functions it defines, what they do. Analyses are
 * made when they are asked for and kept as long as nothing they depend on changes.
 */
export class Program {
  readonly index: ProgramIndex;
  readonly models: ModelRegistry;
  /** Of functions that are followed for NULL alone what is said of that. */
  readonly #nulls = new WeakMap<FunctionAnalysis, FunctionAnalysis>();
  readonly #attempts = new Attempts();
  readonly #files: ParsedFiles;
  readonly #callees: Callees;
  readonly #stages: FunctionStages;
  readonly #edited: EditedFunctions;

  /**
   * The user's macros count before those of the build.
   * @param exchange Only for a program whose files never change.
   */
  constructor(
    grammar: Grammar,
    configuration: Configuration,
    readText: (file: string) => string | undefined,
    { includeFolders, defines: buildDefines }: BuildSettings = noBuildSettings,
    exchange?: ResultExchange,
  ) {
    // The configuration's null means "defined as 1", as `-DNAME` does; the normaliser's means "known not to be defined".
    const configured = Object.entries(configuration.defines).map(([name, body]) => [name, body ?? '1']);
    const defines = { ...buildDefines, ...Object.fromEntries(configured) };
    const index = new ProgramIndex(defines, configuredMacros(configuration), includeFolders);
    const models = new ModelRegistry(configuration);
    const parser = createParser(grammar);
    const chain = new CallChain();
    // What a body does rests on its callees, and what those do on their bodies: one of the two has to be told later.
    const bodies = {
      analysed: (file: string) => this.#files.analysed(file),
      lowered: (analysed: AnalysedFile, item: TopLevelItem) => this.#stages.lowered(analysed, item),
      relevance: (analysed: AnalysedFile, item: TopLevelItem) => this.#stages.relevance(analysed, item),
      analysis: (analysed: AnalysedFile, item: TopLevelItem) => this.#stages.analysis(analysed, item),
      inCycle: (analysed: AnalysedFile, item: TopLevelItem, round: number) =>
        this.#stages.inCycle(analysed, item, round),
      told: (analysed: AnalysedFile, item: TopLevelItem, told: ToldArguments) =>
        this.#stages.told(analysed, item, told),
    };
    const callees = new Callees(index, models, chain, bodies, exchange);
    const templates = new MacroTemplates(grammar, parser, {
      isDefined: (name) => index.isDefined(name),
      isFunction: (name) => index.isFunction(name),
      mayMeanFunction: (name, file, macroFile) => index.mayMeanFunction(name, file, macroFile),
      declares: (file, name) => index.declares(file, name),
      calleeKind: (name) => callees.kindOf(name),
      macrosFor: (file) => index.macrosFor(file),
    });
    const attempts = this.#attempts;
    const types = new TypeDefinitions(grammar, parser);
    const members = new ForgottenMembers(
      index,
      models,
      types,
      { ...bodies, loweredOf: (entry) => callees.loweredOf(entry) },
      () => dependencies.revision,
    );
    const dependencies: Dependencies = new Dependencies({ index, templates, callees, members }, attempts);
    const lowering = new FunctionLowering(grammar, parser, index, templates, types);
    this.index = index;
    this.#callees = callees;
    this.models = models;
    this.#stages = new FunctionStages({ index, models, types, callees, lowering, dependencies, chain, exchange });
    this.#edited = new EditedFunctions(this.#stages, dependencies, callees, (analysed) => this.#files.has(analysed));
    const edited = this.#edited;
    this.#files = new ParsedFiles({ grammar, parser, readText, defines, index, models, attempts, chain, edited });
  }

  /** Takes in a file's new text: what it tells others, and, when it was parsed before, its syntax. */
  setText(file: string, text: string): void {
    this.#files.setText(file, text);
  }

  remove(file: string): void {
    this.#files.remove(file);
  }

  /** True for a file that informs others, also while nobody looks at it. */
  isIndexed(file: string): boolean {
    return this.#files.isIndexed(file);
  }

  /** The file's syntax and analyses; undefined when it cannot be read. */
  analysed(file: string): AnalysedFile | undefined {
    return this.#files.analysed(file);
  }

  /**
   * Does some work until a time, as `performance.now()` counts. Undefined when that was not enough: what was found out about
   * single functions meanwhile is kept, so that another attempt goes on from there. Every attempt gets somewhere.
   */
  attempt<T>(deadline: number, work: () => T): { readonly value: T } | undefined {
    return this.#attempts.attempt(deadline, work);
  }

  /**
   * The analysis of a function, made now or found to hold still. Undefined when the function was not understood, or
   * calls nothing that gives or takes memory: then there is nothing to find in it.
   */
  analyse(analysed: AnalysedFile, item: TopLevelItem): FunctionAnalysis | undefined {
    this.#edited.settle();
    const { isRelevant, isForNull } = this.#stages.relevance(analysed, item);
    const analysis = isRelevant ? this.#stages.analysis(analysed, item)?.analysis : undefined;
    return analysis && isForNull ? this.#onlyNulls(analysis) : analysis;
  }

  #onlyNulls(analysis: FunctionAnalysis): FunctionAnalysis {
    let known = this.#nulls.get(analysis);
    if (!known) {
      known = { ...analysis, flaws: analysis.flaws.filter(({ kind }) => kind === 'null-dereference') };
      this.#nulls.set(analysis, known);
    }
    return known;
  }

  /** True for a function that is not understood to its end: no flaw of it is told. */
  isPartial(analysed: AnalysedFile, item: TopLevelItem): boolean {
    this.#edited.settle();
    return this.#stages.lowered(analysed, item)?.isPartial === true;
  }

  /** What another program found out about a function in which there is nothing to report. */
  knownClean(
    analysed: AnalysedFile,
    item: TopLevelItem,
  ): Pick<KnownAnalysis, 'isIncomplete' | 'isPartial'> | undefined {
    return this.#stages.knownClean(analysed, item);
  }

  /** True when the function's analysis is known to hold, so that asking for it costs nothing. */
  isCurrent(analysed: AnalysedFile, item: TopLevelItem): boolean {
    return this.#edited.isEmpty && this.#stages.isCurrent(analysed, item);
  }

  /** As `isCurrent`, after a look at what the analysis rests on: that may take the analysis of functions it calls. */
  stillHolds(analysed: AnalysedFile, item: TopLevelItem): boolean {
    this.#edited.settle();
    return this.#stages.stillHolds(analysed, item);
  }

  /** What shows in a function's calls alone, where its paths are not followed. */
  inspect(analysed: AnalysedFile, item: TopLevelItem): FunctionAnalysis | undefined {
    return this.#stages.inspect(analysed, item);
  }

  /** What a call of a function in sight does, if its bodies agree and fit the call. */
  summary(name: string, file: string, argumentCount: number): Summary | undefined {
    return this.#callees.summaryOf(name, file, argumentCount)?.summary;
  }

  /** The intermediate representation of a function, relevant or not. Undefined when it was not understood. */
  lowered(analysed: AnalysedFile, item: TopLevelItem): FunctionIr | undefined {
    return this.#stages.lowered(analysed, item);
  }

  /** What the pointers of a function are, place by place; kept until something changes. Undefined when not understood. */
  observe(analysed: AnalysedFile, item: TopLevelItem): Observation | undefined {
    return this.#stages.observe(analysed, item);
  }

  /** Where a function could free what it loses. Undefined when it was not understood as it stands. */
  releasePoints(analysed: AnalysedFile, item: TopLevelItem): ReleasePoints | undefined {
    return this.#stages.releasePoints(analysed, item);
  }

  /**
   * A function as it would be after some edits of its text, with its analysis. Undefined when it would not be understood, or
   * would not be there. The program stays as it is.
   */
  imagine(
    analysed: AnalysedFile,
    { name, start }: TopLevelItem,
    edits: readonly TextEdit[],
  ): ImaginedFunction | undefined {
    const imagined = this.#files.imagined(analysed, applyEdits(analysed.text, edits));
    const item = imagined.unit.functionsNamed(name).find((each) => each.start === start);
    const analysis = item && this.#stages.imagine(imagined, item);
    return item && analysis && !analysis.ir.isPartial ? { analysed: imagined, item, analysis } : undefined;
  }

  /** A function of an imagined file as it would be if one that it calls did what a summary says. */
  imagineCaller(analysed: AnalysedFile, item: TopLevelItem, callee: Summary): FunctionAnalysis | undefined {
    const analysis = this.#stages.imagine(analysed, item, callee);
    return analysis?.ir.isPartial ? undefined : analysis;
  }

  /** What the analysis of a function found, as text, for those who work on it. Undefined when it was not understood. */
  dumpStates(analysed: AnalysedFile, item: TopLevelItem): string | undefined {
    return this.#stages.dumpStates(analysed, item);
  }
}

function configuredMacros({ macros }: Configuration): MacroDefinition[] {
  return Object.entries(macros).flatMap(([head, body]) => configuredMacro(head, body, '.ritual.jsonc') ?? []);
}
