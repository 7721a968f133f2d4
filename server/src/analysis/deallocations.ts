import type { Deallocation } from '../models/function-model.ts';
import type { CallInstruction } from './calls.ts';
import type { AnalysisContext } from './context.ts';
import { noteGivenFree } from './given-places.ts';
import { loadValue, storeValue } from './memory.ts';
import { dereference, free, type Place } from './regions.ts';
import type { State } from './state.ts';
import { freshResult } from './unknown-calls.ts';
import type { Location, Value } from './value-shapes.ts';

/** A call of a deallocator whose model is known. False when the path ends there. */
export function executeDeallocation(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  deallocation: Deallocation,
): boolean {
  const { table } = context;
  const { argument, family, isIndirect, clears, isCounted, returnsNull } = deallocation;
  const origin = call.argumentOrigins[argument];
  let pointer = values[argument];
  let cleared: Location | undefined;
  // A scope's end hands a variable's cleanup function the variable's address.
  if (isIndirect || call.isImplicit) {
    if (!dereference(context, state, pointer, origin, place, [])) return false;
    cleared = table.pointee(pointer);
    pointer = loadValue(context, state, cleared);
  } else if (clears) {
    cleared = lvalueOf(context, state, call.arguments[argument], place);
  }
  noteGivenFree(context, state, pointer, place);
  if (!free(context, state, pointer, origin, family, place, [], !isCounted)) return false;
  const site = context.site(place.block, place.instruction, call.origin, call.callee, []);
  if (cleared !== undefined) storeValue(context, state, cleared, table.zero, site.id);
  state.registers[call.destination] = returnsNull ? table.zero : freshResult(context, state, call, place);
  return true;
}

/** The place that a macro's argument was read from, when it is an lvalue. */
export function lvalueOf(context: AnalysisContext, state: State, register: number, place: Place): Location | undefined {
  const { instructions } = context.ir.blocks[place.block];
  for (let i = place.instruction - 1; i >= 0; i--) {
    const instruction = instructions[i];
    if (instruction.op === 'sequence-point') return undefined;
    if (!('destination' in instruction) || instruction.destination !== register) continue;
    return instruction.op === 'load' ? context.table.pointee(state.registers[instruction.address]) : undefined;
  }
  return undefined;
}
