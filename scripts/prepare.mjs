// Builds the package where npm wants it built: after `npm ci`, before `npm pack`, and in a checkout that is installed as it
// is, as pre-commit and `npm install github:…` do. There the tools for the build are missing, and are installed first.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
// Standard output belongs to the command that npm runs this for.
const run = (command, args, options) => {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
};

if (!fs.existsSync(path.join(root, 'node_modules/esbuild'))) {
  // The outer npm's settings come as variables: where it installs to is not where the tools go.
  const isOuter = (name) =>
    /^npm_config_(?:global|location|prefix|local_prefix|include|omit|install_links)$/i.test(name);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOuter(name)));
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { env, shell: process.platform === 'win32' });
}
run(process.execPath, [path.join(root, 'scripts/build.mjs')]);
