import { definitionOf, isLiteral, isWrittenNumber, variableRead } from '../ir/definitions.ts';
import type { Instruction, Origin, Register } from '../ir/instructions.ts';
import { factOf } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { type FurthestIndex, furthestIndex } from './counted-loops.ts';
import { mayBeGiven, noteReach } from './parameter-reach.ts';
import type { Place } from './regions.ts';
import { atLeast, bytesOf, formOf, sizeOrigin } from './size-facts.ts';
import type { SizeFlaw } from './size-flaws.ts';
import { constantOf, difference, multiply, ONE, type SizeForm, scale } from './size-forms.ts';
import type { CalleeStep, Site, State } from './state.ts';
import { type Location, NO_VALUE, type Value } from './value-shapes.ts';

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
  const base = table.base(address);
  const region = state.regions.get(base);
  sizes.reached.visit(context, state, place);
  if (region?.extent === undefined || !region.allocation || region.status === 'freed') {
    if (!region?.allocation && mayBeGiven(context, base)) noteElementOfGiven(context, state, address, register, place);
    return;
  }
  const { instructions } = context.ir.blocks[place.block];
  const isSize = isSizeItself(context, region.allocation, instructions, place, register);
  if (region.extent === table.zero) {
    noteExcess(context, region.allocation, pointer, place, { ...EMPTY, isSize });
    return;
  }
  // Of `p[i].size` it is the element that lies inside or behind.
  let element = definitionOf(instructions, place.instruction, register);
  let location = table.pointee(address);
  const isMember = element?.op === 'field';
  while (element?.op === 'field') {
    const shape = table.locations[location];
    if (shape.kind !== 'field') return;
    location = shape.parent;
    element = definitionOf(instructions, place.instruction, element.base);
  }
  if (element?.op !== 'element') return;
  const index = indexInBlock(context, location, table.base(address));
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
  const isCounted =
    start !== undefined && !furthest && !isWrittenNumber(context.ir, instructions, place.instruction, element.index);
  if (isCounted && !isSize) {
    // A number that only this path has counted to.
    noteExcess(context, region.allocation, pointer, place, undefined);
    return;
  }
  const isInLoop = furthest !== undefined;
  const room =
    difference(extent, end) ??
    (isInLoop ? difference(extent, atLeast(context, end)) : undefined) ??
    (furthest?.last ? mostRoom(extent, end, indexForm) : undefined);
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
  // Of an element that lies inside with its beginning alone the member may be there.
  if (isMember && excess && !excess.isBefore && excess.excess < unit) excess = undefined;
  noteExcess(context, region.allocation, pointer, place, excess && { ...excess, isMember, isSize });
}

/** `s = malloc(n); s[n] = 0;`: whatever the path has counted to, the index is what was asked for. */
function isSizeItself(
  { ir }: AnalysisContext,
  { block, instruction }: Site,
  instructions: readonly Instruction[],
  place: Place,
  register: Register,
): boolean {
  const element = definitionOf(instructions, place.instruction, register);
  if (element?.op !== 'element') return false;
  const asking = ir.blocks[block].instructions;
  const call = asking[instruction];
  const counted = variableRead(instructions, place.instruction, element.index);
  if (call?.op !== 'call' || call.arguments.length === 0 || counted === undefined) return false;
  return variableRead(asking, instruction, call.arguments[call.arguments.length - 1]) === counted;
}

/** An element of what the function was given is used, whose index is the same on each path, or as far as a loop counts. */
function noteElementOfGiven(
  context: AnalysisContext,
  state: State,
  address: Value,
  register: Register,
  place: Place,
): void {
  const { table, sizes } = context;
  const { instructions } = context.ir.blocks[place.block];
  const element = definitionOf(instructions, place.instruction, register);
  if (element?.op !== 'element') return;
  const base = table.base(address);
  const index = indexInBlock(context, table.pointee(address), base);
  const first = index === undefined ? undefined : table.integerOf(index);
  const unit = sizes.types.sizeOf(sizes.types.resolve(element.type));
  if (first === undefined || first < 0 || unit === undefined) return;
  const furthest = furthestIndex(context, place.block, place.instruction, element);
  if (!furthest) {
    if (isLiteral(instructions, place.instruction, element.index))
      noteReach(context, place, base, scale(ONE, (first + 1) * unit));
    return;
  }
  const last = furthest.last && boundForm(context, state, furthest.last);
  const number = last && constantOf(last);
  // A loop that begins further on may have no turn.
  if (!last || (number === undefined ? first !== 0 : number < first)) return;
  const end = multiply(scale([...last, ...ONE], unit), ONE);
  noteReach(context, place, base, end, [], furthest.head);
}

