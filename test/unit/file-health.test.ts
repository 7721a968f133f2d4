import { expect, test } from 'vitest';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { testGrammar } from '../support/grammar.ts';

async function healthOf(text: string) {
  const file = '/w/a.c';
  const project = new Project({
    grammar: await testGrammar(),
    configuration: defaultConfiguration,
    readText: (path) => (path === file ? text : undefined),
  });
  project.indexFile(file, text);
  const { health } = await project.check(file);
  return { ...health, ...project.healthDetails(file) };
}

test('a file that is understood', async () => {
  const health = await healthOf('int f(void)\n{\n    return 1;\n}\n');
  expect(health).toEqual({ functions: 1, functionsWithErrors: 0, functionsIncomplete: 0, bytesBlanked: 0, causes: [] });
});

test('what is not understood is named, with its line', async () => {
  const { causes, ...counts } = await healthOf('void f(void)\n{\n    int a = ;\n}\nvoid g(void) { }\n');
  expect(counts).toEqual({ functions: 2, functionsWithErrors: 1, functionsIncomplete: 0, bytesBlanked: 0 });
  expect(causes).toEqual([{ file: '/w/a.c', line: 3, function: 'f', kind: 'not-understood', text: 'int a = ;' }]);
});

test("what is taken out of a function's body counts in bytes, branches that are not compiled do not", async () => {
  const annotated = 'void f(int n)\n{\n    int m __attribute__((unused));\n#ifdef _WIN32\n    close();\n#endif\n}\n';
  expect((await healthOf(annotated)).bytesBlanked).toBe('__attribute__((unused))'.length);
  expect((await healthOf('void f(int n __attribute__((unused)))\n{\n}\n')).bytesBlanked).toBe(0);
  expect((await healthOf('#define CHECK\nvoid f(void)\n{\n    q = CHECK p;\n}\n')).bytesBlanked).toBe(5);
});

test('what the grammar takes for a declaration, and is none, counts', async () => {
  const { causes, functionsWithErrors } = await healthOf('void f(char *p)\n{\n    MAYBE free(p);\n    free(p);\n}\n');
  expect(functionsWithErrors).toBe(1);
  expect(causes.map(({ line, kind }) => [line, kind])).toEqual([[3, 'not-understood']]);
  // The declaration of a function is one.
  expect((await healthOf('void f(char *p)\n{\n    foo_t g(bar_t);\n    g(p);\n}\n')).causes).toEqual([]);
});

test('assembly clobbers what it mentions, and is understood', async () => {
  expect((await healthOf('void f(int n)\n{\n    asm volatile("inc %0" : "+r"(n));\n}\n')).causes).toEqual([]);
});

test('a function that is not found counts, also where a branch in it is not compiled', async () => {
  const text = 'int f(void)\n{\n#if 0\n    g();\n#endif\n    return ( ] ;\n    } {\n}\n';
  expect((await healthOf(text)).functionsWithErrors).toBeGreaterThan(0);
  expect((await healthOf(`#if 0\n${text.replace(/#.*\n/g, '')}#endif\nint g(int x) { return (x ] ; }`)).functions).toBe(
    1,
  );
});

test('a function that is understood only with its macros written out is understood; the next one goes on as it stands', async () => {
  const defines = '#define ARGS2(list, a, b) (a, b)\n#define OPEN {\n';
  const text = `${defines}int f ARGS2((p, n), char *p, int n)\n{\n    return n;\n}\nint g(int n) { OPEN ) ( ] }\nint h(void) { return 1; }\n`;
  const { functions, functionsWithErrors, causes } = await healthOf(text);
  expect({ functions, functionsWithErrors }).toEqual({ functions: 3, functionsWithErrors: 1 });
  expect(causes.map((cause) => cause.function)).toEqual(['g']);
});

test('statements that are an argument are read in the body of the macro, and count where they are not', async () => {
  const body = 'void f(int n)\n{\n    EACH(n, { g(n); return; });\n}\n';
  const each = '#define EACH(i, code) do { h(i); code; } while (0)\n';
  expect((await healthOf(each + body)).bytesBlanked).toBe(0);
  expect((await healthOf(body)).bytesBlanked).toBeGreaterThan(0);
  // A macro that makes nothing of it does not read it.
  expect((await healthOf(`#define EACH(i, code) h(i)\n${body}`)).bytesBlanked).toBeGreaterThan(0);
  // Nor is what is read what a macro in the body of the macro throws away.
  expect((await healthOf(`#define EACH(i, code) UNKNOWN(code)\n${body}`)).bytesBlanked).toBeGreaterThan(0);
});
