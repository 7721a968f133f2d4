import type { BlockId } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import type { Fact, State } from './state.ts';
import type { Location, Value } from './values.ts';

/**
 * Joins states whose heap facts are equal, as in property simulation (Das, Lerner, Seigle: ESP, PLDI 2002): what they
 * agree on is kept, what they differ in becomes unknown. When still more than `limit` are left, the last are cut off.
 */
export function joinStates(
  context: AnalysisContext,
  block: BlockId,
  states: readonly State[],
  limit: number,
): { states: State[]; wasCut: boolean } {
  const groups = new Map<string, State>();
  const base = (value: Value): Value => context.table.base(value);
  // The first few stay as they are: most functions never need more, and lose nothing.
  const kept = states.slice(0, Math.floor(limit / 2));
  for (const state of states.slice(kept.length)) {
    const key = state.heapKey(base);
    const other = groups.get(key);
    groups.set(key, other ? join(context, block, other, state) : state);
  }
  const joined = [...kept, ...groups.values()];
  if (joined.length <= limit) return { states: joined, wasCut: false };
  return { states: joined.slice(0, limit), wasCut: true };
}

function join(context: AnalysisContext, block: BlockId, a: State, b: State): State {
  const { table } = context;
  const result = a.fork();
  const merge = (location: Location): void => {
    const symbol = table.symbol({ kind: 'merged', location, block });
    result.deleteFact(symbol);
    result.deleteRegion(symbol);
    result.bind(location, symbol);
  };
  for (const [location, value] of a.memory) if (b.memory.get(location) !== value) merge(location);
  for (const location of b.memory.keys()) if (!a.memory.has(location)) merge(location);
  for (const [value, fact] of a.facts) {
    const other = b.facts.get(value);
    if (!other) result.deleteFact(value);
    else if (!isEqual(fact, other)) {
      result.setFact(value, {
        low: Math.min(fact.low, other.low),
        high: Math.max(fact.high, other.high),
        isNonZero: fact.isNonZero && other.isNonZero,
      });
    }
  }
  for (const variable of b.exposed) result.expose(variable);
  for (const value of a.dereferenced.keys()) {
    if (!b.dereferenced.has(value)) {
      result.dereferenced = new Map(result.dereferenced);
      result.dereferenced.delete(value);
    }
  }
  if (a.epoch !== b.epoch) result.epoch = -(block + 1) * 1000;
  if (a.iteration !== b.iteration) result.iteration = (block + 1) << 20;
  if (b.isWidened) result.isWidened = true;
  return result;
}

function isEqual(a: Fact, b: Fact): boolean {
  return a.low === b.low && a.high === b.high && a.isNonZero === b.isNonZero;
}
