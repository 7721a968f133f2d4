import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';

interface Parameters {
  readonly uri: string;
}

/**
 * Answers the server's requests for files that it cannot read itself: those of virtual workspaces, and in a browser all.
 * What cannot be read is answered with nothing; the server decides whether that matters.
 */
export function serveFiles(client: BaseLanguageClient): void {
  client.onRequest('ritual/readFile', async ({ uri }: Parameters): Promise<string | null> => {
    try {
      return encodeBase64(await vscode.workspace.fs.readFile(vscode.Uri.parse(uri, true)));
    } catch {
      return null;
    }
  });
  client.onRequest('ritual/readFolder', async ({ uri }: Parameters) => {
    try {
      const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.parse(uri, true));
      // A link to a folder may lead back to where it stands.
      return entries
        .filter(([, type]) => type === vscode.FileType.Directory || (type & vscode.FileType.File) !== 0)
        .map(([name, type]) => ({ name, isFolder: type === vscode.FileType.Directory }));
    } catch {
      return [];
    }
  });
}

/** In pieces, since a call has a limited number of arguments. */
function encodeBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 0x2000)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 0x2000)));
  return btoa(pieces.join(''));
}
