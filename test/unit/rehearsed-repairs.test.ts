import { expect, test } from 'vitest';
import type { Finding, Fix } from '../../server/src/base/finding.ts';
import {
  bringsNothing,
  heldRepair,
  isCleanAfter,
  type Rehearsal,
} from '../../server/src/workspace/rehearsed-repairs.ts';

/* A repair is offered when the function, analysed with it, has lost the finding and has no other. */

function fixAt(start: number, end: number, newText: string, title = 'Repair'): Fix {
  return { title, safety: 'unsafe', edits: [{ range: { start, end }, newText }] };
}

function findingAt(start: number, message: string, rule = 'memory-leak'): Finding {
  const range = { start, end: start + 4 };
  return {
    rule,
    message,
    file: '/w/a.c',
    range,
    functionName: 'f',
    steps: [],
    confidence: 'certain',
    severity: 'warning',
    cwe: [],
    fixes: [],
  };
}

test('a finding that is where it was, its lines moved on, was not repaired', () => {
  const finding = findingAt(50, "'p', allocated on line 4, is lost");
  const fix = fixAt(10, 10, 'free(p);\n');
  expect(isCleanAfter(fix, finding, [finding], [])).toBe(true);
  expect(isCleanAfter(fix, finding, [finding], [findingAt(59, "'p', allocated on line 5, is lost")])).toBe(false);
});

test('another finding may move with the text, and none may come', () => {
  const finding = findingAt(50, "'p' is lost");
  const other = findingAt(90, "'q' is lost");
  const fix = fixAt(10, 10, 'free(p);\n');
  expect(isCleanAfter(fix, finding, [finding, other], [findingAt(99, "'q' is lost")])).toBe(true);
  expect(isCleanAfter(fix, finding, [finding, other], [findingAt(90, "'q' is lost")])).toBe(false);
  expect(isCleanAfter(fix, finding, [finding], [findingAt(10, "'p' is freed twice", 'double-free')])).toBe(false);
});

test('of two that say the same of one place one is left when the other is repaired', () => {
  const [first, second] = [findingAt(50, 'memory from init() is lost'), findingAt(50, 'memory from init() is lost')];
  const fix = fixAt(60, 60, ' ');
  expect(isCleanAfter(fix, first, [first, second], [second])).toBe(true);
  expect(isCleanAfter(fix, first, [first, second], [first, second])).toBe(false);
});

test('what a repair puts into another variable is the same finding by another name', () => {
  const leak = findingAt(50, "'p' is lost", 'realloc-leak');
  const unchecked = findingAt(90, "'p' is dereferenced", 'missing-null-check');
  const fix = fixAt(10, 10, 'x');
  const renamed = findingAt(91, "'resized' is dereferenced", 'missing-null-check');
  expect(isCleanAfter(fix, leak, [leak, unchecked], [renamed])).toBe(true);
  expect(isCleanAfter(fix, leak, [leak, unchecked], [renamed, { ...renamed, message: "'r' is used" }])).toBe(false);
});

test('alternatives are tried in order, when no repair holds, and no more often than a person would wait for', () => {
  const titles = (fixes: readonly Fix[]): string[] => fixes.map(({ title }) => title);
  const tried: string[] = [];
  const holdsOnly =
    (...good: string[]) =>
    ({ title }: Fix): Rehearsal => {
      tried.push(title);
      return good.includes(title) ? 'holds' : 'fails';
    };
  const fixes = [fixAt(0, 0, 'a', 'a'), fixAt(0, 0, 'b', 'b')];
  const alternatives = ['c', 'd'].map((title) => () => fixAt(0, 0, title, title));
  const repair = { fixes, alternatives, refusal: 'not plain' };
  expect(titles(heldRepair(repair, 100, holdsOnly('b', 'c')).fixes)).toEqual(['b']);
  expect(titles(heldRepair(repair, 100, holdsOnly('d')).fixes)).toEqual(['d']);
  expect(heldRepair(repair, 100, holdsOnly()).refusal).toBe('the repair would not be clean');
  expect(heldRepair({ fixes: [], refusal: 'not plain' }, 100, holdsOnly()).refusal).toBe('not plain');
  tried.length = 0;
  expect(heldRepair(repair, 100_000, holdsOnly('d')).fixes).toEqual([]);
  expect(tried).toEqual(['a', 'b']);
});

test('where a caller is wrong behind a repair, nothing else is tried instead', () => {
  const alternatives = [() => fixAt(0, 0, 'abort();', 'abort')];
  const outcomes = new Map<string, Rehearsal>([
    ['check', 'fails in a caller'],
    ['abort', 'holds'],
  ]);
  const repair = { fixes: [fixAt(0, 0, 'check', 'check')], alternatives };
  const held = heldRepair(repair, 100, ({ title }) => outcomes.get(title)!);
  expect(held).toEqual({ fixes: [], refusal: 'a caller would have another finding' });
});

test('a function that a repair does not touch keeps its findings, and gets none', () => {
  const fix = fixAt(10, 10, 'free(p);\n');
  const known = findingAt(50, "'q' is lost");
  expect(bringsNothing(fix, [known], [findingAt(59, "'q' is lost")])).toBe(true);
  expect(bringsNothing(fix, [known], [])).toBe(true);
  expect(bringsNothing(fix, [known], [findingAt(59, "'q' is lost"), findingAt(80, "'r' is lost")])).toBe(false);
});
