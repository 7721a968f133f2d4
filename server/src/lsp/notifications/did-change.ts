import type { DidChangeTextDocumentParams } from 'vscode-languageserver';
import { configurationDocumentChanged, isConfigurationDocument } from '../configuration-diagnostics.ts';
import { InvalidParameters, isRange, uriOf } from '../fence.ts';
import type { Session } from '../session.ts';

/** `textDocument/didChange`: applies the changes one after the other, each to the result of the one before. */
export function didChange(session: Session, params: DidChangeTextDocumentParams): void {
  const document = session.documents.get(uriOf(params));
  if (!document) throw new Error(`change of ${uriOf(params)}, which is not open`);
  const changes = params.contentChanges;
  if (!Array.isArray(changes)) throw new InvalidParameters('contentChanges');
  const { version } = params.textDocument;
  const { workspace } = document;
  workspace?.touch();
  if (workspace) workspace.editedAt = performance.now();
  for (const change of changes) {
    // Half a change would put every later edit at a wrong place; without this one the next whole text mends it.
    const isWellFormed =
      typeof change?.text === 'string' && (!('range' in change) || change.range == null || isRange(change.range));
    if (!isWellFormed) {
      session.logError('textDocument/didChange', new InvalidParameters('a content change'));
      continue;
    }
    const edit = document.applyChange(change, document.version);
    workspace?.project?.changeDocument(document.file, edit);
  }
  document.setVersion(Number.isInteger(version) ? version : document.version + 1);
  if (session.options.run === 'onType') session.checker.documentChanged(document);
  if (isConfigurationDocument(document)) configurationDocumentChanged(session, document);
}
