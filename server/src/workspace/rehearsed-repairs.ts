import type { Finding, Fix } from '../base/finding.ts';
import type { TextEdit } from '../base/range.ts';
import { type Repair, refuse } from '../rules/rule.ts';

/*
 * A repair is tried on the text before it is offered: what is written must be understood as it was meant, take its finding
 * away, and bring no other.
 */

/** Repairs that are tried for one finding; each costs an analysis of the function. */
const MAXIMUM_REHEARSALS = 8;

/** Of a repair, the fixes that hold; where none does, the first of its alternatives that does. */
export function heldRepair(repair: Repair, holds: (fix: Fix) => boolean): Repair {
  let rehearsals = 0;
  const isHeld = (fix: Fix): boolean => rehearsals++ < MAXIMUM_REHEARSALS && holds(fix);
  const fixes = repair.fixes.filter(isHeld);
  if (fixes.length > 0) return { fixes };
  for (const alternative of repair.alternatives ?? []) {
    const fix = alternative();
    if (fix && isHeld(fix)) return { fixes: [fix] };
  }
  return refuse(repair.refusal ?? (rehearsals > 0 ? 'the repair would not be clean' : 'no repair is known'));
}

/** A finding without its repairs. */
type Told = Omit<Finding, 'fixes' | 'refusal'>;

/** Whether a finding is gone behind a fix, and every other one was there before. */
export function isCleanAfter(fix: Fix, finding: Told, before: readonly Told[], after: readonly Told[]): boolean {
  const known = new Set(before.map((each) => keyAt(each, placeBehind(fix.edits, each.range.start))));
  const own = keyAt(finding, placeBehind(fix.edits, finding.range.start));
  const left = after.map((each) => keyAt(each, each.range.start));
  if (left.includes(own)) return false;
  // What a fix puts into another variable is called by that name, and is the same finding.
  const isLeft = new Set(left);
  const renamed = before.filter(
    (each) => !isSame(each, finding) && !isLeft.has(keyAt(each, placeBehind(fix.edits, each.range.start))),
  );
  return after.every((each, i) => {
    if (known.has(left[i])) return true;
    const same = renamed.findIndex(
      ({ rule, range }) => rule === each.rule && placeBehind(fix.edits, range.start) === each.range.start,
    );
    if (same >= 0) renamed.splice(same, 1);
    return same >= 0;
  });
}

function isSame(a: Told, b: Told): boolean {
  return a.rule === b.rule && a.range.start === b.range.start && a.message === b.message;
}

/** The same for the same finding of two texts; the lines that a message names have moved. */
function keyAt({ rule, message }: Told, start: number | undefined): string {
  return `${rule}@${start} ${message.replace(/\d+/g, '')}`;
}

/** Where an offset is behind some edits; undefined when its text was replaced. */
function placeBehind(edits: readonly TextEdit[], offset: number): number | undefined {
  let shift = 0;
  for (const { range, newText } of edits) {
    if (range.end <= offset) shift += newText.length - (range.end - range.start);
    else if (range.start <= offset) return undefined;
  }
  return offset + shift;
}
