import * as vscode from 'vscode';

export interface Settings {
  readonly enable: boolean;
  readonly checkHeaders: boolean;
  readonly codeLens: boolean;
  readonly fadeUnchecked: boolean;
  readonly run: 'onType' | 'onSave';
}

/** The settings that decide what the client sends, which it cannot change while it runs. */
export const settingsOfServer = [
  'ritual.enable',
  'ritual.checkHeadersOpenedAsCpp',
  'ritual.codeLens',
  'ritual.fadeUncheckedCode',
  'ritual.run',
];

export function readSettings(): Settings {
  const configuration = vscode.workspace.getConfiguration('ritual');
  return {
    enable: configuration.get('enable', true),
    run: configuration.get('run', 'onType'),
    fadeUnchecked: configuration.get('fadeUncheckedCode', true),
    codeLens: configuration.get('codeLens', false),
    checkHeaders: configuration.get('checkHeadersOpenedAsCpp', true),
  };
}
