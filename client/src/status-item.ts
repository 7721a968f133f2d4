import * as vscode from 'vscode';
import { documentSelector } from './document-selector.ts';
import type { CheckedHealth, ServerController, ServerState } from './server-controller.ts';

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
  /** By URI, of documents that are open. */
  readonly #health = new Map<string, CheckedHealth>();

  constructor(controller: ServerController) {
    this.#controller = controller;
    this.#item.name = 'Ritual';
    this.#subscriptions = [
      this.#item,
      controller.onDidChangeState(() => this.#update()),
      controller.onDidCheck((health) => {
        // As VS Code writes it, whatever the server escapes.
        this.#health.set(vscode.Uri.parse(health.uri).toString(), health);
        this.#update();
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#health.delete(uri.toString())),
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
    this.#item.detail = undefined;
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
    const health = document && this.#health.get(document.uri.toString());
    this.#item.detail = health && describeHealth(health);
    this.#item.severity = vscode.LanguageStatusSeverity.Information;
    this.#item.command = { title: vscode.l10n.t('Show output'), command: 'ritual.showOutput' };
  }
}

/** E.g. "12 functions, 1 partly not understood". */
function describeHealth({ functions, functionsWithErrors, functionsIncomplete }: CheckedHealth): string {
  const { t } = vscode.l10n;
  const parts = [functions === 1 ? t('1 function') : t('{0} functions', functions)];
  if (functionsWithErrors > 0) parts.push(t('{0} partly not understood', functionsWithErrors));
  if (functionsIncomplete > 0) parts.push(t('{0} not analysed to the end', functionsIncomplete));
  return parts.join(', ');
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
