import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { FileReport } from '../workspace/file-report.ts';
import { relativePattern } from '../workspace/ignore-files.ts';
import type { Project } from '../workspace/project.ts';
import { fixFile } from '../workspace/safe-fixes.ts';
import { writeSourceFile } from '../workspace/source-file.ts';
import { compareText } from '../workspace/source-listing.ts';
import type { SourceText } from '../workspace/source-text.ts';

interface Repair {
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** The safe fixes of one run: written into the files (`--fix`), or kept to be shown (`--diff`, standard input). */
export class Repairs {
  readonly #writes: boolean;
  readonly #repairs: Repair[] = [];
  #fixed = 0;

  constructor(writes: boolean) {
    this.#writes = writes;
  }

  /** How many findings are gone. */
  get fixed(): number {
    return this.#fixed;
  }

  /**
   * Repairs one file, and gives what is left of its findings when the file was written. Throws a SourceFileError when
   * it cannot be; the file is as it was then.
   */
  async repair(first: FileReport, source: SourceText, project: Project, signal?: AbortSignal): Promise<FileReport> {
    const { report, fixed } = await fixFile(project, first, signal);
    const { file, text } = report;
    if (text === first.text) return report;
    this.#repairs.push({ file, before: first.text, after: text });
    if (this.#writes) {
      writeSourceFile(file, text, source.encoding);
      project.indexFile(file, text);
    }
    this.#fixed += fixed;
    return report;
  }

  /** The repaired text of a file; undefined when nothing was repaired in it. */
  textOf(file: string): string | undefined {
    return this.#repairs.find((repair) => repair.file === file)?.after;
  }

  /** A patch for `git apply` and `patch -p1` in the current folder. */
  patch(): string {
    return [...this.#repairs]
      .sort((a, b) => compareText(a.file, b.file))
      .map(({ file, before, after }) => unifiedDiff(file, before, after))
      .join('');
  }
}

function unifiedDiff(file: string, before: string, after: string): string {
  const relative = relativePattern(process.cwd(), file);
  return createTwoFilesPatch(`a/${relative}`, `b/${relative}`, before, after, undefined, undefined, {
    headerOptions: FILE_HEADERS_ONLY,
  });
}
