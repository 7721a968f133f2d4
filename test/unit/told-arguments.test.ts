import { expect, test } from 'vitest';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { testGrammar } from '../support/grammar.ts';

/* What a callee does for the arguments that a call tells it is asked again when that may have changed. */

const callee = 'void end(char *text, int flags)\n{\n    if (flags & 2)\n        free(text);\n}\n';
const other = 'void visit(void (*each)(void *), void *item)\n{\n    each(item);\n}\n';
const caller = [
  'void end(char *text, int flags);',
  'void visit(void (*each)(void *), void *item);',
  'static void (*const table[])(void *) = { free };',
  'void tell(char *text)',
  '{',
  '    end(text, 6);',
  '    free(text);',
  '}',
  'void call(char *text)',
  '{',
  '    visit(free, text);',
  '    free(text);',
  '}',
  'void look_up(char *text)',
  '{',
  '    table[0](text);',
  '    free(text);',
  '}',
].join('\n');

async function linesAfter(file: string, before: string, after: string): Promise<number[]> {
  const texts = new Map([
    ['/w/callee.c', `#include <stdlib.h>\n${callee}${other}`],
    ['/w/caller.c', `#include <stdlib.h>\n${caller}`],
  ]);
  const grammar = await testGrammar();
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: (name) => texts.get(name) });
  for (const [name, text] of texts) project.openDocument(name, text);
  expect((await project.check('/w/caller.c')).findings.map(({ rule }) => rule)).toEqual(Array(3).fill('double-free'));
  const start = texts.get(file)!.indexOf(before);
  project.changeDocument(file, { range: { start, end: start + before.length }, newText: after });
  const checked = await project.check('/w/caller.c');
  return checked.findings.map(({ range }) => checked.text.slice(0, range.start).split('\n').length);
}

test('the callee does something else with the number', async () => {
  expect(await linesAfter('/w/callee.c', 'flags & 2', 'flags & 1')).toEqual([13, 18]);
});

test('the callee asks for less', async () => {
  expect(await linesAfter('/w/callee.c', 'each(item)', 'each(0)')).toEqual([8, 18]);
});

test('the table holds another function', async () => {
  expect(await linesAfter('/w/caller.c', '= { free }', '= { puts }')).toEqual([8, 13]);
});

test('the caller tells another number', async () => {
  expect(await linesAfter('/w/caller.c', '6', '9')).toEqual([13, 18]);
});

test('long functions are told numbers as well', async () => {
  const steps = Array.from({ length: 40 }, (_, i) => `    if (text[${i}] == ${i}) step(${i});\n`).join('');
  const file = '/w/long.c';
  const text = [
    '#include <stdlib.h>',
    'void step(int number);',
    `char *made(const char *text, int mode)\n{\n    char *new = malloc(9);\n${steps}`,
    '    if (!new && (mode & 1))\n        abort();\n    return new;\n}',
    'void must(const char *text)\n{\n    char *new = made(text, 1);\n    *new = 0;\n    free(new);\n}',
    'void may(const char *text)\n{\n    char *new = made(text, 2);\n    *new = 0;\n    free(new);\n}',
  ].join('\n');
  const grammar = await testGrammar();
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: () => undefined });
  project.openDocument(file, text);
  const { findings } = await project.check(file);
  expect(findings.map(({ rule }) => rule)).toEqual(['missing-null-check']);
  expect(findings[0].range.start).toBeGreaterThan(text.indexOf('void may'));
});
