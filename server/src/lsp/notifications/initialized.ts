import { DidChangeWatchedFilesNotification } from 'vscode-languageserver';
import { fenceNotification } from '../fence.ts';
import type { Session } from '../session.ts';
import { didChangeWorkspaceFolders } from './did-change-workspace-folders.ts';

/** `initialized`: registers what only a running client can take. */
export async function initialized(session: Session): Promise<void> {
  const { connection, capabilities, host, folders } = session;
  connection.console.info(`ritual ${host.version} serves ${folders.length === 0 ? 'no folder' : folders.join(', ')}`);
  if (capabilities.workspaceFolders) {
    connection.workspace.onDidChangeWorkspaceFolders(
      fenceNotification(session, 'workspace/didChangeWorkspaceFolders', didChangeWorkspaceFolders),
    );
  }
  if (capabilities.watchedFilesRegistration) {
    await connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [
        { globPattern: '**/*.{c,h}' },
        { globPattern: '**/.ritual.jsonc' },
        { globPattern: '**/.ritual-baseline.json' },
      ],
    });
  }
}
