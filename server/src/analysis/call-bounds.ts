import { isWrittenNumber } from '../ir/definitions.ts';
import type { FunctionModel, StringCopy } from '../models/function-model.ts';
import { argumentOf } from './access-paths.ts';
import { BEHIND, isLength, MAXIMUM_EXCESS, noteExcess } from './block-bounds.ts';
import { leastOffset, sum } from './block-offsets.ts';
import type { CallInstruction } from './calls.ts';
import type { AnalysisContext } from './context.ts';
import { isUntouchedGlobal, sizeFromCallee, valueFromCallee } from './interface-sizes.ts';
import { mayBeGiven, noteReach } from './parameter-reach.ts';
import type { Place } from './regions.ts';
import { atLeast, bytesOf, formOf } from './size-facts.ts';
import { constantOf, difference, multiply, ONE, type SizeForm, scale } from './size-forms.ts';
import type { State } from './state.ts';
import { formatForm, noteCharacters, noteText, stringForm, textForm } from './string-sizes.ts';
import type { Reach } from './summary.ts';
import type { Value } from './value-shapes.ts';

/*
 * How much calls write to blocks: strings and bytes that the library copies, and how far a callee in sight goes.
 */

/** What stands where a function is about to write a string behind it; undefined where it does not, or that is not known. */
export function textBefore(
  context: AnalysisContext,
  state: State,
  values: readonly Value[],
  { copies }: Pick<FunctionModel, 'copies'>,
): SizeForm | undefined {
  if (!copies?.appends || copies.destination >= values.length) return undefined;
  return textForm(context, state, values[copies.destination], copies.unit ?? 1);
}

/**
 * A library function writes a string or a number of bytes to the beginning of a block.
 * @param before As `textBefore` said before anything was written.
 */
export function noteCopy(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  { copies, bounded }: Pick<FunctionModel, 'copies' | 'bounded'>,
  before: SizeForm | undefined,
): void {
  if (!copies && !bounded) return;
  context.sizes.reached.visit(context, state, place);
  if (copies && Math.max(copies.destination, copies.source, copies.limit ?? 0) < values.length)
    noteStringCopy(context, state, call, place, values, copies, before);
  const buffer = bounded?.writes ?? bounded?.mayWrite;
  if (bounded && buffer !== undefined && Math.max(buffer, bounded.size) < values.length) {
    const count = formOf(context, values[bounded.size]);
    const isCounted = count && constantOf(count) !== undefined && !isWritten(context, call, place, bounded.size);
    const { unit = 1 } = bounded;
    if (count && !isCounted) {
      const kind = bounded.writes === undefined ? 'limit' : 'bytes';
      checkRoom(context, state, call, place, buffer, values, scale(count, unit), kind, unit);
    }
    if (FILLING.test(call.callee) && values.length > 1) {
      const byte = context.table.integerOf(values[1]) ?? 0;
      const number = count && !isCounted && (byte & 0xff) !== 0 ? constantOf(count) : undefined;
      noteCharacters(context, state, values[buffer], number ?? 0, unit);
    }
  }
}

/** Functions that write one character as often as they are told. */
const FILLING = /^(?:__builtin_)?w?memset$/;

/** The number stands in the text, and is none that only this path has counted to. */
function isWritten(context: AnalysisContext, call: CallInstruction, place: Place, position: number): boolean {
  const { instructions } = context.ir.blocks[place.block];
  return isWrittenNumber(context.ir, instructions, place.instruction, call.arguments[position]);
}

