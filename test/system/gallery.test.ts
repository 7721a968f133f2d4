import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Locator, Page } from './support/browser.ts';
import { type Editor, startEditor } from './support/code-server.ts';
import { packageExtension } from './support/packaged.ts';
import { artefacts, root, vsixPath } from './support/paths.ts';

// What people see, light and dark: each test brings a view onto the screen, asserts that its words are there, and takes
// its picture, to be looked at. With UPDATE_IMAGES=1 the pictures of the gallery and the walkthrough are made anew.

interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The window without VS Code's own title. */
const belowTitle: Area = { x: 0, y: 36, width: 1100, height: 684 };

const isUpdating = process.env.UPDATE_IMAGES === '1';
const readme = (name: string) => path.join(root, 'docs/images', `${name}.png`);
const walkthrough = (name: string) => path.join(root, 'client/walkthrough', `${name}.png`);

beforeAll(async () => {
  await packageExtension();
  if (isUpdating) fs.mkdirSync(path.join(root, 'docs/images'), { recursive: true });
});

/** What style sheets put behind elements. Runs in the page. */
function contentsBehind(elements: readonly object[]): string[] {
  const window = globalThis as unknown as {
    getComputedStyle(element: object, pseudoElement: string): { readonly content: string };
  };
  return elements.map((element) => window.getComputedStyle(element, '::after').content);
}

