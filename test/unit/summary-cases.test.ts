import { expect, test } from 'vitest';
import { type Fact, NO_FACT } from '../../server/src/analysis/state.ts';
import type { SummaryCase, SummaryResult } from '../../server/src/analysis/summary.ts';
import { type CaseContent, classified, groupCases } from '../../server/src/analysis/summary-cases.ts';

/* A summary with more cases than are told apart says what some of them have in common. */

const NULL: Fact = { low: 0, high: 0, isNonZero: false };
const NOT_NULL: Fact = { ...NO_FACT, isNonZero: true };
const number = (value: number): SummaryResult => ({
  kind: 'unknown',
  fact: { low: value, high: value, isNonZero: value !== 0 },
});

function caseOf(content: Partial<CaseContent>): SummaryCase {
  return classified({
    preconditions: [],
    alternatives: [],
    result: { kind: 'none' },
    frees: [],
    escapes: [],
    writes: [],
    blurs: [],
    dereferences: [],
    uses: [],
    invalidatesMemory: false,
    freesUnnamed: false,
    ...content,
  });
}

/** `set(p0, p1, p2, p3)` frees what stood in the place of each argument that is not NULL, keeps it, and returns 1. */
const keeping = Array.from({ length: 8 }, (_, bits) => {
  const given = [1, 2, 3].filter((argument) => (bits & (1 << (argument - 1))) !== 0);
  return caseOf({
    preconditions: [1, 2, 3].map((i) => ({ path: [`p${i}`], fact: given.includes(i) ? NOT_NULL : NULL })),
    result: number(1),
    frees: given.map((i) => ({ path: ['p0', '*', `.${i}`, '='], family: 'malloc', steps: [], isDefinite: true })),
    escapes: given.map((i) => [`p${i}`]),
  });
});

/** It returns 0 for one that is NULL, and does nothing. */
const failing = [1, 2, 3].map((i) => caseOf({ preconditions: [{ path: [`p${i}`], fact: NULL }], result: number(0) }));

test('a failure that leaves everything alone is told from a success that was given nothing', () => {
  const grouped = groupCases([...keeping, ...failing]);
  const idle = grouped.filter(({ frees }) => frees.length === 0);
  expect(grouped.length).toBe(9);
  expect(idle.map(({ result }) => result)).toEqual([number(1), number(0)]);
  // Who gives it something and is told of success has given it away.
  expect(idle[0].preconditions.map(({ fact }) => fact)).toEqual([NULL, NULL, NULL]);
});

test('where nothing is left of what a failure demands, what is kept without a free has an owner in it, too', () => {
  const kept = caseOf({ preconditions: [{ path: ['p1'], fact: NOT_NULL }], result: number(1), escapes: [['p1']] });
  const grouped = groupCases([...keeping.slice(1), kept, ...failing]);
  const failure = grouped.find(({ result }) => JSON.stringify(result) === JSON.stringify(number(0)));
  expect(failure?.preconditions).toEqual([]);
  expect(failure?.escapes).toEqual([['p1']]);
});
