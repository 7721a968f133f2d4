import path from 'node:path';
import { setImmediate as nextEventLoopTurn } from 'node:timers/promises';
import type { BaselineLookup } from '../workspace/baseline.ts';
import { loadBaseline } from '../workspace/baseline-file.ts';
import {
  loadWorkspaceConfiguration,
  type OpenedWorkspace,
  type OpenWorkspaceOptions,
  openWorkspace,
} from '../workspace/node-workspace.ts';
import { type RuleSelection, selectRules } from '../workspace/rule-selection.ts';
import { readSourceFile, SourceFileError } from '../workspace/source-file.ts';
import { compareText, type PathProblem } from '../workspace/source-listing.ts';
import type { SourceText } from '../workspace/source-text.ts';
import { findWorkspaceRoot, isFolder } from '../workspace/workspace-root.ts';
import { setCompilerFlags } from './compiler-settings.ts';
import { Crew, checkInDetail, type DetailedReport, jobsFor } from './crew.ts';
import { UsageError } from './exit-codes.ts';
import { applyIncludeAndExclude, type Selection, selectFiles } from './selected-files.ts';

/** What `checkFiles` saw besides the reports it handed on. */
export interface CheckedFiles {
  /** Ordered by path. */
  readonly problems: readonly PathProblem[];
  /** Named folders without any C source. */
  readonly emptyFolders: readonly string[];
  /** Defects of Ritual met on the way, by file: the other files' reports are good all the same. */
  readonly defects: readonly { readonly file: string; readonly error: unknown }[];
  /** How many threads, this one included, checked at least one file; of several workspaces, where it were most. */
  readonly threads: number;
}

export interface CheckFilesOptions extends RuleSelection {
  readonly workspace?: string;
  /** Path of the accepted findings, used instead of the one that the configuration names; `false` for none. */
  readonly baseline?: string | false;
  /** The configuration's `exclude` applies to named files as well. */
  readonly forceExclude?: boolean;
  /** A text to check in place of a file, which need not exist: the only one that is checked, and paths are ignored. */
  readonly document?: { readonly file: string; readonly source: SourceText };
  /** Opens a workspace; by default from the disk, each time anew. */
  readonly open?: (root: string, options: OpenWorkspaceOptions) => Promise<OpenedWorkspace>;
  /** The visitor only reads: the files may be checked by several threads, all before the first visit. */
  readonly mayUseThreads?: boolean;
  /** The reports hold what is behind the numbers of a file's health. */
  readonly withHealthDetails?: boolean;
  /** The visitor looks at no repairs: those of another thread's findings need not be made to be sent. */
  readonly withoutRepairs?: boolean;
  /** How many threads, this one included. Undefined: as many as the machine and the files ask for. */
  readonly jobs?: number;
  /** Ends the run between two files, or inside one. Rejects with the signal's reason then. */
  readonly signal?: AbortSignal;
}

/** Called for every file in turn; what it throws as a SourceFileError becomes a problem of that file. */
export type FileVisitor = (
  report: DetailedReport,
  source: SourceText,
  workspace: OpenedWorkspace,
) => Promise<void> | void;

/**
 * Checks the files that paths mean, workspace by workspace, and hands every report to the visitor.
 * Rejects with a UsageError or a ConfigurationError before anything is checked in that workspace.
 */
export async function checkFiles(
  paths: readonly string[],
  options: CheckFilesOptions,
  visit: FileVisitor,
): Promise<CheckedFiles> {
  setCompilerFlags();
  const { document, signal } = options;
  const selection = await select(paths, options);
  const problems = [...selection.problems];
  const baseline = namedBaseline(options.baseline);
  const defects: { file: string; error: unknown }[] = [];
  let threads = 0;
  for (const { root, files } of selection.workspaces) {
    const configuration = selectRules(loadWorkspaceConfiguration(root), options);
    const selected = applyIncludeAndExclude(files, root, configuration, options.forceExclude).map(({ file }) => file);
    const crew = assemble(root, selected, options);
    const workspace = await (options.open ?? openWorkspace)(root, {
      configuration,
      baseline,
      signal,
      exchange: crew?.exchange,
    });
    const { project } = workspace;
    const check = (file: string): Promise<DetailedReport> =>
      checkInDetail(project, file, options.withHealthDetails === true, signal);
    if (document) project.openDocument(document.file, document.source.text);
    const reports = await crew?.check(selected, check);
    threads = Math.max(threads, crew?.active ?? 1);
    crew?.close();
    for (const file of selected) {
      if (signal) {
        // What aborts it, Ctrl-C, arrives between two turns of the event loop only.
        await nextEventLoopTurn();
        signal.throwIfAborted();
      }
      try {
        const source = document?.source ?? readSourceFile(file);
        const { text } = source;
        const known = reports?.get(file);
        const isKnown = known !== undefined && known.textLength === text.length;
        await visit(isKnown ? { ...known.report, text } : await check(file), source, workspace);
      } catch (error) {
        if (signal?.aborted || error instanceof UsageError) throw error;
        if (error instanceof SourceFileError) problems.push({ path: file, reason: error.message });
        else defects.push({ file, error });
      }
    }
  }
  return { problems: inOrder(problems), emptyFolders: selection.emptyFolders, defects, threads };
}

/** Threads for the files of a workspace, where there is work enough, and nobody changes files or waits for the first. */
function assemble(root: string, files: readonly string[], options: CheckFilesOptions): Crew | undefined {
  const { document, open, signal, select, ignore, baseline } = options;
  if (!options.mayUseThreads || document || open || signal) return undefined;
  const jobs = jobsFor(files, options.jobs);
  if (jobs < 2) return undefined;
  const named = typeof baseline === 'string' ? path.resolve(baseline) : baseline;
  return new Crew(jobs, {
    root,
    rules: { select, ignore },
    baseline: named,
    withHealthDetails: options.withHealthDetails === true,
    withRepairs: !options.withoutRepairs,
  });
}

export function namedBaseline(file: string | false | undefined): BaselineLookup | false | undefined {
  return file === undefined || file === false ? file : loadBaseline(path.resolve(file));
}

async function select(paths: readonly string[], options: CheckFilesOptions): Promise<Selection> {
  const workspace = options.workspace === undefined ? undefined : path.resolve(options.workspace);
  if (workspace !== undefined && !isFolder(workspace)) {
    throw new UsageError(`--workspace: ${options.workspace} is not a folder`);
  }
  if (!options.document) return selectFiles(paths.length > 0 ? paths : ['.'], workspace);
  const { file } = options.document;
  const folder = path.dirname(file);
  const root = workspace ?? findWorkspaceRoot(folder, folder);
  return { workspaces: [{ root, files: [{ file, isNamed: true }] }], problems: [], emptyFolders: [] };
}

/** Ordered by path, each path once: it may be named and be found below a folder as well. */
function inOrder(problems: readonly PathProblem[]): PathProblem[] {
  const byPath = new Map(problems.map((problem) => [problem.path, problem]));
  return [...byPath.values()].sort((a, b) => compareText(a.path, b.path));
}
