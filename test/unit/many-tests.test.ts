import { expect, test } from 'vitest';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { testGrammar } from '../support/grammar.ts';

/** What is asked of every test and every call of a function together, and would take minutes without a budget. */
const COUNT = 800;

test.each([
  ['calls out of sight where a test finds NULL', 'if (!p) report@(n); p[@] = 0;'],
  ['calls out of sight where a test finds none', 'if (p) use@(n); p[@] = 0;'],
  ['a pointer set to NULL again and again', 'p = 0; if (n == @) p = find(n); p[@] = 0;'],
])(
  'a function that tests a pointer many times is analysed in seconds, and so are its neighbours: %s',
  async (_, line) => {
    const lines = Array.from({ length: COUNT }, (_, i) => line.replaceAll('@', String(i))).join('\n');
    const twice = '#include <stdlib.h>\nvoid g(char *p) { free(p); free(p); }\n';
    const project = new Project({
      grammar: await testGrammar(),
      configuration: defaultConfiguration,
      readText: () => undefined,
    });
    project.openDocument('/a.c', `${twice}void f(char *p, int n) {\n${lines}\n}\n`);
    const { findings } = await project.check('/a.c');
    expect(findings.map(({ rule, functionName }) => `${rule} in ${functionName}`)).toContain('double-free in g');
  },
  60_000,
);
