import { isBelieved } from './beliefs.ts';
import { signOf } from './call-outcomes.ts';
import type { CallInstruction } from './calls.ts';
import type { AnalysisContext } from './context.ts';
import { ACCESSOR, addHandover, noteRelease } from './handovers.ts';
import type { Place } from './regions.ts';
import { isReleaseName } from './release-names.ts';
import { FILLING, type GivenObject, objectOf } from './released-objects.ts';
import { changedRegion, type Region, type State, UNKNOWN_REGION } from './state.ts';
import type { Value } from './value-shapes.ts';

/*
 * A structure on the stack that code out of sight fills, and that the function releases on some of its paths: by its address
 * (`buffer_free(&b)`) or by a member (`free(b.text)`). What it holds is believed in as one region, which nothing in memory refers to:
 * it has a name for each variable.
 */

/** Functions of such names make an object ready, and do not fill it. */
const READYING = /init|zero|clear|reset|empty|memset|bzero|setup/i;
/** Functions of such names take out what an object holds, or end it. */
const TAKING =
  /detach|steal|take|move|swap|finish|finali[sz]e|final|extract|into|done|commit|abort|rollback|close|end$|_end_|unwrap|give|pop|shift/i;

/** What a call is given of objects that the function releases, by their variables. */
function objectsGiven(context: AnalysisContext, call: CallInstruction, place: Place): Map<number, GivenObject> {
  const found = new Map<number, GivenObject>();
  const { ir, beliefs, environment } = context;
  const { instructions } = ir.blocks[place.block];
  for (const [position, register] of call.arguments.entries()) {
    const given = objectOf(ir, instructions, place.instruction, register);
    if (!given || !beliefs.objects.has(given.variable)) continue;
    // Who gets a pointer to const looks at what the object holds, and leaves nothing in it.
    const isRead = environment.declaredModel(call.callee)?.unwritten?.includes(position) ?? false;
    const object: GivenObject = isRead ? { ...given, manner: 'content' } : given;
    const known = found.get(object.variable);
    if (known?.manner !== 'address') found.set(object.variable, object);
  }
  return found;
}

/** Executes a call, and notes what becomes of the objects that it is given. */
export function withObjects(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  execute: () => State[],
): State[] {
  if (context.beliefs.objects.size === 0) return execute();
  const given = objectsGiven(context, call, place);
  if (given.size === 0) return execute();
  const before = new Map(
    [...given.keys()].map((variable) => [
      variable,
      { owned: ownedMember(context, state, variable), isCopy: holdsCopy(context, state, variable) },
    ]),
  );
  const states = execute();
  for (const after of states) {
    for (const [variable, object] of given) {
      const { owned, isCopy } = before.get(variable)!;
      noteObject(context, after, call, place, object, owned, isCopy);
    }
  }
  return states;
}

/** The one name of what an object holds. */
function heldBy({ table }: AnalysisContext, variable: number): Value {
  return table.symbol({ kind: 'named', key: `held by ${variable}` });
}

/** `object = *other;`: what the object holds is the other one's, whoever is given the object. */
function holdsCopy({ table }: AnalysisContext, state: State, variable: number): boolean {
  const value = state.memory.get(table.variable(variable));
  const shape = value === undefined ? undefined : table.values[value];
  if (shape?.kind !== 'symbol' || shape.origin.kind !== 'initial') return false;
  const { memory } = state;
  for (let i = 0; i < memory.size; i++) {
    const location = memory.keyAt(i);
    // A part got another value since.
    if (location !== table.variable(variable) && table.root(location) === table.variable(variable)) return false;
  }
  // A template that lives as long as the program is how an empty object begins.
  return table.locations[table.root(shape.origin.location)].kind === 'pointee';
}

/** Memory of this function's own that a member of an object holds. */
function ownedMember(context: AnalysisContext, state: State, variable: number): Region | undefined {
  const { table } = context;
  const root = table.variable(variable);
  const { memory } = state;
  for (let i = 0; i < memory.size; i++) {
    if (table.root(memory.keyAt(i)) !== root) continue;
    const region = state.regions.get(memory.valueAt(i));
    if (region?.status !== 'allocated' || !region.allocation || region.isInArray || region.isFromWidenedTurn) continue;
    if (context.environment.models.family(region.family).isLeakable) return region;
  }
  return undefined;
}

