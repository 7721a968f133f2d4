import type { AnalysisContext } from './context.ts';
import { isHandedIn } from './memory.ts';
import type { Value } from './values.ts';

/**
 * True when two pointers certainly point to different objects: a local did not exist when the function was called, so nothing
 * that was handed in points to it, and no allocator gives its memory; two variables are two objects.
 */
export function areDistinctObjects(context: AnalysisContext, a: Value, b: Value): boolean {
  const left = ownObject(context, a);
  const right = ownObject(context, b);
  if (left !== undefined && right !== undefined) return left !== right;
  if (left !== undefined) return isFromElsewhere(context, b);
  return right !== undefined && isFromElsewhere(context, a);
}

/** The local whose address, or an address inside which, a value is. */
function ownObject(context: AnalysisContext, value: Value): number | undefined {
  const { table, ir } = context;
  const shape = table.values[value];
  if (shape.kind !== 'address') return undefined;
  const root = table.locations[table.root(shape.location)];
  if (root.kind !== 'variable') return undefined;
  const { kind } = ir.variables[root.variable];
  return kind === 'local' || kind === 'parameter' ? root.variable : undefined;
}

function isFromElsewhere(context: AnalysisContext, value: Value): boolean {
  const { table } = context;
  const base = table.base(value);
  const shape = table.values[base];
  return shape.kind === 'symbol' && (shape.origin.kind === 'allocation' || isHandedIn(table, base));
}
