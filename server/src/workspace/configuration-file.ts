import fs from 'node:fs';
import { type Configuration, defaultConfiguration } from './configuration.ts';

/** One mistake in a configuration file; line and column are one-based. */
export interface ConfigurationProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

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

export function loadConfiguration(file: string): Configuration {
  if (!fs.existsSync(file)) return defaultConfiguration;
  throw new Error('to be written in the next commit');
}
