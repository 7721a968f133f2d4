import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { applyPatch, parsePatch } from 'diff';
import { describe, expect, test, vi } from 'vitest';
import { version } from '../../package.json';
import { again, ritual } from '../support/command-line.ts';
import { FakeProject } from '../support/fake-project.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

vi.mock('../../server/src/workspace/project.ts', async () => ({
  Project: (await import('../support/fake-project.ts')).FakeProject,
}));

describe('exit codes', () => {
  test.each([
    [0, 'nothing();\n'],
    [0, 'information(p);\nhint(q);\n'],
    [1, 'warning(p);\n'],
    [1, 'error(p);\n'],
  ])('%i after %j', async (expected, text) => {
    expect((await ritual(['check', 'a.c'], { 'a.c': text })).exitCode).toBe(expected);
  });

  test('0 with --exit-zero, but not for what could not be read', async () => {
    expect((await ritual(['check', '--exit-zero'], { 'a.c': 'error(p);\n' })).exitCode).toBe(0);
    const outcome = await again(['check', '--exit-zero', 'a.c', 'gone.c']);
    expect(outcome).toMatchObject({ exitCode: 2, stderr: 'ritual: gone.c: no such file or folder\n' });
    expect(outcome.stdout).toContain('1 error in 1 file. 1 path could not be checked.');
  });

  test.each([
    [[], 'Usage:'],
    [['chekc'], 'did you mean check'],
    [['./'], 'ritual: "./" is no command; to check it: ritual check ./\n'],
    [['check', '--slect', 'x'], 'ritual: unknown option'],
    [['check', '--format', 'xml'], 'Allowed choices are full, concise, json, sarif, github, gitlab, junit'],
    [['check', '--diff', '--fix'], 'cannot be used with'],
    [['check', '--workspace', 'none'], '--workspace: none is not a folder'],
    [['explain', 'double-fee'], 'did you mean "double-free"?'],
    [['explain'], "missing required argument 'rule'"],
    [['health'], "missing required argument 'path'"],
    [['debug', '--dump', 'tokens', 'none.c'], 'none.c: no such file or folder'],
  ])('2 for %j', async (commandLine, message) => {
    const { exitCode, stdout, stderr } = await ritual(commandLine);
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.toLowerCase()).toContain(message.toLowerCase());
  });

  test('2 for a wrong configuration, named by line and column', async () => {
    const { exitCode, stdout, stderr } = await ritual(['check'], { 'a.c': '', '.ritual.jsonc': '{\n "ruels": {}\n}' });
    expect(exitCode).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/\.ritual\.jsonc:2:2: unknown key "ruels"; did you mean "rules"\?\n$/);
  });

  test('3 for a defect, and the other files are checked all the same', async () => {
    const { exitCode, stdout, stderr } = await ritual(['check', '--format', 'concise'], {
      'a.c': 'crash',
      'b.c': 'warning(p);\n',
    });
    expect(exitCode).toBe(3);
    expect(stdout).toBe("b.c:1:1: warning: 'p' is freed a second time [double-free]\n");
    expect(stderr).toContain('internal error while checking a.c:\nTypeError: a defect');
  });
});

