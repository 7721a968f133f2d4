import fs from 'node:fs';
import path from 'node:path';
import { initialConfiguration } from '../workspace/initial-configuration.ts';
import { systemErrorReason } from '../workspace/source-file.ts';
import { configurationFileName, isFolder } from '../workspace/workspace-root.ts';
import type { CommandOutput } from './diagnostics-output.ts';
import { type ExitCode, exitCodes, UsageError } from './exit-codes.ts';

/** `ritual init`: writes a commented configuration into a folder, unless it has one. */
export function init(folder: string, output: CommandOutput): ExitCode {
  if (!isFolder(folder)) throw new UsageError(`${folder} is not a folder`);
  const file = path.join(folder, configurationFileName);
  try {
    // The flag leaves no moment between looking and writing.
    fs.writeFileSync(file, initialConfiguration(), { flag: 'wx' });
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new UsageError(`${file}: ${exists ? 'is there already' : systemErrorReason(error)}`);
  }
  output.stderr(`ritual: wrote ${file}\n`);
  return exitCodes.clean;
}
