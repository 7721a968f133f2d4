import path from 'node:path';
import { renderReport } from '../report/formats.ts';
import { counted } from '../report/full-report.ts';
import { countFindings, orderReport, type Report } from '../report/report.ts';
import type { FileReport } from '../workspace/file-report.ts';
import { readText } from '../workspace/node-workspace.ts';
import { SourceFileError, writeTextFile } from '../workspace/source-file.ts';
import { acceptFindings } from './accept-findings.ts';
import { type CheckFilesOptions, checkFiles } from './check-files.ts';
import type { CheckOptions } from './check-options.ts';
import { reportColors } from './colors.ts';
import { type CommandOutput, reportTroubles } from './diagnostics-output.ts';
import { type ExitCode, exitCodes, UsageError } from './exit-codes.ts';
import { untilInterrupted } from './interruption.ts';
import { Repairs } from './repairs.ts';
import { readStandardInput } from './standard-input.ts';
import { statistics } from './statistics.ts';

/** `ritual check`: reports findings, repairs them, shows the repairs, accepts them, or watches for changes. */
export async function check(paths: readonly string[], options: CheckOptions, output: CommandOutput): Promise<ExitCode> {
  if (options.writeBaseline) return acceptFindings(paths, options, output);
  if (options.watch) return (await import('./watch.ts')).watch(paths, options, output);
  return checkOnce(paths, options, output);
}

/** One run over the files. */
export async function checkOnce(
  paths: readonly string[],
  options: CheckOptions,
  output: CommandOutput,
  open?: CheckFilesOptions['open'],
): Promise<ExitCode> {
  const document = await standardInput(paths, options);
  const files: FileReport[] = [];
  const repairs = options.fix || options.diff ? new Repairs(options.fix === true && !document) : undefined;
  const run = (signal?: AbortSignal) =>
    checkFiles(
      paths,
      { ...options, document, signal, open, mayUseThreads: !repairs, withoutRepairs: !showsRepairs(options) },
      async (report, source, { project }) => {
        // The findings of a file that cannot be written stay as they were.
        const index = files.push(report) - 1;
        const left = await repairs?.repair(report, source, project, signal);
        if (left && !options.diff) files[index] = left;
      },
    );
  const checked = repairs ? await untilInterrupted(run) : await run();
  if (!checked) {
    output.stderr(`ritual: interrupted; fixed ${counted(repairs?.fixed ?? 0, 'finding')}, every file is whole\n`);
    return exitCodes.interrupted;
  }
  const { problems } = checked;
  const report = orderReport({ currentFolder: process.cwd(), files, problems, textOf: readText });
  if (options.diff) print(repairs!.patch(), options, output);
  else if (options.fix && document) {
    // A filter: the repaired text goes where the text came from, what is left is told beside it.
    output.stdout(repairs!.textOf(document.file) ?? document.source.text);
    output.stderr(render(report, options, process.stderr.isTTY));
  } else print(render(report, options, process.stdout.isTTY), options, output);
  if (options.fix && repairs!.fixed > 0 && !options.quiet) {
    output.stderr(`ritual: fixed ${counted(repairs!.fixed, 'finding')}\n`);
  }
  if (options.statistics) output.stderr(statistics(report, checked.threads));
  else if (!options.quiet) output.stderr(goneText(report));
  return exitCodeOf(report, reportTroubles(checked, output), options);
}

/** Whether repairs are told of or counted. */
function showsRepairs({ format, statistics }: CheckOptions): boolean {
  return statistics === true || format === 'full' || format === 'json' || format === 'sarif';
}

/** The text on standard input and the file that it stands for, if that is what is to be checked. */
async function standardInput(paths: readonly string[], options: CheckOptions) {
  if (options.stdinFilename === undefined) return undefined;
  if (paths.length > 0) throw new UsageError('--stdin-filename checks standard input alone, and takes no paths');
  return { file: path.resolve(options.stdinFilename), source: await readStandardInput() };
}

function render(report: Report, options: CheckOptions, isTerminal: boolean | undefined): string {
  const colors = reportColors(isTerminal === true && options.outputFile === undefined, options.color);
  return renderReport(options.format, options.quiet ? withoutSuggestions(report) : report, {
    colors,
    hasSummary: !options.quiet,
  });
}

/** The report without what does not count for the exit code. */
function withoutSuggestions(report: Report): Report {
  const files = report.files.map((file) => ({
    ...file,
    findings: file.findings.filter(({ severity }) => severity === 'error' || severity === 'warning'),
  }));
  return { ...report, files };
}

/** Prints on standard output, or into the file that was asked for. */
function print(text: string, { outputFile }: CheckOptions, output: CommandOutput): void {
  if (outputFile === undefined) {
    output.stdout(text);
    return;
  }
  try {
    writeTextFile(path.resolve(outputFile), text);
  } catch (error) {
    if (error instanceof SourceFileError) throw new UsageError(`--output-file: ${outputFile}: ${error.message}`);
    throw error;
  }
}

/** A baseline that shrinks is good news, and should be written anew so that it cannot grow back unseen. */
function goneText(report: Report): string {
  const { gone } = countFindings(report);
  if (gone === 0) return '';
  return `ritual: ${counted(gone, 'finding')} of the baseline ${gone === 1 ? 'is' : 'are'} gone: --write-baseline\n`;
}

function exitCodeOf(report: Report, troubles: ExitCode, options: CheckOptions): ExitCode {
  if (troubles !== exitCodes.clean) return troubles;
  const { error, warning } = countFindings(report).bySeverity;
  const isClean = error === 0 && warning <= (options.maxWarnings ?? 0);
  return isClean || options.exitZero ? exitCodes.clean : exitCodes.findings;
}
