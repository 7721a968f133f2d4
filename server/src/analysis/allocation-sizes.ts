import { definitionOf } from '../ir/definitions.ts';
import type { Instruction, Origin, Register, VariableId } from '../ir/instructions.ts';
import type { TypeTerm } from '../ir/type-terms.ts';
import type { FunctionModel } from '../models/function-model.ts';
import type { CallInstruction } from './calls.ts';
import { factOf } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import type { Place } from './regions.ts';
import { bytesOf, formOf, report, sizeOrigin } from './size-facts.ts';
import { constantOf } from './size-forms.ts';
import { changedRegion, type Region, type Site, type State } from './state.ts';
import type { ObjectType, TypeModel } from './type-model.ts';
import { NO_VALUE, type Value } from './value-shapes.ts';

/** What a call asks for, in bytes: the product of its size arguments. NO_VALUE when the model does not say. */
export function extentOf(
  context: AnalysisContext,
  model: Pick<FunctionModel, 'size'>,
  values: readonly Value[],
): Value {
  const positions = model.size;
  if (!positions || positions.length === 0 || positions.some((position) => position >= values.length)) return NO_VALUE;
  let extent = values[positions[0]];
  for (const position of positions.slice(1)) extent = context.table.binary('*', extent, values[position]);
  return extent;
}

/** Looks at what an allocation asks for, and keeps it with the new region. */
export function noteExtent(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  symbol: Value,
  extent: Value,
  positions: readonly number[],
): void {
  if (extent === NO_VALUE) return;
  const { sizes } = context;
  const region = state.regions.get(symbol);
  if (!region?.allocation) return;
  state.setRegion(symbol, changedRegion(region, { extent }));
  const size = positions.length === 1 ? call.argumentOrigins[positions[0]] : undefined;
  noteRequest(context, region.allocation, extent);
  if (positions.length === 1 && isLengthOfRest(context, place, call.arguments[positions[0]])) {
    if (sizes.isNew(region.allocation)) {
      context.flaws.push({ kind: 'misplaced-one', allocation: region.allocation, size });
    }
  }
  if (positions.length === 1) noteProduct(context, state, region.allocation, extent, size, place);
}

/** Keeps what an allocation asks for on one path. */
export function noteRequest(context: AnalysisContext, allocation: Site, extent: Value): void {
  const { extents } = context.sizes;
  const known = extents.get(allocation);
  if (known === undefined) extents.set(allocation, extent);
  else if (known !== extent) extents.set(allocation, NO_VALUE);
}

/** After all paths: allocations that ask for nothing, or less, on each of them. */
export function findConstantSizes(context: AnalysisContext): void {
  for (const [allocation, extent] of context.sizes.extents) {
    const bytes = extent === NO_VALUE ? undefined : context.table.integerOf(extent);
    // alloca(0) is how some of its implementations are asked to free what earlier callers left.
    if (context.environment.models.shipped(allocation.callee)?.allocates?.family === 'stack') continue;
    if (bytes === undefined || bytes > 0 || !context.sizes.isNew(allocation)) continue;
    context.flaws.push({ kind: 'constant-size', allocation, size: sizeOrigin(context, allocation), bytes });
  }
}

/** The argument is `strlen(s + 1)` and nothing else; a length that was measured before is what its author wanted. */
function isLengthOfRest(context: AnalysisContext, place: Place, argument: Register): boolean {
  const { instructions } = context.ir.blocks[place.block];
  const length = definitionOf(instructions, place.instruction, argument);
  if (length?.op !== 'call') return false;
  const measured = context.environment.models.shipped(length.callee)?.measures;
  if (measured === undefined || measured >= length.arguments.length) return false;
  const string = definitionOf(instructions, place.instruction, length.arguments[measured]);
  if (string?.op !== 'binary' || string.operator !== '+') return false;
  const right = definitionOf(instructions, place.instruction, string.right);
  return right?.op === 'constant' && right.value === 1;
}

const WIDE_TYPES = new Set(['unsigned long', 'long', 'unsigned long long', 'long long']);

