import type { WorkDoneProgressServerReporter } from 'vscode-languageserver';
import type { Session } from './session.ts';
import type { IndexProgress } from './workspaces.ts';

/** How often the user is told how far it is, in milliseconds. */
const reportInterval = 100;

/** Shows the reading of a workspace's index to the user, who may end it where it is. */
export class IndexReporter implements IndexProgress {
  readonly #session: Session;
  readonly #enough = new AbortController();
  #reporter: WorkDoneProgressServerReporter | undefined;
  #isBegun = false;
  #isDone = false;
  #reportedAt = Number.NEGATIVE_INFINITY;

  constructor(session: Session) {
    this.#session = session;
  }

  get enough(): AbortSignal {
    return this.#enough.signal;
  }

  readonly onProgress = (indexed: number, total: number): void => {
    if (!this.#isBegun) void this.#begin();
    const now = performance.now();
    if (!this.#reporter || now - this.#reportedAt < reportInterval) return;
    this.#reportedAt = now;
    this.#reporter.report(Math.floor((100 * indexed) / total), `${indexed} of ${total} files`);
  };

  done(): void {
    this.#isDone = true;
    this.#reporter?.done();
    this.#reporter = undefined;
  }

  async #begin(): Promise<void> {
    this.#isBegun = true;
    const { capabilities, connection } = this.#session;
    if (!capabilities.workDoneProgress) return;
    try {
      const reporter = await connection.window.createWorkDoneProgress();
      reporter.begin('Ritual: indexing', 0, undefined, true);
      reporter.token.onCancellationRequested(() => this.#enough.abort());
      if (this.#isDone) reporter.done();
      else this.#reporter = reporter;
    } catch (error) {
      this.#session.logError('progress of the index', error);
    }
  }
}
