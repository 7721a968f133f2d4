import type { CallInstruction } from './calls.ts';
import type { AnalysisContext } from './context.ts';
import { lvalueOf } from './deallocations.ts';
import { iterationAt, renewedSymbol } from './memory.ts';
import type { Place } from './regions.ts';
import type { State } from './state.ts';
import type { Value } from './value-shapes.ts';

/** A variable without a value whose address a callee was given may have one now. */
export function assignUnknown(context: AnalysisContext, state: State, pointer: Value, site: number): void {
  const { table } = context;
  const shape = table.values[table.base(pointer)];
  if (shape.kind !== 'address') return;
  const root = table.root(shape.location);
  const held = state.memory.get(root);
  const symbol = held === undefined ? undefined : table.values[held];
  if (symbol?.kind !== 'symbol' || symbol.origin.kind !== 'uninitialised') return;
  state.bind(
    root,
    renewedSymbol(context, state, { kind: 'unknown', site: site * 2, iteration: iterationAt(state, root) }),
  );
}

/**
 * A variable that has no value yet is handed to something without a body in sight: nobody passes what was never assigned,
 * so it is a macro that assigns it.
 */
export function assignMacroArguments(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  site: number,
): void {
  // What is called through a pointer is a function.
  if (call.callee === '') return;
  const { table } = context;
  for (const register of call.arguments) {
    const shape = table.values[state.registers[register]];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'uninitialised') continue;
    const location = lvalueOf(context, state, register, place);
    if (location === undefined || state.memory.get(location) !== state.registers[register]) continue;
    const iteration = iterationAt(state, location);
    state.bind(location, renewedSymbol(context, state, { kind: 'unknown', site: site * 2, iteration }));
  }
}
