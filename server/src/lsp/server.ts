import type { Connection } from 'vscode-languageserver';
import type { ClientFiles } from './client-files.ts';
import { fenceNotification, fenceRequest } from './fence.ts';
import type { ServerHost } from './host.ts';
import { didChange } from './notifications/did-change.ts';
import { didChangeConfiguration } from './notifications/did-change-configuration.ts';
import { didChangeWatchedFiles } from './notifications/did-change-watched-files.ts';
import { didClose } from './notifications/did-close.ts';
import { didOpen } from './notifications/did-open.ts';
import { didSave } from './notifications/did-save.ts';
import { initialized } from './notifications/initialized.ts';
import { codeAction } from './requests/code-action.ts';
import { codeActionResolve } from './requests/code-action-resolve.ts';
import { codeLens } from './requests/code-lens.ts';
import { diagnostic } from './requests/diagnostic.ts';
import { documentHighlight } from './requests/document-highlight.ts';
import { executeCommand } from './requests/execute-command.ts';
import { hover } from './requests/hover.ts';
import { initialize } from './requests/initialize.ts';
import { workspaceDiagnostic } from './requests/workspace-diagnostic.ts';
import { Session } from './session.ts';

/**
 * Wires the protocol's methods to their handlers, each behind a fence. The caller listens on the connection.
 * @param files Those that the client reads, for a host that needs them.
 */
export function attachServer(connection: Connection, host: ServerHost, files?: ClientFiles): Session {
  const session = new Session(connection, host, files);
  connection.onInitialize(fenceRequest(session, 'initialize', initialize));
  connection.onInitialized(fenceNotification(session, 'initialized', initialized));
  connection.onDidOpenTextDocument(fenceNotification(session, 'textDocument/didOpen', didOpen));
  connection.onDidChangeTextDocument(fenceNotification(session, 'textDocument/didChange', didChange));
  connection.onDidCloseTextDocument(fenceNotification(session, 'textDocument/didClose', didClose));
  connection.onDidSaveTextDocument(fenceNotification(session, 'textDocument/didSave', didSave));
  connection.onDidChangeWatchedFiles(
    fenceNotification(session, 'workspace/didChangeWatchedFiles', didChangeWatchedFiles),
  );
  connection.onDidChangeConfiguration(
    fenceNotification(session, 'workspace/didChangeConfiguration', didChangeConfiguration),
  );
  connection.languages.diagnostics.on(fenceRequest(session, 'textDocument/diagnostic', diagnostic));
  connection.languages.diagnostics.onWorkspace(fenceRequest(session, 'workspace/diagnostic', workspaceDiagnostic));
  connection.onCodeAction(fenceRequest(session, 'textDocument/codeAction', codeAction));
  connection.onCodeActionResolve(fenceRequest(session, 'codeAction/resolve', codeActionResolve));
  connection.onHover(fenceRequest(session, 'textDocument/hover', hover));
  connection.onDocumentHighlight(fenceRequest(session, 'textDocument/documentHighlight', documentHighlight));
  connection.onCodeLens(fenceRequest(session, 'textDocument/codeLens', codeLens));
  connection.onExecuteCommand(fenceRequest(session, 'workspace/executeCommand', executeCommand));
  return session;
}
