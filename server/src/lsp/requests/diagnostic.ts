import {
  type DocumentDiagnosticParams,
  type DocumentDiagnosticReport,
  DocumentDiagnosticReportKind,
  LSPErrorCodes,
  ResponseError,
} from 'vscode-languageserver';
import { Superseded } from '../checker.ts';
import { configurationDiagnostics, isConfigurationDocument } from '../configuration-diagnostics.ts';
import { checkedDocumentOf } from '../fence.ts';
import type { Session } from '../session.ts';

/** `textDocument/diagnostic`: the diagnostics of a document's present version, or word that they are unchanged. */
export async function diagnostic(
  session: Session,
  params: DocumentDiagnosticParams,
): Promise<DocumentDiagnosticReport> {
  const document = checkedDocumentOf(session, params);
  if (!document) {
    const other = session.documents.get(params.textDocument.uri);
    const items = other && isConfigurationDocument(other) ? configurationDiagnostics(other.text) : [];
    return { kind: DocumentDiagnosticReportKind.Full, items };
  }
  try {
    const { resultId, diagnostics } = await session.checker.checkFirst(document);
    session.checker.told(document, resultId);
    return params.previousResultId === resultId
      ? { kind: DocumentDiagnosticReportKind.Unchanged, resultId }
      : { kind: DocumentDiagnosticReportKind.Full, resultId, items: diagnostics };
  } catch (error) {
    if (!(error instanceof Superseded)) throw error;
    // The client asks again after its next change or, told so, at once.
    throw new ResponseError(LSPErrorCodes.ServerCancelled, 'a newer version came', { retriggerRequest: true });
  }
}
