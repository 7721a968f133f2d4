import fs from 'node:fs';
import path from 'node:path';

export const configurationFileName = '.ritual.jsonc';

/**
 * The folder of the workspace that a file or folder belongs to: the nearest one at or above it that holds a
 * `.ritual.jsonc`, else the nearest that holds a `.git`, else `fallback`. Both paths absolute; the path need not exist.
 */
export function findWorkspaceRoot(file: string, fallback: string): string {
  const start = isFolder(file) ? file : path.dirname(file);
  return nearestFolderWith(start, configurationFileName) ?? nearestFolderWith(start, '.git') ?? fallback;
}

/** The nearest folder at or above `start` with an entry of that name. */
function nearestFolderWith(start: string, name: string): string | undefined {
  for (let folder = start; ; ) {
    if (hasEntry(folder, name)) return folder;
    const parent = path.dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}

/** True when a folder has an entry of that name, whatever it is. */
export function hasEntry(folder: string, name: string): boolean {
  return fs.existsSync(path.join(folder, name));
}

export function isFolder(file: string): boolean {
  try {
    return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    // Behind a folder that may not be entered, or a loop of links: whoever reads it will say why it cannot be.
    return false;
  }
}
