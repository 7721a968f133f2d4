import type { Finding, Fix } from '../base/finding.ts';
import { applyEdits, type TextEdit, type TextRange } from '../base/range.ts';
import type { FileReport, Project } from './project.ts';

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

/**
 * How often a file is checked and fixed again. Each round repairs at least one finding of every cluster that meets; a
 * file that needs more rounds has fixes that undo each other.
 */
export const maximumFixRounds = 10;

/** What fixing needs of a project. */
export type FixableProject = Pick<Project, 'check' | 'openDocument' | 'closeDocument'>;

export interface FixedFile {
  /** What is left, on the repaired text. */
  readonly report: FileReport;
  /** How many findings the repairs removed. */
  readonly fixed: number;
}

/**
 * Applies the safe fixes of a file until none is left, checking again after every round. Writes nothing: the project
 * sees the repaired text as an open document, which is closed at the end. A round that would bring more findings than
 * it removes is taken back.
 */
export async function fixFile(project: FixableProject, first: FileReport, signal?: AbortSignal): Promise<FixedFile> {
  const { file } = first;
  let report = first;
  try {
    for (let round = 0; round < maximumFixRounds; round++) {
      const edits = combineSafeFixes(report.findings);
      if (edits.length === 0) break;
      project.openDocument(file, applyEdits(report.text, edits));
      const next = await project.check(file, signal);
      if (next.findings.length >= report.findings.length) break;
      report = next;
    }
  } finally {
    project.closeDocument(file);
  }
  return { report, fixed: first.findings.length - report.findings.length };
}
