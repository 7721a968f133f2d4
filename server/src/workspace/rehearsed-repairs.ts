import { type Finding, type Fix, whatIsSaid } from '../base/finding.ts';
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

/** What a rehearsal shows: whether a fix holds in its own function, and in those that call it. */
export type Rehearsal = 'holds' | 'fails' | 'fails in a caller';

/**
 * Of a repair, the fixes that hold; where none does, the first of its alternatives that does. They are not tried where a
 * caller is wrong behind a fix that holds in its own function: such a caller does not expect that the function fails, or
 * keeps what it had, and a repair of another kind would hide that.
 * @param length of the function, in UTF-16 code units
 */
export function heldRepair(repair: Repair, length: number, rehearse: (fix: Fix) => Rehearsal): Repair {
  const maximum = length > LONG_FUNCTION ? MAXIMUM_REHEARSALS_IF_LONG : MAXIMUM_REHEARSALS;
  let rehearsals = 0;
  let failsInCaller = false;
  const isHeld = (fix: Fix): boolean => {
    if (rehearsals++ >= maximum) return false;
    const outcome = rehearse(fix);
    failsInCaller ||= outcome === 'fails in a caller';
    return outcome === 'holds';
  };
  const fixes = repair.fixes.filter(isHeld);
  if (fixes.length > 0) return { fixes };
  for (const alternative of repair.alternatives ?? []) {
    if (failsInCaller) return refuse('a caller would have another finding');
    const fix = alternative();
    if (fix && isHeld(fix)) return { fixes: [fix] };
  }
  if (failsInCaller) return refuse('a caller would have another finding');
  if (repair.fixes.length > 0) return refuse('the repair would not be clean');
  return refuse(repair.refusal ?? 'no repair is known');
}

/** A finding without its repairs. */
type Told = Omit<Finding, 'fixes' | 'refusal'>;

/** Whether a finding is gone behind a fix, and every other one was there before. */
export function isCleanAfter(fix: Fix, finding: Told, before: readonly Told[], after: readonly Told[]): boolean {
  const own = keyBehind(fix, finding);
  // Of two that say the same of one place one is left when the other is repaired.
  const expected = [...before];
  const one = expected.findIndex((each) => keyBehind(fix, each) === own);
  if (one >= 0) expected.splice(one, 1);
  // What a fix puts into another variable is called by that name, and is the same finding.
  return isKnownAfter(fix, expected, after, (each) => keyBehind(fix, each) !== own);
}

/** Whether every finding behind a fix was there before: of a function that the fix does not touch. */
export function bringsNothing(fix: Fix, before: readonly Told[], after: readonly Told[]): boolean {
  return isKnownAfter(fix, before, after, () => true);
}

function isKnownAfter(
  fix: Fix,
  before: readonly Told[],
  after: readonly Told[],
  mayBeRenamed: (finding: Told) => boolean,
): boolean {
  const known = new Map<string, number>();
  for (const each of before) known.set(keyBehind(fix, each), (known.get(keyBehind(fix, each)) ?? 0) + 1);
  const unknown = after.filter((each) => {
    const key = keyAt(each, each.range.start);
    const count = known.get(key) ?? 0;
    known.set(key, count - 1);
    return count <= 0;
  });
  const gone = before.filter((each) => mayBeRenamed(each) && (known.get(keyBehind(fix, each)) ?? 0) > 0);
  return unknown.every((each) => {
    const same = gone.findIndex(
      ({ rule, range }) => rule === each.rule && placeBehind(fix.edits, range.start) === each.range.start,
    );
    if (same >= 0) gone.splice(same, 1);
    return same >= 0;
  });
}

function keyBehind(fix: Fix, finding: Told): string {
  return keyAt(finding, placeBehind(fix.edits, finding.range.start));
}

/** The same for the same finding of two texts. */
function keyAt(finding: Told, start: number | undefined): string {
  return `${start} ${whatIsSaid(finding)}`;
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
