import { expect, test } from 'vitest';
import { collectFacts } from '../../server/src/source/facts.ts';
import { macroLookup } from '../../server/src/source/macros.ts';
import { normalise } from '../../server/src/source/normalise.ts';
import { createParser } from '../../server/src/syntax/grammar.ts';
import { TranslationUnit } from '../../server/src/syntax/translation-unit.ts';
import { testGrammar } from '../support/grammar.ts';

const source = (text: string, header = '', defines: Record<string, string | null> = {}) =>
  normalise(text, macroLookup(collectFacts('a.c', text).macros, collectFacts('a.h', header).macros), { defines });

const inBody = (text: string, header = ''): string => {
  const wrapped = source(`void f(void) { ${text} }`, header).text;
  return wrapped.slice('void f(void) { '.length, -2);
};

test.each([
  // what, before, after, the header that defines the macros
  [
    'an attribute behind a declarator',
    'char *p __attribute__((unused)) = 0;',
    'char *p                         = 0;',
    '',
  ],
  ['a register by name', 'register int n __asm__("r0") = 1;', 'register int n               = 1;', ''],
  ['an annotation macro', 'char *p UNUSED = 0;', 'char *p        = 0;', '#define UNUSED __attribute__((unused))'],
  ['an annotation that nobody defines', 'int p MAYBE_UNUSED = 0;', 'int p              = 0;', ''],
  ['an automatic pointer', 'g_autoptr(GError) e = NULL;', '          GError* e = NULL;', ''],
  ['a clean-up macro', '_cleanup_free_ char *p = NULL;', '               char *p = NULL;', ''],
  ['a cast macro', 'q = BAD_CAST p;', 'q =          p;', '#define BAD_CAST (xmlChar *)'],
  ['a type as an argument', 'p = NEW(c, struct foo *);', 'p = NEW(c, 0           );', ''],
  ['a type for va_arg', 's = va_arg(ap, const char *);', 's = va_arg(ap, 0           );', ''],
  ['an operator as an argument', 'CHECK(a, ==, b);', 'CHECK(a, 0 , b);', ''],
  ['a statement as an argument', 'TRY(x, return -1);', 'TRY(x, 0        );', ''],
  ['an empty argument', 'CALL(a, , b);', 'CALL(a,0, b);', ''],
  ['a loop head', 'EACH_ITEM(a, b) { g(); }', 'while    (a, b) { g(); }', '#define EACH_ITEM(a, b) for (; a; a = b)'],
  ['a loop head of unknown kind', 'list_walk(a, b) { g(); }', 'while    (a, b) { g(); }', ''],
  ['a loop whose head is all a macro', 'for (EACH(a, b)) g();', 'while    (a, b)  g();', ''],
  ['a loop whose head is all a word', 'for (EVER) { g(); }', 'while(1)   { g(); }', ''],
  ['a conditional head', 'UNLESS(x) g();', 'if    (x) g();', '#define UNLESS(x) if (!(x))'],
  ['a statement macro without a semicolon', 'CHECK(x)\n g();', 'CHECK(x)\n;g();', ''],
  ['a macro at the end of a block', '{ LEAVE }', '{ LEAVE;}', ''],
  ['a case range', 'switch (x) { case 1 ... 5: g(); }', 'switch (x) { case 1      : g(); }', ''],
  ['labels by a macro', 'switch (x) { CASE_BOTH(1): g(); }', 'switch (x) { case     (1): g(); }', ''],
  ['a computed goto', 'goto *table[i];', 'goto  table   ;', ''],
  ['a label before the end', 'out: }', 'out:;}', ''],
  ['a label before the end, without a blank', '{ goto out; out:}', '{ goto ou ; ou:;}', ''],
  [
    'labels before the end, without a blank, that have most letters in common',
    '{ goto e1; { if (x) goto e2; } { if (y) goto ex; } {e1:} {e2:} {ex:} }',
    '{ goto e ; { if (x) goto a ; } { if (y) goto b ; } {e:;} {a:;} {b:;} }',
    '',
  ],
  ['a label that is shorter by a letter a keyword', '{ goto ifs; ifs:}', '{ goto ia ; ia:;}', ''],
  ['a function without a type', 'extern exit();', '              ', ''],
  ['a variable of a thread', 'static _Thread_local int n;', 'static __thread      int n;', ''],
  ['parameters in a macro behind a pointer', 'int (*g) __P((int, char *));', 'int (*g)     (int, char *) ;', ''],
  ['string macros side by side', 'puts("a" STR(x) B(y) "c");', 'puts("a"             "c");', ''],
  ['typeof an expression', 'typeof(a->b) c = 0;', 'typeof(T   ) c = 0;', ''],
  ['auto', 'auto p = g();', 'int  p = g();', ''],
  ['defer', 'defer free(p);', '      free(p);', ''],
  ['defer with parentheses', 'defer(free(p));', '     (free(p));', ''],
  ['a function named defer', 'defer(p);', 'defer(p);', ''],
  [
    'an argument that a macro makes, with its comma',
    'f(CONTEXT x, 1);',
    'f(CONTEXT,x, 1);',
    '#define CONTEXT context,',
  ],
  [
    'the same beside a definition that is nothing',
    'f(CONTEXT x);',
    'f(CONTEXT,x);',
    '#ifdef MANY\n#define CONTEXT context,\n#else\n#define CONTEXT\n#endif',
  ],
  [
    'a limit in front of a format',
    'print(p, LIMIT(n) "%s", s);',
    'print(p, LIMIT(n),"%s", s);',
    '#define LIMIT(n) (n),',
  ],
  [
    'a function with a cast in front of it',
    'PRINT(p, "%s", s);',
    'PRINT(p, "%s", s);',
    '#define VOID (void)\n#define PRINT VOID (print)',
  ],
])('%s', (_, before, after, header) => {
  expect(inBody(before, header)).toBe(after);
});

