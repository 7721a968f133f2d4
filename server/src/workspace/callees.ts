import { decidingParameters, type GivenNumbers, neverReturnsGiven } from '../analysis/constant-endings.ts';
import { givesInterior } from '../analysis/other-memory.ts';
import { addressedFunctions, calledVariables } from '../analysis/stored-functions.ts';
import { NOTHING_ALWAYS, type Summary } from '../analysis/summary.ts';
import { NO_HEAP_EFFECT } from '../analysis/summary-cases.ts';
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
import type { AnalysedFunction, Relevance } from './function-memo.ts';
import type { FunctionEntry, ProgramIndex } from './program-index.ts';
import type { Asker } from './questions.ts';
import { neverReturns } from './relevance.ts';
import type { ResultExchange } from './result-exchange.ts';

/** Names by which libraries give and take memory. */
const MEMORY_NAME = /alloc|free|dup|new|create|destroy|delete|release|unref|dispose|clear|cleanup|realloc/i;
/** A name with more definitions than this means nothing in particular. */
const MAXIMUM_CANDIDATES = 4;

/** Functions that end the program are looked for through so many calls. */
const MAXIMUM_ENDING_DEPTH = 2;

/** A function that a callee is given is followed through so many others that hand it on. */
const MAXIMUM_HANDING = 2;

/** What is given the address of a function that reaches more than this is not followed into it. */
const MAXIMUM_REACHED = 60;

/** The work on bodies, which leads to the callees of what they call, and so on. */
export interface Bodies {
  readonly analysed: (file: string) => AnalysedFile | undefined;
  readonly lowered: (analysed: AnalysedFile, item: TopLevelItem) => FunctionIr | undefined;
  readonly relevance: (analysed: AnalysedFile, item: TopLevelItem) => Relevance;
  readonly analysis: (analysed: AnalysedFile, item: TopLevelItem) => AnalysedFunction | undefined;
  /** The summary for callers that tell some of the arguments. */
  readonly told: (analysed: AnalysedFile, item: TopLevelItem, told: ToldArguments) => KnownSummary | undefined;
}

/** A summary, and the same as text to compare; no text where nothing is ever compared. */
export interface KnownSummary {
  readonly summary: Summary;
  readonly summaryKey: string;
}

