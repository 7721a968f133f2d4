import { printable } from '../report/printable.ts';
import { relativePattern } from '../workspace/ignore-files.ts';
import type { CheckedFiles } from './check-files.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';

/** Where a command writes; tests give their own. */
export interface CommandOutput {
  /** Carries the chosen format and nothing else. */
  readonly stdout: (text: string) => void;
  /** Carries everything that is meant for people only. */
  readonly stderr: (text: string) => void;
}

/** Names on standard error what could not be checked, and gives the exit code that follows from it, if any does. */
export function reportTroubles(checked: CheckedFiles, output: CommandOutput): ExitCode {
  const shown = (file: string) => printable(relativePattern(process.cwd(), file) || '.');
  for (const folder of checked.emptyFolders) output.stderr(`ritual: ${shown(folder)}: no C sources found\n`);
  for (const { path, reason } of checked.problems) output.stderr(`ritual: ${shown(path)}: ${reason}\n`);
  for (const { file, error } of checked.defects) {
    output.stderr(`ritual: internal error while checking ${shown(file)}:\n${errorText(error)}\n`);
  }
  if (checked.defects.length > 0) return exitCodes.internal;
  return checked.problems.length > 0 ? exitCodes.usage : exitCodes.clean;
}

/** An error with its stack, for those who will mend it. */
export function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
