import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { runInHost } from './support/code-server.ts';
import { packageExtension } from './support/packaged.ts';
import { fixtures, root, vsixPath } from './support/paths.ts';

interface Result {
  readonly name: string;
  readonly error?: string;
}

/** VS Code is started so often at most where it comes up without its folders, which is none of Ritual's doing. */
const STARTS = 4;

/** Runs a suite of `in-host/` on a copy of a fixture, and fails with what failed there. */
async function runSuite(suite: string, workspace: string): Promise<Result[]> {
  await packageExtension();
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'ritual-in-host-'));
  try {
    const testModule = path.join(folder, 'tests.cjs');
    await build({
      entryPoints: [path.join(root, 'test/system/in-host', suite)],
      outfile: testModule,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['vscode'],
    });
    let lines: string[] = [];
    for (let attempt = 0; attempt < STARTS; attempt++) {
      lines = await runInHost({ vsix: vsixPath, workspace: path.join(fixtures, workspace), testModule });
      if (!lines.some((line) => line.includes('in-host: no workspace'))) break;
    }
    const prefix = 'in-host results ';
    const report = lines.find((line) => line.includes(prefix));
    expect(report, lines.slice(-20).join('\n')).toBeDefined();
    const results: Result[] = JSON.parse(report!.slice(report!.indexOf(prefix) + prefix.length));
    for (const { name, error } of results) console.log(`${error ? 'FAILED' : 'passed'}  in-host: ${name}`);
    expect(results.filter(({ error }) => error).map(({ name, error }) => `${name}: ${error}`)).toEqual([]);
    return results;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

test('every command, setting and contribution works inside VS Code', async () => {
  expect((await runSuite('suite.ts', 'workspace')).length).toBeGreaterThan(15);
}, 400_000);

test('two folders in one window keep apart, and are checked together', async () => {
  expect(await runSuite('multi-root.ts', 'multi-root')).toHaveLength(5);
}, 400_000);
