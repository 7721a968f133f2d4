import { keptIn, keptPer } from '../base/kept.ts';
import { definitionOf } from '../ir/definitions.ts';
import type { BlockId, Instruction } from '../ir/instructions.ts';
import type { TypeTerm } from '../ir/type-terms.ts';
import { takeParts } from './aggregates.ts';
import { isBelieved } from './beliefs.ts';
import { noteAccess } from './block-bounds.ts';
import { isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { noteFirstElement } from './first-elements.ts';
import { noteFreedStore, noteReread } from './freed-uses.ts';
import { noteGivenRead } from './given-places.ts';
import { invalidateMemory } from './invalidation.ts';
import { forgetContents } from './kept-contents.ts';
import { isOwned, noteLost, noteOverwritten } from './leaks.ts';
import { isPrivate, loadValue, storeValue } from './memory.ts';
import { forgetObject } from './object-beliefs.ts';
import { dereference, type Place } from './regions.ts';
import { noteAddressStore, noteDeadUse } from './stack-escapes.ts';
import { changedRegion, type Site, type State, siteKey } from './state.ts';
import { boundUnsigned } from './unsigned-values.ts';
import { noteUnwrittenRead } from './unwritten-memory.ts';
import type { Location, Value } from './value-shapes.ts';

type Load = Extract<Instruction, { readonly op: 'load' }>;
type Store = Extract<Instruction, { readonly op: 'store' }>;

/** The place of a load from a variable, in which nothing can happen. */
const NOWHERE: Place = { block: 0, instruction: 0, origin: { start: 0, end: 0 }, callee: '' };

/** The transfer function of a load, at `position` of a block; false when the path ends there. */
export function executeLoad(
  context: AnalysisContext,
  state: State,
  load: Load,
  block: BlockId,
  position: number,
): boolean {
  const { table } = context;
  const { registers } = state;
  const address = registers[load.address];
  const { pointer } = load;
  const place = pointer ? { block, instruction: position, origin: load.origin, callee: '' } : NOWHERE;
  if (pointer) {
    // `(size_t)((T *)0)->member`: where T has its member is asked for, which may be an array for all that is in sight.
    if (isOffset(context, address)) {
      registers[load.destination] = address;
      return true;
    }
    if (!access(context, state, load, address, place)) return false;
  }
  const location = table.pointee(address);
  const shape = table.locations[location];
  // The first element of the array is at the same place, and is read as what it is.
  const isArray = shape.kind === 'field' && readsArray(context, location, shape.name, load, block, position);
  if (isArray || (pointer && readsRow(context, load, block, position))) {
    registers[load.destination] = table.addressOf(location);
    return true;
  }
  // A member that nothing in sight declares may be an array, of which only the address is read.
  const isKnown = shape.kind !== 'field' || context.environment.memberTraits(shape.name) !== 0;
  // What a library function writes to is passed by its address: an array, by a type that is not in sight (GMP's `mpz_t`).
  const isFresh = pointer !== undefined && state.unwritten.size > 0;
  if (isFresh && isFilled(context, load, block, position, false) && isOfUnseenType(context, load, block, position)) {
    registers[load.destination] = table.addressOf(location);
    return true;
  }
  if (pointer && isKnown) noteUnwrittenRead(context, state, location, load.origin, place);
  let value = loadValue(context, state, location);
  // A member of a zeroed structure that is declared nowhere in sight is an array, where something is written to it.
  if (value === table.possibleNull && !isKnown && isFilled(context, load, block, position, true)) {
    value = table.addressOf(location);
  }
  if (shape.kind === 'variable') forgetObject(context, state, shape.variable);
  else if (shape.kind === 'field' && pointer) forgetContents(context, state, table.base(address));
  // A variable that was zeroed as a whole may be an array by its typedef.
  if (shape.kind === 'variable' && table.integerOf(value) === 0 && context.places.isArrayByType(shape.variable)) {
    value = table.addressOf(location);
  }
  boundUnsigned(context, location, value);
  noteReread(context, state, location, value);
  if (pointer && isKnown) noteGivenRead(context, state, location, value, place, load.address);
  registers[load.destination] = value;
  return true;
}

/** The transfer function of a store, at `position` of a block; false when the path ends there. */
export function executeStore(
  context: AnalysisContext,
  state: State,
  store: Store,
  block: BlockId,
  position: number,
  siteId: number,
): boolean {
  const { table } = context;
  const { registers } = state;
  const address = registers[store.address];
  const place = { block, instruction: position, origin: store.origin, callee: '' };
  if (store.pointer && !access(context, state, store, address, place)) return false;
  const location = table.pointee(address);
  const value = registers[store.value];
  const isNumber = (table.integerOf(value) ?? 0) !== 0;
  // What memory held before matters only where realloc's NULL may replace it. Behind the store it may be called otherwise.
  const isFailure = state.regions.get(value)?.status === 'failed';
  const isInMemory = isFailure && !state.memory.has(location);
  const lastHeld = isInMemory ? loadValue(context, state, location) : undefined;
  // A pointer that is known to be a variable's address writes nothing but that.
  const isVariablePart = table.locations[table.root(location)].kind === 'variable';
  const mayWritePointers = store.mayWritePointers && !isNumber && !isVariablePart;
  if (mayWritePointers && !isPrivate(context, state, location) && !isOutParameter(context, location)) {
    invalidateMemory(context, state, 0x100000 + siteId, context.places.isPointerPlace(location));
  }
  const before = lastHeld ?? state.memory.get(location);
  // What a pointer leads to is one element; `names[0]` has the array's own place.
  const isOneElement = store.pointer !== undefined;
  const parts = takeParts(context, state, location, isOneElement);
  storeValue(context, state, location, value, siteId, isOneElement);
  if (state.unwritten.size > 0) noteFirstElement(context, state, location, block, position, store.address);
  const site = (): Site => context.site(block, position, store.origin, '', []);
  if (parts.length > 0) noteLost(context, state, parts, [value], site, 'overwrite');
  noteAddressStore(context, state, location, value, place);
  noteStoredResult(context, location, value);
  const stored = table.values[value];
  if (stored.kind === 'symbol' && stored.origin.kind === 'aggregate') {
    for (const part of stored.origin.parts) noteInArray(context, state, part.value, block, position);
  } else noteInArray(context, state, value, block, position);
  const target = table.locations[location];
  if (target.kind === 'variable') forgetObject(context, state, target.variable);
  if (target.kind === 'variable' && context.ir.variables[target.variable].pointerDepth > 0) {
    if (!isOwnOrNull(context, state, before)) context.foreignOverwrites.add(siteKey(block, position));
  }
  if (state.regions.size > 0) {
    if (before !== undefined && before !== value) noteOverwritten(context, state, location, before, value, site);
    noteFreedStore(context, state, location, value, site);
  }
  return true;
}

/**
 * `*result = value;` behind a parameter: a place of the caller's that is there to be written to. That callers give a place which the function
 * also reaches by another argument is not expected of them.
 */
function isOutParameter({ table }: AnalysisContext, location: Location): boolean {
  const shape = table.locations[location];
  const pointer = shape.kind === 'pointee' ? table.values[shape.pointer] : undefined;
  return pointer?.kind === 'symbol' && pointer.origin.kind === 'parameter';
}

/** What a call answered is stored in a member, and nothing else is. */
function noteStoredResult({ beliefs, table }: AnalysisContext, location: Location, value: Value): void {
  if (beliefs.results.size === 0 || table.locations[location].kind !== 'field') return;
  const { storedResults } = beliefs;
  if (storedResults.has(location)) {
    if (storedResults.get(location) !== value) storedResults.set(location, undefined);
  } else if (beliefs.results.has(value)) storedResults.set(location, value);
}

/** Loops free what stands in arrays, by itself or in structures; which elements they reach is more than their bounds tell. */
function noteInArray(context: AnalysisContext, state: State, value: Value, block: BlockId, position: number): void {
  const base = context.table.base(value);
  const region = state.regions.get(base);
  const isOwn = isOwned(context, region) || region?.isPublished === true;
  const mayBeInLoop = (isOwn || isBelieved(region)) && context.flow.loopBlocks.size > 0;
  if (!mayBeInLoop || !goesToVariableElement(context.ir.blocks[block].instructions, position)) return;
  const handovers = isOwn ? region.handovers : undefined;
  context.fillsElements ||= isOwn;
  state.setRegion(base, changedRegion(region, { isInArray: isOwn, handovers }));
}

/** What going through a pointer says of it; false when it cannot be gone through. */
function access(
  context: AnalysisContext,
  state: State,
  instruction: Load | Store,
  address: Value,
  place: Place,
): boolean {
  const pointer = instruction.pointer!;
  noteDeadUse(context, state, address, pointer, place);
  if (!dereference(context, state, address, pointer, place, [])) return false;
  noteAccess(context, state, address, instruction.address, pointer, place);
  return true;
}

/** True when the address that an instruction loads from is that of an array among the members, and not of an element of one. */
function readsArray(
  context: AnalysisContext,
  location: Location,
  name: string,
  { address }: Load,
  block: BlockId,
  position: number,
): boolean {
  if (!context.places.mayBeArrayMember(name)) return false;
  const defining = definitionOf(context.ir.blocks[block].instructions, position, address);
  return defining?.op === 'field' && context.places.isArrayPart(location, defining.of, defining.name);
}

const rowLoads = keptPer((_: AnalysisContext) => new Map<Load, boolean>());

/** True where an element is an array, by the type of what it is an element of: of `T (*rows)[3]` an element is a row of three. */
function readsRow(context: AnalysisContext, load: Load, block: BlockId, position: number): boolean {
  return keptIn(rowLoads(context), load, () => {
    const defining = definitionOf(context.ir.blocks[block].instructions, position, load.address);
    if (defining?.op !== 'element' || defining.type.kind !== 'target') return false;
    return context.sizes.types.resolve(defining.type).kind === 'array';
  });
}

/** The address of a member, declared nowhere in sight, of what would be at address 0. */
function isOffset({ table, environment }: AnalysisContext, address: Value): boolean {
  if (table.base(address) !== table.zero) return false;
  const shape = table.locations[table.pointee(address)];
  return shape.kind === 'field' && environment.memberTraits(shape.name) === 0;
}

/** What is loaded from behind a pointer has a type by a name that nothing in sight defines: that may be an array's. */
function isOfUnseenType({ ir, sizes }: AnalysisContext, { address }: Load, block: BlockId, position: number): boolean {
  const { instructions } = ir.blocks[block];
  const place = definitionOf(instructions, position, address);
  let term: TypeTerm | undefined;
  if (place?.op === 'element') term = place.type;
  else if (place?.op === 'load') {
    const holder = definitionOf(instructions, position, place.address);
    if (holder?.op === 'variable') term = { kind: 'target', of: ir.variables[holder.variable].type };
    else if (holder?.op === 'field')
      term = { kind: 'target', of: { kind: 'member', of: holder.of, name: holder.name } };
  }
  const type = term && sizes.types.resolve(term);
  return type?.kind === 'incomplete' && !type.isRecord && type.name !== '';
}

/** What a load gives is where a library function writes to, or, where elements count, an element of it is reached. */
function isFilled(
  { ir, environment }: AnalysisContext,
  { destination }: Load,
  block: BlockId,
  position: number,
  countsElements: boolean,
): boolean {
  const { instructions } = ir.blocks[block];
  const given = new Set([destination]);
  for (let i = position + 1; i < instructions.length; i++) {
    const next = instructions[i];
    if (next.op === 'sequence-point') return false;
    if (countsElements && next.op === 'element' && next.base === destination) return true;
    if (
      countsElements &&
      next.op === 'binary' &&
      next.operator === '+' &&
      (given.has(next.left) || given.has(next.right))
    )
      given.add(next.destination);
    const written = next.op === 'call' ? environment.models.shipped(next.callee)?.writes : undefined;
    if (next.op === 'call' && written?.some((argument) => given.has(next.arguments[argument]))) return true;
    if ('destination' in next && next.destination === destination) return false;
  }
  return false;
}

/** What a variable may be given to a deallocator for. */
function isOwnOrNull({ table, environment }: AnalysisContext, state: State, value: Value | undefined): boolean {
  if (value === undefined || table.base(value) !== value) return false;
  const region = state.regions.get(value);
  if (!region) return isNull(table, state, value);
  return (
    region.status === 'failed' || (region.status === 'allocated' && environment.models.family(region.family).isLeakable)
  );
}

/** True when the store at a position writes an element whose index is no constant in the program's text. */
function goesToVariableElement(instructions: readonly Instruction[], position: number): boolean {
  const store = instructions[position];
  if (store.op !== 'store') return false;
  let definition = definitionOf(instructions, position, store.address);
  while (definition?.op === 'field') definition = definitionOf(instructions, position, definition.base);
  return definition?.op === 'element' && definitionOf(instructions, position, definition.index)?.op !== 'constant';
}
