import fs from 'node:fs';
import path from 'node:path';
import type { Configuration } from '../workspace/configuration.ts';
import { relativePattern } from '../workspace/ignore-files.ts';
import { selectionOf } from '../workspace/patterns.ts';
import { systemErrorReason } from '../workspace/source-file.ts';
import { compareText, listSourceFiles, maximumListedFolders, type PathProblem } from '../workspace/source-listing.ts';
import { findWorkspaceRoot, isFolder } from '../workspace/workspace-root.ts';

/** One file to check. */
export interface SelectedFile {
  /** Absolute path. */
  readonly file: string;
  /** True when the command line names it: then no include and no exclude applies. */
  readonly isNamed: boolean;
}

export interface Selection {
  /** By workspace, ordered by root; the files ordered by path, each once. */
  readonly workspaces: readonly { readonly root: string; readonly files: readonly SelectedFile[] }[];
  readonly problems: readonly PathProblem[];
  /** Named folders without any C source. */
  readonly emptyFolders: readonly string[];
}

/**
 * Finds the files that the paths of a command line mean, and the workspace of each.
 * @param workspace Absolute path of the one workspace for all files; by default each file's own is found.
 */
export async function selectFiles(paths: readonly string[], workspace?: string): Promise<Selection> {
  const named = new Map<string, boolean>();
  const roots = new Map<string, string>();
  const problems: PathProblem[] = [];
  const emptyFolders: string[] = [];
  const rootsByFolder = new Map<string, string>();

  const add = (file: string, isNamed: boolean, fallback: string) => {
    named.set(file, isNamed || (named.get(file) ?? false));
    if (roots.has(file)) return;
    const folder = path.dirname(file);
    const key = `${folder}\0${fallback}`;
    let root = workspace ?? rootsByFolder.get(key);
    if (root === undefined) {
      root = findWorkspaceRoot(folder, fallback);
      rootsByFolder.set(key, root);
    }
    roots.set(file, root);
  };

  for (const argument of paths) {
    const absolute = path.resolve(argument);
    let status: fs.Stats;
    try {
      status = fs.statSync(absolute);
    } catch (error) {
      problems.push({ path: absolute, reason: systemErrorReason(error) });
      continue;
    }
    if (!status.isDirectory()) {
      add(absolute, true, path.dirname(absolute));
      continue;
    }
    const listing = await listSourceFiles(absolute);
    problems.push(...listing.problems);
    if (!listing.complete) {
      problems.push({ path: absolute, reason: `holds more than ${maximumListedFolders} folders` });
    }
    if (listing.files.length === 0 && listing.problems.length === 0) emptyFolders.push(absolute);
    for (const file of listing.files) add(file, false, absolute);
  }

  const byRoot = new Map<string, SelectedFile[]>();
  for (const file of [...named.keys()].sort(compareText)) {
    const root = roots.get(file)!;
    const files = byRoot.get(root) ?? [];
    files.push({ file, isNamed: named.get(file)! });
    byRoot.set(root, files);
  }
  const workspaces = [...byRoot].map(([root, files]) => ({ root, files }));
  return { workspaces: workspaces.sort((a, b) => compareText(a.root, b.root)), problems, emptyFolders };
}

/** The roots of the workspaces that the paths of a command line lie in; those of folders without sources too. */
export async function workspaceRoots(paths: readonly string[], workspace?: string): Promise<Set<string>> {
  if (workspace !== undefined) return new Set([path.resolve(workspace)]);
  const named = paths.length > 0 ? paths : ['.'];
  const { workspaces } = await selectFiles(named);
  const folders = named.map((each) => path.resolve(each)).filter(isFolder);
  return new Set([
    ...workspaces.map(({ root }) => root),
    ...folders.map((folder) => findWorkspaceRoot(folder, folder)),
  ]);
}

/**
 * Applies the include and exclude keys of a workspace to the files that were found below folders, and to named ones too
 * when told so: a program that names the files, such as a commit hook, has made no choice.
 */
export function applyIncludeAndExclude(
  files: readonly SelectedFile[],
  root: string,
  configuration: Configuration,
  alsoNamed = false,
): SelectedFile[] {
  const isSelected = selectionOf(configuration);
  return files.filter(({ file, isNamed }) => {
    const relative = relativePattern(root, file);
    // What lies outside of the workspace is out of reach of its patterns.
    if ((isNamed && !alsoNamed) || relative.startsWith('../') || path.isAbsolute(relative)) return true;
    return isSelected(relative);
  });
}
