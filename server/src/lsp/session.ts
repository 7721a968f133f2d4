import type { Connection } from 'vscode-languageserver';
import { Checker } from './checker.ts';
import { type ResolvedCapabilities, resolveCapabilities } from './client-capabilities.ts';
import type { ClientFiles } from './client-files.ts';
import { type ClientOptions, resolveOptions } from './client-options.ts';
import { publishConfigurationErrors } from './configuration-diagnostics.ts';
import type { OpenDocument } from './document.ts';
import { folderOfUri, isUntitled, isVirtual } from './document-uri.ts';
import type { ServerHost } from './host.ts';
import { IndexReporter } from './index-reporter.ts';
import { WorkspaceFindings } from './workspace-findings.ts';
import { type EditorWorkspace, Workspaces } from './workspaces.ts';

/** The state of one client's connection. The handlers in `requests/` and `notifications/` are functions over it. */
export class Session {
  readonly connection: Connection;
  readonly host: ServerHost;
  readonly clientFiles: ClientFiles | undefined;
  /** By URI, as the client spells it. */
  readonly documents = new Map<string, OpenDocument>();
  readonly workspaces: Workspaces;
  readonly checker: Checker;
  /** Findings of files that are not open. */
  readonly findings: WorkspaceFindings;
  /** Absolute paths of the folders that the client has open. */
  folders: string[] = [];
  capabilities: ResolvedCapabilities = resolveCapabilities(undefined);
  options: ClientOptions = resolveOptions(undefined);

  constructor(connection: Connection, host: ServerHost, clientFiles?: ClientFiles) {
    this.connection = connection;
    this.host = host;
    this.clientFiles = clientFiles;
    this.checker = new Checker(this);
    this.findings = new WorkspaceFindings(this);
    this.workspaces = new Workspaces((workspace) => void this.openWorkspace(workspace));
  }

  logError(where: string, error: unknown): void {
    this.connection.console.error(`${where}: ${error instanceof Error ? (error.stack ?? error.message) : error}`);
  }

  /** Opens or reopens a workspace, then checks the documents in it. */
  async openWorkspace(workspace: EditorWorkspace): Promise<void> {
    const progress = new IndexReporter(this);
    await workspace.open(this.host, progress, (error) => this.logError(`opening ${workspace.root}`, error));
    progress.done();
    publishConfigurationErrors(this, workspace);
    // Where files are read by request, opening a workspace is what tells which folders have configurations.
    for (const document of [...workspace.documents]) {
      this.assignWorkspace(document);
      if (document.workspace !== workspace) this.checker.documentChanged(document);
    }
    this.checker.workspaceChanged(workspace);
  }

  /** The root of the workspace that a document belongs to. */
  rootOf(document: OpenDocument): string {
    const { file } = document;
    const opened = this.#openedFolderOf(file);
    if (isUntitled(file)) return this.folders[0] ?? '';
    // Outside of the opened folders nobody lists a virtual file system.
    if (isVirtual(file)) return opened === undefined ? '' : this.rootOfFile(file, opened);
    return this.rootOfFile(file, opened ?? this.host.folderOf(file));
  }

  /** The same for any file; `fallback` when neither configuration nor Git says. */
  rootOfFile(file: string, fallback: string): string {
    return this.host.workspaceRootOf(file, fallback);
  }

  /** The innermost opened folder that holds a file. */
  #openedFolderOf(file: string): string | undefined {
    return this.folders
      .filter(
        (folder) => file === folder || file.startsWith(folder.replace(/[\\/]?$/, file.includes('\\') ? '\\' : '/')),
      )
      .sort((a, b) => b.length - a.length)[0];
  }

  /**
   * True when a document is analysed as C. Editors open C headers as C++ more often than not, so a `.h` counts by its
   * folder and not by the editor's word.
   */
  isC(document: OpenDocument): boolean {
    if (document.languageId === 'c') return true;
    const isHeader = document.languageId === 'cpp' && document.file.endsWith('.h');
    return (isHeader || document.languageId === '') && this.host.isCSource(document.file);
  }

  /** Puts a document into the workspace it belongs to, which may have changed since it was opened. */
  assignWorkspace(document: OpenDocument): void {
    const workspace = this.isC(document) ? this.workspaces.at(this.rootOf(document)) : undefined;
    if (workspace === document.workspace) return;
    this.leaveWorkspace(document);
    if (!workspace) return;
    document.workspace = workspace;
    workspace.touch();
    workspace.documents.add(document);
    workspace.project?.openDocument(document.file, document.text);
  }

  leaveWorkspace(document: OpenDocument): void {
    const { workspace } = document;
    if (!workspace) return;
    workspace.touch();
    workspace.documents.delete(document);
    workspace.project?.closeDocument(document.file);
    document.workspace = undefined;
    document.checked = undefined;
    // Revisions count within a workspace: the next one may be at the same.
    document.running = undefined;
  }

  setFolders(uris: readonly string[]): void {
    this.folders = uris.map(folderOfUri);
  }
}
