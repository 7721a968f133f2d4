import { keptPer } from '../base/kept.ts';
import { reachableBlocks } from '../ir/control-flow.ts';
import { definitionOf, variableAt, variableRead } from '../ir/definitions.ts';
import { type BlockId, type FunctionIr, successors, type VariableId } from '../ir/instructions.ts';
import { isBelieved } from './beliefs.ts';
import { isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext, ExitState } from './context.ts';
import { isElementLost } from './element-losses.ts';
import type { LossManner, Unmoved } from './flaws.ts';
import { noteGivenUpAtExit } from './given-up.ts';
import { noteBelievedLoss, tellsOwnFailure } from './handovers.ts';
import { escapeValue, isHandedIn } from './memory.ts';
import { RETURNS_AGAIN } from './second-returns.ts';
import { isErrorExit, isOverwritten, placesHolding } from './stale.ts';
import { changedRegion, type Region, type Site, type State } from './state.ts';
import { endTemporaries } from './temporaries.ts';
import type { Location, SymbolOrigin, Value } from './value-shapes.ts';

/** Memory whose last reference went away on a path; it is a leak once the path goes on to return, and not before exit(). */
export interface Loss {
  readonly allocation: Site;
  readonly at: Site;
  readonly manner: LossManner;
  readonly region: Region;
  /** The path has found that the pointer is not NULL. */
  readonly isTested?: boolean;
  /** What was stored over the last reference is the NULL of an allocation that failed. */
  readonly isByFailure?: boolean;
  /** The allocation failed in a call that was given the pointer: `list = append(list, item);`. */
  readonly isExtension?: boolean;
  readonly unmoved?: Unmoved;
}

/** True when the function still has to free a region, or to hand it on: nobody else is known to hold it. */
export function isOwned(
  context: AnalysisContext,
  region: Region | undefined,
): region is Region & { readonly allocation: Site } {
  if (region?.status !== 'allocated' || region.allocation === undefined) return false;
  return context.environment.models.family(region.family).isLeakable && !region.isInArray;
}

/**
 * Notes the owned regions among `candidates` that nothing in the state refers to any more. What `kept` refers to counts
 * as held (a return value, the registers of an unfinished expression).
 */
export function noteLost(
  context: AnalysisContext,
  state: State,
  candidates: Iterable<Value>,
  kept: readonly Value[],
  site: () => Site,
  manner: LossManner,
  isByFailure = false,
  isExtension = false,
): void {
  const { table } = context;
  let reachable: ReadonlySet<Value> | undefined;
  for (const base of holdersFirst(context, state, candidates)) {
    const region = state.regions.get(base);
    if (region === undefined) continue;
    const isOwn = isOwned(context, region) || isElementLost(context, state, region, manner, site);
    if (!isOwn && !isBelieved(region)) continue;
    reachable ??= reachableRegions(context, state, kept);
    if (reachable.has(base)) continue;
    // What only the lost block refers to is lost with it, and not worth a report of its own.
    const allocation = region.allocation ?? region.source;
    if (!allocation) continue;
    // `data = NULL;` between realloc() and the test of its result: where it failed the block is lost, which the test tells.
    if (manner === 'overwrite' && isStillUntold(state, region)) continue;
    escapeValue(context, state, base);
    // Of what a widened turn made nobody knows when it is there; but where realloc() has just failed to move it, it is.
    if (region.isFromWidenedTurn && region.failedReallocation === undefined) continue;
    if (manner === 'overwrite' && state.isInWidenedLoop && isFromOutside(context, allocation, site())) continue;
    // realloc failed, and nothing in the program tells that path from the other: nobody expects it to be cleaned up.
    if (manner !== 'realloc' && isStillUntold(state, region)) continue;
    const isTested = isNonNull(table, state, base);
    const unmoved = unmovedBy(context, state, region);
    state.noteLoss(base, { allocation, at: site(), manner, region, isTested, isByFailure, isExtension, unmoved });
  }
}

/** realloc() failed to move the block, and nobody has looked at its result yet. */
function isStillUntold({ regions }: State, { failedReallocation }: Region): boolean {
  return failedReallocation !== undefined && regions.get(failedReallocation)?.isUnchecked === true;
}

