import { LineIndex } from '../base/line-index.ts';
import type { TextEdit, TextRange } from '../base/range.ts';
import type { Grammar } from '../syntax/grammar.ts';
import type { TopLevelItem } from '../syntax/translation-unit.ts';
import type { AnalysedFile } from './analysed-file.ts';
import type { BaselineLookup } from './baseline.ts';
import type { BuildSettings } from './build-settings.ts';
import type { Configuration } from './configuration.ts';
import { EarlierFindings } from './earlier-findings.ts';
import { blankedBytes, type HealthCause, healthCauses } from './file-health.ts';
import { type FileReport, type FunctionResult, reportOn } from './file-report.ts';
import { findingsOf } from './findings.ts';
import { nextTurn, shortPause } from './pauses.ts';
import {
  type Allocation,
  allocationsIn,
  type PointerStory,
  pointerAt,
  type RelatedRanges,
  relatedRanges,
} from './pointers.ts';
import { Program } from './program.ts';
import type { ResultExchange } from './result-exchange.ts';

/** What is behind the numbers of a file's health. */
export interface HealthDetails {
  /** Of the functions' text, in UTF-8: what was taken out to be read as C. Branches that are not compiled do not count. */
  readonly bytesBlanked: number;
  readonly causes: readonly HealthCause[];
}

/** A branch of a conditional group (`#if`) that is not analysed. */
export interface UncheckedBranch {
  readonly range: TextRange;
  /** Under which it would be compiled, in a normal form such as `!defined(DEBUG)`. */
  readonly condition: string;
}

/** What a project needs from the outside; nothing else reaches files. */
export interface ProjectEnvironment {
  readonly grammar: Grammar;
  readonly configuration: Configuration;
  /** What the project has accepted. */
  readonly baseline?: BaselineLookup;
  /** What the build says, if anybody knows. */
  readonly buildSettings?: BuildSettings;
  /** The text of a file on disk, or undefined when it cannot be read. Called during analysis, so it must be quick. */
  readonly readText: (file: string) => string | undefined;
  /** Where other projects over the same files, which must not change, tell what they found out. */
  readonly exchange?: ResultExchange;
}

/** How long a check runs before it lets the event loop turn, in milliseconds: a newer edit must be able to stop it. */
const TIME_SLICE = 12;

/** The same once the first answer is told. */
const BACKGROUND_SLICE = 4;

/**
 * How long a check works on functions that need another look before it says what it knows, in milliseconds: less than
 * the eye notices.
 */
const FIRST_ANSWER = 10;

/** More functions than these are not analysed again before the first answer. */
const MAXIMUM_AT_ONCE = 12;

/**
 * One workspace: an index of its files, the open documents that override them, and the analysis over both.
 * Pure but for `readText`; runs in Node, a worker and a browser.
 */
export class Project {
  readonly #environment: ProjectEnvironment;
  readonly #documents = new Map<string, string>();
  #seesAll = true;
  #isBeingRead = false;
  readonly #program: Program;
  /** Open documents whose edits the program has not seen yet: a burst of edits costs one update. */
  readonly #changed = new Set<string>();
  readonly #earlier = new EarlierFindings();

  constructor(environment: ProjectEnvironment) {
    this.#environment = environment;
    const readText = (file: string): string | undefined => this.#documents.get(file) ?? environment.readText(file);
    const { grammar, configuration, buildSettings, exchange } = environment;
    this.#program = new Program(grammar, configuration, readText, buildSettings, exchange);
  }

  /** Whether the index holds only a part of the workspace: what lies beyond it might have led to more findings. */
  indexIsPartial(isPartial = true): void {
    this.#seesAll = !isPartial;
  }

  /** Whether more files are to come: what libraries are said to do may turn out to be otherwise, where they are the workspace. */
  indexIsBeingRead(isBeingRead = true): void {
    this.#isBeingRead = isBeingRead;
  }

  /** One that analyses as this one does, and sees no file of it. */
  empty(): Project {
    const { grammar, configuration } = this.#environment;
    return new Project({ grammar, configuration, readText: () => undefined });
  }

