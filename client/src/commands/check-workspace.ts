import * as vscode from 'vscode';
import type { ServerController } from '../server-controller.ts';

/** What the server answers; see its `workspace-check.ts`. */
interface Summary {
  readonly files: number;
  readonly findings: number;
  readonly unreadable: number;
  readonly isCancelled: boolean;
}

/** Checks every C file of the workspace; progress and the way to cancel are the server's. */
export async function checkWorkspace(controller: ServerController): Promise<Summary | undefined> {
  const summary = await controller.execute<Summary>('ritual.checkWorkspace');
  if (!summary) return undefined;
  const { t } = vscode.l10n;
  const parts = [
    summary.isCancelled
      ? t('Cancelled after {0} files, {1} findings.', summary.files, summary.findings)
      : t('{0} files checked, {1} findings.', summary.files, summary.findings),
  ];
  if (summary.unreadable > 0) parts.push(t('{0} files cannot be read.', summary.unreadable));
  // The command of the view's own name would hide it when it is there.
  if (summary.findings > 0) await vscode.commands.executeCommand('workbench.panel.markers.view.focus');
  vscode.window.setStatusBarMessage(`$(check) Ritual: ${parts.join(' ')}`, 10_000);
  return summary;
}

export async function clearWorkspace(controller: ServerController): Promise<void> {
  await controller.execute('ritual.clearWorkspace');
}