/** Blocks in such an order that those come later which memory of others among them holds. */
function holdersFirst(context: AnalysisContext, state: State, candidates: Iterable<Value>): Iterable<Value> {
  const bases = new Set<Value>();
  for (const candidate of candidates) bases.add(context.table.base(candidate));
  if (bases.size < 2) return bases;
  const held = new Set<Value>();
  const { memory } = state;
  for (let i = 0; i < memory.size; i++) {
    const value = context.table.base(memory.valueAt(i));
    const holder = bases.has(value) ? holderOf(context, memory.keyAt(i)) : undefined;
    if (holder !== undefined && holder !== value && bases.has(holder)) held.add(value);
  }
  return held.size === 0 ? bases : [...[...bases].filter((base) => !held.has(base)), ...held];
}

/** The call of the function's own that failed to move a block. */
function unmovedBy({ ir, environment }: AnalysisContext, state: State, region: Region): Unmoved | undefined {
  if (region.failedReallocation === undefined) return undefined;
  const call = state.regions.get(region.failedReallocation)?.allocation;
  const instruction = call && ir.blocks[call.block]?.instructions[call.instruction];
  if (instruction?.op !== 'call' || instruction.callee === '') return undefined;
  const { models } = environment;
  const model = models.modelOf(instruction.callee);
  const pointer = model?.reallocates && instruction.argumentOrigins.at(model.reallocates.argument);
  return pointer && call && { call, pointer };
}

/**
 * The memory comes from in front of a loop that goes round where it is lost. In a widened turn nothing tells any more what
 * the turns before did with it; what is lost in one of the first was told of there.
 */
function isFromOutside({ flow }: AnalysisContext, allocation: Site, at: Site): boolean {
  for (const blocks of flow.loopBlocks.values()) {
    if (blocks.has(at.block) && !blocks.has(allocation.block)) return true;
  }
  return false;
}

/**
 * Another value was stored where `before` stood. When it is the NULL of a realloc that failed, the old block is lost with
 * its last reference, whoever allocated it; a parameter's block has another reference in the caller.
 */
export function noteOverwritten(
  context: AnalysisContext,
  state: State,
  location: Location,
  before: Value,
  value: Value,
  site: () => Site,
): void {
  const { table } = context;
  const base = table.base(before);
  const region = state.regions.get(base);
  if (region === undefined || base === table.base(value)) return;
  const failed = region.failedReallocation === value ? state.regions.get(value)?.allocation : undefined;
  if (failed === undefined) {
    const result = state.regions.get(value);
    const isByFailure = result?.status === 'failed';
    if (!isOwned(context, region) && isGrown(context, region, value)) return;
    if (isOwned(context, region) || isBelieved(region))
      noteLost(
        context,
        state,
        [base],
        [value],
        site,
        'overwrite',
        isByFailure,
        isByFailure && wasGiven(context, state, base, result.allocation),
      );
    else if (isInGlobal(context, location) || isOfCaller(context, location))
      noteLostPublished(context, state, base, region, value, site);
    return;
  }
  const shape = table.values[base];
  if (shape.kind !== 'symbol' || shape.origin.kind === 'parameter') return;
  if (placesHolding(context, state, base).length > 0) return;
  if (isCopyOfUnknown(context, state, location, region, shape.origin)) return;
  const { kind } = shape.origin;
  const isOwn = kind === 'allocation' || kind === 'merged';
  if (isOwn && region.status === 'escaped' && isCopiedOut(context, location, failed)) return;
  if (region.status === 'allocated') escapeValue(context, state, base);
  state.noteLoss(base, { allocation: region.allocation ?? failed, at: failed, manner: 'realloc', region });
}

/**
 * What is overwritten is a copy: the block was read from another place, which this function has not written to since, whatever
 * code out of sight did there. Where ways meet that read it from two places, the variable's own value is all that is known of it.
 */
function isCopyOfUnknown(
  context: AnalysisContext,
  state: State,
  location: Location,
  region: Region,
  origin: SymbolOrigin,
): boolean {
  if (origin.kind === 'initial') return origin.location !== location && !isOverwritten(context, state, origin.location);
  const shape = context.table.locations[location];
  if (origin.kind !== 'merged' || region.allocation !== undefined || shape.kind !== 'variable') return false;
  return !isInGlobal(context, location) && isReadFromMemory(context.ir, shape.variable);
}

/** In front of a call the function has stored what a variable of its own holds in an object: the block may still be held there. */
function isCopiedOut(context: AnalysisContext, location: Location, call: Site): boolean {
  const shape = context.table.locations[location];
  if (shape.kind !== 'variable' || context.ir.variables[shape.variable].kind === 'global') return false;
  const stores = copiesOut(context).get(shape.variable) ?? [];
  return stores.some(
    ({ block, at }) => (block === call.block && at < call.instruction) || isBehind(context, block, call.block),
  );
}

