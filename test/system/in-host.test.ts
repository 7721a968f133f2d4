import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { installHost, runInHost } from './support/code-server.ts';
import { fixtures, root, vsixPath } from './support/paths.ts';
import { runSuccessfully } from './support/run.ts';

interface Result {
  readonly name: string;
  readonly error?: string;
}

test('every command, setting and contribution works inside VS Code', async () => {
  await installHost();
  await runSuccessfully('npm', ['run', 'package'], { cwd: root });
  const folder = fs.mkdtempSync(path.join(fs.realpathSync(os.tmpdir()), 'ritual-in-host-'));
  try {
    const testModule = path.join(folder, 'tests.cjs');
    await build({
      entryPoints: [path.join(root, 'test/system/in-host/suite.ts')],
      outfile: testModule,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      external: ['vscode'],
    });
    const lines = await runInHost({ vsix: vsixPath, workspace: path.join(fixtures, 'workspace'), testModule });
    const prefix = 'in-host results ';
    const report = lines.find((line) => line.includes(prefix));
    expect(report, lines.slice(-20).join('\n')).toBeDefined();
    const results: Result[] = JSON.parse(report!.slice(report!.indexOf(prefix) + prefix.length));
    for (const { name, error } of results) console.log(`${error ? 'FAILED' : 'passed'}  in-host: ${name}`);
    expect(results.filter(({ error }) => error).map(({ name, error }) => `${name}: ${error}`)).toEqual([]);
    expect(results.length).toBeGreaterThan(15);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}, 400_000);
