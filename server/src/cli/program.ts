import { Command, Option } from 'commander';
import { version } from '../../../package.json';
import { checkCommand } from './check-command.ts';
import type { DebugOptions } from './debug.ts';
import type { CommandOutput } from './diagnostics-output.ts';
import { dumpNames } from './dump-names.ts';
import type { ExitCode } from './exit-codes.ts';
import type { HealthOptions } from './health.ts';

const examples = `
Examples:
  ritual check                  the current folder
  ritual check --diff src/      what the safe fixes would change
  ritual check --fix src/       apply them
  ritual explain double-free    what a rule finds, and why it matters

"ritual help COMMAND" tells the options of a command.`;

/**
 * The command line: names, arguments and help; every command hands its exit code to `exit`. What a command needs is
 * loaded when it runs, so that the help is there at once.
 */
export function createProgram(output: CommandOutput, exit: (code: ExitCode) => void): Command {
  const program = new Command('ritual')
    .description('A memory linter for C.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .configureOutput({
      writeOut: output.stdout,
      writeErr: output.stderr,
      // As all that is said on standard error begins.
      outputError: (text, write) => write(text.replace(/^error: /, 'ritual: ')),
    })
    .showSuggestionAfterError()
    .exitOverride()
    .addHelpText('after', examples);
  const textOrJson = () => new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text');

  program.addCommand(checkCommand(output, exit).copyInheritedSettings(program));
  program
    .command('explain')
    .description("print a rule's page")
    .argument('<rule>', 'as in "double-free"')
    .action(async (rule: string) => exit((await import('./explain.ts')).explain(rule, output)));
  program
    .command('rules')
    .description('list the rules')
    .addOption(textOrJson())
    .action(async (options: { format: 'text' | 'json' }) => exit((await import('./rules.ts')).rules(options, output)));
  program
    .command('health')
    .description('say how much of the sources is understood')
    .argument('<path...>', 'files and folders')
    .addOption(textOrJson())
    .option('--workspace <folder>', 'the workspace that informs (default: that of each file)')
    .action(async (paths: string[], options: HealthOptions) =>
      exit(await (await import('./health.ts')).health(paths, options, output)),
    );
  program
    .command('config')
    .description('show which configuration holds for a path')
    .argument('[path]', 'a file or folder (default: the current folder)')
    .addOption(textOrJson())
    .action(async (path: string | undefined, options: { format: 'text' | 'json' }) =>
      exit((await import('./config.ts')).config(path ?? '.', options, output)),
    );
  program
    .command('init')
    .description('write a commented configuration, .ritual.jsonc')
    .argument('[folder]', 'where (default: the current folder)')
    .action(async (folder: string | undefined) => exit((await import('./init.ts')).init(folder ?? '.', output)));
  program
    .command('debug')
    .description('show how a file is analysed, for those who work on Ritual')
    .argument('<file>')
    .addOption(new Option('--dump <what>', 'what to show').choices([...dumpNames]).makeOptionMandatory())
    .action(async (file: string, options: DebugOptions) =>
      exit(await (await import('./debug.ts')).debug(file, options, output)),
    );
  program
    .command('lsp')
    .description('serve the language server protocol on standard input and output')
    .option('--stdio', 'accepted because editors pass it; there is no other way')
    .action(async () => (await import('./lsp.ts')).lsp());
  return program;
}
