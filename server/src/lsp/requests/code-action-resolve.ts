import { type CodeAction, LSPErrorCodes, ResponseError } from 'vscode-languageserver';
import { LineIndex } from '../../base/line-index.ts';
import { Superseded } from '../checker.ts';
import { toTextEdit, toWorkspaceEdit } from '../conversions.ts';
import { InvalidParameters } from '../fence.ts';
import { type FixAllData, tryAllFixes } from '../fix-all.ts';
import type { Session } from '../session.ts';

/**
 * `codeAction/resolve`: the edit of a "fix all" that was chosen, for the present text, whatever it was when the action was
 * offered. An action that has all it needs is answered as it is.
 */
export async function codeActionResolve(session: Session, action: CodeAction): Promise<CodeAction> {
  const data: unknown = action?.data;
  if (data === undefined || data === null || action.edit) return action;
  if (!isFixAllData(data)) throw new InvalidParameters('data');
  const document = session.documents.get(data.uri);
  if (!document?.workspace) throw new InvalidParameters(`data: ${data.uri} is not an open C document`);
  try {
    const checked = await session.checker.check(document);
    const edits = await tryAllFixes(document, checked, data.rule);
    const lines = new LineIndex(checked.report.text);
    const textEdits = edits.map((edit) => toTextEdit(lines, edit));
    return { ...action, edit: toWorkspaceEdit(session, document, textEdits) };
  } catch (error) {
    if (!(error instanceof Superseded)) throw error;
    throw new ResponseError(LSPErrorCodes.ContentModified, 'the text changed while its repairs were tried');
  }
}

function isFixAllData(data: unknown): data is FixAllData {
  if (typeof data !== 'object' || data === null) return false;
  const { uri, rule } = data as Record<string, unknown>;
  return typeof uri === 'string' && (rule === undefined || typeof rule === 'string');
}
