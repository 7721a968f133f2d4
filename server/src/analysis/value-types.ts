import type { TypeTerm } from '../ir/type-terms.ts';
import type { AnalysisContext } from './context.ts';
import type { Location, Value } from './values.ts';

/*
 * The types of values that the function did not make, and of places that it was given, as the declarations in sight tell.
 */

/** Members of members of members: deeper is not followed. */
const MAXIMUM_DEPTH = 8;

/** True for what was passed, or was in memory on entry, in a place of a number's type: found to be 0 it is no pointer that is NULL. */
export function isNumber(context: AnalysisContext, value: Value): boolean {
  const term = typeOfValue(context, value, 0);
  return term !== undefined && context.sizes.types.resolve(term).kind === 'arithmetic';
}

function typeOfValue(context: AnalysisContext, value: Value, depth: number): TypeTerm | undefined {
  const { table, ir } = context;
  const shape = table.values[value];
  if (shape.kind !== 'symbol' || depth > MAXIMUM_DEPTH) return undefined;
  if (shape.origin.kind === 'parameter') return ir.variables[ir.parameters[shape.origin.index]]?.type;
  return shape.origin.kind === 'initial' ? typeAt(context, shape.origin.location, depth + 1) : undefined;
}

/** The type of a place; undefined where a value on the way to it has none. */
export function typeAt(context: AnalysisContext, location: Location, depth = 0): TypeTerm | undefined {
  const { table, ir } = context;
  const shape = table.locations[location];
  if (depth > MAXIMUM_DEPTH) return undefined;
  if (shape.kind === 'variable') return ir.variables[shape.variable].type;
  const isPointee = shape.kind === 'pointee';
  if (!isPointee && shape.kind !== 'field' && shape.kind !== 'element') return undefined;
  const of = isPointee ? typeOfValue(context, shape.pointer, depth + 1) : typeAt(context, shape.parent, depth + 1);
  if (!of) return undefined;
  return shape.kind === 'field' ? { kind: 'member', of, name: shape.name } : { kind: 'target', of };
}
