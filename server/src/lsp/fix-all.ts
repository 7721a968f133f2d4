import type { Finding, Fix } from '../base/finding.ts';
import type { TextEdit, TextRange } from '../base/range.ts';

/** The repair that "fix all" takes for a finding: the first safe one. */
export function safeFixOf(finding: Finding): Fix | undefined {
  return finding.fixes.find((fix) => fix.safety === 'safe');
}

/**
 * The edits of all safe fixes that can be applied together. Of two fixes that meet, the first wins: the other one is
 * offered again once the text has changed.
 */
export function combineSafeFixes(findings: readonly Finding[]): TextEdit[] {
  const combined: TextEdit[] = [];
  for (const finding of findings) {
    const edits = safeFixOf(finding)?.edits ?? [];
    const conflicts = edits.some((edit) => combined.some((other) => touches(edit.range, other.range)));
    if (!conflicts) combined.push(...edits);
  }
  return combined.sort((a, b) => a.range.start - b.range.start);
}

/** True also for two insertions at one place, whose order would be a guess. */
function touches(a: TextRange, b: TextRange): boolean {
  return a.start <= b.end && b.start <= a.end;
}
