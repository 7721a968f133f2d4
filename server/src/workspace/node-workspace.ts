import path from 'node:path';
import { setImmediate as nextEventLoopTurn } from 'node:timers/promises';
import { collectFacts } from '../source/facts.ts';
import type { BaselineLookup } from './baseline.ts';
import { loadBaseline } from './baseline-file.ts';
import { loadBuildSettings } from './build-settings-file.ts';
import type { Configuration } from './configuration.ts';
import { loadConfiguration } from './configuration-file.ts';
import { loadNodeGrammar } from './node-grammar.ts';
import { Project } from './project.ts';
import type { ResultExchange } from './result-exchange.ts';
import { readSourceFile } from './source-file.ts';
import { listSourceFiles } from './source-listing.ts';
import { configurationFileName } from './workspace-root.ts';

export { ConfigurationError } from './configuration-text.ts';
export { loadNodeGrammar } from './node-grammar.ts';
export { isCSource, listSourceFiles } from './source-listing.ts';
export { findWorkspaceRoot } from './workspace-root.ts';

/** How many files a workspace's index holds: beyond it memory, not time, becomes the user's problem. */
const maximumIndexedFiles = 20_000;

/** How many UTF-16 code units an index reads, all files together: a bound on time, as the one on files is on memory. */
const maximumIndexedText = 512 * 1024 * 1024;

/** How many files are read before the first findings. */
const maximumFirstFiles = 60;

/** How long indexing runs before it lets the event loop turn, in milliseconds: an editor must not feel it. */
const timeSlice = 10;

export interface OpenedWorkspace {
  /** Absolute path of the workspace's folder. */
  readonly root: string;
  readonly project: Project;
  readonly configuration: Configuration;
  /** False when a bound ended the index: what lies beyond it informs nobody. */
  readonly indexComplete: boolean;
}

export interface OpenWorkspaceOptions {
  /** Stops the index and rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Used instead of the configuration file, e.g. after an error in it. */
  readonly configuration?: Configuration;
  /** Used instead of the one that the configuration names; `false` for none. */
  readonly baseline?: BaselineLookup | false;
  /** Where other threads that have opened the same workspace tell what they found out. */
  readonly exchange?: ResultExchange;
  /** Told after every file: how many of how many are indexed. */
  readonly onProgress?: (indexed: number, total: number) => void;
  /** Ends the index where it is, which is then incomplete. */
  readonly enough?: AbortSignal;
  /** Awaited between slices of the index, for as long as others need the processor. */
  readonly rest?: () => Promise<void> | undefined;
  /** Told as soon as files can be checked, with an index of what `wanted` include and nothing else. */
  readonly onOpened?: (opened: OpenedWorkspace) => void;
  /** The files whose findings are awaited. */
  readonly wanted?: () => Iterable<string>;
}

/** The text of a file on disk, or undefined when it cannot be read. */
export function readText(file: string): string | undefined {
  try {
    return readSourceFile(file).text;
  } catch {
    return undefined;
  }
}

/**
 * Opens the workspace in a folder: loads its configuration and indexes its C sources and headers. Files that cannot be
 * read do not inform; whoever checks them says so. Rejects with a ConfigurationError when the configuration or its
 * baseline is wrong.
 */
export async function openWorkspace(root: string, options: OpenWorkspaceOptions = {}): Promise<OpenedWorkspace> {
  const configuration = options.configuration ?? loadWorkspaceConfiguration(root);
  const baseline = options.baseline ?? configuredBaseline(root, configuration);
  const project = new Project({
    grammar: await loadNodeGrammar(),
    configuration,
    baseline: baseline || undefined,
    buildSettings: loadBuildSettings(root),
    readText,
    exchange: options.exchange,
  });
  const take = (file: string, text: string) => project.indexFile(file, text);
  if (options.onOpened) {
    readIncludes(options.wanted?.() ?? [], take);
    project.indexIsPartial();
    project.indexIsBeingRead();
    options.onOpened({ root, project, configuration, indexComplete: false });
    await nextEventLoopTurn();
  }
  let indexComplete: boolean;
  try {
    indexComplete = await readSources(root, take, options);
  } finally {
    // Where another opening takes its place, this project answers until that one does, and reads no more.
    if (!options.signal?.aborted) project.indexIsBeingRead(false);
  }
  project.indexIsPartial(!indexComplete);
  return { root, project, configuration, indexComplete };
}

/** The configuration of the workspace in a folder. Throws a ConfigurationError. */
export function loadWorkspaceConfiguration(root: string): Configuration {
  return loadConfiguration(path.join(root, configurationFileName));
}

/** Where the baseline of a workspace lies, as its configuration says. */
export function baselineFileOf(root: string, { baseline }: Configuration): string | undefined {
  return baseline === undefined ? undefined : path.resolve(root, baseline);
}

function configuredBaseline(root: string, configuration: Configuration): BaselineLookup | undefined {
  const file = baselineFileOf(root, configuration);
  return file === undefined ? undefined : loadBaseline(file);
}

/**
 * Reads what files include by quotes, and what that includes, as far as it stands beside the file that includes it: enough
 * for first findings, while the whole workspace is being read.
 */
function readIncludes(files: Iterable<string>, take: (file: string, text: string) => void): void {
  const seen = new Set(files);
  const pending = [...seen];
  for (let i = 0; i < pending.length && i < maximumFirstFiles; i++) {
    const text = readText(pending[i]);
    if (text === undefined) continue;
    take(pending[i], text);
    for (const { path: included, isQuoted } of collectFacts(pending[i], text).includes) {
      const file = path.join(path.dirname(pending[i]), included);
      if (!isQuoted || seen.has(file)) continue;
      seen.add(file);
      pending.push(file);
    }
  }
}

/** Reads all sources below a workspace's folder, in order. False when a bound ended it. */
export async function readSources(
  root: string,
  take: (file: string, text: string) => void,
  { signal, onProgress, enough, rest }: OpenWorkspaceOptions = {},
): Promise<boolean> {
  const listing = await listSourceFiles(root, { signal, maximumFiles: maximumIndexedFiles });
  let indexedText = 0;
  let sliceEnd = performance.now() + timeSlice;
  for (const [count, file] of listing.files.entries()) {
    if (performance.now() > sliceEnd) {
      await nextEventLoopTurn();
      await rest?.();
      signal?.throwIfAborted();
      if (enough?.aborted) return false;
      sliceEnd = performance.now() + timeSlice;
    }
    const text = readText(file);
    if (text !== undefined) {
      indexedText += text.length;
      if (indexedText > maximumIndexedText) return false;
      take(file, text);
    }
    onProgress?.(count + 1, listing.files.length);
  }
  return listing.complete;
}
