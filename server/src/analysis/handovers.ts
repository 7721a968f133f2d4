import { isInLoop, reachableBlocks } from '../ir/control-flow.ts';
import { type BlockId, successors } from '../ir/instructions.ts';
import { type BelievedLoss, type Handover, isBelieved, type Release } from './beliefs.ts';
import { asksOnly, isSuccess, memberAt, signOf } from './call-outcomes.ts';
import type { CallInstruction } from './calls.ts';
import { isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext, ExitState } from './context.ts';
import { isTakenElsewhere, rememberContents } from './kept-contents.ts';
import type { Loss } from './leaks.ts';
import { escapeValue } from './memory.ts';
import type { Place } from './regions.ts';
import { isReleaseName, releasedArgument, resultVariable } from './release-names.ts';
import { isRemoval, isRemovalOf, isStillPut } from './removals.ts';
import { isErrorExit } from './stale.ts';
import { changedRegion, type Region, type Site, type State, UNKNOWN_REGION } from './state.ts';
import type { Location, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/*
 * Who owns memory that code out of sight made or was given? The program's own text says so where it releases it: a path
 * that loses the same memory, after the same calls, contradicts what its author believes (Engler, Chen, Hallem, Chou,
 * Chelf: Bugs as Deviant Behavior, SOSP 2001). So a region remembers the calls that it was handed to and how they ended,
 * and a loss counts only beside a release after the same calls.
 */

/** A region that was handed to more calls is not followed any further. */
const MAXIMUM_HANDOVERS = 6;
/** Functions of such names lend what somebody else owns, as a rule: that it is removed and freed somewhere is no evidence. */
export const ACCESSOR =
  /(?<![A-Za-z])_*(get|find|lookup|search|first|last|next|prev|current|peek|front|back|head|tail|root|parent|ref|self|cast|min|max|minmax)(?![a-z])|[a-z](Get|Find|Lookup|Search|First|Last|Next|Prev|Current|Peek|Parent|Cast)(?![a-z])|(^|_)(RB|TAILQ|LIST|SLIST)_|(^|_)container_?of$/i;
/** Functions of such names take a reference to what they are given: what is released after them is that one. */
const REFERENCE = /(?<![A-Za-z])(add_?ref|inc_?ref|ref|retain)(?![a-z])|[a-z](AddRef|IncRef|Ref|Retain)(?![a-z])/;

/** In which order a region came to calls proves nothing. */
function bySite(a: Handover, b: Handover): number {
  return a.site.id - b.site.id;
}

/** Where a region comes from, for what is believed of it. */
function originOf(region: Region): Site | undefined {
  return region.allocation ?? region.source;
}

/** True when one of the variables that the function releases holds the pointer. */
function isHeldByReleased(context: AnalysisContext, state: State, pointer: Value): boolean {
  for (const variable of context.beliefs.released) {
    if (state.memory.get(context.table.variable(variable)) === pointer) return true;
  }
  return false;
}

/**
 * Hands a pointer to code out of sight: what it points to escapes, and is remembered as handed over if the function
 * releases such memory elsewhere.
 */
export function handOver(context: AnalysisContext, state: State, pointer: Value): void {
  const region = state.regions.get(pointer);
  const isFollowed =
    isBelieved(region) ||
    (region?.status === 'allocated' &&
      region.allocation !== undefined &&
      !region.isInArray &&
      !region.isFromWidenedTurn &&
      context.environment.models.family(region.family).isLeakable &&
      isHeldByReleased(context, state, pointer));
  const contents = isFollowed ? rememberContents(context, state, pointer) : undefined;
  escapeValue(context, state, pointer);
  if (!region || !isFollowed) return;
  if (contents !== undefined) context.beliefs.given.push(contents);
  state.setRegion(pointer, changedRegion(state.regions.get(pointer)!, { handovers: region.handovers ?? 0 }));
  context.beliefs.given.push(pointer);
}

/** The call in hand has ended, and what it was given is remembered with its result. */
export function noteHandedOver(context: AnalysisContext, state: State, site: Site, result: Value): void {
  const { beliefs, ir, table } = context;
  if (beliefs.given.length === 0) return;
  const call = ir.blocks[site.block].instructions[site.instruction];
  for (const register of call.op === 'call' ? call.arguments : []) {
    const value = state.registers[register];
    if (value !== undefined && table.integerOf(value) === undefined) beliefs.noteCompanion(site, value);
  }
  for (const pointer of beliefs.given) {
    const region = state.regions.get(pointer);
    if (!isBelieved(region)) continue;
    addHandover(context, state, pointer, region, site, result);
  }
  beliefs.given.length = 0;
}

/**
 * `map_remove(map, key)` behind `map_insert(map, key, p)`: what was handed over beside the same object is the function's again, and where it
 * was not taken out it is not.
 */
export function noteRemoval(context: AnalysisContext, state: State, call: CallInstruction, place: Place): void {
  const { beliefs, table } = context;
  if (beliefs.released.size === 0 || !isRemoval(call.callee)) return;
  const values = call.arguments
    .map((register) => state.registers[register])
    .filter((value) => value !== undefined && table.integerOf(value) === undefined);
  const result = state.registers[call.destination];
  if (values.length === 0 || result === undefined) return;
  const site = context.site(place.block, place.instruction, call.origin, call.callee, []);
  for (const [pointer, region] of [...state.regions]) {
    if (!isBelieved(region) || values.includes(pointer)) continue;
    const isUndone = (before: Handover): boolean =>
      isRemovalOf(call.callee, before.site.callee) && values.some((value) => beliefs.wasGiven(before.site, value));
    if (beliefs.lists(region.handovers).some((list) => list.some(isUndone)))
      addHandover(context, state, pointer, region, site, result);
  }
}

/** A believed region was given to one more call, which answered with `result`. */
export function addHandover(
  context: AnalysisContext,
  state: State,
  pointer: Value,
  region: Region & { readonly handovers: number },
  site: Site,
  result: Value,
): void {
  const { beliefs } = context;
  const handover = { site, result, outcome: signOf(context, state, result), status: '' };
  // Of a call that is made in every turn of a loop the last one counts.
  const lists = beliefs
    .lists(region.handovers)
    .map((list) => [...list.filter((each) => each.site.id !== site.id), handover].sort(bySite));
  const isTooLong = lists.some((list) => list.length > MAXIMUM_HANDOVERS);
  state.setRegion(pointer, changedRegion(region, { handovers: isTooLong ? undefined : beliefs.number(lists) }));
  beliefs.results.add(result);
}

/** The result of a call that code out of sight answers goes where the function releases what it holds elsewhere. */
export function noteSource(context: AnalysisContext, state: State, place: Place, site: Site, result: Value): void {
  const { beliefs, ir } = context;
  if (beliefs.released.size === 0 || state.isInWidenedLoop) return;
  const variable = resultVariable(ir, place.block, place.instruction);
  if (variable === undefined || !beliefs.released.has(variable)) return;
  if (ir.variables[variable].pointerDepth === 0) return;
  if (place.callee !== '' && (context.environment.isDefined(place.callee) || ACCESSOR.test(place.callee))) return;
  const handovers = beliefs.number([[{ site, result, outcome: '', status: '' }]]);
  state.setRegion(result, changedRegion(UNKNOWN_REGION, { source: site, handovers }));
}

/**
 * The locals without a value yet, or with NULL, whose address a call is given, and whose memory the function releases somewhere:
 * what the call leaves there is looked at by `noteFilled`.
 */
export function variablesToFill(
  context: AnalysisContext,
  state: State,
  place: Place,
  values: readonly Value[],
): readonly Location[] {
  const { beliefs, ir, table } = context;
  if (beliefs.released.size === 0 || state.isInWidenedLoop || place.callee === '') return NOTHING_TO_FILL;
  let found: Location[] | undefined;
  for (const value of values) {
    const shape = table.values[value];
    const location = shape.kind === 'address' ? table.locations[shape.location] : undefined;
    if (shape.kind !== 'address' || location?.kind !== 'variable') continue;
    const { variable } = location;
    if (!beliefs.released.has(variable) || ir.variables[variable].pointerDepth === 0) continue;
    const before = state.memory.get(shape.location);
    if (before !== undefined && !isNull(table, state, before) && !isUninitialised(table, before)) continue;
    found ??= [];
    found.push(shape.location);
  }
  if (!found || ACCESSOR.test(place.callee) || isReleaseName(place.callee)) return NOTHING_TO_FILL;
  return found;
}

const NOTHING_TO_FILL: readonly Location[] = [];

function isUninitialised(table: ValueTable, value: Value): boolean {
  const shape = table.values[value];
  return shape.kind === 'symbol' && shape.origin.kind === 'uninitialised';
}

/** A call whose effect is not known in full has left something in variables: it may be the function's to release. */
export function noteFilled(
  context: AnalysisContext,
  state: State,
  site: Site,
  result: Value,
  locations: readonly Location[],
): void {
  const { beliefs, table } = context;
  for (const location of locations) {
    const value = state.memory.get(location);
    const shape = value === undefined ? undefined : table.values[value];
    if (value === undefined || shape?.kind !== 'symbol' || shape.origin.kind !== 'unknown') continue;
    if (state.regions.has(value)) continue;
    const handover = { site, result, outcome: signOf(context, state, result), status: '', filled: location };
    const handovers = beliefs.number([[handover]]);
    beliefs.results.add(result);
    state.setRegion(value, changedRegion(UNKNOWN_REGION, { source: site, handovers, isStoredByCallee: true }));
  }
}

/** A call whose body is not in sight releases its argument, as its name says. */
export function noteReleaseByName(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  settled: ReadonlySet<number>,
  site: Site,
): void {
  const { beliefs, ir, environment, table } = context;
  if (beliefs.released.size === 0 || call.isImplicit) return;
  const released = releasedArgument(ir, place.block, place.instruction, (name) => environment.models.shipped(name));
  // What is released by its declaration was noted as that.
  if (!released || settled.has(released.argument)) return;
  const given = values[released.argument];
  const pointer = released.isIndirect ? state.memory.get(table.pointee(given)) : given;
  const region = pointer === undefined ? undefined : state.regions.get(pointer);
  if (pointer === undefined || !region) return;
  noteRelease(context, region, site, isNonNull(table, state, pointer));
  if (isBelieved(region)) state.setRegion(pointer, changedRegion(region, { release: site }));
}

/**
 * A path releases a region: so did its author believe that it is this function's to release.
 * @param isTested The path itself has found that the pointer is not NULL.
 */
export function noteRelease(
  { beliefs }: AnalysisContext,
  region: Region | undefined,
  at: Site,
  isTested: boolean,
): void {
  const origin = region && originOf(region);
  if (!region || !origin || (!isBelieved(region) && region.status !== 'allocated')) return;
  for (const list of beliefs.members(region.handovers ?? 0)) {
    beliefs.releases.set(`${origin.id}:${at.id}:${list}:${isTested}`, { origin, at, list, isTested });
  }
}

/** A loss on a path that goes on, of memory that is only believed to be this function's. */
export function noteBelievedLoss(
  context: AnalysisContext,
  pointer: Value,
  loss: Loss,
  exit: ExitState | undefined,
): void {
  const { ir, beliefs } = context;
  beliefs.losses.push({
    loss,
    isErrorExit: exit !== undefined && (isErrorExit(context, exit) || answersFailure(context, pointer, loss, exit)),
    isEarly: exit !== undefined && exit.site.origin.start < lastReturn(context) && ir.returnType.trim() === 'void',
  });
}

/** Types of what tells how it went; what is not 0 may be an object otherwise. */
const STATUS_TYPE = /(^|\s)(int|\w*(code|status|err|error|result|rc))(_t)?$/i;

/**
 * `if (status) return status;`: the function ends with what a call answered that was given the object on the stack, or the block, in which
 * the memory was, and goes on where that is 0. A pointer may have been given for good to what answers with a handle.
 */
function answersFailure(
  { beliefs, ir, table }: AnalysisContext,
  pointer: Value,
  { region }: Loss,
  { value }: ExitState,
): boolean {
  const shape = table.values[pointer];
  if (value === undefined || shape.kind !== 'symbol' || shape.origin.kind !== 'named') return false;
  if (!STATUS_TYPE.test(ir.returnType)) return false;
  const isAnswer = ({ result, outcome }: Handover): boolean => result === value && outcome === '!';
  return beliefs.lists(region.handovers ?? 0).every((list) => list.some(isAnswer));
}

/** `if (made->status) return made->status;`: an object that tells of its own failure may stand for none, and be nobody's to release. */
export function tellsOwnFailure(
  context: AnalysisContext,
  pointer: Value,
  handovers: number,
  { value }: ExitState,
): boolean {
  const member = value === undefined ? undefined : memberAt(context, value);
  if (member?.object !== pointer) return false;
  const isFailure = ({ result, status }: Handover): boolean =>
    result === pointer && status !== '' && !status.endsWith(':0') && status.startsWith(`${member.location}:`);
  return context.beliefs.lists(handovers).every((list) => list.some(isFailure));
}

/** Where in the text the last exit of the function stands. */
function lastReturn({ exits }: AnalysisContext): number {
  return exits.reduce((last, { site }) => Math.max(last, site.origin.start), 0);
}

/** Adds the losses that some path of the function contradicts. */
export function findBelievedLeaks(context: AnalysisContext): void {
  const { beliefs, flaws } = context;
  if (beliefs.losses.length === 0) return;
  // The last in the text is the one that a reader thinks of: errors leave before it.
  const releases = [...beliefs.releases.values()].sort((a, b) => b.at.origin.start - a.at.origin.start);
  for (const believed of beliefs.losses) {
    const { allocation, at, manner, region } = believed.loss;
    const evidence = releases.find(
      (release) => release.origin.id === allocation.id && proves(context, release, believed),
    );
    if (!evidence && !isTakenElsewhere(context, believed)) continue;
    const isStoredByCallee = region.isStoredByCallee ?? false;
    const isSourceUnknown = region.allocation === undefined;
    flaws.push({
      kind: 'leak',
      allocation,
      at,
      manner,
      isStoredByCallee,
      family: region.family,
      release: evidence?.at,
      isSourceUnknown,
    });
  }
}

/** True when a release on another path shows that the memory was this function's on the path that loses it. */
function proves(context: AnalysisContext, release: Release, { loss, isErrorExit, isEarly }: BelievedLoss): boolean {
  const { beliefs } = context;
  const isAbnormal = isErrorExit || isEarly;
  // What is released where a test found it may be NULL where none did.
  if (release.isTested && loss.region.source && !loss.isTested) return false;
  // Where the call may be passed by, what passed it by need not come this way.
  const isFilled = loss.region.isStoredByCallee && loss.region.source !== undefined;
  if (isFilled && !isAbnormal && !dominates(context, loss.allocation.block, loss.at.block)) return false;
  const isOnErrorsOnly = leadsToErrors(context, release.at);
  // What is released on errors only is kept by somebody on success.
  if (isOnErrorsOnly && !isAbnormal) return false;
  const known = beliefs.list(release.list);
  const taken = known.filter(({ site }) => REFERENCE.test(site.callee));
  const hasSameCalls = beliefs.lists(loss.region.handovers ?? 0).some(
    (list) =>
      taken.every((each) => list.some(({ site }) => site.id === each.site.id)) &&
      !isStillPut(list, known) &&
      list.every((each) => {
        const { site, outcome, status } = each;
        const other = known.find((each) => each.site.id === site.id);
        if (!other) return false;
        const isOtherwise = status !== '' && other.status !== '' && status !== other.status;
        // What was given back when the call said that it had failed is kept by somebody when it said that it had not.
        if (isOtherwise && status.endsWith(':0')) return false;
        if (isOtherwise && !(isErrorExit && isOnSuccess(context, release))) return false;
        // What a call leaves in a variable is there when it says so, and of failures one is not like the other.
        if (loss.region.isStoredByCallee && site.id === loss.allocation.id)
          return !isOtherwise && other.filled === each.filled && other.outcome === outcome && isSuccess(each);
        return other.outcome === '' || other.outcome === outcome || (isErrorExit && isOnSuccess(context, release));
      }),
  );
  return hasSameCalls && !isPassedOver(context, loss.allocation.block, release.at.block, loss.at.block, isAbnormal);
}

/** Every way on from a release that comes to a return comes to one that tells of a failure, or leaves early. */
function leadsToErrors(context: AnalysisContext, at: Site): boolean {
  const { exits, ir } = context;
  const last = lastReturn(context);
  const isVoid = ir.returnType.trim() === 'void';
  const isReleasedThere = ({ free, release }: Region): boolean => free?.id === at.id || release?.id === at.id;
  let reached = exits.filter(({ state }) => [...state.regions.values()].some(isReleasedThere));
  if (reached.length === 0) {
    const reachable = blocksBehind(context, at.block);
    reached = exits.filter(({ site }) => reachable.has(site.block));
  }
  return (
    reached.length > 0 &&
    reached.every((exit) => isErrorExit(context, exit) || (isVoid && exit.site.origin.start < last))
  );
}

/** True when some path that releases the memory so, after the same answers, succeeds. */
function isOnSuccess(context: AnalysisContext, { at, list }: Release): boolean {
  const { beliefs } = context;
  const isReleasedSo = ({ handovers, free, release }: Region): boolean =>
    (free?.id === at.id || release?.id === at.id) &&
    handovers !== undefined &&
    beliefs.members(handovers).includes(list);
  return context.exits.some(
    (exit) => [...exit.state.regions.values()].some(isReleasedSo) && !isErrorExit(context, exit),
  );
}

/**
 * The release stands under a condition, and control may pass it by on the way to the loss: `if (mustFree) free(p);` says
 * that there are paths on which it is somebody else's. What an error goes around it has forgotten: only a condition that
 * tells the pointer from another one counts there, and one right at the release that asks no call, or one that is a question.
 */
function isPassedOver(
  context: AnalysisContext,
  allocation: BlockId,
  release: BlockId,
  loss: BlockId,
  isAbnormal: boolean,
): boolean {
  const { ir, flow } = context;
  const behind = blocksBehind(context, release);
  const before = blocksBefore(context, release);
  const behindAllocation = blocksBehind(context, allocation);
  for (const { id, terminator, instructions } of ir.blocks) {
    if (terminator.kind !== 'branch' || flow.rank[id] < 0) continue;
    const sides = [terminator.whenTrue, terminator.whenFalse];
    const other = sides.find((side) => !before.has(side));
    if (other === undefined || !sides.some((side) => before.has(side))) continue;
    if (isAbnormal && !comparesReleased(context, id)) {
      if (!sides.includes(release) || instructions.some((each) => each.op === 'call' && !asksOnly(each.callee)))
        continue;
    }
    const isNextTurn = flow.rank[other] <= flow.rank[id];
    const passing = blocksBehind(context, other);
    if (!isNextTurn && ![...passing].some((block) => behind.has(block))) continue;
    if (isNextTurn || flow.rank[loss] <= flow.rank[id] || passing.has(loss)) return true;
    // The end of a loop comes behind its last turn, whichever side that took.
    if (isInLoop(flow, id) && behindAllocation.has(id) && reachableBlocks(ir, [other], (_, to) => to !== id).has(loss))
      return true;
  }
  return false;
}

/** True when a block ends in a comparison of two variables or members, one of which the function releases. */
function comparesReleased({ ir, beliefs }: AnalysisContext, id: BlockId): boolean {
  const { instructions, terminator } = ir.blocks[id];
  if (terminator.kind !== 'branch') return false;
  const last = instructions.findLast((each) => 'destination' in each && each.destination === terminator.condition);
  if (last?.op !== 'binary' || (last.operator !== '==' && last.operator !== '!=')) return false;
  const addresses = new Map<number, number>();
  const loaded = new Map<number, number | undefined>();
  for (const instruction of instructions) {
    if (instruction.op === 'variable') addresses.set(instruction.destination, instruction.variable);
    else if (instruction.op === 'load') loaded.set(instruction.destination, addresses.get(instruction.address));
    else if ('destination' in instruction) loaded.delete(instruction.destination);
  }
  const operands = [last.left, last.right];
  return (
    operands.every((operand) => loaded.has(operand)) &&
    operands.some((operand) => beliefs.released.has(loaded.get(operand) ?? -1))
  );
}

/** True when control comes to a block through another one only. */
function dominates({ ir }: AnalysisContext, first: BlockId, second: BlockId): boolean {
  if (first === second || first === ir.entry) return true;
  return !reachableBlocks(ir, [ir.entry], (_, to) => to !== first).has(second);
}

/** The blocks from which control may come to one without going round a loop, itself among them. */
function blocksBefore({ ir, flow }: AnalysisContext, to: BlockId): ReadonlySet<BlockId> {
  const found = new Set<BlockId>([to]);
  for (let rank = flow.rank[to] - 1; rank >= 0; rank--) {
    const block = flow.order[rank];
    const isBefore = successors(ir.blocks[block].terminator).some((next) => flow.rank[next] > rank && found.has(next));
    if (isBefore) found.add(block);
  }
  return found;
}

/** The blocks that control may come to from one without going round a loop, itself among them. */
function blocksBehind({ ir, flow }: AnalysisContext, from: BlockId): ReadonlySet<BlockId> {
  return reachableBlocks(ir, [from], (block, next) => flow.rank[next] > flow.rank[block]);
}