  /** Tells the index the text of a file on disk: its macros, declarations and function summaries then inform others. */
  indexFile(file: string, text: string): void {
    if (!this.#documents.has(file)) this.#program.setText(file, text);
  }

  /** True for a file that informs others, also while nobody looks at it. */
  isIndexed(file: string): boolean {
    return this.#program.isIndexed(file);
  }

  /** How many files inform others. */
  get indexedFiles(): number {
    return this.#program.index.fileCount;
  }

  /** Forgets a file that was deleted. */
  removeFile(file: string): void {
    if (!this.#documents.has(file)) this.#program.remove(file);
  }

  /** Opens a document, whose text overrides the disk until it is closed; or replaces the text of an open one. */
  openDocument(file: string, text: string): void {
    this.#documents.set(file, text);
    this.#changed.add(file);
  }

  /** Applies one edit to an open document. Several edits are applied one after the other, each to the result before. */
  changeDocument(file: string, edit: TextEdit): void {
    const text = this.#documents.get(file) ?? '';
    this.openDocument(file, text.slice(0, edit.range.start) + edit.newText + text.slice(edit.range.end));
  }

  /** Closes a document; the disk counts again. */
  closeDocument(file: string): void {
    this.#documents.delete(file);
    this.#changed.add(file);
  }

  #update(): void {
    for (const file of this.#changed) {
      const text = this.#documents.get(file) ?? this.#environment.readText(file);
      if (text === undefined) this.#program.remove(file);
      else this.#program.setText(file, text);
    }
    this.#changed.clear();
  }

  /**
   * What is known of the pointer at an offset of a file's text, over all paths that lead there. Undefined where there is
   * no pointer, or nothing is known of it. Follows the paths of one function, and no more.
   */
  pointerAt(file: string, offset: number): PointerStory | undefined {
    const analysed = this.#analysed(file);
    return analysed && pointerAt(this.#program, analysed, offset);
  }

  /** The places in a function that concern the same memory as the pointer at an offset, whatever its names. */
  relatedRanges(file: string, offset: number): RelatedRanges | undefined {
    const analysed = this.#analysed(file);
    return analysed && relatedRanges(this.#program, analysed, offset);
  }

  /**
   * The allocations in a file and what becomes of them within their functions, in the order of the text. Yields to the
   * event loop now and then; rejects with the signal's reason when that is aborted.
   */
  async allocations(file: string, signal?: AbortSignal): Promise<Allocation[]> {
    const analysed = this.#analysed(file);
    if (!analysed) return [];
    const { unit } = analysed;
    const found: Allocation[] = [];
    let sliceEnd = performance.now() + BACKGROUND_SLICE;
    for (const item of unit.items) {
      found.push(...allocationsIn(this.#program, analysed, item));
      if (performance.now() <= sliceEnd) continue;
      await shortPause();
      signal?.throwIfAborted();
      if (analysed.unit !== unit || this.#changed.has(file)) return this.allocations(file, signal);
      sliceEnd = performance.now() + BACKGROUND_SLICE;
    }
    return found;
  }

  /** The parts of a file's text that are not analysed because another branch of their condition is, in order. */
  uncheckedBranches(file: string): UncheckedBranch[] {
    const analysed = this.#analysed(file);
    if (!analysed) return [];
    return analysed.source.rewrites.flatMap(({ kind, start, end, name }) => {
      if (kind !== 'branch' || analysed.text.slice(start, end).trim() === '') return [];
      // From the line below the directive.
      const blank = /^[ \t]*(?:\r\n|\n|\r)/.exec(analysed.text.slice(start, end))?.[0].length ?? 0;
      return [{ range: { start: start + blank, end }, condition: name ?? '' }];
    });
  }

  #analysed(file: string): AnalysedFile | undefined {
    this.#update();
    return this.#program.analysed(file);
  }

  /**
   * Checks one file: an open document, else the text on disk. Yields to the event loop now and then; when `signal` is
   * aborted it rejects with the signal's reason at the next such point. Rejects too when the file cannot be read.
   *
   * Where an edit makes many functions be analysed again that it did not touch (a macro that all of them use), `onFirst`
   * is told meanwhile what is found in the others, with what was found before in those. The check goes on when what
   * `onFirst` returns is settled: whoever types has the processor.
   */
  async check(
    file: string,
    signal?: AbortSignal,
    onFirst?: (report: FileReport) => Promise<void> | void,
  ): Promise<FileReport> {
    signal?.throwIfAborted();
    this.#update();
    const analysed = this.#program.analysed(file);
    if (!analysed) throw new Error(`cannot read ${file}`);
    const { unit, text } = analysed;
    // What was found while files were still to come is judged so, also where the last one comes meanwhile.
    const isBeingRead = this.#isBeingRead;
    const lines = new LineIndex(text);
    const results = new Map<TopLevelItem, FunctionResult>();
    const waiting: TopLevelItem[] = [];
    /** Functions in the middle of being typed: nothing is said of them, and what they do for others is found out when the hands rest. */
    const late: TopLevelItem[] = [];
    const functions = unit.items.filter(({ kind }) => kind === 'function');
    const mayWait = onFirst !== undefined || signal !== undefined;
    const firstBy = performance.now() + FIRST_ANSWER;
    let slice = TIME_SLICE;
    let sliceEnd = performance.now() + slice;
    const isStale = (): boolean => {
      signal?.throwIfAborted();
      // The program moved on while this check waited: what it has read is no longer true.
      return analysed.unit !== unit || this.#changed.has(file);
    };
    /** False when the check has become stale meanwhile. */
    const look = async (item: TopLevelItem): Promise<boolean> => {
      const work = (): FunctionResult => this.#checkFunction(analysed, item, lines);
      for (;;) {
        const done = mayWait ? this.#program.attempt(sliceEnd, work) : { value: work() };
        if (done) results.set(item, done.value);
        if (!done || performance.now() > sliceEnd) {
          await (slice === BACKGROUND_SLICE ? shortPause() : nextTurn());
          if (isStale()) return false;
          sliceEnd = performance.now() + slice;
        }
        if (done) return true;
      }
    };
    const waits = (item: TopLevelItem): boolean => {
      if (performance.now() > firstBy) return !this.#program.isCurrent(analysed, item);
      return !this.#program.attempt(firstBy, () => this.#program.stillHolds(analysed, item))?.value;
    };
    const isMisread = (item: TopLevelItem): boolean =>
      this.#program.attempt(sliceEnd, () => this.#program.isPartial(analysed, item))?.value === true;
    for (const item of functions) {
      const earlier = onFirst && this.#earlier.of(item);
      if (earlier && waits(item)) {
        waiting.push(item);
        results.set(item, { isUnderstood: true, isAnalysed: false, isIncomplete: false, findings: earlier });
      } else if (onFirst && !earlier && isMisread(item)) {
        late.push(item);
        results.set(item, { isUnderstood: false, isAnalysed: false, isIncomplete: false, findings: [] });
      } else if (!(await look(item))) return this.check(file, signal, onFirst);
    }
    // Where it is many, a few of them are no better answer.
    if (waiting.length <= MAXIMUM_AT_ONCE) {
      while (waiting.length > 0 && performance.now() <= firstBy) {
        const [item] = waiting;
        const done = this.#program.attempt(firstBy, () => this.#checkFunction(analysed, item, lines));
        if (!done) break;
        results.set(item, done.value);
        waiting.shift();
      }
    }
    waiting.push(...late);
    if (waiting.length > 0) {
      await onFirst?.(this.#report(analysed, functions, results, isBeingRead));
      if (isStale()) return this.check(file, signal, onFirst);
      slice = BACKGROUND_SLICE;
      sliceEnd = performance.now() + slice;
      for (const item of waiting) if (!(await look(item))) return this.check(file, signal, onFirst);
    }
    return this.#report(analysed, functions, results, isBeingRead);
  }

  #report(
    analysed: AnalysedFile,
    functions: readonly TopLevelItem[],
    results: ReadonlyMap<TopLevelItem, FunctionResult>,
    isBeingRead: boolean,
  ): FileReport {
    const { configuration, baseline } = this.#environment;
    return reportOn(analysed, functions, results, {
      configuration,
      baseline: baseline?.(analysed.file),
      seesAll: this.#seesAll,
      isBeingRead,
    });
  }

  #checkFunction(analysed: AnalysedFile, item: TopLevelItem, lines: LineIndex): FunctionResult {
    const known = this.#program.knownClean(analysed, item);
    const analysis = known
      ? undefined
      : (this.#program.analyse(analysed, item) ?? this.#program.inspect(analysed, item));
    const isIncomplete = known?.isIncomplete ?? analysis?.isIncomplete ?? false;
    const isPartial = known?.isPartial ?? analysis?.ir.isPartial ?? false;
    const isUnderstood = this.#isUnderstood(analysed, item);
    const isAnalysed = isUnderstood && !isIncomplete && !isPartial;
    const { configuration } = this.#environment;
    const findings = analysis ? findingsOf(this.#program, configuration, analysed, item, analysis, () => lines) : [];
    this.#earlier.note(item, findings);
    return { isUnderstood, isAnalysed, isIncomplete, findings };
  }

  #isIncomplete(analysed: AnalysedFile, item: TopLevelItem): boolean {
    const known = this.#program.knownClean(analysed, item) ?? this.#program.analyse(analysed, item);
    return known?.isIncomplete === true;
  }

  /** The function's text is understood, as it stands or with its macros written out. */
  #isUnderstood(analysed: AnalysedFile, item: TopLevelItem): boolean {
    const ir = this.#program.lowered(analysed, item);
    return ir ? !ir.isPartial : !item.hasError;
  }

  /** Where and why a file is not understood. Throws when it cannot be read. */
  healthDetails(file: string): HealthDetails {
    this.#update();
    const analysed = this.#program.analysed(file);
    if (!analysed) throw new Error(`cannot read ${file}`);
    const { unit } = analysed;
    const functions = unit.items.filter((item) => item.kind === 'function');
    const misread = new Map(
      functions
        .filter((item) => !this.#isUnderstood(analysed, item))
        .map((item) => [item, this.#program.lowered(analysed, item)?.misread?.start]),
    );
    const tooComplex = new Set(functions.filter((item) => this.#isIncomplete(analysed, item)));
    return {
      bytesBlanked: functions.reduce(
        (sum, item) => sum + blankedBytes(unit, item, this.#program.lowered(analysed, item)),
        0,
      ),
      causes: healthCauses(file, unit, misread, tooComplex),
    };
  }
}
