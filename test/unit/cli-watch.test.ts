import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { builtRitual, bundle, environment } from '../support/built-tool.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A process that watches a folder, and what it has printed since the last look. */
class Watching {
  readonly #process: ChildProcess;
  #output = '';
  #errors = '';

  constructor(folder: string, ...options: string[]) {
    this.#process = spawn(process.execPath, [bundle, 'check', '--watch', '--format', 'concise', ...options], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    onTestFinished(() => void this.#process.kill('SIGKILL'));
    this.#process.stdout!.setEncoding('utf8').on('data', (text) => (this.#output += text));
    this.#process.stderr!.setEncoding('utf8').on('data', (text) => (this.#errors += text));
  }

  /** Waits until a round has ended, and gives what it printed. */
  async round(): Promise<{ output: string; errors: string }> {
    while (!this.#errors.includes('Ctrl-C')) await once(this.#process.stderr!, 'data');
    // Standard output is another pipe, and may be behind.
    await new Promise((resolve) => setTimeout(resolve, 200));
    const result = { output: this.#output, errors: this.#errors.replace(/ritual: watching.*\n/g, '') };
    this.#output = '';
    this.#errors = '';
    return result;
  }

  async end(): Promise<{ status: number | null; signal: string | null }> {
    this.#process.kill('SIGINT');
    const [status, signal] = await once(this.#process, 'close');
    return { status, signal };
  }
}

const freesTwice = (name: string) => `#include <stdlib.h>\nvoid ${name}(char *p)\n{\n    free(p);\n    free(p);\n}\n`;
const clean = 'int x;\n';

test('every change is checked, in what it means for all files', async () => {
  const folder = temporaryFolder({
    'a.c': '#include "b.h"\nvoid drop(char *p)\n{\n    put(p);\n    put(p);\n}\n',
    'b.c': '#include "b.h"\nvoid put(char *p)\n{\n}\n',
    'b.h': 'void put(char *p);\n',
  });
  const write = (file: string, text: string) => fs.writeFileSync(path.join(folder, file), text);
  const watching = new Watching(folder);
  expect(await watching.round()).toEqual({ output: '', errors: '' });

  write('b.c', '#include <stdlib.h>\n#include "b.h"\nvoid put(char *p)\n{\n    free(p);\n}\n');
  expect((await watching.round()).output).toMatch(/^a\.c:5:5: error: .*\[double-free\]\n$/);

  write('new.c', freesTwice('late'));
  expect((await watching.round()).output).toMatch(/^a\.c:5:5: .*\nnew\.c:5:5: .*\n$/);

  write('.ritual.jsonc', '{ "exclude": ["a.c"] }');
  expect((await watching.round()).output).toMatch(/^new\.c:5:5: .*\n$/);

  write('.ritual.jsonc', '{ "exclud": ["a.c"] }');
  expect((await watching.round()).errors).toContain('.ritual.jsonc:1:3: unknown key "exclud"; did you mean "exclude"?');

  fs.rmSync(path.join(folder, '.ritual.jsonc'));
  fs.rmSync(path.join(folder, 'new.c'));
  expect((await watching.round()).output).toMatch(/^a\.c:5:5: .*\n$/);

  write('b.c', clean);
  write('a.c', clean);
  expect(await watching.round()).toEqual({ output: '', errors: '' });
  expect(await watching.end()).toEqual({ status: null, signal: 'SIGINT' });
});

test('a folder without sources is watched as well', async () => {
  const folder = temporaryFolder({ 'notes.txt': '' });
  const watching = new Watching(folder);
  expect((await watching.round()).errors).toBe('ritual: .: no C sources found\n');
  fs.writeFileSync(path.join(folder, 'a.c'), freesTwice('first'));
  expect((await watching.round()).output).toMatch(/^a\.c:5:5: /);
});

test.each(['--fix', '--diff', '--write-baseline', '--stdin-filename=a.c'])('cannot be combined with %s', (option) => {
  expect(builtRitual(['check', '--watch', option]).status).toBe(2);
});
