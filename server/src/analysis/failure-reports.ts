import type { CallInstruction } from './calls.ts';
import type { GivenNumbers } from './constant-endings.ts';
import type { AnalysisContext } from './context.ts';
import type { State } from './state.ts';
import type { Value } from './value-shapes.ts';

/**
 * `if (p == NULL) complain(level, "no memory");` where `complain()` ends the program at some levels, and nothing tells that this is
 * none of them: a program that has the choice does not go on without the memory.
 */
export function endsForWantOfMemory(
  { table, ir, environment }: AnalysisContext,
  state: State,
  call: CallInstruction,
  values: readonly Value[],
): boolean {
  // A text, be it translated or left out by a macro.
  if (!call.argumentOrigins.some(({ start, end }) => ir.text.slice(start, end).includes('"'))) return false;
  let isFailed = false;
  for (let i = 0; i < state.regions.size && !isFailed; i++) {
    const { status, isUnchecked, family } = state.regions.valueAt(i);
    isFailed = status === 'failed' && !isUnchecked && environment.models.family(family).isMemory;
  }
  return isFailed && environment.mayEndGiven(call.callee, numbersAmong(table, values, values.keys()));
}

/** The numbers among what a call is given, at some positions. */
export function numbersAmong(
  table: AnalysisContext['table'],
  values: readonly Value[],
  positions: Iterable<number>,
): GivenNumbers {
  const given = new Map<number, number>();
  for (const position of positions) {
    const value = values.at(position);
    const number = value === undefined ? undefined : table.integerOf(value);
    if (number !== undefined) given.set(position, number);
  }
  return given;
}
