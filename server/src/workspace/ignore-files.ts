import fs from 'node:fs';
import path from 'node:path';
import type { Ignore } from 'ignore';
import { patternMatcher } from './patterns.ts';
import { isFolder } from './workspace-root.ts';

/** The `.gitignore` of one folder, after those of the folders above it. */
interface IgnoreLevel {
  readonly folder: string;
  readonly matcher: Ignore;
}

/** The ignore files that are in force in one folder, outermost first, as Git stacks them. */
export type IgnoreStack = readonly IgnoreLevel[];

/** A path as patterns are matched against: relative, with forward slashes. */
export function relativePattern(folder: string, file: string): string {
  return path.relative(folder, file).split(path.sep).join('/');
}

/**
 * The ignore files above a folder that was named by the user, up to its repository. A folder that they themselves
 * ignore was named all the same: then they do not count, or naming it would find nothing.
 */
export function ignoreStackAbove(folder: string): IgnoreStack {
  const above: string[] = [];
  let isRepository = isFolder(path.join(folder, '.git'));
  for (let child = folder; !isRepository; ) {
    const parent = path.dirname(child);
    if (parent === child) return [];
    above.unshift(parent);
    child = parent;
    isRepository = fs.existsSync(path.join(parent, '.git'));
  }
  const stack = above.reduce<IgnoreStack>(pushIgnoreFile, []);
  let part = above[0];
  if (part === undefined) return [];
  for (const name of path.relative(part, folder).split(path.sep)) {
    part = path.join(part, name);
    if (isIgnored(stack, part, true)) return [];
  }
  return stack;
}

/** The stack inside a folder: that of its parent and its own ignore file, if it has one that can be read. */
export function pushIgnoreFile(stack: IgnoreStack, folder: string): IgnoreStack {
  let text: string;
  try {
    text = fs.readFileSync(path.join(folder, '.gitignore'), 'utf8');
  } catch {
    return stack;
  }
  return [...stack, { folder, matcher: patternMatcher(text.replace(/^\uFEFF/, '')) }];
}

/** True when the innermost ignore file that has an opinion ignores the entry. */
export function isIgnored(stack: IgnoreStack, entry: string, isDirectory: boolean): boolean {
  for (let i = stack.length - 1; i >= 0; i--) {
    const { folder, matcher } = stack[i];
    const relative = relativePattern(folder, entry);
    if (relative === '' || relative.startsWith('..')) continue;
    const result = matcher.test(isDirectory ? `${relative}/` : relative);
    if (result.ignored) return true;
    if (result.unignored) return false;
  }
  return false;
}
