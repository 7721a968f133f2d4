import type { AnalysisContext } from './context.ts';
import { renewedSymbol } from './memory.ts';
import type { Place } from './regions.ts';
import { type State, siteKey } from './state.ts';

/** Any function of a library may set errno, whatever the caller wrote there (C17 7.5): `errno = 0; n = strtol(s, 0, 10);`. */
export function renewLastError(context: AnalysisContext, state: State, place: Place): void {
  const variable = context.globalNamed('errno');
  if (variable === undefined) return;
  const lastError = context.table.variable(variable);
  const held = state.memory.get(lastError);
  if (held === undefined || context.table.integerOf(held) === undefined) return;
  // Where an allocator gives memory, it leaves the number alone; where it does not, its result tells as well.
  if (context.environment.models.modelOf(place.callee)?.allocates) return;
  const site = -(siteKey(place.block, place.instruction) * 2 + 1);
  state.bind(lastError, renewedSymbol(context, state, { kind: 'unknown', site, iteration: state.iteration }));
}