function noteObject(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  { variable, manner }: GivenObject,
  owned: Region | undefined,
  isCopy: boolean,
): void {
  const { beliefs, environment } = context;
  const { callee } = call;
  const held = heldBy(context, variable);
  const region = state.regions.get(held);
  const site = context.site(place.block, place.instruction, call.origin, callee, []);
  if (beliefs.objects.get(variable)?.has(callee) && manner !== 'part') {
    if (!region) return;
    noteRelease(context, region, site, false);
    if (isBelieved(region)) state.setRegion(held, changedRegion(region, { release: site }));
    return;
  }
  // Where control of what it holds goes is not known any more.
  if (isReleaseName(callee) || TAKING.test(callee) || (manner === 'address' && READYING.test(callee))) {
    state.deleteRegion(held);
    return;
  }
  const isLibrarys = environment.models.shipped(callee) !== undefined && !FILLING.has(callee);
  // Who lends what he gives has nothing released that he filled.
  if (
    isLibrarys ||
    (manner !== 'address' && ACCESSOR.test(callee)) ||
    environment.changesNothing(callee, call.arguments.length)
  )
    return;
  const result = state.registers[call.destination];
  if (isBelieved(region)) {
    if (call.isResultUsed || !isMethod(callee, beliefs.objects.get(variable)))
      addHandover(context, state, held, region, site, result);
    return;
  }
  if (state.isInWidenedLoop || callee === '' || manner === 'content') return;
  const handovers = beliefs.number([[{ site, result, outcome: signOf(context, state, result), status: '' }]]);
  if (owned) {
    // Where the callee's body tells what becomes of it, it is followed as it is.
    if (isFollowed(state, owned)) return;
    beliefs.results.add(result);
    state.setRegion(held, changedRegion(owned, { status: 'escaped', isUnchecked: false, handovers }));
    return;
  }
  if (manner !== 'address' || isCopy || isFilledInSight(context, state, call, variable)) return;
  beliefs.results.add(result);
  state.setRegion(held, changedRegion(UNKNOWN_REGION, { source: site, handovers, isStoredByCallee: true }));
}

/** `buffer_add(&b, s)`, where `buffer_free(&b)` releases it: what the type's own functions do to it, and nobody asks how, is no handing over. */
function isMethod(callee: string, releases: ReadonlySet<string> | undefined): boolean {
  for (const release of releases ?? []) {
    const prefix = /^\w{2,}_(?=[^_]+$)/.exec(release)?.[0];
    if (prefix !== undefined && callee.startsWith(prefix)) return true;
  }
  return false;
}

/** The region is still this function's alone. */
function isFollowed(state: State, owned: Region): boolean {
  const { regions } = state;
  for (let i = 0; i < regions.size; i++) {
    const { allocation, status } = regions.valueAt(i);
    if (allocation?.id === owned.allocation?.id && status === 'allocated') return true;
  }
  return false;
}

/** A body in sight tells all that the call leaves in the object. */
function isFilledInSight(
  { environment, table }: AnalysisContext,
  state: State,
  call: CallInstruction,
  variable: number,
): boolean {
  const summary = environment.summary(call.callee, call.arguments.length, true);
  if (summary && !summary.isIncomplete && !summary.cases.some(({ invalidatesMemory }) => invalidatesMemory))
    return true;
  const root = table.variable(variable);
  const { memory } = state;
  for (let i = 0; i < memory.size; i++) {
    if (table.root(memory.keyAt(i)) === root && state.regions.get(memory.valueAt(i))?.status === 'allocated')
      return true;
  }
  return false;
}

/** Objects end with their scope: what they hold is believed to be lost then. */
export function objectsEnding(context: AnalysisContext, state: State, variables: readonly number[]): Value[] {
  const { objects } = context.beliefs;
  if (objects.size === 0) return [];
  const ending = variables.filter((variable) => objects.has(variable)).map((variable) => heldBy(context, variable));
  return ending.filter((held) => isBelieved(state.regions.get(held)));
}

/** The object gets another value as a whole, or is read as one: who frees what it held is not known any more. */
export function forgetObject(context: AnalysisContext, state: State, variable: number): void {
  const { objects } = context.beliefs;
  if (objects.size > 0 && objects.has(variable)) state.deleteRegion(heldBy(context, variable));
}
