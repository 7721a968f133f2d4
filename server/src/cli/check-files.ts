import path from 'node:path';
import { openWorkspace } from '../workspace/node-workspace.ts';
import type { FileReport, Project } from '../workspace/project.ts';
import { readSourceFile, SourceFileError } from '../workspace/source-file.ts';
import { compareText, type PathProblem } from '../workspace/source-listing.ts';
import type { SourceText } from '../workspace/source-text.ts';
import { isFolder } from '../workspace/workspace-root.ts';
import { UsageError } from './exit-codes.ts';
import { applyIncludeAndExclude, selectFiles } from './selected-files.ts';

/** What `checkFiles` saw besides the reports it handed on. */
export interface CheckedFiles {
  /** Ordered by path. */
  readonly problems: readonly PathProblem[];
  /** Named folders without any C source. */
  readonly emptyFolders: readonly string[];
  /** Defects of Ritual met on the way, by file: the other files' reports are good all the same. */
  readonly defects: readonly { readonly file: string; readonly error: unknown }[];
}

/** Called for every file in turn; what it throws as a SourceFileError becomes a problem of that file. */
export type FileVisitor = (report: FileReport, source: SourceText, project: Project) => Promise<void> | void;

/**
 * Checks the files that paths mean, workspace by workspace, and hands every report to the visitor.
 * Rejects with a UsageError or a ConfigurationError before anything is checked in that workspace.
 */
export async function checkFiles(
  paths: readonly string[],
  options: { readonly workspace?: string },
  visit: FileVisitor,
): Promise<CheckedFiles> {
  const workspace = options.workspace === undefined ? undefined : path.resolve(options.workspace);
  if (workspace !== undefined && !isFolder(workspace)) {
    throw new UsageError(`--workspace: ${options.workspace} is not a folder`);
  }
  const selection = await selectFiles(paths.length > 0 ? paths : ['.'], workspace);
  const problems = [...selection.problems];
  const defects: { file: string; error: unknown }[] = [];
  for (const { root, files } of selection.workspaces) {
    const { project, configuration } = await openWorkspace(root);
    for (const { file } of applyIncludeAndExclude(files, root, configuration)) {
      try {
        const source = readSourceFile(file);
        await visit(await project.check(file), source, project);
      } catch (error) {
        if (error instanceof SourceFileError) problems.push({ path: file, reason: error.message });
        else defects.push({ file, error });
      }
    }
  }
  return { problems: inOrder(problems), emptyFolders: selection.emptyFolders, defects };
}

/** Ordered by path, each path once: it may be named and be found below a folder as well. */
function inOrder(problems: readonly PathProblem[]): PathProblem[] {
  const byPath = new Map(problems.map((problem) => [problem.path, problem]));
  return [...byPath.values()].sort((a, b) => compareText(a.path, b.path));
}
