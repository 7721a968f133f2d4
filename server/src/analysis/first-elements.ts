import { keptPer } from '../base/kept.ts';
import { definitionOf } from '../ir/definitions.ts';
import type { BlockId, Register } from '../ir/instructions.ts';
import { elementIndex } from './array-rests.ts';
import type { AnalysisContext } from './context.ts';
import type { Place } from './regions.ts';
import type { State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/*
 * The first element of a block is at the place of the block itself: whether a store to that place wrote one element or more shows in
 * the instruction alone.
 */

/**
 * By the pointer to a block: the size in bytes of the elements of which the first was written, where every store to the block's
 * beginning was one to `p[0]` or `p[i]` of elements as large.
 */
const sizesByBlock = keptPer((_: AnalysisContext) => new Map<Value, number>());
const SEVERAL_SIZES = -1;

/** A store was made to the beginning of a block, or to a member there: was it to the first of elements? */
export function noteFirstElement(
  context: AnalysisContext,
  state: State,
  location: Location,
  block: BlockId,
  position: number,
  address: Register,
): void {
  const { table } = context;
  const root = table.locations[table.root(location)];
  if (root.kind !== 'pointee' || !state.unwritten.has(root.pointer) || isBehind(table, location)) return;
  const sizes = sizesByBlock(context);
  const size = elementSizeAt(context, block, position, address) ?? SEVERAL_SIZES;
  const known = sizes.get(root.pointer);
  sizes.set(root.pointer, known === undefined || known === size ? size : SEVERAL_SIZES);
}

/** The place read lies in an element behind the first one, and another place, of the same block, in the first. */
export function isBehindFirst(
  context: AnalysisContext,
  location: Location,
  other: Location,
  pointer: Value,
  { block, instruction }: Place,
): boolean {
  const { table } = context;
  if (!isBehind(table, location) || isBehind(table, other)) return false;
  const size = sizesByBlock(context).get(pointer);
  const read = context.ir.blocks[block].instructions[instruction];
  if (size === undefined || read?.op !== 'load') return false;
  return elementSizeAt(context, block, instruction, read.address) === size;
}

/** The place lies in an element of its block with a number above 0. */
function isBehind(table: ValueTable, location: Location): boolean {
  const index = elementIndex(table, location, table.root(location));
  return index !== undefined && (table.integerOf(index) ?? 0) > 0;
}

/** The size of the elements of which a load or a store reads or writes one, or a member of one. */
function elementSizeAt(
  context: AnalysisContext,
  block: BlockId,
  position: number,
  address: Register,
): number | undefined {
  const { instructions } = context.ir.blocks[block];
  let definition = definitionOf(instructions, position, address);
  while (definition?.op === 'field') definition = definitionOf(instructions, position, definition.base);
  const { types } = context.sizes;
  return definition?.op === 'element' ? types.sizeOf(types.resolve(definition.type)) : undefined;
}
