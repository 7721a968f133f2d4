import fs from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { Program } from '../../server/src/workspace/program.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { testGrammar } from '../support/grammar.ts';

/* A check that an editor waits for stops between functions, also where one leads to the next through many files. */

const grammar = await testGrammar();
const folder = path.join(import.meta.dirname, '../../examples');
const examples = fs.readdirSync(folder).filter((name) => name.endsWith('.c'));

afterEach(() => {
  vi.restoreAllMocks();
});

/** Every look at the clock is a second later than the one before, so that no time is ever enough. */
function hurry(): void {
  let now = performance.now();
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 1000));
}

function projectOf(texts: ReadonlyMap<string, string>): Project {
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: (file) => texts.get(file) });
  for (const [file, text] of texts) project.indexFile(file, text);
  return project;
}

/** One function in each file, which hands its pointer to that of the next one; the last one frees it. */
function chain(length: number): Map<string, string> {
  const texts = new Map<string, string>();
  for (let i = 0; i < length; i++) {
    const next = i + 1 < length ? `pass_${i + 1}(p)` : 'free(p)';
    texts.set(`/w/file${i}.c`, `void pass_${i + 1}(char *p);\nvoid pass_${i}(char *p)\n{\n    ${next};\n}\n`);
  }
  return texts.set('/w/main.c', 'void pass_0(char *p);\nvoid f(char *p)\n{\n    pass_0(p);\n    free(p);\n}\n');
}

test.each(examples)('%s: what is found does not depend on interruptions', async (name) => {
  const texts = new Map([[`/w/${name}`, fs.readFileSync(path.join(folder, name), 'utf8')]]);
  const [file] = texts.keys();
  const { findings } = await projectOf(texts).check(file);
  expect(findings).not.toEqual([]);
  hurry();
  expect((await projectOf(texts).check(file, new AbortController().signal)).findings).toEqual(findings);
});

test('a chain of calls through many files is followed to its end, a piece at a time', async () => {
  const texts = chain(30);
  const expected = (await projectOf(texts).check('/w/main.c')).findings;
  expect(expected.map(({ rule }) => rule)).toEqual(['double-free']);
  hurry();
  const attempt = vi.spyOn(Program.prototype, 'attempt');
  const project = projectOf(texts);
  const { findings } = await project.check('/w/main.c', new AbortController().signal);
  expect(findings).toEqual(expected);
  expect(attempt.mock.results.filter(({ value }) => value === undefined).length).toBeGreaterThan(30);

  // And again after an edit, when the first answer is told before the chain is followed anew.
  project.openDocument('/w/file29.c', texts.get('/w/file29.c')!.replace('free(p)', 'f(p)'));
  const first = vi.fn();
  const later = await project.check('/w/main.c', new AbortController().signal, first);
  expect(later.findings).toEqual([]);
  expect(first).toHaveBeenCalledOnce();
});

test('a newer version ends it in the middle', async () => {
  const texts = chain(30);
  hurry();
  const attempt = vi.spyOn(Program.prototype, 'attempt');
  const controller = new AbortController();
  const check = projectOf(texts).check('/w/main.c', controller.signal);
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort(new Error('newer'));
  await expect(check).rejects.toThrow('newer');
  expect(attempt.mock.calls.length).toBeLessThan(20);
});
