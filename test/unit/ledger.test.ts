import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ruleRegistry } from '../../server/src/rules/registry.ts';

/*
 * The ledger of findings that were read by hand (test/ledger/README.md). What it says of precision is only as good as its
 * form: every row complete, none twice, and the totals of its page those of its rows.
 */
interface Row {
  readonly project: string;
  readonly version: string;
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly severity: string;
  readonly first: Verdict;
  readonly second: Verdict;
  readonly sentence: string;
}
type Verdict = 'right' | 'look' | 'wrong';

const folder = path.join(import.meta.dirname, '../ledger');
const rowsOf = (file: string): Row[] =>
  fs
    .readFileSync(path.join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const isAccepted = ({ first, second }: Row): boolean => first !== 'wrong' && second !== 'wrong';

describe.each([
  ['nineteenth.md', 'findings-nineteenth.jsonl', 80, 20],
  ['eighteenth.md', 'findings-eighteenth.jsonl', 80, 10],
  ['seventeenth.md', 'findings-seventeenth.jsonl', 299, 11],
  ['README.md', 'findings.jsonl', 260, 9],
  ['fifth.md', 'findings-fifth.jsonl', 111, 6],
  ['third.md', 'findings-third.jsonl', 260, 10],
  ['second.md', 'findings-second.jsonl', 256, 10],
  ['first.md', 'findings-first.jsonl', 260, 10],
])('the ledger of %s', (pageName, file, count, projects) => {
  const rows = rowsOf(file);

  test('has its rows of its projects, each once', () => {
    expect(rows).toHaveLength(count);
    expect(new Set(rows.map(({ project, version }) => `${project} ${version}`)).size).toBe(projects);
    const keys = rows.map(({ project, file, line, rule, sentence }) =>
      [project, file, line, rule, sentence].join('\n'),
    );
    expect(new Set(keys).size).toBe(rows.length);
    expect(rows.filter(({ rule }) => rule === 'missing-null-check').length).toBeLessThanOrEqual(100);
  });

  test('names a rule, two verdicts and a reason in every row', () => {
    const ids = new Set(ruleRegistry.map(({ id }) => id));
    for (const row of rows) {
      expect(ids, JSON.stringify(row)).toContain(row.rule);
      expect(['error', 'warning', 'information'], JSON.stringify(row)).toContain(row.severity);
      for (const verdict of [row.first, row.second]) expect(['right', 'look', 'wrong']).toContain(verdict);
      expect(row.line).toBeGreaterThan(0);
      expect(row.file, JSON.stringify(row)).toMatch(/^[^/\\].*\.[chly]$/);
      expect(row.sentence, JSON.stringify(row)).toMatch(/^\S.{15,200}\.$/);
    }
  });

  test('is counted on its page', () => {
    const page = fs.readFileSync(path.join(folder, pageName), 'utf8');
    const lineOf = (name: string, of: readonly Row[]): string => {
      const accepted = of.filter(isAccepted).length;
      return `| ${name} | ${of.length} | ${accepted} | ${Math.round((100 * accepted) / of.length)} % |`;
    };
    expect(page).toContain(lineOf('all', rows));
    for (const rule of new Set(rows.map((row) => row.rule))) {
      expect(page).toContain(
        lineOf(
          `\`${rule}\``,
          rows.filter((row) => row.rule === rule),
        ),
      );
    }
  });
});
