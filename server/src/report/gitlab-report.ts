import { createHash } from 'node:crypto';
import type { Severity } from '../base/finding.ts';
import { fingerprintFindings } from './fingerprint.ts';
import type { Report } from './report.ts';
import { SourceLocator } from './source-locator.ts';

/** One entry of GitLab's code quality report ("Code Quality report format" in GitLab's manual). */
export interface GitlabIssue {
  readonly description: string;
  readonly check_name: string;
  /** Unique in a report, and equal for the same finding in two of them: GitLab shows what is new by it. */
  readonly fingerprint: string;
  readonly severity: 'info' | 'minor' | 'major' | 'critical' | 'blocker';
  /** The path is relative to the repository's root, without `./`; lines count from one. */
  readonly location: { readonly path: string; readonly lines: { readonly begin: number; readonly end: number } };
}

/** Renders a report for GitLab's code quality widget, with a final line end. */
export function renderGitlab(report: Report): string {
  return `${JSON.stringify(gitlabIssues(report), null, 2)}\n`;
}

export function gitlabIssues(report: Report): GitlabIssue[] {
  const locator = new SourceLocator(report);
  return report.files.flatMap(({ findings }) => {
    const fingerprints = fingerprintFindings(findings, locator);
    return findings.map((finding, i) => {
      const path = locator.relativePath(finding.file);
      const { start, end } = locator.span(finding.file, finding.range);
      return {
        description: finding.message,
        check_name: finding.rule,
        // The finding's own fingerprint tells findings of one file apart, and files may be copies of each other.
        fingerprint: createHash('sha256').update(`${path}\0${fingerprints[i]}`).digest('hex').slice(0, 32),
        severity: severities[finding.severity],
        location: { path, lines: { begin: start.line, end: end.line } },
      };
    });
  });
}

const severities: Readonly<Record<Severity, GitlabIssue['severity']>> = {
  error: 'critical',
  warning: 'major',
  information: 'minor',
  hint: 'info',
};
