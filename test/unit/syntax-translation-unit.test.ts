import { expect, test } from 'vitest';
import { collectFacts } from '../../server/src/source/facts.ts';
import { noMacros } from '../../server/src/source/macros.ts';
import { normalise } from '../../server/src/source/normalise.ts';
import { NodeKind } from '../../server/src/syntax/generated/node-kinds.ts';
import { createParser } from '../../server/src/syntax/grammar.ts';
import { parseMacroBody } from '../../server/src/syntax/macro-body.ts';
import { textOf } from '../../server/src/syntax/syntax-arrays.ts';
import { MAXIMUM_STRETCH, TranslationUnit } from '../../server/src/syntax/translation-unit.ts';
import { testGrammar } from '../support/grammar.ts';

const grammar = await testGrammar();
const parser = createParser(grammar);
const source = (text: string) => normalise(text, noMacros, { defines: {} });
const outline = (unit: TranslationUnit) =>
  unit.items.map(({ kind, name, hasError }) => (hasError ? `${kind} ${name}!` : `${kind} ${name}`).trim());

test('items are functions, declarations and the rest, also inside of extern "C" and #if', () => {
  const unit = TranslationUnit.parse(
    grammar,
    parser,
    source(
      'int x;\nextern "C" {\nint f(void) { return 0; }\n}\n#ifdef A\nint *g(void) { return 0; }\n#else\nint h(void) { return 1; }\n#endif\n',
    ),
  );
  expect(outline(unit)).toEqual(['declaration', 'function f', 'function g', 'function h']);
  const [, f] = unit.items;
  expect(f.arrays.kind[0]).toBe(NodeKind.FunctionDefinition);
  expect(f.arrays.text).toBe('int f(void) { return 0; }');
});

test('an edit keeps the arrays and rewrites of every other item', () => {
  const text = 'int f(void) { return 0; }\nint g(int x UNUSED) { return 1; }\nint h(void) { return 2; }\n';
  const before = TranslationUnit.parse(grammar, parser, source(text));
  const kept = before.items.map((item) => ({ arrays: item.arrays, rewrites: item.rewrites }));
  const after = before.update(source(text.replace('return 0', 'return f() + 1000')));
  expect(outline(after)).toEqual(['function f', 'function g', 'function h']);
  expect(after.items[0].arrays).not.toBe(kept[0].arrays);
  expect(after.items[1].arrays).toBe(kept[1].arrays);
  expect(after.items[1].rewrites).toBe(kept[1].rewrites);
  expect(after.items[2].arrays).toBe(kept[2].arrays);
  expect(after.items[1].rewrites.map(({ start, kind }) => [start, kind])).toEqual([[12, 'annotation']]);
});

test('a function keeps its arrays when the comment in front of it changes', () => {
  const text = 'int x;\n/* gives 0 */\nint f(int x UNUSED) { return 0; }\n';
  const before = TranslationUnit.parse(grammar, parser, source(text));
  const { arrays, rewrites } = before.functionNamed('f')!;
  const after = before.update(source(text.replace('gives 0', 'gives nothing but 0')));
  expect(after.functionNamed('f')?.start).toBe(before.functionNamed('f')!.start + 12);
  expect(after.functionNamed('f')?.arrays).toBe(arrays);
  expect(after.functionNamed('f')?.rewrites).toBe(rewrites);
});

test('an annotation in one function is none of those behind it', () => {
  const text = 'int f(int x UNUSED) { return 0; }\nint g(void) { return 1; }\nint h(int y UNUSED) { return 2; }\n';
  const before = TranslationUnit.parse(grammar, parser, source(text));
  const rewrites = before.items.map((item) => item.rewrites);
  expect(rewrites.map((each) => each.length)).toEqual([1, 0, 1]);
  const after = before.update(source(text.replace('return 0', 'return 1000')));
  expect(after.items[1].rewrites).toBe(rewrites[1]);
  expect(after.items[2].rewrites).toBe(rewrites[2]);
});

test('a broken function does not take the next ones with it', () => {
  const text =
    'int f(void)\n{\n  if (x {\n    ((((\n}\n\nint g(void)\n{\n  return 1;\n}\n\nint h(void)\n{\n  return 2;\n}\n';
  const unit = TranslationUnit.parse(grammar, parser, source(text));
  expect(outline(unit)).toContain('function g');
  expect(outline(unit)).toContain('function h');
});

