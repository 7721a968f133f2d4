import * as vscode from 'vscode';
import { withLinksResolved } from '../../server/src/report/rule-page-url.ts';
import { ruleById } from '../../server/src/rules/registry.ts';

// VS Code opens the link of a diagnostic's code as a resource and refuses commands there, so the pages have a scheme of
// their own; the extension's manifest associates it with the Markdown preview.
const scheme = 'ritual-page';

/** The links that the server puts into diagnostics, with `{rule}` for the rule's identifier. */
export const rulePageLink = `${scheme}:/{rule}.md`;

/** The same for hovers, where VS Code permits commands but no foreign schemes. */
export const rulePageHoverLink = 'command:ritual.showRulePage?%5B%22{rule}%22%5D';

export function rulePageUri(rule: string): vscode.Uri {
  return vscode.Uri.from({ scheme, path: `/${rule}.md` });
}

/** Serves the rules' pages, which are part of the extension, as read-only documents. */
export class RulePages implements vscode.TextDocumentContentProvider {
  readonly #extensionUri: vscode.Uri;

  constructor(extensionUri: vscode.Uri) {
    this.#extensionUri = extensionUri;
  }

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    // Anybody can write such a link: only known rules become paths.
    const rule = ruleById(uri.path.replace(/^\/|\.md$/g, ''));
    if (!rule) return vscode.l10n.t('There is no rule of that name: {0}', uri.path);
    const page = vscode.Uri.joinPath(this.#extensionUri, 'server/src/rules', rule.id, 'README.md');
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(page));
    return withLinksResolved(text, rule.id, (other) => `./${other}.md`);
  }
}