describe('check', () => {
  test('takes the current folder by default, and orders by path and position', async () => {
    const { stdout } = await ritual(['check', '--format', 'concise'], {
      'b.c': 'warning(x);\nerror(y);\n',
      'a/z.h': 'error(z);\n',
      'B.c': 'hint(h);\n',
    });
    expect(stdout).toBe(
      "B.c:1:1: hint: 'h' is freed a second time [double-free]\n" +
        "a/z.h:1:1: error: 'z' is freed a second time [double-free]\n" +
        "b.c:1:1: warning: 'x' is freed a second time [double-free]\n" +
        "b.c:2:1: error: 'y' is freed a second time [double-free]\n",
    );
  });

  test.each(['full', 'concise', 'json', 'sarif'])('%s is the same for paths in any order', async (format) => {
    const files = Object.fromEntries(['c', 'a', 'b', 'd'].map((name) => [`${name}.c`, `error(${name});\nhint(x);\n`]));
    const first = await ritual(['check', '--format', format, 'a.c', 'b.c', 'c.c', 'd.c'], files);
    const shuffled = await again(['check', '--format', format, 'd.c', './b.c', 'a.c', 'b.c', process.cwd()]);
    expect(shuffled.stdout).toBe(first.stdout);
    expect(first.exitCode).toBe(1);
  });

  test('ignore files and the configuration apply to what is found, not to what is named', async () => {
    const files = {
      '.git/HEAD': '',
      '.gitignore': 'ignored.c\n',
      '.ritual.jsonc': '{ "exclude": ["excluded.c", "/sub/"] }',
      'ignored.c': 'error(ignored);\n',
      'excluded.c': 'error(excluded);\n',
      'sub/a.c': 'error(sub);\n',
      'kept.c': 'error(kept);\n',
    };
    const names = (stdout: string) => [...stdout.matchAll(/'(\w+)'/g)].map((match) => match[1]);
    expect(names((await ritual(['check', '--format', 'concise'], files)).stdout)).toEqual(['kept']);
    const named = await again(['check', '--format', 'concise', '.', 'ignored.c', 'excluded.c', 'sub/a.c']);
    expect(names(named.stdout)).toEqual(['excluded', 'ignored', 'kept', 'sub']);
  });

  test('include narrows what is found below a folder', async () => {
    const files = { '.ritual.jsonc': '{ "include": ["src/**"] }', 'src/a.c': 'hint(a);\n', 'b.c': 'hint(b);\n' };
    const { stdout } = await ritual(['check', '--format', 'concise'], files);
    expect(stdout).toContain('src/a.c');
    expect(stdout).not.toContain('b.c');
  });

  test("each file's own workspace informs, or the one that is named", async () => {
    FakeProject.indexed.length = 0;
    const files = {
      '.git/HEAD': '',
      'a/x.c': '',
      'b/.ritual.jsonc': '{}',
      'b/y.c': '',
      'b/z.h': '',
    };
    await ritual(['check', 'b/y.c'], files);
    const indexed = () => FakeProject.indexed.splice(0).map((file) => path.relative(process.cwd(), file));
    expect(indexed()).toEqual(['b/y.c', 'b/z.h']);
    await again(['check', 'a/x.c']);
    expect(indexed()).toEqual(['a/x.c', 'b/y.c', 'b/z.h']);
    await again(['check', '--workspace', 'a', 'b/y.c']);
    expect(indexed()).toEqual(['a/x.c']);
  });

  test('names what it cannot read, and checks the rest', async () => {
    process.chdir(temporaryFolder({ 'a.c': 'error(p);\n' }));
    fs.symlinkSync('broken', 'broken.c');
    execFileSync('mkfifo', ['fifo.c']);
    fs.writeFileSync('huge.c', '');
    fs.truncateSync('huge.c', 40 * 1024 * 1024);
    const { exitCode, stdout, stderr } = await again(['check', '--format', 'concise', '.', 'fifo.c']);
    expect(exitCode).toBe(2);
    expect(stdout).toContain('a.c:1:1');
    expect(stderr.trim().split('\n')).toEqual([
      'ritual: broken.c: no such file or folder',
      'ritual: fifo.c: is not a regular file',
      'ritual: huge.c: is larger than 32 MiB',
    ]);
  });

  test('says so when a folder holds nothing to check', async () => {
    expect(await ritual(['check'], { 'a.txt': '' })).toMatchObject({
      exitCode: 0,
      stdout: 'No findings in 0 files.\n',
      stderr: 'ritual: .: no C sources found\n',
    });
  });

  test('counts on standard error', async () => {
    const outcome = await ritual(['check', '--format', 'concise', '--statistics'], { 'a.c': 'hint(a);\nhint(b);\n' });
    expect(outcome.stderr).toBe(
      '2  double-free\n2  findings in 1 of 1 file, 0 fixable\n3  functions\n1  of them partly not understood\n',
    );
    expect(outcome.stdout.split('\n')).toHaveLength(3);
  });

  test('uses colours when told to, or when the environment says so', async () => {
    expect((await ritual(['check', '--color'], { 'a.c': 'error(p);\n' })).stdout).toContain('\x1b[');
    expect((await again(['check'])).stdout).not.toContain('\x1b[');
    vi.stubEnv('FORCE_COLOR', '1');
    vi.stubEnv('NO_COLOR', '');
    expect((await again(['check'])).stdout).toContain('\x1b[');
    expect((await again(['check', '--no-color'])).stdout).not.toContain('\x1b[');
    vi.stubEnv('NO_COLOR', '1');
    expect((await again(['check'])).stdout).not.toContain('\x1b[');
    vi.unstubAllEnvs();
  });
});

