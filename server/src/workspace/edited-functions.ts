import { addressedFunctions, calledVariables } from '../analysis/stored-functions.ts';
import { tellingParameters } from '../analysis/told-arguments.ts';
import type { FunctionIr } from '../ir/instructions.ts';
import type { TopLevelItem, TranslationUnit } from '../syntax/translation-unit.ts';
import type { AnalysedFile } from './analysed-file.ts';
import type { Callees } from './callees.ts';
import type { Dependencies } from './dependencies.ts';
import type { FunctionMemo } from './function-memo.ts';
import type { FunctionStages } from './function-stages.ts';
import { neverReturns } from './relevance.ts';

/** Whom a body may call beside those that it names as callees. */
function leadsOf(ir: FunctionIr | undefined): string {
  return ir ? JSON.stringify([addressedFunctions(ir), calledVariables(ir)]) : '';
}

/** What callers ask of a body to know what they may tell it. */
function toldOf(ir: FunctionIr | undefined): string {
  return ir ? JSON.stringify(tellingParameters(ir)) : '';
}

interface EditedFunction {
  readonly analysed: AnalysedFile;
  readonly name: string;
  /** Which of the functions with that name, as a file defines one in several branches of a conditional group. */
  readonly position: number;
  readonly before: FunctionMemo;
}

/** Functions whose text changed since others asked about them, with what was known of them then. */
export class EditedFunctions {
  readonly #stages: FunctionStages;
  readonly #dependencies: Dependencies;
  readonly #callees: Callees;
  readonly #isParsed: (analysed: AnalysedFile) => boolean;
  readonly #edited = new Map<string, EditedFunction>();

  constructor(
    stages: FunctionStages,
    dependencies: Dependencies,
    callees: Callees,
    isParsed: (analysed: AnalysedFile) => boolean,
  ) {
    this.#stages = stages;
    this.#dependencies = dependencies;
    this.#callees = callees;
    this.#isParsed = isParsed;
  }

  get isEmpty(): boolean {
    return this.#edited.size === 0;
  }

  /** Something changed that any answer may rest on: all are asked again when they are needed. */
  forgetAnswers(): void {
    this.#dependencies.forgetAnswers();
    this.#edited.clear();
  }

  /** Notes the functions that an edit changed. What others know of them is compared when they are analysed. */
  note(analysed: AnalysedFile, before: TranslationUnit): void {
    const names = new Set([...before.functionNames(), ...analysed.unit.functionNames()]);
    for (const name of names) {
      const olds = before.functionsNamed(name);
      const items = analysed.unit.functionsNamed(name);
      for (let position = 0; position < Math.max(olds.length, items.length); position++) {
        if (this.#noteOne(analysed, name, position, olds[position], items[position])) continue;
        this.forgetAnswers();
        return;
      }
    }
  }

  /** False where what others know of the function cannot be compared. */
  #noteOne(
    analysed: AnalysedFile,
    name: string,
    position: number,
    old: TopLevelItem | undefined,
    item: TopLevelItem | undefined,
  ): boolean {
    if (!old || !item) return false;
    if (old.arrays === item.arrays && old.rewrites === item.rewrites) return true;
    const key = `${analysed.file}\0${name}\0${position}`;
    if (this.#edited.has(key)) return true;
    const memo = analysed.memos.get(old.arrays);
    // Nobody can have asked about a function that was not even lowered.
    if (!memo?.lowered && !memo?.relevance) return true;
    if (!memo.relevance || memo.rewrites !== old.rewrites || !this.#dependencies.isPresent(memo)) return false;
    this.#edited.set(key, { analysed, name, position, before: memo });
    return true;
  }

  /**
   * Analyses the functions that were edited, and compares what others know of them. Where it is the same, as after most
   * keys, everything that rests on it still holds, and need not be looked at. Where it is not, what does not rest on it holds.
   */
  settle(): void {
    for (const [key, { analysed, name, position, before }] of [...this.#edited]) {
      if (!this.#edited.has(key)) continue;
      const item = analysed.unit.functionsNamed(name).at(position);
      // It may run out of time: then the function is still to be compared.
      const isKnown = item !== undefined && this.#isParsed(analysed) && this.#leadsToTheSame(analysed, item, before);
      const isSame = isKnown && this.#saysTheSame(analysed, item, before);
      this.#edited.delete(key);
      if (!isKnown) this.forgetAnswers();
      else if (!isSame) this.#dependencies.forgetAnswersAbout(name);
    }
  }

  /** Whether bodies may lead to one another is found out with it, and noted nowhere. */
  #leadsToTheSame(analysed: AnalysedFile, item: TopLevelItem, before: FunctionMemo): boolean {
    return leadsOf(before.lowered?.value) === leadsOf(this.#stages.lowered(analysed, item));
  }

  #saysTheSame(analysed: AnalysedFile, item: TopLevelItem, before: FunctionMemo): boolean {
    const { isRelevant, isNoreturn, changesNothing, givesNull, endsByArgument, gives } = this.#stages.relevance(
      analysed,
      item,
    );
    const old = before.relevance?.value;
    if (old?.isRelevant !== isRelevant || old.isNoreturn !== isNoreturn) return false;
    if (old.changesNothing !== changesNothing || old.endsByArgument !== endsByArgument) return false;
    if (old.givesNull !== givesNull) return false;
    if (JSON.stringify(old.gives) !== JSON.stringify(gives)) return false;
    if (this.#decides(before.lowered?.value, analysed) || this.#decides(this.#stages.lowered(analysed, item), analysed))
      return false;
    // What it does for callers that told it more is not compared.
    if (before.told || toldOf(before.lowered?.value) !== toldOf(this.#stages.lowered(analysed, item))) return false;
    // Those in a cycle of calls with it rest on each round.
    for (const [round, { value }] of before.rounds ?? [])
      if (this.#stages.inCycle(analysed, item, round)?.summaryKey !== value.summaryKey) return false;
    if (this.#leaves(before.lowered?.value) !== this.#leaves(this.#stages.lowered(analysed, item))) return false;
    if (!before.analysed) return true;
    // In the middle of being typed it does something else for its callers as a rule, and most have none: those that have are asked again.
    if (this.#stages.lowered(analysed, item)?.isPartial && !before.lowered?.value?.isPartial) return false;
    return before.analysed.value.summaryKey === this.#stages.analysis(analysed, item)?.summaryKey;
  }

  /** Whether it returns hangs on numbers that it is given: callers may have asked with any of them. */
  #decides(ir: FunctionIr | undefined, { file }: AnalysedFile): boolean {
    return ir !== undefined && this.#callees.endings.decidingNumbersIn(ir, file).length > 0;
  }

  /** What a cycle of calls knows of one of its functions. */
  #leaves(ir: FunctionIr | undefined): boolean | undefined {
    return ir && neverReturns(ir, (callee) => this.#callees.endings.isNoreturn(callee));
  }
}
