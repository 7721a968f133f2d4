import type { DidSaveTextDocumentParams } from 'vscode-languageserver';
import { uriOf } from '../fence.ts';
import type { Session } from '../session.ts';

/** `textDocument/didSave`: with the option `run: "onSave"` this is when a document is checked. */
export function didSave(session: Session, params: DidSaveTextDocumentParams): void {
  const document = session.documents.get(uriOf(params));
  if (document && session.options.run === 'onSave') session.checker.documentChanged(document);
}
