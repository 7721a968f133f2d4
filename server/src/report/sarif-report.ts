import type { Invocation, Location, Log, PhysicalLocation, Region, Result, ThreadFlow } from 'sarif';
import { name, version } from '../../../package.json';
import type { Finding, Fix, Severity } from '../base/finding.ts';
import type { TextRange } from '../base/range.ts';
import { ruleRegistry } from '../rules/registry.ts';
import { fingerprintFindings } from './fingerprint.ts';
import type { Report } from './report.ts';
import { repositoryUrl } from './rule-page-url.ts';
import { cweReference, cweTaxonomy, reportingDescriptor } from './sarif-rules.ts';
import { SourceLocator } from './source-locator.ts';

/** The version of the fingerprints; raised when the same flaw would get another one. */
const fingerprintName = 'ritualFinding/v1';

/** Renders a report as SARIF 2.1.0, with a final line end. */
export function renderSarif(report: Report): string {
  return `${JSON.stringify(sarifLog(report), null, 2)}\n`;
}

export function sarifLog(report: Report): Log {
  const renderer = new SarifRenderer(report);
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name,
            version,
            semanticVersion: version,
            informationUri: repositoryUrl,
            rules: ruleRegistry.map(reportingDescriptor),
            supportedTaxonomies: [{ name: cweTaxonomy.name, index: 0 }],
          },
        },
        taxonomies: [cweTaxonomy],
        invocations: [renderer.invocation()],
        columnKind: 'utf16CodeUnits',
        results: report.files.flatMap(({ findings }) => renderer.results(findings)),
      },
    ],
  };
}

class SarifRenderer {
  readonly #report: Report;
  readonly #locator: SourceLocator;

  constructor(report: Report) {
    this.#report = report;
    this.#locator = new SourceLocator(report);
  }

  /** Says whether the run saw everything it was asked to see, and what it did not. */
  invocation(): Invocation {
    const { problems } = this.#report;
    if (problems.length === 0) return { executionSuccessful: true };
    return {
      executionSuccessful: false,
      toolExecutionNotifications: problems.map(({ path, reason }) => ({
        level: 'error',
        message: { text: `${this.#locator.relativePath(path)}: ${reason}` },
        locations: [{ physicalLocation: { artifactLocation: { uri: this.#locator.uri(path) } } }],
      })),
    };
  }

  results(findings: readonly Finding[]): Result[] {
    const fingerprints = fingerprintFindings(findings, this.#locator);
    return findings.map((finding, i) => this.#result(finding, fingerprints[i]));
  }

  #result(finding: Finding, fingerprint: string): Result {
    const ruleIndex = ruleRegistry.findIndex((rule) => rule.id === finding.rule);
    return {
      ruleId: finding.rule,
      ...(ruleIndex >= 0 && { ruleIndex }),
      level: levels[finding.severity],
      message: { text: finding.message },
      locations: [
        {
          physicalLocation: this.#physicalLocation(finding.file, finding.range),
          ...(finding.functionName !== '' && {
            logicalLocations: [{ name: finding.functionName, kind: 'function' }],
          }),
        },
      ],
      ...(finding.steps.length > 0 && { codeFlows: [{ threadFlows: [this.#threadFlow(finding)] }] }),
      ...(finding.fixes.length > 0 && { fixes: finding.fixes.map((fix) => this.#fix(finding.file, fix)) }),
      taxa: finding.cwe.map(cweReference),
      partialFingerprints: { [fingerprintName]: fingerprint },
      properties: { confidence: finding.confidence },
    };
  }

  #threadFlow(finding: Finding): ThreadFlow {
    return {
      locations: finding.steps.map((step, i) => ({
        executionOrder: i + 1,
        kinds: [step.kind],
        importance: i === finding.steps.length - 1 ? 'essential' : 'important',
        location: this.#stepLocation(step.file, step.range, step.message),
      })),
    };
  }

  #stepLocation(file: string, range: TextRange, text: string): Location {
    return { physicalLocation: this.#physicalLocation(file, range), message: { text } };
  }

  #fix(file: string, fix: Fix): NonNullable<Result['fixes']>[number] {
    return {
      description: { text: fix.title },
      artifactChanges: [
        {
          artifactLocation: { uri: this.#locator.uri(file) },
          replacements: fix.edits.map(({ range, newText }) => ({
            deletedRegion: this.#region(file, range),
            insertedContent: { text: newText },
          })),
        },
      ],
      properties: { safety: fix.safety },
    };
  }

  #physicalLocation(file: string, range: TextRange): PhysicalLocation {
    return { artifactLocation: { uri: this.#locator.uri(file) }, region: this.#region(file, range) };
  }

  #region(file: string, range: TextRange): Region {
    const { start, end } = this.#locator.span(file, range);
    return {
      startLine: start.line,
      startColumn: start.column,
      endLine: end.line,
      endColumn: end.column,
      charOffset: start.offset,
      charLength: end.offset - start.offset,
    };
  }
}

/** SARIF has no level between warning and nothing to do but "note". */
const levels: Readonly<Record<Severity, Result.level>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};
