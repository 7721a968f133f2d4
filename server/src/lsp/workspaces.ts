import { type Configuration, defaultConfiguration } from '../workspace/configuration.ts';
import type { ConfigurationError } from '../workspace/configuration-text.ts';
import type { OpenedWorkspace } from '../workspace/node-workspace.ts';
import type { Project } from '../workspace/project.ts';
import type { OpenDocument } from './document.ts';
import type { ServerHost } from './host.ts';

/** How many workspaces without an open document are kept, so that a file that is closed and opened again is quick. */
const maximumIdleWorkspaces = 2;

/** How long nobody must have typed before an index is read on, in milliseconds. */
const quietTime = 150;

/** How often an index waits for that, between two slices. */
const maximumWaits = 10;

/** How the user follows an index being read, and ends it. */
export interface IndexProgress {
  readonly enough?: AbortSignal;
  readonly onProgress?: (indexed: number, total: number) => void;
}

/** A workspace and its project, which comes into being while documents are already open in it. */
export class EditorWorkspace {
  readonly root: string;
  readonly documents = new Set<OpenDocument>();
  /** Counts everything that can change a finding; a check is valid for the revision that it began with. */
  revision = 0;
  /** Settles when the project is there and its index is read; never rejects. */
  ready: Promise<void> = Promise.resolve();
  /** Settles when there is a project, perhaps without its index; never rejects. */
  available: Promise<void> = Promise.resolve();
  /** When a document was edited last, in milliseconds as `performance.now` counts. */
  editedAt = Number.NEGATIVE_INFINITY;
  opened: OpenedWorkspace | undefined;
  /** Pending while the project holds a text that is only being tried; checks wait for its end. */
  trial: Promise<void> | undefined;
  /** Of the last attempt to load the configuration; the last good configuration stays in force. */
  configurationError: ConfigurationError | undefined;
  #checks = new AbortController();
  #opening: AbortController | undefined;
  /** Files that changed on disk while a project was being indexed, which may have read them before. */
  readonly #changedWhileOpening = new Map<string, string | undefined>();

  constructor(root: string) {
    this.root = root;
  }

  get project(): Project | undefined {
    return this.opened?.project;
  }

  /** Aborted when what a running check reads has changed. */
  get signal(): AbortSignal {
    return this.#checks.signal;
  }

  /** Makes every running check stale. Called before the change itself, so that no check sees half of it. */
  touch(): void {
    this.revision++;
    this.#checks.abort();
    this.#checks = new AbortController();
  }

  /** Waits for the checks that run and for the hands that type, but not for ever: an index must end some day. */
  async rest(): Promise<void> {
    for (let waits = 0; waits < maximumWaits; waits++) {
      const running = [...this.documents].flatMap(({ running }) => running?.result ?? []);
      await Promise.allSettled(running);
      if (performance.now() - this.editedAt > quietTime) return;
      await new Promise((resolve) => setTimeout(resolve, quietTime / 2));
    }
  }

  /**
   * Opens or reopens the project. Until the new one is there, the old one answers; the first one answers while its index
   * is being read.
   */
  open(host: ServerHost, progress: IndexProgress, onError: (error: unknown) => void): Promise<void> {
    this.#opening?.abort();
    const opening = new AbortController();
    this.#opening = opening;
    this.#changedWhileOpening.clear();
    let isAvailable: () => void = () => {};
    if (!this.opened) this.available = new Promise((resolve) => (isAvailable = resolve));
    const opened = this.#openProject(host, progress, opening.signal, isAvailable)
      .catch((error) => {
        if (!opening.signal.aborted) onError(error);
      })
      .finally(() => {
        isAvailable();
        if (this.#opening === opening) this.#opening = undefined;
      });
    if (!this.opened) this.ready = opened;
    return opened;
  }

  async #openProject(
    host: ServerHost,
    { enough, onProgress }: IndexProgress,
    signal: AbortSignal,
    isAvailable: () => void,
  ): Promise<void> {
    const onOpened = (opened: OpenedWorkspace): void => {
      signal.throwIfAborted();
      this.#adopt(opened);
      isAvailable();
    };
    const load = (configuration?: Configuration) =>
      host.openWorkspace(this.root, {
        signal,
        configuration,
        enough,
        onProgress,
        rest: () => this.rest(),
        wanted: () => [...this.documents].map(({ file }) => file),
        onOpened: this.opened ? undefined : onOpened,
      });
    let configurationError: ConfigurationError | undefined;
    const opened = await load().catch((error) => {
      if (!isConfigurationError(error)) throw error;
      configurationError = error;
      return this.opened ?? load(defaultConfiguration);
    });
    signal.throwIfAborted();
    this.touch();
    this.configurationError = configurationError;
    if (this.opened?.project === opened.project) this.opened = opened;
    else this.#adopt(opened);
  }

  #adopt(opened: OpenedWorkspace): void {
    this.touch();
    this.opened = opened;
    for (const [file, text] of this.#changedWhileOpening) changeFile(opened.project, file, text);
    for (const document of this.documents) opened.project.openDocument(document.file, document.text);
  }

  /** Tells the index that a file has that text on disk now; undefined when it is gone. */
  changeFile(file: string, text: string | undefined): void {
    if (this.#opening) this.#changedWhileOpening.set(file, text);
    if (!this.project) return;
    // Where the index is full, what it does not hold is read when somebody asks for it.
    const isFull = !this.#opening && this.opened?.indexComplete === false;
    changeFile(this.project, file, isFull && !this.project.isIndexed(file) ? undefined : text);
  }

  dispose(): void {
    this.#opening?.abort();
    this.touch();
  }
}

function changeFile(project: Project, file: string, text: string | undefined): void {
  if (text === undefined) project.removeFile(file);
  else project.indexFile(file, text);
}

/** By name: the class itself lives in a module that needs Node. */
function isConfigurationError(error: unknown): error is ConfigurationError {
  return error instanceof Error && error.name === 'ConfigurationError';
}

/** The workspaces of the open documents, by root. */
export class Workspaces {
  readonly #byRoot = new Map<string, EditorWorkspace>();
  readonly #open: (workspace: EditorWorkspace) => void;

  constructor(open: (workspace: EditorWorkspace) => void) {
    this.#open = open;
  }

  [Symbol.iterator](): IterableIterator<EditorWorkspace> {
    return this.#byRoot.values();
  }

  /** The workspace with that root, opened when it is not. */
  at(root: string): EditorWorkspace {
    let workspace = this.#byRoot.get(root);
    if (!workspace) {
      this.#forgetIdle();
      workspace = new EditorWorkspace(root);
      this.#byRoot.set(root, workspace);
      this.#open(workspace);
    }
    return workspace;
  }

  #forgetIdle(): void {
    const idle = [...this.#byRoot.values()].filter((workspace) => workspace.documents.size === 0);
    for (const workspace of idle.slice(0, Math.max(0, idle.length - maximumIdleWorkspaces))) {
      workspace.dispose();
      this.#byRoot.delete(workspace.root);
    }
  }
}
