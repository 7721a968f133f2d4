import { type Finding, type Fix, whatIsSaid } from '../base/finding.ts';
import { applyEdits, type TextEdit, type TextRange } from '../base/range.ts';
import type { FileReport } from './file-report.ts';
import type { Project } from './project.ts';

/** The repair that "fix all" takes for a finding: the first safe one. */
export function safeFixOf(finding: Finding): Fix | undefined {
  return finding.fixes.find((fix) => fix.safety === 'safe');
}

interface ChosenFix {
  readonly finding: Finding;
  readonly fix: Fix;
}

/**
 * The safe fixes that can be applied together. Of two that meet, the first wins: the other one is offered again once
 * the text has changed.
 */
function chooseSafeFixes(findings: readonly Finding[]): ChosenFix[] {
  const chosen: ChosenFix[] = [];
  const taken: TextEdit[] = [];
  for (const finding of findings) {
    const fix = safeFixOf(finding);
    if (!fix || fix.edits.some((edit) => taken.some((other) => touches(edit.range, other.range)))) continue;
    taken.push(...fix.edits);
    chosen.push({ finding, fix });
  }
  return chosen;
}

/** True also for two insertions at one place, whose order would be a guess. */
function touches(a: TextRange, b: TextRange): boolean {
  return a.start <= b.end && b.start <= a.end;
}

/**
 * How often a file is checked and fixed again. A repair may uncover the next finding on the same path, but a file that
 * needs more rounds than this has fixes that undo each other.
 */
export const maximumFixRounds = 10;

/** What fixing needs of a project. */
export type FixableProject = Pick<Project, 'check' | 'openDocument' | 'closeDocument'>;

interface FixedFile {
  /** What is left, on the repaired text. */
  readonly report: FileReport;
  /** How many repairs were applied. */
  readonly fixed: number;
}

/**
 * Applies the safe fixes of a file until none is left, checking again after every round. Writes nothing: the project
 * sees the repaired text as an open document, which is closed at the end. A repair after which its finding is still
 * there is taken back, and so is a round that adds findings: an analysis that errs must not spoil the file.
 * @param isWanted The others are left as they are.
 */
export async function fixFile(
  project: FixableProject,
  first: FileReport,
  signal?: AbortSignal,
  isWanted: (finding: Finding) => boolean = () => true,
): Promise<FixedFile> {
  const { file } = first;
  let report = first;
  let fixed = 0;
  let refused: Refused[] = [];
  try {
    for (let round = 0; round < maximumFixRounds; round++) {
      const chosen = chooseSafeFixes(
        report.findings.filter((finding) => isWanted(finding) && !isRefused(finding, refused)),
      );
      if (chosen.length === 0) break;
      const edits = chosen.flatMap(({ fix }) => fix.edits);
      project.openDocument(file, applyEdits(report.text, edits));
      const next = await project.check(file, signal);
      const useless = chosen.filter(({ finding }) => survives(finding, edits, report.findings, next.findings));
      if (useless.length > 0) {
        // The others are tried once more without them.
        refused.push(...useless.map(({ finding }) => ({ said: whatIsSaid(finding), start: finding.range.start })));
        continue;
      }
      if (next.findings.length > report.findings.length) break;
      refused = refused.map(({ said, start }) => ({ said, start: movedBy(edits, start).start }));
      report = next;
      fixed += chosen.length;
    }
  } finally {
    project.closeDocument(file);
  }
  return { report, fixed };
}

/** A finding that a repair did not remove, by what it says and the offset at which it begins. */
interface Refused {
  readonly said: string;
  readonly start: number;
}

function isRefused(finding: Finding, refused: readonly Refused[]): boolean {
  return refused.some(({ said, start }) => said === whatIsSaid(finding) && start === finding.range.start);
}

/**
 * Where a position may be after edits: one offset, any offset of the text that replaced it, or none (an empty range)
 * when it was removed.
 */
function movedBy(edits: readonly TextEdit[], offset: number): TextRange {
  let shift = 0;
  let length = 1;
  for (const { range, newText } of edits) {
    if (range.end <= offset) {
      shift += newText.length - (range.end - range.start);
    } else if (range.start <= offset) {
      shift += range.start - offset;
      length = newText.length;
    }
  }
  return { start: offset + shift, end: offset + shift + length };
}

/**
 * True when as many findings as before say the same where this one is after the edits: one return may lose several blocks, and
 * two of them may be called the same.
 */
function survives(
  finding: Finding,
  edits: readonly TextEdit[],
  before: readonly Finding[],
  next: readonly Finding[],
): boolean {
  const said = whatIsSaid(finding);
  const place = movedBy(edits, finding.range.start);
  const known = before.filter((other) => other.range.start === finding.range.start && whatIsSaid(other) === said);
  const left = next.filter(
    (other) => place.start <= other.range.start && other.range.start < place.end && whatIsSaid(other) === said,
  );
  return left.length >= known.length;
}
