import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { applyBaseline, baselineOf } from '../../server/src/workspace/baseline.ts';
import { again, ritual } from '../support/command-line.ts';
import { doubleFree } from '../support/sample-report.ts';

vi.mock('../../server/src/workspace/project.ts', async () => ({
  Project: (await import('../support/fake-project.ts')).FakeProject,
}));

/** A double free on every line of the text, in a function of the name that the line begins with. */
function findings(text: string) {
  return [...text.matchAll(/^(\w+):.*$/gm)].map((match) => ({
    ...doubleFree,
    functionName: match[1],
    range: { start: match.index, end: match.index + 1 },
  }));
}

/** The lines that are new to a project that accepted the text before. */
function fresh(before: string, after: string): { kept: string[]; known: number; gone: number } {
  const { kept, known, gone } = applyBaseline(after, findings(after), baselineOf(before, findings(before)));
  return { kept: kept.map(({ range }) => after.slice(range.start).split('\n')[0]), known, gone };
}

describe('of the findings in one function', () => {
  test('those on known lines are old, whatever stands around them and however they are spaced', () => {
    expect(fresh('f: a\nf: b\n', '\n\nf:  b\nf: a\n')).toEqual({ kept: [], known: 2, gone: 0 });
  });

  test('those on edited lines are old, as long as they are no more than before', () => {
    expect(fresh('f: a\nf: b\n', 'f: a\nf: c\n')).toEqual({ kept: [], known: 2, gone: 0 });
  });

  test('one more is new, and it is known which', () => {
    expect(fresh('f: a\n', 'f: a\nf: b\n')).toEqual({ kept: ['f: b'], known: 1, gone: 0 });
    expect(fresh('f: a\n', 'f: a\nf: a\n')).toEqual({ kept: ['f: a'], known: 1, gone: 0 });
  });

  test('where nobody can say which is new, all are shown', () => {
    expect(fresh('f: a\nf: b\n', 'f: a\nf: c\nf: d\n')).toEqual({ kept: ['f: c', 'f: d'], known: 1, gone: 0 });
  });

  test('what is accepted in one function, is new in another', () => {
    expect(fresh('f: a\n', 'g: a\n')).toEqual({ kept: ['g: a'], known: 0, gone: 1 });
  });

  test('names of the source find nothing that every object has', () => {
    expect(fresh('', 'constructor: a\n__proto__: b\n').kept).toHaveLength(2);
    expect(fresh('constructor: a\n', 'constructor: a\n')).toEqual({ kept: [], known: 1, gone: 0 });
    expect(fresh('toString: a\n', 'constructor: a\n').kept).toHaveLength(1);
  });
});

describe('on the command line', () => {
  const configured = { '.ritual.jsonc': '{ "baseline": ".ritual-baseline.json" }' };

  test('what is accepted does not fail, and what is new does', async () => {
    const files = { ...configured, 'src/a.c': 'error(p);\nwarning(q);\n', 'b.c': 'hint(r);\n' };
    const accepted = await ritual(['check', '--write-baseline'], files);
    expect(accepted).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'ritual: accepted 3 findings in .ritual-baseline.json\n',
    });
    expect(await again(['check'])).toEqual({ exitCode: 0, stdout: 'No findings in 2 files.\n', stderr: '' });
    fs.appendFileSync('src/a.c', 'error(s);\n');
    const { exitCode, stdout } = await again(['check', '--format', 'concise']);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: "src/a.c:3:1: error: 's' is freed a second time [double-free]\n",
    });
    expect((await again(['check', '--statistics'])).stderr).toContain('3  known from the baseline\n');
  });

  test('the file can be read by a person, and does not depend on where it was written from', async () => {
    await ritual(['check', '--write-baseline'], { ...configured, 'src/a.c': '  error(p);\nerror(p);\n', 'b.c': '' });
    const text = fs.readFileSync('.ritual-baseline.json', 'utf8');
    expect(JSON.parse(text)).toEqual({
      formatVersion: 1,
      files: { 'src/a.c': { f: { 'double-free': ['error(p);', 'error(p);'] } } },
    });
    process.chdir('src');
    await again(['check', '--write-baseline']);
    expect(fs.readFileSync('../.ritual-baseline.json', 'utf8')).toBe(text);
    expect((await again(['check'])).exitCode).toBe(0);
  });

  test('writing it for some files keeps the others, unless they are gone', async () => {
    await ritual(['check', '--write-baseline'], {
      ...configured,
      'a.c': 'error(a);\n',
      'b.c': 'error(b);\n',
      'c.c': 'error(c);\n',
    });
    fs.rmSync('c.c');
    fs.writeFileSync('a.c', '');
    await again(['check', '--write-baseline', 'a.c']);
    expect(Object.keys(JSON.parse(fs.readFileSync('.ritual-baseline.json', 'utf8')).files)).toEqual(['b.c']);
  });

  test('what is gone is told, until the baseline is written anew', async () => {
    await ritual(['check', '--write-baseline'], { ...configured, 'a.c': 'error(a);\nerror(b);\n' });
    fs.writeFileSync('a.c', 'error(a);\n');
    expect((await again(['check'])).stderr).toBe('ritual: 1 finding of the baseline is gone: --write-baseline\n');
    expect((await again(['check', '--quiet'])).stderr).toBe('');
    await again(['check', '--write-baseline']);
    expect((await again(['check'])).stderr).toBe('');
  });

  test('--baseline is stronger than the configuration', async () => {
    await ritual(['check', '--write-baseline', '--baseline', 'ci/other.json'], { ...configured, 'a.c': 'error(a);\n' });
    expect(fs.existsSync('.ritual-baseline.json')).toBe(false);
    expect(Object.keys(JSON.parse(fs.readFileSync('ci/other.json', 'utf8')).files)).toEqual(['../a.c']);
    expect((await again(['check', '--baseline', 'ci/other.json'])).exitCode).toBe(0);
  });

  test.each([
    ['nothing', undefined, 'the baseline cannot be read: no such file or folder'],
    ['a text', 'hello', 'the baseline is not JSON; write it anew with --write-baseline'],
    ['another file', '{"formatVersion": 1, "files": {"a.c": []}}', 'this is no baseline of format 1;'],
    ['a later format', '{"formatVersion": 2, "files": {}}', 'this is no baseline of format 1;'],
  ])('%s is no baseline', async (_, content, message) => {
    const files = {
      ...configured,
      'a.c': 'error(a);\n',
      ...(content !== undefined && { '.ritual-baseline.json': content }),
    };
    const { exitCode, stdout, stderr } = await ritual(['check'], files);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(`${path.join(process.cwd(), '.ritual-baseline.json')}:1:1: ${message}`);
  });

  test('without a place there is nothing to write to', async () => {
    const { exitCode, stderr } = await ritual(['check', '--write-baseline'], { 'a.c': '' });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr:
        'ritual: --write-baseline needs a file: name it with --baseline FILE, or with "baseline" in .ritual.jsonc\n',
    });
  });

  test.each(['--fix', '--diff', '--select=double-free', '--format=json'])(
    'cannot be combined with %s',
    async (option) => {
      expect(await ritual(['check', '--write-baseline', option])).toMatchObject({ exitCode: 2, stdout: '' });
    },
  );
});
