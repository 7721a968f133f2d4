import type { Origin, Register } from '../ir/instructions.ts';
import type { FunctionModel } from '../models/function-model.ts';
import type { CallInstruction } from './calls.ts';
import { factOf } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { type FurthestIndex, furthestIndex } from './counted-loops.ts';
import { definitionOf, isLiteral } from './definitions.ts';
import { noteReach, parameterOf } from './parameter-reach.ts';
import type { Place } from './regions.ts';
import { bytesOf, contentKey, formOf, sizeOrigin } from './size-facts.ts';
import type { SizeFlaw } from './size-flaws.ts';
import { constantOf, difference, multiply, type SizeForm, scale } from './size-forms.ts';
import type { CalleeStep, Region, Site, State } from './state.ts';
import type { Summary } from './summary.ts';
import { type Location, NO_VALUE, type Value } from './values.ts';

/** An element of a block is read or written: does it lie inside? */
export function noteAccess(
  context: AnalysisContext,
  state: State,
  address: Value,
  register: Register,
  pointer: Origin,
  place: Place,
): void {
  const { table, sizes } = context;
  const region = state.regions.get(table.base(address));
  if (region?.extent === undefined || !region.allocation || region.status === 'freed') {
    const parameter = region?.allocation ? -1 : parameterOf(context, table.base(address));
    if (parameter >= 0) noteElementOfParameter(context, address, register, place, parameter);
    return;
  }
  if (region.extent === table.zero) {
    noteExcess(context, region.allocation, pointer, place, EMPTY);
    return;
  }
  const { instructions } = context.ir.blocks[place.block];
  const element = definitionOf(instructions, place.instruction, register);
  if (element?.op !== 'element') return;
  const index = indexInBlock(context, table.pointee(address), table.base(address));
  if (index === undefined) return;
  const unit = sizes.types.sizeOf(sizes.types.resolve(element.type));
  const furthest = furthestIndex(context, place.block, place.instruction, element);
  // A loop that counts down goes furthest in its first turn.
  if (furthest && !furthest.last && (state.loops.get(furthest.head) ?? 1) > 1) return;
  const indexForm = furthest?.last ? boundForm(context, state, furthest.last) : formOf(context, index);
  const extentForm = formOf(context, region.extent);
  if (unit === undefined || !indexForm || !extentForm) return;
  const end = bytesOf(context, multiply(scale(indexForm, unit), ONE) ?? []);
  const extent = bytesOf(context, extentForm);
  if (!end || !extent) return;
  const start = constantOf(end);
  if (start !== undefined && !furthest && !isLiteral(instructions, place.instruction, element.index)) {
    // A number that only this path has counted to.
    noteExcess(context, region.allocation, pointer, place, undefined);
    return;
  }
  const room = difference(extent, end);
  const isInLoop = furthest !== undefined;
  let excess: Excess | undefined;
  if (start !== undefined && start < 0) excess = { ...BEHIND, excess: -start, isBefore: true, isInLoop };
  else if (room !== undefined && room < unit && room > -MAXIMUM_EXCESS) {
    const isTerminator = room === 0 && unit === 1 && isLength(extent);
    excess = { ...BEHIND, excess: unit - room, isTerminator, isInLoop };
  } else if (room === undefined) {
    // `p[i]` behind `for (i = 0; i < 10; i++)`: nothing else is known than where the index cannot be.
    const { low } = factOf(table, state, index);
    const behind = low * unit - (constantOf(extent) ?? Number.POSITIVE_INFINITY);
    if (behind >= 0 && behind < MAXIMUM_EXCESS) excess = { ...BEHIND, excess: behind + unit, isInLoop };
  }
  noteExcess(context, region.allocation, pointer, place, excess);
}

