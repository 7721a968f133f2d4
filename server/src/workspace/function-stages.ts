import {
  analyseCalls,
  analyseFunction,
  dumpStates,
  type FunctionAnalysis,
  findReleasePoints,
  observeFunction,
  summariseTold,
} from '../analysis/analyse-function.ts';
import type { AnalysisEnvironment } from '../analysis/context.ts';
import type { Observation } from '../analysis/observation.ts';
import type { ReleasePoints } from '../analysis/release-points.ts';
import type { Summary } from '../analysis/summary.ts';
import type { ToldArguments } from '../analysis/told-arguments.ts';
import type { FunctionIr } from '../ir/instructions.ts';
import type { ModelRegistry } from '../models/registry.ts';
import type { SyntaxArrays } from '../syntax/syntax-arrays.ts';
import type { TopLevelItem } from '../syntax/translation-unit.ts';
import type { AnalysedFile } from './analysed-file.ts';
import { analysisEnvironment } from './analysis-environment.ts';
import type { CallChain } from './call-chain.ts';
import { callNameOf, roundName } from './call-names.ts';
import type { Callees } from './callees.ts';
import type { Dependencies } from './dependencies.ts';
import type { FunctionLowering } from './function-lowering.ts';
import type { AnalysedFunction, FunctionMemo, Relevance, Stage } from './function-memo.ts';
import { isSameRewrites } from './function-rewrites.ts';
import type { KnownSummary } from './known-summary.ts';
import type { ProgramIndex } from './program-index.ts';
import type { Ask, Asker } from './questions.ts';
import { findRelevance, NOTHING_RELEVANT } from './relevance.ts';
import type { KnownAnalysis, ResultExchange } from './result-exchange.ts';
import type { TypeDefinitions } from './type-definitions.ts';

/**
 * Rounds in which the functions of a cycle of calls learn of one another before they are analysed: after the first each knows what the
 * others do that call none of the cycle, after the second what those do that call these.
 */
const ROUNDS = 2;

const NOTHING_TOLD: ToldArguments = new Map();

/** What the stages are made with. */
interface Tools {
  readonly index: ProgramIndex;
  readonly models: ModelRegistry;
  readonly types: TypeDefinitions;
  readonly callees: Callees;
  readonly lowering: FunctionLowering;
  readonly dependencies: Dependencies;
  readonly chain: CallChain;
  readonly exchange: ResultExchange | undefined;
}

/** What was made of one function last; it holds for its text and for what the program said then. */
interface Passing<T> {
  readonly revision: number;
  readonly arrays: SyntaxArrays;
  readonly value: T;
}

/** The stages of the work on functions: each made when it is asked for, and kept as long as what it asked holds. */
export class FunctionStages {
  readonly #tools: Tools;
  /** What `inspect` found, as of a revision. */
  readonly #inspected = new WeakMap<FunctionIr, { readonly revision: number; readonly analysis: FunctionAnalysis }>();
  /** Of the function that was asked about last: who points at one place of it points at another next. */
  #observed: Passing<Observation> | undefined;

  /** Of the function whose leaks were repaired last: it may have others. */
  #released: Passing<ReleasePoints | undefined> | undefined;

  constructor(tools: Tools) {
    this.#tools = tools;
  }

  /** The intermediate representation of a function, relevant or not. Undefined when it was not understood. */
  lowered(analysed: AnalysedFile, item: TopLevelItem): FunctionIr | undefined {
    const { dependencies, lowering } = this.#tools;
    const memo = memoOf(analysed, item);
    const before = memo.lowered;
    memo.lowered = dependencies.current(askerOf(analysed, item), before, (ask) => lowering.lower(analysed, item, ask));
    if (memo.lowered !== before) {
      memo.relevance = memo.analysed = memo.told = memo.rounds = undefined;
      dependencies.noteCallees(askerOf(analysed, item), memo.lowered.value?.callees ?? []);
    }
    return memo.lowered.value;
  }

