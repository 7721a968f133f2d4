import * as vscode from 'vscode';
import { documentSelector } from './document-selector.ts';
import type { ServerController, ServerState } from './server-controller.ts';

const words: Readonly<Record<Exclude<ServerState, 'running'>, string>> = {
  stopped: 'Ritual has stopped',
  starting: 'Ritual is starting',
  disabled: 'Ritual is switched off',
};

/** Shows beside the language mode whether the server runs, and how much it found in the active file. */
export class StatusItem implements vscode.Disposable {
  readonly #controller: ServerController;
  readonly #item = vscode.languages.createLanguageStatusItem('ritual.status', documentSelector(true));
  readonly #subscriptions: vscode.Disposable[];

  constructor(controller: ServerController) {
    this.#controller = controller;
    this.#item.name = 'Ritual';
    this.#subscriptions = [
      this.#item,
      controller.onDidChangeState(() => this.#update()),
      vscode.window.onDidChangeActiveTextEditor(() => this.#update()),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        const active = vscode.window.activeTextEditor?.document.uri.toString();
        if (uris.some((uri) => uri.toString() === active)) this.#update();
      }),
    ];
    this.#update();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #update(): void {
    const { state } = this.#controller;
    this.#item.busy = state === 'starting';
    if (state !== 'running') {
      this.#item.text = words[state];
      this.#item.severity =
        state === 'stopped' ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
      this.#item.command =
        state === 'stopped'
          ? { title: 'Restart', command: 'ritual.restartServer' }
          : { title: 'Show output', command: 'ritual.showOutput' };
      return;
    }
    const document = vscode.window.activeTextEditor?.document;
    this.#item.text = `Ritual: ${document ? describeFindings(document.uri) : 'no file'}`;
    this.#item.severity = vscode.LanguageStatusSeverity.Information;
    this.#item.command = { title: 'Show output', command: 'ritual.showOutput' };
  }
}

/** E.g. "1 error, 3 warnings". */
function describeFindings(uri: vscode.Uri): string {
  const diagnostics = vscode.languages.getDiagnostics(uri).filter(({ source }) => source === 'ritual');
  const count = (severity: vscode.DiagnosticSeverity, one: string, many: string): string[] => {
    const number = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    return number === 0 ? [] : [`${number} ${number === 1 ? one : many}`];
  };
  const counts = [
    ...count(vscode.DiagnosticSeverity.Error, 'error', 'errors'),
    ...count(vscode.DiagnosticSeverity.Warning, 'warning', 'warnings'),
    ...count(vscode.DiagnosticSeverity.Information, 'note', 'notes'),
    ...count(vscode.DiagnosticSeverity.Hint, 'hint', 'hints'),
  ];
  return counts.length === 0 ? 'no findings' : counts.join(', ');
}
