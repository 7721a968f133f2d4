import fs from 'node:fs';
import path from 'node:path';
import { type BaselineLookup, baselineOf, type FileBaseline } from './baseline.ts';
import { type BaselineFile, baselineProblem, lookUpBaseline, parseBaseline } from './baseline-text.ts';
import { ConfigurationError } from './configuration-text.ts';
import type { FileReport } from './file-report.ts';
import { relativePattern } from './ignore-files.ts';
import { readSourceFile, SourceFileError, writeTextFile } from './source-file.ts';
import { compareText } from './source-listing.ts';

/** What a baseline is called by default; editors look whether it changes. */
export const baselineFileName = '.ritual-baseline.json';

/** Reads a baseline. Throws a ConfigurationError: without it every old finding would be a new one. */
export function loadBaseline(file: string): BaselineLookup {
  const folder = path.dirname(file);
  return lookUpBaseline(readBaseline(file), (source) => relativePattern(folder, source));
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
  let text: string;
  try {
    text = readSourceFile(file).text;
  } catch (error) {
    if (!(error instanceof SourceFileError)) throw error;
    throw baselineError(file, `the baseline cannot be read: ${error.message}`);
  }
  const parsed = parseBaseline(text);
  if ('problem' in parsed) throw baselineError(file, parsed.problem);
  return parsed;
}

function baselineError(file: string, message: string): ConfigurationError {
  return new ConfigurationError(file, [baselineProblem(message)]);
}
