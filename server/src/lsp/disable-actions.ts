import { type CodeAction, CodeActionKind, TextDocumentEdit, type WorkspaceEdit } from 'vscode-languageserver';
import { LineIndex } from '../base/line-index.ts';
import { fileSuppressionEdit } from '../rules/file-suppression.ts';
import { disableRuleEdits } from '../workspace/configuration-edit.ts';
import { showConfigurationCommand } from './client-commands.ts';
import { toTextEdit, toWorkspaceEdit } from './conversions.ts';
import type { OpenDocument } from './document.ts';
import { isUntitled, uriOfFile } from './document-uri.ts';
import type { Session } from './session.ts';
import { suppressionReason } from './suppression-actions.ts';

/** The actions that silence a rule in the whole file, and in the whole project. */
export function disableActions(
  session: Session,
  document: OpenDocument,
  text: string,
  lines: LineIndex,
  rule: string,
): CodeAction[] {
  const actions: CodeAction[] = [];
  const inFile = fileSuppressionEdit(text, rule, suppressionReason);
  if (inFile) {
    actions.push({
      title: `Ignore ${rule} in this file`,
      kind: CodeActionKind.QuickFix,
      edit: toWorkspaceEdit(session, document, [toTextEdit(lines, inFile)]),
    });
  }
  return [...actions, ...disableInProject(session, document, rule)];
}

/** Switches a rule off in the configuration of the document's workspace, which is created when there is none. */
function disableInProject(session: Session, document: OpenDocument, rule: string): CodeAction[] {
  const file = configurationFileOf(session, document);
  if (file === undefined) return [];
  const uri = uriOfFile(file);
  const open = session.documents.get(uri);
  const text = open?.text ?? session.host.readText(file);
  const edits = disableRuleEdits(text ?? '', rule);
  if (!edits || edits.length === 0) return [];
  const lines = new LineIndex(text ?? '');
  const textEdits = edits.map((edit) => toTextEdit(lines, edit));
  let edit: WorkspaceEdit;
  if (text === undefined) {
    if (!session.capabilities.createdFiles) return [];
    const create = { kind: 'create' as const, uri, options: { ignoreIfExists: true } };
    edit = { documentChanges: [create, TextDocumentEdit.create({ uri, version: null }, textEdits)] };
  } else if (session.capabilities.versionedEdits) {
    const version = open?.version ?? null;
    edit = { documentChanges: [TextDocumentEdit.create({ uri, version }, textEdits)] };
  } else {
    edit = { changes: { [uri]: textEdits } };
  }
  const title = `Switch ${rule} off in this project (${text === undefined ? 'creates ' : ''}.ritual.jsonc)`;
  const action: CodeAction = { title, kind: CodeActionKind.QuickFix, edit };
  // The configuration counts once it is saved, which only the client can do; it also shows what was changed.
  if (session.options.commands.includes(showConfigurationCommand)) {
    action.command = { title: 'Show the configuration', command: showConfigurationCommand, arguments: [uri] };
  }
  return [action];
}

/** The path of the configuration that is, or would be, in force for a document. */
function configurationFileOf(session: Session, document: OpenDocument): string | undefined {
  const root = document.workspace?.root;
  if (!root || isUntitled(document.uri)) return undefined;
  return session.host.configurationFileIn(root);
}
