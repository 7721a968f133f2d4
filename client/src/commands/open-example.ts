import * as vscode from 'vscode';

/** Opens a small program with findings as a new document, so that nothing of the user's is touched. */
export async function openExample(extensionUri: vscode.Uri): Promise<void> {
  const uri = vscode.Uri.joinPath(extensionUri, 'client/walkthrough/example.c');
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  const document = await vscode.workspace.openTextDocument({ language: 'c', content });
  await vscode.window.showTextDocument(document, { preview: false });
}
