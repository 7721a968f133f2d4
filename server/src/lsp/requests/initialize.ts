import {
  CodeActionKind,
  type InitializeParams,
  type InitializeResult,
  PositionEncodingKind,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { resolveCapabilities } from '../client-capabilities.ts';
import {
  checkWorkspaceCommand,
  clearWorkspaceCommand,
  debugInformationCommand,
  showRulePageCommand,
} from '../client-commands.ts';
import { resolveOptions } from '../client-options.ts';
import type { Session } from '../session.ts';
import { fixAllKind } from './code-action.ts';

const serverCommands = [showRulePageCommand, checkWorkspaceCommand, clearWorkspaceCommand, debugInformationCommand];

/** `initialize`: what the client can do is remembered, what the server can do is said. */
export function initialize(session: Session, params: InitializeParams): InitializeResult {
  session.capabilities = resolveCapabilities(params?.capabilities);
  session.options = resolveOptions(params?.initializationOptions);
  if (session.clientFiles) session.clientFiles.isServed = session.options.files;
  const folders = Array.isArray(params?.workspaceFolders)
    ? params.workspaceFolders.map((folder) => folder?.uri)
    : [params?.rootUri];
  session.setFolders(folders.filter((uri) => typeof uri === 'string'));
  return {
    serverInfo: { name: 'ritual', version: session.host.version },
    capabilities: {
      positionEncoding: PositionEncodingKind.UTF16,
      textDocumentSync: {
        openClose: true,
        change: TextDocumentSyncKind.Incremental,
        save: session.options.run === 'onSave',
      },
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind], resolveProvider: true },
      hoverProvider: true,
      documentHighlightProvider: true,
      ...(session.options.codeLens ? { codeLensProvider: {} } : {}),
      // A change of one file can change the findings of another: its summaries and macros do.
      diagnosticProvider: {
        identifier: 'ritual',
        interFileDependencies: true,
        workspaceDiagnostics: session.options.workspaceDiagnostics,
      },
      // A client with a command of that name has registered it itself, and must not do so twice.
      executeCommandProvider: { commands: serverCommands.filter((name) => !session.options.commands.includes(name)) },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}
