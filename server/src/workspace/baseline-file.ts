import fs from 'node:fs';
import path from 'node:path';
import { type BaselineLookup, baselineOf, type FileBaseline } from './baseline.ts';
import { ConfigurationError } from './configuration-file.ts';
import { relativePattern } from './ignore-files.ts';
import type { FileReport } from './project.ts';
import { readSourceFile, SourceFileError, writeTextFile } from './source-file.ts';
import { compareText } from './source-listing.ts';

/** What a baseline is called by default; editors look whether it changes. */
export const baselineFileName = '.ritual-baseline.json';

/** A baseline as its file holds it; the paths are relative to the file's folder, with forward slashes. */
interface BaselineFile {
  readonly formatVersion: 1;
  readonly files: Readonly<Record<string, FileBaseline>>;
}

/** Reads a baseline. Throws a ConfigurationError: without it every old finding would be a new one. */
export function loadBaseline(file: string): BaselineLookup {
  const { files } = readBaseline(file);
  const folder = path.dirname(file);
  return (source) => {
    const relative = relativePattern(folder, source);
    return Object.hasOwn(files, relative) ? files[relative] : undefined;
  };
}

/**
 * Writes the baseline that accepts the findings of these reports. What an existing baseline says of other files stays,
 * as long as they exist. Throws a SourceFileError.
 */
export function writeBaseline(file: string, reports: readonly FileReport[]): void {
  const folder = path.dirname(file);
  const files = new Map<string, FileBaseline>();
  if (fs.existsSync(file)) {
    for (const [relative, accepted] of Object.entries(readBaseline(file).files)) {
      if (fs.existsSync(path.join(folder, relative))) files.set(relative, accepted);
    }
  }
  for (const report of reports) {
    const relative = relativePattern(folder, report.file);
    if (report.findings.length > 0) files.set(relative, baselineOf(report.text, report.findings));
    else files.delete(relative);
  }
  const sorted = [...files].sort(([a], [b]) => compareText(a, b));
  const content: BaselineFile = { formatVersion: 1, files: Object.fromEntries(sorted) };
  writeTextFile(file, `${JSON.stringify(content, null, 2)}\n`);
}

function readBaseline(file: string): BaselineFile {
  const fail = (message: string): never => {
    throw new ConfigurationError(file, [{ line: 1, column: 1, endLine: 1, endColumn: 1, message }]);
  };
  let content: unknown;
  try {
    content = JSON.parse(readSourceFile(file).text);
  } catch (error) {
    if (error instanceof SourceFileError) return fail(`the baseline cannot be read: ${error.message}`);
    return fail('the baseline is not JSON; write it anew with --write-baseline');
  }
  if (!isBaseline(content)) return fail('this is no baseline of format 1; write it anew with --write-baseline');
  return content;
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
