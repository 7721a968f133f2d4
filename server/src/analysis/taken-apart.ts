import type { AnalysisContext } from './context.ts';
import type { Site } from './state.ts';
import type { Value } from './value-shapes.ts';

/**
 * A vector of strings that was taken apart, each string freed by itself or handed to somebody who keeps it: what is left of it is a
 * block like the strings, and whoever frees these frees it as well.
 */
export function forgiveTakenApart(context: AnalysisContext): void {
  const { flaws, environment } = context;
  for (let i = flaws.length - 1; i >= 0; i--) {
    const flaw = flaws[i];
    if (flaw.kind !== 'mismatched-deallocator') continue;
    const takesOthers = environment.models.family(flaw.family).accepts.length > 0;
    if (takesOthers && isTakenApart(context, flaw.allocation)) flaws.splice(i, 1);
  }
}

/** Something that was read from a block was freed, or taken over by others, on some path. */
function isTakenApart({ table, freedValues, takenValues }: AnalysisContext, allocation: Site): boolean {
  const isFromBlock = (value: Value): boolean => {
    const shape = table.values[value];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'initial') return false;
    const root = table.locations[table.root(shape.origin.location)];
    const holder = root.kind === 'pointee' ? table.values[table.base(root.pointer)] : undefined;
    return holder?.kind === 'symbol' && holder.origin.kind === 'allocation' && holder.origin.site === allocation.id;
  };
  return [...freedValues].some(isFromBlock) || [...takenValues].some(isFromBlock);
}
