import path from 'node:path';
import { counted } from '../report/full-report.ts';
import { writeBaseline } from '../workspace/baseline-file.ts';
import type { FileReport } from '../workspace/file-report.ts';
import { baselineFileOf } from '../workspace/node-workspace.ts';
import { SourceFileError } from '../workspace/source-file.ts';
import { checkFiles } from './check-files.ts';
import type { CheckOptions } from './check-options.ts';
import { type CommandOutput, reportTroubles } from './diagnostics-output.ts';
import { type ExitCode, exitCodes, UsageError } from './exit-codes.ts';

/**
 * `ritual check --write-baseline`: accepts what is found, in the file that `--baseline` names, else in that of each
 * workspace's configuration. What an existing baseline says of other files stays.
 */
export async function acceptFindings(
  paths: readonly string[],
  options: CheckOptions,
  output: CommandOutput,
): Promise<ExitCode> {
  const named = options.baseline === undefined ? undefined : path.resolve(options.baseline);
  const reports = new Map<string, FileReport[]>();
  const checked = await checkFiles(
    paths,
    { ...options, baseline: false },
    (report, _source, { root, configuration }) => {
      const file = named ?? baselineFileOf(root, configuration);
      if (file === undefined) {
        throw new UsageError(
          '--write-baseline needs a file: name it with --baseline FILE, or with "baseline" in .ritual.jsonc',
        );
      }
      const list = reports.get(file);
      if (list) list.push(report);
      else reports.set(file, [report]);
    },
  );
  for (const [file, list] of reports) {
    const shown = path.relative(process.cwd(), file);
    try {
      writeBaseline(file, list);
    } catch (error) {
      if (error instanceof SourceFileError) throw new UsageError(`${shown}: ${error.message}`);
      throw error;
    }
    const count = list.reduce((sum, report) => sum + report.findings.length, 0);
    if (!options.quiet) output.stderr(`ritual: accepted ${counted(count, 'finding')} in ${shown}\n`);
  }
  const troubles = reportTroubles(checked, output);
  return troubles === exitCodes.clean ? exitCodes.clean : troubles;
}
