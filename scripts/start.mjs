// Builds Ritual and checks the given paths, by default the examples. Findings are the expected result, so it exits 0;
// build logs go to standard error, because standard output carries the report.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const build = spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { stdio: ['ignore', 2, 2] });
if (build.status !== 0) process.exit(build.status ?? 1);

const commandLine = process.argv.slice(2);
const check = spawnSync(
  process.execPath,
  [
    path.join(root, 'dist/cli.js'),
    'check',
    '--exit-zero',
    ...(commandLine.some((argument) => !argument.startsWith('-')) ? [] : [path.join(root, 'examples')]),
    ...commandLine,
  ],
  // npm runs scripts in the package's folder; paths are meant from where the user is.
  { stdio: 'inherit', cwd: process.env.INIT_CWD ?? process.cwd() },
);
process.exit(check.status ?? 1);