describe.each([
  ['light', 'Default Light Modern'],
  ['dark', 'Default Dark Modern'],
])('%s', (theme, colors) => {
  let workspace: string;
  let editor: Editor;
  let page: Page;

  beforeAll(async () => {
    workspace = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'ritual-gallery-'));
    fs.cpSync(path.join(root, 'client/walkthrough/example.c'), path.join(workspace, 'label.c'));
    fs.cpSync(path.join(root, 'examples/string_list.c'), path.join(workspace, 'string_list.c'));
    fs.cpSync(path.join(root, 'examples/ring_buffer.c'), path.join(workspace, 'ring_buffer.c'));
    editor = await startEditor({
      vsix: vsixPath,
      workspace,
      viewport: { width: 1100, height: 720 },
      settings: {
        'workbench.colorTheme': colors,
        'workbench.activityBar.location': 'hidden',
        'editor.fontSize': 14,
        'editor.lineHeight': 21,
        'breadcrumbs.enabled': false,
      },
    });
    page = editor.page;
    await editor.open('label.c');
    await page.locator('.squiggly-error').first().waitFor({ state: 'attached', timeout: 60_000 });
    await runCommand('View: Close Primary Side Bar');
  });

  afterAll(async () => {
    await editor?.stop();
    fs.rmSync(workspace, { recursive: true, force: true });
  });

  /**
   * Takes the picture of the window; and of an area of it for the gallery, from the light one, and for a step of the
   * walkthrough, which has one for each kind of theme.
   */
  async function picture(name: string, area?: Area, step?: string): Promise<void> {
    await page.waitForTimeout(400);
    await page.screenshot({ path: path.join(artefacts, `${name}-${theme}.png`) });
    if (!isUpdating || !area) return;
    if (theme === 'light') await page.screenshot({ path: readme(name), clip: area });
    if (step) await page.screenshot({ path: walkthrough(theme === 'light' ? step : `${step}-dark`), clip: area });
  }

  async function runCommand(title: string): Promise<void> {
    await page.keyboard.press('F1');
    await page.locator('.quick-input-box input').waitFor();
    await page.keyboard.type(title);
    await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
    await page.keyboard.press('Enter');
  }

  /** Puts the cursor at a line and column, both from one. */
  async function goTo(line: number, column: number): Promise<void> {
    await page.keyboard.press('Control+1');
    await page.keyboard.press('Control+g');
    await page.locator('.quick-input-box input').waitFor();
    await page.keyboard.type(`${line}:${column}`);
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  const menu = (): Locator => page.locator('.action-widget .monaco-list-row');
  const source = fs.readFileSync(path.join(root, 'client/walkthrough/example.c'), 'utf8').split('\n');
  const lineOf = (text: string) => source.findLastIndex((line) => line.includes(text)) + 1;
  const secondFree = () => lineOf('    free(label);');

  test('squiggle', async () => {
    await goTo(secondFree(), 5);
    expect(await page.locator('.squiggly-warning').count()).toBeGreaterThan(0);
    await picture('squiggle', belowTitle, 'find');
  });

  test('hover', async () => {
    await goTo(secondFree(), 11);
    await page.keyboard.press('Control+k');
    await page.keyboard.press('Control+i');
    const hover = page.locator('.monaco-hover:not(.hidden)', { hasText: 'depending on the path' }).first();
    await hover.waitFor();
    expect(await hover.textContent()).toContain('freed by free on line');
    await picture('hover', belowTitle);
    await page.keyboard.press('Escape');
  });

  test('quick-fix menu', async () => {
    await goTo(secondFree(), 5);
    for (let attempt = 0; attempt < 5 && (await menu().count()) === 0; attempt++) {
      await page.keyboard.press('Control+.');
      await menu()
        .first()
        .waitFor({ timeout: 3_000 })
        .catch(() => page.keyboard.press('Escape'));
    }
    const titles = (await menu().allTextContents()).join('\n');
    for (const title of ['Show the path', 'Ignore double-free here', 'in this file', 'in this project']) {
      expect(titles).toContain(title);
    }
    await picture('quick-fixes', belowTitle, 'repair');
    await page.keyboard.press('Escape');
  });

  test('peek path', async () => {
    await goTo(secondFree(), 5);
    await runCommand('Ritual: Show the Path of the Finding at the Cursor');
    const peek = page.locator('.peekview-widget');
    await peek.waitFor();
    await peek.locator('.monaco-list-row').first().waitFor();
    expect(await peek.locator('.monaco-list-row').count()).toBeGreaterThanOrEqual(3);
    // The numbers of the steps stand behind their lines, in the file and in the view, by means of style sheets.
    const labels = () => page.locator('.view-line span').evaluateAll(contentsBehind);
    const third = async () =>
      (await labels()).filter((text) => text.includes('3. freed here for the first time')).length;
    await expect.poll(third).toBe(2);
    await picture('peek-path', belowTitle, 'understand');
    await runCommand('Ritual: Hide the Path');
    await peek.waitFor({ state: 'detached' });
    await expect.poll(third).toBe(0);
  });

  test('Problems after Check Workspace', async () => {
    await runCommand('Ritual: Check Workspace');
    const rows = page.locator('.markers-panel .monaco-list-row');
    await rows.first().waitFor({ timeout: 20_000 });
    // Files, and below them findings, without their paths: all of them fit on the screen.
    await page.locator('.markers-panel').click();
    await page.keyboard.press('Control+ArrowLeft');
    for (const name of ['label.c', 'string_list.c', 'ring_buffer.c']) {
      await expect.poll(async () => (await rows.allTextContents()).join('\n')).toContain(name);
    }
    await page.keyboard.press('Home');
    for (let row = 0; row < 3; row++) await page.keyboard.press('ArrowRight');
    await picture('problems', belowTitle, 'project');
    await runCommand('View: Toggle Panel Visibility');
  });

  test('settings', async () => {
    await runCommand('Preferences: Open Settings (UI)');
    await page.locator('.settings-editor .suggest-input-container').waitFor();
    await page.keyboard.type('@ext:ritual-lint.ritual');
    const first = page.locator('.settings-editor .setting-item-description', {
      hasText: 'What is reported is configured',
    });
    await first.first().waitFor();
    // Takes the completion of what was typed, which would hide a part of the settings.
    await page.keyboard.press('Enter');
    await page.waitForTimeout(500);
    await first.first().waitFor();
    await picture('settings');
    await page.keyboard.press('Control+w');
  });

  test('walkthrough', async () => {
    await runCommand('Welcome: Open Walkthrough');
    const row = page.locator('.quick-input-list .monaco-list-row', { hasText: 'Get Started with Ritual' });
    await row.first().waitFor();
    await page.keyboard.type('Get Started with Ritual');
    await page.waitForTimeout(500);
    await page.keyboard.press('Enter');
    const step = page.locator('.getting-started-step', { hasText: 'See where memory goes wrong' });
    await step.first().waitFor();
    expect(await page.locator('.getting-started-step').count()).toBe(4);
    await page.waitForTimeout(1_500);
    await picture('walkthrough');
  });
});
