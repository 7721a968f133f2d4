import fs from 'node:fs';
import { type Configuration, defaultConfiguration } from './configuration.ts';
import { ConfigurationError, parseConfiguration } from './configuration-text.ts';
import { readSourceFile, SourceFileError } from './source-file.ts';

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
