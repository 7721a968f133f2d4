import { expect, test } from 'vitest';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
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
