import type { CancellationToken, Diagnostic } from 'vscode-languageserver';
import { selectionOf } from '../workspace/patterns.ts';
import type { Project } from '../workspace/project.ts';
import { Superseded } from './checker.ts';
import { toDiagnostics } from './conversions.ts';
import { uriOfFile } from './document-uri.ts';
import type { Session } from './session.ts';
import { uncheckedCode } from './unchecked-branches.ts';
import type { EditorWorkspace } from './workspaces.ts';

/** How long nobody must have typed before a check of the workspace goes on, in milliseconds: whoever types has the processor. */
const pauseAfterEdit = 300;

/** How long it runs before it lets the event loop turn, in milliseconds. */
const timeSlice = 10;

/** The findings of one file of a workspace. */
export interface CheckedFile {
  readonly uri: string;
  readonly file: string;
  readonly workspace: EditorWorkspace;
  /** The version of the open document, or null for the text on disk. */
  readonly version: number | null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface WorkspaceCheckSummary {
  readonly files: number;
  readonly findings: number;
  /** Files that could not be read. */
  readonly unreadable: number;
  readonly isCancelled: boolean;
}

/** Told after every file: what was found, how many files are done, and of how many. */
export type OnCheckedFile = (checked: CheckedFile, done: number, total: number) => void | Promise<void>;

/**
 * Checks every C file of the opened folders, in order, one at a time on the server's one thread: never more than one
 * core, and an edit comes first. Rejects with nothing; a file that cannot be checked is counted, and logged.
 */
export async function checkWorkspace(
  session: Session,
  cancelled: AbortSignal,
  onFile: OnCheckedFile,
): Promise<WorkspaceCheckSummary> {
  const summary = { files: 0, findings: 0, unreadable: 0 };
  try {
    const filesByRoot = await selectFiles(session, cancelled);
    const total = [...filesByRoot.values()].reduce((sum, files) => sum + files.length, 0);
    let done = 0;
    let sliceEnd = performance.now() + timeSlice;
    for (const [root, files] of filesByRoot) {
      const workspace = session.workspaces.at(root);
      await workspace.ready;
      const isSelected = workspace.opened ? selectionOf(workspace.opened.configuration) : () => true;
      for (const file of files) {
        if (performance.now() > sliceEnd) {
          await sleep(0);
          sliceEnd = performance.now() + timeSlice;
        }
        if (cancelled.aborted) return { ...summary, isCancelled: true };
        done++;
        if (!isSelected(relativeTo(root, file))) continue;
        const checked = await checkFile(session, workspace, file, cancelled);
        if (cancelled.aborted) return { ...summary, isCancelled: true };
        if (!checked) {
          summary.unreadable++;
          continue;
        }
        summary.files++;
        summary.findings += checked.diagnostics.filter(({ code }) => code !== uncheckedCode).length;
        await onFile(checked, done, total);
      }
    }
    return { ...summary, isCancelled: false };
  } catch (error) {
    if (cancelled.aborted) return { ...summary, isCancelled: true };
    throw error;
  }
}

/** The findings of one file, open or not, for the present texts. Undefined when it cannot be read, or when cancelled. */
export async function checkFile(
  session: Session,
  workspace: EditorWorkspace,
  file: string,
  cancelled: AbortSignal,
): Promise<CheckedFile | undefined> {
  for (;;) {
    await untilHandsRest(session, cancelled);
    if (cancelled.aborted) return undefined;
    const document = [...workspace.documents].find((open) => open.file === file);
    try {
      if (document) {
        const { version, diagnostics } = await session.checker.check(document);
        return { uri: document.uri, file, workspace, version, diagnostics };
      }
      await workspace.ready;
      while (workspace.trial) await workspace.trial;
      if (!workspace.project) return undefined;
      const diagnostics = await checkClosedFile(session, workspace, workspace.project, file, cancelled);
      if (diagnostics) return { uri: uriOfFile(file), file, workspace, version: null, diagnostics };
    } catch (error) {
      if (cancelled.aborted) return undefined;
      if (!(error instanceof Superseded)) {
        session.logError(`checking ${file}`, error);
        return undefined;
      }
    }
    // Something changed: the file is taken up again when that is over.
    await sleep(pauseAfterEdit);
  }
}

/** Settles when nobody has typed for a moment: a file that is read and parsed meanwhile would be felt at every key. */
async function untilHandsRest({ workspaces }: Session, cancelled: AbortSignal): Promise<void> {
  while (!cancelled.aborted) {
    const editedAt = Math.max(...[...workspaces].map((workspace) => workspace.editedAt));
    const left = editedAt + pauseAfterEdit - performance.now();
    if (left <= 0) return;
    await sleep(Math.max(left, 1));
  }
}

/** Undefined when something changed meanwhile. */
async function checkClosedFile(
  session: Session,
  workspace: EditorWorkspace,
  project: Project,
  file: string,
  cancelled: AbortSignal,
): Promise<Diagnostic[] | undefined> {
  // A client that watches files has told what changed.
  if (!session.capabilities.watchedFilesRegistration) workspace.changeFile(file, session.host.readText(file));
  const { signal, revision } = workspace;
  try {
    const report = await project.check(file, AbortSignal.any([signal, cancelled]));
    return workspace.revision === revision ? toDiagnostics(session, workspace, report) : undefined;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** The files of all opened folders by the root of their workspace; without a folder, of the workspaces that are open. */
async function selectFiles(session: Session, signal: AbortSignal): Promise<Map<string, string[]>> {
  const folders =
    session.folders.length > 0 ? session.folders : [...session.workspaces].map(({ root }) => root).filter(Boolean);
  const byRoot = new Map<string, string[]>();
  const seen = new Set<string>();
  for (const folder of folders) {
    for (const file of await session.host.listSources(folder, signal)) {
      if (seen.has(file)) continue;
      seen.add(file);
      const root = session.rootOfFile(file, folder);
      const files = byRoot.get(root) ?? [];
      byRoot.set(root, files);
      files.push(file);
    }
  }
  return byRoot;
}

/** A signal that is aborted when one of the tokens is cancelled. `dispose` stops listening to them. */
export function signalOf(tokens: readonly (CancellationToken | undefined)[]): AbortController & { dispose(): void } {
  const controller = new AbortController();
  const subscriptions = tokens.flatMap((token) => token?.onCancellationRequested(() => controller.abort()) ?? []);
  if (tokens.some((token) => token?.isCancellationRequested)) controller.abort();
  return Object.assign(controller, {
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  });
}

function relativeTo(root: string, file: string): string {
  return file.slice(root.replace(/[\\/]$/, '').length + 1).replaceAll('\\', '/');
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
