import { reachableBlocks } from '../ir/control-flow.ts';
import type { BlockId, FunctionIr, Origin } from '../ir/instructions.ts';
import type { Event, Test } from './null-events.ts';

/*
 * `char *name = NULL; if (verbose) name = found; puts(name);`: one branch decides whether a pointer that was set to NULL gets a value,
 * and every path from its other side dereferences it. Then the branch itself is the witness: whoever wrote it thought of both sides.
 */

/** A branch on one side of which a pointer stays NULL. */
export interface NullDecision {
  readonly bits: number;
  readonly block: BlockId;
  /** Where control goes on with NULL. */
  readonly target: BlockId;
  /** The branch's condition, and how it comes out where the pointer stays NULL. */
  readonly condition: Origin;
  readonly isTrue: boolean;
}

type Events = ReadonlyMap<BlockId, { readonly events: readonly Event[]; readonly test: Test | undefined }>;

/**
 * The sides of a block's branch on which pointers stay NULL. The last label of a `switch` and a macro's test are no decisions of the
 * function's own.
 * @param bits The pointers that are NULL at the block's end on every path.
 */
export function decisionsAt(ir: FunctionIr, events: Events, block: BlockId, bits: number): readonly NullDecision[] {
  const { terminator } = ir.blocks[block];
  const test = events.get(block)?.test;
  if (bits === 0 || terminator.kind !== 'branch' || terminator.isInlined) return [];
  if (terminator.isLastLabel || terminator.configuration || (test && (test.bits & bits) !== 0)) return [];
  const { whenTrue, whenFalse, origin: condition } = terminator;
  if (whenTrue === whenFalse) return [];
  const sides: readonly [BlockId, boolean][] = [
    [whenTrue, true],
    [whenFalse, false],
  ];
  return sides.map(([target, isTrue]) => ({ bits, block, target, condition, isTrue }));
}

/**
 * Whether nothing else decides what the pointer is at a block behind a decision: no way leads there around it from where the pointer
 * was set to NULL (an `else if` may stand for all that is left), and nothing that may not return is called on its side alone. The end of
 * a loop decides nothing: what a loop looks for is there as a rule.
 */
export function isOnlyDecision(
  ir: FunctionIr,
  events: Events,
  { block, target }: NullDecision,
  from: BlockId,
  to: BlockId,
): boolean {
  if (from !== block && reachableBlocks(ir, [from], (_, next) => next !== block).has(to)) return false;
  const { terminator } = ir.blocks[block];
  if (terminator.kind !== 'branch') return false;
  const other = terminator.whenTrue === target ? terminator.whenFalse : terminator.whenTrue;
  const otherwise = other === block ? undefined : reachableBlocks(ir, [other], (_, next) => next !== target);
  if (!otherwise || otherwise.has(block)) return false;
  const shared = reachableBlocks(ir, [other], (_, next) => next !== block);
  if (!shared.has(to)) return false;
  for (const id of target === to ? [] : reachableBlocks(ir, [target], (_, next) => next !== to)) {
    if (shared.has(id)) continue;
    if (events.get(id)?.events.some(({ kind }) => kind === 'unknown-call')) return false;
  }
  return true;
}