  relevance(analysed: AnalysedFile, item: TopLevelItem): Relevance {
    const { dependencies, exchange } = this.#tools;
    const memo = memoOf(analysed, item);
    const ir = this.lowered(analysed, item);
    const before = memo.relevance;
    memo.relevance = dependencies.current(askerOf(analysed, item), before, (ask) =>
      ir ? findRelevance(ir, this.#tools.models, ask) : NOTHING_RELEVANT,
    );
    const { value } = memo.relevance;
    if (memo.relevance !== before && isMeantByName(analysed, item)) {
      exchange?.tellRelevance(analysed.file, item.name, value);
    }
    return value;
  }

  /** Undefined when the function was not understood. */
  analysis(analysed: AnalysedFile, item: TopLevelItem): AnalysedFunction | undefined {
    const { dependencies, chain, exchange } = this.#tools;
    const memo = memoOf(analysed, item);
    const ir = this.lowered(analysed, item);
    if (!ir) return undefined;
    const { file } = analysed;
    const before = memo.analysed;
    const stage = chain.within(file, item.name, () =>
      dependencies.current(askerOf(analysed, item), before, (ask) => {
        const analysis = analyseFunction(ir, file, this.#environment(file, ask));
        return { analysis, summaryKey: JSON.stringify(analysis.summary) };
      }),
    );
    memo.analysed = stage;
    if (stage !== before && isMeantByName(analysed, item)) {
      const { summary, isIncomplete, flaws } = stage.value.analysis;
      const hasFlaws = flaws.length > 0;
      exchange?.tellAnalysis(file, item.name, { summary, isIncomplete, isPartial: ir.isPartial, hasFlaws });
    }
    return stage.value;
  }

  /** What a function does for callers that tell some of its arguments. Undefined when it was not understood. */
  told(analysed: AnalysedFile, item: TopLevelItem, told: ToldArguments): KnownSummary | undefined {
    const { dependencies, chain } = this.#tools;
    const memo = memoOf(analysed, item);
    const ir = this.lowered(analysed, item);
    if (!ir) return undefined;
    const { file } = analysed;
    const key = callNameOf(item.name, told);
    memo.told ??= new Map();
    const before = memo.told.get(key);
    const stage = chain.within(file, item.name, () =>
      dependencies.current(askerOf(analysed, item), before, (ask) => {
        const summary = summariseTold(ir, file, this.#environment(file, ask), told);
        return { summary, summaryKey: JSON.stringify(summary) };
      }),
    );
    memo.told.set(key, stage);
    return stage.value;
  }

  /** What a function does for those in a cycle of calls with it, of a round. Undefined when it was not understood. */
  inCycle(analysed: AnalysedFile, item: TopLevelItem, round: number): KnownSummary | undefined {
    const { dependencies, chain } = this.#tools;
    const memo = memoOf(analysed, item);
    const ir = this.lowered(analysed, item);
    if (!ir) return undefined;
    const { file } = analysed;
    memo.rounds ??= new Map();
    const before = memo.rounds.get(round);
    const stage = chain.within(file, roundName(item.name, round), () =>
      dependencies.current(askerOf(analysed, item), before, (ask) => {
        const summary = summariseTold(ir, file, this.#environment(file, ask, round), NOTHING_TOLD);
        return { summary, summaryKey: JSON.stringify(summary) };
      }),
    );
    memo.rounds.set(round, stage);
    return stage.value;
  }

  /** What another program found out about a function in which there is nothing to report. */
  knownClean(
    analysed: AnalysedFile,
    item: TopLevelItem,
  ): Pick<KnownAnalysis, 'isIncomplete' | 'isPartial'> | undefined {
    const { exchange } = this.#tools;
    if (!exchange || !isMeantByName(analysed, item)) return undefined;
    // Others may have asked for the summary of a function whose paths are not followed for its own sake.
    if (!exchange.relevance(analysed.file, item.name)?.isRelevant) return undefined;
    const known = exchange.analysis(analysed.file, item.name);
    return known?.hasFlaws === false ? known : undefined;
  }

  /** True when all that is known of a function is known to hold, without another question. */
  isCurrent(analysed: AnalysedFile, item: TopLevelItem): boolean {
    const memo = analysed.memos.get(item.arrays);
    return memo?.relevance !== undefined && this.#tools.dependencies.isPresent(memo);
  }

  /** As `isCurrent`, after the questions were asked again. */
  stillHolds(analysed: AnalysedFile, item: TopLevelItem): boolean {
    const memo = analysed.memos.get(item.arrays);
    if (!memo?.relevance || !isSameRewrites(memo.rewrites, item.rewrites)) return false;
    const asker = askerOf(analysed, item);
    const stages: readonly (Stage<unknown> | undefined)[] = [memo.lowered, memo.relevance, memo.analysed];
    return stages.every((stage) => !stage || this.#tools.dependencies.holds(asker, stage));
  }

  /** What shows in a function's calls alone, where its paths are not followed. */
  inspect(analysed: AnalysedFile, item: TopLevelItem): FunctionAnalysis | undefined {
    const { models, dependencies } = this.#tools;
    const ir = this.lowered(analysed, item);
    if (!ir?.callees.some((name) => models.hasBufferSize(name))) return undefined;
    const known = this.#inspected.get(ir);
    if (known?.revision === dependencies.revision) return known.analysis;
    const analysis = analyseCalls(ir, analysed.file, this.#passingEnvironment(analysed, item));
    this.#inspected.set(ir, { revision: dependencies.revision, analysis });
    return analysis;
  }

  /** What the pointers of a function are, place by place; kept until something changes. Undefined when not understood. */
  observe(analysed: AnalysedFile, item: TopLevelItem): Observation | undefined {
    const ir = this.lowered(analysed, item);
    if (!ir) return undefined;
    const { revision } = this.#tools.dependencies;
    if (this.#observed?.revision !== revision || this.#observed.arrays !== item.arrays) {
      const value = observeFunction(ir, this.#passingEnvironment(analysed, item));
      this.#observed = { revision, arrays: item.arrays, value };
    }
    return this.#observed.value;
  }

  /** Where a function could free what it loses; kept until something changes. Undefined when not understood as it stands. */
  releasePoints(analysed: AnalysedFile, item: TopLevelItem): ReleasePoints | undefined {
    const { dependencies, lowering } = this.#tools;
    const { revision } = dependencies;
    if (this.#released?.revision !== revision || this.#released.arrays !== item.arrays) {
      const ir = lowering.lowerWithPoints(analysed, item, dependencies.askFor(askerOf(analysed, item)));
      const value = ir && findReleasePoints(ir, this.#passingEnvironment(analysed, item));
      this.#released = { revision, arrays: item.arrays, value };
    }
    return this.#released.value;
  }

  /**
   * The analysis of a function that no program has, such as one that a repair would make. Nothing of it is kept.
   * @param callee what one of the functions that it calls would do then
   */
  imagine(analysed: AnalysedFile, item: TopLevelItem, callee?: Summary): FunctionAnalysis | undefined {
    const { chain, dependencies, lowering } = this.#tools;
    return chain.within(analysed.file, item.name, () => {
      const ir = lowering.lower(analysed, item, dependencies.askFor(askerOf(analysed, item)));
      const environment = this.#passingEnvironment(analysed, item);
      return ir && analyseFunction(ir, analysed.file, callee ? withSummary(environment, callee) : environment);
    });
  }

  /** What the analysis of a function found, as text, for those who work on it. Undefined when it was not understood. */
  dumpStates(analysed: AnalysedFile, item: TopLevelItem): string | undefined {
    const ir = this.lowered(analysed, item);
    return ir && dumpStates(ir, analysed.file, this.#passingEnvironment(analysed, item));
  }

  #environment(file: string, ask: Ask, round = ROUNDS): AnalysisEnvironment {
    return analysisEnvironment(file, this.#tools.models, this.#tools.types, ask, round);
  }

  /** For work that is not kept longer than until something changes, so that its questions need not be. */
  #passingEnvironment(analysed: AnalysedFile, item: TopLevelItem): AnalysisEnvironment {
    return this.#environment(analysed.file, this.#tools.dependencies.askFor(askerOf(analysed, item)));
  }
}

/** The program, but for what one function does: where its summary counts, this one does. */
function withSummary(environment: AnalysisEnvironment, summary: Summary): AnalysisEnvironment {
  return {
    ...environment,
    summary: (name, argumentCount, isNeeded) => {
      const known = environment.summary(name, argumentCount, isNeeded);
      return known && name === summary.name ? summary : known;
    },
  };
}

function memoOf({ memos }: AnalysedFile, { arrays, rewrites }: TopLevelItem): FunctionMemo {
  const known = memos.get(arrays);
  if (known && isSameRewrites(known.rewrites, rewrites)) return known;
  const memo: FunctionMemo = {
    rewrites,
    lowered: undefined,
    relevance: undefined,
    analysed: undefined,
    told: undefined,
    rounds: undefined,
  };
  memos.set(arrays, memo);
  return memo;
}

function askerOf({ file }: AnalysedFile, { name, start }: TopLevelItem): Asker {
  return { file, name, start };
}

/** False for all but the first of several functions with one name: others speak of that one. */
function isMeantByName({ unit }: AnalysedFile, item: TopLevelItem): boolean {
  return unit.functionNamed(item.name) === item;
}
