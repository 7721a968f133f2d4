import { type Diagnostic, DiagnosticRefreshRequest } from 'vscode-languageserver';
import type { FileHealth, FileReport } from '../workspace/file-report.ts';
import { nextTurn } from '../workspace/pauses.ts';
import { warmUp } from '../workspace/warm-up.ts';
import { toDiagnostics } from './conversions.ts';
import type { OpenDocument } from './document.ts';
import type { Session } from './session.ts';
import { uncheckedDiagnostics } from './unchecked-branches.ts';
import type { EditorWorkspace } from './workspaces.ts';

/**
 * How many times the event loop turns before an edited document is checked: a burst of changes that arrived together is taken for
 * one. A timer's least delay is longer than all that an edit outside of functions costs.
 */
const coalescingTurns = 3;

/**
 * How long nobody must have typed before functions that no edit touched are analysed again, in milliseconds: hands that
 * type come back sooner, and find the processor free.
 */
const restingTime = 100;

/** How long the client must be idle before the other documents of a workspace are checked again, in milliseconds. */
const backgroundDelay = 250;

/** Texts longer than this, in UTF-16 code units, are data in disguise and are not checked; the command line's limit. */
const maximumTextLength = 32 * 1024 * 1024;

/** The result of a check, ready to be sent. */
export interface CheckedDocument {
  readonly version: number;
  /** The workspace's revision at the check's beginning; a later change makes the result stale. */
  readonly revision: number;
  readonly report: FileReport;
  readonly diagnostics: Diagnostic[];
  /** Equal for equal diagnostics, so that a pulling client can be told "unchanged". */
  readonly resultId: string;
  /** False while functions that nobody touched are being analysed again: they show what was found in them before. */
  readonly isComplete: boolean;
}

export interface RunningCheck {
  readonly revision: number;
  readonly result: Promise<CheckedDocument>;
  /** What can be said at once; the result itself where that takes no longer. */
  readonly first: Promise<CheckedDocument>;
  /** Somebody waits for the result: the check does not rest. */
  readonly hurry: () => void;
}

/** A newer version came, or the document was closed, before its check ended. */
export class Superseded extends Error {}

/** Decides when documents are checked, drops what is stale, and pushes to clients that do not pull. */
export class Checker {
  readonly #session: Session;
  /** Edited documents that wait to be checked, each with a token of its last edit. */
  readonly #edited = new Map<OpenDocument, symbol>();
  readonly #idle = new Map<EditorWorkspace, NodeJS.Timeout>();
  /** What a client that does not pull was told last, by document. */
  readonly #pushed = new WeakMap<OpenDocument, CheckedDocument>();
  /** What a client that pulls was answered last: the identifier of the result, by document. */
  readonly #told = new WeakMap<OpenDocument, string>();
  /** What was found last, complete or not, by document. */
  readonly #latest = new WeakMap<OpenDocument, CheckedDocument>();
  #lastResultId = 0;
  #isWarm = false;

  constructor(session: Session) {
    this.#session = session;
  }

