import { pathOfValue } from './access-paths.ts';
import type { AnalysisContext } from './context.ts';
import type { EveryWayQuestion } from './every-way.ts';
import { extentFromCallee, leastForCaller, sizeForCaller } from './interface-sizes.ts';
import type { Place } from './regions.ts';
import { formOf } from './size-facts.ts';
import type { SizeForm } from './size-forms.ts';
import type { CalleeStep, Region, State } from './state.ts';
import { type AccessPath, type InterfaceSize, type Reach, stepsOf } from './summary.ts';
import { NO_VALUE, type Value } from './value-shapes.ts';

/*
 * What summaries say of sizes: how far a function goes into what it is given, whichever way it ends, and how long new memory
 * is. Whether a caller's block is long enough is asked in `call-bounds.ts`.
 */

/** Of one pointer so many reaches are told whose sizes hang on what the caller gives. */
const MAXIMUM_REACHES = 8;

/** The value may be what the function was given, by the look of it: what it is called is another question. */
export function mayBeGiven({ table }: AnalysisContext, pointer: Value): boolean {
  const shape = table.values[pointer];
  if (shape.kind !== 'symbol') return false;
  const { origin } = shape;
  return origin.kind === 'parameter' || (origin.kind === 'initial' && origin.epoch === 0) || origin.kind === 'part';
}

/**
 * The function goes so far into what it was given. `block` is the one whose passing means that it does: for what a loop does in
 * its last turn its head.
 */
export function noteReach(
  context: AnalysisContext,
  place: Place,
  pointer: Value | AccessPath,
  form: SizeForm | undefined,
  inner: readonly CalleeStep[] = [],
  block = place.block,
  isLimit = false,
): void {
  const size = leastForCaller(context, form);
  const path = typeof pointer === 'number' ? pathOfValue(context.table, context.ir, pointer) : pointer;
  if (!size || size.length === 0 || !path) return;
  context.sizes.reached.note(place, JSON.stringify([path, size, isLimit]), () => {
    const site = context.site(place.block, place.instruction, place.origin, place.callee, inner);
    return { path, size, isLimit, site, block, given: typeof pointer === 'number' ? pointer : NO_VALUE };
  });
}

/** How far the function goes into what it was given on each way through it. */
export function reachesOf(context: AnalysisContext, file: string, isOnEveryWay: EveryWayQuestion): Reach[] {
  const found = new Map<string, Reach>();
  for (const { path, size, isLimit, site, block, given } of context.sizes.reached.shownByAll()) {
    const bytes = numberOf(size);
    // Of numbers the largest says all.
    const key = bytes === undefined ? JSON.stringify([path, size, isLimit]) : `${path.join(' ')}${isLimit ? '?' : ''}`;
    const known = found.get(key);
    if (known ? bytes === undefined || bytes <= (numberOf(known.size) ?? 0) : (bytes ?? 1) <= 0) continue;
    if (!isOnEveryWay(block, given) || (!known && found.size >= MAXIMUM_REACHES)) continue;
    found.set(key, { path, size, isLimit, steps: stepsOf(file, context.ir.name, site) });
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reach]) => reach);
}

function numberOf(size: InterfaceSize): number | undefined {
  return size.length === 1 && size[0].factors.length === 0 ? size[0].coefficient : undefined;
}

/** How long a block is that goes to the caller, in its terms; undefined where it hangs on more than that, or on the path. */
export function sizeOfBlock(context: AnalysisContext, { extent, allocation }: Region): InterfaceSize | undefined {
  if (extent === undefined || extent === NO_VALUE || !allocation) return undefined;
  // States that differ in nothing else are one: it has this one's size.
  if (context.sizes.extents.get(allocation) !== extent) return undefined;
  return sizeForCaller(context, formOf(context, extent));
}

/** The size of new memory, as the arguments say it; NO_VALUE where that is not known, or nothing is asked for. */
export function extentOfFresh(
  context: AnalysisContext,
  state: State,
  size: InterfaceSize | undefined,
  values: readonly Value[],
): Value {
  if (!size) return NO_VALUE;
  const bytes = numberOf(size);
  return bytes !== undefined && bytes <= 0 ? NO_VALUE : extentFromCallee(context, state, size, values);
}

/** The argument that says a size of new memory, or its last factor, where it is nothing but arguments. */
export function argumentOfSize(size: InterfaceSize): number | undefined {
  if (size.length !== 1 || size[0].coefficient !== 1) return undefined;
  const { factors } = size[0];
  if (factors.length === 0 || !factors.every(({ path, isLength }) => path.length === 1 && !isLength)) return undefined;
  return Math.max(...factors.map(({ path }) => Number(path[0].slice(1))));
}