/** What lies behind the end of a block, as far as no more is said. */
export const BEHIND = {
  isBefore: false,
  isTerminator: false,
  isInLoop: false,
  isLimit: false,
  isMember: false,
  isSize: false,
};

/** Nothing was asked for, and some of it is used. */
const EMPTY = { ...BEHIND, excess: 1 };

/**
 * The room behind the last element that a loop comes to, in its best case: of a loop to a bound that is asked for as well, as
 * `p[i]` for all `i < n` in a block of `n` bytes, where the loop has one turn. Undefined where more turns leave more room.
 */
function mostRoom(extent: SizeForm, end: SizeForm, last: SizeForm): number | undefined {
  const bound = last.find(({ factors }) => factors.length > 0);
  const offset = last.find(({ factors }) => factors.length === 0)?.coefficient ?? 0;
  if (bound?.factors.length !== 1 || bound.coefficient !== 1 || last.length > 2 || bound.types.length > 0)
    return undefined;
  const rest = multiply([...extent, ...scale(end, -1)], ONE);
  const varying = rest?.filter(({ factors }) => factors.length > 0) ?? [];
  if (varying.length !== 1 || varying[0].coefficient >= 0 || varying[0].factors.join() !== bound.factors.join())
    return undefined;
  // The last index is 0 at least, and so the bound is more than what is taken from it.
  const fixed = rest?.find(({ factors }) => factors.length === 0)?.coefficient ?? 0;
  return fixed - varying[0].coefficient * offset;
}

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
  'excess' | 'isBefore' | 'isTerminator' | 'isInLoop' | 'isLimit' | 'isMember' | 'isSize'
>;

/** Further behind a block's end an index is a mistake of the analysis rather than of the program. */
export const MAXIMUM_EXCESS = 2 ** 31;

/** `i` when a location is `p[i]` and `p` the beginning of its block. */
export function indexInBlock(context: AnalysisContext, location: Location, base: Value): Value | undefined {
  const { table } = context;
  const shape = table.locations[location];
  if (shape.kind === 'pointee') return shape.pointer === base ? table.zero : undefined;
  if (shape.kind !== 'element') return undefined;
  const parent = table.locations[shape.parent];
  return parent.kind === 'pointee' && parent.pointer === base ? shape.index : undefined;
}

/** The form is the sum of lengths of strings. */
export function isLength(form: SizeForm): boolean {
  return (
    form.every(({ factors, coefficient }) => factors.length > 0 || coefficient === 0) &&
    form.some(({ factors }) => factors.length > 0) &&
    form.every(({ factors }) => factors.length === 0 || (factors.length === 1 && factors[0].startsWith('strlen ')))
  );
}

/**
 * Keeps what one path shows of an access. A loop's index goes further on some path than the program's own reasons allow:
 * a flaw is only what each path shows alike. `reach` tells apart what one call does.
 */
export function noteExcess(
  context: AnalysisContext,
  allocation: Site,
  pointer: Origin,
  place: Place,
  excess: Excess | undefined,
  inner: readonly CalleeStep[] = [],
  reach = '',
): void {
  const { overflows } = context.sizes;
  const key = `${place.block}:${place.instruction}:${allocation.id}${reach}`;
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
    if (!flaw || (!flaw.isSize && (extents.get(flaw.allocation) ?? NO_VALUE) === NO_VALUE)) continue;
    if (!context.sizes.isNew(flaw.allocation)) continue;
    context.flaws.push({ ...flaw, isEmpty: extents.get(flaw.allocation) === context.table.zero });
  }
}
