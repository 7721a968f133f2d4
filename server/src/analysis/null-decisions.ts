import { reachableBlocks } from '../ir/control-flow.ts';
import { type BlockId, type FunctionIr, type Origin, takenSuccessors } from '../ir/instructions.ts';
import { type BlockEvents, positionOf } from './null-events.ts';

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

/**
 * Blocks looked at in one function for where NULL gets to, which is asked of every test, every decision and every dereference together.
 * Beyond that nothing is sure.
 */
export const MAXIMUM_STEPS = 500_000;

/** The pointer is handed on so often before it is dereferenced, at most. */
const MAXIMUM_USES = 4;

/** A dereference, or a call that is given the pointer. */
interface Use {
  readonly block: BlockId;
  readonly position: number;
}

interface Budget {
  steps: number;
}

/**
 * The sides of a block's branch on which pointers stay NULL. The last label of a `switch` and a macro's test are no decisions of the
 * function's own.
 * @param bits The pointers that are NULL at the block's end on every path.
 */
export function decisionsAt(
  ir: FunctionIr,
  events: BlockEvents,
  block: BlockId,
  bits: number,
): readonly NullDecision[] {
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
 * What is done with a pointer behind a decision that leaves it NULL, whichever way control takes from there: the first use, and
 * those behind it, as far as they are calls that are given the pointer.
 * @param bits The pointer's.
 */
export function usesBehind(
  ir: FunctionIr,
  events: BlockEvents,
  { target }: NullDecision,
  bits: number,
  budget: Budget,
): readonly Use[] {
  const uses: Use[] = [];
  let start: Use = { block: target, position: -1 };
  while (uses.length < MAXIMUM_USES) {
    const next = nextUse(ir, events, start, bits, budget);
    if (!next) return uses;
    uses.push(next.use);
    if (next.isDereference) return uses;
    start = next.use;
  }
  return uses;
}

/** The use that every path comes to first, with the pointer unchanged; undefined where there is no one such use. */
function nextUse(
  ir: FunctionIr,
  events: BlockEvents,
  from: Use,
  bits: number,
  budget: Budget,
): { use: Use; isDereference: boolean } | undefined {
  let found: { use: Use; isDereference: boolean } | undefined;
  const seen = new Set<BlockId>();
  const pending: Use[] = [from];
  for (let at = pending.pop(); at; at = pending.pop()) {
    if (++budget.steps > MAXIMUM_STEPS) return undefined;
    const known = events.get(at.block);
    let isUsed = false;
    for (const event of known?.events ?? []) {
      const position = positionOf(event);
      if (position <= at.position || event.kind === 'unknown-call' || (event.bits & bits) === 0) continue;
      if (event.kind === 'ended' || event.kind === 'read') continue;
      if (event.kind !== 'dereference' && event.kind !== 'passed') return undefined;
      if (found && (found.use.block !== at.block || found.use.position !== position)) return undefined;
      found = { use: { block: at.block, position }, isDereference: event.kind === 'dereference' };
      isUsed = true;
      break;
    }
    if (isUsed) continue;
    const { terminator } = ir.blocks[at.block];
    if (terminator.kind === 'return') return undefined;
    const test = known?.test;
    for (const target of takenSuccessors(ir.blocks[at.block])) {
      if ((test && (test.bits & bits) !== 0 && target !== test.nullTarget) || seen.has(target)) continue;
      seen.add(target);
      pending.push({ block: target, position: -1 });
    }
  }
  return found;
}

/** The bits of a set, each by itself. */
export function bitsIn(set: number): number[] {
  const bits: number[] = [];
  for (let rest = set; rest !== 0; rest &= rest - 1) bits.push(rest & -rest);
  return bits;
}

/**
 * Whether nothing else decides what the pointer is at a block behind a decision: no way leads there around it from where the pointer
 * was set to NULL (an `else if` may stand for all that is left), and nothing that may not return is called on its side alone. The end of
 * a loop decides nothing: what a loop looks for is there as a rule.
 */
export function isOnlyDecision(
  ir: FunctionIr,
  events: BlockEvents,
  { block, target }: NullDecision,
  from: BlockId,
  to: BlockId,
  budget: Budget,
): boolean {
  budget.steps += ir.blocks.length;
  if (budget.steps > MAXIMUM_STEPS) return false;
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
