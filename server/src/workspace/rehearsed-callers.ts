import type { FunctionAnalysis } from '../analysis/analyse-function.ts';
import type { Summary } from '../analysis/summary.ts';
import type { Finding, Fix } from '../base/finding.ts';
import type { TopLevelItem } from '../syntax/translation-unit.ts';
import { type AnalysedFile, functionItem } from './analysed-file.ts';
import type { ImaginedFunction, Program } from './program.ts';
import { bringsNothing } from './rehearsed-repairs.ts';

/*
 * A repair may change what its function does for those who call it: memory that it lost before stays in its holder now, and a
 * caller that frees the holder alone loses it.
 */

/** Callers that a repair is tried on; each costs an analysis. */
const MAXIMUM_REHEARSED_CALLERS = 8;
/** So many UTF-16 code units are analysed for one repair's callers. */
const MAXIMUM_REHEARSED_LENGTH = 30_000;

/** The findings of a function in some text. */
type FindingsOf = (
  analysed: AnalysedFile,
  item: TopLevelItem,
  analysis: FunctionAnalysis,
) => readonly Omit<Finding, 'fixes' | 'refusal'>[];

/**
 * Whether the functions of a file that call a repaired one have no finding that they did not have before. Of many callers the
 * first are looked at.
 * @param before the function's analysis as its text stands
 */
export function leavesCallersClean(
  program: Program,
  analysed: AnalysedFile,
  before: FunctionAnalysis,
  imagined: ImaginedFunction,
  fix: Fix,
  findingsOf: FindingsOf,
): boolean {
  const { summary } = imagined.analysis;
  if (effectOf(summary) === effectOf(before.summary)) return true;
  const { name } = before.ir;
  let callers = 0;
  let length = 0;
  for (const fact of program.index.facts(analysed.file)?.functions ?? []) {
    if (fact.name === name || !fact.calls.includes(name)) continue;
    const item = functionItem(analysed, fact.name);
    const later = functionItem(imagined.analysed, fact.name);
    if (!item || !later) continue;
    length += item.end - item.start;
    if (++callers > MAXIMUM_REHEARSED_CALLERS || length > MAXIMUM_REHEARSED_LENGTH) return true;
    const analysis = program.analyse(analysed, item);
    const after = analysis && program.imagineCaller(imagined.analysed, later, summary);
    if (!after) continue;
    if (after.isIncomplete && !analysis.isIncomplete) return false;
    const known = findingsOf(analysed, item, analysis);
    if (!bringsNothing(fix, known, findingsOf(imagined.analysed, later, after))) return false;
  }
  return true;
}

/** A summary as text, without the places in which it happens: those move with every repair. */
function effectOf(summary: Summary): string {
  return JSON.stringify(summary, (key, value: unknown) => (PLACES.has(key) ? undefined : value));
}

const PLACES = new Set(['steps', 'origin']);