test.each([
  ['an export macro', 'FOO_API int f(void);', '        int f(void);', ''],
  ['an annotation between type and name', 'int WINAPI f(void) { }', 'int        f(void) { }', ''],
  ['a storage macro', 'LOCAL int f(void) { }', '      int f(void) { }', '#define LOCAL static'],
  [
    'one parameter more in front',
    'int f(FIRST(int x) T *y) { }',
    'int f(      int x, T *y) { }',
    '#define FIRST(p) p,',
  ],
  [
    'a call of something unknown in front of another K&R head',
    'alias (a, b)\nvoid\nf (x, y) int x, y; { }',
    '            \nvoid\nf (x, y) int x, y; { }',
    '',
  ],
  ['one more parameter', 'int f(int x ALSO(T *y)) { }', 'int f(int x ,    T *y ) { }', '#define ALSO(p) , p'],
  ['parameters in a macro', 'int f OF((int x));', 'int f    (int x) ;', '#define OF(args) args'],
  ['a declaration by a macro', 'DEFINE_LIST(int, x)\nint y;', '                   \nint y;', ''],
  ['a definition by a macro', 'TEST_CASE(name) { }', 'void     name() { }', ''],
  ['a K&R definition of a pointer', 'char *f(a) int a; { }', 'char  f(a) int a; { }', ''],
  [
    'a name within a macro',
    'EXPORT(int, f, 2)\n(int x) { }',
    'T           f    \n(int x) { }',
    '#define EXPORT(type, name, n) __typeof__(name) name##_v##n; type name##_v##n',
  ],
  ['all parameters made by a macro', 'static T f NONE\n{ }', 'static T f ()  \n{ }', '#define NONE ()'],
  ['parameters and their types', 'int f SIGNAL { }', 'int f ()     { }', '#define SIGNAL (n) int n;'],
  ['a type declared in front', 'enum { A } f(int x) { }', 'enum { A } f(int x) { }', ''],
  [
    'a call of something unknown in front of a K&R head',
    'alias (a, b)\nstatic int f (x) int x; { }',
    '            \nstatic int f (x) int x; { }',
    '',
  ],
  ['a head in a macro', 'UNUSED(static int f(int x)) { }', '       static int f(int x)  { }', ''],
  ['extern "C"', 'extern "C" {\nint x;\n}', '            \nint x;\n ', ''],
  ['a C23 attribute', '[[nodiscard]] int f(void);', '              int f(void);', ''],
  ['a table made by macros', 'int t[] = { A(1) B(2) };', 'int t[] = { A(1),B(2) };', ''],
  ['a field made by a macro', 'struct s { FIELD(int, x); int y; };', 'struct s {                int y; };', ''],
])('%s at the top level', (_, before, after, header) => {
  expect(source(before, header).text).toBe(after);
});

const resolved = (text: string, defines: Record<string, string | null> = {}): string =>
  source(text, '', defines)
    .text.split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' | ');

