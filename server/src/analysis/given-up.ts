import type { AnalysisContext, ExitState } from './context.ts';
import type { State } from './state.ts';
import type { Value } from './value-shapes.ts';

/** What a join made of a pointer of which the paths said different things, and that was more than one point keeps apart. */
export type GivenUp = 'allocated' | 'freed';

/**
 * A pointer is given up: some path owns what it points to, or has freed it, and it is not known any more which. That alone
 * keeps nothing from being said; what comes of it may.
 */
export function giveUp(state: State, pointer: Value, was: GivenUp): void {
  if (state.givenUp.get(pointer) !== was) state.givenUp = new Map(state.givenUp).set(pointer, was);
}

/** Somebody else has the pointer now, or frees it: no loss of it is there to be found. */
export function takeOver(state: State, pointer: Value): void {
  if (state.givenUp.get(pointer) !== 'allocated') return;
  const left = new Map(state.givenUp);
  left.delete(pointer);
  state.givenUp = left;
}

/** Memory is freed or used. Where some path had freed it before, that can no longer be told. */
export function noteGivenUpUse(context: AnalysisContext, state: State, pointer: Value): void {
  if (state.givenUp.size > 0 && state.givenUp.get(pointer) === 'freed') context.isIncomplete = true;
}

/** A path ends. What some path owned and nothing refers to any more may be lost, and can no longer be told of. */
export function noteGivenUpAtExit(context: AnalysisContext, { state, value }: ExitState): void {
  if (state.givenUp.size === 0) return;
  const { table } = context;
  const held = new Set<Value>();
  const hold = (symbol: Value): void => {
    held.add(symbol);
  };
  for (let i = 0; i < state.memory.size; i++) table.forEachHeld(state.memory.valueAt(i), hold);
  if (value !== undefined) table.forEachHeld(value, hold);
  for (const [pointer, was] of state.givenUp) {
    if (was === 'allocated' && !held.has(pointer) && state.regions.get(pointer)?.status !== 'freed') {
      context.isIncomplete = true;
    }
  }
}

/** What is given up on either of two paths is on both. */
export function givenUpOnEither(a: State, b: State): ReadonlyMap<Value, GivenUp> {
  if (b.givenUp.size === 0 || a.givenUp === b.givenUp) return a.givenUp;
  return a.givenUp.size === 0 ? b.givenUp : new Map([...a.givenUp, ...b.givenUp]);
}
