import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { ruleRegistry } from '../../server/src/rules/registry.ts';
import { fixtures, root, vsixPath } from './support/paths.ts';
import { run, runSuccessfully } from './support/run.ts';
import { extractZip, zipEntries } from './support/zip.ts';

beforeAll(async () => {
  await runSuccessfully('npm', ['run', 'package'], { cwd: root });
});

test('the extension is small', () => {
  expect(fs.statSync(vsixPath).size).toBeLessThan(3 * 1024 * 1024);
});

test('the extension holds what it needs and nothing else', () => {
  const expected = [
    '[Content_Types].xml',
    'extension.vsixmanifest',
    'extension/LICENSE.txt',
    'extension/changelog.md',
    'extension/client/icon.png',
    'extension/client/l10n/bundle.l10n.json',
    ...fs.readdirSync(path.join(root, 'client/walkthrough')).map((name) => `extension/client/walkthrough/${name}`),
    'extension/dist/THIRD-PARTY-LICENCES.txt',
    'extension/dist/cli.js',
    'extension/dist/client.browser.js',
    'extension/dist/client.js',
    'extension/dist/commands.js',
    'extension/dist/package.json',
    'extension/dist/server.browser.js',
    'extension/dist/server.js',
    'extension/dist/tree-sitter-c.wasm',
    'extension/dist/web-tree-sitter.wasm',
    'extension/grammars/LICENSE',
    'extension/grammars/README.md',
    'extension/package.json',
    'extension/package.nls.json',
    'extension/readme.md',
    'extension/server/src/workspace/generated/configuration.schema.json',
    ...ruleRegistry.map(({ id }) => `extension/server/src/rules/${id}/README.md`),
  ];
  expect(zipEntries(fs.readFileSync(vsixPath)).sort()).toEqual(expected.sort());
});

test('the command line tool in the extension runs, for its tasks', async () => {
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'ritual-extension-'));
  try {
    extractZip(fs.readFileSync(vsixPath), folder);
    const program = path.join(folder, 'extension/dist/cli.js');
    const { status, output } = await run(process.execPath, [program, 'check', '--format', 'concise', '--', '.'], {
      cwd: path.join(fixtures, 'workspace'),
    });
    expect(output).toContain('closed.c:7:5: error:');
    expect(status).toBe(1);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
});
