import type { VariableId } from '../ir/instructions.ts';
import { isNonNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { isHandedIn, isPrivate } from './memory.ts';
import type { State } from './state.ts';
import type { Value } from './value-shapes.ts';

/**
 * True when two pointers certainly point to different objects: a local did not exist when the function was called, so nothing
 * that was handed in points to it, and no allocator gives its memory; two variables are two objects; memory that only
 * the function's own variables refer to is not what is read from elsewhere; and no allocator gives what is written as a number.
 */
export function areDistinctObjects(context: AnalysisContext, state: State, a: Value, b: Value): boolean {
  const left = ownObject(context, a);
  const right = ownObject(context, b);
  if (left !== undefined && right !== undefined) return left !== right;
  if (
    areDifferentVariables(context, a, b) ||
    isHeapBesideVariable(context, a, b) ||
    isHeapBesideVariable(context, b, a)
  )
    return true;
  if (left !== undefined) return isFromElsewhere(context, b) || isHiddenFrom(context, state, left, b);
  if (right !== undefined) return isFromElsewhere(context, a) || isHiddenFrom(context, state, right, a);
  if (context.table.values[a].kind === 'integer') return isMarker(context, state, a, b);
  if (context.table.values[b].kind === 'integer') return isMarker(context, state, b, a);
  return isNewTo(context, state, a, b) || isNewTo(context, state, b, a);
}

/**
 * True for addresses of two variables, wherever they are declared, or inside of them; a literal is none. What a linker lays out
 * (`__start == __end`) are names for places, as its manual has them begin with underscores.
 */
function areDifferentVariables({ table, ir }: AnalysisContext, a: Value, b: Value): boolean {
  const left = table.values[a];
  const right = table.values[b];
  if (left.kind !== 'address' || right.kind !== 'address') return false;
  const leftRoot = table.locations[table.root(left.location)];
  const rightRoot = table.locations[table.root(right.location)];
  if (leftRoot.kind === 'variable' && rightRoot.kind === 'variable') {
    const areNames = [leftRoot, rightRoot].every(({ variable }) => !ir.variables[variable].name.startsWith('_'));
    return areNames && leftRoot.variable !== rightRoot.variable;
  }
  return (
    (leftRoot.kind === 'variable' && rightRoot.kind === 'literal') ||
    (leftRoot.kind === 'literal' && rightRoot.kind === 'variable')
  );
}

/** True for memory that an allocator gave, and the address of a variable. */
function isHeapBesideVariable({ table }: AnalysisContext, a: Value, b: Value): boolean {
  const heap = table.values[table.base(a)];
  const other = table.values[b];
  if (heap.kind !== 'symbol' || heap.origin.kind !== 'allocation' || other.kind !== 'address') return false;
  return table.locations[table.root(other.location)].kind === 'variable';
}

/** True for a number that stands for no object, as in `p == (void *)-1`, and memory whose allocator fails with NULL alone. */
function isMarker({ table, environment }: AnalysisContext, state: State, number: Value, value: Value): boolean {
  const shape = table.values[value];
  if (number === table.zero || shape.kind !== 'symbol' || shape.origin.kind !== 'allocation') return false;
  const region = state.regions.get(value);
  return region !== undefined && region.family !== '' && environment.models.family(region.family).isMemory;
}

/** True when `value` points to memory that was allocated since `other` was there to be had, or that is kept from where it comes from. */
function isNewTo(context: AnalysisContext, state: State, value: Value, other: Value): boolean {
  const { table } = context;
  const base = table.base(value);
  const shape = table.values[base];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'allocation' || !isNonNull(table, state, base)) return false;
  const elsewhere = table.base(other);
  // What was reallocated may be where it was.
  if (isHandedIn(table, elsewhere)) return state.regions.get(elsewhere)?.status !== 'freed';
  return isReadFromElsewhere(context, elsewhere) && isOwnMemory(context, state, base);
}

/** True for memory that nothing but the function's own variables refers to. */
function isOwnMemory(context: AnalysisContext, state: State, base: Value): boolean {
  const { table } = context;
  if (state.regions.get(base)?.status !== 'allocated') return false;
  const { memory } = state;
  for (let i = 0; i < memory.size; i++) {
    if (table.base(memory.valueAt(i)) !== base) continue;
    const root = table.root(memory.keyAt(i));
    if (table.locations[root].kind !== 'variable' || !isPrivate(context, state, root)) return false;
  }
  return true;
}

/** What memory held that nothing is known of. */
function isReadFromElsewhere({ table }: AnalysisContext, value: Value): boolean {
  const shape = table.values[value];
  if (shape.kind !== 'symbol') return false;
  const { origin } = shape;
  const whole = origin.kind === 'part' ? table.values[origin.whole] : shape;
  return whole.kind === 'symbol' && whole.origin.kind === 'initial';
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

/** True where an allocator by its name gives `value`, or memory held it, and the variable's address never went anywhere. */
function isHiddenFrom(context: AnalysisContext, state: State, variable: VariableId, value: Value): boolean {
  const { table, sites } = context;
  const shape = table.values[table.base(value)];
  if (shape.kind !== 'symbol') return false;
  const { origin } = shape;
  const isElsewhere =
    origin.kind === 'initial' || (origin.kind === 'result' && ALLOCATOR.test(sites[origin.site]?.callee ?? ''));
  return isElsewhere && isPrivate(context, state, table.variable(variable));
}

/** What is given by a function of such a name is no variable of its caller's, though it may be told of one. */
const ALLOCATOR = /alloc|new|dup|create|make/i;

function isFromElsewhere(context: AnalysisContext, value: Value): boolean {
  const { table } = context;
  const base = table.base(value);
  const shape = table.values[base];
  return shape.kind === 'symbol' && (shape.origin.kind === 'allocation' || isHandedIn(table, base));
}