/** An element of what a parameter points to is used, whose index is the same on each path. */
function noteElementOfParameter(
  context: AnalysisContext,
  address: Value,
  register: Register,
  place: Place,
  parameter: number,
): void {
  const { table, sizes } = context;
  const { instructions } = context.ir.blocks[place.block];
  const element = definitionOf(instructions, place.instruction, register);
  if (element?.op !== 'element') return;
  const index = indexInBlock(context, table.pointee(address), table.base(address));
  const furthest = furthestIndex(context, place.block, place.instruction, element);
  const isNumber = furthest?.last !== undefined && furthest.last.variable === undefined;
  if (furthest ? !isNumber : !isLiteral(instructions, place.instruction, element.index)) return;
  const last = furthest ? furthest.last?.offset : index === undefined ? undefined : table.integerOf(index);
  const unit = sizes.types.sizeOf(sizes.types.resolve(element.type));
  const isKnown = index !== undefined && last !== undefined && last >= 0 && unit !== undefined;
  noteReach(context, place, parameter, isKnown ? (last + 1) * unit : undefined, [], furthest?.head);
}

/** What lies behind the end of a block, as far as no more is said. */
const BEHIND = { isBefore: false, isTerminator: false, isInLoop: false, isLimit: false };

/** Nothing was asked for, and some of it is used. */
const EMPTY = { ...BEHIND, excess: 1 };

/** The index that a loop goes to, by what its bound holds on this path. */
function boundForm(
  context: AnalysisContext,
  state: State,
  { variable, offset }: NonNullable<FurthestIndex['last']>,
): SizeForm | undefined {
  const plain = { coefficient: offset, types: [], factors: [] };
  if (variable === undefined) return [plain];
  const value = state.memory.get(context.table.variable(variable));
  const bound = value === undefined ? undefined : formOf(context, value);
  return bound && [...bound, plain];
}

type Excess = Pick<
  Extract<SizeFlaw, { kind: 'overflow' }>,
  'excess' | 'isBefore' | 'isTerminator' | 'isInLoop' | 'isLimit'
>;

const ONE: SizeForm = [{ coefficient: 1, types: [], factors: [] }];
/** Further behind a block's end an index is a mistake of the analysis rather than of the program. */
const MAXIMUM_EXCESS = 2 ** 31;

/** `i` when a location is `p[i]` and `p` the beginning of its block. */
function indexInBlock(context: AnalysisContext, location: Location, base: Value): Value | undefined {
  const { table } = context;
  const shape = table.locations[location];
  if (shape.kind === 'pointee') return shape.pointer === base ? table.zero : undefined;
  if (shape.kind !== 'element') return undefined;
  const parent = table.locations[shape.parent];
  return parent.kind === 'pointee' && parent.pointer === base ? shape.index : undefined;
}

/** The form is the sum of lengths of strings. */
function isLength(form: SizeForm): boolean {
  return (
    form.every(({ factors, coefficient }) => factors.length > 0 || coefficient === 0) &&
    form.some(({ factors }) => factors.length > 0) &&
    form.every(({ factors }) => factors.length === 0 || (factors.length === 1 && factors[0].startsWith('strlen ')))
  );
}

/**
 * Keeps what one path shows of an access. A loop's index goes further on some path than the program's own reasons allow:
 * a flaw is only what each path shows alike.
 */
function noteExcess(
  context: AnalysisContext,
  allocation: Site,
  pointer: Origin,
  place: Place,
  excess: Excess | undefined,
  inner: readonly CalleeStep[] = [],
): void {
  const { overflows } = context.sizes;
  const key = `${place.block}:${place.instruction}:${allocation.id}`;
  const known = overflows.get(key);
  if (overflows.has(key) && (known === undefined || excess === undefined)) {
    overflows.set(key, undefined);
    return;
  }
  if (known && excess && known.excess <= excess.excess) return;
  const use = excess && context.site(place.block, place.instruction, place.origin, place.callee, inner);
  overflows.set(
    key,
    use && {
      kind: 'overflow',
      allocation,
      size: sizeOrigin(context, allocation),
      use,
      pointer,
      isEmpty: false,
      ...excess,
    },
  );
}

