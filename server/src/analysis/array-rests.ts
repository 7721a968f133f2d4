import { keptPer } from '../base/kept.ts';
import type { AnalysisContext } from './context.ts';
import type { State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/*
 * The first element of an array has the array's own place. When it is written, the others stay as they are: what they hold stands in
 * a place of its own from then on.
 */

/** Where what the elements behind the first one hold stands, as long as nothing was stored to them: no element has this index. */
const REST_INDEX = { kind: 'named', key: 'the elements behind the first' } as const;

/** The first element of a local array, or of a zeroed block, is about to be written, at the place of the whole: the others stay as they are. */
export function keepRest(context: AnalysisContext, state: State, location: Location): void {
  const { table } = context;
  const held = state.memory.get(location);
  if (held === undefined || !mayHaveRest(context, location, held)) return;
  if (restAt(context, state, location) !== undefined) return;
  wholesWithRest(context).add(location);
  state.bind(table.element(location, table.symbol(REST_INDEX)), held);
}

function mayHaveRest({ table, ir }: AnalysisContext, location: Location, held: Value): boolean {
  const shape = table.locations[location];
  if (shape.kind === 'pointee') return held === table.zero || held === table.possibleNull;
  return (
    shape.kind === 'variable' && ir.variables[shape.variable].isArray && ir.variables[shape.variable].kind === 'local'
  );
}

/** The places of wholes that have had a rest on some path: only of these one is looked for. */
const wholesWithRest = keptPer((_: AnalysisContext) => new Set<Location>());

/** What the elements of an array hold to which nothing was stored since its first one was written. */
export function restAt(context: AnalysisContext, state: State, location: Location): Value | undefined {
  if (!wholesWithRest(context).has(location)) return undefined;
  return state.memory.get(context.table.element(location, context.table.symbol(REST_INDEX)));
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
