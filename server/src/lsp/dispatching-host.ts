import type { OpenedWorkspace, OpenWorkspaceOptions } from '../workspace/node-workspace.ts';
import { isVirtual } from './document-uri.ts';
import type { ServerHost } from './host.ts';

/** Asks the disk for paths, and the client for everything that has no path: virtual workspaces on the desktop. */
export class DispatchingHost implements ServerHost {
  readonly #disk: ServerHost;
  readonly #virtual: ServerHost;

  constructor(disk: ServerHost, virtual: ServerHost) {
    this.#disk = disk;
    this.#virtual = virtual;
  }

  get version(): string {
    return this.#disk.version;
  }

  workspaceRootOf(file: string, fallback: string): string {
    return this.#hostOf(file).workspaceRootOf(file, fallback);
  }

  openWorkspace(root: string, options: OpenWorkspaceOptions): Promise<OpenedWorkspace> {
    return this.#hostOf(root).openWorkspace(root, options);
  }

  listSources(folder: string, signal: AbortSignal): Promise<readonly string[]> {
    return this.#hostOf(folder).listSources(folder, signal);
  }

  readText(file: string): string | undefined {
    return this.#hostOf(file).readText(file);
  }

  async refresh(file: string): Promise<void> {
    await this.#hostOf(file).refresh(file);
  }

  isCSource(file: string): boolean {
    return this.#hostOf(file).isCSource(file);
  }

  configurationFileIn(folder: string): string {
    return this.#hostOf(folder).configurationFileIn(folder);
  }

  folderOf(file: string): string {
    return this.#hostOf(file).folderOf(file);
  }

  #hostOf(file: string): ServerHost {
    return isVirtual(file) ? this.#virtual : this.#disk;
  }
}
