import fs from 'node:fs';
import { installHost } from './code-server.ts';
import { artefacts, root } from './paths.ts';
import { runSuccessfully } from './run.ts';

/** What a test of the packaged extension needs: VS Code itself, the package as it is now, and a folder for its pictures. */
export async function packageExtension(): Promise<void> {
  await installHost();
  await runSuccessfully('npm', ['run', 'package'], { cwd: root });
  fs.mkdirSync(artefacts, { recursive: true });
}
