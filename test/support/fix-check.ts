import { type Finding, type Fix, whatIsSaid } from '../../server/src/base/finding.ts';
import { applyEdits } from '../../server/src/base/range.ts';
import type { FileReport } from '../../server/src/workspace/file-report.ts';
import type { Project } from '../../server/src/workspace/project.ts';

/** What a fix, applied alone, did to its file. */
export interface FixOutcome {
  readonly text: string;
  /** The finding is still there. */
  readonly remains: boolean;
  /** Findings that were not there before. */
  readonly added: readonly Finding[];
  /** The same finding offers the same kind of fix again. */
  readonly report: FileReport;
}

/** Where an offset is after the edits of a fix; undefined when its text was removed. */
function moved(fix: Fix, offset: number): number | undefined {
  let shift = 0;
  for (const { range, newText } of fix.edits) {
    if (range.end <= offset) shift += newText.length - (range.end - range.start);
    else if (range.start <= offset) return undefined;
  }
  return offset + shift;
}

/** Applies one fix of a report to its file, checks again, and restores the file. */
export async function tryFix(project: Project, before: FileReport, finding: Finding, fix: Fix): Promise<FixOutcome> {
  const { file } = before;
  const text = applyEdits(before.text, fix.edits);
  project.openDocument(file, text);
  try {
    const report = await project.check(file);
    // Two findings may stand in one place: what they say tells them apart, but for the lines, which the fix moved.
    const key = (each: Finding, start: number | undefined): string => `${start} ${whatIsSaid(each)}`;
    // Of two findings that say the same of one place one is left when the other is repaired.
    const keyBefore = (each: Finding): string => key(each, moved(fix, each.range.start));
    const known = new Map<string, number>();
    for (const each of before.findings) known.set(keyBefore(each), (known.get(keyBefore(each)) ?? 0) + 1);
    const own = keyBefore(finding);
    const ownCount = known.get(own)!;
    const left = report.findings.filter((each) => key(each, each.range.start) === own).length;
    const added = report.findings.filter((each) => {
      const count = known.get(key(each, each.range.start)) ?? 0;
      known.set(key(each, each.range.start), count - 1);
      return count <= 0;
    });
    // What a fix puts into another variable is called by that name, and is the same finding.
    const renamed = before.findings.filter((each) => each !== finding && (known.get(keyBefore(each)) ?? 0) > 0);
    const isRenamed = (each: Finding): boolean => {
      const i = renamed.findIndex(
        ({ rule, range }) => rule === each.rule && moved(fix, range.start) === each.range.start,
      );
      if (i >= 0) renamed.splice(i, 1);
      return i >= 0;
    };
    return {
      text,
      remains: left >= ownCount,
      added: added.filter((each) => !isRenamed(each)),
      report,
    };
  } finally {
    project.openDocument(file, before.text);
  }
}