/** After all paths: accesses outside of a block on each of them. */
export function findOverflows(context: AnalysisContext): void {
  const { overflows, extents } = context.sizes;
  for (const flaw of overflows.values()) {
    if (!flaw || (extents.get(flaw.allocation) ?? NO_VALUE) === NO_VALUE) continue;
    if (!context.sizes.isNew(flaw.allocation)) continue;
    context.flaws.push({ ...flaw, isEmpty: extents.get(flaw.allocation) === context.table.zero });
  }
}

/** A library function writes a string or a number of bytes to the beginning of a block. */
export function noteCopy(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  { copies, bounded }: Pick<FunctionModel, 'copies' | 'bounded'>,
): void {
  if (copies && Math.max(copies.destination, copies.source) < values.length) {
    const written = stringForm(context, state, call, place, copies.source, values[copies.source]);
    const format = copies.isFormat ? formatForm(context, state, call, place, values, copies.source) : written;
    if (format) checkRoom(context, state, call, place, copies.destination, values, format, 'string');
  }
  const buffer = bounded?.writes ?? bounded?.mayWrite;
  if (bounded && buffer !== undefined && Math.max(buffer, bounded.size) < values.length) {
    const form = formOf(context, values[bounded.size]);
    const isCounted =
      form &&
      constantOf(form) !== undefined &&
      !isLiteral(context.ir.blocks[place.block].instructions, place.instruction, call.arguments[bounded.size]);
    if (form && !isCounted)
      checkRoom(context, state, call, place, buffer, values, form, bounded.writes === undefined ? 'limit' : 'bytes');
  }
}

/** What a size means: a string with its terminator, so many bytes, or how much room there is said to be. */
type Written = 'string' | 'bytes' | 'limit';

function checkRoom(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  position: number,
  values: readonly Value[],
  written: SizeForm,
  kind: Written,
): void {
  const { table } = context;
  const base = table.base(values[position]);
  const region = state.regions.get(base);
  const parameter = region?.allocation ? -1 : parameterOf(context, base);
  const isBlock = region?.extent !== undefined && region.allocation !== undefined && region.status !== 'freed';
  if (!isBlock && parameter < 0) return;
  const index = indexInBlock(context, table.pointee(values[position]), base);
  if (index !== table.zero) return;
  if (region?.extent === undefined || !region.allocation || region.status === 'freed') {
    const form = bytesOf(context, written);
    if (kind !== 'limit') noteReach(context, place, parameter, form && constantOf(form));
    return;
  }
  const extentForm = formOf(context, region.extent);
  const extent = extentForm && bytesOf(context, extentForm);
  const bytes = bytesOf(context, written);
  if (!extent || !bytes) return;
  const excess = excessOf(bytes, extent);
  const isOutside = excess !== undefined && excess > 0 && excess < MAXIMUM_EXCESS;
  const isTerminator = kind === 'string' && excess === 1 && isLength(extent);
  const isLimit = kind === 'limit';
  const flaw = isOutside ? { ...BEHIND, excess, isTerminator, isLimit } : undefined;
  noteExcess(context, region.allocation, call.argumentOrigins[position], place, flaw);
}

/** So many bytes at least do not fit: what is written beside the block's own terms is not negative. */
function excessOf(written: SizeForm, extent: SizeForm): number | undefined {
  const exact = difference(written, extent);
  if (exact !== undefined) return exact;
  let rest: SizeForm = written;
  for (const product of extent) {
    if (product.factors.length === 0) continue;
    const key = product.factors.join('\0');
    const same = written.find((other) => other.factors.join('\0') === key);
    if (!same || same.coefficient < product.coefficient || !key.startsWith('strlen ')) return undefined;
    rest = rest.filter((other) => other !== same);
  }
  if (rest.some(({ factors }) => factors.length > 0 && !factors[0].startsWith('strlen '))) return undefined;
  const constant = (form: SizeForm): number => form.find(({ factors }) => factors.length === 0)?.coefficient ?? 0;
  return constant(written) - constant(extent);
}

