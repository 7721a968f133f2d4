import type { Finding, Fix, Severity } from '../../base/finding.ts';
import { LineIndex } from '../../base/line-index.ts';
import type { TextEdit, TextRange } from '../../base/range.ts';
import type { Suppression, UnusedSuppression } from '../suppressions.ts';
import { metadata } from './metadata.ts';

/** What must be known of a check to say that a suppression had nothing to do in it. */
export interface SuppressionContext {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
  readonly severity: Severity;
  /** "unknown" for a name that is no rule's. One that did not run might have found something. */
  stateOf(rule: string): 'runs' | 'off' | 'unknown';
  /** All rules run that do by default. */
  readonly allRulesRun: boolean;
  /** Says what an unknown rule's name was probably meant to be; begins with a semicolon. */
  suggest(rule: string): string;
  /** The code on a zero-based line was analysed to its end; with -1 all code of the file was. */
  isAnalysed(line: number): boolean;
  /** The function that a zero-based line lies in; empty when none. */
  functionAt(line: number): string;
}

/** The findings of `unused-suppression`: nothing is said of code that was not understood, or that a rule did not see. */
export function findUnusedSuppressions(unused: readonly UnusedSuppression[], context: SuppressionContext): Finding[] {
  if (unused.length === 0) return [];
  const lines = new LineIndex(context.text);
  return unused.flatMap(({ suppression, rules }) => {
    const { line, range } = suppression;
    const names = rules.filter((rule) => rule !== metadata.id);
    const idle = context.isAnalysed(line) ? names.filter((rule) => context.stateOf(rule) === 'runs') : [];
    const unknown = names.filter((rule) => context.stateOf(rule) === 'unknown');
    const isIdle = suppression.rules.length === 0 && context.allRulesRun && context.isAnalysed(line);
    if (idle.length === 0 && unknown.length === 0 && !isIdle) return [];
    const superfluous = [...idle, ...unknown];
    const parts = [
      ...(unknown.length > 0 ? [`there is no rule ${quoted(unknown)}${context.suggest(unknown[0])}`] : []),
      ...(idle.length > 0 ? [`${where(suppression.scope)} has no finding of ${quoted(idle)}`] : []),
      ...(isIdle ? [`${where(suppression.scope)} has no finding`] : []),
    ];
    return [
      {
        rule: metadata.id,
        message: `This comment silences ${isIdle || superfluous.length === suppression.rules.length ? 'nothing' : 'less than it says'}: ${parts.join(', and ').replace(/(?<!\?)$/, '.')}`,
        file: context.file,
        range,
        functionName: line >= 0 ? context.functionAt(line) : '',
        steps: [],
        confidence: 'certain',
        severity: context.severity,
        cwe: metadata.cwe,
        fixes: [fix(context.text, lines, suppression, superfluous)],
      } satisfies Finding,
    ];
  });
}

function where(scope: UnusedSuppression['suppression']['scope']): string {
  return scope === 'file' ? 'this file' : scope === 'line' ? 'this line' : 'the line below';
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

function fix(text: string, lines: LineIndex, suppression: Suppression, superfluous: readonly string[]): Fix {
  const { rules, range, rulesStart, rulesEnd } = suppression;
  const kept = rules.filter((rule) => !superfluous.includes(rule));
  if (kept.length === 0) {
    return { title: 'Remove the comment', safety: 'safe', edits: [removeComment(text, lines, range)] };
  }
  const edits = [{ range: { start: rulesStart, end: rulesEnd }, newText: kept.join(', ') }];
  return { title: `Remove ${quoted(superfluous)} from the comment`, safety: 'safe', edits };
}

/** Removes a comment with the blanks around it, and with its lines when nothing else stands on them. */
function removeComment(text: string, lines: LineIndex, range: TextRange): TextEdit {
  const firstLineStart = lines.lineStart(lines.positionAt(range.start).line);
  const nextLineStart = lines.lineStart(lines.positionAt(range.end).line + 1);
  const before = text.slice(firstLineStart, range.start);
  const after = text.slice(range.end, nextLineStart);
  if (before.trim() === '' && after.trim() === '') {
    return { range: { start: firstLineStart, end: nextLineStart }, newText: '' };
  }
  const blanksBefore = /[ \t]*$/.exec(before)![0].length;
  const blanksAfter = /^[ \t]*/.exec(after)![0].length;
  if (after.trim() === '') {
    return { range: { start: range.start - blanksBefore, end: range.end + blanksAfter }, newText: '' };
  }
  // In front of code the indentation stays; between two tokens one blank does, as a comment stands for one.
  const isBetween = before.trim() !== '' && blanksBefore === 0;
  return { range: { start: range.start, end: range.end + blanksAfter }, newText: isBetween ? ' ' : '' };
}
