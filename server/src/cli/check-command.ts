import { Command, Option } from 'commander';
import { jobCount, ruleList, wholeNumber } from './arguments.ts';
import type { CheckOptions } from './check-options.ts';
import type { CommandOutput } from './diagnostics-output.ts';
import type { ExitCode } from './exit-codes.ts';
import { checkFormats } from './formats.ts';

/** `ritual check` on the command line: its arguments and its help. */
export function checkCommand(output: CommandOutput, exit: (code: ExitCode) => void): Command {
  return new Command('check')
    .description('report memory errors in C files')
    .argument('[path...]', 'files and folders (default: the current folder)')
    .optionsGroup('What to check:')
    .option('--select <rule,...>', 'run these rules only', ruleList)
    .option('--ignore <rule,...>', 'do not run these rules', ruleList)
    .option('--workspace <folder>', 'the workspace that informs (default: that of each file)')
    .option('--stdin-filename <path>', 'check standard input as the text of this file')
    .option('--force-exclude', "apply the configuration's exclude to named files, too")
    .option('--baseline <file>', 'report only what this file has not accepted')
    .option(
      '--jobs <count>',
      'threads that work at the same time (default: one for every two processors, up to 4)',
      jobCount,
    )
    .optionsGroup('What to do:')
    .option('--fix', 'apply safe fixes')
    .addOption(new Option('--diff', 'print what --fix would change, as a patch').conflicts(['fix', 'format']))
    .addOption(
      new Option('--write-baseline', 'accept what is found, in the baseline').conflicts([
        'fix',
        'diff',
        'select',
        'ignore',
        'stdinFilename',
        'format',
      ]),
    )
    .addOption(
      new Option('-w, --watch', 'check again whenever a file changes').conflicts([
        'fix',
        'diff',
        'writeBaseline',
        'stdinFilename',
      ]),
    )
    .optionsGroup('What to print:')
    .addOption(new Option('--format <format>', 'how to print').choices([...checkFormats]).default('full'))
    .option('--output-file <file>', 'print into a file')
    .option('-q, --quiet', 'errors and warnings only, and no summary')
    .option('--statistics', 'count the findings by rule, on standard error')
    .option('--color', 'use colours, whatever the terminal')
    .option('--no-color', 'use no colours')
    .optionsGroup('How to exit:')
    .option('--max-warnings <count>', 'exit 0 with up to that many warnings', wholeNumber('--max-warnings'))
    .option('--exit-zero', 'exit 0 even when there are findings')
    .addHelpText('after', '\nExits 0 when clean, 1 with warnings or errors, 2 on wrong usage or unreadable input.')
    .action(async (paths: string[], options: CheckOptions) =>
      exit(await (await import('./check.ts')).check(paths, options, output)),
    );
}
