import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { root } from './support/paths.ts';
import { run } from './support/run.ts';

test('git applies the patch of --diff, and then nothing is left to repair', async () => {
  const twice = 'void drop(char *p)\n{\n    free(p);\n    free(p);\n}\n';
  const folder = temporaryFolder({
    'lib/two words.c': `#include <stdlib.h>\n\n${twice}`,
    'a\nb\t"c".c': `#include <stdlib.h>\n\n${twice}`,
    'größe.c': `#include <stdlib.h>\n\n${twice}`,
    'windows.c': `#include <stdlib.h>\r\n\r\n${twice.replaceAll('\n', '\r\n')}`,
    'last.c': `#include <stdlib.h>\n\n${twice.trimEnd()}`,
    'clean.c': 'int main(void) { return 0; }\n',
  });
  const before = fs.readFileSync(path.join(folder, 'windows.c'), 'utf8');
  const check = (...options: string[]) =>
    run(process.execPath, [path.join(root, 'dist/cli.js'), 'check', ...options], { cwd: folder });

  const { status, output, errors } = await check('--diff');
  expect({ status, errors }).toEqual({ status: 1, errors: '' });
  expect(fs.readFileSync(path.join(folder, 'windows.c'), 'utf8')).toBe(before);
  const { error, stderr } = spawnSync('git', ['apply', '-'], { cwd: folder, input: output, encoding: 'utf8' });
  if (error) throw error;
  expect(stderr).toBe('');
  for (const file of ['lib/two words.c', 'a\nb\t"c".c', 'größe.c', 'windows.c', 'last.c']) {
    expect(fs.readFileSync(path.join(folder, file), 'utf8').split('free(p)')).toHaveLength(2);
  }
  expect(fs.readFileSync(path.join(folder, 'windows.c'), 'utf8')).not.toMatch(/[^\r]\n/);
  expect((await check()).output).toBe('No findings in 6 files.\n');
});
