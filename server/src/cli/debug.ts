import path from 'node:path';
import { readSourceFile, SourceFileError } from '../workspace/source-file.ts';
import type { CommandOutput } from './diagnostics-output.ts';
import type { DumpName } from './dump-names.ts';
import { dumps } from './dumps.ts';
import { type ExitCode, exitCodes, UsageError } from './exit-codes.ts';

export interface DebugOptions {
  readonly dump: DumpName;
}

/** `ritual debug`: shows what one room made of a file, for those who work on Ritual. */
export async function debug(argument: string, options: DebugOptions, output: CommandOutput): Promise<ExitCode> {
  const file = path.resolve(argument);
  try {
    output.stdout(await dumps[options.dump]({ file, text: readSourceFile(file).text }));
  } catch (error) {
    if (error instanceof SourceFileError) throw new UsageError(`${argument}: ${error.message}`);
    throw error;
  }
  return exitCodes.clean;
}
