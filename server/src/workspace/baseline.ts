import type { Finding } from '../base/finding.ts';
import { LineIndex } from '../base/line-index.ts';

/**
 * The findings of one file that its project has accepted: by function and rule, the lines of source that they stand on.
 * Their number counts; the lines only tell which of several findings are the old ones, so that neither an edit elsewhere
 * nor one of the line itself makes an old finding new.
 */
export type FileBaseline = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** Finds what was accepted, by the absolute path of a file. */
export type BaselineLookup = (file: string) => FileBaseline | undefined;

/** How much of a line is kept: enough to know it again. */
const maximumLineLength = 160;

interface BaselineResult {
  /** The findings that are new, in their order. */
  readonly kept: readonly Finding[];
  /** How many findings the baseline knows. */
  readonly known: number;
  /** How many entries of the baseline stand for nothing any more. */
  readonly gone: number;
}

/**
 * Takes the accepted findings out. In every function and for every rule, findings on lines that the baseline has are old
 * ones; if no more others are there than it has entries left, they are taken for old ones whose lines were edited. If
 * there are more, nobody can say which is new, and all of them are kept.
 */
export function applyBaseline(text: string, findings: readonly Finding[], baseline: FileBaseline): BaselineResult {
  const lines = new LineIndex(text);
  const kept = new Set(findings);
  let gone = 0;
  const groups = groupFindings(findings);
  for (const [functionName, rules] of Object.entries(baseline)) {
    for (const [rule, accepted] of Object.entries(rules)) {
      const left = countLines(accepted);
      let count = accepted.length;
      const unmatched: Finding[] = [];
      for (const finding of groups.get(groupKey(functionName, rule)) ?? []) {
        const line = lineOf(text, lines, finding);
        const entries = left.get(line) ?? 0;
        if (entries === 0) {
          unmatched.push(finding);
          continue;
        }
        left.set(line, entries - 1);
        count--;
        kept.delete(finding);
      }
      if (unmatched.length <= count) {
        count -= unmatched.length;
        for (const finding of unmatched) kept.delete(finding);
      } else count = 0;
      gone += count;
    }
  }
  return { kept: findings.filter((finding) => kept.has(finding)), known: findings.length - kept.size, gone };
}

/** What accepts these findings of one file, in an order of its own. */
export function baselineOf(text: string, findings: readonly Finding[]): FileBaseline {
  const lines = new LineIndex(text);
  const result: Record<string, Record<string, string[]>> = {};
  const sorted = [...findings].sort((a, b) => compare(a.functionName, b.functionName) || compare(a.rule, b.rule));
  for (const finding of sorted) {
    // Names come from the source: "constructor" must not find what every object has.
    if (!Object.hasOwn(result, finding.functionName)) result[finding.functionName] = {};
    const rules = result[finding.functionName];
    if (!Object.hasOwn(rules, finding.rule)) rules[finding.rule] = [];
    rules[finding.rule].push(lineOf(text, lines, finding));
  }
  return result;
}

function groupKey(functionName: string, rule: string): string {
  return `${functionName}\0${rule}`;
}

function groupFindings(findings: readonly Finding[]): Map<string, Finding[]> {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = groupKey(finding.functionName, finding.rule);
    const group = groups.get(key);
    if (group) group.push(finding);
    else groups.set(key, [finding]);
  }
  return groups;
}

function countLines(accepted: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of accepted) counts.set(line, (counts.get(line) ?? 0) + 1);
  return counts;
}

/** The line that a finding begins on, without its indentation and its spacing. */
function lineOf(text: string, lines: LineIndex, { range }: Finding): string {
  const { line } = lines.positionAt(range.start);
  const source = text.slice(lines.lineStart(line), lines.lineStart(line + 1));
  return source.replace(/\s+/g, ' ').trim().slice(0, maximumLineLength);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
