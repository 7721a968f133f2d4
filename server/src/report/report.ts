import type { Finding, Severity } from '../base/finding.ts';
import type { FileReport } from '../workspace/file-report.ts';
import { compareText, type PathProblem } from '../workspace/source-listing.ts';

/** All that one run found; every format is a rendering of this and of nothing else, so that reports are reproducible. */
export interface Report {
  /** Absolute path of the folder that paths in the report are relative to. */
  readonly currentFolder: string;
  /** Ordered by path, their findings by position. */
  readonly files: readonly FileReport[];
  /** Paths that could not be checked, ordered. */
  readonly problems: readonly PathProblem[];
  /** The text of another file that a step lies in, if it can be read. */
  readonly textOf: (file: string) => string | undefined;
}

/** Puts the parts of a report into their order, whatever order they were made in. */
export function orderReport(report: Report): Report {
  return {
    ...report,
    files: report.files
      .map((file) => ({ ...file, findings: [...file.findings].sort(compareFindings) }))
      .sort((a, b) => compareText(a.file, b.file)),
    problems: [...report.problems].sort((a, b) => compareText(a.path, b.path)),
  };
}

/** By position, then by whatever else tells two findings apart. */
function compareFindings(a: Finding, b: Finding): number {
  return (
    a.range.start - b.range.start ||
    a.range.end - b.range.end ||
    compareText(a.rule, b.rule) ||
    compareText(a.message, b.message)
  );
}

/** How many findings of each severity, each rule, and in which files. */
export interface ReportCounts {
  readonly bySeverity: Readonly<Record<Severity, number>>;
  /** Only rules with findings, in alphabetical order. */
  readonly byRule: Readonly<Record<string, number>>;
  /** Files with at least one finding. */
  readonly filesWithFindings: number;
  /** Findings with a safe fix. Counted when first asked for: all repairs are made for it. */
  readonly fixable: number;
  readonly fixableByRule: Readonly<Record<string, number>>;
  /** Findings that comments silence. */
  readonly suppressed: number;
  /** Findings that the baseline knows. */
  readonly baselined: number;
  /** Entries of the baseline that stand for nothing any more. */
  readonly gone: number;
  readonly functions: number;
  /** Functions with a region that could not be understood. */
  readonly functionsWithErrors: number;
  /** Functions whose analysis met a budget. */
  readonly functionsIncomplete: number;
}

export function countFindings(report: Report): ReportCounts {
  const bySeverity = { error: 0, warning: 0, information: 0, hint: 0 };
  const byRule = new Map<string, number>();
  const total = { suppressed: 0, baselined: 0, gone: 0, functions: 0, functionsWithErrors: 0, functionsIncomplete: 0 };
  for (const { findings, health, silenced } of report.files) {
    total.suppressed += silenced.suppressed;
    total.baselined += silenced.baselined;
    total.gone += silenced.gone;
    total.functions += health.functions;
    total.functionsWithErrors += health.functionsWithErrors;
    total.functionsIncomplete += health.functionsIncomplete;
    for (const finding of findings) {
      bySeverity[finding.severity]++;
      byRule.set(finding.rule, (byRule.get(finding.rule) ?? 0) + 1);
    }
  }
  let fixable: Readonly<Record<string, number>> | undefined;
  return {
    bySeverity,
    byRule: Object.fromEntries([...byRule].sort(([a], [b]) => compareText(a, b))),
    filesWithFindings: report.files.filter((file) => file.findings.length > 0).length,
    get fixable() {
      return Object.values(this.fixableByRule).reduce((sum, count) => sum + count, 0);
    },
    get fixableByRule() {
      fixable ??= countFixable(report);
      return fixable;
    },
    ...total,
  };
}

function countFixable({ files }: Report): Record<string, number> {
  const byRule = new Map<string, number>();
  for (const { rule, fixes } of files.flatMap(({ findings }) => findings)) {
    if (fixes.some(({ safety }) => safety === 'safe')) byRule.set(rule, (byRule.get(rule) ?? 0) + 1);
  }
  return Object.fromEntries(byRule);
}
