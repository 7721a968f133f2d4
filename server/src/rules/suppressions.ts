import type { Finding } from '../base/finding.ts';
import { LineIndex } from '../base/line-index.ts';
import type { TextEdit, TextRange } from '../base/range.ts';
import { findComments } from './comments.ts';
import type { ForeignSuppression } from './foreign-suppressions.ts';

/**
 * A comment that silences findings:
 *
 *     // ritual-ignore-next-line double-free -- why
 *     free(p); // ritual-ignore double-free, use-after-free -- why
 *     // ritual-ignore-file missing-null-check -- why
 *
 * in either comment style; without a rule's name it means all rules.
 */
export interface Suppression {
  readonly scope: 'line' | 'next-line' | 'file';
  /** The comment with its delimiters. */
  readonly range: TextRange;
  /** Names as written, known or not; empty means all rules. */
  readonly rules: readonly string[];
  /** Where the first name begins; equal to `rulesEnd` when there are none. */
  readonly rulesStart: number;
  /** Behind the last name, or behind the keyword when there are none: where a further name goes. */
  readonly rulesEnd: number;
  /** What stands behind `--`; empty when no reason was given. */
  readonly reason: string;
  /** Zero-based line whose findings are silenced; -1 for the whole file. */
  readonly line: number;
}

/** What is left of a file's findings, and the suppressions that had nothing to do. */
export interface SuppressionResult {
  readonly kept: readonly Finding[];
  readonly suppressed: readonly Finding[];
  readonly unused: readonly UnusedSuppression[];
}

export interface UnusedSuppression {
  readonly suppression: Suppression;
  /** The names that silenced nothing; empty when the suppression names no rules. */
  readonly rules: readonly string[];
}

const keyword = 'ritual-ignore';
const ruleName = '[a-z][a-z0-9]*(?:-[a-z0-9]+)*';
const suppressionPattern = new RegExp(
  // Anything may follow the names: a reason without its dashes is no reason to report a silenced finding again.
  `^(?:/[/*][/*!<\\s]*${keyword}(-next-line|-file)?(?![\\w-]))(?:[ \\t:]+(${ruleName}(?:[ \\t]*,[ \\t]*${ruleName})*))?`,
);

/** Finds the suppressions of a text, ordered by position. Any text will do; looks at comments only. */
export function findSuppressions(text: string): Suppression[] {
  // Most files have none, and need not be read any closer.
  if (!text.includes(keyword)) return [];
  const lines = new LineIndex(text);
  const suppressions: Suppression[] = [];
  for (const range of findComments(text)) {
    const suppression = parseSuppression(text, range, lines);
    if (suppression) suppressions.push(suppression);
  }
  return passOverSuppressionLines(suppressions, text, lines);
}

function parseSuppression(text: string, range: TextRange, lines: LineIndex): Suppression | undefined {
  const comment = text.slice(range.start, range.end);
  const match = suppressionPattern.exec(comment);
  if (!match) return undefined;
  const scope = match[1] === '-next-line' ? 'next-line' : match[1] === '-file' ? 'file' : 'line';
  const rest = comment.slice(match[0].length).replace(/\*\/$/, '');
  const dashes = /(?:^|\s)--+/.exec(rest);
  const reason = dashes ? rest.slice(dashes.index + dashes[0].length).trim() : '';
  const lineOf = (offset: number) => lines.positionAt(offset).line;
  const rulesEnd = range.start + match[0].length;
  return {
    scope,
    range,
    rules: match[2]?.split(',').map((name) => name.trim()) ?? [],
    rulesStart: rulesEnd - (match[2]?.length ?? 0),
    rulesEnd,
    reason,
    line: scope === 'file' ? -1 : scope === 'line' ? lineOf(range.start) : lineOf(range.end) + 1,
  };
}

/** Suppressions on lines of their own, one below the other, all mean the line below the last of them. */
function passOverSuppressionLines(suppressions: readonly Suppression[], text: string, lines: LineIndex): Suppression[] {
  const result = [...suppressions];
  const targetOfLine = new Map<number, number>();
  for (let i = result.length - 1; i >= 0; i--) {
    const suppression = result[i];
    if (suppression.scope !== 'next-line') continue;
    const line = targetOfLine.get(suppression.line) ?? suppression.line;
    result[i] = { ...suppression, line };
    const first = lines.positionAt(suppression.range.start).line;
    const before = text.slice(lines.lineStart(first), suppression.range.start);
    const after = text.slice(suppression.range.end, lines.lineStart(suppression.line));
    if (`${before}${after}`.trim() === '') targetOfLine.set(first, line);
  }
  return result;
}

