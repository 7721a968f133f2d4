import { expect, test } from 'vitest';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { Program } from '../../server/src/workspace/program.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { testGrammar } from '../support/grammar.ts';

const text = [
  'void f(char *p)',
  '{',
  '#if defined(TWICE) && TWICE == 1',
  '    free(p);',
  '#endif',
  '    free(p);',
  '}',
  '',
].join('\n');

test('a definition without a value is 1, as on a command line', async () => {
  const grammar = await testGrammar();
  const configuration = { ...defaultConfiguration, defines: { TWICE: null } };
  const project = new Project({ grammar, configuration, readText: () => text });
  const { findings } = await project.check('/defines.c');
  expect(findings.map(({ rule }) => rule)).toEqual(['double-free']);
});

/** The calls in `/w/main.c` that are read, in a workspace of these files. */
async function callsIn(files: Readonly<Record<string, string>>): Promise<string> {
  const grammar = await testGrammar();
  const program = new Program(grammar, defaultConfiguration, (file) => files[file]);
  for (const [file, content] of Object.entries(files)) program.setText(file, content);
  const { source } = program.analysed('/w/main.c')!;
  return [...source.text.matchAll(/\b(?:with|without)_\w+/g)].map(([word]) => word).join(' ');
}

const parameterised = [
  '#ifndef NAME',
  '# include <config.h>',
  '#endif',
  '#include <stdio.h>',
  '#ifndef NAME',
  '# define NAME with_name',
  '# define LIMIT 1',
  '#endif',
  'void f(void)',
  '{',
  '#if LIMIT',
  '    with_limit();',
  '#else',
  '    without_limit();',
  '#endif',
  '#if HAVE_THING',
  '    with_thing();',
  '#else',
  '    without_thing();',
  '#endif',
  '}',
  '#undef NAME',
].join('\n');
const config = '#define HAVE_OTHER 1\n/* #undef HAVE_THING */\n';

test('a name that a file asks of before it includes anything, and gives a value itself, has that value where nobody else defines it', async () => {
  expect(await callsIn({ '/w/config.h': config, '/w/main.c': parameterised })).toBe('with_limit without_thing');
});

test('where another file defines the name, it is not known', async () => {
  const other = '#define NAME wide_name\n#include "main.c"\n';
  const files = { '/w/config.h': config, '/w/main.c': parameterised };
  expect(await callsIn({ ...files, '/w/wide.c': other })).not.toBe(await callsIn(files));
});

test("a name that is asked of behind an include may be the system's", async () => {
  const text =
    '#include <fcntl.h>\n#ifndef O_THING\n#define O_THING 0\n#endif\nvoid f(void) {\n#if O_THING\nwith_thing();\n#else\nwithout_thing();\n#endif\n}\n';
  expect(await callsIn({ '/w/main.c': text })).toBe('with_thing');
  const early = text.replace('#include <fcntl.h>\n', 'int early;\n');
  expect(await callsIn({ '/w/main.c': early })).toBe('without_thing');
});
