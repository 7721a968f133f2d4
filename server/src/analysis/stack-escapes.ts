import { definitionOf, variableAt } from '../ir/definitions.ts';
import type { Instruction, Origin, Register, VariableId } from '../ir/instructions.ts';
import { pathOfLocation } from './access-paths.ts';
import type { AnalysisContext, ExitState } from './context.ts';
import { isAlwaysReached } from './dominance.ts';
import type { Place } from './regions.ts';
import { isRemoval } from './removals.ts';
import type { Site, State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';

/** Memory that ends with its function or its block. */
interface StackMemory {
  /** Undefined for a compound literal and for memory of alloca(). */
  readonly variable: VariableId | undefined;
  readonly allocation: Site | undefined;
}

/** The stack memory that a value points to or into. */
function stackMemoryOf(context: AnalysisContext, state: State, value: Value): StackMemory | undefined {
  const { table, ir } = context;
  const base = table.base(value);
  const shape = table.values[base];
  if (shape.kind === 'address') {
    const root = table.locations[table.root(shape.location)];
    if (root.kind !== 'variable') return undefined;
    const { kind, typeText, isArray } = ir.variables[root.variable];
    // `(char *)&i - size` is no address of `i`: it marks how deep the stack may become.
    if (!isArray && isBeside(context, value, table.root(shape.location))) return undefined;
    if (kind === 'local' || kind === 'parameter') return { variable: root.variable, allocation: undefined };
    // Temporaries without a type stand for values that were computed, not for objects.
    return kind === 'temporary' && typeText !== '' ? { variable: undefined, allocation: undefined } : undefined;
  }
  if (shape.kind !== 'symbol') return undefined;
  if (shape.origin.kind === 'dead') return { variable: shape.origin.variable, allocation: undefined };
  const region = state.regions.get(base);
  const isStack = region?.allocation && context.environment.models.family(region.family).kind === 'stack';
  return isStack ? { variable: undefined, allocation: region.allocation } : undefined;
}

/** Some element other than the first, as if the variable were an array. */
function isBeside({ table }: AnalysisContext, value: Value, variable: Location): boolean {
  const shape = table.values[value];
  const target = shape.kind === 'address' ? table.locations[shape.location] : undefined;
  return target?.kind === 'element' && target.parent === variable && target.index !== table.zero;
}

/** Remembers where an address on the stack was first stored in a place, for the case that it stays there. */
export function noteAddressStore(
  context: AnalysisContext,
  state: State,
  location: Location,
  value: Value,
  place: Place,
): void {
  const { table } = context;
  const base = table.values[table.base(value)];
  if (base.kind === 'integer' || (base.kind === 'symbol' && base.origin.kind === 'parameter')) return;
  const root = table.locations[table.root(location)];
  if (root.kind === 'variable') {
    if (!isVariableOfAll(context, root.variable)) return;
  }
  if (!stackMemoryOf(context, state, value)) return;
  const key = `${location} ${value}`;
  if (context.addressStores.has(key)) return;
  const { block, instruction, origin, callee } = place;
  context.addressStores.set(key, context.site(block, instruction, origin, callee, []));
}

/** What a callee leaves in a variable that only it mentions may be the address of a local of this function's, or of one of its callers. */
export function isAddressToKeep({ table, ir }: AnalysisContext, value: Value | undefined): boolean {
  if (value === undefined) return false;
  const base = table.values[table.base(value)];
  if (base.kind === 'symbol') return base.origin.kind === 'parameter';
  const root = base.kind === 'address' ? table.locations[table.root(base.location)] : undefined;
  return root?.kind === 'variable' && ['local', 'parameter'].includes(ir.variables[root.variable].kind);
}

/**
 * The variables' lifetime ends: their contents are gone, and whoever holds their address holds nothing. A variable that a
 * macro declares may belong to the block around the macro, whose end is not known to be here.
 */
export function endLifetime(context: AnalysisContext, state: State, variables: readonly VariableId[]): void {
  const { table, ir } = context;
  const roots = context.rootsOf(variables);
  for (let i = state.memory.size - 1; i >= 0; i--) {
    const location = state.memory.keyAt(i);
    const value = state.memory.valueAt(i);
    if (roots.has(table.root(location))) {
      state.unbind(location);
      continue;
    }
    const shape = table.values[value];
    if (shape.kind !== 'address') continue;
    const target = table.root(shape.location);
    const root = table.locations[target];
    if (root.kind !== 'variable' || !roots.has(target)) continue;
    const { name, origin, isArray } = ir.variables[root.variable];
    if (!isArray && isBeside(context, value, target)) continue;
    if (origin.end - origin.start !== name.length) continue;
    const dead = table.symbol({ kind: 'dead', variable: root.variable });
    state.bind(location, dead);
    const store = context.addressStores.get(`${location} ${value}`);
    if (store) context.addressStores.set(`${location} ${dead}`, store);
  }
}

/** Notes that a pointer to a block's variable is used behind the block's end. */
export function noteDeadUse(
  context: AnalysisContext,
  state: State,
  pointer: Value,
  origin: Origin,
  place: Place,
): void {
  const { table } = context;
  const base = table.base(pointer);
  const shape = table.values[base];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'dead') return;
  const use = context.site(place.block, place.instruction, place.origin, place.callee, []);
  context.flaws.push({ kind: 'dead-local-use', variable: shape.origin.variable, use, pointer: origin });
  // Said once on this path: from here on nothing is known of the pointer.
  const unknown = table.symbol({ kind: 'retired', of: base });
  const { memory } = state;
  for (let i = 0; i < memory.size; i++) {
    if (memory.valueAt(i) === base) state.bind(memory.keyAt(i), unknown);
  }
}

