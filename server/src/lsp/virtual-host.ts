import { URI, Utils } from 'vscode-uri';
import { version } from '../../../package.json';
import type { Grammar } from '../syntax/grammar.ts';
import type { BaselineLookup } from '../workspace/baseline.ts';
import { baselineProblem, lookUpBaseline, parseBaseline } from '../workspace/baseline-text.ts';
import { type Configuration, defaultConfiguration } from '../workspace/configuration.ts';
import { ConfigurationError, parseConfiguration } from '../workspace/configuration-text.ts';
import type { OpenedWorkspace, OpenWorkspaceOptions } from '../workspace/node-workspace.ts';
import { patternMatcher } from '../workspace/patterns.ts';
import { Project } from '../workspace/project.ts';
import { compareText, headerLanguage } from '../workspace/source-names.ts';
import { decodeSource } from '../workspace/source-text.ts';
import type { ClientFiles } from './client-files.ts';
import type { ServerHost } from './host.ts';

/** Files that are read of one virtual workspace: each may be a request over the network that the editor makes. */
export const maximumVirtualFiles = 2_000;
/** Folders that are looked into; more is a hostile or looping file system. */
const maximumVirtualFolders = 5_000;
/** Files that are asked for at the same time. */
const maximumRequests = 8;

const configurationFileName = '.ritual.jsonc';

/**
 * The host of a server whose files only the client can read: in a worker of a browser all of them, else those of virtual
 * workspaces. Files go by their URIs. Texts are read ahead and kept, since the analysis cannot wait for them.
 */
export class VirtualHost implements ServerHost {
  readonly version = version;
  readonly #files: ClientFiles;
  readonly #loadGrammar: () => Promise<Grammar>;
  readonly #texts = new Map<string, string>();
  /** Folders that are known to hold a configuration file. */
  readonly #configured = new Set<string>();
  /** Folders whose headers are C++. */
  readonly #cppFolders = new Set<string>();

  constructor(files: ClientFiles, loadGrammar: () => Promise<Grammar>) {
    this.#files = files;
    this.#loadGrammar = loadGrammar;
  }

