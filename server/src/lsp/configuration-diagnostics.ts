import { DiagnosticSeverity } from 'vscode-languageserver';
import { uriOfFile } from './document-uri.ts';
import type { Session } from './session.ts';
import type { EditorWorkspace } from './workspaces.ts';

/** The configuration files that have diagnostics now, so that they can be taken back. */
const reported = new WeakMap<EditorWorkspace, string>();

/**
 * Shows what is wrong with a workspace's configuration, in the file itself. Pushed to every client: the file is not one
 * of the documents that a client would pull for.
 */
export function publishConfigurationErrors(session: Session, workspace: EditorWorkspace): void {
  const error = workspace.configurationError;
  const previous = reported.get(workspace);
  if (previous && previous !== error?.file) {
    void session.connection.sendDiagnostics({ uri: uriOfFile(previous), diagnostics: [] });
    reported.delete(workspace);
  }
  if (!error) return;
  reported.set(workspace, error.file);
  session.connection.console.error(error.message);
  const diagnostics = error.problems.map(({ line, column, message }) => ({
    // To the end of the line: editors clamp.
    range: { start: { line: line - 1, character: column - 1 }, end: { line: line - 1, character: 2 ** 31 - 1 } },
    severity: DiagnosticSeverity.Error,
    source: 'ritual',
    message: `${message} (the last good configuration stays in force)`,
  }));
  void session.connection.sendDiagnostics({ uri: uriOfFile(error.file), diagnostics });
}
