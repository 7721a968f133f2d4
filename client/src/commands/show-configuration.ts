import * as vscode from 'vscode';

/** Saves a configuration file that an action has just edited, since it counts once it is saved, and shows it. */
export async function showConfiguration(uri: unknown): Promise<void> {
  if (typeof uri !== 'string') return;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  await document.save();
  await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
}
