import { type BlockId, type FunctionIr, successors } from '../ir/instructions.ts';

/**
 * True when no path through the blocks of a function returns, as `isNoreturn` tells of the functions it calls. Unlike the
 * analysis this follows no values: it is quick, and right about the wrappers around exit() that matter.
 */
export function neverReturns(ir: FunctionIr, isNoreturn: (callee: string) => boolean): boolean {
  if (ir.isNoreturn) return true;
  const seen = new Set<BlockId>();
  const pending = [ir.entry];
  while (pending.length > 0) {
    const id = pending.pop()!;
    if (seen.has(id)) continue;
    seen.add(id);
    const block = ir.blocks[id];
    const isCut = block.instructions.some(
      (instruction) => instruction.op === 'call' && instruction.callee !== '' && isNoreturn(instruction.callee),
    );
    if (isCut) continue;
    if (block.terminator.kind === 'return') return false;
    pending.push(...successors(block.terminator));
  }
  return true;
}
