import type { BaselineLookup, FileBaseline } from './baseline.ts';
import type { ConfigurationProblem } from './configuration-text.ts';

/** A baseline as its file holds it; the paths are relative to the file's folder, with forward slashes. */
export interface BaselineFile {
  readonly formatVersion: 1;
  readonly files: Readonly<Record<string, FileBaseline>>;
}

/** Reads the text of a baseline, or says what is wrong with it. */
export function parseBaseline(text: string): BaselineFile | { readonly problem: string } {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { problem: 'the baseline is not JSON; write it anew with --write-baseline' };
  }
  return isBaseline(content)
    ? content
    : { problem: 'this is no baseline of format 1; write it anew with --write-baseline' };
}

/** Finds what a baseline accepts, with a file's path relative to the baseline's folder. */
export function lookUpBaseline({ files }: BaselineFile, relativeOf: (file: string) => string): BaselineLookup {
  return (file) => {
    const relative = relativeOf(file);
    return Object.hasOwn(files, relative) ? files[relative] : undefined;
  };
}

/** A baseline that is no good is a mistake of the configuration: without it every old finding would be a new one. */
export function baselineProblem(message: string): ConfigurationProblem {
  return { line: 1, column: 1, endLine: 1, endColumn: 1, message };
}

function isBaseline(value: unknown): value is BaselineFile {
  return (
    isRecord(value) &&
    value.formatVersion === 1 &&
    isRecord(value.files) &&
    Object.values(value.files).every(
      (functions) =>
        isRecord(functions) &&
        Object.values(functions).every(
          (rules) =>
            isRecord(rules) &&
            Object.values(rules).every(
              (lines) => Array.isArray(lines) && lines.every((line) => typeof line === 'string'),
            ),
        ),
    )
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
