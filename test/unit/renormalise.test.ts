import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { collectFacts, type SourceFacts } from '../../server/src/source/facts.ts';
import { factsAfterEdit } from '../../server/src/source/facts-after-edit.ts';
import { scanTokens, type Tokens } from '../../server/src/source/lexer.ts';
import { macroLookup } from '../../server/src/source/macros.ts';
import { type NormalisedSource, normalise } from '../../server/src/source/normalise.ts';
import { renormalise } from '../../server/src/source/renormalise.ts';
import { retokeniseChange, type TokenSplice } from '../../server/src/source/retokenise.ts';
import { editedTexts, randomNumbers } from '../support/random-edits.ts';

/*
 * After any edit the facts and the normalised text are those of a text that is read from its beginning. The edits are
 * random, but the same on every run.
 */

const folder = path.join(import.meta.dirname, '../../examples');
const examples = fs.readdirSync(folder).filter((name) => name.endsWith('.c'));
const options = { defines: {} };
const file = '/w/a.c';

/** Annotations, macros of all kinds, groups in and around functions, K&R heads, and code in a C++ frame. */
const mixture = `
#ifndef MIXTURE_H
#define MIXTURE_H
#include <stdlib.h>
#ifdef __cplusplus
extern "C" {
#endif
#define UNUSED __attribute__((unused))
#define EACH(i, n) for (int i = 0; i < (n); i++)
#define CHECK(p) do { if (!(p)) return -1; } while (0)
#define TEST(name) void test_##name(void)
#define CAST (char *)

struct entry { struct entry *next; char *name; union { int number; void *data; } value; };
typedef struct entry entry_t;
enum colour { RED = 1, GREEN };

static UNUSED int first(struct entry *e, int n)
{
    EACH(i, n) {
        CHECK(e)
        e = e->next;
    }
    char *q = CAST e->value.data;
#ifdef TRACE
    free(q);
#else
    q = NULL;
#endif
    return n;
}

#if defined(SMALL)
int second(a, b) int a; char *b; {
    return a;
}
#elif defined(LARGE)
int second(int a, char *b)
{
    struct local { int x; } l = { a };
    return l.x;
}
#endif

TEST(third)
{
    switch (RED) {
    case 1 ... 5:
        break;
    }
    void *p = malloc(sizeof(entry_t));
    if (p) { free(p);
}
    goto end;
end:
}

void fourth(void *memory more_parameters, int n)
{
    int i;
    for (i = 0; i < n; i++)
        n--;
    free(memory);
}

#ifdef __cplusplus
}
#endif
#endif
`;

interface Read {
  readonly tokens: Tokens;
  readonly facts: SourceFacts;
  readonly source: NormalisedSource;
}

function compareAll(text: string, seed: number, edits: number): { taken: number } {
  let taken = 0;
  let before: Read | undefined;
  const read = (next: string): void => {
    const anew = scanTokens(next);
    const { tokens, splice } = before
      ? retokeniseChange(before.tokens, next)
      : { tokens: anew, splice: undefined as TokenSplice | undefined };
    const known = before && splice && factsAfterEdit(before.facts, splice, tokens);
    const facts = collectFacts(file, next, tokens);
    if (known) {
      taken++;
      expect(known.facts).toEqual(facts);
      const { functions, ...others } = before!.facts;
      if (known.isSame) {
        expect(facts.functions.map(({ calls }) => calls)).toEqual(functions.map(({ calls }) => calls));
        expect(facts.fields).toEqual(others.fields);
        expect(facts.types).toEqual(others.types);
      }
    }
    const macros = macroLookup(facts.macros);
    const whole = normalise(next, macros, options, anew);
    const source = before ? renormalise(before.source, next, macros, options, tokens, splice) : whole;
    expect(source).toEqual(whole);
    before = { tokens, facts, source };
  };
  read(text);
  for (const next of editedTexts(text, randomNumbers(seed), edits)) if (next !== before!.source.original) read(next);
  return { taken };
}

test('a mixture of everything', () => {
  for (const seed of [1, 2, 3, 4]) compareAll(mixture, seed, 150);
});

test('pointers to allocators', () => {
  const hooks = `static void *(*my_alloc)(size_t n) = malloc;
void set(struct session *s, void *(*given)(size_t), void (*release)(void *))
{
    s->alloc = given ? given : malloc;
    s->free_hook = release; int x = my_alloc == given;
    my_alloc = given;
}
static void (*my_free)(void *) = free;
void *own_alloc(size_t n) { count(n); return malloc(n); }
void own_free(void *p) { if (p) free(p); }
struct table t = { .alloc = own_alloc, .free = own_free };
`;
  for (const seed of [1, 2, 3]) expect(compareAll(hooks, seed, 150).taken).toBeGreaterThan(5);
});

test('functions between two macros', () => {
  const framed = `#define CASE(name) static void case_##name(void) { setup();
#define END_CASE teardown(); }
CASE(one)
    char *p = malloc(1);
    if (p) { free(p); }
END_CASE
int between(void) { return 1; }
CASE(two) {
#ifdef TRACE
    trace();
#endif
} END_CASE
int behind(void) { return 2; }
`;
  for (const seed of [1, 2, 3, 4]) compareAll(framed, seed, 100);
});

test.each(examples)('%s', (name) => {
  const text = fs.readFileSync(path.join(folder, name), 'utf8');
  expect(compareAll(text, 11, 100).taken).toBeGreaterThan(5);
});

test('macros, braces and comments of a long file, typed key by key and taken back', () => {
  const text = mixture.repeat(6).replaceAll(/\b(first|second|third)\b/g, (name, _, offset) => `${name}_${offset}`);
  let before: Read | undefined;
  const read = (next: string): void => {
    const { tokens, splice } = before
      ? retokeniseChange(before.tokens, next)
      : { tokens: scanTokens(next), splice: undefined };
    const facts = collectFacts(file, next, tokens);
    const macros = macroLookup(facts.macros);
    const whole = normalise(next, macros, options, scanTokens(next));
    const source = before ? renormalise(before.source, next, macros, options, tokens, splice) : whole;
    expect(source).toEqual(whole);
    before = { tokens, facts, source };
  };
  read(text);
  for (const [anchor, typed] of [
    ['e = e->next;', ' e->name[0] = 0;'],
    ['#define CAST (char *)', ' free(x) if'],
    ['EACH(i, n) ', '{ /* more */ ('],
    ['struct local { int x; ', 'int y; }'],
    ['return n;', ' }'],
    ['n--;', ' more_parameters(memory);'],
  ]) {
    const at = text.indexOf(anchor, text.length / 2) + anchor.length;
    for (let i = 1; i <= typed.length; i++) read(text.slice(0, at) + typed.slice(0, i) + text.slice(at));
    for (let i = typed.length - 1; i >= 0; i--) read(text.slice(0, at) + typed.slice(0, i) + text.slice(at));
  }
});
