import path from 'node:path';
import { type FSWatcher, watch as watchFiles } from 'chokidar';
import { counted } from '../report/full-report.ts';
import { baselineFileName } from '../workspace/baseline-file.ts';
import { ConfigurationError } from '../workspace/configuration-text.ts';
import {
  baselineFileOf,
  isCSource,
  type OpenedWorkspace,
  type OpenWorkspaceOptions,
  openWorkspace,
  readText,
} from '../workspace/node-workspace.ts';
import { configurationFileName } from '../workspace/workspace-root.ts';
import { checkOnce } from './check.ts';
import type { CheckOptions } from './check-options.ts';
import type { CommandOutput } from './diagnostics-output.ts';
import { UsageError } from './exit-codes.ts';
import { workspaceRoots } from './selected-files.ts';

/** How long files must be quiet before they are checked again, in milliseconds: editors and Git write several at once. */
const quietTime = 100;

/** Clears a terminal and what can be scrolled back to, so that the report begins at the top. */
const clearScreen = '\x1b[2J\x1b[3J\x1b[H';

/**
 * `ritual check --watch`: checks, and checks again whenever a source, an ignore file, a configuration or a baseline of the
 * workspaces changes. Only what a change affects is analysed anew. Runs until the process is ended.
 */
export async function watch(paths: readonly string[], options: CheckOptions, output: CommandOutput): Promise<never> {
  const session = new WatchSession(paths, options, output);
  await session.start();
  return new Promise(() => {});
}

class WatchSession {
  readonly #paths: readonly string[];
  readonly #options: CheckOptions;
  readonly #output: CommandOutput;
  readonly #workspaces = new Map<string, OpenedWorkspace>();
  readonly #changed = new Set<string>();
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isChecking = false;

  constructor(paths: readonly string[], options: CheckOptions, output: CommandOutput) {
    this.#paths = paths;
    this.#options = options;
    this.#output = output;
  }

  async start(): Promise<void> {
    const roots = await workspaceRoots(this.#paths, this.#options.workspace);
    this.#watcher = watchFiles([...roots], {
      ignoreInitial: true,
      followSymlinks: false,
      ignored: (file, status) => !roots.has(file) && isIrrelevant(file, status?.isFile() ?? false),
    });
    // The first check comes after the watcher is there: a change in between must not be missed.
    await new Promise<void>((resolve) => this.#watcher!.once('ready', () => resolve()));
    this.#watcher.on('all', (_event, file) => this.#fileChanged(path.resolve(file)));
    this.#watcher.on('error', (error) => this.#output.stderr(`ritual: cannot watch: ${(error as Error).message}\n`));
    await this.#check();
  }

  #fileChanged(file: string): void {
    this.#changed.add(file);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#check(), quietTime);
  }

  async #check(): Promise<void> {
    // What changes meanwhile is checked when this check has ended.
    if (this.#isChecking) return;
    this.#isChecking = true;
    try {
      do {
        this.#takeChanges();
        if (process.stdout.isTTY) this.#output.stdout(clearScreen);
        await this.#checkOnce();
      } while (this.#changed.size > 0);
    } finally {
      this.#isChecking = false;
    }
  }

  async #checkOnce(): Promise<void> {
    try {
      await checkOnce(this.#paths, this.#options, this.#output, (root, how) => this.#open(root, how));
    } catch (error) {
      // What is wrong now may be mended with the next change.
      if (!(error instanceof ConfigurationError || error instanceof UsageError)) throw error;
      this.#output.stderr(`ritual: ${error.message}\n`);
    }
    if (this.#options.quiet) return;
    const count = counted(this.#workspaces.size, 'workspace');
    this.#output.stderr(`ritual: watching ${count} for changes, Ctrl-C ends it\n`);
  }

  async #open(root: string, options: OpenWorkspaceOptions): Promise<OpenedWorkspace> {
    const known = this.#workspaces.get(root);
    if (known) return known;
    const opened = await openWorkspace(root, options);
    this.#workspaces.set(root, opened);
    return opened;
  }

  #takeChanges(): void {
    const changed = [...this.#changed];
    this.#changed.clear();
    for (const [root, { project, configuration }] of this.#workspaces) {
      const baseline = this.#options.baseline
        ? path.resolve(this.#options.baseline)
        : baselineFileOf(root, configuration);
      // These decide which files there are and what counts: everything is read anew.
      if (changed.some((file) => !isSourceName(file) || file === baseline)) {
        this.#workspaces.delete(root);
        continue;
      }
      for (const file of changed) {
        const relative = path.relative(root, file);
        if (relative.startsWith('..') || path.isAbsolute(relative) || !isCSource(file)) continue;
        const text = readText(file);
        if (text === undefined) project.removeFile(file);
        else project.indexFile(file, text);
      }
    }
  }
}

const settings = new Set([configurationFileName, baselineFileName, '.gitignore']);

function isSourceName(file: string): boolean {
  return /\.[ch]$/.test(file);
}

/** What is neither a source nor says which ones count; of folders those that no listing enters. */
function isIrrelevant(file: string, isFile: boolean): boolean {
  const name = path.basename(file);
  if (settings.has(name)) return false;
  return name.startsWith('.') || name === 'node_modules' || (isFile && !isSourceName(name));
}
