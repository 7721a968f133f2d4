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

/** Calls of allocators that a run lets fail, one each: 0 for none. */
const FAILURES = Array.from({ length: 9 }, (_, i) => i);
/** Longer than the buffers that the programs begin with. */
const INPUT = `name = value\n${'hello '.repeat(120)}\n`;
const wrapped = ['malloc', 'calloc', 'realloc', 'strdup'].map((name) => `-Wl,--wrap=${name}`);
const failing = fs.readFileSync(path.join(root, 'test/system/fixtures/failing-allocators.c'));

/**
 * What the sanitizers say of a program, over runs with and without arguments, in each of which another allocation fails:
 * error paths run, too. Each report by its first line.
 */
async function reportsOf(folder: string, program: string): Promise<string[]> {
  const sources = [program, 'failing-allocators.c'];
  await runSuccessfully('gcc', ['-g', '-fsanitize=address', ...wrapped, '-o', 'program', ...sources], { cwd: folder });
  const reports = new Set<string>();
  for (const given of ['', 'one two', 'input.txt']) {
    for (const failure of FAILURES) {
      const command = `FAIL_AT=${failure} ASAN_OPTIONS=detect_leaks=1 ./program ${given} < input.txt`;
      const { errors } = await run('sh', ['-c', command], { cwd: folder });
      for (const [report] of errors.matchAll(/ERROR: (Address|Leak)Sanitizer: .*/g)) {
        reports.add(report.replace(/0x\w+.*/, '').trim());
      }
    }
  }
  return [...reports];
}

/** Why LeakSanitizer cannot work on this machine (it needs ptrace, which containers may refuse); undefined where it can. */
async function leakSanitizerRefusal(): Promise<string | undefined> {
  const text = '#include <stdlib.h>\nint main(void) { char *volatile p = malloc(10); p = NULL; return p != NULL; }\n';
  const folder = temporaryFolder({ 'leak.c': text });
  await runSuccessfully('gcc', ['-fsanitize=address', '-o', 'leak', 'leak.c'], { cwd: folder });
  const { errors } = await run('./leak', [], { cwd: folder, environment: { ASAN_OPTIONS: 'detect_leaks=1' } });
  return errors.includes('detected memory leaks') ? undefined : errors.trim() || 'it reports nothing of a plain leak';
}

test('what AddressSanitizer and LeakSanitizer report is gone after the repairs', async ({ skip }) => {
  const refusal = await leakSanitizerRefusal();
  if (refusal !== undefined) console.warn(`LeakSanitizer does not work on this machine, leaks are not run: ${refusal}`);
  const before = new Map<string, string[]>();
  for (const program of programs) {
    const folder = temporaryFolder({
      [program]: fs.readFileSync(path.join(examples, program)),
      'failing-allocators.c': failing,
      'input.txt': INPUT,
    });
    before.set(program, await reportsOf(folder, program));
    if (before.get(program)!.length === 0) continue;
    await run(process.execPath, [path.join(root, 'dist/cli.js'), 'check', '--fix', program], { cwd: folder });
    expect(await reportsOf(folder, program), program).toEqual([]);
  }
  const reported = (sanitizer: string): string[] =>
    programs.filter((program) => before.get(program)!.some((report) => report.includes(sanitizer)));
  expect(reported('AddressSanitizer')).toContain('daemon.c');
  if (refusal !== undefined) skip(`LeakSanitizer does not work here: ${refusal}`);
  expect(reported('LeakSanitizer')).toEqual(expect.arrayContaining(['task_queue.c', 'text_buffer.c']));
});
