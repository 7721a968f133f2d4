import { expect, test } from 'vitest';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { testGrammar } from '../support/grammar.ts';

async function check(text: string) {
  const file = '/w/a.c';
  const project = new Project({
    grammar: await testGrammar(),
    configuration: defaultConfiguration,
    readText: () => text,
  });
  project.indexFile(file, text);
  return project.check(file);
}

const wide = (level: number): string => `#define M${level}(x) ${`M${level - 1}(x), `.repeat(10)}0\n`;
const levels = Array.from({ length: 12 }, (_, i) => wide(i + 1)).join('');

test.each([
  ['a macro in itself', '#define A(x) A(A(x))\nvoid f(char *p) { A(A(p)); free(p); }\n'],
  ['macros in one another', '#define A(x) B(x)\n#define B(x) A(x)\nvoid f(char *p) { A(p); B(p); free(p); }\n'],
  ['ten uses in each of twelve', `${levels}void f(char *p) { M12(p); free(p); }\n`],
  [
    'arguments that double forty times',
    `#define A(x) ((x) ? (x) : 0)\nvoid f(char *p) { ${'A('.repeat(40)}p${')'.repeat(40)}; free(p); }\n`,
  ],
  [
    'definitions that disagree and use one another',
    '#define A(x) B(x)\n#define A(x) free(x)\n#define B(x) A(x)\n#define B(x) 0\nvoid f(char *p) { A(p); B(p); }\n',
  ],
  [
    'an argument pasted into a call of the macro',
    '#define A(x) x ## A(x)\nvoid f(char *p) { A(A); A(+); A(); free(p); }\n',
  ],
  [
    'a statement with a name like a parameter',
    '#define A(x, y) do { y; } while (0)\nint f(int x) { A(1, return x); }\n',
  ],
  [
    'a long argument many times in a statement that is handed on',
    `#define B(b) do { b; } while (0)\n#define A(a) B(if (1) { ${'a; '.repeat(2000)} })\nvoid f(char *p) { A(${'p + '.repeat(20_000)}0); free(p); }\n`,
  ],
  ['headers that include one another', '#include "a.c"\n#include "./a.c"\nvoid f(char *p) { free(p); }\n'],
])('%s', async (_, text) => {
  // Time of the processor, in microseconds: the clock on the wall runs on when the machine is busy with others.
  const start = process.cpuUsage();
  expect((await check(text)).findings).toEqual([]);
  expect(process.cpuUsage(start).user).toBeLessThan(10_000_000);
});

test('behind more macros than are inlined, one more still does what it says', async () => {
  // Each use makes a dozen instructions or so.
  const step = 'do { if (*label) log_step(label, count); count = count + 1; count = count * 2; } while (0)';
  const many = Array.from({ length: 900 }, () => '    STEP(); STEP();\n').join('');
  const text = `#include <stdlib.h>
void log_step(const char *label, int count);
#define STEP() ${step}
#define CLEAN() free(block)
void run(const char *label)
{
    int count = 0;
    char *block = malloc(4);
    if (!block)
        return;
${many}    CLEAN();
}
`;
  expect((await check(text)).findings).toEqual([]);
});