/** Return types that show or say that they are pointers; an address that is returned as another type is tested or cut. */
const ADDRESS_TYPE = /\*|(ptr|handle|ref|pointer)(_t|_type)?$|\blong$/i;

/** Adds a flaw for each address on the stack that is returned, or stands where it outlives the function. */
export function findStackEscapes(context: AnalysisContext): void {
  const mayReturnAddress = ADDRESS_TYPE.test(context.ir.returnType);
  const lent = new Map<string, boolean>();
  for (const exit of context.exits) {
    const { state, value, site } = exit;
    const returned = value === undefined || !mayReturnAddress ? undefined : stackMemoryOf(context, state, value);
    if (returned) context.flaws.push({ kind: 'stack-escape', ...returned, holder: 'returned', isLent: false, site });
    if (value !== undefined) findInStructure(context, exit, value);
    // What main() leaves behind ends with the program.
    if (context.ir.name === 'main') continue;
    for (const [location, held] of state.memory) {
      const holder = holderOf(context, exit, location);
      const memory = holder && stackMemoryOf(context, state, held);
      if (!holder || !memory) continue;
      const store = context.addressStores.get(`${location} ${held}`) ?? site;
      if (isTakenOut(context, memory.variable, store)) continue;
      const isLent = holder === 'caller' && isHandedOn(context, location, lent);
      context.flaws.push({ kind: 'stack-escape', ...memory, holder, isLent, site: store });
    }
  }
}

/** `struct span span = { buffer, length }; … return span;`: a member of a structure that is returned as a whole is returned, too. */
function findInStructure(context: AnalysisContext, { state, site }: ExitState, value: Value): void {
  const shape = context.table.values[value];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'aggregate') return;
  for (const { path, value: held } of shape.origin.parts) {
    const memory = stackMemoryOf(context, state, held);
    if (!memory) continue;
    const member = path.every((step) => typeof step === 'string') ? path.join('.') : undefined;
    context.flaws.push({ kind: 'stack-escape', ...memory, holder: 'returned', member, isLent: false, site });
  }
}

