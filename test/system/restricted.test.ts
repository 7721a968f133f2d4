import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Page } from './support/browser.ts';
import { type Editor, startEditor } from './support/code-server.ts';
import { packageExtension } from './support/packaged.ts';
import { artefacts, fixtures, vsixPath } from './support/paths.ts';

// A folder that nobody has said to trust: VS Code runs nothing of it, and the extension needs nothing run.

let editor: Editor;
let page: Page;

beforeAll(async () => {
  await packageExtension();
  editor = await startEditor({ vsix: vsixPath, workspace: path.join(fixtures, 'workspace'), isTrusted: false });
  page = editor.page;
});

afterAll(() => editor?.stop());

test('findings, their paths and repairs are there in restricted mode', async () => {
  await editor.open('store.c');
  await page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).first().waitFor({ timeout: 30_000 });
  await page.locator('.squiggly-warning').first().waitFor({ state: 'attached', timeout: 60_000 });
  await page.screenshot({ path: path.join(artefacts, 'restricted.png') });
  await page.keyboard.press('Control+Shift+M');
  const problems = () => page.locator('.markers-panel .monaco-list-row').allTextContents();
  await expect.poll(async () => (await problems()).join('\n')).toContain('double-free');
  await page.keyboard.press('Control+1');
  await page.keyboard.press('F1');
  await page.locator('.quick-input-box input').waitFor();
  await page.keyboard.type('Ritual: Fix All Safe Findings in File');
  // The row may be there before it is the one that Enter chooses.
  await page.locator('.quick-input-list .monaco-list-row.focused', { hasText: 'Fix All Safe' }).first().waitFor();
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await problems()).join('\n'), { timeout: 60_000 }).not.toContain('double-free');
});