/** A library function writes a string. */
function noteStringCopy(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  { destination, source, isFormat, appends, limit, unit = 1 }: StringCopy,
  before: SizeForm | undefined,
): void {
  let form = isFormat
    ? formatForm(context, state, call, place, values, source)
    : stringForm(context, state, call, place, source, values[source], unit);
  let least = form && constantOf(atLeast(context, form));
  if (limit !== undefined) {
    const most = isWritten(context, call, place, limit) ? context.table.integerOf(values[limit]) : undefined;
    least = least === undefined || most === undefined ? undefined : Math.min(least, most + 1);
    form = least === undefined ? undefined : scale(ONE, least);
  }
  const whole = appends && before && form ? multiply([...before, ...form], ONE) : undefined;
  form = whole ?? form;
  if (form) checkRoom(context, state, call, place, destination, values, scale(form, unit), 'string', unit);
  const text = !appends || whole ? form && multiply([...form, ...scale(ONE, -1)], ONE) : undefined;
  noteText(context, state, values[destination], text, unit);
  noteCharacters(context, state, values[destination], (least ?? 1) - 1, unit);
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
  unit: number,
): void {
  const { table } = context;
  const base = table.base(values[position]);
  const region = state.regions.get(base);
  const isGiven = !region?.allocation && mayBeGiven(context, base);
  const isBlock = region?.extent !== undefined && region.allocation !== undefined && region.status !== 'freed';
  if (!isBlock && !isGiven) return;
  const offset = leastOffset(
    context,
    state,
    place,
    call.arguments[position],
    values[position],
    base,
    call.argumentOrigins[position],
  );
  const end = offset && sum(offset, written);
  if (!end) return;
  if (region?.extent === undefined || !region.allocation || region.status === 'freed') {
    noteReach(context, place, base, end, [], place.block, kind === 'limit');
    return;
  }
  const extentForm = formOf(context, region.extent);
  const extent = extentForm && bytesOf(context, extentForm);
  const bytes = bytesOf(context, end);
  if (!extent || !bytes) return;
  const excess = excessOf(constantOf(extent) === undefined ? bytes : atLeast(context, bytes), extent);
  const isOutside = excess !== undefined && excess > 0 && excess < MAXIMUM_EXCESS;
  const isTerminator = kind === 'string' && excess === unit && isLength(extent);
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

/** The callee goes further into a block than it is long. */
export function applyReaches(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  reaches: readonly Reach[],
): void {
  const { table } = context;
  context.sizes.reached.visit(context, state, place);
  for (const [number, { path, size: told, steps, isLimit }] of reaches.entries()) {
    const pointer = valueFromCallee(context, state, path, values);
    const size = sizeFromCallee(context, state, told, values);
    if (pointer === undefined) {
      if (isUntouchedGlobal(state, path)) noteReach(context, place, path, size, steps, place.block, isLimit);
      continue;
    }
    const base = table.base(pointer);
    const register = path.length === 1 ? call.arguments[argumentOf(path)] : undefined;
    const written = path.length === 1 ? call.argumentOrigins[argumentOf(path)] : undefined;
    const offset = leastOffset(context, state, place, register, pointer, base, written);
    if (!offset) continue;
    const end = size && sum(offset, size);
    const region = state.regions.get(base);
    if (!region?.allocation) noteReach(context, place, base, end, steps, place.block, isLimit);
    if (region?.extent === undefined || !region.allocation || region.status === 'freed') continue;
    const extentForm = formOf(context, region.extent);
    const extent = extentForm && bytesOf(context, extentForm);
    const isCounted = end && constantOf(end) !== undefined && !isToldAsWritten(context, call, place, told);
    const least = extent && end && constantOf(extent) !== undefined ? atLeast(context, end) : end;
    const bytes = extent && least && !isCounted ? excessOf(least, extent) : undefined;
    const isOutside = bytes !== undefined && bytes > 0 && bytes < MAXIMUM_EXCESS;
    const isTerminator = bytes === 1 && !isLimit && extent !== undefined && isLength(extent);
    const excess = isOutside ? { ...BEHIND, excess: bytes, isTerminator, isLimit } : undefined;
    const origin = call.argumentOrigins[argumentOf(path)] ?? call.origin;
    noteExcess(context, region.allocation, origin, place, excess, steps, `:${number}`);
  }
}

/** Whether the numbers among the arguments that a size hangs on stand in the text: others are what only this path has counted to. */
function isToldAsWritten(context: AnalysisContext, call: CallInstruction, place: Place, size: Reach['size']): boolean {
  const { instructions } = context.ir.blocks[place.block];
  return size.every(({ factors }) =>
    factors.every(
      ({ path, isLength }) =>
        isLength ||
        (path.length === 1 &&
          isWrittenNumber(context.ir, instructions, place.instruction, call.arguments[argumentOf(path)] ?? -1)),
    ),
  );
}
