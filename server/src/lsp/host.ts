import type { OpenedWorkspace, OpenWorkspaceOptions } from '../workspace/node-workspace.ts';

/**
 * What the server needs from the machine it runs on. Everything else in this room is free of Node, so that the same
 * server can run in a worker of a browser.
 */
export interface ServerHost {
  readonly version: string;
  /** The folder of the workspace that a file belongs to; `fallback` when neither configuration nor Git says. */
  workspaceRootOf(file: string, fallback: string): string;
  openWorkspace(root: string, options: OpenWorkspaceOptions): Promise<OpenedWorkspace>;
  /** The C sources and headers below a folder, as the command line finds them, ordered by path. */
  listSources(folder: string, signal: AbortSignal): Promise<readonly string[]>;
  readText(file: string): string | undefined;
  /** Told that a file may have changed, before its text is asked for. */
  refresh(file: string): Promise<void>;
  /** True for a `.c` file, and for a `.h` file unless its folder is C++. */
  isCSource(file: string): boolean;
  /** The path of the configuration file that a folder has, or would have. */
  configurationFileIn(folder: string): string;
  /** Absolute path of the folder that holds a file. */
  folderOf(file: string): string;
}
