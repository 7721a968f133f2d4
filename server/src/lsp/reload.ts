import type { Session } from './session.ts';

/** Puts every open document into the workspace that it belongs to now. */
export function reassignDocuments(session: Session): void {
  for (const document of session.documents.values()) {
    session.assignWorkspace(document);
    session.checker.documentChanged(document);
  }
}

/**
 * Reads the configuration of every workspace again. A configuration that came or went may also have moved the root of
 * a document's workspace.
 */
export async function reloadConfigurations(session: Session): Promise<void> {
  const before = [...session.workspaces];
  reassignDocuments(session);
  await Promise.all(before.map((workspace) => session.openWorkspace(workspace)));
}
