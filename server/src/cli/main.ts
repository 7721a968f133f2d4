// The entry of dist/cli.js.
import { errorText } from './diagnostics-output.ts';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';

runCommandLine(process.argv.slice(2));

function runCommandLine(commandLine: readonly string[]): void {
  // The language server looks after its own streams and goes on after errors.
  if (commandLine[0] !== 'lsp') {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      // A reader that has seen enough (`ritual check | head`) is no error.
      if (error.code !== 'EPIPE') process.stderr.write(`ritual: cannot write standard output: ${error.message}\n`);
      process.exit(error.code === 'EPIPE' ? process.exitCode : exitCodes.usage);
    });
    process.on('uncaughtException', (error) => {
      process.stderr.write(`ritual: internal error, please report it:\n${errorText(error)}\n`);
      process.exit(exitCodes.internal);
    });
  }
  // The exit code is set, not forced: standard output may be a pipe that is still to be emptied.
  void run(commandLine, {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
  }).then((exitCode) => {
    process.exitCode = exitCode;
  });
}
