import type { Finding, Fix } from '../base/finding.ts';
import type { TextEdit } from '../base/range.ts';
import { type Repair, refuse } from '../rules/rule.ts';

/*
 * A repair is tried on the text before it is offered: what is written must be understood as it was meant, take its finding
 * away, and bring no other.
 */

/** Repairs that are tried for one finding; each costs an analysis of the function. */
const MAXIMUM_REHEARSALS = 8;
/** The same in a function that is longer than so many UTF-16 code units, whose analysis takes long. */
const MAXIMUM_REHEARSALS_IF_LONG = 2;
const LONG_FUNCTION = 30_000;

/**
 * Of a repair, the fixes that hold; where none does, the first of its alternatives that does.
 * @param length of the function, in UTF-16 code units
 */
export function heldRepair(repair: Repair, length: number, holds: (fix: Fix) => boolean): Repair {
  const maximum = length > LONG_FUNCTION ? MAXIMUM_REHEARSALS_IF_LONG : MAXIMUM_REHEARSALS;
  let rehearsals = 0;
  const isHeld = (fix: Fix): boolean => rehearsals++ < maximum && holds(fix);
  const fixes = repair.fixes.filter(isHeld);
  if (fixes.length > 0) return { fixes };
  for (const alternative of repair.alternatives ?? []) {
    const fix = alternative();
    if (fix && isHeld(fix)) return { fixes: [fix] };
  }
  if (repair.fixes.length > 0) return refuse('the repair would not be clean');
  return refuse(repair.refusal ?? 'no repair is known');
}

/** A finding without its repairs. */
type Told = Omit<Finding, 'fixes' | 'refusal'>;

/** Whether a finding is gone behind a fix, and every other one was there before. */
export function isCleanAfter(fix: Fix, finding: Told, before: readonly Told[], after: readonly Told[]): boolean {
  // Of two that say the same of one place one is left when the other is repaired.
  const known = new Map<string, number>();
  const keyBefore = (each: Told): string => keyAt(each, placeBehind(fix.edits, each.range.start));
  for (const each of before) known.set(keyBefore(each), (known.get(keyBefore(each)) ?? 0) + 1);
  const own = keyBefore(finding);
  known.set(own, (known.get(own) ?? 0) - 1);
  const unknown = after.filter((each) => {
    const key = keyAt(each, each.range.start);
    const count = known.get(key) ?? 0;
    known.set(key, count - 1);
    return count <= 0;
  });
  // What a fix puts into another variable is called by that name, and is the same finding.
  const gone = before.filter((each) => keyBefore(each) !== own && (known.get(keyBefore(each)) ?? 0) > 0);
  return unknown.every((each) => {
    const same = gone.findIndex(
      ({ rule, range }) => rule === each.rule && placeBehind(fix.edits, range.start) === each.range.start,
    );
    if (same >= 0) gone.splice(same, 1);
    return same >= 0;
  });
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
