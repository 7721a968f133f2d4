import * as vscode from 'vscode';
import { documentSelector } from './document-selector.ts';
import type { ServerController, ServerState } from './server-controller.ts';

function wordFor(state: Exclude<ServerState, 'running'>): string {
  switch (state) {
    case 'stopped':
      return vscode.l10n.t('Ritual has stopped');
    case 'starting':
      return vscode.l10n.t('Ritual is starting');
    case 'disabled':
      return vscode.l10n.t('Ritual is switched off');
  }
}

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
      this.#item.text = wordFor(state);
      this.#item.severity =
        state === 'stopped' ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
      this.#item.command =
        state === 'stopped'
          ? { title: vscode.l10n.t('Restart'), command: 'ritual.restartServer' }
          : { title: vscode.l10n.t('Show output'), command: 'ritual.showOutput' };
      return;
    }
    const document = vscode.window.activeTextEditor?.document;
    this.#item.text = `Ritual: ${document ? describeFindings(document.uri) : vscode.l10n.t('no file')}`;
    this.#item.severity = vscode.LanguageStatusSeverity.Information;
    this.#item.command = { title: vscode.l10n.t('Show output'), command: 'ritual.showOutput' };
  }
}

/** The hints that fade what is not checked are no findings. */
function isFinding({ source, tags }: vscode.Diagnostic): boolean {
  return source === 'ritual' && !tags?.includes(vscode.DiagnosticTag.Unnecessary);
}

/** E.g. "1 error, 3 warnings". */
function describeFindings(uri: vscode.Uri): string {
  const diagnostics = vscode.languages.getDiagnostics(uri).filter(isFinding);
  const { t } = vscode.l10n;
  const { Error: error, Warning: warning, Information: information, Hint: hint } = vscode.DiagnosticSeverity;
  const number = (wanted: vscode.DiagnosticSeverity) =>
    diagnostics.filter(({ severity }) => severity === wanted).length;
  // Whole phrases: other languages do not put a number and a noun together as English does.
  const phrases: [number, string, (count: number) => string][] = [
    [number(error), t('1 error'), (count) => t('{0} errors', count)],
    [number(warning), t('1 warning'), (count) => t('{0} warnings', count)],
    [number(information), t('1 note'), (count) => t('{0} notes', count)],
    [number(hint), t('1 hint'), (count) => t('{0} hints', count)],
  ];
  const counts = phrases.filter(([count]) => count > 0).map(([count, one, many]) => (count === 1 ? one : many(count)));
  return counts.length === 0 ? t('no findings') : counts.join(', ');
}
