import ignore, { type Ignore } from 'ignore';
import type { Configuration } from './configuration.ts';

/** Matches patterns as `.gitignore` writes them; the include and exclude keys of the configuration use them too. */
export function patternMatcher(patterns: string | readonly string[]): Ignore {
  return ignore({ ignorecase: false }).add(patterns);
}

/**
 * Tells which files below a workspace's folder its include and exclude keys leave in. Paths are relative to the folder,
 * with forward slashes, and do not begin with `../`.
 */
export function selectionOf(configuration: Configuration): (relative: string) => boolean {
  const include = patternMatcher(configuration.include);
  const exclude = patternMatcher(configuration.exclude);
  return (relative) => (configuration.include.length === 0 || include.ignores(relative)) && !exclude.ignores(relative);
}
