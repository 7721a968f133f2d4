import { createHash } from 'node:crypto';
import type { Finding } from '../base/finding.ts';
import type { SourceLocator } from './source-locator.ts';

/**
 * The fingerprints of one file's findings, which stay when lines are inserted above: made of the rule, the function,
 * the line's text without its spacing, and, among findings equal in all that, their number in the file.
 */
export function fingerprintFindings(findings: readonly Finding[], locator: SourceLocator): string[] {
  const occurrences = new Map<string, number>();
  return findings.map((finding) => {
    const { line } = locator.position(finding.file, finding.range.start);
    const text = locator.lineText(finding.file, line).replace(/\s+/g, ' ').trim();
    const key = [finding.rule, finding.functionName, text].join('\0');
    const occurrence = occurrences.get(key) ?? 0;
    occurrences.set(key, occurrence + 1);
    return createHash('sha256').update(`${key}\0${occurrence}`).digest('hex').slice(0, 32);
  });
}
