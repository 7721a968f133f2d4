// The entry of dist/client.browser.js, for browsers: the server is a worker.
import { type ExtensionContext, Uri } from 'vscode';
import { LanguageClient } from 'vscode-languageclient/browser';
import { activateExtension, deactivateExtension } from './extension.ts';

export function activate(context: ExtensionContext): void {
  activateExtension(context, ({ extensionUri }, options) => {
    const script = Uri.joinPath(extensionUri, 'dist/server.browser.js');
    return new LanguageClient('ritual', 'Ritual', new Worker(script.toString(true)), options);
  });
}

export function deactivate(): Promise<void> {
  return deactivateExtension();
}
