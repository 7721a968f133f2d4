// The entry of dist/client.js, for the desktop and remote machines: the server is a process of its own.
import type { ExtensionContext } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { activateExtension, deactivateExtension } from './extension.ts';
import { CheckTasks } from './tasks.ts';

export function activate(context: ExtensionContext): void {
  context.subscriptions.push(new CheckTasks(context.asAbsolutePath('dist/cli.js')).register());
  activateExtension(context, (_, options) => {
    const module = context.asAbsolutePath('dist/server.js');
    // The client restarts a server that crashed, up to four times in three minutes, and sends it every open document.
    return new LanguageClient('ritual', 'Ritual', { module, transport: TransportKind.stdio }, options);
  });
}

export function deactivate(): Promise<void> {
  return deactivateExtension();
}
