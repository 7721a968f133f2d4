import fs from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Locator, Page } from './support/browser.ts';
import { type Editor, startEditor } from './support/code-server.ts';
import { packageExtension } from './support/packaged.ts';
import { artefacts, fixtures, vsixPath } from './support/paths.ts';
import { runSuccessfully } from './support/run.ts';

// The packaged extension in a real VS Code. The tests are steps of one session and run in order.

let editor: Editor;
let page: Page;

beforeAll(async () => {
  await packageExtension();
  editor = await startEditor({ vsix: vsixPath, workspace: path.join(fixtures, 'workspace') });
  page = editor.page;
});

afterAll(() => editor?.stop());

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail' && page) await screenshot(`failure-${task.name.replace(/\W+/g, '-')}`);
});

const screenshot = (name: string) => page.screenshot({ path: path.join(artefacts, `${name}.png`) });
const problems = () => page.locator('.markers-panel .monaco-list-row');
const problemTexts = () => problems().allTextContents();

/** Puts the cursor at the beginning of the first line of the fixture that contains the text, and shows it. */
async function goTo(text: string, offset = 0): Promise<void> {
  const number = fixtureText.split('\n').findIndex((row) => row.includes(text)) + 1 + offset;
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+g');
  await page.locator('.quick-input-widget input').waitFor();
  await page.keyboard.type(String(number));
  await page.keyboard.press('Enter');
  await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  await page.keyboard.press('Home');
}

/** Opens the quick fix menu. VS Code drops the request when diagnostics change under it, so it is repeated. */
async function openQuickFixes(): Promise<Locator> {
  const menu = page.locator('.action-widget .monaco-list-row');
  for (let attempt = 1; ; attempt++) {
    await page.keyboard.press('Control+.');
    try {
      await menu.first().waitFor({ timeout: 3_000 });
      return menu;
    } catch (error) {
      if (attempt === 5) throw error;
      await page.keyboard.press('Escape');
    }
  }
}

const fixtureText = fs.readFileSync(path.join(fixtures, 'workspace/store.c'), 'utf8');
const line = (text: string): Locator => page.locator('.view-line', { hasText: text });

/** The text of the document as VS Code shows it, with plain spaces. */
async function visibleText(): Promise<string> {
  return (await page.locator('.editor-instance .view-line').allTextContents()).join('\n').replaceAll('\u00a0', ' ');
}

async function runCommand(title: string): Promise<void> {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').waitFor();
  await page.keyboard.type(title);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
  await page.keyboard.press('Enter');
}

async function problemsOf(rule: string): Promise<string[]> {
  return (await problemTexts()).filter((text) => text.includes(rule));
}

test('squiggles appear in a C file', async () => {
  await editor.open('store.c');
  await page.locator('.squiggly-warning').first().waitFor({ state: 'attached', timeout: 60_000 });
  await screenshot('squiggle');
});

test('Problems lists a finding of each rule', async () => {
  await page.keyboard.press('Control+Shift+M');
  await problems().first().waitFor();
  for (const rule of ['missing-null-check', 'missing-null-after-free', 'double-free']) {
    await expect.poll(() => problemsOf(rule), { timeout: 10_000 }).not.toEqual([]);
  }
  await screenshot('problems');
});

test('a hover explains the finding and its rule', async () => {
  await page.keyboard.press('Control+Shift+M');
  await goTo('puts("forgotten")', 1);
  await page.waitForTimeout(500);
  await line('again').first().locator('span', { hasText: 'name' }).last().hover({ force: true });
  const hover = page.locator('.monaco-hover:not(.hidden)', { hasText: 'double-free' }).first();
  await hover.waitFor();
  expect(await hover.textContent()).toContain('CWE-415');
  await screenshot('hover');
});

test("the finding's code opens the rule's page inside the editor", async () => {
  const link = page.locator('.monaco-hover:not(.hidden) a', { hasText: 'double-free' }).first();
  await link.click();
  const tab = page.locator('.tab', { hasText: 'double-free.md' });
  await tab.waitFor();
  try {
    const title = page.frameLocator('iframe.webview').frameLocator('iframe').locator('h1').first();
    await title.waitFor({ timeout: 30_000 });
    expect(await title.textContent()).toContain('double-free');
    await screenshot('rule-page');
  } finally {
    await page.keyboard.press('Control+w');
    await tab.waitFor({ state: 'hidden' });
  }
});

