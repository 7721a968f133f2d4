import type { BlockId, Origin } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import { bytesOf, formOf } from './size-facts.ts';
import { constantOf } from './size-forms.ts';
import type { Site, State } from './state.ts';
import { NO_VALUE, type Value } from './value-shapes.ts';

/** A block of the same size that each turn of a loop gets and gives back. */
export interface LoopAllocation {
  readonly kind: 'loop-allocation';
  readonly allocation: Site;
  readonly free: Site;
  readonly pointer: Origin;
  readonly bytes: number;
}

/** A larger block costs its own use more than its allocation. */
const MAXIMUM_BYTES = 4096;

/** Which allocations come to an end where. */
export class LoopAllocations {
  readonly frees = new Map<Site, { readonly site: Site; readonly pointer: Origin }[]>();
  /** Allocations of which a block is alive when its loop comes round, or that somebody else holds. */
  readonly kept = new Set<Site>();
}

export function noteFreed(context: AnalysisContext, allocation: Site | undefined, site: Site, pointer: Origin): void {
  if (!allocation) return;
  const { frees } = context.loopAllocations;
  const known = frees.get(allocation);
  if (!known) frees.set(allocation, [{ site, pointer }]);
  else if (!known.some((each) => each.site === site)) known.push({ site, pointer });
}

/** A loop comes round: what was allocated inside and is not freed by now is kept for longer than a turn. */
export function noteTurn(context: AnalysisContext, from: BlockId, head: BlockId, state: State): void {
  const blocks = context.flow.loopBlocks.get(head);
  if (!blocks?.has(from)) return;
  for (const { allocation, status } of state.regions.values()) {
    if (allocation && blocks.has(allocation.block) && status !== 'freed' && status !== 'failed') {
      context.loopAllocations.kept.add(allocation);
    }
  }
}

/** After all paths: blocks of one small size that never outlive the turn of the loop that allocates them. */
export function findLoopAllocations(context: AnalysisContext): void {
  const { loopAllocations, sizes, flow } = context;
  for (const [allocation, frees] of loopAllocations.frees) {
    if (loopAllocations.kept.has(allocation) || allocation.inner.length > 0) continue;
    const bytes = bytesAt(context, sizes.extents.get(allocation) ?? NO_VALUE);
    if (bytes === undefined || bytes <= 0 || bytes > MAXIMUM_BYTES) continue;
    let loop: ReadonlySet<BlockId> | undefined;
    for (const blocks of flow.loopBlocks.values()) {
      if (blocks.has(allocation.block) && (!loop || blocks.size < loop.size)) loop = blocks;
    }
    const free = frees.find(({ site }) => loop?.has(site.block));
    if (!free) continue;
    context.flaws.push({ kind: 'loop-allocation', allocation, free: free.site, pointer: free.pointer, bytes });
  }
}

function bytesAt(context: AnalysisContext, extent: Value): number | undefined {
  const form = extent === NO_VALUE ? undefined : formOf(context, extent);
  const bytes = form && bytesOf(context, form);
  return bytes && constantOf(bytes);
}
