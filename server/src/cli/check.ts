import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import picocolors from 'picocolors';
import { renderConcise } from '../report/concise-report.ts';
import { counted, renderFull } from '../report/full-report.ts';
import { renderJson } from '../report/json-report.ts';
import { countFindings, orderReport, type Report } from '../report/report.ts';
import { renderSarif } from '../report/sarif-report.ts';
import { relativePattern } from '../workspace/ignore-files.ts';
import { readText } from '../workspace/node-workspace.ts';
import type { FileReport } from '../workspace/project.ts';
import { fixFile } from '../workspace/safe-fixes.ts';
import { writeSourceFile } from '../workspace/source-file.ts';
import { checkFiles } from './check-files.ts';
import { type CommandOutput, reportTroubles } from './diagnostics-output.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

export const checkFormats = ['full', 'concise', 'json', 'sarif'] as const;

export interface CheckOptions {
  readonly format: (typeof checkFormats)[number];
  readonly fix?: boolean;
  readonly diff?: boolean;
  readonly workspace?: string;
  readonly statistics?: boolean;
  readonly exitZero?: boolean;
  /** Undefined: as the terminal and the environment have it. */
  readonly color?: boolean;
}

/** `ritual check`: reports findings, repairs them, or shows the repairs. */
export async function check(paths: readonly string[], options: CheckOptions, output: CommandOutput): Promise<ExitCode> {
  const files: FileReport[] = [];
  const patches: { file: string; patch: string }[] = [];
  let fixed = 0;
  const checked = await checkFiles(paths, options, async (first, source, project) => {
    if (!options.fix && !options.diff) {
      files.push(first);
      return;
    }
    const repaired = await fixFile(project, first);
    const { text } = repaired.report;
    if (options.diff) {
      files.push(first);
      if (text !== first.text) patches.push({ file: first.file, patch: unifiedDiff(first.file, first.text, text) });
      return;
    }
    if (text !== first.text) {
      // The findings of a file that cannot be written stay as they were.
      files.push(first);
      writeSourceFile(first.file, text, source.encoding);
      files.pop();
      project.indexFile(first.file, text);
      fixed += repaired.fixed;
    }
    files.push(repaired.report);
  });
  const report = orderReport({ currentFolder: process.cwd(), files, problems: checked.problems, textOf: readText });
  if (options.diff) {
    patches.sort((a, b) => (a.file < b.file ? -1 : 1));
    output.stdout(patches.map(({ patch }) => patch).join(''));
  } else {
    output.stdout(render(report, options));
  }
  if (fixed > 0) output.stderr(`ritual: fixed ${counted(fixed, 'finding')}\n`);
  if (options.statistics) output.stderr(statistics(report));
  return exitCodeOf(report, reportTroubles(checked, output), options);
}

function render(report: Report, options: CheckOptions): string {
  switch (options.format) {
    case 'full':
      return renderFull(report, picocolors.createColors(options.color ?? wantsColor()));
    case 'concise':
      return renderConcise(report);
    case 'json':
      return renderJson(report);
    case 'sarif':
      return renderSarif(report);
  }
}

/** NO_COLOR and FORCE_COLOR as no-color.org and force-color.org have it: set and not empty. */
function wantsColor(): boolean {
  const { NO_COLOR, FORCE_COLOR, TERM } = process.env;
  if (NO_COLOR) return false;
  if (FORCE_COLOR) return FORCE_COLOR !== '0';
  return process.stdout.isTTY === true && TERM !== 'dumb';
}

/** A patch for `git apply` and `patch -p1` in the current folder. */
function unifiedDiff(file: string, before: string, after: string): string {
  const relative = relativePattern(process.cwd(), file);
  return createTwoFilesPatch(`a/${relative}`, `b/${relative}`, before, after, undefined, undefined, {
    headerOptions: FILE_HEADERS_ONLY,
  });
}

function statistics(report: Report): string {
  const { byRule } = countFindings(report);
  const width = Math.max(0, ...Object.values(byRule).map((count) => `${count}`.length));
  return Object.entries(byRule)
    .sort(([, a], [, b]) => b - a)
    .map(([rule, count]) => `${String(count).padStart(width)}  ${rule}\n`)
    .join('');
}

function exitCodeOf(report: Report, troubles: ExitCode, options: CheckOptions): ExitCode {
  if (troubles !== exitCodes.clean) return troubles;
  const { error, warning } = countFindings(report).bySeverity;
  return error + warning > 0 && !options.exitZero ? exitCodes.findings : exitCodes.clean;
}
