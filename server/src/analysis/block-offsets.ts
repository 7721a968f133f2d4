import { definitionOf, typeRead } from '../ir/definitions.ts';
import type { Instruction, Register } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import type { Place } from './regions.ts';
import { bytesOf, formOf } from './size-facts.ts';
import { multiply, ONE, type SizeForm, scale } from './size-forms.ts';
import type { State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';

/*
 * Where in a block a pointer points to: what is written from there on has so much less room.
 */

/** Nothing lies in front of the beginning. */
const NOTHING: SizeForm = scale(ONE, 0);

/**
 * So many bytes at least lie between the beginning of a block and what a pointer into it points to: `text + 1`, `&text[i]`, `node->key`.
 * Undefined where that is not known. `register` is the one that the pointer comes from, where it was made in the block at hand: it tells
 * the type. Of a pointer that comes out of a variable the type that it was made with is not known, but no type is less than one byte.
 */
export function leastOffset(
  context: AnalysisContext,
  state: State,
  place: Place,
  register: Register | undefined,
  pointer: Value,
  base: Value,
): SizeForm | undefined {
  return pointer === base ? NOTHING : offsetOf(context, state, place, register, context.table.pointee(pointer), base);
}

function offsetOf(
  context: AnalysisContext,
  state: State,
  place: Place,
  register: Register | undefined,
  location: Location,
  base: Value,
): SizeForm | undefined {
  const { table, sizes, ir } = context;
  const shape = table.locations[location];
  if (shape.kind === 'pointee') return shape.pointer === base ? NOTHING : undefined;
  const { instructions } = ir.blocks[place.block];
  let made = register === undefined ? undefined : definitionOf(instructions, place.instruction, register);
  // An array that is read is the address of its first element.
  if (made?.op === 'load') made = definitionOf(instructions, place.instruction, made.address);
  if (shape.kind === 'field') {
    if (made?.op !== 'field' || made.name !== shape.name) return undefined;
    const before = offsetOf(context, state, place, made.base, shape.parent, base);
    const offset = sizes.types.offsetOf(sizes.types.resolve(made.of), made.name);
    return before && offset !== undefined ? sum(before, scale(ONE, offset)) : undefined;
  }
  if (shape.kind !== 'element') return undefined;
  const form = formOf(context, shape.index);
  const index = form && bytesOf(context, form);
  if (!index) return undefined;
  const step = stepOf(context, place, made);
  const isFromBeginning = step !== undefined && table.pointee(state.registers[step.base]) === shape.parent;
  const unit = isFromBeginning ? step.unit : 1;
  if (unit === undefined) return undefined;
  if (index.some(({ coefficient }) => coefficient < 0) && !(isFromBeginning && index.length > 1)) return undefined;
  const before = offsetOf(context, state, place, isFromBeginning ? step.base : undefined, shape.parent, base);
  return before && sum(before, scale(index, unit));
}

/** What `&p[i]` or `p + i` goes on from, and the size of the elements that it counts. */
function stepOf(
  { sizes, ir }: AnalysisContext,
  { block, instruction }: Place,
  made: Instruction | undefined,
): { readonly base: Register; readonly unit: number | undefined } | undefined {
  const { types } = sizes;
  if (made?.op === 'element') return { base: made.base, unit: types.sizeOf(types.resolve(made.type)) };
  if (made?.op !== 'binary' || made.operator !== '+') return undefined;
  const term = typeRead(ir, block, instruction, made.left);
  const type = term && types.resolve(term);
  if (type?.kind !== 'pointer') return undefined;
  return { base: made.left, unit: types.sizeOf(types.resolve(type.to)) };
}

export function sum(a: SizeForm, b: SizeForm): SizeForm | undefined {
  return multiply([...a, ...b], ONE);
}
