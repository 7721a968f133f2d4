import type { Finding, Severity } from '../base/finding.ts';
import type { Report } from './report.ts';
import { SourceLocator } from './source-locator.ts';

/**
 * Workflow commands of GitHub Actions, one line a finding: the runner turns them into annotations of the changed lines
 * ("Workflow commands for GitHub Actions" in GitHub's manual). Paths must be relative to the repository's root, so the
 * command belongs there.
 */
export function renderGithub(report: Report): string {
  const locator = new SourceLocator(report);
  const findings = report.files.flatMap((file) => file.findings).map((finding) => findingCommand(finding, locator));
  const problems = report.problems.map(({ path, reason }) =>
    command('error', { file: locator.relativePath(path), title: 'Ritual' }, reason),
  );
  return [...findings, ...problems].join('');
}

function findingCommand(finding: Finding, locator: SourceLocator): string {
  const { start, end } = locator.span(finding.file, finding.range);
  const isOneLine = start.line === end.line;
  const path = finding.steps.length > 1 ? finding.steps.map((step, i) => stepLine(step, i, locator)) : [];
  return command(
    commands[finding.severity],
    {
      file: locator.relativePath(finding.file),
      line: start.line,
      endLine: end.line,
      // GitHub refuses columns of annotations that span lines.
      ...(isOneLine && { col: start.column, endColumn: end.column }),
      title: `Ritual: ${finding.rule}`,
    },
    [finding.message, ...path].join('\n'),
  );
}

function stepLine(step: Finding['steps'][number], index: number, locator: SourceLocator): string {
  const { line } = locator.position(step.file, step.range.start);
  return `${index + 1}. ${locator.relativePath(step.file)}:${line}: ${step.message}`;
}

/** GitHub knows three levels. */
const commands: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

function command(name: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const list = Object.entries(properties).map(([key, value]) => `${key}=${escapeProperty(`${value}`)}`);
  return `::${name} ${list.join(',')}::${escapeMessage(message)}\n`;
}

/** A line break would end the command, and what follows would be taken for another one. */
function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
