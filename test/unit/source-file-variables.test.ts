import { expect, test } from 'vitest';
import { readFileVariables } from '../../server/src/source/file-variables.ts';
import { tokenise } from '../../server/src/source/lexer.ts';

function variables(text: string): string[] {
  return readFileVariables(tokenise(text)).map(({ name, isArray }) => (isArray ? `${name}[]` : name));
}

test('plain variables, arrays and their initialisers', () => {
  expect(
    variables('static char pool[64], *next = pool; int a = f(1, 2), b; struct s { int x; } list[2] = { { 1 } };'),
  ).toEqual(['pool[]', 'next', 'a', 'b', 'list[]']);
});

test('declarations from elsewhere', () => {
  expect(variables('extern char buffer[]; extern const struct option *options;')).toEqual(['buffer[]', 'options']);
});

test('functions, prototypes, types and their members are no variables', () => {
  expect(
    variables(
      'int f(int a) { int local[2]; return a; } int g(char b[]); typedef int t[2]; struct s { int m; }; enum e { A };',
    ),
  ).toEqual([]);
});

test('behind a function and between directives a new declaration begins', () => {
  expect(variables('int f(void) { return 1; }\nint one;\n#ifdef X\nint two;\n#endif\nstatic int three[3];')).toEqual([
    'one',
    'two',
    'three[]',
  ]);
});
