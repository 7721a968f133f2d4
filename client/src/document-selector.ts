import * as vscode from 'vscode';

/** What the editor's and the protocol's idea of a document filter have in common. */
interface DocumentFilter {
  readonly scheme: string;
  readonly language?: string;
  readonly pattern?: string;
}

/**
 * Schemes are named one by one: without them the old side of every Git comparison would be checked as well, and its
 * findings would stand twice in Problems. Those of the opened folders count, whatever file system they are on.
 */
function schemes(): string[] {
  const opened = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri.scheme);
  return [...new Set(['file', 'untitled', 'vscode-vfs', ...opened])];
}

/**
 * The documents that are sent to the server. VS Code opens every `.h` as C++; the server looks at the folder and
 * answers for those that are C.
 */
export function documentSelector(checkHeadersOpenedAsCpp: boolean): DocumentFilter[] {
  return schemes().flatMap((scheme) => [
    { scheme, language: 'c' },
    ...(checkHeadersOpenedAsCpp ? [{ scheme, language: 'cpp', pattern: '**/*.h' }] : []),
  ]);
}

/** The configuration files, whose mistakes the server shows while they are being made. */
export function configurationSelector(): DocumentFilter[] {
  return schemes().map((scheme) => ({ scheme, pattern: '**/.ritual.jsonc' }));
}