/** What a call of a name does, as its models, declarations and the bodies in sight tell. */
export class Callees {
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
  }

  kindOf(name: string): CalleeKind {
    if (this.#models.isMemoryFunction(name) || this.isNoreturn(name)) return 'memory';
    if (this.#models.shipped(name)) return 'harmless';
    // A name that nobody in sight declares is the system's or a macro's; what it has to do with memory it says.
    return this.#index.isFunction(name) || MEMORY_NAME.test(name) ? 'unknown' : 'harmless';
  }

  /** A model or a declaration says that the function never returns; its body is not asked. */
  isNoreturn(name: string): boolean {
    return this.#models.isNoreturn(name) || this.#index.isDeclaredNoreturn(name);
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
    return this.#neverReturns(callee, file, MAXIMUM_ENDING_DEPTH, new Map()) ? 'noreturn' : 'cycle';
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
      if (summary?.cases.some((each) => each.heapClass !== NO_HEAP_EFFECT || givesInterior(each))) return 'memory';
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

  /** The positions of the numbers by which a definition of a name may decide not to return, in order; none where all return. */
  decidingNumbersOf(name: string, file: string): readonly number[] {
    const entries = this.#index.definitions(name, file);
    if (entries.length === 0 || entries.length > MAXIMUM_CANDIDATES) return [];
    const found = new Set<number>();
    for (const entry of entries) {
      const ir = this.#loweredOf(entry);
      for (const position of ir ? this.decidingNumbersIn(ir, entry.file) : []) found.add(position);
    }
    return [...found].sort((a, b) => a - b);
  }

  /** The same of one body. */
  decidingNumbersIn(ir: FunctionIr, file: string): readonly number[] {
    if (ir.isPartial) return [];
    const positions = decidingParameters(ir);
    if (positions.length === 0) return [];
    const leaves = this.#leavesAsSeenFrom(file);
    return ir.callees.some((callee) => leaves(callee)) ? positions : [];
  }

  /**
   * True when a definition of a name does not return for the numbers that a call gives it. Where others do, as a stub for tests
   * does, the program that matters may still be the one that ends.
   */
  endsGiven(call: string, file: string): boolean {
    const { name, given } = callFromName(call);
    const entries = this.#index.definitions(name, file);
    if (entries.length === 0 || entries.length > MAXIMUM_CANDIDATES) return false;
    return entries.some((entry) => {
      const ir = this.#loweredOf(entry);
      return ir !== undefined && neverReturnsGiven(ir, numbersIn(given), this.#leavesAsSeenFrom(entry.file));
    });
  }

  /** The parameters of a name's one definition of which it is worth to tell more than its summary asks for. */
  tellingParametersOf(name: string, file: string): TellingParameters {
    const entries = this.#index.definitions(name, file);
    const ir = entries.length === 1 ? this.#loweredOf(entries[0]) : undefined;
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
      const inner = entries.length === 1 ? this.#loweredOf(entries[0]) : undefined;
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
    const found = this.#index.functionVariable(name, asker.file);
    const stored = found?.variable.functions.find((each) => each.place === way)?.name;
    if (!found || stored === undefined) return undefined;
    if (this.isNoreturn(stored)) return stored;
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
      const ir = this.#loweredOf(entry);
      const globals = ir ? calledVariables(ir) : [];
      const stored = [...globals, ...entry.fact.calls].flatMap((each) => this.#index.storedFunctions(each, entry.file));
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

  /** What never returns, as models, declarations and the blocks of functions tell. */
  #leavesAsSeenFrom(file: string): (callee: string) => boolean {
    const known = new Map<string, boolean>();
    return (callee) => this.isNoreturn(callee) || this.#neverReturns(callee, file, 0, known);
  }

  /**
   * True when no definition of a name returns, as far as its blocks and those of its callees tell, so many calls deep. What is
   * found out is noted by name; a function that is still looked at counts as one that returns.
   */
  #neverReturns(name: string, file: string, depth: number, known: Map<string, boolean>): boolean {
    const key = `${file}\0${name}`;
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    known.set(key, false);
    const entries = this.#index.definitions(name, file);
    if (entries.length === 0 || entries.length > MAXIMUM_CANDIDATES) return false;
    const isEnd = entries.every((entry) => {
      const ir = this.#loweredOf(entry);
      if (!ir) return false;
      if (neverReturns(ir, (callee) => this.isNoreturn(callee))) return true;
      // Whoever hands on what a function that ends the program says has nothing to return.
      if (depth === 0 || ir.returnType !== 'void') return false;
      const mayEnd = (callee: string): boolean => this.isNoreturn(callee) || this.#index.isDefined(callee);
      if (!neverReturns(ir, mayEnd)) return false;
      return neverReturns(
        ir,
        (callee) => this.isNoreturn(callee) || this.#neverReturns(callee, entry.file, depth - 1, known),
      );
    });
    known.set(key, isEnd);
    return isEnd;
  }

  #loweredOf({ file, fact }: FunctionEntry): FunctionIr | undefined {
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

/** A call as the name of a question: `log_write 1=6`. */
export function callNameOf(name: string, given: ToldArguments): string {
  return [name, ...[...given].map(([position, value]) => `${position}=${value}`)].join(' ');
}

function callFromName(call: string): { readonly name: string; readonly given: ToldArguments } {
  const [name, ...told] = call.split(' ');
  const given = new Map<number, number | string>();
  for (const each of told) {
    const [position, value] = each.split('=');
    given.set(Number(position), /^-?\d/.test(value) ? Number(value) : value);
  }
  return { name, given };
}

function numbersIn(given: ToldArguments): GivenNumbers {
  const numbers = new Map<number, number>();
  for (const [position, value] of given) if (typeof value === 'number') numbers.set(position, value);
  return numbers;
}

function fits({ fact }: FunctionEntry, argumentCount: number): boolean {
  return (
    fact.parameterCount === argumentCount ||
    fact.parameterCount < 0 ||
    (fact.isVariadic && argumentCount >= fact.parameterCount)
  );
}

/** How many of a summary's cases give or take memory. */
function effectsOf({ cases }: Summary): number {
  return cases.filter(({ heapClass }) => heapClass !== NO_HEAP_EFFECT).length;
}

/** Two definitions do the same to memory, wherever in them it happens. */
function sameEffect(a: Summary, b: Summary): boolean {
  return (
    withoutSteps({ ...a, file: '', always: NOTHING_ALWAYS }) ===
    withoutSteps({ ...b, file: '', always: NOTHING_ALWAYS })
  );
}

/** One of two definitions, either of which may be meant: what not both do does not always happen. */
function together(one: KnownSummary, other: KnownSummary): KnownSummary {
  if (withoutSteps(one.summary.always) === withoutSteps(other.summary.always)) return one;
  return { summary: { ...one.summary, always: NOTHING_ALWAYS }, summaryKey: `${one.summaryKey} apart` };
}

function withoutSteps(part: object): string {
  return JSON.stringify(part, (key, value: unknown) => (key === 'steps' ? undefined : value));
}