/** Control may come from the end of a block to another. */
function isBehind({ ir }: AnalysisContext, block: BlockId, other: BlockId): boolean {
  return reachableBlocks(ir, successors(ir.blocks[block].terminator)).has(other);
}

/** By variable: where the function stores what it holds in an object, or in a variable that others see. */
const copiesOut = keptPer(({ ir }: AnalysisContext) => {
  const found = new Map<VariableId, { readonly block: BlockId; readonly at: number }[]>();
  for (const { id, instructions } of ir.blocks) {
    for (const [at, each] of instructions.entries()) {
      const variable = each.op === 'store' ? variableRead(instructions, at, each.value) : undefined;
      if (each.op !== 'store' || variable === undefined) continue;
      const target = variableAt(instructions, at, each.address);
      if (target !== undefined && ir.variables[target].kind !== 'global') continue;
      const stores = found.get(variable) ?? [];
      stores.push({ block: id, at });
      found.set(variable, stores);
    }
  }
  return found;
});

/** Somewhere the function assigns to a variable what it reads out of an object. */
function isReadFromMemory({ blocks }: FunctionIr, variable: VariableId): boolean {
  return blocks.some(({ instructions }) =>
    instructions.some((each, at) => {
      if (each.op !== 'store' || variableAt(instructions, at, each.address) !== variable) return false;
      const read = definitionOf(instructions, at, each.value);
      return read?.op === 'load' && variableAt(instructions, at, read.address) === undefined;
    }),
  );
}

/** `p = grown(p, n);`: what code out of sight gives for a block that it was given may be that block, moved or not. */
function isGrown({ beliefs }: AnalysisContext, region: Region, value: Value): boolean {
  return (
    isBelieved(region) && beliefs.lists(region.handovers).some((list) => list.some(({ result }) => result === value))
  );
}

/** The call of a site, in the expression at hand, was given a pointer. */
function wasGiven({ ir, table }: AnalysisContext, state: State, base: Value, call: Site | undefined): boolean {
  const instruction = call && ir.blocks[call.block]?.instructions[call.instruction];
  if (instruction?.op !== 'call') return false;
  return instruction.arguments.some((register) => {
    const argument = state.registers[register];
    return argument !== undefined && table.base(argument) === base;
  });
}

/** True for a variable that outlives the function, and for its members. */
function isInGlobal({ table, ir }: AnalysisContext, location: Location): boolean {
  for (let current = location; ; ) {
    const shape = table.locations[current];
    if (shape.kind === 'field') current = shape.parent;
    else return shape.kind === 'variable' && ['global', 'static'].includes(ir.variables[shape.variable].kind);
  }
}

/** True for what a pointer that the function was given, or that stood behind one, points to, and for its members. */
function isOfCaller({ table }: AnalysisContext, location: Location): boolean {
  for (let current = location; ; ) {
    const shape = table.locations[current];
    if (shape.kind === 'field') current = shape.parent;
    else return shape.kind === 'pointee' && isHandedIn(table, shape.pointer);
  }
}

/** What a place that outlives the function held is overwritten, and since it was stored there no code ran that could have kept it. */
function noteLostPublished(
  context: AnalysisContext,
  state: State,
  base: Value,
  region: Region,
  value: Value,
  site: () => Site,
  manner: LossManner = 'overwrite',
): void {
  const { allocation, isPublished, isInArray, isFromWidenedTurn, isStoredByCallee } = region;
  if (!isPublished || !allocation || isInArray || isFromWidenedTurn) return;
  // What a callee stores there and returns as well comes back as two, and one of them is stored over the other.
  if (isStoredByCallee || isNull(context.table, state, base)) return;
  if (!context.environment.models.family(region.family).isLeakable) return;
  if (reachableRegions(context, state, [value]).has(base)) return;
  state.setRegion(base, changedRegion(region, { isPublished: false }));
  state.noteLoss(base, { allocation, at: site(), manner, region, isTested: true });
}

/**
 * A block that others hold as well is freed: what this function stored in it is lost with it, when no code ran since that could
 * have kept it.
 */
export function noteLostContents(
  context: AnalysisContext,
  state: State,
  contents: readonly Value[],
  site: () => Site,
): void {
  for (const value of contents) {
    const base = context.table.base(value);
    const region = state.regions.get(base);
    if (region?.isPublished) noteLostPublished(context, state, base, region, context.table.zero, site, 'holder');
  }
}

