import type { ClientCapabilities } from 'vscode-languageserver';
import { MarkupKind, ResourceOperationKind } from 'vscode-languageserver';

/** What the server asks about its client, resolved once from the many optional members of `initialize`. */
export interface ResolvedCapabilities {
  readonly pullDiagnostics: boolean;
  readonly diagnosticRefresh: boolean;
  readonly relatedInformation: boolean;
  readonly versionedEdits: boolean;
  readonly snippetEdits: boolean;
  /** An edit may create a file. */
  readonly createdFiles: boolean;
  readonly codeActionLiterals: boolean;
  /** It asks for an action's edit when the action is chosen. */
  readonly resolvedEdits: boolean;
  readonly markdownHover: boolean;
  readonly watchedFilesRegistration: boolean;
  readonly workspaceFolders: boolean;
  readonly showDocument: boolean;
  /** The server may show the progress of something that it began. */
  readonly workDoneProgress: boolean;
}

/** Tolerates any value: what is missing or of the wrong type counts as not supported. */
export function resolveCapabilities(capabilities: ClientCapabilities | undefined): ResolvedCapabilities {
  const { textDocument, workspace, window } = capabilities ?? {};
  const hoverFormats = textDocument?.hover?.contentFormat;
  return {
    pullDiagnostics: textDocument?.diagnostic != null,
    diagnosticRefresh: workspace?.diagnostics?.refreshSupport === true,
    // Pull clients say it in one place, push clients in the other; most say both.
    relatedInformation:
      textDocument?.publishDiagnostics?.relatedInformation === true ||
      textDocument?.diagnostic?.relatedInformation === true,
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    snippetEdits: workspace?.workspaceEdit?.snippetEditSupport === true,
    createdFiles:
      workspace?.workspaceEdit?.documentChanges === true &&
      workspace.workspaceEdit.resourceOperations?.includes?.(ResourceOperationKind.Create) === true,
    codeActionLiterals: textDocument?.codeAction?.codeActionLiteralSupport != null,
    resolvedEdits:
      textDocument?.codeAction?.dataSupport === true &&
      textDocument.codeAction.resolveSupport?.properties?.includes?.('edit') === true,
    markdownHover: Array.isArray(hoverFormats) && hoverFormats.includes(MarkupKind.Markdown),
    watchedFilesRegistration: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    workDoneProgress: window?.workDoneProgress === true,
    showDocument: window?.showDocument?.support === true,
  };
}
