import { type CodeAction, CodeActionKind, type Diagnostic } from 'vscode-languageserver';
import type { Finding } from '../base/finding.ts';
import type { LineIndex } from '../base/line-index.ts';
import { suppressionEdit } from '../rules/suppressions.ts';
import { metadata as unusedSuppression } from '../rules/unused-suppression/metadata.ts';
import { toTextEdit, toWorkspaceEdit } from './conversions.ts';
import type { OpenDocument } from './document.ts';
import type { Session } from './session.ts';

/** Stands in the comment until the user writes why: a suppression without a reason is a question to its next reader. */
export const suppressionReason = 'why';

/** The action that silences a finding with a comment; none where no comment can stand. */
export function suppressionActions(
  session: Session,
  document: OpenDocument,
  text: string,
  lines: LineIndex,
  finding: Finding,
  diagnostic: Diagnostic,
): CodeAction[] {
  // The repair is to remove a comment, not to write another one.
  if (finding.rule === unusedSuppression.id) return [];
  const edit = suppressionEdit(text, finding, suppressionReason);
  if (!edit) return [];
  const textEdit = toTextEdit(lines, edit);
  const action: CodeAction = {
    title: `Ignore ${finding.rule} here, with a reason`,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnostic],
    edit: toWorkspaceEdit(session, document, [textEdit]),
  };
  if (session.capabilities.snippetEdits && session.capabilities.versionedEdits) {
    // The reason is selected, so that typing replaces it.
    const value = escapeSnippet(edit.newText).replace(` -- ${suppressionReason}`, ` -- \${1:${suppressionReason}}`);
    const { uri, version } = document;
    const edits = [{ range: textEdit.range, snippet: { kind: 'snippet' as const, value } }];
    action.edit = { documentChanges: [{ textDocument: { uri, version }, edits }] };
  }
  return [action];
}

function escapeSnippet(text: string): string {
  return text.replace(/[\\$}]/g, '\\$&');
}
