import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface Diagnostic {
  readonly range: Range;
  readonly severity: number;
  readonly code: string;
  readonly codeDescription: { readonly href: string };
  readonly source: string;
  readonly message: string;
  readonly relatedInformation?: readonly { location: { uri: string; range: Range }; message: string }[];
}

export interface PublishedDiagnostics {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly Diagnostic[];
}

export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

export interface CodeAction {
  readonly title: string;
  readonly kind: string;
  readonly isPreferred?: boolean;
  readonly diagnostics?: readonly Diagnostic[];
  readonly command?: { command: string; arguments: unknown[] };
  readonly edit?: {
    documentChanges?: { textDocument: { uri: string; version: number }; edits: TextEdit[] }[];
    changes?: Record<string, TextEdit[]>;
  };
}

/** An error that the server answered a request with. */
export class ResponseError extends Error {
  readonly code: number;
  readonly data: unknown;

  constructor(error: { code: number; message: string; data?: unknown }) {
    super(error.message);
    this.code = error.code;
    this.data = error.data;
  }
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { code: number; message: string; data?: unknown };
}

type Answer = (message: Message) => void;

const serverPath = path.join(import.meta.dirname, '../../../dist/server.js');

/**
 * A language client that shares no code with the server or its libraries, so that a mistake in those cannot cancel
 * itself out.
 */
export class LanguageClient {
  /** Every notification that was received, in order. */
  readonly notifications: { method: string; params: unknown }[] = [];
  /** Told of every notification when it arrives. */
  onNotification: (method: string, params: unknown) => void = () => {};
  /** Every request of the server, in order; answered by `handlers`, else with null. */
  readonly requests: { method: string; params: unknown }[] = [];
  readonly handlers = new Map<string, (params: never) => unknown>();
  /** Settles with the exit code of the server's process; only for a client made by `spawn`. */
  readonly exit: Promise<number | null>;
  readonly #process: ChildProcess | undefined;
  readonly #output: Writable;
  readonly #answers = new Map<number | string, Answer>();
  readonly #waiting = new Set<() => void>();
  #received: Buffer = Buffer.alloc(0);
  #lastId = 0;

  constructor(input: Readable, output: Writable, process?: ChildProcess) {
    this.#output = output;
    this.#process = process;
    this.exit = new Promise((resolve) => {
      process?.on('exit', resolve);
    });
    input.on('data', (chunk: Buffer) => this.#receive(chunk));
  }

  /** A client of the built server in a process of its own. */
  static spawn(options: { arguments?: readonly string[]; environment?: NodeJS.ProcessEnv } = {}): LanguageClient {
    const child = spawn(process.execPath, options.arguments ?? [serverPath, '--stdio'], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...options.environment },
    });
    return new LanguageClient(child.stdout, child.stdin, child);
  }

  get processId(): number | undefined {
    return this.#process?.pid;
  }

  /** Sends bytes as they are, for what no well-behaved client sends. */
  sendRaw(text: string): void {
    this.#output.write(text);
  }

  send(message: object): void {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.#output.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#output.write(body);
  }

  notify(method: string, params: unknown): void {
    this.send({ method, params });
  }

  /** Sends a request; rejects with a ResponseError. The identifier is for cancelling it. */
  request<T>(method: string, params: unknown): Promise<T> & { id: number } {
    const id = ++this.#lastId;
    const result = new Promise<T>((resolve, reject) => {
      this.#answers.set(id, (message) =>
        message.error ? reject(new ResponseError(message.error)) : resolve(message.result as T),
      );
    });
    this.send({ id, method, params });
    return Object.assign(result, { id });
  }

  async initialize(capabilities: object = {}, parameters: object = {}): Promise<Record<string, unknown>> {
    const result = await this.request<Record<string, unknown>>('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities,
      ...parameters,
    });
    this.notify('initialized', {});
    return result;
  }

  open(uri: string, text: string, options: { version?: number; languageId?: string } = {}): void {
    const { version = 1, languageId = 'c' } = options;
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
  }

  change(uri: string, version: number, contentChanges: readonly object[]): void {
    this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
  }

  close(uri: string): void {
    this.notify('textDocument/didClose', { textDocument: { uri } });
  }

  /** What was published for a document, in order. */
  published(uri: string): PublishedDiagnostics[] {
    return this.notifications
      .filter(({ method }) => method === 'textDocument/publishDiagnostics')
      .map(({ params }) => params as PublishedDiagnostics)
      .filter((published) => published.uri === uri);
  }

  /** The latest diagnostics of that version (of any, when undefined), once they are there and satisfy the test. */
  diagnostics(
    uri: string,
    version?: number,
    test: (diagnostics: readonly Diagnostic[]) => boolean = () => true,
  ): Promise<readonly Diagnostic[]> {
    return this.until(`diagnostics of ${uri}, version ${version}`, () => {
      const latest = this.published(uri).findLast(
        (published) => version === undefined || published.version === version,
      );
      return latest && test(latest.diagnostics) ? latest.diagnostics : undefined;
    });
  }

  /** Waits until the function gives a value; it is asked after every message. */
  until<T>(what: string, probe: () => T | undefined, timeout = 15_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(ask);
        reject(new Error(`not in time: ${what}; received ${JSON.stringify(this.notifications).slice(-2000)}`));
      }, timeout);
      const ask = () => {
        const value = probe();
        if (value === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(ask);
        resolve(value);
      };
      this.#waiting.add(ask);
      ask();
    });
  }

  /** Ends the session as the protocol says, and gives the exit code. */
  async shutdown(): Promise<number | null> {
    await this.request('shutdown', undefined);
    this.notify('exit', undefined);
    return this.exit;
  }

  /** What a client does that dies. */
  endInput(): void {
    this.#output.end();
  }

  kill(): void {
    this.#process?.kill('SIGKILL');
  }

  #receive(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (;;) {
      const headerEnd = this.#received.indexOf('\r\n\r\n');
      if (headerEnd < 0) return;
      const length = /^content-length: *(\d+)/im.exec(this.#received.toString('latin1', 0, headerEnd))?.[1];
      if (!length) throw new Error(`no length in ${this.#received.toString('latin1', 0, headerEnd)}`);
      const bodyEnd = headerEnd + 4 + Number(length);
      if (this.#received.length < bodyEnd) return;
      const message = JSON.parse(this.#received.toString('utf8', headerEnd + 4, bodyEnd)) as Message;
      this.#received = this.#received.subarray(bodyEnd);
      this.#dispatch(message);
    }
  }

  #dispatch(message: Message): void {
    const { id, method, params } = message;
    if (method === undefined) {
      this.#answers.get(id!)?.(message);
      this.#answers.delete(id!);
    } else if (id === undefined) {
      this.notifications.push({ method, params });
      this.onNotification(method, params);
    } else {
      this.requests.push({ method, params });
      this.send({ id, result: this.handlers.get(method)?.(params as never) ?? null });
    }
    for (const ask of [...this.#waiting]) ask();
  }
}
