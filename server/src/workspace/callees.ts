import { addressedFunctions, calledVariables } from '../analysis/stored-functions.ts';
import {
  NOTHING_TELLING,
  type TellingParameters,
  type ToldArguments,
  tellingParameters,
} from '../analysis/told-arguments.ts';
import { type GivenResult, NOTHING_GIVEN_BACK } from '../ir/given-results.ts';
import type { FunctionIr } from '../ir/instructions.ts';
import type { CalleeKind } from '../ir/macro-effect.ts';
import { believedModel } from '../models/believed-models.ts';
import type { ModelRegistry } from '../models/registry.ts';
import type { TopLevelItem } from '../syntax/translation-unit.ts';
import { type AnalysedFile, functionItem } from './analysed-file.ts';
import type { CallChain } from './call-chain.ts';
import { CallEndings, MAXIMUM_CANDIDATES } from './call-endings.ts';
import { callFromName, fromRoundName } from './call-names.ts';
import type { AnalysedFunction, Relevance } from './function-memo.ts';
import { effectsOf, handlesMemory, type KnownSummary, sameEffect, together } from './known-summary.ts';
import type { FunctionEntry, ProgramIndex } from './program-index.ts';
import type { Asker } from './questions.ts';
import type { ResultExchange } from './result-exchange.ts';

/** Names by which libraries give and take memory. */
const MEMORY_NAME = /alloc|free|dup|new|create|destroy|delete|release|unref|dispose|clear|cleanup|realloc/i;
/** A function that a callee is given is followed through so many others that hand it on. */
const MAXIMUM_HANDING = 2;

/** What is given the address of a function that reaches more than this is not followed into it. */
const MAXIMUM_REACHED = 60;

/** In a cycle of more functions than this a call counts as unknown: each round analyses all of them. */
const MAXIMUM_CYCLE = 12;

/**
 * A function that a cycle leads back to in more ways than this counts as unknown there: each of its calls would multiply the paths, at every
 * depth that is followed.
 */
const MAXIMUM_WAYS_IN_CYCLE = 6;

/** The work on bodies, which leads to the callees of what they call, and so on. */
interface Bodies {
  readonly analysed: (file: string) => AnalysedFile | undefined;
  readonly lowered: (analysed: AnalysedFile, item: TopLevelItem) => FunctionIr | undefined;
  readonly relevance: (analysed: AnalysedFile, item: TopLevelItem) => Relevance;
  readonly analysis: (analysed: AnalysedFile, item: TopLevelItem) => AnalysedFunction | undefined;
  /** The summary for callers that tell some of the arguments. */
  readonly told: (analysed: AnalysedFile, item: TopLevelItem, told: ToldArguments) => KnownSummary | undefined;
  /** The summary for those in a cycle of calls with it, of a round. */
  readonly inCycle: (analysed: AnalysedFile, item: TopLevelItem, round: number) => KnownSummary | undefined;
}

/** What a call of a name does, as its models, declarations and the bodies in sight tell. */
export class Callees {
  readonly endings: CallEndings;
  readonly #index: ProgramIndex;
  readonly #models: ModelRegistry;
  readonly #chain: CallChain;
  readonly #bodies: Bodies;
  readonly #exchange: ResultExchange | undefined;

  constructor(
    index: ProgramIndex,
    models: ModelRegistry,
    chain: CallChain,
    bodies: Bodies,
    exchange: ResultExchange | undefined,
  ) {
    this.#index = index;
    this.#models = models;
    this.#chain = chain;
    this.#bodies = bodies;
    this.#exchange = exchange;
    this.endings = new CallEndings(index, models, (entry) => this.loweredOf(entry));
  }

