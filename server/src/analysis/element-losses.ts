import { reachableBlocks } from '../ir/control-flow.ts';
import { definitionOf, variableAt } from '../ir/definitions.ts';
import {
  type BasicBlock,
  type BlockId,
  type FunctionIr,
  type Instruction,
  type Register,
  successors,
  type VariableId,
} from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import type { LossManner } from './flaws.ts';
import { escapeValue } from './memory.ts';
import type { Region, Site, State } from './state.ts';
import type { Value } from './value-shapes.ts';

/*
 * Memory that a loop put into the elements of an array. Loops free what stands in arrays, and which elements they reach is more
 * than their bounds tell: it counts as lost only where control came by nothing that takes elements out again.
 */

/** Memory that others have to free may stand here and be lost: at the end of a variable, of the function or of the array's block. */
const MANNERS: ReadonlySet<LossManner> = new Set(['return', 'scope', 'holder']);

/** True when an element that this function allocated is lost at a site, and not only out of sight of what the bounds of loops tell. */
export function isElementLost(
  context: AnalysisContext,
  state: State,
  region: Region,
  manner: LossManner,
  site: () => Site,
): region is Region & { readonly allocation: Site } {
  const { status, allocation, isInArray, isFromWidenedTurn, family } = region;
  if (!isInArray || status !== 'allocated' || !allocation || isFromWidenedTurn || state.isInWidenedLoop) return false;
  if (!MANNERS.has(manner) || !context.environment.models.family(family).isLeakable) return false;
  return !mayBeTakenOut(context, allocation.block, site().block);
}

/**
 * A callee in sight is given an array whose elements hold memory of this function's: what it does to which of them is more than its
 * cases tell.
 */
export function handElementsOver(context: AnalysisContext, state: State, values: readonly Value[]): void {
  const { table } = context;
  const { memory } = state;
  const seen = new Set<Value>();
  const pending = [...values];
  while (pending.length > 0) {
    const base = table.base(pending.pop()!);
    if (seen.has(base)) continue;
    seen.add(base);
    const shape = table.values[base];
    if (shape.kind !== 'symbol' && shape.kind !== 'address') continue;
    if (shape.kind === 'symbol' && state.regions.get(base)?.isInArray) escapeValue(context, state, base);
    const root = table.root(table.pointee(base));
    for (let i = 0; i < memory.size; i++) {
      if (table.root(memory.keyAt(i)) === root) pending.push(memory.valueAt(i));
    }
  }
}

/** Control may come from the one block to the other by a block in which an element is taken out of some array. */
function mayBeTakenOut(context: AnalysisContext, from: BlockId, to: BlockId): boolean {
  const { ir, flow } = context;
  context.elementTakers ??= findTakers(context);
  const takers = context.elementTakers;
  if (takers.size === 0) return false;
  const behind = reachableBlocks(ir, successors(ir.blocks[from].terminator));
  const before = new Set([to]);
  for (const block of before) for (const source of flow.predecessors[block]) before.add(source);
  for (const taker of takers) if (behind.has(taker) && before.has(taker)) return true;
  return false;
}

/** The blocks in which what stands in an element, or behind a pointer that walks, goes to a callee or to another place. */
function findTakers(context: AnalysisContext): Set<BlockId> {
  const { ir } = context;
  const assigned = findAssigned(ir);
  const takers = new Set<BlockId>();
  for (const block of ir.blocks) {
    const taken = new Set<Register>();
    for (const [position, instruction] of block.instructions.entries()) {
      if (instruction.op === 'sequence-point') taken.clear();
      else if (instruction.op === 'load' && isOfElement(context, block, position, assigned)) {
        // What is still in use behind the block goes on from there.
        if (isAliveBehind(ir, block, instruction.destination, position)) takers.add(block.id);
        taken.add(instruction.destination);
      } else if (taken.size > 0 && takesAny(context, instruction, taken)) takers.add(block.id);
    }
    const { terminator } = block;
    if (terminator.kind === 'return' && terminator.value !== undefined && taken.has(terminator.value))
      takers.add(block.id);
  }
  return takers;
}

function isAliveBehind(ir: FunctionIr, block: BasicBlock, register: Register, position: number): boolean {
  for (let i = position + 1; i < block.instructions.length; i++) {
    if (block.instructions[i].op === 'sequence-point') return false;
  }
  return successors(block.terminator).some((target) => ir.blocks[target].liveRegisters > register);
}

function takesAny({ environment }: AnalysisContext, instruction: Instruction, taken: ReadonlySet<Register>): boolean {
  if (instruction.op === 'store' || instruction.op === 'escape') return taken.has(instruction.value);
  if (instruction.op !== 'call' || !instruction.arguments.some((argument) => taken.has(argument))) return false;
  const model = environment.models.shipped(instruction.callee);
  if (!model || model.frees || model.reallocates || model.endsArena) return true;
  return model.keeps.some((argument) => taken.has(instruction.arguments[argument]));
}

/** The load reads an element whose index is no constant, a part of one, or what a pointer that may walk points to. */
function isOfElement(
  { ir, sizes: { types } }: AnalysisContext,
  { instructions }: BasicBlock,
  position: number,
  assigned: ReadonlySet<VariableId>,
): boolean {
  const load = instructions[position] as Extract<Instruction, { op: 'load' }>;
  const read = definitionOf(instructions, position, load.address);
  let address = read;
  while (address?.op === 'field') address = definitionOf(instructions, position, address.base);
  if (address?.op === 'element') {
    if (definitionOf(instructions, position, address.index)?.op === 'constant') return false;
    if (address === read && types.resolve(address.type).kind === 'arithmetic') return false;
  } else if (address?.op !== 'load' || address !== read) {
    return false;
  }
  // What the caller gave is no array of this function's own.
  let array: Instruction | undefined = address;
  while (array?.op === 'field' || array?.op === 'element' || array?.op === 'load') {
    array = definitionOf(instructions, position, array.op === 'load' ? array.address : array.base);
  }
  if (array?.op !== 'variable') return true;
  const { kind, type } = ir.variables[array.variable];
  if (kind === 'parameter' && !assigned.has(array.variable)) return false;
  const pointer = address === read && address.op === 'load' ? types.resolve(type) : undefined;
  return pointer?.kind !== 'pointer' || types.resolve(pointer.to).kind !== 'arithmetic';
}

/** The variables that are assigned to, or whose address is taken for something else than to read them. */
function findAssigned({ blocks }: FunctionIr): Set<VariableId> {
  const assigned = new Set<VariableId>();
  for (const { instructions } of blocks) {
    for (const [position, instruction] of instructions.entries()) {
      const registers =
        instruction.op === 'store'
          ? [instruction.address, instruction.value]
          : instruction.op === 'call'
            ? instruction.arguments
            : [];
      for (const register of registers) {
        const variable = variableAt(instructions, position, register);
        if (variable !== undefined) assigned.add(variable);
      }
    }
  }
  return assigned;
}
