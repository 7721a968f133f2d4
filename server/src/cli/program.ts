import { Command, Option } from 'commander';
import { description, version } from '../../../package.json';
import { type CheckOptions, check, checkFormats } from './check.ts';
import { type DebugOptions, debug } from './debug.ts';
import type { CommandOutput } from './diagnostics-output.ts';
import { dumps } from './dumps.ts';
import type { ExitCode } from './exit-codes.ts';
import { explain } from './explain.ts';
import { type HealthOptions, health } from './health.ts';
import { lsp } from './lsp.ts';
import { rules } from './rules.ts';

/** The command line: names, arguments and help; every command hands its exit code to `exit`. */
export function createProgram(output: CommandOutput, exit: (code: ExitCode) => void): Command {
  const program = new Command('ritual')
    .description(description)
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .configureOutput({ writeOut: output.stdout, writeErr: output.stderr })
    .showSuggestionAfterError()
    .exitOverride();
  const textOrJson = () => new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text');
  const workspace = () => new Option('--workspace <folder>', 'the workspace that informs (default: that of each file)');

  program
    .command('check')
    .description('report memory errors in C files')
    .argument('[path...]', 'files and folders; default: the current folder')
    .addOption(new Option('--format <format>', 'how to print').choices([...checkFormats]).default('full'))
    .option('--fix', 'apply safe fixes')
    .addOption(new Option('--diff', 'print what --fix would change, as a patch').conflicts(['fix', 'format']))
    .addOption(workspace())
    .option('--statistics', 'count the findings by rule, on standard error')
    .option('--exit-zero', 'exit 0 even when there are findings')
    .option('--color', 'use colours, whatever the terminal')
    .option('--no-color', 'use no colours')
    .addHelpText('after', '\nExits 0 when clean, 1 with warnings or errors, 2 on wrong usage or unreadable input.')
    .action(async (paths: string[], options: CheckOptions) => exit(await check(paths, options, output)));
  program
    .command('explain')
    .description("print a rule's page")
    .argument('<rule>', 'as in "double-free"')
    .action((rule: string) => exit(explain(rule, output)));
  program
    .command('rules')
    .description('list the rules')
    .addOption(textOrJson())
    .action((options: { format: 'text' | 'json' }) => exit(rules(options, output)));
  program
    .command('health')
    .description('say how much of the sources is understood')
    .argument('<path...>', 'files and folders')
    .addOption(textOrJson())
    .addOption(workspace())
    .action(async (paths: string[], options: HealthOptions) => exit(await health(paths, options, output)));
  program
    .command('debug')
    .description('show how a file is analysed, for those who work on Ritual')
    .argument('<file>')
    .addOption(new Option('--dump <what>', 'what to show').choices(Object.keys(dumps)).makeOptionMandatory())
    .action(async (file: string, options: DebugOptions) => exit(await debug(file, options, output)));
  program
    .command('lsp')
    .description('serve the language server protocol on standard input and output')
    .option('--stdio', 'accepted because editors pass it; there is no other way')
    .action(() => lsp());
  return program;
}
