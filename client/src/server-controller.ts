import * as vscode from 'vscode';
import {
  type BaseLanguageClient,
  ExecuteCommandRequest,
  type LanguageClientOptions,
  State,
} from 'vscode-languageclient';
import { configurationSelector, documentSelector } from './document-selector.ts';
import { serveFiles } from './files.ts';
import { rulePageHoverLink, rulePageLink } from './rule-pages.ts';
import { readSettings, type Settings, settingsOfServer } from './settings.ts';

/** The commands that the server may put into its answers, since this client runs them. */
const clientCommands = [
  'ritual.showRulePage',
  'ritual.showPath',
  'ritual.showPlaces',
  'ritual.showConfiguration',
  'ritual.checkWorkspace',
  'ritual.clearWorkspace',
  'ritual.debugInformation',
];

/** Makes a client and its server, which runs in a process on the desktop and in a worker in a browser. */
export type ClientFactory = (context: vscode.ExtensionContext, options: LanguageClientOptions) => BaseLanguageClient;

/** How much of a document is understood. */
export interface CheckedHealth {
  readonly uri: string;
  readonly functions: number;
  readonly functionsWithErrors: number;
  readonly functionsIncomplete: number;
}

export type ServerState = 'stopped' | 'starting' | 'running' | 'disabled';

/** Starts, stops and restarts the server, and says how it is. */
export class ServerController implements vscode.Disposable {
  readonly output = vscode.window.createOutputChannel('Ritual', { log: true });
  readonly #context: vscode.ExtensionContext;
  readonly #stateChanged = new vscode.EventEmitter<ServerState>();
  readonly #checked = new vscode.EventEmitter<CheckedHealth>();
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly #createClient: ClientFactory;
  #client: BaseLanguageClient | undefined;
  #state: ServerState = 'stopped';
  /** Starts and stops run one after the other: a client that is told to stop while it starts throws. */
  #pending: Promise<void> = Promise.resolve();

  readonly onDidChangeState = this.#stateChanged.event;
  /** Told after every check of an open document. */
  readonly onDidCheck = this.#checked.event;

  constructor(context: vscode.ExtensionContext, createClient: ClientFactory) {
    this.#context = context;
    this.#createClient = createClient;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** True for a document that the server looks at. */
  isServed(document: vscode.TextDocument): boolean {
    return vscode.languages.match(documentSelector(readSettings().checkHeaders), document) > 0;
  }

  /** Starts the server with the first C document: a window without one must not pay for it. */
  startWhenNeeded(): void {
    this.#subscriptions.push(
      vscode.workspace.onDidOpenTextDocument((document) => this.#startFor([document])),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (settingsOfServer.some((name) => event.affectsConfiguration(name))) void this.restart();
      }),
    );
    this.#subscriptions.push(
      vscode.window.tabGroups.onDidChangeTabs(({ opened }) => {
        for (const { input } of opened) this.#forgetPushed(uriOfTab(input));
      }),
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const { document } of editors) this.#forgetPushed(document.uri);
      }),
    );
    let selector = JSON.stringify(documentSelector(true));
    this.#subscriptions.push(
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        // A folder on another file system: its documents are not sent to a client that began before.
        if (this.#client && selector !== JSON.stringify(documentSelector(true))) void this.restart();
        selector = JSON.stringify(documentSelector(true));
      }),
    );
    this.#startFor(vscode.workspace.textDocuments);
  }

  #startFor(documents: readonly vscode.TextDocument[]): void {
    if (!this.#client && documents.some((document) => this.isServed(document))) void this.start();
  }

  /** The client pulls for what is looked at: what was pushed for it before would stand beside that. */
  #forgetPushed(uri: vscode.Uri | undefined): void {
    if (uri) this.#client?.diagnostics?.delete(uri);
  }

  start(): Promise<void> {
    return this.#enqueue(async () => {
      if (this.#client) return;
      const settings = readSettings();
      if (!settings.enable) {
        this.#setState('disabled');
        return;
      }
      this.#client = this.#createClient(this.#context, this.#optionsFor(settings));
      serveFiles(this.#client);
      this.#client.onNotification('ritual/health', (health: CheckedHealth) => this.#checked.fire(health));
      this.#client.onDidChangeState(({ newState }) => {
        this.#setState(newState === State.Running ? 'running' : newState === State.Stopped ? 'stopped' : 'starting');
      });
      await this.#client.start();
    });
  }

  stop(): Promise<void> {
    return this.#enqueue(async () => {
      const client = this.#client;
      this.#client = undefined;
      await client?.dispose();
      this.#setState('stopped');
    });
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Has the server run one of its commands, starting it first if need be. Undefined when it is switched off. */
  async execute<T>(command: string): Promise<T | undefined> {
    await this.start();
    return this.#client?.sendRequest(ExecuteCommandRequest.type, { command });
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#stateChanged.dispose();
    this.#checked.dispose();
    this.output.dispose();
  }

  #optionsFor({ checkHeaders, codeLens, fadeUnchecked, run }: Settings): LanguageClientOptions {
    return {
      documentSelector: [...documentSelector(checkHeaders), ...configurationSelector()],
      outputChannel: this.output,
      // The protocol leaves it to the client when to pull; without this, VS Code would pull when a file is opened only.
      diagnosticPullOptions: { onChange: run === 'onType', onSave: run === 'onSave' },
      // Links open the bundled page; `markdown` below is what permits the command in hovers.
      initializationOptions: {
        rulePageLink,
        rulePageHoverLink,
        commands: clientCommands,
        codeLens,
        fadeUnchecked,
        health: true,
        run,
        workspaceDiagnostics: false,
        files: true,
        filtersPushed: true,
        assets: vscode.Uri.joinPath(this.#context.extensionUri, 'dist').toString(),
      },
      middleware: {
        handleDiagnostics: (uri, diagnostics, next) => next(uri, isPulled(uri) ? [] : diagnostics),
      },
      markdown: { isTrusted: { enabledCommands: ['ritual.showRulePage'] } },
    };
  }

  #enqueue(action: () => Promise<void>): Promise<void> {
    this.#pending = this.#pending.then(action).catch((error) => {
      this.output.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
      this.#client = undefined;
      this.#setState('stopped');
    });
    return this.#pending;
  }

  #setState(state: ServerState): void {
    this.#state = state;
    this.#stateChanged.fire(state);
  }
}

/** What the client library takes for visible, and pulls for: what is in a tab, a comparison's right side, a peek view. */
function isPulled(uri: vscode.Uri): boolean {
  const isIt = (other: vscode.Uri | undefined): boolean => other?.toString() === uri.toString();
  const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  return (
    tabs.some(({ input }) => isIt(uriOfTab(input))) ||
    vscode.window.visibleTextEditors.some(({ document }) => isIt(document.uri))
  );
}

function uriOfTab(input: unknown): vscode.Uri | undefined {
  if (input instanceof vscode.TabInputText) return input.uri;
  return input instanceof vscode.TabInputTextDiff ? input.modified : undefined;
}