  kindOf(name: string): CalleeKind {
    if (this.#models.isMemoryFunction(name) || this.endings.isNoreturn(name)) return 'memory';
    if (this.#models.shipped(name)) return 'harmless';
    // A name that nobody in sight declares is the system's or a macro's; what it has to do with memory it says.
    return this.#index.isFunction(name) || MEMORY_NAME.test(name) ? 'unknown' : 'harmless';
  }

  /**
   * Inside a cycle of calls nothing is known of one another, so that no result depends on where the cycle was entered:
   * 'cycle', or 'noreturn' for a callee without a path that returns. '' when the two are in no cycle.
   */
  cycleWith(callee: string, file: string, caller: string): '' | 'cycle' | 'noreturn' {
    const own = this.#index.definitions(caller, file).find((entry) => entry.file === file);
    if (!own) return '';
    const component = this.#index.component(own);
    if (!this.#index.definitions(callee, file).some((entry) => this.#index.component(entry) === component)) return '';
    return this.endings.neverReturns(callee, file) ? 'noreturn' : 'cycle';
  }

  /**
   * What calling a name means at first sight: 'noreturn', 'memory' when it gives, takes or frees memory, 'null' when it may give
   * nothing but NULL, 'nothing' when the caller sees no change behind it, else ''.
   */
  effectOf(name: string, file: string): '' | 'memory' | 'noreturn' | 'null' | 'nothing' | 'ending' {
    const entries = this.#index.definitions(name, file);
    if (entries.length === 0) return this.#isSaidToHandleMemory(name, file) ? 'memory' : '';
    if (entries.length > MAXIMUM_CANDIDATES) return '';
    let isNoreturn = true;
    let changesNothing = true;
    let isEnding = false;
    let givesNull = false;
    for (const entry of entries) {
      const relevance = this.#relevanceOf(entry);
      if (!relevance) return '';
      if (!relevance.isNoreturn) isNoreturn = false;
      if (!relevance.changesNothing) changesNothing = false;
      if (relevance.endsByArgument) isEnding = true;
      if (relevance.givesNull) givesNull = true;
      if (!relevance.isRelevant || relevance.isForNull) continue;
      const summary = this.#summaryOfEntry(entry)?.summary;
      if (summary && handlesMemory(summary)) return 'memory';
    }
    if (isNoreturn) return 'noreturn';
    if (isEnding) return 'ending';
    if (givesNull) return 'null';
    return changesNothing ? 'nothing' : '';
  }

  /** What a name's one definition gives its callers beside new memory. */
  givenBy(name: string, file: string): GivenResult {
    const entries = this.#index.definitions(name, file);
    return (entries.length === 1 && this.#relevanceOf(entries[0])?.gives) || NOTHING_GIVEN_BACK;
  }

  /** True when every definition of a name takes so many arguments. */
  fits(name: string, file: string, argumentCount: number): boolean {
    return this.#index.definitions(name, file).every((entry) => fits(entry, argumentCount));
  }

  /** The summary for a call, when its body is in sight, fits the call, and all candidates agree. */
  summaryOf(name: string, file: string, argumentCount: number): KnownSummary | undefined {
    const entries = this.#index.definitions(name, file);
    if (entries.length === 0 || entries.length > MAXIMUM_CANDIDATES) return undefined;
    if (entries.length > 1 && entries.every((entry) => entry.file === entries[0].file && fits(entry, argumentCount)))
      return this.#summaryOfAlternatives(entries[0]);
    let agreed: KnownSummary | undefined;
    for (const entry of entries) {
      if (!fits(entry, argumentCount)) return undefined;
      const found = this.#summaryOfEntry(entry);
      if (!found) return undefined;
      if (agreed && !sameEffect(agreed.summary, found.summary)) return undefined;
      agreed = agreed ? together(agreed, found) : found;
    }
    return agreed;
  }

  /**
   * One file defines a function several times: alternatives of a conditional group, as a wrapper of `free` for debugging and
   * one for everybody. The one that does most to memory is what its callers rely on.
   */
  #summaryOfAlternatives({ file, fact }: FunctionEntry): KnownSummary | undefined {
    if (!this.#chain.mayLeadTo(file, fact.name)) return undefined;
    const analysed = this.#bodies.analysed(file);
    if (!analysed) return undefined;
    let best: KnownSummary | undefined;
    for (const item of analysed.unit.functionsNamed(fact.name).slice(0, MAXIMUM_CANDIDATES)) {
      const found = this.#bodies.analysis(analysed, item);
      if (!found) return undefined;
      const other = { summary: found.analysis.summary, summaryKey: found.summaryKey };
      if (!best) best = other;
      else best = effectsOf(other.summary) > effectsOf(best.summary) ? together(other, best) : together(best, other);
    }
    return best;
  }

  /** Attributes or its name say that a function without a body in sight gives or takes memory. */
  #isSaidToHandleMemory(name: string, file: string): boolean {
    const model = this.#index.declaredModel(name, file) ?? believedModel(name) ?? this.#index.hookModel(name, file);
    return model?.allocates !== undefined || model?.frees !== undefined || model?.reallocates !== undefined;
  }

  /**
   * The summary of a name's one definition for a call by a function that it may call in turn. Each round rests on the one before, and the first
   * on nothing: a descending iteration from the top of the lattice (Cousot and Cousot, POPL 1977), which is sound wherever it ends.
   */
  summaryInCycle(call: string, file: string, argumentCount: number): KnownSummary | undefined {
    const { name, round } = fromRoundName(call);
    const entries = this.#index.definitions(name, file);
    if (entries.length !== 1 || !fits(entries[0], argumentCount)) return undefined;
    const [entry] = entries;
    if (this.#index.componentSize(entry) > MAXIMUM_CYCLE) return undefined;
    const analysed = this.#chain.hasRoom ? this.#bodies.analysed(entry.file) : undefined;
    const item = analysed && functionItem(analysed, name);
    const found = item && this.#bodies.inCycle(analysed, item, round);
    return found && found.summary.cases.length <= MAXIMUM_WAYS_IN_CYCLE ? found : undefined;
  }

  /** The parameters of a name's one definition of which it is worth to tell more than its summary asks for. */
  tellingParametersOf(name: string, file: string): TellingParameters {
    const entries = this.#index.definitions(name, file);
    const ir = entries.length === 1 ? this.loweredOf(entries[0]) : undefined;
    if (!ir) return NOTHING_TELLING;
    const { numbers } = tellingParameters(ir);
    return { numbers, functions: [...this.#calledParameters(entries[0], ir, 0)].sort((a, b) => a - b) };
  }

  /** The positions of the functions that a body calls, or hands on to another that does. */
  #calledParameters({ file }: FunctionEntry, ir: FunctionIr, depth: number): ReadonlySet<number> {
    const { functions, handedOn } = tellingParameters(ir);
    const called = new Set(functions);
    if (depth >= MAXIMUM_HANDING) return called;
    for (const { position, callee, to } of handedOn) {
      if (called.has(position)) continue;
      const entries = this.#index.definitions(callee, file);
      const inner = entries.length === 1 ? this.loweredOf(entries[0]) : undefined;
      if (inner && this.#calledParameters(entries[0], inner, depth + 1).has(to)) called.add(position);
    }
    return called;
  }

  /**
   * The summary of a name's one definition for a call that tells some arguments. Undefined where a function that it tells may lead
   * back to the caller, or means another one where the callee stands.
   */
  summaryTold(call: string, asker: Asker, argumentCount: number): KnownSummary | undefined {
    const { name, given } = callFromName(call);
    const entries = this.#index.definitions(name, asker.file);
    if (entries.length !== 1 || !fits(entries[0], argumentCount)) return undefined;
    const [entry] = entries;
    const functions: FunctionEntry[] = [];
    for (const told of given.values()) {
      if (typeof told === 'number') continue;
      const targets = this.#meantByBoth(told, asker.file, entry.file);
      if (!targets) return undefined;
      functions.push(...targets);
    }
    if (functions.length > 0 && this.#mayLeadTo([entry, ...functions], asker)) return undefined;
    const body = this.#bodyOf(entry);
    return body && this.#bodies.told(body.analysed, body.item, given);
  }

  /**
   * The function that stands in a variable outside of functions all the time, or, where it never returns, to begin with: who put
   * another there means the same. `place` is the variable and the way from there: `handlers [2].run`. Undefined for none, and for
   * one that may lead back to the caller.
   */
  storedFunction(place: string, asker: Asker): string | undefined {
    const [name, way = ''] = place.split(' ');
    const found = this.#index.declarations.functionVariable(name, asker.file);
    const stored = found?.variable.functions.find((each) => each.place === way)?.name;
    if (!found || stored === undefined) return undefined;
    if (this.endings.isNoreturn(stored)) return stored;
    if (!found.variable.isConst) return undefined;
    const targets = this.#meantByBoth(stored, asker.file, found.file);
    if (!targets) return undefined;
    if (targets.length === 0) return this.#models.shipped(stored) && stored;
    return this.#mayLeadTo(targets, asker) ? undefined : stored;
  }

  /** The one definition of a name, or none, where two files mean the same by it; undefined where they do not, or there are more. */
  #meantByBoth(name: string, file: string, other: string): readonly FunctionEntry[] | undefined {
    const targets = this.#index.definitions(name, file);
    const isSame = this.#index.definitions(name, other).every(({ fact }, i) => fact === targets.at(i)?.fact);
    return targets.length <= 1 && isSame ? targets : undefined;
  }

  /** True when functions may call another one, directly or through addresses that they take, or so many that nobody knows. */
  #mayLeadTo(from: readonly FunctionEntry[], { file, name }: Asker): boolean {
    const pending = [...from];
    const seen = new Set(from.map(({ fact }) => fact));
    for (let entry = pending.pop(); entry; entry = pending.pop()) {
      if (entry.file === file && entry.fact.name === name) return true;
      const ir = this.loweredOf(entry);
      const globals = ir ? calledVariables(ir) : [];
      const stored = [...globals, ...entry.fact.calls].flatMap((each) =>
        this.#index.declarations.storedFunctions(each, entry.file),
      );
      for (const callee of [...entry.fact.calls, ...(ir ? addressedFunctions(ir) : []), ...stored]) {
        for (const next of this.#index.definitions(callee, entry.file)) {
          if (seen.has(next.fact)) continue;
          seen.add(next.fact);
          pending.push(next);
        }
      }
      if (seen.size > MAXIMUM_REACHED) return true;
    }
    return false;
  }

  /** The intermediate representation of a definition. */
  loweredOf({ file, fact }: FunctionEntry): FunctionIr | undefined {
    const analysed = this.#bodies.analysed(file);
    const item = analysed && functionItem(analysed, fact.name);
    return item && this.#bodies.lowered(analysed, item);
  }

  #relevanceOf(entry: FunctionEntry): Relevance | undefined {
    const { file, fact } = entry;
    const known = this.#exchange?.relevance(file, fact.name);
    if (known) return known;
    const body = this.#bodyOf(entry);
    return body && this.#chain.within(file, fact.name, () => this.#bodies.relevance(body.analysed, body.item));
  }

  #summaryOfEntry(entry: FunctionEntry): KnownSummary | undefined {
    const known = this.#exchange?.analysis(entry.file, entry.fact.name);
    if (known) return { summary: known.summary, summaryKey: '' };
    const body = this.#bodyOf(entry);
    const found = body && this.#bodies.analysis(body.analysed, body.item);
    return found && { summary: found.analysis.summary, summaryKey: found.summaryKey };
  }

  #bodyOf({ file, fact }: FunctionEntry): { analysed: AnalysedFile; item: TopLevelItem } | undefined {
    if (!this.#chain.mayLeadTo(file, fact.name)) return undefined;
    const analysed = this.#bodies.analysed(file);
    const item = analysed && functionItem(analysed, fact.name);
    return item && { analysed, item };
  }
}

function fits({ fact }: FunctionEntry, argumentCount: number): boolean {
  return (
    fact.parameterCount === argumentCount ||
    fact.parameterCount < 0 ||
    (fact.isVariadic && argumentCount >= fact.parameterCount)
  );
}
