import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

/** Bundles a TypeScript program of this project and runs it with the given arguments; the exit code is the program's. */
export async function runTypeScript(entry, programArguments) {
  const root = path.join(import.meta.dirname, '..');
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ritual-script-'));
  const outfile = path.join(folder, 'program.mjs');
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outfile,
    mainFields: ['module', 'main'],
    logLevel: 'warning',
    banner: { js: "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);" },
  });
  const run = spawnSync(process.execPath, [outfile, ...programArguments], {
    stdio: 'inherit',
    env: { ...process.env, RITUAL_ROOT: root },
  });
  fs.rmSync(folder, { recursive: true });
  return run.status ?? 1;
}
