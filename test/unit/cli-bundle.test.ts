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

describe('threads', () => {
  /** Files that call one another across, with findings in callers and callees, and one that cannot be read as C. */
  function manyFiles(): Record<string, string> {
    const files: Record<string, string> = {};
    for (let i = 0; i < 12; i++) {
      const next = (i + 1) % 12;
      files[`part${i}.c`] = `
        #include <stdlib.h>
        struct node { struct node *next; char *name; };
        void *get${i}(size_t n) { return ${i % 3 === 0 ? 'malloc(n)' : `get${i - 1}(n)`}; }
        void put${i}(struct node *node) { ${i % 4 === 0 ? 'free(node->name); free(node);' : `put${i - 1}(node);`} }
        int use${i}(size_t n)
        {
            struct node *node = get${next}(sizeof *node);
            node->next = NULL;
            put${next}(node);
            put${i}(node);
            return 0;
        }
      `;
    }
    return { ...files, 'odd.c': 'int main(void) { {{{ return 0; }\n' };
  }

  test('change nothing in the report', () => {
    const folder = temporaryFolder(manyFiles());
    const one = ritual(['check', '--jobs', '1', '--format', 'json'], folder);
    expect(one.stdout).toContain('missing-null-check');
    expect(one.stdout).toContain('double-free');
    for (const jobs of ['2', '3']) expect(ritual(['check', '--jobs', jobs, '--format', 'json'], folder)).toEqual(one);
    // Forwards and backwards: the order of the files counts as little.
    const files = Object.keys(manyFiles()).reverse();
    expect(ritual(['check', '--jobs', '2', '--format', 'json', ...files], folder)).toEqual(one);
  });

  test('share the work', () => {
    const folder = temporaryFolder(manyFiles());
    const threads = (jobs: string) =>
      /(\d+) {2}threads/.exec(ritual(['check', '--statistics', '--jobs', jobs], folder).stderr)?.[1];
    expect(threads('1')).toBeUndefined();
    expect(threads('2')).toBe('2');
  });

  test('report a file that cannot be read as one thread does', () => {
    const folder = temporaryFolder(manyFiles());
    const paths = [...Object.keys(manyFiles()), 'missing.c'];
    const one = ritual(['check', '--jobs', '1', ...paths], folder);
    expect(one.status).toBe(2);
    expect(ritual(['check', '--jobs', '2', ...paths], folder)).toEqual(one);
  });

  test('keep to the selected rules and the baseline', () => {
    const folder = temporaryFolder(manyFiles());
    const select = ['check', '--select', 'double-free', '--format', 'concise'];
    const one = ritual([...select, '--jobs', '1'], folder);
    expect(one.stdout).not.toContain('missing-null-check');
    expect(ritual([...select, '--jobs', '2'], folder)).toEqual(one);
    expect(ritual(['check', '--write-baseline', '--baseline', 'accepted.json'], folder).status).toBe(0);
    expect(ritual(['check', '--baseline', 'accepted.json', '--jobs', '2'], folder).status).toBe(0);
  });

  test.each(['0', '65', 'x'])('as many as "%s" are none', (jobs) => {
    expect(ritual(['check', '--jobs', jobs])).toMatchObject({ status: 2, stdout: '' });
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
