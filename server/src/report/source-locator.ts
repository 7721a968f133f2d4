import path from 'node:path';
import { LineIndex } from '../base/line-index.ts';
import type { TextRange } from '../base/range.ts';
import type { Report } from './report.ts';

/** A place as people count: line and column from one, the column in UTF-16 code units. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
  /** UTF-16 code units from the beginning of the text, from zero. */
  readonly offset: number;
}

export interface SourceSpan {
  readonly start: SourcePosition;
  /** The position behind the last character. */
  readonly end: SourcePosition;
}

interface IndexedText {
  readonly text: string;
  readonly lines: LineIndex;
}

/** Turns offsets of a report into lines, columns and excerpts, and absolute paths into relative ones. */
export class SourceLocator {
  readonly #report: Report;
  readonly #texts = new Map<string, IndexedText>();

  constructor(report: Report) {
    this.#report = report;
    for (const { file, text } of report.files) this.#texts.set(file, { text, lines: new LineIndex(text) });
  }

  /** Relative to the current folder, with forward slashes on every system. */
  relativePath(file: string): string {
    const relative = path.relative(this.#report.currentFolder, file);
    return (relative === '' ? file : relative).split(path.sep).join('/');
  }

  /** The path as a relative, percent-encoded URI reference; a `file:` URI when there is no relative path to it. */
  uri(file: string): string {
    const relative = this.relativePath(file);
    const encoded = relative.split('/').map(encodeURIComponent).join('/');
    return path.isAbsolute(relative) ? `file://${encoded.startsWith('/') ? '' : '/'}${encoded}` : encoded;
  }

  span(file: string, range: TextRange): SourceSpan {
    return { start: this.position(file, range.start), end: this.position(file, range.end) };
  }

  position(file: string, offset: number): SourcePosition {
    const { line, character } = this.#indexed(file).lines.positionAt(offset);
    return { line: line + 1, column: character + 1, offset };
  }

  /** The text of a one-based line, without its line end; empty when the file cannot be read any more. */
  lineText(file: string, line: number): string {
    const { text, lines } = this.#indexed(file);
    return text.slice(lines.lineStart(line - 1), lines.lineStart(line)).replace(/[\r\n]+$/, '');
  }

  #indexed(file: string): IndexedText {
    let indexed = this.#texts.get(file);
    if (!indexed) {
      const text = this.#report.textOf(file) ?? '';
      indexed = { text, lines: new LineIndex(text) };
      this.#texts.set(file, indexed);
    }
    return indexed;
  }
}
