import type { Colors } from 'picocolors/types';
import type { Finding, Severity } from '../base/finding.ts';
import type { TextRange } from '../base/range.ts';
import { excerpt } from './excerpt.ts';
import { printable } from './printable.ts';
import { countFindings, type Report, type ReportCounts } from './report.ts';
import { SourceLocator } from './source-locator.ts';

/** How the report for people looks; the other formats have one look. */
export interface TextStyle {
  readonly colors: Colors;
  readonly hasSummary: boolean;
}

/** For people: message, place, excerpt with carets, the numbered path, the fixes; then a summary. */
export function renderFull(report: Report, { colors, hasSummary }: TextStyle): string {
  const renderer = new FullRenderer(new SourceLocator(report), colors);
  const findings = report.files.flatMap((file) => file.findings).map((finding) => renderer.finding(finding));
  return [...findings, ...(hasSummary ? [summary(report, colors)] : [])].join('\n');
}

class FullRenderer {
  readonly #locator: SourceLocator;
  readonly #colors: Colors;

  constructor(locator: SourceLocator, colors: Colors) {
    this.#locator = locator;
    this.#colors = colors;
  }

  finding(finding: Finding): string {
    const { bold, cyan, dim, green } = this.#colors;
    const paint = this.#severityColor(finding.severity);
    const gutter = this.#gutterWidth(finding);
    const margin = ' '.repeat(gutter);
    const place = this.#place(finding.file, finding.range);
    const lines = [
      `${paint(bold(`${finding.severity}[${finding.rule}]`))}${bold(`: ${printable(finding.message)}`)}`,
      `${margin}${cyan('-->')} ${place}${finding.functionName === '' ? '' : dim(` in ${printable(finding.functionName)}`)}`,
      ...this.#excerpt(finding.file, finding.range, gutter, paint),
    ];
    // A path of one step is the flaw itself, shown above.
    const steps = finding.steps.length > 1 ? finding.steps : [];
    for (const [i, step] of steps.entries()) {
      const elsewhere = step.file === finding.file ? '' : dim(` (${this.#place(step.file, step.range)})`);
      lines.push(`${margin} ${cyan(`${i + 1}.`)} ${printable(step.message)}${elsewhere}`);
      // What is shown above, the flaw as a rule, need not be shown twice.
      if (!isSamePlace(step, finding)) lines.push(...this.#excerpt(step.file, step.range, gutter, cyan));
    }
    for (const { title, safety } of finding.fixes) {
      const note = safety === 'safe' ? 'applied by --fix' : 'needs a decision';
      lines.push(`${margin} ${cyan('=')} ${green('fix')}: ${printable(title)} ${dim(`(${note})`)}`);
    }
    return `${lines.join('\n')}\n`;
  }

  #place(file: string, range: TextRange): string {
    const { line, column } = this.#locator.position(file, range.start);
    return `${printable(this.#locator.relativePath(file))}:${line}:${column}`;
  }

  #gutterWidth(finding: Finding): number {
    const places = [finding, ...finding.steps];
    return Math.max(...places.map(({ file, range }) => `${this.#locator.position(file, range.start).line}`.length));
  }

  #excerpt(file: string, range: TextRange, gutter: number, paint: (text: string) => string): string[] {
    const { cyan } = this.#colors;
    const { start, end } = this.#locator.span(file, range);
    const text = this.#locator.lineText(file, start.line);
    const endColumn = end.line === start.line ? end.column : text.length + 1;
    const { line, underline } = excerpt(text, start.column - 1, endColumn - 1);
    const margin = ' '.repeat(gutter);
    return [
      `${cyan(`${String(start.line).padStart(gutter)} |`)} ${line}`.trimEnd(),
      `${cyan(`${margin} |`)} ${paint(underline)}`,
    ];
  }

  #severityColor(severity: Severity): (text: string) => string {
    const { red, yellow, blue, gray } = this.#colors;
    return { error: red, warning: yellow, information: blue, hint: gray }[severity];
  }
}

function isSamePlace(a: { file: string; range: TextRange }, b: { file: string; range: TextRange }): boolean {
  return a.file === b.file && a.range.start === b.range.start && a.range.end === b.range.end;
}

/** "1 error", "2 errors". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function summary(report: Report, colors: Colors): string {
  const counts = countFindings(report);
  const files = counted(report.files.length, 'file');
  const lines = [`${colors.bold(severityTexts(counts).join(', ') || 'No findings')} in ${files}.`];
  if (counts.fixable > 0) lines.push(`${counts.fixable} fixable with --fix.`);
  const { functionsIncomplete: incomplete } = counts;
  if (incomplete > 0) {
    lines.push(`${counted(incomplete, 'function')} too complex to be analysed to the end.`);
  }
  if (report.problems.length > 0) lines.push(`${counted(report.problems.length, 'path')} could not be checked.`);
  return `${lines.join(' ')}\n`;
}

function severityTexts({ bySeverity: { error, warning, information, hint } }: ReportCounts): string[] {
  return [
    ...(error ? [counted(error, 'error')] : []),
    ...(warning ? [counted(warning, 'warning')] : []),
    ...(information ? [`${information} information`] : []),
    ...(hint ? [counted(hint, 'hint')] : []),
  ];
}
