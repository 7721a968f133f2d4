import type { AnalysisContext } from './context.ts';
import type { State } from './state.ts';
import type { Location, Value, ValueTable } from './values.ts';

/*
 * The first element of an array has the array's own place. When it is written, the others stay as they are: what they hold stands in
 * a place of its own from then on.
 */

/** Where what the elements behind the first one hold stands, as long as nothing was stored to them: no element has this index. */
const REST_INDEX = { kind: 'named', key: 'the elements behind the first' } as const;

/** The first element of a local array is about to be written, which has the array's own place: the others stay as they are. */
export function keepRest(context: AnalysisContext, state: State, location: Location): void {
  const { table, ir } = context;
  const shape = table.locations[location];
  if (shape.kind !== 'variable' || !ir.variables[shape.variable].isArray) return;
  const { kind } = ir.variables[shape.variable];
  const held = kind === 'local' ? state.memory.get(location) : undefined;
  if (held === undefined || restAt(context, state, location) !== undefined) return;
  state.bind(table.element(location, table.symbol(REST_INDEX)), held);
}

/** What the elements of an array hold to which nothing was stored since its first one was written. */
export function restAt({ table, ir }: AnalysisContext, state: State, location: Location): Value | undefined {
  const shape = table.locations[location];
  if (shape.kind !== 'variable' || !ir.variables[shape.variable].isArray) return undefined;
  return state.memory.get(table.element(location, table.symbol(REST_INDEX)));
}

/** The place that stands for all elements to which nothing was stored. */
export function isRest(table: ValueTable, location: Location): boolean {
  const shape = table.locations[location];
  return shape.kind === 'element' && shape.index === table.symbol(REST_INDEX);
}

/** A part of an object that lies in an element behind its first one. */
export function isInLaterElement(table: ValueTable, part: Location, object: Location): boolean {
  const index = elementIndex(table, part, object);
  return index !== undefined && index !== table.zero;
}

/** The index of the element of an object in which a part of it lies; undefined in the first one, which has the object's own place. */
export function elementIndex(table: ValueTable, part: Location, object: Location): Value | undefined {
  let current = part;
  for (let step = part; step !== object; ) {
    current = step;
    const shape = table.locations[step];
    if (shape.kind !== 'field' && shape.kind !== 'element') return undefined;
    step = shape.parent;
  }
  const outermost = table.locations[current];
  return outermost.kind === 'element' ? outermost.index : undefined;
}
