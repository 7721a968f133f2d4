import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { collectFacts } from '../../server/src/source/facts.ts';
import { tokenise } from '../../server/src/source/lexer.ts';
import { macroLookup, noMacros } from '../../server/src/source/macros.ts';
import { normalise } from '../../server/src/source/normalise.ts';
import { createParser } from '../../server/src/syntax/grammar.ts';
import { TranslationUnit } from '../../server/src/syntax/translation-unit.ts';
import { testGrammar } from '../support/grammar.ts';

/** A program with something of everything that is rewritten. */
const sample = `#include <stdlib.h>
#define FOREACH(x, l) for ((x) = (l); (x); (x) = (x)->next)
#define SAFE_FREE(p) do { free(p); (p) = NULL; } while (0)
#define NEW(ctx, type) ((type *)alloc(ctx, sizeof(type)))
#ifdef __cplusplus
extern "C" {
#endif
API_EXPORT static int handle(struct item *list, const char *name ATTRIBUTE_UNUSED)
{
    _cleanup_free_ char *copy = NULL;
    struct item *each __attribute__((unused)) = NEW(0, struct item *);
    FOREACH(each, list) {
        switch (each->kind) {
        case 1 ... 5: goto out;
        case 'x': CHECK(each)
            break;
        }
#if defined(DEBUG) && !defined(NDEBUG)
        if (each->bad) return -1;
#else
        free(each->data);
#endif
    }
    SAFE_FREE(copy)
    assert_that(1, ==, 2);
    printf("%" PRIu64 "\\n" SUFFIX(x), 1);
out:
    return 0;
}
int old(a, b) int a; char *b; { return a; }
static const struct row table[] = { ROW(1, 2) ROW(3, 4) { 5 } };
#ifdef __cplusplus
}
#endif
`;

const breaks = (text: string): string => text.replace(/[^\r\n]/g, '.');

function check(text: string): void {
  const facts = collectFacts('a.c', text);
  const macros = macroLookup(facts.macros);
  const result = normalise(text, macros, { defines: {} });
  expect(result.text.length).toBe(text.length);
  expect(breaks(result.text)).toBe(breaks(text));
  for (const { start, end } of result.rewrites) {
    expect(start).toBeGreaterThanOrEqual(0);
    expect(end).toBeLessThanOrEqual(text.length);
    expect(start).toBeLessThanOrEqual(end);
  }
}

test('any text keeps its length and its line breaks', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), check), { numRuns: 400 });
});

const fragments = sample.split(/(\W)/).filter((piece) => piece !== '');

test('so do random sequences of pieces of C', () => {
  const pieces = fc.array(
    fc.oneof(fc.constantFrom(...fragments), fc.constantFrom('\n', '\r\n', '\r', '#if X\n', '#else\n', '#endif\n')),
    {
      maxLength: 120,
    },
  );
  fc.assert(
    fc.property(pieces, (words) => check(words.join(''))),
    { numRuns: 400 },
  );
});

test('so does every prefix and every deletion of a program', () => {
  for (let end = 0; end <= sample.length; end += 3) check(sample.slice(0, end));
  fc.assert(
    fc.property(fc.nat(sample.length), fc.nat(200), (from, length) =>
      check(sample.slice(0, from) + sample.slice(from + length)),
    ),
    { numRuns: 300 },
  );
});

test('so do CRLF, lone CR, a byte order mark and Latin-1 text', () => {
  check(sample.replaceAll('\n', '\r\n'));
  check(sample.replaceAll('\n', '\r'));
  check(`\ufeff${sample}`);
  check(sample.replaceAll('name', 'n\xe4me \ufffd'));
});

test('what is normalised stays as it is', () => {
  const once = normalise(sample, macroLookup(collectFacts('a.c', sample).macros), { defines: {} }).text;
  expect(normalise(once, noMacros, { defines: {} }).text).toBe(once);
});

const examples = path.join(import.meta.dirname, '../../examples');

test.each(fs.readdirSync(examples).filter((name) => name.endsWith('.c')))('%s stays as it is normalised', (name) => {
  const text = fs.readFileSync(path.join(examples, name), 'utf8');
  const once = normalise(text, macroLookup(collectFacts(name, text).macros), { defines: {} }).text;
  expect(normalise(once, noMacros, { defines: {} }).text).toBe(once);
});

test('every token of a text is found once, in order', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      const tokens = tokenise(text);
      for (let i = 1; i < tokens.count; i++) expect(tokens.start[i]).toBeGreaterThanOrEqual(tokens.end[i - 1]);
    }),
  );
});

test.each([
  ['a line of 10 MB', 'x + '.repeat(2_500_000)],
  ['100,000 nested parentheses', `int f(void) { return ${'('.repeat(100_000)}1${')'.repeat(100_000)}; }`],
  ['100,000 open braces', `void f(void) ${'{'.repeat(100_000)}`],
  ['20,000 nested groups', `${'#if A\n'.repeat(20_000)}x;\n${'#endif\n'.repeat(20_000)}`],
  ['100,000 annotations', `void f(void) { ${'WORD '.repeat(100_000)} x; }`],
  ['100,000 calls without a semicolon', `void f(void) { ${'WORD(x)\n'.repeat(100_000)} }`],
  ['an unclosed comment', `/* ${'*'.repeat(1_000_000)}`],
  ['a long condition', `#if ${'!'.repeat(100_000)}A\n#endif\n`],
])(
  '%s is survived in a moment',
  (_, text) => {
    // Time of the processor, in microseconds: the clock on the wall runs on when the machine is busy with others.
    const start = process.cpuUsage();
    check(text);
    expect(process.cpuUsage(start).user).toBeLessThan(15_000_000);
  },
  600_000,
);

test('an edit gives what parsing from the beginning gives', async () => {
  const grammar = await testGrammar();
  const parser = createParser(grammar);
  const source = (text: string) => normalise(text, noMacros, { defines: {} });
  const outline = (unit: TranslationUnit) =>
    unit.items.map(({ kind, name, start, end, hasError, rewrites, arrays }) => [
      kind,
      name,
      start,
      end,
      hasError,
      [...arrays.kind],
      rewrites,
    ]);
  fc.assert(
    fc.property(
      fc.nat(sample.length),
      fc.nat(30),
      fc.constantFrom('', ' ', 'x', ';', '{', '}', '\n', '/*', 'free(p);'),
      (at, length, insert) => {
        const edited = sample.slice(0, at) + insert + sample.slice(at + length);
        const before = TranslationUnit.parse(grammar, parser, source(sample));
        const updated = before.update(source(edited));
        const fresh = TranslationUnit.parse(grammar, parser, source(edited));
        expect(outline(updated)).toEqual(outline(fresh));
      },
    ),
    { numRuns: 150 },
  );
  parser.delete();
});
