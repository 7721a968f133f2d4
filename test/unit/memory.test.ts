import fs from 'node:fs';
import path from 'node:path';
import v8 from 'node:v8';
import vm from 'node:vm';
import { expect, test } from 'vitest';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { testGrammar } from '../support/grammar.ts';

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

/** Megabytes in use, WebAssembly's memory included: there the syntax trees are. */
function memoryInUse(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

test('thousands of edits leave nothing behind', async () => {
  const file = path.join(import.meta.dirname, '../../examples/ring_buffer.c');
  const text = fs.readFileSync(file, 'utf8');
  const grammar = await testGrammar();
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: () => undefined });
  project.openDocument(file, text);
  let current = text;
  const edit = async (start: number, end: number, newText: string): Promise<void> => {
    project.changeDocument(file, { range: { start, end }, newText });
    current = current.slice(0, start) + newText + current.slice(end);
    await project.check(file);
  };
  const type = async (rounds: number, seed: number): Promise<void> => {
    for (let i = 0; i < rounds; i++) {
      const at = (i * 7919 + seed) % text.length;
      // New names, new macros and broken braces, each taken back.
      const typed = [
        `name_${seed}_${i} `,
        `\n#define MACRO_${seed}_${i} (${i})\n`,
        '{',
        '/*',
        `int f_${i}(void) { return 0; }\n`,
      ][i % 5];
      await edit(at, at, typed);
      await edit(at, at + typed.length, '');
      expect(current).toBe(text);
    }
  };
  await type(150, 1);
  const before = memoryInUse();
  await type(400, 2);
  expect(memoryInUse() - before).toBeLessThan(4);
}, 120_000);

test('a text that was edited does not stay for the sake of the names in it', async () => {
  const grammar = await testGrammar();
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: () => undefined });
  const functions = Array.from(
    { length: 400 },
    (_, i) => `
struct record_of_some_kind_${i} { char *text_of_the_record_${i}; int number_of_uses; };
#define SIZE_OF_THE_RECORD_${i} (${i} + 1)
int function_with_a_long_name_${i}(struct record_of_some_kind_${i} *record_with_a_name) {
    char *memory_of_the_function = malloc(SIZE_OF_THE_RECORD_${i});
    if (!memory_of_the_function) return -1;
    record_with_a_name->text_of_the_record_${i} = memory_of_the_function;
    return 0;
}
`,
  );
  const text = `/*${'the file is long '.repeat(20_000)}*/\n#include <stdlib.h>\n${functions.join('')}`;
  project.openDocument('/long.c', text);
  await project.check('/long.c');
  let current = text;
  const edit = async (behind: string, newText: string): Promise<void> => {
    const at = current.indexOf(behind) + behind.length;
    project.changeDocument('/long.c', { range: { start: at, end: at }, newText });
    current = current.slice(0, at) + newText + current.slice(at);
    await project.check('/long.c');
  };
  const editAll = async (from: number, to: number): Promise<void> => {
    for (let i = from; i < to; i++) {
      // In a body, in a structure, in a macro, and between two functions: what is typed stays.
      await edit(`memory_of_the_function = malloc(SIZE_OF_THE_RECORD_${i}`, ` + size_of_something_else_${i}`);
      await edit(`struct record_of_some_kind_${i} {`, ` char *other_text_of_the_record_${i};`);
      await edit(`#define SIZE_OF_THE_RECORD_${i}`, ` + SIZE_OF_THE_OTHER_RECORD_${i}`);
      await edit('#include <stdlib.h>\n', `int other_function_with_a_name_${i}(void);\n`);
    }
  };
  await editAll(0, 5);
  const before = memoryInUse();
  await editAll(5, 35);
  // Each of the 120 texts has more than half a megabyte.
  expect(text.length).toBeGreaterThan(500_000);
  expect(memoryInUse() - before).toBeLessThan(8);
}, 120_000);

test('what is checked beyond the index leaves the index when it is given up', async () => {
  const grammar = await testGrammar();
  const padding = `/*${' '.repeat(250_000)}*/\n`;
  const count = 115;
  const readText = (file: string): string | undefined => {
    const number = /^\/tree\/(\d+)\.c$/.exec(file)?.[1];
    return number === undefined ? undefined : `${padding}void drop_${number}(char *p) { free(p); }\n`;
  };
  const project = new Project({ grammar, configuration: defaultConfiguration, readText });
  project.indexIsPartial();
  const callsOf = (number: number): string => `void f${number}(char *p) { drop_${number}(p); drop_${number}(p); }\n`;
  project.openDocument('/tree/user.c', callsOf(0) + callsOf(count - 1));
  for (let number = 0; number < count; number++) await project.check(`/tree/${number}.c`);
  expect(project.isIndexed('/tree/0.c')).toBe(false);
  const { findings } = await project.check('/tree/user.c');
  expect(project.isIndexed('/tree/user.c')).toBe(true);
  expect(findings.map(({ rule, functionName }) => `${rule} in ${functionName}`)).toEqual([
    `double-free in f${count - 1}`,
  ]);
}, 120_000);
