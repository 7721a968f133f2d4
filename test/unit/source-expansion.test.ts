import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expandMacros } from '../../server/src/source/expansion.ts';
import { collectFacts } from '../../server/src/source/facts.ts';
import { macroLookup } from '../../server/src/source/macros.ts';

function expansion(defines: string, text: string) {
  const lookup = macroLookup(collectFacts('a.h', defines).macros);
  return expandMacros(text, (name) => lookup.definitionsOf(name)[0]);
}

const expanded = (defines: string, text: string): string | undefined =>
  expansion(defines, text)?.text.replace(/\s+/g, ' ').trim();

test.each([
  // what, the definitions, before, after
  ['a name', '#define N 3', 'a = N;', 'a = 3 ;'],
  ['arguments', '#define ADD(a, b) a + b', 'x = ADD(1, f(2, 3));', 'x = 1 + f ( 2 , 3 ) ;'],
  ['macros in arguments and in bodies', '#define A(x) B(x)\n#define B(x) <x>\n#define C 1', 'A(C)', '< 1 >'],
  ['itself, once', '#define f(x) f(x + 1)', 'f(f(2))', 'f ( f ( 2 + 1 ) + 1 )'],
  ['two in one another, once each', '#define A B c\n#define B A d', 'A', 'A d c'],
  ['a string', '#define S(x) #x', 'S(a "b")', '""'],
  ['pasted names', '#define P(a, b) a ## _ ## b', 'P(get, name)()', 'get_name ()'],
  ['what is pasted is looked at again', '#define P(a) N ## a\n#define N1 one', 'P(1)', 'one'],
  ['variadic arguments', '#define L(f, ...) g(f, __VA_ARGS__)', 'L(1, 2, 3)', 'g ( 1 , 2 , 3 )'],
  ['no variadic arguments', '#define L(f, a...) g(f, ## a)', 'L(1)', 'g ( 1 )'],
  ['a macro that ends in the name of another', '#define A B\n#define B(x) [x]', 'A(1)', '[ 1 ]'],
  [
    'a declarator in parentheses',
    '#define ARGS(x) x',
    'int f ARGS((int a, char *b)) {',
    'int f ( int a , char * b ) {',
  ],
  ['the first branch of a group', '#define N 3', 'a\n#if X\nN\n#else\nM\n#endif\nb', 'a 3 b'],
])('%s', (_, defines, before, after) => {
  expect(expanded(defines, before)).toBe(after);
});

test('what is no use stays', () => {
  expect(expansion('#define F(x) x', 'F = 1; G(2);')).toBeUndefined();
  expect(expansion('#define F(x) x', 'F(1')).toBeUndefined();
});

test('every place is one of the original', () => {
  const text = 'before; SWAP(a, b); after;';
  const { text: made, map } = expansion('#define SWAP(x, y) t = x; x = y; y = t', text)!;
  const placeOf = (word: string) => {
    const at = made.lastIndexOf(word);
    const { start, end } = map.originOf(at, at + word.length);
    return [text.slice(start, end), map.macroAt(at)];
  };
  expect(placeOf('before')).toEqual(['before', '']);
  expect(placeOf('after')).toEqual(['after', '']);
  expect(placeOf('= b')).toEqual(['SWAP(a, b)', 'SWAP']);
  expect(placeOf('t =')).toEqual(['SWAP(a, b)', 'SWAP']);
});

test('what grows without end is left alone', () => {
  const doubling = Array.from({ length: 30 }, (_, i) => `#define D${i + 1} D${i} D${i}`).join('\n');
  expect(expansion(doubling, 'D30')).toBeUndefined();
});

test('any text is survived', () => {
  const words = fc.array(
    fc.constantFrom('A', 'B', 'C', '(', ')', ',', '#', '##', '__VA_ARGS__', 'x', '"s', '\n#if\n', '\n#endif\n'),
    {
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(words, words, words, (a, b, text) => {
      const body = (list: readonly string[]) => list.join(' ').replaceAll('\n', ' ');
      expansion(
        `#define A(x, y) ${body(a)}\n#define B ${body(b)}\n#define C(x, ...) x ## __VA_ARGS__ ${body(b)}`,
        text.join(' '),
      );
    }),
    { numRuns: 500 },
  );
});
