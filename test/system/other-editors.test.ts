import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { fixtures, root, serverPath } from './support/paths.ts';
import { runSuccessfully } from './support/run.ts';

// Clients that others wrote, against the built server.

let folder: string;
let file: string;
const environment = () => ({
  RITUAL_NODE: process.execPath,
  RITUAL_SERVER: serverPath,
  RITUAL_FILE: file,
  HOME: folder,
});

beforeAll(async () => {
  await runSuccessfully('npm', ['run', 'build'], { cwd: root });
});

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'ritual-editors-'));
  fs.cpSync(path.join(fixtures, 'workspace'), folder, { recursive: true });
  file = path.join(folder, 'store.c');
});

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

test('neovim shows the findings and applies a fix', async () => {
  const script = path.join(root, 'test/system/neovim-check.lua');
  const output = await runSuccessfully('nvim', ['--clean', '--headless', '-c', `luafile ${script}`, file], {
    cwd: folder,
    environment: environment(),
    timeout: 90_000,
  });
  expect(output).toMatch(/^diagnostic \d+:\d+ missing-null-check /m);
  expect(output).toMatch(/^diagnostic \d+:\d+ missing-null-after-free /m);
  expect(output).toMatch(/^diagnostic 49:\d+ double-free /m);
  expect(output).toMatch(/^step 1\. /m);
  expect(output).toMatch(/^hover .*freed by `free` on line 47/m);
  expect(output).toMatch(/^action Ignore double-free here, with a reason$/m);
  expect(output).not.toMatch(/^left double-free$/m);
  expect(fs.readFileSync(file, 'utf8').split('free(name);')).toHaveLength(2);
  await runSuccessfully('gcc', ['-fsyntax-only', '-Wall', '-Wextra', file]);
});

test('emacs shows the findings through eglot, and repairs', async () => {
  const script = path.join(root, 'test/system/emacs-check.el');
  const output = await runSuccessfully('emacs', ['-q', '--batch', '-l', script], {
    cwd: folder,
    environment: environment(),
    timeout: 90_000,
  });
  expect(output).toMatch(/^diagnostic 49 .*name/m);
  expect(output).toMatch(/^hover .*freed by `?free`? on line 47/m);
  expect(output.match(/^diagnostic /gm)?.length).toBeGreaterThanOrEqual(3);
  expect(output).toMatch(/^action Remove the second free\(\)$/m);
  const text = fs.readFileSync(file, 'utf8');
  expect(text.split('free(name);')).toHaveLength(2);
  expect(text).toContain('store->name = NULL;');
  await runSuccessfully('gcc', ['-fsyntax-only', '-Wall', '-Wextra', file]);
});
