import fs from 'node:fs';
import { type Command, CommanderError } from 'commander';
import { type CommandOutput, errorText } from './diagnostics-output.ts';
import { type ExitCode, exitCodes, UsageError } from './exit-codes.ts';
import { createProgram } from './program.ts';

/**
 * Runs one command line, without the program's name. Never rejects: whatever happens becomes an exit code and a
 * message on standard error.
 */
export async function run(commandLine: readonly string[], output: CommandOutput): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.clean;
  try {
    const program = createProgram(output, (code) => {
      exitCode = code;
    });
    refuseForgottenCommand(commandLine, program);
    await program.parseAsync(commandLine, { from: 'user' });
    return exitCode;
  } catch (error) {
    // The argument parser has said what is wrong, or printed the help that was asked for, which is no error.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
    if (isMistake(error)) {
      output.stderr(`ritual: ${error.message}\n`);
      return exitCodes.usage;
    }
    output.stderr(`ritual: internal error, please report it:\n${errorText(error)}\n`);
    return exitCodes.internal;
  }
}

/** A mistake of the user and none of ours. By name: the commands are another bundle, with classes of its own. */
function isMistake(error: unknown): error is Error {
  return error instanceof Error && (error.name === 'UsageError' || error.name === 'ConfigurationError');
}

/** A path where a command should be: what its author wants is plain, and a misspelt command it is not. */
function refuseForgottenCommand([first]: readonly string[], program: Command): void {
  if (first === undefined || first.startsWith('-') || first === 'help') return;
  if (program.commands.some((command) => command.name() === first) || !fs.existsSync(first)) return;
  throw new UsageError(`"${first}" is no command; to check it: ritual check ${first}`);
}
