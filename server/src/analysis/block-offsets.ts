import { definitionOf, typeRead } from '../ir/definitions.ts';
import type { Instruction, Origin, Register } from '../ir/instructions.ts';
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
  written: Origin | undefined,
): SizeForm | undefined {
  if (pointer === base) return NOTHING;
  // A cast in front of what is added to says of which size the steps are, and is not kept.
  const text = written && context.ir.text.slice(written.start, written.end);
  const isPlain = text !== undefined && PLAIN_SUM.test(text);
  return offsetOf(context, state, place, register, context.table.pointee(pointer), base, isPlain);
}

/** `text + 1`, `buffer->data + length`: nothing stands in front of the pointer. */
const PLAIN_SUM = /^[A-Za-z_][\w\s.>[\]-]*\+/;

function offsetOf(
  context: AnalysisContext,
  state: State,
  place: Place,
  register: Register | undefined,
  location: Location,
  base: Value,
  isPlain: boolean,
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
    const before = offsetOf(context, state, place, made.base, shape.parent, base, false);
    const offset = sizes.types.offsetOf(sizes.types.resolve(made.of), made.name);
    return before && offset !== undefined ? sum(before, scale(ONE, offset)) : undefined;
  }
  if (shape.kind !== 'element') return undefined;
  const form = formOf(context, shape.index);
  const index = form && bytesOf(context, form);
  if (!index) return undefined;
  const step = stepOf(context, place, made, isPlain);
  const isFromBeginning = step !== undefined && table.pointee(state.registers[step.base]) === shape.parent;
  const unit = isFromBeginning ? step.unit : 1;
  if (unit === undefined) return undefined;
  if (index.some(({ coefficient }) => coefficient < 0) && !(isFromBeginning && index.length > 1)) return undefined;
  const before = offsetOf(context, state, place, isFromBeginning ? step.base : undefined, shape.parent, base, false);
  return before && sum(before, scale(index, unit));
}

/** What `&p[i]` or `p + i` goes on from, and the size of the elements that it counts. */
function stepOf(
  { sizes, ir }: AnalysisContext,
  { block, instruction }: Place,
  made: Instruction | undefined,
  isPlain: boolean,
): { readonly base: Register; readonly unit: number | undefined } | undefined {
  const { types } = sizes;
  if (made?.op === 'element') {
    let type = types.resolve(made.type);
    // The index of a row counts the elements in it.
    while (type.kind === 'array') type = types.resolve(type.of);
    return { base: made.base, unit: types.sizeOf(type) };
  }
  if (made?.op !== 'binary' || made.operator !== '+' || !isPlain) return undefined;
  const term = typeRead(ir, block, instruction, made.left);
  const type = term && types.resolve(term);
  if (type?.kind !== 'pointer') return undefined;
  return { base: made.left, unit: types.sizeOf(types.resolve(type.to)) };
}

export function sum(a: SizeForm, b: SizeForm): SizeForm | undefined {
  return multiply([...a, ...b], ONE);
}