test.each([
  ['dead code', '#if 0\nint a;\n#else\nint b;\n#endif\n', 'int b;'],
  ['another language', '#ifdef __cplusplus\nextern "C" {\n#endif\nint a;\n', 'int a;'],
  ['another platform', '#ifdef _WIN32\nint a;\n#else\nint b;\n#endif\n', 'int b;'],
  ['both branches at the top level', '#ifdef X\nint a;\n#else\nint b;\n#endif\n', 'int a; | int b;'],
  ['an in-file define', '#define X 2\n#if X > 1\nint a;\n#else\nint b;\n#endif\n', 'int a;'],
  [
    'a define in a branch that is compiled',
    '#ifdef __linux__\n#if !defined(_WIN32) && __GLIBC__ > 1\n#define X 2\n#else\n#define X 3\n#endif\n#endif\n#if X == 2\nint a;\n#else\nint b;\n#endif\n',
    'int a;',
  ],
  [
    'a default, which the build may say otherwise',
    '#ifndef X\n#define X 2\n#endif\n#if X == 2\nint a;\n#else\nint b;\n#endif\n#ifdef X\nint c;\n#else\nint d;\n#endif\n',
    'int a; | int b; | int c;',
  ],
  [
    'a define that depends',
    '#ifdef Y\n#define X 2\n#endif\n#if X == 2\nint a;\n#else\nint b;\n#endif\n',
    'int a; | int b;',
  ],
  [
    'a choice that touches memory',
    'void f(void) {\n#ifdef X\nfree(p);\n#else\ng();\n#endif\n}',
    'void f(void) { | #ifdef X | free(p); | #else | g(); | #endif | }',
  ],
  [
    'a choice behind a label, without a blank',
    'void f(void) {\nif (a) goto out;\nout:\n#ifdef X\nfree(p);\n#endif\n}',
    'void f(void) { | if (a) goto ou ; | ou:; | #ifdef X | free(p); | #endif | }',
  ],
  [
    'a choice behind a label of one letter, without a blank',
    'void f(void) {\nif (a) goto o;\no:\n#ifdef X\nfree(p);\n#endif\n}',
    'void f(void) { | if (a) goto o; | o: | free(p); | }',
  ],
  [
    'a choice that does not',
    'void f(void) {\n#ifdef X\nx = 1;\n#else\nx = 2;\n#endif\n}',
    'void f(void) { | x = 1; | }',
  ],
  [
    'a branch around else',
    'void f(void) {\nif (a)\ng();\n#ifdef X\nelse if (b)\nfree(p);\n#endif\n}',
    'void f(void) { | if (a) | g(); | else if (b) | free(p); | }',
  ],
  [
    'the same answer to the same question',
    'void f(void) {\n#ifdef X\nif (a) {\n#else\nif (b) {\n#endif\ng();\n#ifndef X\nh(\n#else\ni(\n#endif\n1); }\n}',
    'void f(void) { | if (a) { | g(); | i( | 1); } | }',
  ],
])('conditionals: %s', (_, text, expected) => {
  expect(resolved(text)).toBe(expected);
});

test('the defines of the user answer', () => {
  const text = 'void f(void) {\n#ifdef X\nx = 1;\n#else\nx = 2;\n#endif\n}';
  expect(resolved(text, { X: null })).toContain('x = 2');
  expect(resolved(text, { X: '1' })).toContain('x = 1');
});

test.each([
  ['char *p __attribute__((cleanup(my_free))) = 0;', '', { kind: 'cleanup', function: 'my_free' }, ['p']],
  [
    '_cleanup_(freep) char *p = 0, *q = 0;',
    '#define _cleanup_(f) __attribute__((cleanup(f)))',
    { kind: 'cleanup', function: 'freep' },
    ['p', 'q'],
  ],
  [
    'AUTO char *p = 0;',
    '#define AUTO CLEAN(freep)\n#define CLEAN(f) __attribute__((__cleanup__(f)))',
    { kind: 'cleanup', function: 'freep' },
    ['p'],
  ],
  ['g_autofree char *p = 0;', '', { kind: 'cleanup', function: 'g_free' }, ['p']],
  ['g_autoptr(GError) p = 0;', '', { kind: 'cleanup-type', type: 'GError' }, ['p']],
  ['void die(int) __attribute__((noreturn));', '', { kind: 'noreturn' }, ['die']],
  ['DEAD void die(int x);', '#define DEAD __attribute__((__noreturn__))', { kind: 'noreturn' }, ['die']],
  [
    'void *get(int n) __attribute__((malloc(put, 2)));',
    '',
    { kind: 'malloc', deallocator: 'put', argument: 2 },
    ['get'],
  ],
  ['int f(char *a, char *b) __attribute__((nonnull(1, 2)));', '', { kind: 'nonnull', parameters: [1, 2] }, ['f']],
  ['[[noreturn]] void f(void);', '', { kind: 'noreturn' }, ['f']],
])('the meaning of %s', (text, header, meaning, names) => {
  const { original, rewrites } = source(text, header);
  const rewrite = rewrites.find((each) => each.meaning !== undefined);
  expect(rewrite?.meaning).toEqual(meaning);
  expect(rewrite?.targets?.map((at) => /^\w+/.exec(original.slice(at))?.[0])).toEqual(names);
});

test('snippets of every kind are understood without an error', async () => {
  const grammar = await testGrammar();
  const parser = createParser(grammar);
  const snippets = [
    'int old(a, b) int a; char *b; { return a; }',
    'static inline void *f(void) { asm volatile ("" : : "r"(p) : "memory"); return nullptr; }',
    'void f(void) { if likely(x) g(); else if (unlikely(y)) h(); }',
    'enum { ITEM(a) ITEM(b), c };',
    'void f(void) { x = ({ int y = g(); y; }); }',
    'struct __attribute__((packed)) s { int a:1; };',
    'void f(void) { FOREVER { if (x) break; } }',
    'int f(void) MACRO_A MACRO_B;',
    'void f(void) { call(x IF_FEATURE(, y)); }',
    'void f(void) { int n = sizeof(struct a *); char *s = (char *)BASE; }',
  ];
  for (const snippet of snippets) {
    const unit = TranslationUnit.parse(grammar, parser, source(snippet));
    expect([snippet, unit.items.filter((item) => item.hasError).length]).toEqual([snippet, 0]);
  }
  parser.delete();
});