/**
 * `list_remove(&marker.link);`: on every way from the store to a return the variable, or a member of it, is taken out of what it was put into. What its
 * neighbours hold by then is more than is known of them behind a loop.
 */
function isTakenOut({ ir, environment }: AnalysisContext, variable: VariableId | undefined, store: Site): boolean {
  // What the function stored itself no list function has put in.
  if (variable === undefined || store.callee === '') return false;
  return ir.blocks.some(({ id, instructions }) =>
    instructions.some(
      (each, at) =>
        each.op === 'call' &&
        isRemoval(each.callee) &&
        !environment.models.shipped(each.callee) &&
        each.arguments.some((argument) => addressedBy(instructions, at, argument) === variable) &&
        isAlwaysReached(ir, store, { ...store, block: id, instruction: at }),
    ),
  );
}

/** The variable whose address, or that of a member of which, a register holds. */
function addressedBy(
  instructions: readonly Instruction[],
  position: number,
  register: Register,
): VariableId | undefined {
  const definition = definitionOf(instructions, position, register);
  return variableAt(instructions, position, definition?.op === 'field' ? definition.base : register);
}

/**
 * `stream->next = buffer; run(stream);`: the function gives the object that holds the address to what it calls, or the object
 * is anybody's. The next who uses the object sets the member anew, as a rule.
 */
function isHandedOn(context: AnalysisContext, location: Location, known: Map<string, boolean>): boolean {
  const root = pathOfLocation(context.table, context.ir, location)?.[0];
  if (root === undefined) return false;
  let isLent = known.get(root);
  if (isLent === undefined) {
    isLent = root.startsWith('g:') ? context.ir.callees.length > 0 : isArgument(context, Number(root.slice(1)));
    known.set(root, isLent);
  }
  return isLent;
}

/** True when the function hands one of its parameters to a callee. */
function isArgument({ ir }: AnalysisContext, parameter: number): boolean {
  const variable = ir.parameters[parameter];
  for (const { instructions } of ir.blocks) {
    const addresses = new Set<number>();
    const values = new Set<number>();
    for (const instruction of instructions) {
      if (instruction.op === 'call' && instruction.arguments.some((argument) => values.has(argument))) return true;
      if (!('destination' in instruction)) continue;
      const isValue = instruction.op === 'load' && addresses.has(instruction.address);
      addresses.delete(instruction.destination);
      values.delete(instruction.destination);
      if (instruction.op === 'variable' && instruction.variable === variable) addresses.add(instruction.destination);
      else if (isValue) values.add(instruction.destination);
    }
  }
  return false;
}

/** A variable that outlives the function. A name that nobody in sight declares may be a parameter that a macro makes. */
function isVariableOfAll({ ir }: AnalysisContext, variable: VariableId): boolean {
  const { kind, isUndeclared } = ir.variables[variable];
  return kind === 'static' || (kind === 'global' && !isUndeclared);
}

/** What kind of place a location is to those who come after the function; undefined when they cannot see it. */
function holderOf(
  context: AnalysisContext,
  exit: ExitState,
  location: Location,
): 'global' | 'static' | 'caller' | undefined {
  const { table, ir } = context;
  const root = table.locations[table.root(location)];
  if (root.kind === 'variable') {
    if (!isVariableOfAll(context, root.variable)) return undefined;
    return ir.variables[root.variable].kind === 'static' ? 'static' : 'global';
  }
  if (root.kind !== 'pointee') return undefined;
  const path = pathOfLocation(table, ir, location);
  if (path) return path.length === 1 ? 'global' : 'caller';
  const base = table.base(root.pointer);
  const isGivenAway = exit.state.regions.get(base)?.isPublished === true;
  const isReturned = exit.value !== undefined && table.base(exit.value) === base;
  return (isGivenAway || isReturned) && exit.state.regions.has(base) ? 'caller' : undefined;
}
