import { name, version } from '../../../package.json';
import type { Confidence, Severity, StepKind } from '../base/finding.ts';
import type { TextRange } from '../base/range.ts';
import { fingerprintFindings } from './fingerprint.ts';
import { countFindings, type Report } from './report.ts';
import { rulePageUrl } from './rule-page-url.ts';
import { SourceLocator, type SourceSpan } from './source-locator.ts';

/** The JSON report. Keys are only ever added within one `formatVersion`. Paths are relative to the current folder. */
export interface JsonReport {
  readonly formatVersion: 1;
  readonly tool: { readonly name: string; readonly version: string };
  readonly findings: readonly JsonFinding[];
  /** Paths that could not be checked. */
  readonly problems: readonly { readonly path: string; readonly reason: string }[];
  readonly summary: {
    readonly files: number;
    readonly filesWithFindings: number;
    readonly bySeverity: Readonly<Record<Severity, number>>;
    readonly byRule: Readonly<Record<string, number>>;
    /** Findings with a safe fix. */
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
    /** Functions too complex to be analysed to the end: they are not known to be clean. */
    readonly functionsIncomplete: number;
  };
}

export interface JsonFinding {
  readonly rule: string;
  readonly url: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: string;
  readonly cwe: readonly number[];
  readonly file: string;
  readonly function: string;
  readonly range: SourceSpan;
  readonly steps: readonly {
    readonly kind: StepKind;
    readonly message: string;
    readonly file: string;
    readonly range: SourceSpan;
  }[];
  readonly fixes: readonly {
    readonly title: string;
    readonly safety: 'safe' | 'unsafe';
    /** In the finding's file. */
    readonly edits: readonly { readonly range: SourceSpan; readonly newText: string }[];
  }[];
  /** Stays the same when lines are inserted above; see `fingerprintFindings`. */
  readonly fingerprint: string;
}

/** Renders a report as JSON, with a final line end. */
export function renderJson(report: Report): string {
  return `${JSON.stringify(jsonReport(report), null, 2)}\n`;
}

export function jsonReport(report: Report): JsonReport {
  const locator = new SourceLocator(report);
  const located = (file: string, range: TextRange) => ({
    file: locator.relativePath(file),
    range: locator.span(file, range),
  });
  return {
    formatVersion: 1,
    tool: { name, version },
    findings: report.files.flatMap(({ findings }) => {
      const fingerprints = fingerprintFindings(findings, locator);
      return findings.map((finding, i) => ({
        rule: finding.rule,
        url: rulePageUrl(finding.rule),
        severity: finding.severity,
        confidence: finding.confidence,
        message: finding.message,
        cwe: finding.cwe,
        function: finding.functionName,
        ...located(finding.file, finding.range),
        steps: finding.steps.map((step) => ({
          kind: step.kind,
          message: step.message,
          ...located(step.file, step.range),
        })),
        fixes: finding.fixes.map(({ title, safety, edits }) => ({
          title,
          safety,
          edits: edits.map((edit) => ({ range: locator.span(finding.file, edit.range), newText: edit.newText })),
        })),
        fingerprint: fingerprints[i],
      }));
    }),
    problems: report.problems.map(({ path, reason }) => ({ path: locator.relativePath(path), reason })),
    summary: { files: report.files.length, ...countFindings(report) },
  };
}
