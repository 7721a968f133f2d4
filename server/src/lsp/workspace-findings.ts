import type { CancellationToken } from 'vscode-languageserver';
import type { OpenDocument } from './document.ts';
import type { Session } from './session.ts';
import {
  type CheckedFile,
  checkFile,
  checkWorkspace,
  signalOf,
  type WorkspaceCheckSummary,
} from './workspace-check.ts';
import type { EditorWorkspace } from './workspaces.ts';

/** How long after a change on disk the files of the last check are looked at again, in milliseconds. */
const recheckDelay = 500;

/**
 * The findings of files that are not open, as the last "Check workspace" found them. They are pushed, and kept true: a
 * file that is opened is the editor's business, and one that changes on disk or is closed is checked again.
 */
export class WorkspaceFindings {
  readonly #session: Session;
  /** Files with findings that the client was told, by URI. */
  readonly #reported = new Map<string, { readonly file: string; readonly workspace: EditorWorkspace }>();
  #isActive = false;
  #running: AbortController | undefined;
  /** Files to be looked at again, one at a time. */
  readonly #due = new Map<string, EditorWorkspace>();
  #rechecks = new AbortController();
  #isRechecking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Checks the workspace, with progress and a way to cancel where the client can show them. A second call ends the first. */
  async check(token: CancellationToken): Promise<WorkspaceCheckSummary> {
    this.#running?.abort();
    const { connection, capabilities } = this.#session;
    const progress = capabilities.workDoneProgress ? await connection.window.createWorkDoneProgress() : undefined;
    const running = signalOf([token, progress?.token]);
    this.#running = running;
    this.#isActive = true;
    progress?.begin('Ritual: checking the workspace', 0, undefined, true);
    const before = new Set(this.#reported.keys());
    try {
      const summary = await checkWorkspace(this.#session, running.signal, (checked, done, total) => {
        before.delete(checked.uri);
        progress?.report(Math.floor((100 * done) / total), `${done} of ${total} files`);
        this.#publish(checked);
      });
      // What a complete check did not meet again is gone.
      if (!summary.isCancelled) for (const uri of before) this.#takeBack(uri);
      return summary;
    } finally {
      progress?.done();
      running.dispose();
      if (this.#running === running) this.#running = undefined;
    }
  }

  /** Takes back what was told of files that are not open. */
  clear(): void {
    this.#running?.abort();
    this.#isActive = false;
    this.#due.clear();
    this.#rechecks.abort();
    this.#rechecks = new AbortController();
    clearTimeout(this.#timer);
    for (const uri of [...this.#reported.keys()]) this.#takeBack(uri);
  }

  /** From now on the document's own diagnostics count; what was pushed would stand beside them. */
  documentOpened({ uri }: OpenDocument): void {
    this.#takeBack(uri);
  }

  documentClosed({ file }: OpenDocument, workspace: EditorWorkspace | undefined): void {
    if (this.#isActive && workspace) void this.#recheck(workspace, [file]);
  }

  /** Files changed on disk: they, and those with findings, may have other ones now. */
  filesChanged(workspace: EditorWorkspace, files: readonly string[]): void {
    if (!this.#isActive) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const reported = [...this.#reported.values()].filter((each) => each.workspace === workspace);
      void this.#recheck(workspace, new Set([...files, ...reported.map(({ file }) => file)]));
    }, recheckDelay);
  }

  /** Adds files to those that are due: what changes meanwhile changes nothing of what is due already. */
  async #recheck(workspace: EditorWorkspace, files: Iterable<string>): Promise<void> {
    for (const file of files) this.#due.set(file, workspace);
    if (this.#isRechecking) return;
    this.#isRechecking = true;
    try {
      for (const [file, root] of this.#due) {
        this.#due.delete(file);
        const { signal } = this.#rechecks;
        const checked = await checkFile(this.#session, root, file, signal);
        if (signal.aborted) continue;
        if (checked) this.#publish(checked);
        else this.#forget(file);
      }
    } finally {
      this.#isRechecking = false;
    }
  }

  #forget(file: string): void {
    for (const [uri, reported] of this.#reported) if (reported.file === file) this.#takeBack(uri);
  }

  #publish({ uri, file, workspace, version, diagnostics }: CheckedFile): void {
    // An open document has its diagnostics by other ways.
    if (version !== null && !this.#session.options.filtersPushed) return;
    if (diagnostics.length === 0) {
      this.#takeBack(uri);
      return;
    }
    this.#reported.set(uri, { file, workspace });
    void this.#session.connection.sendDiagnostics({ uri, diagnostics: [...diagnostics] });
  }

  #takeBack(uri: string): void {
    if (this.#reported.delete(uri)) void this.#session.connection.sendDiagnostics({ uri, diagnostics: [] });
  }
}
