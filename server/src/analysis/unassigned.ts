import type { AnalysisContext } from './context.ts';
import { renewedSymbol } from './memory.ts';
import type { State } from './state.ts';
import type { Value } from './values.ts';

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
    renewedSymbol(context, state, { kind: 'unknown', site: site * 2, iteration: state.iteration * 0x10000 + root }),
  );
}
