import type { DidOpenTextDocumentParams } from 'vscode-languageserver';
import { configurationDocumentChanged, isConfigurationDocument } from '../configuration-diagnostics.ts';
import { OpenDocument } from '../document.ts';
import { InvalidParameters, uriOf } from '../fence.ts';
import type { Session } from '../session.ts';
import { closeDocument } from './did-close.ts';

/** `textDocument/didOpen`: from now on the client's text counts, not the disk's. */
export function didOpen(session: Session, params: DidOpenTextDocumentParams): void {
  const uri = uriOf(params);
  const { languageId, version, text } = params.textDocument;
  if (typeof text !== 'string') throw new InvalidParameters('textDocument.text');
  // A client that lost count may open a document twice; the later text is the true one.
  closeDocument(session, uri);
  const document = new OpenDocument(uri, String(languageId ?? ''), Number.isInteger(version) ? version : 0, text);
  session.documents.set(uri, document);
  session.assignWorkspace(document);
  session.checker.documentChanged(document);
  session.findings.documentOpened(document);
  if (isConfigurationDocument(document)) configurationDocumentChanged(session, document);
}
