import * as vscode from 'vscode';

/** Applies every safe fix in the active file; the editor itself says so when there is none. */
export async function fixAllInFile(): Promise<void> {
  await vscode.commands.executeCommand('editor.action.sourceAction', {
    kind: 'source.fixAll.ritual',
    apply: 'first',
  });
}