test('the status item says how many findings there are', async () => {
  await page.locator('.statusbar-item[id="status.languageStatus"]').first().click();
  const status = page.locator('.hover-language-status', { hasText: 'Ritual' }).first();
  await status.waitFor();
  // It fades in.
  await page.waitForTimeout(500);
  await screenshot('status-item');
  expect(await status.textContent()).toMatch(/Ritual: 1 error, \d+ \w+/);
  await page.keyboard.press('Escape');
});

test('a quick fix by keyboard removes the second free', async () => {
  await goTo('puts("forgotten")', 1);
  const menu = await openQuickFixes();
  await screenshot('quick-fix-menu');
  const titles = await menu.allTextContents();
  expect(titles.join('\n')).toContain('Ignore double-free here');
  expect(titles.join('\n')).toContain('Show the page of double-free');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await visibleText()).split('free(name);').length - 1).toBe(1);
  await page.keyboard.press('Control+Shift+M');
  await expect.poll(() => problemsOf('double-free')).toEqual([]);
  await screenshot('quick-fix-applied');
});

test('undo brings the finding back, and it can be ignored with a reason that is selected', async () => {
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+z');
  await expect.poll(() => problemsOf('double-free')).not.toEqual([]);
  await goTo('puts("forgotten")', 1);
  await (await openQuickFixes()).filter({ hasText: 'Ignore double-free here' }).first().click();
  await line('ritual-ignore-next-line').first().waitFor();
  await page.keyboard.type('the test says so');
  await expect.poll(visibleText).toContain('ritual-ignore-next-line double-free -- the test says so');
  await expect.poll(() => problemsOf('double-free')).toEqual([]);
  await screenshot('ignored');
});

test('fix all applies every safe fix and leaves text that compiles', async () => {
  const before = (await problemTexts()).length;
  await page.keyboard.press('Control+1');
  await runCommand('Ritual: Fix All Safe Findings in File');
  await expect.poll(async () => (await problemTexts()).length).toBeLessThan(before);
  await expect.poll(() => problemsOf('missing-null-after-free')).toEqual([]);
  await screenshot('fix-all');
  await page.keyboard.press('Control+s');
  const file = path.join(editor.workspace, 'store.c');
  await expect.poll(() => fs.readFileSync(file, 'utf8')).toContain('ritual-ignore-next-line');
  await runSuccessfully('gcc', ['-fsyntax-only', '-Wall', '-Wextra', '-Werror', file]);
});

test('a server that is killed comes back, with its findings', async () => {
  await goTo('char *label');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('free(label); free(label);');
  await expect.poll(() => problemsOf('double-free'), { timeout: 20_000 }).not.toEqual([]);
  const shown = await problemTexts();
  const before = languageServers();
  expect(before).toHaveLength(1);
  process.kill(before[0], 'SIGKILL');
  await expect
    .poll(languageServers, { timeout: 20_000 })
    .toSatisfy((ids: number[]) => ids.length === 1 && ids[0] !== before[0]);
  // Without a key; and they are the new server's, which takes them back with the text.
  await expect.poll(problemTexts, { timeout: 20_000 }).toEqual(shown);
  await page.keyboard.press('Control+z');
  await expect.poll(() => problemsOf('double-free'), { timeout: 20_000 }).toEqual([]);
  await page.keyboard.press('Control+y');
  await expect.poll(problemTexts, { timeout: 20_000 }).toEqual(shown);
});

test('Restart Server starts another server', async () => {
  const before = languageServers();
  await runCommand('Ritual: Restart Server');
  await expect
    .poll(languageServers, { timeout: 20_000 })
    .toSatisfy((ids: number[]) => ids.length === 1 && ids[0] !== before[0]);
  await expect.poll(() => problemsOf('double-free'), { timeout: 20_000 }).not.toEqual([]);
});

test('it is readable on a dark background', async () => {
  await runCommand('Preferences: Toggle between Light/Dark Themes');
  await page.waitForTimeout(1_000);
  await screenshot('dark');
});

/** Processes of our language server below the editor that this test started. */
function languageServers(): number[] {
  const installation = path.dirname(editor.workspace);
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((id) => {
      try {
        const command = fs.readFileSync(`/proc/${id}/cmdline`, 'utf8');
        return command.includes(installation) && /dist\/server\.js\0(?:.*\0)?--stdio/.test(command);
      } catch {
        // The process has ended meanwhile.
        return false;
      }
    })
    .map(Number);
}
