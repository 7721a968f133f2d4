import { variableRead } from '../ir/definitions.ts';
import type { Origin } from '../ir/instructions.ts';
import { pathOfLocation } from './access-paths.ts';
import type { CallInstruction } from './calls.ts';
import type { AnalysisContext, ExitState } from './context.ts';
import type { UseDeed } from './flaws.ts';
import { formattedArguments } from './formats.ts';
import { mayRewriteMemory } from './loops.ts';
import { isHandedIn, isPrivate } from './memory.ts';
import type { Place } from './regions.ts';
import { type CalleeStep, changedRegion, type Region, type Site, type State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';

/**
 * A pointer is used although its memory was freed on this path. Does nothing when it was not, when the free is not
 * certain, or when one such use was noted on the path before: later ones follow from it.
 */
export function noteFreedUse(
  context: AnalysisContext,
  state: State,
  pointer: Value,
  pointerOrigin: Origin,
  use: () => Site,
  deed: UseDeed,
): void {
  const base = context.table.base(pointer);
  const region = state.regions.get(base);
  if (region?.status !== 'freed' || !region.free || !region.isDefinite || region.isUsed) return;
  // The blocks of all turns but the first ones have one name: which of them is freed is not known.
  if (region.isFromWidenedTurn || isDoubtedUse(context, state, region.free)) return;
  const site = use();
  if (region.isReread && (mayRewriteMemory(context, region.free.block) || mayRewriteMemory(context, site.block))) {
    state.setRegion(base, changedRegion(region, { status: 'escaped' }));
    return;
  }
  context.flaws.push({
    kind: 'use-after-free',
    free: region.free,
    use: site,
    pointer: pointerOrigin,
    allocation: region.allocation,
    deed,
    isUnlinked: region.isUnlinked === true,
  });
  state.setRegion(base, changedRegion(region, { isUsed: true }));
}

/**
 * Nobody believes in the path, and it is not only the free that makes it so: there are other paths to that, which do not come here. What is
 * reached in doubt alone is judged as if nobody doubted.
 */
export function isDoubtedUse(context: AnalysisContext, state: State, free: Site): boolean {
  return state.isDoubtful && context.believedFrees.has(free.id);
}

/** A callee that has asked whether there is a pointer uses its memory: whoever has freed it is told of it. */
export function noteUseByCallee(
  context: AnalysisContext,
  state: State,
  value: Value,
  origin: Origin,
  place: Place,
  steps: readonly CalleeStep[],
): void {
  const base = context.table.base(value);
  const region = state.regions.get(base);
  if (region?.status === 'freed') {
    const use = (): Site => context.site(place.block, place.instruction, place.origin, place.callee, steps);
    noteFreedUse(context, state, value, origin, use, 'passed');
  } else if (region === undefined && isHandedIn(context.table, base)) state.noteUse(base, origin);
}

/** True when something is known to be stored behind a pointer that was read from a block: its neighbours were relinked. */
export function isUnlinked(context: AnalysisContext, state: State, block: Value): boolean {
  const { table } = context;
  const { memory } = state;
  for (let i = 0; i < memory.size; i++) {
    const location = memory.keyAt(i);
    const root = table.locations[table.root(location)];
    if (root.kind !== 'pointee') continue;
    const base = table.base(root.pointer);
    if (base !== block && table.restsOn(base, block)) return true;
  }
  return false;
}

/** Checks of test suites: which outcome of the calls before them they let pass cannot be told from here. */
const ASSERTION_NAME = /^_*(assert|expect|require|ck_assert|check_expect|tt_|cr_assert|cu_assert|test_assert)/i;

/**
 * Behind an assertion that is not understood nobody knows which of the frees before it happened on the paths that go on, and
 * which of the allocations failed that nobody looked at.
 */
export function doubtFreesBehindAssertion(state: State, callee: string): void {
  const { regions } = state;
  const failed: Value[] = [];
  for (let i = 0; i < regions.size; i++) {
    const region = regions.valueAt(i);
    const isFreed = region.status === 'freed' && region.isDefinite;
    const isFailed = region.status === 'failed' && region.isUnchecked;
    if (!isFreed && !isFailed) continue;
    if (!ASSERTION_NAME.test(callee)) return;
    if (isFreed) state.setRegion(regions.keyAt(i), changedRegion(region, { isDefinite: false }));
    else failed.push(regions.keyAt(i));
  }
  for (const pointer of failed) {
    state.deleteRegion(pointer);
    state.deleteFact(pointer);
  }
}

/**
 * Freed pointers are handed to code that is not in sight. A macro of unclear meaning may not look at them, and may leave
 * the function: whether what comes behind it runs after the free is then not known. Only the arguments from position
 * `first` on are looked at: of those before the body tells.
 */
export function noteFreedArguments(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  values: readonly Value[],
  site: Site,
  isMeant: (position: number) => boolean = () => true,
): void {
  const { regions } = state;
  const freed: [Value, Region][] = [];
  for (let i = 0; i < regions.size; i++) {
    const region = regions.valueAt(i);
    if (region.status === 'freed' && region.isDefinite) freed.push([regions.keyAt(i), region]);
  }
  if (freed.length === 0) return;
  const macro = call.callee === '' ? undefined : context.environment.unclearMacro(call.callee);
  const formatted = formattedArguments(context, call, values, undefined);
  // `list_remove(list, p)` looks for the pointer, and not for what it points to.
  const isSearch = SEARCHING_NAME.test(call.callee);
  for (const [i, value] of values.entries()) {
    if (isSearch && i > 0) break;
    if (!isMeant(i) || (macro && !macro.uses.includes(i)) || formatted?.others.includes(i)) continue;
    // What is printed as text is read, and kept by nobody.
    const deed = formatted?.texts.includes(i) ? 'printed' : 'passed';
    noteFreedUse(context, state, value, call.argumentOrigins[i], () => site, deed);
  }
  if (macro?.mayLeave)
    for (const [value, region] of freed) state.setRegion(value, changedRegion(region, { isDefinite: false }));
}

/** Names of functions that take an element out of a collection, or look for it. */
const SEARCHING_NAME = /(?:^|_)(?:remove|find|contains|index|position|lookup|unlink|forget)(?:_|$)/;

/**
 * A value came out of memory. In a loop a freed pointer that is read again from an element or a member may be another
 * one by now: that nothing wrote the place is more than can be known of lists and arrays without their types.
 */
export function noteReread(context: AnalysisContext, state: State, location: Location, value: Value): void {
  if (context.table.locations[location].kind === 'variable') return;
  if (isPrivate(context, state, location)) return;
  const base = context.table.base(value);
  const region = state.regions.get(base);
  if (region?.status === 'freed' && !region.isReread) state.setRegion(base, changedRegion(region, { isReread: true }));
}

/** A freed pointer is stored where the caller sees it: a use, if it still stands there when the function returns. */
export function noteFreedStore(
  context: AnalysisContext,
  state: State,
  location: Location,
  value: Value,
  use: () => Site,
): void {
  const { table } = context;
  const region = state.regions.get(table.base(value));
  if (region?.status !== 'freed' || !region.free || !region.isDefinite || region.isUsed || region.isReread) return;
  if (isPrivate(context, state, location)) return;
  const site = use();
  // A number that was an address once is there to be compared.
  if (context.places.isNumberPlace(location) || storesNumber(context, site)) return;
  context.freedStores.set(location, { free: region.free, use: site });
}

/** `highest = place;`, where `place` is a variable for numbers. */
function storesNumber({ ir, table, places }: AnalysisContext, { block, instruction }: Site): boolean {
  const { instructions } = ir.blocks[block];
  const store = instructions[instruction];
  const variable = store?.op === 'store' ? variableRead(instructions, instruction, store.value) : undefined;
  return variable !== undefined && places.isNumberPlace(table.variable(variable));
}

/** Adds a flaw for each freed pointer that a function returns, or stored after the free where it outlives the call. */
export function findFreedUsesAtExits(context: AnalysisContext): void {
  const { table, ir } = context;
  for (const exit of context.exits) {
    const { state, value, site } = exit;
    if (value !== undefined && ir.returnType.includes('*')) {
      noteFreedUse(context, state, value, returnedOrigin(exit), () => site, 'returned');
    }
    for (const [location, { free, use }] of context.freedStores) {
      const held = state.memory.get(location);
      const base = held === undefined ? undefined : table.base(held);
      const region = base === undefined ? undefined : state.regions.get(base);
      if (held === undefined || region?.free?.id !== free.id || !pathOfLocation(table, ir, location)) continue;
      noteFreedUse(context, state, held, use.origin, () => use, 'stored');
    }
  }
}

/** `return p;` without its keyword and semicolon is not kept: the whole statement stands for the pointer. */
function returnedOrigin(exit: ExitState): Origin {
  return exit.site.origin;
}
