import { type BlockId, type FunctionIr, successors } from '../ir/instructions.ts';
import type { Site } from './state.ts';

/** True when every path that passes the first site and returns passes the second on its way. */
export function isAlwaysReached(ir: FunctionIr, first: Site, second: Site): boolean {
  if (first.block === second.block && second.instruction > first.instruction) return true;
  const seen = new Set<BlockId>();
  const pending = first.block === second.block ? [] : [...successors(ir.blocks[first.block].terminator)];
  if (first.block === second.block) return false;
  while (pending.length > 0) {
    const block = pending.pop()!;
    if (seen.has(block) || block === second.block) continue;
    seen.add(block);
    const { terminator } = ir.blocks[block];
    if (terminator.kind === 'return') return false;
    pending.push(...successors(terminator));
  }
  return ir.blocks[first.block].terminator.kind !== 'return';
}
