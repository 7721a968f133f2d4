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
