import type { AnalysisContext } from './context.ts';
import type { Site } from './state.ts';

/**
 * A vector of strings that was taken apart, each string freed by itself: what is left of it is a block like the strings, and whoever
 * frees these frees it as well.
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

/** Something that was read from a block was freed on some path. */
function isTakenApart({ table, freedValues }: AnalysisContext, allocation: Site): boolean {
  for (const value of freedValues) {
    const shape = table.values[value];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'initial') continue;
    const root = table.locations[table.root(shape.origin.location)];
    const holder = root.kind === 'pointee' ? table.values[table.base(root.pointer)] : undefined;
    if (holder?.kind === 'symbol' && holder.origin.kind === 'allocation' && holder.origin.site === allocation.id)
      return true;
  }
  return false;
}
