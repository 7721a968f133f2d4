import { describe, expect, test } from 'vitest';
import { constantValue } from '../../server/src/source/constant-expression.ts';
import { readEnumerators } from '../../server/src/source/enumerators.ts';
import { tokenise } from '../../server/src/source/lexer.ts';

const read = (text: string): Record<string, number | string | undefined> =>
  Object.fromEntries(readEnumerators(tokenise(text)).map(({ name, value, expression }) => [name, value ?? expression]));

describe('enumerators', () => {
  test('count on from what was said last, in numbers or in words', () => {
    expect(read('enum { A, B = 5, C, D = B << 2, E, F };')).toEqual({
      A: 0,
      B: 5,
      C: 6,
      D: 'B << 2',
      E: '(B << 2)+1',
      F: '(B << 2)+2',
    });
  });

  test('of macros are not known, and neither are those behind them', () => {
    expect(read('enum { A, DEFINE(B, 7) C, D = 3 };')).toEqual({ A: 0, C: undefined, D: 3 });
  });

  test('behind a parenthesis that nobody has closed yet are as they were', () => {
    expect(read('enum { A = (1, B }; enum { C = 3 };')).toMatchObject({ C: 3 });
  });
});

describe('constant expressions', () => {
  const names = new Map([
    ['ONE', '1'],
    ['FLAGS', 'ONE | 4'],
    ['LESS', '-(ONE + 2) * 2'],
  ]);
  const meaning = (name: string): string | undefined => names.get(name);

  test('are sums, products and bits of numbers and names', () => {
    expect(constantValue('FLAGS << 1', meaning)).toBe(10);
    expect(constantValue('LESS', meaning)).toBe(-6);
    expect(constantValue('MISSING + 1', meaning)).toBeUndefined();
  });

  test('that name themselves, or many that name many, are given up soon', () => {
    let asked = 0;
    const many = (name: string): string => {
      asked++;
      const level = Number(name.slice(1));
      return level === 0 ? '1' : Array.from({ length: 12 }, () => `E${level - 1}`).join('|');
    };
    expect(constantValue('E23', many)).toBeUndefined();
    expect(constantValue('A', () => 'A + A + A')).toBeUndefined();
    expect(asked).toBeLessThan(20_000);
  });
});
