import * as vscode from 'vscode';

export interface Settings {
  readonly enable: boolean;
  readonly checkHeaders: boolean;
}

export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration('ritual');
  return {
    enable: configuration.get('enable', true),
    checkHeaders: configuration.get('checkHeadersOpenedAsCpp', true),
  };
}
