import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Page } from './support/browser.ts';
import { packageExtension } from './support/packaged.ts';
import { artefacts, fixtures, root, vsixPath } from './support/paths.ts';
import { startWebEditor, type WebEditor } from './support/web-editor.ts';

// The packaged extension in VS Code for browsers. The tests are steps of one session and run in order.

const workspace = path.join(fixtures, 'virtual-workspace');

let editor: WebEditor;
let page: Page;

beforeAll(async () => {
  await packageExtension();
  editor = await startWebEditor({ vsix: vsixPath, workspace });
  page = editor.page;
});

afterAll(() => editor?.stop());

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail' || !page) return;
  await screenshot(`failure-web-${task.name.replace(/\W+/g, '-')}`);
  console.error(editor.consoleLines.slice(-30).join('\n'));
});

const screenshot = (name: string) => page.screenshot({ path: path.join(artefacts, `${name}.png`) });
const problems = () => page.locator('.markers-panel .monaco-list-row').allTextContents();

async function runCommand(title: string): Promise<void> {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-box input').waitFor();
  await page.keyboard.type(title);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
  await page.keyboard.press('Enter');
}

interface JsonFinding {
  readonly severity: string;
}

/** What the command line finds in the same folder. */
function findingsOfCommandLine(): JsonFinding[] {
  const cli = path.join(root, 'dist/cli.js');
  const output = execFileSync(process.execPath, [cli, 'check', '--format', 'json', '--exit-zero', workspace]);
  return JSON.parse(output.toString()).findings;
}

test('squiggles appear: the server runs in a worker, the grammar is loaded', async () => {
  await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'user.c' }).first().dblclick();
  await page.locator('.tab[data-resource-name="user.c"]').waitFor({ timeout: 30_000 });
  await page.locator('.squiggly-error').first().waitFor({ state: 'attached', timeout: 60_000 });
  await screenshot('web-squiggle');
});

test('other files inform about the open one, and the configuration is read', async () => {
  await page.keyboard.press('Control+Shift+M');
  // `drop` frees in another file; `take` allocates by configuration.
  await expect.poll(async () => (await problems()).join('\n')).toContain('double-free');
  await expect.poll(async () => (await problems()).join('\n')).toContain('missing-null-check');
});

test('Check Workspace finds in a virtual workspace what the command line finds on disk', async () => {
  await runCommand('Ritual: Check Workspace');
  // The list shows what fits on the screen; the status bar counts all.
  const findings = findingsOfCommandLine();
  const count = (wanted: string) => findings.filter(({ severity }) => severity === wanted).length;
  expect(count('error') * count('warning')).toBeGreaterThan(0);
  const status = page.locator('.statusbar-item[id="status.problems"] a');
  await expect
    .poll(() => status.first().getAttribute('aria-label'), { timeout: 20_000 })
    .toMatch(new RegExp(`${count('error')}\\D+${count('warning')}\\b`));
  await screenshot('web-problems');
});

test('a quick fix repairs the text', async () => {
  const before = (await problems()).filter((text) => text.includes('double-free')).length;
  await page.keyboard.press('Control+1');
  await runCommand('Ritual: Fix All Safe Findings in File');
  await expect
    .poll(async () => (await problems()).filter((text) => text.includes('double-free')).length, { timeout: 20_000 })
    .toBeLessThan(before);
  await screenshot('web-fixed');
});

test("a rule's page opens", async () => {
  await runCommand('Ritual: Show the Page of a Rule');
  await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.tab', { hasText: '.md' }).first().waitFor({ timeout: 20_000 });
});
