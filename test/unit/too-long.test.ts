import { expect, test } from 'vitest';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { testGrammar } from '../support/grammar.ts';

test('a function too long to be parsed finds nothing and is named; its neighbours are checked', async () => {
  const twice = '#include <stdlib.h>\nvoid g(char *p)\n{\n  free(p);\n  free(p);\n}\n';
  const long = `int f(int x)\n{\n  return ${'x + '.repeat(300_000)}1;\n}\n`;
  const project = new Project({
    grammar: await testGrammar(),
    configuration: defaultConfiguration,
    readText: () => undefined,
  });
  project.openDocument('/a.c', twice + long);
  const { findings, health } = await project.check('/a.c');
  expect(findings.map(({ rule, functionName }) => `${rule} in ${functionName}`)).toEqual(['double-free in g']);
  expect(health).toMatchObject({ functions: 2, functionsWithErrors: 1 });
  expect(project.healthDetails('/a.c').causes).toEqual([
    { file: '/a.c', line: 7, function: 'f', kind: 'too-long', text: 'int f(int x)' },
  ]);
});

test('a place that is cut off where statements nest too deeply is no riddle', async () => {
  // At some level or other the depth that is kept ends within each of these expressions.
  const level = (i: number): string => `if (o->part.kind == ${i} && p[i] > *q) o->part.kind += p[${i}] + *q;\n  else `;
  const chain = Array.from({ length: 300 }, (_, i) => level(i)).join('');
  const text = `#include <stdlib.h>\nvoid f(struct o *o, int *p, int *q, int i)\n{\n  free(o->name);\n  ${chain}return;\n}\n`;
  const project = new Project({
    grammar: await testGrammar(),
    configuration: defaultConfiguration,
    readText: () => undefined,
  });
  project.openDocument('/a.c', text);
  expect((await project.check('/a.c')).findings).toEqual([]);
});
