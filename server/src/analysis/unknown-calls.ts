import type { FunctionModel } from '../models/function-model.ts';
import type { CallInstruction } from './calls.ts';
import type { AnalysisContext } from './context.ts';
import { noteQuestion } from './doubt.ts';
import { pairWithError } from './error-places.ts';
import { formattedArguments } from './formats.ts';
import { noteFreedArguments } from './freed-uses.ts';
import { noteNullGiven } from './handed-null.ts';
import { handOver, noteFilled, noteHandedOver, noteReleaseByName, noteSource, variablesToFill } from './handovers.ts';
import { havocPointee, invalidateMemory } from './invalidation.ts';
import { escapeReachable, escapeValue, isOwnAddress, renewedSymbol } from './memory.ts';
import { isMessage } from './messages.ts';
import type { Place } from './regions.ts';
import { changedRegion, type State } from './state.ts';
import { noteGiven } from './status-asked.ts';
import { assignMacroArguments, assignUnknown } from './unassigned.ts';
import type { Location, Value } from './value-shapes.ts';

/*
 * Calls of which nothing but their arguments is known.
 */

export function freshResult(context: AnalysisContext, state: State, call: CallInstruction, place: Place): Value {
  const site = context.site(place.block, place.instruction, call.origin, call.callee, []);
  return renewedSymbol(context, state, { kind: 'result', site: site.id, iteration: state.iteration });
}

const NO_POSITIONS: ReadonlySet<number> = new Set();

/** Names of functions that give another block for the one that they are given. */
const REALLOCATION = /re_?alloc/i;

/**
 * A callee of which nothing is known: it may free, keep and write what its arguments reach, and all shared memory.
 * @param settled The positions of arguments that it does nothing to, or nothing that was not looked at already.
 */
export function executeUnknown(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  settled = NO_POSITIONS,
): State[] {
  const site = context.site(place.block, place.instruction, call.origin, call.callee, []);
  assignMacroArguments(context, state, call, place, site.id);
  if (state.knownNull.size > 0) noteNullGiven(context, state, values);
  noteFreedArguments(context, state, call, values, site, (position) => !settled.has(position));
  context.beliefs.given.length = 0;
  noteReleaseByName(context, state, call, place, values, settled, site);
  const printed = printedArguments(context, call, values);
  const given = settled.size === 0 ? values : values.filter((_, position) => !settled.has(position));
  const filled = variablesToFill(context, state, place, given);
  const declared = context.environment.declaredModel(call.callee);
  for (const [i, value] of values.entries()) {
    if (settled.has(i)) continue;
    if (printed?.has(i)) print(context, state, value);
    // Whoever is to leave something in a variable writes it and forgets where it is.
    else if (isAmong(context, filled, value)) havocPointee(context, state, value, site.id);
    else if (isLent(context, state, declared, i, value)) escapeReachable(context, state, value);
    else {
      if (!declared?.unwritten?.includes(i)) context.takenValues.add(value);
      giveAway(context, state, value, site.id);
      // The old block is the callee's, and, whoever else has its address, no longer the caller's where the call succeeds.
      if (REALLOCATION.test(call.callee)) escapeValue(context, state, value);
    }
  }
  invalidateMemory(context, state, site.id, false, state.regions.size > 0 && isMessage(context, call.callee, values));
  noteGiven(context, state, place, given);
  const result = freshResult(context, state, call, place);
  noteHandedOver(context, state, site, result);
  noteSource(context, state, place, site, result);
  noteFilled(context, state, site, result, filled);
  noteQuestion(context, result, call.callee, values);
  pairWithError(context, state, call, place, values, result);
  state.registers[call.destination] = result;
  return [state];
}

/**
 * The address of a variable of the function's own goes to a pointer to const: the callee reads the variable, now or later, and does not
 * write it (C17 6.7.3). What the variable holds may be kept and freed as ever.
 */
function isLent(
  context: AnalysisContext,
  state: State,
  declared: FunctionModel | undefined,
  position: number,
  pointer: Value,
): boolean {
  return declared?.unwritten?.includes(position) === true && isOwnAddress(context, state, pointer);
}

export function isAmong({ table }: AnalysisContext, locations: readonly Location[], pointer: Value): boolean {
  const shape = table.values[pointer];
  return shape.kind === 'address' && locations.includes(shape.location);
}

/** A callee that only looks at what it is given: nothing is kept or written, and nothing is known of its result. */
export function executeReader(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
): State[] {
  const site = context.site(place.block, place.instruction, call.origin, call.callee, []);
  noteFreedArguments(context, state, call, values, site);
  for (const value of values) {
    print(context, state, value);
    // Nobody has a variable looked at that has no value: another body of the name leaves something there.
    assignUnknown(context, state, value, site.id);
  }
  const result = freshResult(context, state, call, place);
  noteQuestion(context, result, call.callee, values);
  state.registers[call.destination] = result;
  return [state];
}

/** The positions of what a call only prints, as its format says: nobody keeps or writes it. */
export function printedArguments(
  context: AnalysisContext,
  call: CallInstruction,
  values: readonly Value[],
): ReadonlySet<number> | undefined {
  // Fewer arguments leave no room for a format and what it prints.
  if (values.length < 2) return undefined;
  const formatted = formattedArguments(context, call, values, undefined);
  return formatted && new Set([...formatted.texts, ...formatted.others]);
}

/** A pointer is printed, or what it points to: whether it may be NULL there is the callee's business. */
export function print(context: AnalysisContext, state: State, value: Value): void {
  const base = context.table.base(value);
  const region = state.regions.get(base);
  if (region?.isUnchecked) state.setRegion(base, changedRegion(region, { isUnchecked: false }));
}

/** A value is handed to unknown code. */
export function giveAway(context: AnalysisContext, state: State, value: Value, site: number, depth = 0): void {
  const { table } = context;
  const shape = table.values[value];
  if (shape.kind === 'integer') return;
  if (shape.kind === 'binary' && depth < 4) {
    // `check(p == NULL)`: the callee learns of the pointer, and may act on it.
    giveAway(context, state, shape.left, site, depth + 1);
    giveAway(context, state, shape.right, site, depth + 1);
    return;
  }
  const base = table.base(value);
  const region = state.regions.get(base);
  // Whether the callee looks at the pointer is not known; its authors may rely on it.
  if (region?.isUnchecked) state.setRegion(base, changedRegion(region, { isUnchecked: false }));
  // What it is freed to mean is the callee's business from now on: it may be told only the address.
  if (base === value) handOver(context, state, value);
  else escapeValue(context, state, value);
  if (shape.kind === 'address' || region !== undefined || table.values[base].kind === 'symbol') {
    havocPointee(context, state, value, site);
  }
}
