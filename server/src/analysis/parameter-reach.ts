import { type BlockId, successors } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import type { Place } from './regions.ts';
import { bytesOf, formOf } from './size-facts.ts';
import { constantOf } from './size-forms.ts';
import type { CalleeStep, Region } from './state.ts';
import { type FreshSize, type Reach, stepsOf } from './summary.ts';
import { NO_VALUE, type Value } from './values.ts';

/*
 * What summaries say of sizes: how far a function goes into what it is given, whichever way it ends, and how long new memory
 * is. Whether a caller's block is long enough is asked in `block-bounds.ts`.
 */

/** The parameter whose value on entry a pointer is; -1 for others. */
export function parameterOf({ table }: AnalysisContext, pointer: Value): number {
  const shape = table.values[pointer];
  return shape.kind === 'symbol' && shape.origin.kind === 'parameter' ? shape.origin.index : -1;
}

/**
 * The function goes so far into what a parameter points to. Undefined where this path shows no number. `block` is the one whose
 * passing means that it does: for what a loop does in its last turn its head.
 */
export function noteReach(
  context: AnalysisContext,
  place: Place,
  parameter: number,
  bytes: number | undefined,
  inner: readonly CalleeStep[] = [],
  block = place.block,
): void {
  const { reached } = context.sizes;
  const key = `${place.block}:${place.instruction}:${parameter}`;
  const known = reached.get(key);
  if (reached.has(key) && known?.bytes === bytes) return;
  if (reached.has(key) || bytes === undefined) {
    reached.set(key, undefined);
    return;
  }
  const site = context.site(place.block, place.instruction, place.origin, place.callee, inner);
  reached.set(key, { parameter, bytes, site, block });
}

/** How far the function goes into what its parameters point to on each way through it. */
export function reachesOf(context: AnalysisContext, file: string): Reach[] {
  const furthest = new Map<number, Reach>();
  for (const entry of context.sizes.reached.values()) {
    if (!entry || entry.bytes <= (furthest.get(entry.parameter)?.bytes ?? 0)) continue;
    if (!isOnEveryWay(context, entry.block)) continue;
    const { parameter, bytes, site } = entry;
    furthest.set(parameter, { parameter, bytes, steps: stepsOf(file, context.ir.name, site) });
  }
  return [...furthest.values()].sort((a, b) => a.parameter - b.parameter);
}

/** No way from the function's beginning to a return leads around the block. */
function isOnEveryWay({ ir }: AnalysisContext, block: BlockId): boolean {
  const seen = new Set<BlockId>();
  const pending = [ir.entry];
  while (pending.length > 0) {
    const next = pending.pop()!;
    if (next === block || seen.has(next)) continue;
    seen.add(next);
    const { terminator } = ir.blocks[next];
    if (terminator.kind === 'return') return false;
    pending.push(...successors(terminator));
  }
  return true;
}

/** How long a block is that goes to the caller, in its terms; undefined where it hangs on more than a product of arguments. */
export function sizeOfBlock(context: AnalysisContext, { extent }: Region): FreshSize | undefined {
  const form = extent === undefined || extent === NO_VALUE ? undefined : formOf(context, extent);
  const bytes = form && bytesOf(context, form);
  const number = bytes && constantOf(bytes);
  if (number !== undefined) return { bytes: number, parameters: [] };
  const pending = extent === undefined || extent === NO_VALUE ? [] : [extent];
  const parameters: number[] = [];
  while (pending.length > 0) {
    const value = pending.pop()!;
    const shape = context.table.values[value];
    const parameter = parameterOf(context, value);
    if (parameter >= 0 && parameters.length < MAXIMUM_FACTORS) parameters.push(parameter);
    else if (shape.kind === 'binary' && shape.operator === '*') pending.push(shape.left, shape.right);
    else return undefined;
  }
  return parameters.length > 0 ? { bytes: 1, parameters: parameters.sort((a, b) => a - b) } : undefined;
}

/** The size of new memory, as the arguments say it; NO_VALUE where that is not known, or nothing is asked for. */
export function extentOfFresh(
  { table }: AnalysisContext,
  size: FreshSize | undefined,
  values: readonly Value[],
): Value {
  if (!size || size.bytes <= 0 || !size.parameters.every((position) => position < values.length)) return NO_VALUE;
  let extent = table.integer(size.bytes);
  for (const position of size.parameters)
    extent = extent === table.one ? values[position] : table.binary('*', extent, values[position]);
  return extent;
}

/** More factors than this are no size that a wrapper is asked for. */
const MAXIMUM_FACTORS = 2;