/** `n * size` where `n` comes from outside and nothing has bounded it. */
function noteProduct(
  context: AnalysisContext,
  state: State,
  allocation: Site,
  extent: Value,
  size: Origin | undefined,
  place: Place,
): void {
  const { table, sizes, ir } = context;
  if (place.callee === '' || size === undefined) return;
  const factors: Value[] = [];
  const pending = [extent];
  while (pending.length > 0 && factors.length < 8) {
    const shape = table.values[pending.pop()!];
    if (shape.kind !== 'binary') continue;
    // Twice a size that fits in memory does not wrap.
    const by = table.integerOf(shape.right);
    if (shape.operator === '*' && (by === undefined || by > 2)) factors.push(shape.left, shape.right);
    if (shape.operator === '*' || shape.operator === '+' || shape.operator === '-')
      pending.push(shape.left, shape.right);
  }
  for (const value of factors) {
    const shape = table.values[value];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'parameter') continue;
    const parameter = ir.variables[ir.parameters[shape.origin.index]];
    const type = sizes.types.resolve(parameter.type);
    const isWide =
      type.kind === 'arithmetic' && (WIDE_TYPES.has(type.name) || type.name === 'size_t' || type.size === 8);
    if (!isWide || isBounded(context, state, value, parameter.id, place)) continue;
    if (sizes.hinted.has(allocation)) return;
    sizes.hinted.add(allocation);
    context.flaws.push({ kind: 'unbounded-product', allocation, size, factor: parameter.name });
  }
}

const ORDERS = new Set(['<', '>', '<=', '>=']);
/** Functions that refuse a product which would wrap. */
const CHECKS = /overflow|check|limit|valid|mul/i;

/**
 * Something in front of the allocation compares the parameter, or a number made of it, with another number, or asks a
 * function whether it is too large: on this path or on others, its author thought of it.
 */
function isBounded(context: AnalysisContext, state: State, value: Value, variable: VariableId, place: Place): boolean {
  if (Number.isFinite(factOf(context.table, state, value).high)) return true;
  const { blocks } = context.ir;
  const { order, rank } = context.flow;
  for (let i = 0; i <= rank[place.block]; i++) {
    const { instructions } = blocks[order[i]];
    const end = order[i] === place.block ? place.instruction : instructions.length;
    /** By register: it holds the parameter's address, or a number made of the parameter. */
    const isMade = new Set<number>();
    for (let k = 0; k < end; k++) {
      const instruction = instructions[k];
      if (instruction.op === 'sequence-point') isMade.clear();
      else if (instruction.op === 'variable' && instruction.variable === variable) isMade.add(instruction.destination);
      else if (instruction.op === 'load' && isMade.has(instruction.address)) isMade.add(instruction.destination);
      else if (instruction.op === 'binary' && (isMade.has(instruction.left) || isMade.has(instruction.right))) {
        if (ORDERS.has(instruction.operator)) return true;
        isMade.add(instruction.destination);
      } else if (instruction.op === 'call' && instruction.arguments.some((register) => isMade.has(register))) {
        if (CHECKS.test(instruction.callee)) return true;
      }
    }
  }
  return false;
}

/** New memory becomes memory for objects of a type: was it measured in that type? */
export function noteConversion(
  context: AnalysisContext,
  state: State,
  { value: register, pointee: term }: Extract<Instruction, { op: 'convert' }>,
): void {
  const value = state.registers[register];
  const region = state.regions.get(value);
  if (region?.extent === undefined || !region.allocation || region.status === 'freed') return;
  if (context.sizes.settled.has(region.allocation)) return;
  const { types } = context.sizes;
  const pointee = types.resolve(term);
  if (pointee.kind === 'void' || pointee.kind === 'function') return;
  const form = formOf(context, region.extent);
  if (!form) return;
  if (form.length > 1) {
    // A head and what follows it: known only where the end has a shape of its own.
    const bytes = bytesOf(context, form);
    const total = bytes && constantOf(bytes);
    if (total !== undefined && types.tailOf(pointee)) checkBytes(context, region, pointee, total);
    return;
  }
  if (form[0].types.length > 1) return;
  const [{ coefficient, types: measured, factors }] = form;
  if (measured.length === 0) {
    if (factors.length === 0) checkBytes(context, region, pointee, coefficient);
    return;
  }
  checkUnits(context, region, pointee, measured[0], coefficient, factors.length > 0);
}