/**
 * Separates the findings of one file's text into those that its suppressions silence and the others. Comments for other
 * tools silence as well; whether they are used is not ours to say.
 */
export function applySuppressions(
  text: string,
  findings: readonly Finding[],
  suppressions: readonly Suppression[],
  foreign: readonly ForeignSuppression[] = [],
): SuppressionResult {
  if (suppressions.length === 0 && foreign.length === 0) return { kept: findings, suppressed: [], unused: [] };
  const lines = new LineIndex(text);
  const used = suppressions.map(() => new Set<string>());
  const kept: Finding[] = [];
  const suppressed: Finding[] = [];
  for (const finding of findings) {
    const first = lines.positionAt(finding.range.start).line;
    const last = lines.positionAt(finding.range.end).line;
    let isSuppressed = foreign.some(
      ({ firstLine, lastLine, silences: matches }) => firstLine <= last && first <= lastLine && matches(finding.rule),
    );
    for (const [i, suppression] of suppressions.entries()) {
      if (!silences(suppression, finding.rule, first, last)) continue;
      isSuppressed = true;
      used[i].add(finding.rule);
    }
    (isSuppressed ? suppressed : kept).push(finding);
  }
  const unused = suppressions.flatMap((suppression, i) => {
    const rules = suppression.rules.filter((rule) => !used[i].has(rule));
    const isUnused = suppression.rules.length > 0 ? rules.length > 0 : used[i].size === 0;
    return isUnused ? [{ suppression, rules }] : [];
  });
  return { kept, suppressed, unused };
}

function silences(suppression: Suppression, rule: string, first: number, last: number): boolean {
  if (suppression.rules.length > 0 && !suppression.rules.includes(rule)) return false;
  switch (suppression.scope) {
    case 'file':
      return true;
    case 'next-line':
      return suppression.line === first;
    case 'line':
      // A comment behind an expression of several lines stands on its last.
      return suppression.line >= first && suppression.line <= last;
  }
}

/**
 * The edit that silences a finding: adds its rule to a suppression of its line, or inserts one above it. Undefined when
 * a line cannot be inserted there, as in a macro or behind a comment that began on a line before, or none is needed.
 * @param reason What to write behind `--`; nothing when empty.
 */
export function suppressionEdit(text: string, finding: Finding, reason: string): TextEdit | undefined {
  const lines = new LineIndex(text);
  const { line } = lines.positionAt(finding.range.start);
  const existing = findSuppressions(text).filter((suppression) => suppression.line === line);
  if (existing.some(({ rules }) => rules.length === 0 || rules.includes(finding.rule))) return undefined;
  if (existing.length > 0) {
    const { rulesEnd } = existing[existing.length - 1];
    return { range: { start: rulesEnd, end: rulesEnd }, newText: `, ${finding.rule}` };
  }
  const start = lines.lineStart(line);
  if (/\\[ \t]*\r?\n?$/.test(text.slice(lines.lineStart(line - 1), start)) && line > 0) return undefined;
  const comments = findComments(text);
  if (comments.some((comment) => comment.start < start && start < comment.end)) return undefined;
  const indentation = /^[ \t]*/.exec(text.slice(start, lines.lineStart(line + 1)))![0];
  const because =
    reason === '' ? '' : ` -- ${reason.replace(/\s+/g, ' ').replaceAll('*/', '* /').replaceAll('\\', '/')}`;
  const comment = ` ${keyword}-next-line ${finding.rule}${because}`;
  // Code of 1989 knows block comments only; where the file shows no other, neither do we.
  const usesBlocks = comments.length > 0 && comments.every(({ start: at }) => text[at + 1] === '*');
  return {
    range: { start, end: start },
    newText: `${indentation}${usesBlocks ? `/*${comment} */` : `//${comment}`}${lineEnd(text, lines, line)}`,
  };
}

/** How the line ends, or how the file's first line does when the line is the last and has no end. */
function lineEnd(text: string, lines: LineIndex, line: number): string {
  const endOf = (n: number) => /\r\n$|[\r\n]$/.exec(text.slice(lines.lineStart(n), lines.lineStart(n + 1)))?.[0];
  return endOf(line) ?? endOf(0) ?? '\n';
}
