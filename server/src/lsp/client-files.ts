import type { Connection } from 'vscode-languageserver';
import { URI } from 'vscode-uri';

/** Requests of the server to our own extension, which reads what lies behind any URI that the editor can open. */
const readFileRequest = 'ritual/readFile';
const readFolderRequest = 'ritual/readFolder';

export interface FolderEntry {
  readonly name: string;
  readonly isFolder: boolean;
}

/** The files of virtual workspaces, and those of the extension itself where there is no disk. */
export class ClientFiles {
  readonly #connection: Connection;
  /** Set when the client said that it answers; no other client is asked. */
  isServed = false;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The content behind a URI, or undefined when there is none or it cannot be read. */
  async readFile(uri: string): Promise<Uint8Array | undefined> {
    const content = await this.#ask<string>(readFileRequest, uri);
    return typeof content === 'string' ? decodeBase64(content) : undefined;
  }

  /** The entries of a folder; none when it cannot be read. */
  async readFolder(uri: string): Promise<readonly FolderEntry[]> {
    const entries = await this.#ask<FolderEntry[]>(readFolderRequest, withPath(uri));
    return Array.isArray(entries) ? entries.filter((entry) => typeof entry?.name === 'string') : [];
  }

  async #ask<T>(method: string, uri: string): Promise<T | undefined> {
    if (!this.isServed) return undefined;
    try {
      return await this.#connection.sendRequest<T>(method, { uri });
    } catch {
      // A connection that ended, or a file that went away meanwhile.
      return undefined;
    }
  }
}

/** The top of a file system, which the server knows without a slash, has the path "/". */
function withPath(uri: string): string {
  const parsed = URI.parse(uri);
  return (parsed.path === '' ? parsed.with({ path: '/' }) : parsed).toString();
}

/** Base64, because the protocol carries JSON: it is the same over a pipe and to a worker. */
function decodeBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
