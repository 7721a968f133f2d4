import path from 'node:path';
import { version } from '../../../package.json';
import { findWorkspaceRoot, isCSource, listSourceFiles, openWorkspace, readText } from '../workspace/node-workspace.ts';
import { configurationFileName } from '../workspace/workspace-root.ts';
import type { ServerHost } from './host.ts';

/** The host of a server that runs in Node and reads the disk. */
export const nodeHost: ServerHost = {
  version,
  workspaceRootOf: findWorkspaceRoot,
  openWorkspace,
  listSources: async (folder, signal) => (await listSourceFiles(folder, { signal })).files,
  readText,
  // Every question reads the disk.
  refresh: async () => {},
  isCSource,
  configurationFileIn: (folder) => path.join(folder, configurationFileName),
  folderOf: (file) => path.dirname(file),
};