/** The room that a string takes, with its terminator. */
function stringForm(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  position: number,
  value: Value,
): SizeForm | undefined {
  const literal = literalText(context, call, place, position);
  if (literal !== undefined) return [{ coefficient: literal.length + 1, types: [], factors: [] }];
  const { table } = context;
  if (table.integerOf(value) !== undefined) return undefined;
  return [
    { coefficient: 1, types: [], factors: [contentKey(context, state, value)] },
    { coefficient: 1, types: [], factors: [] },
  ];
}

/** At least so much room is taken by what a format prints. */
function formatForm(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  position: number,
): SizeForm | undefined {
  const format = literalText(context, call, place, position);
  if (format === undefined) return undefined;
  let form: SizeForm = [{ coefficient: 1, types: [], factors: [] }];
  let next = position + 1;
  const conversion = /%(%|[-+ #0]*(\d*)(?:\.(\d+|\*))?(?:hh|h|ll|l|z|j|t|L)?([a-zA-Z]))|[^%]/gs;
  for (const [text, directive, width, precision, letter] of format.matchAll(conversion)) {
    let least: SizeForm = ONE;
    if (text[0] === '%' && directive !== '%') {
      if (next >= values.length || text.includes('*')) return undefined;
      const argument = next++;
      if (letter === 's' && precision !== undefined) least = [];
      else if (letter === 's') {
        const string = stringForm(context, state, call, place, argument, values[argument]);
        if (!string) return undefined;
        least = [...string, ...scale(ONE, -1)];
      } else if (width !== '') least = scale(ONE, Number(width));
    }
    const sum = multiply([...form, ...least], ONE);
    if (!sum) return undefined;
    form = sum;
  }
  return form;
}

/** The characters of a string literal that stands as an argument; escapes count as one. */
function literalText(
  context: AnalysisContext,
  call: CallInstruction,
  place: Place,
  position: number,
): string | undefined {
  const { instructions } = context.ir.blocks[place.block];
  for (let i = place.instruction - 1; i >= 0; i--) {
    const instruction = instructions[i];
    if (instruction.op === 'sequence-point') return undefined;
    if (instruction.op !== 'string' || instruction.destination !== call.arguments[position]) continue;
    const text = context.ir.text.slice(instruction.origin.start, instruction.origin.end);
    // Anything but one plain literal (a macro's, several in a row) is left alone.
    const match = /^"((?:[^"\\]|\\.)*)"$/s.exec(text);
    return match?.[1].replace(/\\(?:x[0-9a-fA-F]+|[0-7]{1,3}|.)/gs, '.');
  }
  return undefined;
}

/** The callee goes further into a block than it is long. */
export function applyReaches(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  { reaches }: Summary,
): void {
  const { table } = context;
  for (const { parameter, bytes, steps } of reaches) {
    if (parameter >= values.length) continue;
    const pointer = values[parameter];
    const base = table.base(pointer);
    if (indexInBlock(context, table.pointee(pointer), base) !== table.zero) continue;
    const region = state.regions.get(base);
    const own = parameterOf(context, base);
    if (own >= 0 && !region?.allocation) noteReach(context, place, own, bytes, steps);
    if (region?.extent === undefined || !region.allocation || region.status === 'freed') continue;
    const extent = extentInBytes(context, region);
    const isOutside = extent !== undefined && bytes > extent;
    const excess = isOutside ? { ...BEHIND, excess: bytes - extent } : undefined;
    noteExcess(context, region.allocation, call.argumentOrigins[parameter], place, excess, steps);
  }
}

/** How many bytes a block has, where that is one number. */
function extentInBytes(context: AnalysisContext, { extent }: Region): number | undefined {
  const form = extent === undefined || extent === NO_VALUE ? undefined : formOf(context, extent);
  const bytes = form && bytesOf(context, form);
  return bytes && constantOf(bytes);
}
