import { describe, expect, test } from 'vitest';
import type { Finding, Fix } from '../../server/src/base/finding.ts';
import type { TextEdit } from '../../server/src/base/range.ts';
import type { FileReport } from '../../server/src/workspace/file-report.ts';
import { type FixableProject, fixFile, maximumFixRounds } from '../../server/src/workspace/safe-fixes.ts';
import { doubleFree } from '../support/sample-report.ts';

/** What the analysis of a test finds in a text. */
type Analysis = (text: string) => Finding[];

const finding = (start: number, edits: TextEdit[], safety: Fix['safety'] = 'safe', rule = 'double-free'): Finding => ({
  ...doubleFree,
  rule,
  range: { start, end: start + 1 },
  fixes: [{ title: 'Repair', safety, edits }],
});
const replace = (start: number, end: number, newText: string): TextEdit => ({ range: { start, end }, newText });

/** A finding at every occurrence of a letter, whose safe fix replaces the letter. */
const at = (text: string, letter: string, newText: string): Finding[] =>
  [...text.matchAll(new RegExp(letter, 'g'))].map(({ index }) => finding(index, [replace(index, index + 1, newText)]));

async function fix(text: string, analysis: Analysis, isWanted?: (finding: Finding) => boolean) {
  let open: string | undefined;
  let checks = 0;
  const report = (current: string): FileReport => ({
    file: '/a.c',
    text: current,
    findings: analysis(current),
    silenced: { suppressed: 0, baselined: 0, gone: 0 },
    health: { functions: 0, functionsWithErrors: 0, functionsIncomplete: 0 },
  });
  const project: FixableProject = {
    openDocument: (_, current) => {
      open = current;
    },
    closeDocument: () => {
      open = undefined;
    },
    check: async () => {
      checks++;
      return report(open!);
    },
  };
  const result = await fixFile(project, report(text), undefined, isWanted);
  expect(open).toBeUndefined();
  return { text: result.report.text, fixed: result.fixed, left: result.report.findings.length, checks };
}

describe('fixing a file', () => {
  test('applies all fixes at once, and checks once more', async () => {
    expect(await fix('xaxbx', (text) => at(text, 'x', ''))).toEqual({ text: 'ab', fixed: 3, left: 0, checks: 1 });
  });

  test('applies fixes that meet one after the other', async () => {
    expect(await fix('xx', (text) => at(text, 'x', ''))).toEqual({ text: '', fixed: 2, left: 0, checks: 2 });
  });

  test('goes on when a repair uncovers the next finding', async () => {
    expect(await fix('abxcxdx', (text) => at(text, 'x', '').slice(0, 1))).toMatchObject({ text: 'abcd', fixed: 3 });
  });

  test('takes back a repair that does not remove its finding, and keeps the others', async () => {
    // The check that is inserted before `u` does not convince this analysis.
    const analysis: Analysis = (text) => [
      ...at(text, 'x', ''),
      ...[...text.matchAll(/u/g)].map(({ index }) => finding(index, [replace(index, index, 'if ')])),
    ];
    expect(await fix('x;u;x', analysis)).toMatchObject({ text: ';u;', fixed: 2, left: 1 });
  });

  test('repairs all that one place is told of, whether or not it is told in the same words', async () => {
    // `return;` loses whatever stands in front of it: an insertion there frees it.
    const lost = (text: string, names: string[], messageOf: (name: string) => string): Finding[] =>
      names
        .filter((name) => !text.includes(`free ${name};`))
        .map((name) => {
          const place = text.indexOf('return;');
          return { ...finding(place, [replace(place, place, `free ${name};`)]), message: messageOf(name) };
        });
    for (const messageOf of [(name: string) => `'${name}' is lost`, () => 'memory from init() on line 1 is lost']) {
      const result = await fix('return;', (text) => lost(text, ['p', 'q'], messageOf));
      expect(result).toMatchObject({ text: 'free p;free q;return;', fixed: 2, left: 0 });
    }
  });

  test('takes back a repair that writes the same again', async () => {
    expect(await fix('ax', (text) => at(text, 'x', 'x'))).toMatchObject({ text: 'ax', fixed: 0, left: 1 });
  });

  test('takes back a round that adds findings', async () => {
    const analysis: Analysis = (text) => [...at(text, 'x', 'yy'), ...at(text, 'y', 'y')];
    expect(await fix('ax', analysis)).toMatchObject({ text: 'ax', fixed: 0, left: 1 });
  });

  test('ends when fixes undo each other', async () => {
    const analysis: Analysis = (text) => [
      ...at(text, 'x', 'ay').map((entry) => ({ ...entry, rule: 'a' })),
      ...at(text, 'y', 'bx').map((entry) => ({ ...entry, rule: 'b' })),
    ];
    expect((await fix('x', analysis)).checks).toBe(maximumFixRounds);
  });

  test('repairs the findings that are wanted, round after round, and leaves the others', async () => {
    const analysis: Analysis = (text) => [
      ...at(text, 'x', '').map((entry) => ({ ...entry, rule: 'a' })),
      ...at(text, 'y', '').map((entry) => ({ ...entry, rule: 'b' })),
    ];
    const result = await fix('xxyx', analysis, ({ rule }) => rule === 'a');
    expect(result).toMatchObject({ text: 'y', fixed: 3, left: 1 });
  });

  test('of two insertions at one place the second comes a round later, where it goes then', async () => {
    const analysis: Analysis = (text) =>
      ['p', 'q']
        .filter((name) => !text.includes(name))
        .map((name) => ({ ...finding(0, [replace(0, 0, name)]), message: name }));
    expect(await fix(';', analysis)).toEqual({ text: 'qp;', fixed: 2, left: 0, checks: 2 });
  });

  test('leaves unsafe fixes alone', async () => {
    const analysis: Analysis = () => [finding(0, [replace(0, 1, '')], 'unsafe')];
    expect(await fix('x', analysis)).toEqual({ text: 'x', fixed: 0, left: 1, checks: 0 });
  });
});