/**
 * longjmp() leaves the function for good (C17 7.13.2.1): what its variables alone refer to is lost. Where the function itself
 * is one that is jumped back to, it goes on.
 */
export function noteJump(context: AnalysisContext, state: State, site: Site): void {
  const { table, ir } = context;
  if (ir.callees.some((name) => RETURNS_AGAIN.test(name))) return;
  const after = state.fork();
  for (const location of [...after.memory.keys()]) {
    const root = table.locations[table.root(location)];
    if (root.kind !== 'variable') continue;
    const { kind } = ir.variables[root.variable];
    if (kind !== 'global' && kind !== 'static') after.unbind(location);
  }
  const owned: Value[] = [];
  for (const [region, record] of after.regions) if (isOwned(context, record)) owned.push(region);
  if (owned.length > 0) noteLost(context, after, owned, [], () => site, 'jump');
  reportLosses(context, after);
}

/** The symbols that variables, memory in reach, or one of `kept` refer to, at whatever offset. */
function reachableRegions(context: AnalysisContext, state: State, kept: readonly Value[]): ReadonlySet<Value> {
  const { table } = context;
  const reachable = new Set<Value>();
  const contents = new Map<Value, Value[]>();
  const pending: Value[] = [...kept];
  const { memory } = state;
  for (let i = 0; i < memory.size; i++) {
    const location = memory.keyAt(i);
    const value = memory.valueAt(i);
    const holder = holderOf(context, location);
    if (holder === undefined || !isOwned(context, state.regions.get(holder))) {
      pending.push(value);
      continue;
    }
    const held = contents.get(holder);
    if (held) held.push(value);
    else contents.set(holder, [value]);
  }
  while (pending.length > 0) {
    table.forEachHeld(pending.pop()!, (symbol) => {
      if (reachable.has(symbol)) return;
      reachable.add(symbol);
      const held = contents.get(symbol);
      if (held) pending.push(...held);
    });
  }
  return reachable;
}

/** The symbol whose memory a location is a part of; undefined for variables and the like. */
function holderOf(context: AnalysisContext, location: Location): Value | undefined {
  const { table } = context;
  const root = table.locations[table.root(location)];
  return root.kind === 'pointee' ? table.base(root.pointer) : undefined;
}

/** A path returns: what it owns and does not return is lost, and what it lost before is a leak now. */
export function noteLeaksAtExit(context: AnalysisContext, exit: ExitState): void {
  const { state, value, site } = exit;
  noteGivenUpAtExit(context, exit);
  const owned: Value[] = [];
  for (const [region, record] of state.regions) {
    if (isOwned(context, record) || isBelieved(record) || (context.fillsElements && record.isInArray))
      owned.push(region);
  }
  if (owned.length > 0) {
    const after = state.fork();
    endTemporaries(context, after);
    noteLost(context, after, owned, value === undefined ? [] : [value], () => site, 'return');
    reportLosses(context, after, exit);
  } else {
    reportLosses(context, state, exit);
  }
}

/**
 * The path has found that as much as was asked for was nothing. A table without entries has nothing to point to what its entries
 * share: that there are none is hardly what its author had in mind.
 */
function isOfNothing({ table }: AnalysisContext, state: State, { extent }: Region): boolean {
  return extent !== undefined && table.integerOf(extent) === undefined && isNull(table, state, extent);
}

/** Control goes on after memory was lost: the losses of the path are leaks. */
export function reportLosses(context: AnalysisContext, state: State, exit?: ExitState): void {
  if (state.isDoubtful) return;
  for (const [pointer, loss] of state.losses) {
    const { allocation, at, manner, region, isByFailure = false, isExtension = false, unmoved } = loss;
    if (exit && isOfNothing(context, state, region) && !isErrorExit(context, exit)) continue;
    if (isBelieved(region)) {
      if (!exit || !tellsOwnFailure(context, pointer, region.handovers, exit))
        noteBelievedLoss(context, pointer, loss, exit);
      continue;
    }
    const isStoredByCallee = region.isStoredByCallee ?? false;
    const { family, member } = region;
    context.flaws.push({
      kind: 'leak',
      allocation,
      at,
      manner,
      isStoredByCallee,
      isByFailure,
      isExtension,
      member,
      family,
      unmoved,
    });
  }
}
