import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as nextEventLoopTurn } from 'node:timers/promises';
import { type IgnoreStack, ignoreStackAbove, isIgnored, pushIgnoreFile } from './ignore-files.ts';
import { systemErrorReason } from './source-file.ts';
import { compareText, headerLanguage } from './source-names.ts';

export { compareText } from './source-names.ts';

/**
 * How many folders one listing enters. A home folder or a container's root, taken for a workspace by accident, ends
 * here; the largest C repository in wide use, the Linux kernel, has 6,000.
 */
export const maximumListedFolders = 50_000;

/** How long a listing runs before it lets the event loop turn, in milliseconds: an editor must not feel it. */
const timeSlice = 10;

/** A path that could not be listed, and why. */
export interface PathProblem {
  readonly path: string;
  readonly reason: string;
}

interface SourceListing {
  /** Absolute paths, sorted. */
  readonly files: readonly string[];
  /** What could not be read below the folder; never left out silently. */
  readonly problems: readonly PathProblem[];
  /** False when a bound ended the listing. */
  readonly complete: boolean;
}

interface ListingOptions {
  readonly signal?: AbortSignal;
  /** Ends the listing after that many files. Default: no bound but that on folders. */
  readonly maximumFiles?: number;
}

/** True for a `.c` file, and for a `.h` file unless its folder is C++. Reads the folder of a header. */
export function isCSource(file: string): boolean {
  if (file.endsWith('.c')) return true;
  if (!file.endsWith('.h')) return false;
  try {
    return headerLanguage(fs.readdirSync(path.dirname(file))) === 'c';
  } catch {
    return true;
  }
}

/**
 * Lists the C sources and headers below a folder, nearest first when a bound cuts it off. Leaves out what Git ignores,
 * hidden entries and `node_modules`; does not follow links to folders, so there are no loops. A link to a file counts
 * when the file itself is not below the folder.
 */
export async function listSourceFiles(folder: string, options: ListingOptions = {}): Promise<SourceListing> {
  const { signal, maximumFiles = Number.POSITIVE_INFINITY } = options;
  const files: string[] = [];
  const links: string[] = [];
  const problems: PathProblem[] = [];
  const queue: { folder: string; stack: IgnoreStack }[] = [{ folder, stack: ignoreStackAbove(folder) }];
  let sliceEnd = performance.now() + timeSlice;
  let next = 0;
  for (; next < queue.length && next < maximumListedFolders && files.length < maximumFiles; next++) {
    signal?.throwIfAborted();
    if (performance.now() > sliceEnd) {
      await nextEventLoopTurn();
      sliceEnd = performance.now() + timeSlice;
    }
    const { folder: current, stack: above } = queue[next];
    let entries: fs.Dirent[];
    try {
      entries = fs.readdirSync(current, { withFileTypes: true });
    } catch (error) {
      problems.push({ path: current, reason: systemErrorReason(error) });
      continue;
    }
    entries.sort((a, b) => compareText(a.name, b.name));
    const stack = entries.some((entry) => entry.name === '.gitignore') ? pushIgnoreFile(above, current) : above;
    const listsHeaders = headerLanguage(entries.map((entry) => entry.name)) === 'c';
    for (const entry of entries) {
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      const file = path.join(current, entry.name);
      if (entry.isDirectory()) {
        if (!isIgnored(stack, file, true)) queue.push({ folder: file, stack });
      } else if (entry.name.endsWith('.c') || (listsHeaders && entry.name.endsWith('.h'))) {
        if (isIgnored(stack, file, false)) continue;
        if (entry.isFile()) files.push(file);
        else if (entry.isSymbolicLink()) links.push(file);
        else problems.push({ path: file, reason: 'is not a regular file' });
      }
    }
  }
  addLinkedFiles(links, files, problems);
  const complete = next >= queue.length && files.length <= maximumFiles;
  if (files.length > maximumFiles) files.length = maximumFiles;
  return { files: files.sort(compareText), problems, complete };
}

function addLinkedFiles(links: readonly string[], files: string[], problems: PathProblem[]): void {
  if (links.length === 0) return;
  const targets = new Set(files.map((file) => fs.realpathSync(file)));
  for (const link of links) {
    try {
      const target = fs.realpathSync(link);
      const status = fs.statSync(target);
      if (status.isDirectory() || targets.has(target)) continue;
      if (!status.isFile()) {
        problems.push({ path: link, reason: 'is not a regular file' });
        continue;
      }
      targets.add(target);
      files.push(link);
    } catch (error) {
      problems.push({ path: link, reason: systemErrorReason(error) });
    }
  }
}
