import type { FunctionIr, VariableId } from '../ir/instructions.ts';
import type { Family } from '../models/function-model.ts';
import { pathOfLocation } from './access-paths.ts';
import { isBelieved } from './beliefs.ts';
import { isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { isHolderDead, placesHolding } from './stale.ts';
import type { Site, State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/**
 * What a variable holds when an allocation is about to be made, over all paths that lead there:
 * - owned: memory that this function allocated and nobody else knows; NULL on some of the paths, perhaps;
 * - shared: memory that this function allocated and that others may know by now;
 * - freed: a pointer to freed memory, on some path;
 * - uninitialised: nothing yet, on some path;
 * - integer: a known number, or NULL;
 * - mixed: owned memory on some paths, on others something that must not be freed.
 */
export type Holding =
  | {
      readonly kind: 'owned' | 'shared';
      readonly family: Family;
      readonly allocation: Site;
      /** The sites of all allocations that the variable may hold memory of; none besides `allocation` for undefined. */
      readonly others?: readonly number[];
      /** The variable may be NULL instead. */
      readonly mayBeNull: boolean;
    }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'freed' | 'uninitialised' | 'mixed' | 'other' };

/** A part of memory that holds owned memory of its own, written as the program would: `node->name`. */
export interface HeldPart {
  /** The variable that the text begins with. */
  readonly variable: VariableId;
  readonly family: Family;
  readonly allocation: Site;
  /** False when some path leads here on which the part holds something else. */
  isCertain: boolean;
}

/** All that a function would have to clean up if an allocation failed. */
export interface Holdings {
  /** The allocation. */
  readonly site: Site;
  readonly variables: Map<VariableId, Holding>;
  /** By their text, in the order in which they were allocated. */
  readonly parts: Map<string, HeldPart>;
  /** A place that the caller sees points to freed memory on some path. */
  danglesOutside: boolean;
}

const OTHER: Holding = { kind: 'other' };
const MAXIMUM_PART_DEPTH = 4;

/** Notes what the path in `state` holds at an allocation, and joins it with what other paths held there. */
export function noteHoldings(context: AnalysisContext, state: State, site: Site): void {
  const now = holdingsOf(context, state, site);
  const before = context.holdings.get(site.id);
  if (before) joinHoldings(before, now);
  else context.holdings.set(site.id, now);
}

/** The same in front of a return, while the variables of the scopes that it leaves are still there. */
export function noteExitHoldings(context: AnalysisContext, state: State, site: Site): void {
  const now = holdingsOf(context, state, site);
  const before = context.exitHoldings.get(site.block);
  if (before) joinHoldings(before, now);
  else context.exitHoldings.set(site.block, now);
}

function joinHoldings(before: Holdings, now: Holdings): void {
  for (const variable of new Set([...before.variables.keys(), ...now.variables.keys()])) {
    const joined = join(before.variables.get(variable) ?? OTHER, now.variables.get(variable) ?? OTHER);
    before.variables.set(variable, joined);
  }
  for (const [text, part] of before.parts) if (!now.parts.has(text)) part.isCertain = false;
  for (const [text, part] of now.parts)
    if (!before.parts.has(text)) before.parts.set(text, { ...part, isCertain: false });
  before.danglesOutside ||= now.danglesOutside;
}

function holdingsOf(context: AnalysisContext, state: State, site: Site): Holdings {
  const { table, ir } = context;
  const variables = new Map<VariableId, Holding>();
  const parts = new Map<string, HeldPart>();
  const holders = new Map<Value, VariableId>();
  let danglesOutside = false;
  for (const [location, value] of state.memory) {
    const shape = table.locations[location];
    if (shape.kind === 'variable' && ir.variables[shape.variable].name !== '') {
      variables.set(shape.variable, holdingOf(context, state, value));
      if (!holders.has(value)) holders.set(value, shape.variable);
    }
  }
  for (const [value, region] of state.regions) {
    if (!context.environment.models.family(region.family).isMemory) continue;
    if (region.status === 'freed' && region.isDefinite) {
      danglesOutside ||= placesHolding(context, state, value).some(
        (location) => pathOfLocation(table, ir, location) !== undefined && !isHolderDead(context, state, location),
      );
    }
    if (region.status !== 'allocated' || !region.allocation || holders.has(value) || isNull(table, state, value))
      continue;
    for (const [location, held] of state.memory) {
      if (held !== value) continue;
      const named = nameOf(ir, table, location, holders, 0);
      if (!named) continue;
      parts.set(named.text, {
        variable: named.variable,
        family: region.family,
        allocation: region.allocation,
        isCertain: true,
      });
      break;
    }
  }
  return { site, variables, parts, danglesOutside };
}

function holdingOf(context: AnalysisContext, state: State, value: Value): Holding {
  const { table } = context;
  const shape = table.values[value];
  if (shape.kind === 'integer') return { kind: 'integer', value: shape.value };
  if (shape.kind === 'symbol' && shape.origin.kind === 'uninitialised') return { kind: 'uninitialised' };
  if (isNull(table, state, value)) return { kind: 'integer', value: 0 };
  const region = state.regions.get(table.base(value));
  if (!region || !context.environment.models.family(region.family).isMemory) return OTHER;
  if (region.status === 'freed') return { kind: 'freed' };
  // An interior pointer cannot be freed, and its block has another name or none.
  const allocation = region.allocation ?? (isBelieved(region) ? region.source : undefined);
  if (table.base(value) !== value || !allocation) return OTHER;
  const { family } = region;
  const mayBeNull = !isNonNull(table, state, value);
  if (region.status === 'allocated') return { kind: 'owned', family, allocation, mayBeNull };
  return region.status === 'escaped' ? { kind: 'shared', family, allocation, mayBeNull } : OTHER;
}

function join(a: Holding, b: Holding): Holding {
  for (const kind of ['freed', 'uninitialised'] as const) if (a.kind === kind || b.kind === kind) return { kind };
  const isAllocated = (holding: Holding): boolean => holding.kind === 'owned' || holding.kind === 'shared';
  if (a.kind === 'integer' && b.kind === 'integer') return a.value === b.value ? a : OTHER;
  if (a.kind === 'integer' && a.value === 0 && isAllocated(b)) return { ...b, mayBeNull: true } as Holding;
  if (b.kind === 'integer' && b.value === 0 && isAllocated(a)) return { ...a, mayBeNull: true } as Holding;
  if ('family' in a && 'family' in b) {
    if (a.family !== b.family) return { kind: 'mixed' };
    const joined = a.kind === 'shared' ? a : b;
    const sites = new Set([a, b].flatMap(({ allocation, others = [] }) => [allocation.id, ...others]));
    const mayBeNull = a.mayBeNull || b.mayBeNull;
    if (sites.size === 1 && mayBeNull === joined.mayBeNull) return joined;
    return { ...joined, mayBeNull, others: sites.size > 1 ? [...sites] : undefined };
  }
  return isAllocated(a) || isAllocated(b) || a.kind === 'mixed' || b.kind === 'mixed' ? { kind: 'mixed' } : OTHER;
}

/** A member or element as the program would write it, if the way there begins at a variable. */
function nameOf(
  ir: FunctionIr,
  table: ValueTable,
  location: Location,
  holders: ReadonlyMap<Value, VariableId>,
  depth: number,
): { text: string; variable: VariableId; isPointer: boolean } | undefined {
  if (depth > MAXIMUM_PART_DEPTH) return undefined;
  const shape = table.locations[location];
  switch (shape.kind) {
    case 'variable': {
      const { name, kind } = ir.variables[shape.variable];
      if (name === '' || (kind !== 'local' && kind !== 'parameter')) return undefined;
      return { text: name, variable: shape.variable, isPointer: false };
    }
    case 'pointee': {
      const holder = holders.get(shape.pointer);
      return holder === undefined ? undefined : { text: ir.variables[holder].name, variable: holder, isPointer: true };
    }
    case 'field': {
      const parent = nameOf(ir, table, shape.parent, holders, depth + 1);
      if (!parent) return undefined;
      const operator = parent.isPointer ? '->' : '.';
      return { text: `${parent.text}${operator}${shape.name}`, variable: parent.variable, isPointer: false };
    }
    case 'element': {
      const parent = nameOf(ir, table, shape.parent, holders, depth + 1);
      const index = table.integerOf(shape.index);
      if (!parent || index === undefined) return undefined;
      return { text: `${parent.text}[${index}]`, variable: parent.variable, isPointer: false };
    }
    default:
      return undefined;
  }
}
