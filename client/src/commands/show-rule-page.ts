import * as vscode from 'vscode';
import { ruleById, ruleRegistry } from '../../../server/src/rules/registry.ts';
import { rulePageUri } from '../rule-pages.ts';

/** Opens the page of a rule beside the code, as rendered Markdown; asks which one when not told. */
export async function showRulePage(rule: unknown): Promise<void> {
  const id = typeof rule === 'string' && ruleById(rule) ? rule : await pickRule();
  if (id) await vscode.commands.executeCommand('markdown.showPreviewToSide', rulePageUri(id));
}

/** The rules found at the cursor come first. */
async function pickRule(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const atCursor = new Set(
    (editor ? vscode.languages.getDiagnostics(editor.document.uri) : [])
      .filter(({ source, range }) => source === 'ritual' && range.contains(editor!.selection.active))
      .map(({ code }) => (typeof code === 'object' ? code.value : code)),
  );
  const items = ruleRegistry
    .map(({ id, summary }) => ({ label: id, detail: summary }))
    .sort((a, b) => Number(atCursor.has(b.label)) - Number(atCursor.has(a.label)));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Show the page of a rule'),
    matchOnDetail: true,
  });
  return picked?.label;
}
