// Measures how much of real C is understood: functions with errors, plain and normalised, and what normalising costs.
// Usage: node scripts/measure-normalising.mjs [--sites=20] [--plain] FOLDER...
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.join(import.meta.dirname, '..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'measure-'));
const outfile = path.join(folder, 'measure.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['test/bench/normalising.ts'],
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  outfile,
  logLevel: 'warning',
  banner: { js: "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);" },
});
const run = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, RITUAL_ROOT: root },
});
fs.rmSync(folder, { recursive: true });
process.exit(run.status ?? 1);
