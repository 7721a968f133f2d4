import type { AnalysisContext } from './context.ts';
import { overwritePointee } from './invalidation.ts';
import { escapeValue, isOwnAddress, iterationAt, renewedSymbol } from './memory.ts';
import type { State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';

/** A structure of the system leads to another, and that to a buffer: `msghdr`, its `iovec`s, what these point to. */
const MAXIMUM_DEPTH = 3;

/** True where the system has nothing to keep: a variable of the function's own, or a number in an address's place. */
export function isLentToSystem(context: AnalysisContext, state: State, pointer: Value): boolean {
  return context.table.values[pointer].kind === 'integer' || isOwnAddress(context, state, pointer);
}

/**
 * The system reads a structure and answers in it: what it writes there are numbers. The pointers that stand in it stay, and what
 * they lead to is read or written, and neither kept nor freed.
 */
export function exchange(context: AnalysisContext, state: State, pointer: Value, site: number, depth = 0): void {
  const { table } = context;
  if (table.values[pointer].kind === 'integer') return;
  const target = table.pointee(pointer);
  const root = table.root(target);
  const kept: [Location, Value][] = [];
  for (let i = state.memory.size - 1; i >= 0; i--) {
    const location = state.memory.keyAt(i);
    if (table.root(location) !== root || !table.isWithin(location, target)) continue;
    const value = state.memory.valueAt(i);
    if (isFollowed(context, state, value)) kept.push([location, value]);
    else {
      escapeValue(context, state, value);
      state.unbind(location);
    }
  }
  if (!kept.some(([location]) => location === target)) {
    const origin = { kind: 'unknown', site: site * 2, iteration: iterationAt(state, target) } as const;
    state.bind(target, renewedSymbol(context, state, origin));
  }
  for (const [, value] of kept) {
    const isMemory = state.regions.has(table.base(value));
    if (depth < MAXIMUM_DEPTH && !isMemory) exchange(context, state, value, site, depth + 1);
    else overwritePointee(context, state, value, site);
  }
}

/** A pointer to memory of which something is known, or to a variable. */
function isFollowed({ table }: AnalysisContext, state: State, value: Value): boolean {
  const shape = table.values[value];
  if (state.regions.has(table.base(value))) return true;
  return shape.kind === 'address' && table.locations[table.root(shape.location)].kind === 'variable';
}
