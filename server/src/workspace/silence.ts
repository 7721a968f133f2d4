import type { Finding } from '../base/finding.ts';
import { LineIndex } from '../base/line-index.ts';
import { findForeignSuppressions } from '../rules/foreign-suppressions.ts';
import { ruleById, ruleRegistry } from '../rules/registry.ts';
import { applySuppressions, findSuppressions, type Suppression } from '../rules/suppressions.ts';
import { findUnusedSuppressions } from '../rules/unused-suppression/find.ts';
import { metadata as unusedSuppression } from '../rules/unused-suppression/metadata.ts';
import type { AnalysedFile } from './analysed-file.ts';
import type { Configuration } from './configuration.ts';
import { suggestName } from './nearest-name.ts';
import { effectiveSeverity } from './rule-selection.ts';

/** A function of the file, and whether it was analysed to its end. */
export interface FunctionSpan {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly isAnalysed: boolean;
}

interface SilencedFile {
  /** Ordered by position, with those about suppressions that have nothing to do. */
  readonly kept: readonly Finding[];
  /** How many findings comments silence. */
  readonly suppressed: number;
}

/** Applies a file's suppression comments to its findings, and says which of them silence nothing. */
export function silence(
  analysed: AnalysedFile,
  findings: readonly Finding[],
  functions: readonly FunctionSpan[],
  configuration: Configuration,
  seesWholeWorkspace: boolean,
): SilencedFile {
  const { text } = analysed;
  const suppressions = findSuppressions(text);
  const { kept, suppressed, unused } = applySuppressions(text, findings, suppressions, findForeignSuppressions(text));
  const severity = effectiveSeverity(unusedSuppression, configuration);
  // What a file that was not read does to memory may be what a comment is about.
  if (unused.length === 0 || severity === 'off' || !seesWholeWorkspace) return { kept, suppressed: suppressed.length };
  const lines = new LineIndex(text);
  const functionsOn = (line: number): FunctionSpan[] => {
    const start = lines.lineStart(line);
    const end = lines.lineStart(line + 1);
    return functions.filter((span) => span.start < end && start < span.end);
  };
  const found = findUnusedSuppressions(unused, {
    file: analysed.file,
    text,
    severity,
    stateOf: (rule) => {
      const metadata = ruleById(rule);
      if (!metadata) return 'unknown';
      return effectiveSeverity(metadata, configuration) === 'off' ? 'off' : 'runs';
    },
    allRulesRun: ruleRegistry.every(
      (rule) => rule.defaultSeverity === 'off' || effectiveSeverity(rule, configuration) !== 'off',
    ),
    suggest: (rule) =>
      suggestName(
        rule,
        ruleRegistry.map(({ id }) => id),
      ),
    isAnalysed: (line) =>
      line < 0
        ? functions.every((span) => span.isAnalysed) && !hasUnseenBranch(analysed)
        : functionsOn(line).every((span) => span.isAnalysed) && !isInUnseenBranch(analysed, lines, line),
    functionAt: (line) => functionsOn(line)[0]?.name ?? '',
  }).filter((finding) => !isSuppressedByName(finding, suppressions, lines));
  return {
    kept: [...kept, ...found].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end),
    suppressed: suppressed.length,
  };
}

/** Only by its name: a comment that means all rules would silence what is said about itself. */
function isSuppressedByName({ range }: Finding, suppressions: readonly Suppression[], lines: LineIndex): boolean {
  const { line } = lines.positionAt(range.start);
  return suppressions.some(
    ({ scope, rules, line: silenced }) =>
      rules.includes(unusedSuppression.id) && (scope === 'file' || silenced === line || silenced < 0),
  );
}

function hasUnseenBranch({ source }: AnalysedFile): boolean {
  return source.rewrites.some(({ kind }) => kind === 'branch');
}

/** The line lies in a branch of a conditional group that the analysis leaves out. */
function isInUnseenBranch({ source }: AnalysedFile, lines: LineIndex, line: number): boolean {
  const start = lines.lineStart(line);
  const end = lines.lineStart(line + 1);
  return source.rewrites.some((rewrite) => rewrite.kind === 'branch' && rewrite.start < end && start < rewrite.end);
}