describe('--fix', () => {
  test('repairs what is safe, tells what is left, and changes nothing the second time', async () => {
    const text = 'a;\r\nfixable(p);\r\nerror(q);\r\nfixable(r);\r\n// \xfc\r\n';
    const outcome = await ritual(['check', '--fix', '--format', 'concise'], { 'a.c': Buffer.from(text, 'latin1') });
    expect(outcome).toEqual({
      exitCode: 1,
      stdout: "a.c:2:1: error: 'q' is freed a second time [double-free]\n",
      stderr: 'ritual: fixed 2 findings\n',
    });
    const repaired = Buffer.from('a;\r\nerror(q);\r\n// \xfc\r\n', 'latin1');
    expect(fs.readFileSync('a.c').equals(repaired)).toBe(true);
    const { mtimeNs, ino } = fs.statSync('a.c', { bigint: true });
    expect((await again(['check', '--fix'])).stderr).toBe('');
    expect(fs.statSync('a.c', { bigint: true })).toMatchObject({ mtimeNs, ino });
  });

  test('exits 0 when nothing is left', async () => {
    expect((await ritual(['check', '--fix'], { 'a.c': 'fixable(p);\nfixable(q);\n' })).exitCode).toBe(0);
    expect(fs.readFileSync('a.c', 'utf8')).toBe('');
  });

  test('takes back a repair that repairs nothing', async () => {
    const outcome = await ritual(['check', '--fix', '--format', 'concise'], { 'a.c': 'again(p);\n' });
    expect(outcome).toMatchObject({ exitCode: 1, stderr: '' });
    expect(fs.readFileSync('a.c', 'utf8')).toBe('again(p);\n');
  });
});

describe('--diff', () => {
  test('prints a patch that applies, and writes nothing', async () => {
    const before = 'a;\nfixable(p);\nhint(q);\n';
    const { exitCode, stdout } = await ritual(['check', '--diff'], { 'sub/a b.c': before, 'c.c': 'hint(x);\n' });
    expect(exitCode).toBe(1);
    expect(fs.readFileSync('sub/a b.c', 'utf8')).toBe(before);
    expect(parsePatch(stdout)).toMatchObject([{ oldFileName: 'a/sub/a b.c', newFileName: 'b/sub/a b.c' }]);
    expect(applyPatch(before, stdout)).toBe('a;\nhint(q);\n');
  });

  test('prints nothing when there is nothing to repair', async () => {
    expect((await ritual(['check', '--diff'], { 'a.c': 'error(p);\n' })).stdout).toBe('');
  });
});

describe('the other commands', () => {
  test('rules lists them, as text and as JSON', async () => {
    const text = await ritual(['rules']);
    expect(text.stdout).toMatch(/^double-free +error {3,}Memory is freed a second time on one path\. \(CWE-415\)$/m);
    const list = JSON.parse((await ritual(['rules', '--format', 'json'])).stdout);
    expect(list.map((rule: { id: string }) => rule.id)).toContain('missing-null-check');
    expect(list[0].url).toMatch(/^https:/);
  });

  test('health sums up', async () => {
    const files = { 'a.c': '', 'b.c': '' };
    const { stdout, exitCode } = await ritual(['health', '.', '--format', 'json'], files);
    expect(exitCode).toBe(0);
    const cause = { line: 2, function: 'f', kind: 'not-understood', text: 'int x y;' };
    expect(JSON.parse(stdout)).toEqual({
      files: 2,
      functions: 6,
      functionsWithErrors: 2,
      functionsIncomplete: 0,
      bytesBlanked: 14,
      causes: [
        { file: 'a.c', ...cause },
        { file: 'b.c', ...cause },
      ],
    });
    const text = (await again(['health', '.'])).stdout;
    expect(text).toContain('partly not understood  2 (33.33 %)');
    expect(text).toContain('b.c:2: f: not understood: int x y;\n');
  });

  test('debug shows the tokens', async () => {
    const { stdout } = await ritual(['debug', '--dump', 'tokens', 'a.c'], { 'a.c': '#define A\nint x;' });
    expect(stdout).toContain('1:1\tdirective\t"#define A"\n2:1\tidentifier\t"int"\n');
  });

  test.each([
    ['ir', 'function f('],
    ['cfg', 'digraph "f"'],
    ['states', 'exit 0 at '],
  ])('debug shows the %s of every function', async (dump, expected) => {
    const { stdout, exitCode } = await ritual(['debug', '--dump', dump, 'a.c'], {
      'a.c': 'int f(int a) { return a; }\n',
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(expected);
  });

  test('--version and --help go to standard output', async () => {
    expect(await ritual(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
    expect(await ritual(['check', '--help'])).toMatchObject({ exitCode: 0, stderr: '' });
  });
});
