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

function types(text: string): string[] {
  return readFileVariables(tokenise(text)).map(({ name, type }) => `${name}: ${type}`);
}

test('types, without what says where and how the variable is kept', () => {
  expect(
    types(
      'static const unsigned long count; extern struct list *first, **next, one; char *const words[3]; size_t n = f(2);',
    ),
  ).toEqual([
    'count: unsigned long',
    'first: struct list *',
    'next: struct list **',
    'one: struct list',
    'words: char *',
    'n: size_t',
  ]);
});

test('pointers to arrays', () => {
  expect(types('static int (*pairs)[2], other; table (*rows)[4];')).toEqual([
    'pairs: int []*',
    'other: int',
    'rows: table []*',
  ]);
});

test('behind the body of a structure its name is the type, and no name is none', () => {
  expect(types('struct list { int n; } first, *next; struct { int n; } other; enum { A } kind;')).toEqual([
    'first: struct list',
    'next: struct list *',
    'other: ',
    'kind: ',
  ]);
});

test('of two words one is a macro, which nobody can tell; beside a tag or a basic type it can be told', () => {
  expect(types('EXTERN int count; EXPORT struct list *first; EXPORT list second;')).toEqual([
    'count: int',
    'first: struct list *',
    'second: ',
  ]);
});
