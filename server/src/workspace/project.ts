import type { Finding } from '../base/finding.ts';
import type { TextEdit } from '../base/range.ts';
import type { Grammar } from '../syntax/grammar.ts';
import type { Configuration } from './configuration.ts';

/** How much of a file was understood. */
export interface FileHealth {
  /** Functions defined in the file. */
  readonly functions: number;
  /** Those among them with a region that could not be understood. */
  readonly functionsWithErrors: number;
  /** Those whose analysis met a budget: what was given up is never called clean. */
  readonly functionsIncomplete: number;
}

/** All that is known about one file's text. */
export interface FileReport {
  readonly file: string;
  /** The text that every offset in `findings` refers to. */
  readonly text: string;
  /** Ordered by position; suppressed and switched-off findings left out, severities configured. */
  readonly findings: readonly Finding[];
  readonly health: FileHealth;
}

/** What a project needs from the outside; nothing else reaches files. */
export interface ProjectEnvironment {
  readonly grammar: Grammar;
  readonly configuration: Configuration;
  /** The text of a file on disk, or undefined when it cannot be read. Called during analysis, so it must be quick. */
  readonly readText: (file: string) => string | undefined;
}

/**
 * One workspace: an index of its files, the open documents that override them, and the analysis over both.
 * Pure but for `readText`; runs in Node, a worker and a browser.
 */
export class Project {
  readonly #environment: ProjectEnvironment;
  readonly #documents = new Map<string, string>();

  constructor(environment: ProjectEnvironment) {
    this.#environment = environment;
  }

  /** Tells the index the text of a file on disk: its macros, declarations and function summaries then inform others. */
  indexFile(_file: string, _text: string): void {}

  /** Forgets a file that was deleted. */
  removeFile(_file: string): void {}

  /** Opens a document, whose text overrides the disk until it is closed; or replaces the text of an open one. */
  openDocument(file: string, text: string): void {
    this.#documents.set(file, text);
  }

  /** Applies one edit to an open document. Several edits are applied one after the other, each to the result before. */
  changeDocument(file: string, edit: TextEdit): void {
    const text = this.#documents.get(file) ?? '';
    this.#documents.set(file, text.slice(0, edit.range.start) + edit.newText + text.slice(edit.range.end));
  }

  /** Closes a document; the disk counts again. */
  closeDocument(file: string): void {
    this.#documents.delete(file);
  }

  /**
   * Checks one file: an open document, else the text on disk. Yields to the event loop now and then; when `signal` is
   * aborted it rejects with the signal's reason at the next such point. Rejects too when the file cannot be read.
   */
  async check(file: string, signal?: AbortSignal): Promise<FileReport> {
    signal?.throwIfAborted();
    const text = this.#documents.get(file) ?? this.#environment.readText(file);
    if (text === undefined) throw new Error(`cannot read ${file}`);
    return { file, text, findings: [], health: { functions: 0, functionsWithErrors: 0, functionsIncomplete: 0 } };
  }
}
