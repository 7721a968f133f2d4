import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ruleRegistry } from '../../server/src/rules/registry.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const root = path.join(import.meta.dirname, '../..');
const bundle = path.join(root, 'dist/cli.js');
const environment = { ...process.env, NO_COLOR: '1' };

/** Runs the built command line tool as a process of its own. */
function ritual(commandLine: readonly string[], folder = temporaryFolder()) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bundle, ...commandLine], {
    cwd: folder,
    encoding: 'utf8',
    env: environment,
  });
  return { status, stdout, stderr };
}

describe('the built tool', () => {
  test('finds its grammar beside itself, and checks', () => {
    const folder = temporaryFolder({ 'a.c': 'int main(void) { return 0; }\n' });
    expect(ritual(['check'], folder)).toEqual({ status: 0, stdout: 'No findings in 1 file.\n', stderr: '' });
  });

  test.each(ruleRegistry.map((rule) => rule.id))('explains %s', (rule) => {
    const { status, stdout, stderr } = ritual(['explain', rule]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain(rule);
  });

  test('reads every example of the configuration that the README gives', () => {
    const [, example] = /```jsonc\n([\s\S]*?)```/.exec(fs.readFileSync(path.join(root, 'README.md'), 'utf8'))!;
    const folder = temporaryFolder({ '.ritual.jsonc': example, 'a.c': '' });
    expect(ritual(['check'], folder)).toMatchObject({ status: 0, stderr: '' });
  });

  test('a reader that leaves early is no error', async () => {
    const child = spawn(process.execPath, [bundle, 'rules', '--format', 'json'], { env: environment });
    child.stdout.destroy();
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (errors += text));
    const [status] = await once(child, 'close');
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
  });

  test.runIf(fs.existsSync('/dev/full'))('a full disk is an error of output', () => {
    const full = fs.openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [bundle, 'rules'], {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    fs.closeSync(full);
    expect(status).toBe(2);
    expect(stderr).toContain('cannot write standard output');
  });

  test('standard input is left alone', () => {
    expect(ritual(['check', '/dev/stdin']).status).toBe(2);
  });
});

describe('npm start', () => {
  test('checks the examples, reports on standard output, and exits 0', () => {
    const { status, stdout } = spawnSync(process.execPath, [path.join(root, 'scripts/start.mjs')], {
      encoding: 'utf8',
      env: environment,
    });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^(?:No findings|.*\d+ \w+) in \d+ files\.(?: .*)?\n$/m);
  });
});
