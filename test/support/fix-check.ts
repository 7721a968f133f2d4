import type { Finding, Fix } from '../../server/src/base/finding.ts';
import { applyEdits } from '../../server/src/base/range.ts';
import type { FileReport, Project } from '../../server/src/workspace/project.ts';

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
    const key = ({ rule, message }: Finding, start: number | undefined): string =>
      `${rule}@${start} ${message.replace(/\d+/g, '')}`;
    const known = new Set(before.findings.map((each) => key(each, moved(fix, each.range.start))));
    const own = key(finding, moved(fix, finding.range.start));
    const added = report.findings.filter((each) => !known.has(key(each, each.range.start)));
    // What a fix puts into another variable is called by that name, and is the same finding.
    const left = new Set(report.findings.map((each) => key(each, each.range.start)));
    const renamed = before.findings.filter(
      (each) => each !== finding && !left.has(key(each, moved(fix, each.range.start))),
    );
    const isRenamed = (each: Finding): boolean => {
      const i = renamed.findIndex(
        ({ rule, range }) => rule === each.rule && moved(fix, range.start) === each.range.start,
      );
      if (i >= 0) renamed.splice(i, 1);
      return i >= 0;
    };
    return {
      text,
      remains: report.findings.some((each) => key(each, each.range.start) === own),
      added: added.filter((each) => !isRenamed(each)),
      report,
    };
  } finally {
    project.openDocument(file, before.text);
  }
}
