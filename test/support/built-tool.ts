import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { temporaryFolder } from './temporary-folder.ts';

export const root = path.join(import.meta.dirname, '../..');

/** The command line tool as it is shipped; `npm run build` makes it. */
export const bundle = path.join(root, 'dist/cli.js');

export const environment = { ...process.env, NO_COLOR: '1' };

/** Runs the built command line tool as a process of its own. */
export function builtRitual(
  commandLine: readonly string[],
  folder = temporaryFolder(),
  options: { readonly input?: string | Uint8Array; readonly nodeOptions?: readonly string[] } = {},
) {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [...(options.nodeOptions ?? []), bundle, ...commandLine],
    { cwd: folder, encoding: 'utf8', env: environment, input: options.input },
  );
  return { status, signal, stdout, stderr };
}
