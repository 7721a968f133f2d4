import type { Origin, VariableId } from '../ir/instructions.ts';
import type { Family } from '../models/function-model.ts';
import { MEMBER_FIRST, MEMBER_LATER } from '../source/members.ts';
import type { CallInstruction } from './calls.ts';
import { factOf } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import type { InvalidTarget } from './flaws.ts';
import type { Place } from './regions.ts';
import { releasedArgument } from './release-names.ts';
import type { Region, Site, State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/** What a pointer that is about to be freed points to, as far as it is something no deallocator takes. */
interface Target {
  readonly kind: InvalidTarget;
  readonly variable: VariableId | undefined;
  readonly allocation: Site | undefined;
}

/**
 * Notes that a pointer is freed which no allocator gave, or not in this way. True when that is so, noted or not: then the
 * free says nothing about the memory.
 */
export function noteInvalidFree(
  context: AnalysisContext,
  state: State,
  value: Value,
  pointer: Origin,
  free: Site,
): boolean {
  const target = targetOf(context, state, value);
  if (!target) return false;
  // Other allocators than the C library's have numbers of their own that stand for nothing (ZERO_SIZE_PTR, NIL).
  if (target.kind === 'number' && context.environment.models.familyOfDeallocator(free.callee) !== 'malloc')
    return false;
  const { kind, variable, allocation } = target;
  // That nothing was assigned is a matter of the path, and this may be one in which nobody believes.
  if (kind === 'unassigned' && state.isDoubtful) return true;
  context.flaws.push({ kind: 'invalid-free', target: kind, free, pointer, variable, allocation });
  return true;
}

/**
 * A function whose name says that it ends its argument's life is given a variable to which nothing was assigned: what it does
 * with the pointer does not matter. Does nothing for macros, which may assign it.
 */
export function noteUnassignedRelease(
  context: AnalysisContext,
  values: readonly Value[],
  call: CallInstruction,
  place: Place,
): void {
  const { table, ir, environment } = context;
  if (!values.some((value) => isUninitialised(table, value)) || environment.unclearMacro(call.callee)) return;
  // What a deallocator itself is given is looked at where it frees.
  const { models } = environment;
  if (models.modelOf(call.callee)?.frees) return;
  const released = releasedArgument(ir, place.block, place.instruction, (name) => environment.models.shipped(name));
  if (!released || released.isIndirect || released.argument >= values.length) return;
  const variable = unassignedVariable(context, values[released.argument]);
  if (variable === undefined || ir.variables[variable].pointerDepth === 0) return;
  const site = context.site(place.block, place.instruction, call.origin, call.callee, []);
  // Another path may bring a pointer that has a value.
  context.firstFrees.add(site.id);
  context.flaws.push({
    kind: 'invalid-free',
    target: 'unassigned',
    free: site,
    pointer: call.argumentOrigins[released.argument],
    variable,
    allocation: undefined,
  });
}

function isUninitialised(table: ValueTable, value: Value): boolean {
  const shape = table.values[value];
  return shape.kind === 'symbol' && shape.origin.kind === 'uninitialised';
}

function targetOf(context: AnalysisContext, state: State, value: Value): Target | undefined {
  const { table } = context;
  const base = table.base(value);
  const shape = table.values[base];
  if (shape.kind === 'address') return targetOfAddress(context, table.root(shape.location));
  if (shape.kind === 'integer' && shape.value !== 0 && value === base)
    return { kind: 'number', variable: undefined, allocation: undefined };
  if (shape.kind !== 'symbol') return undefined;
  if (value === base) {
    const variable = unassignedVariable(context, base);
    if (variable !== undefined) return { kind: 'unassigned', variable, allocation: undefined };
  }
  if (value === base && shape.origin.kind === 'parameter' && isFilled(context, state, shape.origin.index, value)) {
    const variable = context.ir.parameters[shape.origin.index];
    return { kind: 'out-parameter', variable, allocation: undefined };
  }
  const given = context.otherMemories.get(base);
  if (given)
    return value === base || given.target !== 'interior'
      ? { kind: given.target, variable: undefined, allocation: given.site }
      : undefined;
  const region = state.regions.get(base);
  if (!region?.allocation) return isMemberOfOther(context, value) ? MEMBER : undefined;
  if (region.status === 'failed') return undefined;
  const { allocation } = region;
  const { kind } = context.environment.models.family(region.family);
  if (kind !== 'heap') return { kind, variable: undefined, allocation };
  if (value === base || region.status === 'freed') return undefined;
  const location = table.pointee(value);
  if (isOffset(context, location) || isSomeElement(context, state, location))
    return { kind: 'interior', variable: undefined, allocation };
  return isArrayMember(context, location) ? MEMBER : undefined;
}

/** `free(object->name)` of a member that is an array: wherever it stands, its name is no pointer to a block. */
export function isArrayMember({ table, places }: AnalysisContext, location: Location): boolean {
  const shape = table.locations[location];
  if (shape.kind !== 'field' || table.locations[shape.parent].kind !== 'pointee') return false;
  if (places.isReadAsArray(location)) return true;
  const parent = places.typeOf(shape.parent);
  return parent === undefined ? places.isArrayMember(shape.name) : places.isArrayPart(location, parent, shape.name);
}

/** `writer = writers + count; … free(writer);`: one of the elements, of which only the first is where the block begins. */
function isSomeElement({ table }: AnalysisContext, state: State, location: Location): boolean {
  const shape = table.locations[location];
  if (shape.kind !== 'element' || table.locations[shape.parent].kind !== 'pointee') return false;
  const index = table.values[shape.index];
  return index.kind === 'symbol' && index.origin.kind === 'initial' && factOf(table, state, shape.index).high !== 0;
}

const MEMBER: Target = { kind: 'member', variable: undefined, allocation: undefined };

/**
 * `free(&object->member)`, or the name of a member that is an array: no member but the first is where a block begins. Of an object
 * whose type is not in sight, what others say of members with that name means nothing.
 */
export function isMemberOfOther(context: AnalysisContext, value: Value): boolean {
  const { table } = context;
  const shape = table.values[value];
  const location = shape.kind === 'address' ? shape.location : undefined;
  if (location === undefined || table.locations[location].kind !== 'field' || !isOffset(context, location))
    return false;
  return context.places.isOfSeenType(location);
}

/** What a pointer to a pointer points to holds memory that this function allocated: the caller passed the address of a variable. */
function isFilled(context: AnalysisContext, state: State, position: number, value: Value): boolean {
  const { table, ir } = context;
  if (ir.variables[ir.parameters[position]].pointerDepth < 2) return false;
  const content = state.memory.get(table.pointee(value));
  const region = content === undefined ? undefined : state.regions.get(table.base(content));
  return region?.allocation !== undefined && region.status !== 'failed' && region.status !== 'freed';
}

function targetOfAddress(context: AnalysisContext, root: Location): Target | undefined {
  const shape = context.table.locations[root];
  if (shape.kind === 'literal') return { kind: 'literal', variable: undefined, allocation: undefined };
  if (shape.kind === 'function') {
    return { kind: shape.name.startsWith('&&') ? 'label' : 'function', variable: undefined, allocation: undefined };
  }
  if (shape.kind !== 'variable') return undefined;
  const { kind, name, typeText } = context.ir.variables[shape.variable];
  const found = { variable: shape.variable, allocation: undefined };
  switch (kind) {
    case 'local':
    case 'parameter':
      return { kind: 'stack', ...found };
    case 'static':
      return { kind: 'static', ...found };
    case 'global':
      // A name in capitals may be a macro that stands for anything.
      return /[a-z]/.test(name) ? { kind: 'static', ...found } : undefined;
    case 'temporary':
      // A compound literal has a type; other temporaries stand for values that were computed.
      return typeText === '' ? undefined : { kind: 'stack', ...found };
  }
}

/** The variable whose value, or the value of whose member, was never assigned on this path. */
function unassignedVariable(context: AnalysisContext, value: Value): VariableId | undefined {
  const { table } = context;
  const shape = table.values[value];
  if (shape.kind !== 'symbol') return undefined;
  if (shape.origin.kind === 'uninitialised') {
    const { variable } = shape.origin;
    // The elements of an array share its name; which of them were assigned is not always known.
    return context.ir.variables[variable].isArray ? undefined : variable;
  }
  // An element may have been written under another index.
  if (shape.origin.kind === 'part' && !shape.origin.path.includes('[')) {
    return unassignedVariable(context, shape.origin.whole);
  }
  return undefined;
}

/** True when a location certainly lies behind or before the beginning of the block that it is in. */
export function isOffset(context: AnalysisContext, location: Location): boolean {
  const { table } = context;
  let sign = 0;
  for (let current = location; ; ) {
    const shape = table.locations[current];
    if (shape.kind === 'element') {
      const index = table.integerOf(shape.index);
      // Steps in both directions may add up to nothing: their units differ with the types of the pointers.
      if (index === undefined || (sign !== 0 && Math.sign(index) !== sign)) return false;
      sign = Math.sign(index);
      current = shape.parent;
    } else if (shape.kind === 'field') {
      if (sign < 0) return false;
      if (context.places.isLaterMember(current) || isNeverFirst(context, shape.name)) sign = 1;
      current = shape.parent;
    } else return sign !== 0;
  }
}

/** No structure in sight begins with a member of that name, and some structure has one. */
function isNeverFirst(context: AnalysisContext, name: string): boolean {
  return (context.environment.memberTraits(name) & (MEMBER_FIRST | MEMBER_LATER)) === MEMBER_LATER;
}

/** Notes that memory is given back to another family than it came from. True when it was. */
export function noteMismatch(
  context: AnalysisContext,
  region: Region | undefined,
  family: Family,
  pointer: Origin,
  free: Site,
): boolean {
  if (!region?.allocation) return false;
  const { models } = context.environment;
  if (models.takes(family, region.family)) return false;
  // The program's own deallocator, named by the allocator's declaration: what it does inside is its own business.
  if (free.callee === region.family || free.inner.some((step) => step.callee === region.family)) return false;
  const { deallocators } = models.family(region.family);
  const { allocation } = region;
  context.flaws.push({
    kind: 'mismatched-deallocator',
    allocation,
    free,
    pointer,
    family: region.family,
    deallocator: deallocators[0],
    replacement: deallocators.find((name) => models.parametersOfDeallocator(name) === 1),
  });
  return true;
}
