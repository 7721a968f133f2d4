import { describe, expect, test } from 'vitest';
import { MarkedNumbers } from '../../server/src/base/marked-numbers.ts';
import { SortedMap } from '../../server/src/base/sorted-map.ts';

describe('a sorted map', () => {
  test('gives what was set last, in the order of the keys', () => {
    const map = SortedMap.empty<string>();
    for (const key of [5, -2, 9, 0, 5]) map.set(key, `${key}`);
    expect(map.set(9, 'nine')).toBe('9');
    expect(map.delete(0)).toBe('0');
    expect(map.delete(0)).toBeUndefined();
    expect([...map]).toEqual([
      [-2, '-2'],
      [5, '5'],
      [9, 'nine'],
    ]);
    expect([map.size, map.has(5), map.has(0), map.get(9), map.get(10)]).toEqual([3, true, false, 'nine', undefined]);
    expect([map.keyAt(0), map.valueAt(2)]).toEqual([-2, 'nine']);
  });

  test('agrees with a Map after many changes, and so do its copies', () => {
    const map = SortedMap.empty<number>();
    const expected = new Map<number, number>();
    const copies: [SortedMap<number>, Map<number, number>][] = [];
    // A linear congruential generator: the same changes in every run.
    let random = 1;
    const next = (below: number) => {
      random = (Math.imul(random, 1103515245) + 12345) & 0x7fffffff;
      return random % below;
    };
    for (let i = 0; i < 2000; i++) {
      const key = next(60);
      if (next(3) === 0) {
        map.delete(key);
        expected.delete(key);
      } else {
        map.set(key, i);
        expected.set(key, i);
      }
      if (i % 100 === 0) copies.push([map.copy(), new Map(expected)]);
    }
    copies.push([map, expected]);
    for (const [copy, known] of copies) expect([...copy]).toEqual([...known].sort(([a], [b]) => a - b));
  });

  test('shows itself as it was when it was asked, whatever is changed meanwhile', () => {
    const map = SortedMap.empty<string>();
    for (const key of [1, 2, 3]) map.set(key, 'old');
    const seen: number[] = [];
    for (const [key] of map) {
      seen.push(key);
      map.delete(key + 1);
      map.set(10 + key, 'new');
    }
    expect(seen).toEqual([1, 2, 3]);
    const keys = map.keys();
    map.set(100, 'late');
    expect(keys).not.toContain(100);
  });

  test('tells the keys in which two differ', () => {
    const a = SortedMap.empty<string>();
    for (const key of [1, 2, 3]) a.set(key, 'x');
    const b = a.copy();
    expect(SortedMap.differences(a, b)).toEqual({ keys: [], left: [], right: [] });
    b.set(2, 'y');
    b.delete(3);
    b.set(0, 'z');
    expect(SortedMap.differences(a, b)).toEqual({
      keys: [0, 2, 3],
      left: [undefined, 'x', 'x'],
      right: ['z', 'y', undefined],
    });
    expect(a.get(2)).toBe('x');
  });
});

test('marked numbers are forgotten all at once', () => {
  const marked = new MarkedNumbers();
  marked.add(3);
  expect([marked.has(3), marked.has(2), marked.has(4)]).toEqual([true, false, false]);
  marked.clear();
  expect(marked.has(3)).toBe(false);
  marked.add(70);
  expect([marked.has(70), marked.has(3)]).toEqual([true, false]);
});
