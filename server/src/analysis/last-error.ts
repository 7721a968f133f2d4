import type { AnalysisContext } from './context.ts';
import { renewedSymbol } from './memory.ts';
import type { Place } from './regions.ts';
import type { State } from './state.ts';
import type { Location } from './values.ts';

const lastErrors = new WeakMap<AnalysisContext, Location | undefined>();

/** The place of `errno`, where the function speaks of it. */
function lastErrorOf(context: AnalysisContext): Location | undefined {
  if (!lastErrors.has(context)) {
    const variable = context.ir.variables.findIndex(({ name, kind }) => name === 'errno' && kind === 'global');
    lastErrors.set(context, variable < 0 ? undefined : context.table.variable(variable));
  }
  return lastErrors.get(context);
}

/** Any function of a library may set errno, whatever the caller wrote there (C17 7.5): `errno = 0; n = strtol(s, 0, 10);`. */
export function renewLastError(context: AnalysisContext, state: State, place: Place): void {
  const lastError = lastErrorOf(context);
  const held = lastError === undefined ? undefined : state.memory.get(lastError);
  if (lastError === undefined || held === undefined || context.table.integerOf(held) === undefined) return;
  // Where an allocator gives memory, it leaves the number alone; where it does not, its result tells as well.
  if (context.environment.models.modelOf(place.callee)?.allocates) return;
  const site = (place.block * 4096 + place.instruction) * 2 + 1;
  state.bind(lastError, renewedSymbol(context, state, { kind: 'unknown', site: -site, iteration: state.iteration }));
}
