import { type BlockId, successors, type Terminator } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import type { State } from './state.ts';
import type { Value } from './value-shapes.ts';

/** A test of a freed pointer's value: after free(p), `if (p)` says nothing about the memory. */
export function noteStaleTest(
  context: AnalysisContext,
  state: State,
  condition: Value,
  terminator: Extract<Terminator, { kind: 'branch' }>,
  block: BlockId,
): void {
  if (terminator.isInlined) return;
  const { table } = context;
  let tested = condition;
  const shape = table.values[condition];
  if (shape.kind === 'binary' && (shape.operator === '==' || shape.operator === '!=') && shape.right === table.zero) {
    tested = shape.left;
  }
  if (table.values[tested].kind !== 'symbol') return;
  const region = state.regions.get(tested);
  if (region?.status !== 'freed' || !region.free || !region.isDefinite || region.isUsed || region.isUnlinked) return;
  // What realloc moved is compared to see whether it moved.
  if (context.environment.models.shipped(region.free.callee)?.reallocates) return;
  // `do { … free(p); } while (p);`: the test only tells the last turn from the others, and needs the old value.
  if (isInLoopOf(context, block, region.free.block)) return;
  let holder: number | undefined;
  for (const [location, value] of state.memory) {
    const place = table.locations[location];
    if (value === tested && place.kind === 'variable' && context.ir.variables[place.variable].name !== '') {
      // Under two names it may be the other one that is tested, and to see whether the two are one.
      if (holder !== undefined) return;
      holder = place.variable;
    }
  }
  // What stands in an array or a list may be tested for another reason than the memory behind it.
  if (holder === undefined) return;
  // What was asked before the free, and is in a variable of its own now, says something about the memory.
  const isAskedHere = context.ir.blocks[block].instructions.some(
    (each) => each.op === 'variable' && each.variable === holder,
  );
  if (!isAskedHere) return;
  const isByCallee = context.freesByCallees.has(region.free.id);
  context.flaws.push({ kind: 'stale-test', free: region.free, test: terminator.origin, variable: holder, isByCallee });
}

/** True when some loop holds both blocks, and the first may leave it. */
function isInLoopOf({ ir, flow }: AnalysisContext, test: BlockId, free: BlockId): boolean {
  for (const blocks of flow.loopBlocks.values()) {
    if (!blocks.has(test) || !blocks.has(free)) continue;
    if (successors(ir.blocks[test].terminator).some((target) => !blocks.has(target))) return true;
  }
  return false;
}