/** A block of a known number of bytes, used as memory for a type. One byte stands for memory that is not NULL. */
function checkBytes(context: AnalysisContext, region: Region, pointee: ObjectType, bytes: number): void {
  const { types } = context.sizes;
  const size = types.sizeOf(pointee);
  if (size === undefined || size <= 1 || bytes <= 1) return;
  const isScalar = pointee.kind === 'arithmetic' || pointee.kind === 'pointer';
  // An array at the end may be meant to be shorter, but what stands in front of it is not.
  const isShort = bytes < size && (!types.hasOpenEnd(pointee) || bytes < (types.tailOf(pointee)?.offset ?? 0));
  const isTailCut = endsAmidElement(types, pointee, bytes);
  if (isShort || (isScalar && bytes % size !== 0) || isTailCut) {
    report(context, region, (allocation) => ({
      kind: 'block-size',
      allocation,
      size: sizeOrigin(context, allocation),
      pointee: { name: types.describe(pointee), size },
      bytes,
      isTailCut,
    }));
  }
}

/** The block is longer than a structure that ends with an array, and what is more is no whole number of its elements. */
function endsAmidElement(types: TypeModel, pointee: ObjectType, bytes: number): boolean {
  const tail = types.tailOf(pointee);
  const size = types.sizeOf(pointee);
  if (!tail || size === undefined || bytes <= size || tail.length > 1) return false;
  return (bytes - tail.offset) % tail.element !== 0 && (bytes - size) % tail.element !== 0;
}

/** A block of so many objects of one type, used as memory for another. */
function checkUnits(
  context: AnalysisContext,
  region: Region,
  pointee: ObjectType,
  measuredTerm: TypeTerm,
  coefficient: number,
  hasFactors: boolean,
): void {
  const { types } = context.sizes;
  let measured = types.resolve(measuredTerm);
  let count: number | undefined = coefficient;
  while (measured.kind === 'array' && !types.isSame(measured, pointee)) {
    count = measured.length === undefined || count === undefined ? undefined : count * measured.length;
    measured = types.resolve(measured.of);
  }
  if (count === undefined || types.isSame(measured, pointee) || isPartOfArray(types, measured, pointee)) return;
  const wanted = types.sizeOf(pointee);
  const given = types.sizeOf(measured);
  const flaw = (kind: 'size-of-pointer' | 'element-size'): void =>
    report(context, region, (allocation) => ({
      kind,
      allocation,
      size: sizeOrigin(context, allocation),
      pointee: { name: types.describe(pointee), size: wanted },
      measured: { name: types.describe(measured), size: given },
    }));
  if (measured.kind === 'pointer' && types.isSame(types.resolve(measured.to), pointee)) {
    // The size of `T *` for a `T`. A typedef that is not in sight may be a pointer itself; bytes may hold anything.
    const isObject = pointee.kind === 'record' || (pointee.kind === 'incomplete' && pointee.isRecord);
    // A number that is as long as a pointer happens to be that; pointers are so by nature.
    const isOther = wanted !== given || pointee.kind === 'arithmetic';
    if (isObject || (wanted !== undefined && wanted > 1 && isOther)) flaw('size-of-pointer');
    return;
  }
  if (pointee.kind === 'pointer' && types.isSame(types.resolve(pointee.to), measured)) {
    if (given !== undefined && given !== wanted) flaw('element-size');
    return;
  }
  if (wanted === undefined || given === undefined || wanted <= 1 || wanted === given) return;
  const isScalar = (type: ObjectType): boolean => type.kind === 'arithmetic' || type.kind === 'pointer';
  if (given === 1) {
    if (!hasFactors) checkBytes(context, region, pointee, count);
    return;
  }
  const isExactMultiple = (count * given) % wanted === 0;
  if (given < wanted) {
    if (count * given >= wanted && (isExactMultiple || !isScalar(pointee))) return;
    if (types.hasOpenEnd(pointee)) return;
    // So many words for a structure is a way to count bytes.
    if (hasFactors && isScalar(measured) !== isScalar(pointee)) return;
    flaw('element-size');
    return;
  }
  if (isScalar(measured) !== isScalar(pointee)) return;
  if (
    !isScalar(measured) &&
    (types.beginsWith(measured, pointee) ||
      types.beginAlike(measured, pointee) ||
      pointee.kind !== 'record' ||
      pointee.tag === 'union')
  )
    return;
  flaw('element-size');
}

/** An array of the type, or an element of such an array. */
function isPartOfArray(types: TypeModel, a: ObjectType, b: ObjectType): boolean {
  if (a.kind === 'array' && types.isSame(types.resolve(a.of), b)) return true;
  return b.kind === 'array' && types.isSame(types.resolve(b.of), a);
}
