import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { root } from './support/paths.ts';
import { run, runSuccessfully } from './support/run.ts';

const examples = path.join(root, 'examples');
const programs = fs.readdirSync(examples).filter((file) => file.endsWith('.c'));
const compile = (program: string, folder: string) =>
  runSuccessfully('gcc', ['-Wall', '-Wextra', '-Werror', '-fsyntax-only', program], { cwd: folder });

test('there are examples', () => {
  expect(programs.length).toBeGreaterThanOrEqual(4);
});

// They show flaws that a compiler accepts, so that is what they must be.
test.each(programs)('%s compiles without a warning', async (program) => {
  await compile(program, examples);
});

test.each(programs)('%s compiles without a warning after its repairs', async (program) => {
  const folder = temporaryFolder({ [program]: fs.readFileSync(path.join(examples, program)) });
  const cli = path.join(root, 'dist/cli.js');
  const { errors } = await run(process.execPath, [cli, 'check', '--fix', program], { cwd: folder });
  expect(errors).toMatch(/fixed \d+ finding/);
  await compile(program, folder);
});

test('what AddressSanitizer stops runs to its end after the repairs', async () => {
  const stopped: string[] = [];
  for (const program of programs) {
    const text = fs.readFileSync(path.join(examples, program));
    const folder = temporaryFolder({ [program]: text });
    const stops = async (): Promise<boolean> => {
      await runSuccessfully('gcc', ['-g', '-fsanitize=address', '-o', 'program', program], { cwd: folder });
      // An answer to whoever asks, and then the end of the input: error paths run, too.
      const { errors } = await run('sh', ['-c', 'echo hello | ASAN_OPTIONS=detect_leaks=0 ./program one two'], {
        cwd: folder,
      });
      return errors.includes('ERROR: AddressSanitizer');
    };
    if (!(await stops())) continue;
    stopped.push(program);
    await run(process.execPath, [path.join(root, 'dist/cli.js'), 'check', '--fix', program], { cwd: folder });
    expect(await stops(), program).toBe(false);
  }
  expect(stopped).toContain('daemon.c');
});
