import type { WorkspaceFoldersChangeEvent } from 'vscode-languageserver';
import { folderOfUri } from '../document-uri.ts';
import { reassignDocuments } from '../reload.ts';
import type { Session } from '../session.ts';

/** `workspace/didChangeWorkspaceFolders`: an opened folder is the workspace of what has neither configuration nor Git. */
export function didChangeWorkspaceFolders(session: Session, event: WorkspaceFoldersChangeEvent): void {
  const removed = new Set(event.removed.map((folder) => folderOfUri(folder.uri)));
  const added = event.added.map((folder) => folderOfUri(folder.uri));
  session.folders = [...session.folders.filter((folder) => !removed.has(folder)), ...added];
  reassignDocuments(session);
}
