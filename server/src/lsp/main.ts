import { createConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';
import { loadNodeGrammar } from '../workspace/node-grammar.ts';
import { ClientFiles } from './client-files.ts';
import { DispatchingHost } from './dispatching-host.ts';
import { nodeHost } from './node-host.ts';
import { attachServer } from './server.ts';
import { VirtualHost } from './virtual-host.ts';

/**
 * Serves the language server protocol on standard input and output until the client says `exit` or closes the stream.
 * Returns at once.
 */
export function startServer(): void {
  // Standard output carries the protocol; a stray console.log from any library would break its framing.
  console.log = console.info = console.debug = console.warn = console.error;
  let exitCode = 1;
  const connection = createConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout));
  // What escapes every fence is logged, and the server goes on: an editor that lost its linter loses it for hours.
  process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
    // The client went away: there is nobody left to write to.
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') process.exit(exitCode);
    connection.console.error(`uncaught: ${error.stack ?? error}`);
  });
  process.on('unhandledRejection', (reason) => {
    connection.console.error(`unhandled rejection: ${reason instanceof Error ? reason.stack : reason}`);
  });
  const files = new ClientFiles(connection);
  const host = new DispatchingHost(nodeHost, new VirtualHost(files, loadNodeGrammar));
  const session = attachServer(connection, host, files);
  connection.onShutdown(() => {
    session.checker.dispose();
    exitCode = 0;
  });
  process.stdin.on('end', () => process.exit(exitCode));
  process.stdin.on('close', () => process.exit(exitCode));
  connection.listen();
}
