import * as vscode from 'vscode';
import type { ServerController } from '../server-controller.ts';

/** Opens what a report of a mistake should hold as a new document, so that people see what they pass on. */
export async function showDebugInformation(
  controller: ServerController,
  extension: vscode.Extension<unknown>,
): Promise<void> {
  const lines = await controller.execute<string[]>('ritual.debugInformation');
  const settings = vscode.workspace.getConfiguration('ritual');
  const content = [
    `Ritual ${extension.packageJSON.version}, ${vscode.env.appName} ${vscode.version}`,
    `host: ${vscode.env.appHost}, ${vscode.env.uiKind === vscode.UIKind.Web ? 'web' : 'desktop'}, remote: ${vscode.env.remoteName ?? 'none'}`,
    `workspace trusted: ${vscode.workspace.isTrusted}, state of the server: ${controller.state}`,
    `settings: ${JSON.stringify(settings)}`,
    '',
    ...(lines ?? []),
    '',
  ].join('\n');
  const document = await vscode.workspace.openTextDocument({ language: 'plaintext', content });
  await vscode.window.showTextDocument(document, { preview: false });
}
