import { type BlockId, successors, type Terminator } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import { isOwned } from './leaks.ts';
import { escapeValue } from './memory.ts';
import { placesHolding } from './stale.ts';
import type { Region, State } from './state.ts';
import type { Location, Value } from './values.ts';

/*
 * Tests of allocators ask for what cannot be had, and expect NULL: `expect_null(realloc(p, SIZE_MAX))`. Where the macro goes
 * aside because there is a block after all, and then on as if there were none, the test has failed.
 */

/** Blocks of a macro that are looked through for the way back from its aside. */
const MAXIMUM_ASIDE = 16;

/**
 * For a branch in a macro which finds memory that nothing but the macro holds: false where that means that a
 * reallocation which was expected to fail moved its block, and the path is not worth following. What another allocator gave
 * there is for nobody to free.
 * @param block the block that ends with the branch
 */
export function noteUnexpectedSuccess(
  context: AnalysisContext,
  state: State,
  condition: Value,
  truth: boolean,
  block: BlockId,
  { whenTrue, whenFalse }: Extract<Terminator, { kind: 'branch' }>,
): boolean {
  if (state.regions.size === 0) return true;
  const found = foundPointer(context, condition, truth);
  const region = found === undefined ? undefined : state.regions.get(found);
  if (found === undefined || !region?.allocation || !isOwned(context, region)) return true;
  if (!placesHolding(context, state, found).every((place) => isOfMacro(context, place))) return true;
  if (!leadsAside(context, block, truth ? whenTrue : whenFalse, truth ? whenFalse : whenTrue)) return true;
  if (isMoved(state, region)) return false;
  escapeValue(context, state, found);
  return true;
}

/** The pointer that a condition finds not to be NULL. */
function foundPointer({ table }: AnalysisContext, condition: Value, truth: boolean): Value | undefined {
  const shape = table.values[condition];
  if (shape.kind === 'symbol') return truth ? condition : undefined;
  if (shape.kind !== 'binary' || shape.operator !== (truth ? '!=' : '==')) return undefined;
  if (shape.right === table.zero) return shape.left;
  return shape.left === table.zero ? shape.right : undefined;
}

/** A variable that a macro declares stands where the macro is used, and not where it is named. */
function isOfMacro({ table, ir }: AnalysisContext, place: Location): boolean {
  const shape = table.locations[place];
  if (shape.kind !== 'variable') return false;
  const { kind, name, origin } = ir.variables[shape.variable];
  return kind === 'local' && ir.text.slice(origin.start, origin.end) !== name;
}

/** True when control gets from one block to another, does something on its way, and does not come by a branch again. */
function leadsAside({ ir }: AnalysisContext, branch: BlockId, from: BlockId, to: BlockId): boolean {
  const seen = new Set<BlockId>([from]);
  let acts = false;
  let returns = false;
  for (const id of seen) {
    if (seen.size > MAXIMUM_ASIDE) return false;
    const { instructions, terminator } = ir.blocks[id];
    acts ||= instructions.some(({ op }) => op === 'call' || op === 'store');
    for (const next of successors(terminator)) {
      if (next === to) returns = true;
      else if (next !== branch) seen.add(next);
    }
  }
  return acts && returns;
}

/** The call that made the region gave back another. */
function isMoved(state: State, { allocation }: Region): boolean {
  for (const [, { free }] of state.regions) {
    if (free && free.block === allocation?.block && free.instruction === allocation.instruction) return true;
  }
  return false;
}
