import fs from 'node:fs';
import { type Configuration, defaultConfiguration } from './configuration.ts';
import { type ConfigurationProblem, parseConfiguration } from './configuration-text.ts';
import { readSourceFile, SourceFileError } from './source-file.ts';

/** A configuration file that cannot be used. The message names file, line, column and the nearest valid key. */
export class ConfigurationError extends Error {
  readonly file: string;
  readonly problems: readonly ConfigurationProblem[];

  constructor(file: string, problems: readonly ConfigurationProblem[]) {
    super(problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'));
    this.name = 'ConfigurationError';
    this.file = file;
    this.problems = problems;
  }
}

/**
 * Loads a `.ritual.jsonc`; a file that does not exist is the default configuration.
 * Throws a ConfigurationError: a linter that ignores what it was told is worse than one that stops.
 */
export function loadConfiguration(file: string): Configuration {
  if (!fs.existsSync(file)) return defaultConfiguration;
  let text: string;
  try {
    text = readSourceFile(file).text;
  } catch (error) {
    if (!(error instanceof SourceFileError)) throw error;
    throw new ConfigurationError(file, [{ line: 1, column: 1, endLine: 1, endColumn: 1, message: error.message }]);
  }
  const { configuration, problems } = parseConfiguration(text);
  if (problems.length > 0) throw new ConfigurationError(file, problems);
  return configuration;
}