test('stretches are parsed alone: what stands in front of a function does not change it', () => {
  const g = 'int g(int x)\n{\n  return x;\n}\n';
  const whole = TranslationUnit.parse(grammar, parser, source(`int f(void)\n{\n  return 0;\n}\n${g}`));
  const broken = whole.update(source(`int f(void)\n{\n  return 0;\n  if (x {\n}\n${g}`));
  expect(broken.functionNamed('g')?.arrays).toBe(whole.functionNamed('g')?.arrays);
  expect(broken.functionNamed('f')?.hasError ?? true).toBe(true);
});

test('an edit that is taken back finds what was there before it', () => {
  const text = 'int f(void)\n{\n  return 0;\n}\nint g(void)\n{\n  return 1;\n}\n';
  const before = TranslationUnit.parse(grammar, parser, source(text));
  const after = before.update(source(text.replace('return 1;', 'retur'))).update(source(text));
  expect(after.functionNamed('g')?.arrays).toBe(before.functionNamed('g')?.arrays);
});

test('a stretch that is too long is given up, and what stands around it is not', () => {
  const long = `int long_one(int x)\n{\n  return ${'x + '.repeat(MAXIMUM_STRETCH / 4)}1;\n}\n`;
  const unit = TranslationUnit.parse(
    grammar,
    parser,
    source(`int f(void)\n{\n  return 0;\n}\n${long}int g(void)\n{\n  return 1;\n}\n`),
  );
  const functions = unit.items.map(({ name, hasError, isTooLong }) => [name, hasError, isTooLong]);
  expect(functions).toEqual([
    ['f', false, false],
    ['long_one', true, true],
    ['g', false, false],
  ]);
  expect(unit.functionNamed('long_one')?.arrays.hasError).toBe(true);
});

test('declarations stand in handfuls, and the head of a K&R definition is not cut', () => {
  const declarations = Array.from({ length: 200 }, (_, i) => `extern int variable_${i};\n`).join('');
  const old = 'int old(a, b)\n  int a;\n  char *b;\n{\n  return a;\n}\n';
  const { stretches, text } = source(`${declarations}${old}int last;\n`);
  expect(stretches.length).toBeGreaterThan(4);
  expect(stretches.length).toBeLessThan(12);
  expect(stretches.at(-1)!.end).toBe(text.length);
  const [definition] = stretches.filter(({ head }) => head >= 0);
  expect(text.slice(definition.head, definition.end)).toBe(old.trimEnd());
});

test('an annotation in front of a definition belongs to it', () => {
  const unit = TranslationUnit.parse(grammar, parser, source('int x;\n__attribute__((noreturn)) void die(void) { }\n'));
  const [rewrite] = unit.items[1].rewrites;
  expect(rewrite.meaning).toEqual({ kind: 'noreturn' });
  expect(unit.items[1].arrays.text.slice(rewrite.targets?.[0])).toMatch(/^die/);
});

test.each([
  ['#define M(p) ((p) ? (p)->n : 0)', 'expression', '((p) ? (p)->n : 0)'],
  ['#define M(p) do { free(p); (p) = NULL; } while (0)', 'statements', ''],
  ['#define M(p) if (!(p)) return -1', 'statements', ''],
  ['#define M(p) { free(p); }', 'statements', ''],
  ['#define M(p) free(p); p = NULL', 'statements', ''],
  ['#define M(p) ({ int x = f(p); x; })', 'expression', '({ int x = f(p); x; })'],
  ['#define M(a, l) for ((a) = (l); (a); (a) = (a)->n)', 'head', ''],
  ['#define M(a, l) for ((a) = (l); (a); (a) = (a)->n) if ((a)->x)', 'head', ''],
  ['#define M(x) if (!(x)) {} else', 'head', ''],
  ['#define M(fmt, ...) log(fmt, ##__VA_ARGS__)', 'expression', 'log(fmt, __VA_ARGS__)'],
  ['#define M(x) x##_free(#x)', 'expression', 'x_free("")'],
  ['#define M {', undefined, ''],
  ['#define M', undefined, ''],
])('the body of %s', (text, kind, expected) => {
  const body = parseMacroBody(grammar, parser, collectFacts('a.h', text).macros[0]);
  expect(body?.kind).toBe(kind);
  if (body !== undefined && expected !== '') expect(textOf(body.arrays, body.body)).toBe(expected);
});