  workspaceRootOf(file: string, fallback: string): string {
    for (let folder = this.folderOf(file); folder !== ''; folder = this.folderOf(folder)) {
      if (this.#configured.has(folder)) return folder;
    }
    return fallback;
  }

  async openWorkspace(root: string, options: OpenWorkspaceOptions): Promise<OpenedWorkspace> {
    const { signal } = options;
    const grammar = await this.#loadGrammar();
    const configuration = options.configuration ?? (await this.#loadConfiguration(root));
    const baseline = await this.#loadBaseline(root, configuration);
    const project = new Project({ grammar, configuration, baseline, readText: (file) => this.readText(file) });
    if (root === '') {
      // A document without a folder: nobody knows what else there is.
      project.indexIsPartial();
      return { root, project, configuration, indexComplete: true };
    }
    const { files, isComplete } = await this.#list(root, signal);
    await inParallel(files, async (file) => {
      signal?.throwIfAborted();
      await this.refresh(file);
      const text = this.#texts.get(file);
      if (text !== undefined) project.indexFile(file, text);
    });
    if (!isComplete) project.indexIsPartial();
    return { root, project, configuration, indexComplete: isComplete };
  }

  async listSources(folder: string, signal: AbortSignal): Promise<readonly string[]> {
    return (await this.#list(folder, signal)).files;
  }

  readText(file: string): string | undefined {
    return this.#texts.get(file);
  }

  async refresh(file: string): Promise<void> {
    const bytes = await this.#files.readFile(file);
    if (bytes) this.#texts.set(file, decodeSource(bytes).text);
    else this.#texts.delete(file);
    if (!file.endsWith(`/${configurationFileName}`)) return;
    if (bytes) this.#configured.add(this.folderOf(file));
    else this.#configured.delete(this.folderOf(file));
  }

  isCSource(file: string): boolean {
    return file.endsWith('.c') || (file.endsWith('.h') && !this.#cppFolders.has(this.folderOf(file)));
  }

  configurationFileIn(folder: string): string {
    return child(folder, configurationFileName);
  }

  /** The URI without its last segment; '' at the top. */
  folderOf(file: string): string {
    const end = file.replace(/\/$/, '').lastIndexOf('/');
    return end > file.indexOf('://') + 2 ? file.slice(0, end) : '';
  }

  /** Throws what the disk's host throws for a wrong configuration. */
  async #loadConfiguration(root: string): Promise<Configuration> {
    if (root === '') return defaultConfiguration;
    const file = this.configurationFileIn(root);
    await this.refresh(file);
    const text = this.#texts.get(file);
    if (text === undefined) return defaultConfiguration;
    const { configuration, problems } = parseConfiguration(text);
    if (problems.length === 0) return configuration;
    throw new ConfigurationError(file, problems);
  }

  /** The accepted findings of a workspace, by the baseline that its configuration names. Throws as `#loadConfiguration`. */
  async #loadBaseline(root: string, { baseline }: Configuration): Promise<BaselineLookup | undefined> {
    if (root === '' || baseline === undefined) return undefined;
    const file = Utils.resolvePath(URI.parse(root), baseline.replaceAll('\\', '/')).toString();
    await this.refresh(file);
    const text = this.#texts.get(file);
    if (text === undefined) throw new ConfigurationError(file, [baselineProblem('the baseline cannot be read')]);
    const parsed = parseBaseline(text);
    if ('problem' in parsed) throw new ConfigurationError(file, [baselineProblem(parsed.problem)]);
    const folder = `${this.folderOf(file)}/`;
    return lookUpBaseline(parsed, (source) =>
      source.startsWith(folder) ? decodeURIComponent(source.slice(folder.length)) : source,
    );
  }

  /**
   * The C sources and headers below a folder, as on disk: without what Git ignores, hidden entries and `node_modules`;
   * nearest first when a bound cuts it off. Notes configurations and languages on the way.
   */
  async #list(root: string, signal?: AbortSignal): Promise<{ files: string[]; isComplete: boolean }> {
    const files: string[] = [];
    let level: { readonly folder: string; readonly isIgnored: (entry: string, isFolder: boolean) => boolean }[] = [
      { folder: root, isIgnored: () => false },
    ];
    let folders = 0;
    while (level.length > 0) {
      const next: typeof level = [];
      folders += level.length;
      if (folders > maximumVirtualFolders || files.length > maximumVirtualFiles) break;
      await inParallel(level, async ({ folder, isIgnored: above }) => {
        signal?.throwIfAborted();
        const entries = await this.#files.readFolder(folder);
        const names = entries.map(({ name }) => name);
        const language = headerLanguage(names);
        if (language === 'cpp') this.#cppFolders.add(folder);
        else this.#cppFolders.delete(folder);
        if (names.includes(configurationFileName)) this.#configured.add(folder);
        const isIgnored = names.includes('.gitignore') ? await this.#ignoring(folder, above) : above;
        for (const { name, isFolder } of entries) {
          if (name.startsWith('.') || name === 'node_modules') continue;
          const entry = child(folder, name);
          if (isIgnored(entry, isFolder)) continue;
          if (isFolder) next.push({ folder: entry, isIgnored });
          else if (name.endsWith('.c') || (language === 'c' && name.endsWith('.h'))) files.push(entry);
        }
      });
      level = next.sort((a, b) => compareText(a.folder, b.folder));
    }
    const isComplete = level.length === 0 && files.length <= maximumVirtualFiles;
    if (files.length > maximumVirtualFiles) files.length = maximumVirtualFiles;
    return { files: files.sort(compareText), isComplete };
  }

  async #ignoring(folder: string, above: (entry: string, isFolder: boolean) => boolean) {
    const bytes = await this.#files.readFile(child(folder, '.gitignore'));
    const matcher = patternMatcher(bytes ? decodeSource(bytes).text : '');
    return (entry: string, isFolder: boolean): boolean => {
      const relative = entry.slice(folder.replace(/\/$/, '').length + 1);
      const result = matcher.test(decodeURIComponent(isFolder ? `${relative}/` : relative));
      return result.ignored || (!result.unignored && above(entry, isFolder));
    };
  }
}

/** The URI of an entry of a folder, encoded as editors encode it: by that it is known when it is opened. */
function child(folder: string, name: string): string {
  const parent = URI.parse(folder);
  return parent.with({ path: `${parent.path.replace(/\/$/, '')}/${name}` }).toString();
}

/** Runs an action over many things, a few at a time. Rejects with the first error, when all that had begun have ended. */
async function inParallel<T>(things: readonly T[], action: (thing: T) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < things.length) await action(things[next++]);
  };
  await Promise.all(Array.from({ length: Math.min(maximumRequests, things.length) }, worker));
}
