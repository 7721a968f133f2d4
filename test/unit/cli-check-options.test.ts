import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { ruleRegistry } from '../../server/src/rules/registry.ts';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { selectRules } from '../../server/src/workspace/rule-selection.ts';
import { builtRitual } from '../support/built-tool.ts';
import { again, ritual } from '../support/command-line.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

vi.mock('../../server/src/workspace/project.ts', async () => ({
  Project: (await import('../support/fake-project.ts')).FakeProject,
}));

describe('--max-warnings', () => {
  const files = { 'a.c': 'warning(p);\nwarning(q);\n' };
  test.each([
    ['1', 1],
    ['2', 0],
    ['3', 0],
  ])('%s exits %i after two warnings', async (maximum, expected) => {
    expect((await ritual(['check', '--max-warnings', maximum], files)).exitCode).toBe(expected);
  });

  test('an error is one too many', async () => {
    expect((await ritual(['check', '--max-warnings', '9'], { 'a.c': 'error(p);\n' })).exitCode).toBe(1);
  });

  test.each(['-1', 'many', '1.5', ''])('%j is wrong usage', async (value) => {
    const { exitCode, stderr } = await ritual(['check', `--max-warnings=${value}`], files);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: `ritual: --max-warnings: "${value}" is not a whole number\n`,
    });
  });
});

describe('--quiet', () => {
  test('leaves out what does not count, and the summary', async () => {
    const text = 'warning(p);\ninformation(q);\nhint(r);\n';
    const { stdout, exitCode } = await ritual(['check', '--quiet'], { 'a.c': text });
    expect(stdout).toContain("'p' is freed");
    expect(stdout).not.toMatch(/'[qr]'|in 1 file/);
    expect(exitCode).toBe(1);
    expect(JSON.parse((await again(['check', '-q', '--format', 'json'])).stdout).findings).toHaveLength(1);
  });

  test('says nothing when nothing counts', async () => {
    const outcome = await ritual(['check', '-q', '--fix'], { 'a.c': 'hint(p);\nfixable(q);\n' });
    expect(outcome).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });
});

describe('--output-file', () => {
  test('takes the report, with the folders it needs and no colours', async () => {
    const outcome = await ritual(['check', '--output-file', 'out/a/report.txt'], { 'a.c': 'error(p);\n' });
    expect(outcome).toEqual({ exitCode: 1, stdout: '', stderr: '' });
    expect(fs.readFileSync('out/a/report.txt', 'utf8')).toContain('1 error in 1 file.');
    expect(fs.readdirSync('out/a')).toEqual(['report.txt']);
    await again(['check', '--output-file', 'out/a/report.txt', '--format', 'concise']);
    expect(fs.readFileSync('out/a/report.txt', 'utf8')).toMatch(/^a\.c:1:1: error/);
  });

  test('that cannot be written is an error', async () => {
    const { exitCode, stderr } = await ritual(['check', '--output-file', 'folder'], { 'folder/a.c': '' });
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: 'ritual: --output-file: folder: is a folder\n' });
  });

  test('may be a device', async () => {
    expect(await ritual(['check', '--output-file', '/dev/null'], { 'a.c': 'error(p);\n' })).toMatchObject({
      exitCode: 1,
      stdout: '',
    });
  });
});

describe('--force-exclude', () => {
  test('excludes what is named as well', async () => {
    const files = { '.ritual.jsonc': '{ "exclude": ["a.c"] }', 'a.c': 'error(a);\n', 'b.c': 'error(b);\n' };
    const named = ['check', '--format', 'concise', 'a.c', 'b.c'];
    expect((await ritual(named, files)).stdout).toContain('a.c:');
    expect((await again([...named, '--force-exclude'])).stdout).toMatch(/^b\.c:.*\n$/);
  });
});

