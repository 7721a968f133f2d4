// The entry of dist/server.browser.js: the same server in a worker of a browser.
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { type Grammar, loadGrammar } from '../syntax/grammar.ts';
import { ClientFiles } from './client-files.ts';
import { attachServer } from './server.ts';
import { VirtualHost } from './virtual-host.ts';

const scope = self as DedicatedWorkerGlobalScope;
const connection = createConnection(new BrowserMessageReader(scope), new BrowserMessageWriter(scope));
const files = new ClientFiles(connection);
const session = attachServer(connection, new VirtualHost(files, loadBundledGrammar), files);
connection.onShutdown(() => session.checker.dispose());
connection.listen();

/** From beside this bundle, through the client: the worker itself asks nobody for anything. */
async function loadBundledGrammar(): Promise<Grammar> {
  const { assets } = session.options;
  const read = async (name: string): Promise<Uint8Array> => {
    const bytes = await files.readFile(`${assets}/${name}`);
    if (!bytes) throw new Error(`cannot read ${name}, a part of the extension`);
    return bytes;
  };
  const [runtime, grammar] = await Promise.all([read('web-tree-sitter.wasm'), read('tree-sitter-c.wasm')]);
  return loadGrammar({ runtime, grammar });
}
