import { type BlockId, type FunctionIr, type Origin, successors, type VariableId } from '../ir/instructions.ts';
import type { Site } from './state.ts';

const NONE: ReadonlySet<VariableId> = new Set();

/**
 * True when every path that passes the first site and returns passes the second on its way; with `variables`, when on
 * none of them one of these gets another value in between.
 */
export function isAlwaysReached(
  ir: FunctionIr,
  first: Site,
  second: Site,
  variables: ReadonlySet<VariableId> = NONE,
): boolean {
  if (first.block === second.block && second.instruction > first.instruction) return true;
  const seen = new Set<BlockId>();
  const pending = first.block === second.block ? [] : [...successors(ir.blocks[first.block].terminator)];
  if (first.block === second.block) return false;
  while (pending.length > 0) {
    const block = pending.pop()!;
    if (seen.has(block) || block === second.block) continue;
    seen.add(block);
    const { terminator } = ir.blocks[block];
    if (terminator.kind === 'return' || stores(ir, block, variables)) return false;
    pending.push(...successors(terminator));
  }
  return ir.blocks[first.block].terminator.kind !== 'return';
}

function stores(ir: FunctionIr, block: BlockId, variables: ReadonlySet<VariableId>): boolean {
  if (variables.size === 0) return false;
  const addresses = new Map<number, VariableId>();
  for (const instruction of ir.blocks[block].instructions) {
    if (instruction.op === 'variable') addresses.set(instruction.destination, instruction.variable);
    else if ('destination' in instruction) addresses.delete(instruction.destination);
    if (instruction.op !== 'store') continue;
    const variable = addresses.get(instruction.address);
    if (variable !== undefined && variables.has(variable)) return true;
  }
  return false;
}

/** The variables that an expression of a block reads directly. */
export function variablesRead(ir: FunctionIr, block: BlockId, { start, end }: Origin): Set<VariableId> {
  const found = new Set<VariableId>();
  const addresses = new Map<number, VariableId>();
  for (const instruction of ir.blocks[block].instructions) {
    if (instruction.op === 'load' && instruction.origin.start >= start && instruction.origin.end <= end) {
      const variable = addresses.get(instruction.address);
      if (variable !== undefined) found.add(variable);
    }
    if (instruction.op === 'variable') addresses.set(instruction.destination, instruction.variable);
    else if ('destination' in instruction) addresses.delete(instruction.destination);
  }
  return found;
}
