import type { DidCloseTextDocumentParams } from 'vscode-languageserver';
import { configurationDocumentChanged, isConfigurationDocument } from '../configuration-diagnostics.ts';
import { uriOf } from '../fence.ts';
import type { Session } from '../session.ts';

/** `textDocument/didClose`: the disk counts again. */
export function didClose(session: Session, params: DidCloseTextDocumentParams): void {
  closeDocument(session, uriOf(params));
}

/** Closes a document if it is open. */
export function closeDocument(session: Session, uri: string): void {
  const document = session.documents.get(uri);
  if (!document) return;
  const { workspace } = document;
  session.documents.delete(uri);
  document.isOpen = false;
  session.leaveWorkspace(document);
  session.checker.documentClosed(document, workspace);
  session.findings.documentClosed(document, workspace);
  if (isConfigurationDocument(document)) configurationDocumentChanged(session, document);
}
