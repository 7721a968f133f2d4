import { expect, test } from 'vitest';
import { Beliefs } from '../../server/src/analysis/beliefs.ts';
import type { Site } from '../../server/src/analysis/state.ts';

const site = (id: number): Site => ({ id }) as Site;
const handover = (id: number, result: number, outcome: string) => ({ site: site(id), result, outcome, status: '' });
const none = () => undefined;

test('equal sets of handovers have equal numbers, in whatever order their lists come', () => {
  const beliefs = new Beliefs(new Set());
  const added = [handover(1, 10, '')];
  const printed = [handover(1, 10, ''), handover(2, 20, '0')];
  expect(beliefs.number([[]])).toBe(0);
  expect(beliefs.number([added, printed])).toBe(beliefs.number([printed, added, printed]));
  expect(beliefs.number([added])).not.toBe(beliefs.number([printed]));
});

test('where paths meet, what was believed on each of them still is', () => {
  const beliefs = new Beliefs(new Set());
  const left = beliefs.number([[]])!;
  const right = beliefs.number([[handover(1, 10, '0')]])!;
  const both = beliefs.joined(left, right, none)!;
  expect(beliefs.lists(both)).toEqual([[], [handover(1, 10, '0')]]);
  expect(beliefs.joined(both, left, none)).toBe(both);
});

test('a result that both paths keep in one place goes by the name that it has behind the meeting', () => {
  const beliefs = new Beliefs(new Set());
  const first = beliefs.number([[handover(1, 10, '')]])!;
  const second = beliefs.number([[handover(1, 11, '')]])!;
  expect(beliefs.classOf(first)).toBe(beliefs.classOf(second));
  const met = beliefs.joined(first, second, () => 30)!;
  expect(beliefs.lists(met)).toEqual([[handover(1, 30, '')]]);
  expect(beliefs.results.has(30)).toBe(true);
});

test('too many ways to one place are no longer told apart, and nothing is believed of them', () => {
  const beliefs = new Beliefs(new Set());
  const ways = Array.from({ length: 25 }, (_, i) => [handover(i, i, '')]);
  expect(beliefs.number(ways.slice(1))).toBeDefined();
  expect(beliefs.number(ways)).toBeUndefined();
});
