import { decidingParameters, type GivenNumbers, mayEndGiven, neverReturnsGiven } from '../analysis/constant-endings.ts';
import type { ToldArguments } from '../analysis/told-arguments.ts';
import { keptIn } from '../base/kept.ts';
import type { FunctionIr } from '../ir/instructions.ts';
import type { ModelRegistry } from '../models/registry.ts';
import { callFromName, callNameOf } from './call-names.ts';
import type { FunctionEntry, ProgramIndex } from './program-index.ts';
import { neverReturns } from './relevance.ts';

/** A name with more definitions than this means nothing in particular. */
export const MAXIMUM_CANDIDATES = 4;

/** Functions that end the program are looked for through so many calls. */
const MAXIMUM_ENDING_DEPTH = 2;

/** Whether what a name calls returns, as models, declarations and the blocks of functions tell; no path is followed for that. */
export class CallEndings {
  readonly #index: ProgramIndex;
  readonly #models: ModelRegistry;
  readonly #lowered: (entry: FunctionEntry) => FunctionIr | undefined;

  constructor(index: ProgramIndex, models: ModelRegistry, lowered: (entry: FunctionEntry) => FunctionIr | undefined) {
    this.#index = index;
    this.#models = models;
    this.#lowered = lowered;
  }

  /** A model or a declaration says that the function never returns; its body is not asked. */
  isNoreturn(name: string): boolean {
    return this.#models.isNoreturn(name) || this.#index.isDeclaredNoreturn(name);
  }

  /** No definition of a name returns, as far as its blocks and those of some callees tell. */
  neverReturns(name: string, file: string): boolean {
    return this.#isEnd(name, file, MAXIMUM_ENDING_DEPTH, new Map());
  }

  /** The positions of the numbers by which a definition of a name may decide not to return, in order; none where all return. */
  decidingNumbersOf(name: string, file: string): readonly number[] {
    const entries = this.#index.definitions(name, file);
    if (entries.length === 0 || entries.length > MAXIMUM_CANDIDATES) return [];
    const found = new Set<number>();
    for (const entry of entries) {
      const ir = this.#lowered(entry);
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
      const ir = this.#lowered(entry);
      return ir !== undefined && neverReturnsGiven(ir, numbersIn(given), this.#leavesAsSeenFrom(entry.file));
    });
  }

  /**
   * True when the one definition of a name may end the program for the numbers that a call gives it, by what hangs on a number that it
   * is given: itself, or by a call of its own, so many deep.
   */
  mayEndGiven(call: string, file: string): boolean {
    const { name, given } = callFromName(call);
    return this.#mayEnd(name, file, numbersIn(given), MAXIMUM_ENDING_DEPTH, new Map());
  }

  /** Paths come by the same call again and again: what is found out of it is kept, by how much deeper it was looked. */
  #mayEnd(name: string, file: string, given: GivenNumbers, depth: number, known: Map<string, boolean>): boolean {
    const key = `${depth} ${file}\0${callNameOf(name, given)}`;
    return keptIn(known, key, () => this.#findsEnd(name, file, given, depth, known));
  }

  #findsEnd(name: string, file: string, given: GivenNumbers, depth: number, known: Map<string, boolean>): boolean {
    const entries = this.#index.definitions(name, file);
    const ir = entries.length === 1 ? this.#lowered(entries[0]) : undefined;
    if (!ir) return false;
    const leaves = this.#leavesAsSeenFrom(entries[0].file);
    // Whoever ends the program for another reason, as an assertion does, does so anywhere.
    const isDeciding = decidingParameters(ir).length > 0;
    const ends = (callee: string, numbers: GivenNumbers): boolean =>
      leaves(callee) ? isDeciding : depth > 0 && this.#mayEnd(callee, entries[0].file, numbers, depth - 1, known);
    return mayEndGiven(ir, given, ends);
  }

  /** What never returns, as models, declarations and the blocks of functions tell. */
  #leavesAsSeenFrom(file: string): (callee: string) => boolean {
    const known = new Map<string, boolean>();
    return (callee) => this.isNoreturn(callee) || this.#isEnd(callee, file, 0, known);
  }

  /**
   * True when no definition of a name returns, as far as its blocks and those of its callees tell, so many calls deep. What is
   * found out is noted by name; a function that is still looked at counts as one that returns.
   */
  #isEnd(name: string, file: string, depth: number, known: Map<string, boolean>): boolean {
    const key = `${file}\0${name}`;
    const answer = known.get(key);
    if (answer !== undefined) return answer;
    known.set(key, false);
    const entries = this.#index.definitions(name, file);
    if (entries.length === 0 || entries.length > MAXIMUM_CANDIDATES) return false;
    const isEnd = entries.every((entry) => {
      const ir = this.#lowered(entry);
      if (!ir) return false;
      if (neverReturns(ir, (callee) => this.isNoreturn(callee))) return true;
      // Whoever hands on what a function that ends the program says has nothing to return.
      if (depth === 0 || ir.returnType !== 'void') return false;
      const mayEnd = (callee: string): boolean => this.isNoreturn(callee) || this.#index.isDefined(callee);
      if (!neverReturns(ir, mayEnd)) return false;
      return neverReturns(ir, (callee) => this.isNoreturn(callee) || this.#isEnd(callee, entry.file, depth - 1, known));
    });
    known.set(key, isEnd);
    return isEnd;
  }
}

function numbersIn(given: ToldArguments): GivenNumbers {
  const numbers = new Map<number, number>();
  for (const [position, value] of given) if (typeof value === 'number') numbers.set(position, value);
  return numbers;
}
