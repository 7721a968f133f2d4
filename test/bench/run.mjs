// Runs every benchmark of this folder, or those named on the command line, each in a process of its own.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';

const here = import.meta.dirname;
const root = path.join(here, '../..');
const words = process.argv.slice(2);
// What stands behind `--` is for the benchmark itself.
const separator = words.indexOf('--');
const names = separator < 0 ? words : words.slice(0, separator);
const rest = separator < 0 ? [] : words.slice(separator + 1);
const benchmarks =
  names.length > 0
    ? names
    : [
        'keystroke',
        ...fs
          .readdirSync(here)
          .filter((file) => file.endsWith('.bench.ts'))
          .map((file) => file.slice(0, -'.ts'.length)),
      ];

/** `check` means `check.bench` too. */
const sourceOf = (name) =>
  [`${name}.ts`, `${name}.bench.ts`].map((file) => path.join(here, file)).find((file) => fs.existsSync(file));
const unknown = benchmarks.filter((name) => !sourceOf(name));
if (unknown.length > 0) {
  const known = fs.readdirSync(here).filter((file) => file.endsWith('.ts'));
  console.error(`no benchmark is called ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exit(2);
}

spawnSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { stdio: ['ignore', 2, 2] });
let failed = false;
for (const name of benchmarks) {
  // As deep as the sources that go into it, so that paths relative to a module's folder still hold.
  const outfile = path.join(here, '.build', `${name}.mjs`);
  await build({
    absWorkingDir: root,
    entryPoints: [sourceOf(name)],
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outfile,
    logLevel: 'warning',
  });
  failed = spawnSync(process.execPath, [outfile, ...rest], { stdio: 'inherit' }).status !== 0 || failed;
  // Another run may use the folder, or have taken it away.
  fs.rmSync(outfile, { force: true });
}
process.exitCode = failed ? 1 : 0;
