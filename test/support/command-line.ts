import { afterEach } from 'vitest';
import { run } from '../../server/src/cli/run.ts';
import { temporaryFolder } from './temporary-folder.ts';

const home = process.cwd();
afterEach(() => process.chdir(home));

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, in a folder with these files. */
export async function ritual(
  commandLine: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<Outcome> {
  process.chdir(temporaryFolder(files));
  return again(commandLine);
}

/** Runs a command line in the folder of the last one. */
export async function again(commandLine: readonly string[]): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  const exitCode = await run(commandLine, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
  });
  return { exitCode, stdout, stderr };
}