describe('--select and --ignore', () => {
  test('name rules that exist', async () => {
    const { exitCode, stderr } = await ritual(['check', '--select', 'double-free,missing-nul-check']);
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: 'ritual: unknown rule "missing-nul-check"; did you mean "missing-null-check"?\n',
    });
  });

  /** The rules that run under a selection. */
  function running(selection: Parameters<typeof selectRules>[1], rules = {}): string[] {
    const configuration = selectRules({ ...defaultConfiguration, rules }, selection);
    return ruleRegistry
      .filter((rule) => (configuration.rules[rule.id]?.severity ?? rule.defaultSeverity) !== 'off')
      .map(({ id }) => id);
  }
  const byDefault = running({});

  test('select runs these alone, also what the configuration switches off', () => {
    expect(running({ select: ['double-free'] })).toEqual(['double-free']);
    expect(running({ select: ['double-free'] }, { 'double-free': { severity: 'off' } })).toEqual(['double-free']);
  });

  test('ignore runs all others, and is stronger', () => {
    expect(running({ ignore: ['double-free'] })).toEqual(byDefault.filter((id) => id !== 'double-free'));
    expect(running({ select: ['double-free', 'missing-null-check'], ignore: ['double-free'] })).toEqual([
      'missing-null-check',
    ]);
  });

  test('severities and options stay', () => {
    const rules = { 'double-free': { severity: 'hint' as const, options: { always: true } } };
    const { rules: selected } = selectRules({ ...defaultConfiguration, rules }, { select: ['double-free'] });
    expect(selected['double-free']).toEqual(rules['double-free']);
  });
});

describe('--stdin-filename', () => {
  const twice = '#include <stdlib.h>\nvoid drop(char *p)\n{\n    free(p);\n    free(p);\n}\n';

  test('checks standard input in the workspace of the file, which need not exist', () => {
    const folder = temporaryFolder({
      '.ritual.jsonc': '{}',
      'lib.h': 'void put(char *p);\n',
      'lib.c': '#include <stdlib.h>\nvoid put(char *p)\n{\n    free(p);\n}\n',
      'src/old.c': '',
    });
    const text = '#include "../lib.h"\nvoid drop(char *p)\n{\n    put(p);\n    put(p);\n}\n';
    for (const file of ['src/new.c', 'src/old.c']) {
      const outcome = builtRitual(['check', '--format', 'concise', '--stdin-filename', file], folder, { input: text });
      expect(outcome.stdout).toMatch(new RegExp(`^${file}:5:5: error: .*\\[double-free\\]\\n$`));
      expect(outcome).toMatchObject({ status: 1, stderr: '' });
    }
  });

  test('with --fix is a filter', () => {
    const { status, stdout, stderr } = builtRitual(['check', '--fix', '--stdin-filename', 'a.c'], undefined, {
      input: twice,
    });
    expect(stdout.split('free(p)')).toHaveLength(2);
    expect(status).toBe(0);
    expect(stderr).toContain('fixed 1 finding');
    const clean = 'int x;\r\n';
    expect(builtRitual(['check', '--fix', '-q', '--stdin-filename', 'a.c'], undefined, { input: clean })).toMatchObject(
      {
        stdout: clean,
        stderr: '',
      },
    );
  });

  test('with --diff shows the patch', () => {
    const { stdout } = builtRitual(['check', '--diff', '--stdin-filename', 'a/b.c'], undefined, { input: twice });
    expect(stdout).toContain('--- a/a/b.c\n+++ b/a/b.c\n');
  });

  test('takes no paths', () => {
    expect(builtRitual(['check', '--stdin-filename', 'a.c', 'b.c'], undefined, { input: '' })).toMatchObject({
      status: 2,
      stderr: 'ritual: --stdin-filename checks standard input alone, and takes no paths\n',
    });
  });

  test('input without end is not read for ever', () => {
    const folder = temporaryFolder({ zeros: '' });
    fs.truncateSync(path.join(folder, 'zeros'), 33 * 1024 * 1024);
    const input = fs.readFileSync(path.join(folder, 'zeros'));
    expect(builtRitual(['check', '--stdin-filename', 'a.c'], folder, { input })).toMatchObject({
      status: 2,
      stderr: 'ritual: standard input is larger than 32 MiB\n',
    });
  });
});