  /** The result for the document's present version, shared by all who ask for it. Rejects with Superseded. */
  check(document: OpenDocument): Promise<CheckedDocument> {
    return this.#result(document, ({ result, hurry }) => {
      hurry();
      return result;
    });
  }

  /** As `check`, for whoever has time until the hands rest. */
  checkAtLeisure(document: OpenDocument): Promise<CheckedDocument> {
    return this.#result(document, ({ result }) => result);
  }

  /** As `check`, but what can be said at once. */
  checkFirst(document: OpenDocument): Promise<CheckedDocument> {
    return this.#result(document, ({ first }) => first);
  }

  async #result(
    document: OpenDocument,
    wanted: (running: RunningCheck) => Promise<CheckedDocument>,
  ): Promise<CheckedDocument> {
    const { version } = document;
    for (;;) {
      const { workspace } = document;
      if (!workspace || document.version !== version) throw new Superseded();
      if (!workspace.opened) await workspace.available;
      while (workspace.trial) await workspace.trial;
      if (document.workspace !== workspace || document.version !== version) continue;
      const { revision } = workspace;
      if (document.checked?.revision === revision) return document.checked;
      if (document.running?.revision !== revision) {
        document.running = this.#start(document, workspace);
      }
      try {
        return await wanted(document.running);
      } catch (error) {
        // Another document or a file changed: what was read is stale, and this version is checked anew.
        if (workspace.revision === revision) throw error;
      }
    }
  }

  #start(document: OpenDocument, workspace: EditorWorkspace): RunningCheck {
    const { revision } = workspace;
    let isFirst: (checked: CheckedDocument) => void = () => {};
    const provisional = new Promise<CheckedDocument>((resolve) => (isFirst = resolve));
    let hurry: () => void = () => {};
    const hurried = new Promise<void>((resolve) => (hurry = resolve));
    const result = this.#run(document, workspace, (checked) => {
      isFirst(checked);
      return this.#rest(workspace, hurried);
    });
    const first = Promise.race([provisional, result]);
    // Whoever waits for one of the two hears of an error.
    first.catch(() => {});
    result.catch(() => {});
    return { revision, result, first, hurry };
  }

  /** Settles when nobody types any more, when somebody waits for the result, or when the check has become stale. */
  async #rest({ editedAt, signal }: EditorWorkspace, hurried: Promise<void>): Promise<void> {
    const left = editedAt + restingTime - performance.now();
    if (left <= 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, left);
      signal.addEventListener('abort', end);
      void hurried.then(end);
    });
  }

  async #run(
    document: OpenDocument,
    workspace: EditorWorkspace,
    onFirst: (checked: CheckedDocument) => Promise<void>,
  ): Promise<CheckedDocument> {
    const { revision, signal } = workspace;
    const { version, text } = document;
    const finish = (report: FileReport, isComplete: boolean): CheckedDocument => {
      signal.throwIfAborted();
      const diagnostics = toDiagnostics(this.#session, workspace, report);
      if (this.#session.options.fadeUnchecked && workspace.project) {
        // Behind those of the findings, which go by their number.
        diagnostics.push(...uncheckedDiagnostics(report.text, workspace.project.uncheckedBranches(report.file)));
      }
      const previous = this.#latest.get(document);
      const isUnchanged = previous && JSON.stringify(previous.diagnostics) === JSON.stringify(diagnostics);
      const resultId = isUnchanged ? previous.resultId : `${++this.#lastResultId}`;
      const checked = { version, revision, report, diagnostics, resultId, isComplete };
      this.#latest.set(document, checked);
      return checked;
    };
    const report = await this.#report(document, workspace, text, signal, (before) => onFirst(finish(before, false)));
    document.checked = finish(report, true);
    document.running = undefined;
    this.#tellHealth(document, report.health);
    return document.checked;
  }

  /** For the status item of a client that asks for it. */
  #tellHealth({ uri }: OpenDocument, health: FileHealth): void {
    if (this.#session.options.health)
      void this.#session.connection.sendNotification('ritual/health', { uri, ...health });
  }

  async #report(
    document: OpenDocument,
    workspace: EditorWorkspace,
    text: string,
    signal: AbortSignal,
    onFirst: (report: FileReport) => Promise<void>,
  ): Promise<FileReport> {
    const { file } = document;
    const empty: FileReport = {
      file,
      text,
      findings: [],
      silenced: { suppressed: 0, baselined: 0, gone: 0 },
      health: { functions: 0, functionsWithErrors: 0, functionsIncomplete: 0 },
    };
    // Without a project the reason is in the log already.
    if (!workspace.project || text.length > maximumTextLength) return empty;
    try {
      return await workspace.project.check(file, signal, onFirst);
    } catch (error) {
      if (signal.aborted) throw error;
      // Old findings would stand at wrong places, so a check that failed finds nothing; the log says why.
      this.#session.logError(`checking ${file}`, error);
      return empty;
    }
  }

  /** A document was opened or edited: it is checked at once, the others of its workspace when the client is idle. */
  documentChanged(document: OpenDocument): void {
    if (!document.workspace) return;
    if (!this.#session.capabilities.pullDiagnostics) void this.#pushSoon(document);
    this.#checkWhenIdle(document.workspace);
  }

  async #pushSoon(document: OpenDocument): Promise<void> {
    const edit = Symbol(document.uri);
    this.#edited.set(document, edit);
    for (let turn = 0; turn < coalescingTurns; turn++) {
      await nextTurn();
      if (this.#edited.get(document) !== edit) return;
    }
    this.#edited.delete(document);
    await this.#push(document);
  }

  /** Something other than one document's text changed: every open document of the workspace may have new findings. */
  workspaceChanged(workspace: EditorWorkspace): void {
    this.#checkWhenIdle(workspace, 0);
  }

  documentClosed(document: OpenDocument, workspace: EditorWorkspace | undefined): void {
    this.#edited.delete(document);
    if (this.#pushed.get(document)?.diagnostics.length) {
      void this.#session.connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
    }
    if (workspace) this.#checkWhenIdle(workspace);
  }

  /** Remembers what a pulling client knows, so that it is asked to pull again only when there is news. */
  told(document: OpenDocument, resultId: string): void {
    this.#told.set(document, resultId);
  }

  dispose(): void {
    for (const timer of this.#idle.values()) clearTimeout(timer);
    this.#edited.clear();
    this.#idle.clear();
  }

  #checkWhenIdle(workspace: EditorWorkspace, delay = backgroundDelay): void {
    clearTimeout(this.#idle.get(workspace));
    this.#idle.set(
      workspace,
      setTimeout(() => {
        this.#idle.delete(workspace);
        void this.#checkAll(workspace);
      }, delay),
    );
  }

  /** Checks the documents one after the other: whoever edits one of them meanwhile aborts at most one check. */
  async #checkAll(workspace: EditorWorkspace): Promise<void> {
    const { capabilities, connection } = this.#session;
    const { revision } = workspace;
    let hasNews = false;
    for (const document of [...workspace.documents]) {
      if (workspace.revision !== revision) {
        // Where it was an edit, the next round waits already; repairs that are tried change nothing, and begin none.
        if (!this.#idle.has(workspace)) this.#checkWhenIdle(workspace);
        return;
      }
      if (!capabilities.pullDiagnostics) {
        if (!this.#waitsForSaving(document)) await this.#push(document);
        continue;
      }
      const told = this.#told.get(document);
      try {
        const { resultId } = await this.check(document);
        if (told !== undefined && told !== resultId) hasNews = true;
      } catch (error) {
        if (!(error instanceof Superseded)) this.#session.logError('background check', error);
      }
    }
    if (hasNews && capabilities.diagnosticRefresh) {
      await connection.sendRequest(DiagnosticRefreshRequest.type).catch(() => {});
    }
    await this.#warmUp(workspace);
  }

  /** Once, when the first documents are checked and nobody types: whoever does ends it, and has begun what it is for. */
  async #warmUp({ project, signal }: EditorWorkspace): Promise<void> {
    if (this.#isWarm || !project) return;
    this.#isWarm = true;
    try {
      await warmUp(project.empty(), signal);
    } catch (error) {
      if (!signal.aborted) this.#session.logError('warming up', error);
    }
  }

  async #push(document: OpenDocument): Promise<void> {
    try {
      const first = await this.checkFirst(document);
      this.#send(document, first);
      if (!first.isComplete) this.#send(document, await this.checkAtLeisure(document));
    } catch (error) {
      if (!(error instanceof Superseded)) this.#session.logError('diagnostics', error);
    }
  }

  /** The user wants to hear of saved versions only, and was told of one before. */
  #waitsForSaving(document: OpenDocument): boolean {
    const told = this.#pushed.get(document);
    return this.#session.options.run === 'onSave' && told !== undefined && told.version !== document.version;
  }

  #send(document: OpenDocument, checked: CheckedDocument): void {
    const { version, resultId, diagnostics } = checked;
    // Between the check's end and this line the event loop may have turned.
    if (!document.isOpen || document.version !== version) return;
    const previous = this.#pushed.get(document);
    if (previous?.version === version && previous.resultId === resultId) return;
    this.#pushed.set(document, checked);
    void this.#session.connection.sendDiagnostics({ uri: document.uri, version, diagnostics });
  }
}
