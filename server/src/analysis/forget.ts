import { isLive } from '../ir/control-flow.ts';
import type { BlockId } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import { epochOf } from './memory.ts';
import type { State } from './state.ts';
import type { Location, Value } from './values.ts';

/** Values of values of values: further down nothing is named again in practice. */
const MAXIMUM_NAMING_DEPTH = 8;

/** Forgets dead variables and facts about values that nothing can name any more, so that equal states look equal. */
export function forgetDead(context: AnalysisContext, block: BlockId, state: State): void {
  const { table, liveness, ir } = context;
  for (const location of state.memory.keys()) {
    const shape = table.locations[location];
    if (shape.kind !== 'variable') continue;
    const { kind } = ir.variables[shape.variable];
    // A local stays to the end of its scope: there it is known whether it held the last pointer to its memory.
    if (kind === 'temporary' && !isLive(liveness, block, shape.variable)) state.unbind(location);
    else if (kind === 'local' && !isLive(liveness, block, shape.variable)) {
      const value = state.memory.get(location)!;
      if (!state.regions.has(table.base(value))) state.unbind(location);
    }
  }
  forgetUnnamed(context, state);
}

/** Forgets facts about values that nothing can name any more; variables stay as they are. */
export function forgetUnnamed(context: AnalysisContext, state: State): void {
  const { table } = context;
  const named = new Set<Value>();
  const name = (value: Value | undefined): void => {
    if (value === undefined || named.has(value)) return;
    named.add(value);
    const shape = table.values[value];
    if (shape.kind === 'binary') {
      name(shape.left);
      name(shape.right);
    } else if (shape.kind === 'address') nameLocation(shape.location);
    else if (shape.kind === 'symbol' && shape.origin.kind === 'aggregate')
      for (const part of shape.origin.parts) name(part.value);
  };
  const nameLocation = (location: Location): void => {
    const shape = table.locations[location];
    if (shape.kind === 'pointee') name(shape.pointer);
    else if (shape.kind === 'field') nameLocation(shape.parent);
    else if (shape.kind === 'element') {
      nameLocation(shape.parent);
      name(shape.index);
    }
  };
  for (const [location, value] of state.memory) {
    nameLocation(location);
    name(value);
  }
  for (const value of state.registers) name(value);
  for (const value of state.facts.keys()) if (!isNameable(context, value, named, state, 0)) state.deleteFact(value);
  for (const value of state.regions.keys()) {
    if (!isNameable(context, value, named, state, 0)) state.deleteRegion(value);
  }
}

function isNameable(
  context: AnalysisContext,
  value: Value,
  named: ReadonlySet<Value>,
  state: State,
  depth: number,
): boolean {
  if (named.has(value)) return true;
  if (depth > MAXIMUM_NAMING_DEPTH) return false;
  const { table } = context;
  const shape = table.values[value];
  if (shape.kind === 'integer') return true;
  if (shape.kind === 'binary') {
    return (
      isNameable(context, shape.left, named, state, depth + 1) &&
      isNameable(context, shape.right, named, state, depth + 1)
    );
  }
  if (shape.kind === 'symbol') {
    const { origin } = shape;
    if (origin.kind === 'parameter' || origin.kind === 'named') return true;
    // A load from the same place would give it again.
    if (
      origin.kind === 'initial' &&
      (origin.epoch === 0 || origin.epoch === epochOf(context, state, origin.location))
    ) {
      const root = table.locations[table.root(origin.location)];
      return root.kind !== 'pointee' || isNameable(context, root.pointer, named, state, depth + 1);
    }
  }
  return false;
}
