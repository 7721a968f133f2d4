import { URI } from 'vscode-uri';

/**
 * The name by which a project knows a document: the path of a file on disk, and the URI itself of anything else
 * (an untitled document, a file in a virtual workspace). Never throws: a client may send any text.
 */
export function fileOfUri(uri: string): string {
  try {
    const parsed = URI.parse(uri, true);
    return parsed.scheme === 'file' ? parsed.fsPath : uri;
  } catch {
    return uri;
  }
}

/** The same for a folder: the top of a virtual file system comes with or without its slash, and goes without. */
export function folderOfUri(uri: string): string {
  const folder = fileOfUri(uri);
  return isVirtual(folder) ? folder.replace(/\/$/, '') : folder;
}

/** True for the name of a document that is no file on disk. */
export function isVirtual(file: string): boolean {
  return /^[a-z][a-z0-9+.-]+:/i.test(file);
}

/** The URI of what `fileOfUri` named. */
export function uriOfFile(file: string): string {
  return isVirtual(file) ? file : URI.file(file).toString();
}

/** True for a document that was never saved anywhere. */
export function isUntitled(uri: string): boolean {
  return uri.startsWith('untitled:');
}
