import { keptPer } from '../base/kept.ts';
import type { AnalysisContext } from './context.ts';
import { noteLost } from './leaks.ts';
import { escapeValue } from './memory.ts';
import type { LostMember } from './regions.ts';
import { isResultTested } from './result-uses.ts';
import type { Site, State } from './state.ts';
import type { AccessPath, Summary, SummaryWrite } from './summary.ts';
import type { Value } from './value-shapes.ts';

/*
 * What is lost in a callee: a destructor frees a structure and forgets one of its members, or a new value is written over the last
 * reference to what its caller owns.
 */

/** What a function frees or keeps in one of its cases, whichever it is. Undefined where its summary does not tell all of that. */
const pathsCaredFor = keptPer(({ cases, isIncomplete }: Summary): readonly AccessPath[] | undefined => {
  if (isIncomplete || cases.some(({ freesUnnamed }) => freesUnnamed)) return undefined;
  return cases.flatMap(({ frees, escapes }) => [...frees.map(({ path }) => path), ...escapes]);
});

/** The same as the caller's values, in front of the call. */
export function valuesCaredFor(
  { table }: AnalysisContext,
  summary: Summary,
  valueAt: (path: AccessPath) => Value | undefined,
): ReadonlySet<Value> | undefined {
  const paths = pathsCaredFor(summary);
  if (!paths) return undefined;
  const cared = new Set<Value>();
  for (const path of paths) {
    const value = valueAt(path);
    if (value !== undefined) cared.add(table.base(value));
  }
  return cared;
}

/**
 * What the blocks held that a callee has freed: what it never frees or keeps, nor gives back as one of `kept`, is lost with them.
 * Of the rest its caller cannot tell on which of the callee's ways that happens.
 */
export function loseMembers(
  context: AnalysisContext,
  state: State,
  members: readonly LostMember[],
  cared: ReadonlySet<Value> | undefined,
  kept: readonly Value[],
): void {
  for (const { value, site } of members) {
    if (cared && !cared.has(context.table.base(value))) noteLost(context, state, [value], kept, () => site, 'holder');
  }
  for (const { value } of members) escapeValue(context, state, value);
}

/** A callee wrote over what stood in a place: that is lost where it does so for sure, and neither frees nor keeps what was there. */
export function loseOverwritten(
  context: AnalysisContext,
  state: State,
  before: Value,
  write: SummaryWrite,
  cared: ReadonlySet<Value> | undefined,
  site: Site,
): void {
  const base = context.table.base(before);
  const isSure = write.kind !== 'unknown' && write.kind !== 'freed';
  if (isSure && cared && !cared.has(base) && !isAnswerPassedOn(context, state.regions.get(base)?.allocation))
    noteLost(context, state, [base], [], () => site, 'overwrite');
  escapeValue(context, state, before);
}

/** `CHECK(make(&made), FAILED);`: what is made of the answer of the call that made the memory, another function decides. */
function isAnswerPassedOn(context: AnalysisContext, made: Site | undefined): boolean {
  const call = made && context.ir.blocks[made.block]?.instructions[made.instruction];
  return call?.op === 'call' && call.isResultUsed && !isResultTested(context, call, made!);
}
