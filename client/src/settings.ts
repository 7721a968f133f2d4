import * as vscode from 'vscode';

export interface Settings {
  readonly enable: boolean;
  readonly checkHeaders: boolean;
  readonly codeLens: boolean;
  readonly run: 'onType' | 'onSave';
}

/** The settings that decide what the client sends, which it cannot change while it runs. */
export const settingsOfServer = ['ritual.enable', 'ritual.checkHeadersOpenedAsCpp', 'ritual.codeLens', 'ritual.run'];

export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration('ritual');
  return {
    enable: configuration.get('enable', true),
    run: configuration.get('run', 'onType'),
    codeLens: configuration.get('codeLens', false),
    checkHeaders: configuration.get('checkHeadersOpenedAsCpp', true),
  };
}
