import { expect, test } from 'vitest';
import { normaliseCondition } from '../../server/src/source/conditions.ts';
import { collectFacts } from '../../server/src/source/facts.ts';
import { macroShape } from '../../server/src/source/macro-shapes.ts';
import { macroLookup } from '../../server/src/source/macros.ts';

test('the facts of a file', () => {
  const text = `#include "a.h"
#include <b.h>
#if defined(X) && !defined(Y)
#define FREE(ctx, p, ...) do { free(p); /* now */ \\
  (p) = NULL; } while (0)
#endif
typedef struct node node_t;
typedef int (*callback)(void *);
/* a comment */
API void *make(node_t *n, ...) PURE;
static int use(node_t *n)
{
  return go(n->next, n->value) + CHECK(1);
}
char *old(a, b) int a; char *b; { return b; }
`;
  const facts = collectFacts('x.c', text);
  expect(facts.includes.map(({ path, isQuoted }) => [path, isQuoted])).toEqual([
    ['a.h', true],
    ['b.h', false],
  ]);
  const [free] = facts.macros;
  expect([free.name, free.parameters, free.isVariadic, free.condition]).toEqual([
    'FREE',
    ['ctx', 'p', '__VA_ARGS__'],
    true,
    'defined(X)&&!defined(Y)',
  ]);
  expect(free.body.replace(/\s+/g, ' ')).toBe('do { free(p); (p) = NULL; } while (0)');
  expect(facts.typedefs).toEqual(['node_t', 'callback']);
  expect(facts.prototypes.map(({ name, parameterCount, isVariadic }) => [name, parameterCount, isVariadic])).toEqual([
    ['make', 1, true],
  ]);
  expect(facts.prototypes[0].words).toContain('PURE');
  expect(facts.functions.map(({ name, isStatic, parameterCount }) => [name, isStatic, parameterCount])).toEqual([
    ['use', true, 1],
    ['old', false, 2],
  ]);
  expect(facts.functions[0].calls).toEqual(['go', 'CHECK']);
  expect(text.slice(facts.functions[0].start, facts.functions[0].bodyStart)).toBe('static int use(node_t *n)\n');
  expect(text[facts.functions[1].bodyEnd - 1]).toBe('}');
  expect(facts.fields).toEqual(['next', 'value']);
});

test.each([
  ['X', 'X'],
  ['defined X', 'defined(X)'],
  ['! defined ( X )', '!defined(X)'],
  ['!(!X)', 'X'],
  ['(A) && (B || C)', 'A&&(B||C)'],
  ['A  >=  0x10', 'A>=0x10'],
  ['__has_include( <x.h> )', '__has_include(<x.h>)'],
  ['&&', '&&'],
])('the normal form of %s is %s', (text, expected) => {
  expect(normaliseCondition(text)).toBe(expected);
});

test.each([
  ['#define M', 'annotation'],
  ['#define M __attribute__((unused))', 'annotation'],
  ['#define M static inline', 'annotation'],
  ['#define M unsigned long', 'type'],
  ['#define M (struct s *)', 'cast'],
  ['#define M "x"', 'string'],
  ['#define M(x) #x', 'string'],
  ['#define M(x) for (; x; x = x->n)', 'iteration'],
  ['#define M(x) if (x) {} else', 'condition'],
  ['#define M(x) do { free(x); } while (0)', 'statement'],
  ['#define M(x) if (!x) return', 'statement'],
  ['#define M(x) static int x = 1', 'declaration'],
  ['#define M(x) x', 'argument'],
  ['#define M(x) ((x) + 1)', 'expression'],
  ['#define M {', 'fragment'],
  ['#define M &&', 'substitution'],
])('the shape of %s is %s', (text, role) => {
  expect(macroShape('M', macroLookup(collectFacts('a.h', text).macros))?.role).toBe(role);
});

test('a parameter used as a type is known', () => {
  const facts = collectFacts(
    'a.h',
    '#define NEW(ctx, T) ((T *)alloc(ctx, sizeof(T)))\n#define NEW2(c, U) NEW(c, U)\n#define ADD(a, b) ((a) + (b))\n',
  );
  const lookup = macroLookup(facts.macros);
  expect(macroShape('NEW', lookup)?.typeParameters).toEqual([false, true]);
  expect(macroShape('NEW2', lookup)?.typeParameters).toEqual([false, true]);
  expect(macroShape('ADD', lookup)?.typeParameters).toEqual([false, false]);
});

test('a macro that uses itself ends', () => {
  const lookup = macroLookup(collectFacts('a.h', '#define A A B A B\n#define B A A A\n').macros);
  expect(macroShape('A', lookup)).toBeDefined();
});
