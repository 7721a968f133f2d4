import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scanTokens, type Tokens } from '../../server/src/source/lexer.ts';
import { retokenise } from '../../server/src/source/retokenise.ts';
import { changeBetween } from '../../server/src/source/text-change.ts';

const sample = `/* A file
 * of many lines. */
#include <a.h> /* and
   more */
#define LONG(a) \\
    do { f(a); \\
    } while (0)
#if A // the rest \\
   is comment
int x = 'a', y = 0x1e+1;
#endif
char *text = "a \\
b" L"wide";

int f(int a)
{
    if (a >= 1 && a->b[0] <<= 2) { // one
        return x; /* two */
    }
    return y;
}
`.repeat(12);

const readable = (tokens: Tokens) => ({
  tokens: Array.from({ length: tokens.count }, (_, i) => [
    tokens.kind[i],
    tokens.start[i],
    tokens.end[i],
    tokens.symbol[i] < 0 ? '' : tokens.names[tokens.symbol[i]],
    tokens.startsLine[i],
  ]),
  comments: [...tokens.comments],
});

const piece = fc.constantFrom(
  ...[
    '',
    ' ',
    'x',
    '/',
    '*',
    '/*',
    '*/',
    '//',
    '\\',
    '\\\n',
    '\n',
    '\r\n',
    '\r',
    '#',
    '#if',
    '"',
    "'",
    'L',
    '+',
    '=',
    '0x',
    'é',
    '\ufeff',
  ], // prettier-ignore
);

test('the tokens after edits are those of the text', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(sample.length), fc.nat(12), piece), { minLength: 1, maxLength: 6 }),
      fc.boolean(),
      (edits, isWindows) => {
        let text = isWindows ? sample.replaceAll('\n', '\r\n') : sample;
        let tokens = scanTokens(text);
        for (const [at, length, insert] of edits) {
          text = text.slice(0, at) + insert + text.slice(at + length);
          tokens = retokenise(tokens, text);
          expect(readable(tokens)).toEqual(readable(scanTokens(text)));
        }
      },
    ),
    { numRuns: 300 },
  );
});

test('any two texts', () => {
  const texts = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
  fc.assert(
    fc.property(texts, texts, texts, texts, (start, before, after, end) => {
      const old = `${start}${before}${end}`;
      const text = `${start}${after}${end}`;
      const { start: first, oldEnd, newEnd } = changeBetween(old, text);
      expect(old.slice(0, first) + text.slice(first, newEnd) + old.slice(oldEnd)).toBe(text);
      expect(readable(retokenise(scanTokens(old), text))).toEqual(readable(scanTokens(text)));
    }),
    { numRuns: 500 },
  );
});

test('names that were typed and taken back do not pile up', () => {
  let tokens = scanTokens(sample);
  for (let i = 0; i < 5000; i++) tokens = retokenise(tokens, sample.replace('return x', `return name_${i}`));
  expect(tokens.names.length).toBeLessThan(1200);
});
