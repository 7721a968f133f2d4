import type { AnalysisContext } from './context.ts';
import { loadValue } from './memory.ts';
import type { State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';

/*
 * `ok = false; log("failed"); if (!ok) return;`: what a function has set a variable outside of functions to is what it still holds, as far
 * as its author expects, when code out of sight has run.
 */

export class SetNumbers {
  /** The variables that were set to a number before such code ran. */
  readonly places = new Set<Location>();
  /** By what such a variable holds behind that code: the number; undefined where paths have set it to several. */
  readonly #numbers = new Map<Value, number | undefined>();

  /** What a variable was set to, by the value that it holds now. */
  of(value: Value): number | undefined {
    return this.#numbers.get(value);
  }

  note(value: Value, number: number): void {
    const isOther = this.#numbers.has(value) && this.#numbers.get(value) !== number;
    this.#numbers.set(value, isOther ? undefined : number);
  }
}

/** So many variables are followed so in one function. */
const MAXIMUM_SET_NUMBERS = 16;

/** Code out of sight is about to run that tells somebody of something: what a variable holds was set by the function, as far as it is a number. */
export function noteSetNumber(context: AnalysisContext, state: State, location: Location, epoch: number): void {
  const { table, ir, setNumbers } = context;
  const shape = table.locations[location];
  const held = state.memory.get(location);
  if (shape.kind !== 'variable' || held === undefined) return;
  const { kind } = ir.variables[shape.variable];
  const isShared = kind === 'global' || kind === 'static';
  if (isShared && table.integerOf(held) !== undefined && setNumbers.places.size < MAXIMUM_SET_NUMBERS)
    setNumbers.places.add(location);
  if (setNumbers.places.has(location)) carrySetNumber(context, location, [state], epoch);
}

/** Code out of sight runs, or paths meet of which one had it run: a variable holds something else by name, and still the same by intent. */
export function carrySetNumber(
  context: AnalysisContext,
  location: Location,
  states: readonly State[],
  epoch: number,
): void {
  const { table, setNumbers } = context;
  let number: number | undefined;
  for (const [position, state] of states.entries()) {
    const held = loadValue(context, state, location);
    const known = table.integerOf(held) ?? setNumbers.of(held);
    if (known === undefined || (position > 0 && known !== number)) return;
    number = known;
  }
  if (number !== undefined) setNumbers.note(table.initial(location, epoch), number);
}
