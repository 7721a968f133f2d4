import type { DidChangeWatchedFilesParams } from 'vscode-languageserver';
import { FileChangeType } from 'vscode-languageserver';
import { fileOfUri } from '../document-uri.ts';
import { InvalidParameters } from '../fence.ts';
import { reloadConfigurations } from '../reload.ts';
import type { Session } from '../session.ts';
import type { EditorWorkspace } from '../workspaces.ts';

/** How many files are read before the event loop turns: a checkout may change thousands at once. */
const filesPerTurn = 20;

/** `workspace/didChangeWatchedFiles`: files changed on disk, by whatever hand. */
export async function didChangeWatchedFiles(session: Session, params: DidChangeWatchedFilesParams): Promise<void> {
  if (!Array.isArray(params?.changes)) throw new InvalidParameters('changes');
  const changed = new Map<EditorWorkspace, string[]>();
  let reload = false;
  let read = 0;
  for (const change of params.changes) {
    if (typeof change?.uri !== 'string') continue;
    const file = fileOfUri(change.uri);
    await session.host.refresh(file);
    if (/[\\/]\.ritual(?:\.jsonc|-baseline\.json)$/.test(file)) {
      reload = true;
      continue;
    }
    if (!session.host.isCSource(file)) continue;
    const text = change.type === FileChangeType.Deleted ? undefined : session.host.readText(file);
    for (const workspace of session.workspaces) {
      if (!isBelow(file, workspace.root)) continue;
      // An open document overrides the disk: saving it changes no finding, and must not cost a check.
      if (![...workspace.documents].some((document) => document.file === file)) {
        const files = changed.get(workspace);
        if (files) files.push(file);
        else {
          workspace.touch();
          changed.set(workspace, [file]);
        }
      }
      workspace.changeFile(file, text);
    }
    if (++read % filesPerTurn === 0) await new Promise((resolve) => setTimeout(resolve, 0));
  }
  for (const [workspace, files] of changed) {
    // Checks that began between two turns read half of the change.
    workspace.touch();
    session.checker.workspaceChanged(workspace);
    session.findings.filesChanged(workspace, files);
  }
  if (reload) await reloadConfigurations(session);
}

function isBelow(file: string, folder: string): boolean {
  return file.startsWith(folder) && /^[\\/]/.test(file.slice(folder.replace(/[\\/]$/, '').length));
}
