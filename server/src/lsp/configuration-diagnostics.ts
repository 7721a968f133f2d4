import { type Diagnostic, DiagnosticSeverity } from 'vscode-languageserver';
import { type ConfigurationProblem, parseConfiguration } from '../workspace/configuration-text.ts';
import type { OpenDocument } from './document.ts';
import { uriOfFile } from './document-uri.ts';
import type { Session } from './session.ts';
import type { EditorWorkspace } from './workspaces.ts';

/** The configuration files that have diagnostics now, so that they can be taken back. */
const reported = new WeakMap<EditorWorkspace, string>();

/** True for a configuration file that the client has open, of any folder. */
export function isConfigurationDocument(document: OpenDocument): boolean {
  return /(?:^|[\\/])\.ritual\.jsonc$/.test(document.file);
}

/** What is wrong with the text of a configuration that is being edited. */
export function configurationDiagnostics(text: string): Diagnostic[] {
  return parseConfiguration(text).problems.map(toDiagnostic);
}

/**
 * Shows what is wrong with a workspace's configuration, in the file itself, while the file is not open: then it is not
 * one of the documents that a client would pull for.
 */
export function publishConfigurationErrors(session: Session, workspace: EditorWorkspace): void {
  const error = workspace.configurationError;
  const previous = reported.get(workspace);
  if (previous && previous !== error?.file) {
    sendDiagnostics(session, previous, []);
    reported.delete(workspace);
  }
  if (!error) return;
  reported.set(workspace, error.file);
  session.connection.console.error(error.message);
  sendDiagnostics(session, error.file, error.problems.map(toDiagnostic));
}

/** A configuration file was opened, edited or closed: the client's text counts for its diagnostics, then the disk's. */
export function configurationDocumentChanged(session: Session, document: OpenDocument): void {
  const { uri, file } = document;
  if (!document.isOpen) {
    const error = [...session.workspaces].find((workspace) => workspace.configurationError?.file === file);
    const problems = error?.configurationError?.problems ?? [];
    void session.connection.sendDiagnostics({ uri, diagnostics: problems.map(toDiagnostic) });
    return;
  }
  // What was pushed while the file was closed would stand beside what is pulled from now on.
  const diagnostics = session.capabilities.pullDiagnostics ? [] : configurationDiagnostics(document.text);
  void session.connection.sendDiagnostics({ uri, version: document.version, diagnostics });
}

function sendDiagnostics(session: Session, file: string, diagnostics: Diagnostic[]): void {
  const isOpen = [...session.documents.values()].some((document) => document.file === file);
  if (!isOpen) void session.connection.sendDiagnostics({ uri: uriOfFile(file), diagnostics });
}

function toDiagnostic({ line, column, endLine, endColumn, message }: ConfigurationProblem): Diagnostic {
  return {
    range: {
      start: { line: line - 1, character: column - 1 },
      end: { line: endLine - 1, character: endColumn - 1 },
    },
    severity: DiagnosticSeverity.Error,
    source: 'ritual',
    message: `${message} (the last good configuration stays in force)`,
  };
}
