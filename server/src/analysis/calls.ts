import { reachableBlocks } from '../ir/control-flow.ts';
import type { Instruction, Origin } from '../ir/instructions.ts';
import { believedModel } from '../models/believed-models.ts';
import { type Allocation, type FunctionModel, NOTHING } from '../models/function-model.ts';
import { isReservedFunction, isStandardAllocator } from '../models/registry.ts';
import { HOOK_NAME } from '../source/hooks.ts';
import { extentOf, noteExtent, noteRequest } from './allocation-sizes.ts';
import { applySummary } from './apply-summary.ts';
import { noteCopy } from './block-bounds.ts';
import { assume, isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { executeDeallocation } from './deallocations.ts';
import { definitionOf } from './definitions.ts';
import { noteQuestion } from './doubt.ts';
import { formattedArguments, scannedIn } from './formats.ts';
import { doubtFreesBehindAssertion, noteFreedArguments, noteFreedUse } from './freed-uses.ts';
import { handOver, noteFilled, noteHandedOver, noteReleaseByName, noteSource, variablesToFill } from './handovers.ts';
import { noteInvalidFree, noteUnassignedRelease } from './invalid-frees.ts';
import { noteJump } from './leaks.ts';
import {
  escapeValue,
  havocPointee,
  invalidateMemory,
  loadValue,
  overwritePointee,
  renewedSymbol,
  storeValue,
} from './memory.ts';
import { noteNullDereference } from './null-dereferences.ts';
import { allocate, dereference, failAllocation, free, type Place } from './regions.ts';
import { noteLength } from './size-facts.ts';
import { noteDeadUse } from './stack-escapes.ts';
import { type Site, type State, UNKNOWN_REGION } from './state.ts';
import { noteGiven } from './status-asked.ts';
import { assignMacroArguments } from './unassigned.ts';
import { noteUnwrittenRead } from './unwritten-memory.ts';
import type { Location, Value } from './values.ts';

export type CallInstruction = Extract<Instruction, { op: 'call' }>;

/** Names by which programs call functions that end them. Only believed where no body is in sight: it silences, no more. */
const FATAL_NAME =
  /(^|_)(diex?|fatalx?|panic|oom|abort|bail_?out|out_?of_?memory|no_?mem(ory)?|usage|croak|bug|unreachable|not_?reached|assert(ion)?_?fail(ed|ure)?)(_|$)/i;

/** Functions that go on in a caller, and so leave this one with what it holds. */
const JUMPS = new Set(['longjmp', '_longjmp', 'siglongjmp', '__builtin_longjmp']);

/** The states after a call, each with the call's result in its register. None when the call never returns. */
export function executeCall(context: AnalysisContext, state: State, call: CallInstruction, place: Place): State[] {
  const values = call.arguments.map((register) => state.registers[register]);
  const name = call.callee;
  for (const [i, value] of values.entries()) noteDeadUse(context, state, value, call.argumentOrigins[i], place);
  if (name === '') {
    if (call.pointer !== undefined) {
      const pointer = state.registers[call.pointer];
      if (!dereference(context, state, pointer, call.origin, place, [])) return [];
      if (callsNoreturnMember(context, call, place) || isLastWord(context, state, place)) return [];
    }
    const model = call.hook === '' ? undefined : knowledgeOf(context, call.hook).model;
    if (model) {
      const callee = call.hook.slice(1);
      return executeModel(context, state, { ...call, callee }, { ...place, callee }, values, model);
    }
    return executeUnknown(context, state, call, place, values);
  }
  const { isNoreturn, configured, shipped, isStandard, declared, model, isFatal } = knowledgeOf(context, name);
  if (isNoreturn) {
    if (JUMPS.has(name)) noteJump(context, state, context.site(place.block, place.instruction, place.origin, name, []));
    return [];
  }
  doubtFreesBehindAssertion(state, name);
  if (values.length > 0) noteUnassignedRelease(context, values, call, place);
  if (configured) return executeModel(context, state, call, place, values, configured);
  if (!(shipped && isStandard)) {
    // What a callee does with NULL its body tells.
    // What it does with a number may be to end the program.
    const isTold = state.knownNull.size > 0 && values.some((value) => context.table.values[value].kind === 'integer');
    const isNeeded =
      isTold ||
      tracksSomething(state) ||
      values.some((value) => value === context.table.zero || state.knownNull.has(value));
    const summary = context.environment.summary(name, call.arguments.length, isNeeded);
    if (summary) return applySummary(context, state, call, place, values, summary);
  }
  if (context.environment.changesNothing(name, values.length))
    return executeReader(context, state, call, place, values);
  if (declared) return executeDeclared(context, state, call, place, values, declared);
  if (model) return executeModel(context, state, call, place, values, fitted(model, name, values.length));
  if (isFatal) return [];
  return executeUnknown(context, state, call, place, values);
}

/** `handler->fail("…")`, where the declarations of `fail` say that it never returns. */
function callsNoreturnMember(context: AnalysisContext, call: CallInstruction, { block, instruction }: Place): boolean {
  const { instructions } = context.ir.blocks[block];
  const loaded = definitionOf(instructions, instruction, call.pointer!);
  const place = loaded?.op === 'load' ? definitionOf(instructions, instruction, loaded.address) : undefined;
  return place?.op === 'field' && context.isNoreturnMember(place.name);
}

/**
 * `if (!p) handler("out of memory");` in front of what needs `p`: whoever goes on behind it without memory would have written
 * more than the call, so that it does not come back.
 */
function isLastWord({ ir }: AnalysisContext, state: State, { block }: Place): boolean {
  const { terminator } = ir.blocks[block];
  if (terminator.kind !== 'goto' || !hasFailure(state)) return false;
  const { target } = terminator;
  return ir.blocks.some(({ terminator: test }) => {
    if (test.kind !== 'branch' || (test.whenTrue !== target && test.whenFalse !== target)) return false;
    const other = test.whenTrue === target ? test.whenFalse : test.whenTrue;
    const inside = reachableBlocks(ir, [other], (_, to) => to !== target);
    if (other === target || !inside.has(block) || inside.size > MAXIMUM_LAST_WORDS) return false;
    let callCount = 0;
    for (const id of inside) {
      if (ir.blocks[id].terminator.kind === 'return') return false;
      for (const { op } of ir.blocks[id].instructions) if (op === 'call') callCount++;
    }
    return callCount === 1;
  });
}

/** A call of a handler under a test of its own takes no more blocks. */
const MAXIMUM_LAST_WORDS = 8;

/** A test has found that an allocation failed on the path. */
function hasFailure(state: State): boolean {
  for (const { status, assumedNull } of state.regions.values()) {
    if (status === 'failed' && assumedNull !== undefined) return true;
  }
  return false;
}

/** What a name means where no body says it. */
export interface CalleeKnowledge {
  readonly isNoreturn: boolean;
  readonly configured: FunctionModel | undefined;
  readonly shipped: FunctionModel | undefined;
  readonly isStandard: boolean;
  readonly declared: FunctionModel | undefined;
  readonly model: FunctionModel | undefined;
  readonly isFatal: boolean;
}

/** Every path asks the same of every call. */
function knowledgeOf(context: AnalysisContext, name: string): CalleeKnowledge {
  let known = context.callees.get(name);
  if (!known) {
    const { models } = context.environment;
    const shipped = models.shipped(name);
    known = {
      isNoreturn: context.environment.isDeclaredNoreturn(name) || models.isNoreturn(name),
      configured: models.configured(name),
      shipped,
      isStandard: isReservedFunction(name),
      declared: declaredModelOf(context, name, shipped),
      model: modelOf(context, name, shipped),
      isFatal: FATAL_NAME.test(name),
    };
    context.callees.set(name, known);
  }
  return known;
}

/** The model of a function that the program does not define, or of a standard allocator; or what its name lets believe. */
function modelOf(
  context: AnalysisContext,
  name: string,
  shipped: FunctionModel | undefined,
): FunctionModel | undefined {
  if (context.environment.isDefined(name) && !isReservedFunction(name)) {
    // `#ifndef HAVE_ERROR` around the program's own: where it is not compiled, there is no body, but it ends the program too.
    return shipped?.noreturn ? shipped : undefined;
  }
  return shipped ?? believedModel(name) ?? (HOOK_NAME.test(name) ? context.environment.hookModel(name) : undefined);
}

/**
 * What the attributes on the declarations that the file sees say of a function of whose body nothing is known. A shipped model comes first, unless it says nothing
 * of ownership and the attributes do; so does the name of a wrapper that ends the program.
 */
function declaredModelOf(
  context: AnalysisContext,
  name: string,
  shipped: FunctionModel | undefined,
): FunctionModel | undefined {
  if (shipped && (isStandardAllocator(name) || hasOwnership(shipped))) return undefined;
  const declared = context.environment.declaredModel(name);
  if (!declared) return undefined;
  if (shipped && !hasOwnership(declared)) return undefined;
  return declared.allocates?.family === '' && believedModel(name) ? undefined : declared;
}

/** A function of which attributes tell something: beyond that it is unknown. */
function executeDeclared(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  model: FunctionModel,
): State[] {
  for (const position of model.dereferences) {
    if (position >= values.length) continue;
    if (!dereference(context, state, values[position], call.argumentOrigins[position], place, [])) return [];
  }
  const others = values.filter((_, i) => i !== model.frees?.argument);
  executeUnknown(context, state, call, place, others);
  if (model.frees && model.frees.argument < values.length) {
    return executeDeallocation(context, state, call, place, values, model.frees) ? [state] : [];
  }
  if (model.allocates) {
    state.registers[call.destination] = allocate(context, state, place, model.allocates, [], model.allocates.nullable);
  } else if (model.returnsNonNull) assume(context.table, state, state.registers[call.destination], true);
  return [state];
}

function hasOwnership({ allocates, frees, reallocates, out }: FunctionModel): boolean {
  return allocates !== undefined || frees !== undefined || reallocates !== undefined || out !== undefined;
}

/** Kernels have a malloc() and a free() of their own, with more arguments: whose memory that is, is not known. */
function fitted(model: FunctionModel, name: string, argumentCount: number): FunctionModel {
  // Who asks for no size asks another function of that name.
  if (model.allocates && model.size?.some((position) => position >= argumentCount)) return NOTHING;
  const isForeign = (name === 'malloc' || name === 'free') && argumentCount > 1;
  if (!isForeign) return model;
  const { allocates, frees } = model;
  return {
    ...model,
    allocates: allocates && { ...allocates, family: '', content: 'written' },
    frees: frees && { ...frees, family: '' },
  };
}

/** True when the state holds a region of which something may still be said. */
function tracksSomething(state: State): boolean {
  const { regions } = state;
  for (let i = 0; i < regions.size; i++) {
    const region = regions.valueAt(i);
    if (region.status !== 'escaped' || region.isUnchecked || region.handovers !== undefined) return true;
  }
  return false;
}

export function freshResult(context: AnalysisContext, state: State, call: CallInstruction, place: Place): Value {
  const site = context.site(place.block, place.instruction, call.origin, call.callee, []);
  return renewedSymbol(context, state, { kind: 'result', site: site.id, iteration: state.iteration });
}

/** A callee of which nothing is known: it may free, keep and write what its arguments reach, and all shared memory. */
export function executeUnknown(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
): State[] {
  const site = context.site(place.block, place.instruction, call.origin, call.callee, []);
  assignMacroArguments(context, state, call, place, site.id);
  noteFreedArguments(context, state, call, values, site);
  context.beliefs.given.length = 0;
  noteReleaseByName(context, state, call, place, values, site);
  const printed = printedArguments(context, call, values);
  const filled = variablesToFill(context, state, place, values);
  for (const [i, value] of values.entries()) {
    if (printed?.has(i)) print(context, state, value);
    // Whoever is to leave something in a variable writes it and forgets where it is.
    else if (isAmong(context, filled, value)) havocPointee(context, state, value, site.id);
    else giveAway(context, state, value, site.id);
  }
  invalidateMemory(context, state, site.id);
  noteGiven(context, state, place, values);
  const result = freshResult(context, state, call, place);
  noteHandedOver(context, state, site, result);
  noteSource(context, state, place, site, result);
  noteFilled(context, state, site, result, filled);
  noteQuestion(context, result, call.callee, values);
  state.registers[call.destination] = result;
  return [state];
}

function isAmong({ table }: AnalysisContext, locations: readonly Location[], pointer: Value): boolean {
  const shape = table.values[pointer];
  return shape.kind === 'address' && locations.includes(shape.location);
}

/** A callee that only looks at what it is given: nothing is kept or written, and nothing is known of its result. */
function executeReader(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
): State[] {
  const site = context.site(place.block, place.instruction, call.origin, call.callee, []);
  noteFreedArguments(context, state, call, values, site);
  for (const value of values) print(context, state, value);
  const result = freshResult(context, state, call, place);
  noteQuestion(context, result, call.callee, values);
  state.registers[call.destination] = result;
  return [state];
}

/** The positions of what a call only prints, as its format says: nobody keeps or writes it. */
export function printedArguments(
  context: AnalysisContext,
  call: CallInstruction,
  values: readonly Value[],
): ReadonlySet<number> | undefined {
  // Fewer arguments leave no room for a format and what it prints.
  if (values.length < 2) return undefined;
  const formatted = formattedArguments(context, call, values, undefined);
  return formatted && new Set([...formatted.texts, ...formatted.others]);
}

/** A pointer is printed, or what it points to: whether it may be NULL there is the callee's business. */
export function print(context: AnalysisContext, state: State, value: Value): void {
  const base = context.table.base(value);
  const region = state.regions.get(base);
  if (region?.isUnchecked) state.setRegion(base, { ...region, isUnchecked: false });
}

/** A value is handed to unknown code. */
export function giveAway(context: AnalysisContext, state: State, value: Value, site: number, depth = 0): void {
  const { table } = context;
  const shape = table.values[value];
  if (shape.kind === 'integer') return;
  if (shape.kind === 'binary' && depth < 4) {
    // `check(p == NULL)`: the callee learns of the pointer, and may act on it.
    giveAway(context, state, shape.left, site, depth + 1);
    giveAway(context, state, shape.right, site, depth + 1);
    return;
  }
  const base = table.base(value);
  const region = state.regions.get(base);
  // Whether the callee looks at the pointer is not known; its authors may rely on it.
  if (region?.isUnchecked) state.setRegion(base, { ...region, isUnchecked: false });
  // What it is freed to mean is the callee's business from now on: it may be told only the address.
  if (base === value) handOver(context, state, value);
  else escapeValue(context, state, value);
  if (shape.kind === 'address' || region !== undefined || table.values[base].kind === 'symbol') {
    havocPointee(context, state, value, site);
  }
}

function executeModel(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  model: FunctionModel,
): State[] {
  const { table } = context;
  const site = context.site(place.block, place.instruction, call.origin, call.callee, []);
  for (const position of model.dereferences) {
    if (position >= values.length) continue;
    // What is freed for the second time is freed twice, which says more than that it is used.
    if (position === model.frees?.argument && state.regions.get(table.base(values[position]))?.status === 'freed')
      continue;
    // Of nothing NULL may be given as well, and how much it is may be known only to the path.
    const size = model.bytes === undefined ? undefined : values[model.bytes];
    const isNothing = size !== undefined && isNull(table, state, size);
    if (isNothing && isNull(table, state, values[position])) continue;
    const isSized = size !== undefined && !isNonNull(table, state, size);
    if (!dereference(context, state, values[position], call.argumentOrigins[position], place, [], isSized)) return [];
  }
  if (!model.frees && !model.reallocates) assignMacroArguments(context, state, call, place, site.id);
  for (const position of model.reads) {
    if (position >= values.length) continue;
    noteUnwrittenRead(context, state, table.pointee(values[position]), call.argumentOrigins[position], place);
  }
  if (model.sizedBuffer !== undefined && model.sizedBuffer.size < values.length) {
    const { argument, size } = model.sizedBuffer;
    // A size of 0 is how one asks for the length: then the buffer may be NULL.
    const region = state.regions.get(table.base(values[argument]));
    // What was asked for and not given was more than nothing.
    const isWritten = isNonNull(table, state, values[size]) || (region?.isUnchecked && region.size === values[size]);
    if (isWritten && !dereference(context, state, values[argument], call.argumentOrigins[argument], place, []))
      return [];
  }
  const formatted = model.format === undefined ? undefined : formattedArguments(context, call, values, model);
  const scanned = model.scan === undefined ? [] : scannedIn(context, values, model.scan);
  for (const position of scanned) {
    if (!dereference(context, state, values[position], call.argumentOrigins[position], place, [])) return [];
  }
  for (const position of formatted?.texts ?? []) {
    // A format may ask for more than the call gives.
    if (position >= values.length) continue;
    noteNullText(context, state, values[position], call.argumentOrigins[position], site);
    noteFreedUse(context, state, values[position], call.argumentOrigins[position], () => site, 'dereferenced');
  }
  if (model.noreturn === 'always') return [];
  if (model.noreturn === 'nonzero-argument' && values.length > 0) {
    if (!assume(table, state, values[0], false)) return [];
  }
  for (const position of model.keeps) {
    if (position < values.length) escapeValue(context, state, values[position]);
  }
  if (model.writes.length > 0) {
    // memcpy and its like: pointers in what they read have a copy from now on.
    const isCopy = COPYING_NAME.test(call.callee);
    for (const position of model.dereferences) {
      if (position >= values.length || model.writes.includes(position)) continue;
      if (state.regions.size > 0) escapeReachable(context, state, values[position]);
      // What a caller's structure holds has another owner, too.
      const content = isCopy ? contentOfParameter(context, values[position]) : undefined;
      if (content !== undefined && !state.regions.has(content)) state.setRegion(content, UNKNOWN_REGION);
    }
  }
  for (const position of model.writes) {
    if (position < values.length) overwritePointee(context, state, values[position], site.id);
  }
  if (model.frees && model.frees.argument < values.length) {
    return executeDeallocation(context, state, call, place, values, model.frees) ? [state] : [];
  }
  noteCopy(context, state, call, place, values, model);
  if (model.allocates && (values.length > 0 || !isStandardAllocator(call.callee))) {
    const isUnchecked = model.allocates.nullable;
    // calloc's two arguments multiply; of the others the last says the size.
    const size = values.length === 1 ? values[0] : undefined;
    const symbol = allocate(context, state, place, model.allocates, [], isUnchecked, size);
    if (model.allocates.content === 'zeroed') state.bind(table.pointee(symbol), table.zero);
    noteExtent(context, state, call, place, symbol, extentOf(context, model, values), model.size ?? []);
    state.registers[call.destination] = symbol;
    return [state];
  }
  if (model.reallocates && model.reallocates.argument < values.length) {
    return executeReallocation(context, state, call, place, values, model.reallocates, model);
  }
  if (model.out && model.out.argument < values.length) {
    return executeOutAllocation(context, state, call, place, values, model.out);
  }
  if (model.returnsArgument !== undefined && model.returnsArgument < values.length) {
    state.registers[call.destination] = values[model.returnsArgument];
    return [state];
  }
  const result = freshResult(context, state, call, place);
  if (model.returnsNonNull) assume(table, state, result, true);
  if (model.measures !== undefined && model.measures < values.length) {
    noteLength(context, state, result, values[model.measures]);
    table.lowerBounds.set(result, 0);
  }
  state.registers[call.destination] = result;
  return [state];
}

/** NULL is printed as text: some libraries write `(null)` instead, so the path goes on. */
function noteNullText(context: AnalysisContext, state: State, value: Value, origin: Origin, site: Site): void {
  const { table } = context;
  if (isNull(table, state, value) && !state.regions.has(table.base(value)))
    noteNullDereference(context, state, value, origin, () => site);
}

/** realloc: on success the old block is gone, on failure it is still there and the result is NULL. */
function executeReallocation(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  model: NonNullable<FunctionModel['reallocates']>,
  { size: positions = [] }: Pick<FunctionModel, 'size'>,
): State[] {
  const { table } = context;
  const old = values[model.argument];
  const base = table.base(old);
  const region = state.regions.get(base);
  const giveBack = (on: State): void => {
    if (isNull(table, on, old)) return;
    free(context, on, old, call.argumentOrigins[model.argument], model.allocation.family, place, [], true);
  };
  if (region?.status === 'freed') {
    // What is freed already is given back once more.
    giveBack(state);
    state.setRegion(base, { ...region, status: 'escaped' });
  }
  // What the block holds moves with it: it must not be thought lost with the old address.
  escapeReachable(context, state, old);
  // realloc(p, 0) frees, and may give NULL or not: left open.
  const size = values[model.argument + 1];
  if (size !== undefined && table.integerOf(size) === 0) {
    const site = context.site(place.block, place.instruction, place.origin, place.callee, []);
    // Where the size stands is known of models only, not of names that look like realloc.
    if (positions.includes(model.argument + 1)) {
      noteRequest(context, site, table.zero);
      giveBack(state);
    }
    escapeValue(context, state, old);
    state.registers[call.destination] = freshResult(context, state, call, place);
    return [state];
  }
  const failed = state.fork();
  // NULL for a size of nothing is no failure: programs tell the two apart by the size.
  const mayFail = size === undefined || assume(table, failed, table.binary('>', size, table.zero), true);
  const failure = failAllocation(context, failed, place, model.allocation, []);
  failed.registers[call.destination] = failure;
  if (model.freesOnFailure) giveBack(failed);
  else noteFailedReallocation(context, failed, old, failure);
  giveBack(state);
  // What was in the old block is in the new one, as far as it goes.
  const grown: Allocation = isNull(table, state, old) ? model.allocation : { ...model.allocation, content: 'written' };
  const result = allocate(context, state, place, grown, [], false);
  noteExtent(context, state, call, place, result, extentOf(context, { size: positions }, values), positions);
  state.registers[call.destination] = result;
  return model.allocation.nullable && mayFail ? [state, failed] : [state];
}

/** The block stays where it is when realloc fails, and so does whoever must free it. */
export function noteFailedReallocation(context: AnalysisContext, state: State, old: Value, failure: Value): void {
  const { table } = context;
  if (table.base(old) !== old || isNull(table, state, old)) return;
  const shape = table.values[old];
  if (shape.kind !== 'symbol' || shape.origin.kind === 'uninitialised') return;
  state.setRegion(old, { ...(state.regions.get(old) ?? UNKNOWN_REGION), failedReallocation: failure });
}

/** Functions that copy whatever bytes they are given, pointers among them. */
const COPYING_NAME = /^(?:__builtin_)?(?:mem|bcopy)/;

/** What stood behind a parameter when the function was called. */
function contentOfParameter({ table }: AnalysisContext, pointer: Value): Value | undefined {
  const base = table.base(pointer);
  const shape = table.values[base];
  return shape.kind === 'symbol' && shape.origin.kind === 'parameter'
    ? table.initial(table.pointee(base), 0)
    : undefined;
}

function escapeReachable(context: AnalysisContext, state: State, pointer: Value): void {
  const { table } = context;
  const root = table.root(table.pointee(pointer));
  for (const [location, value] of [...state.memory]) {
    if (table.root(location) === root) escapeValue(context, state, value);
  }
}

/** posix_memalign, asprintf, getline: the memory comes through an argument, the result tells whether it came. */
function executeOutAllocation(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  model: NonNullable<FunctionModel['out']>,
): State[] {
  const { table } = context;
  const site = context.site(place.block, place.instruction, call.origin, call.callee, []);
  const target = table.pointee(values[model.argument]);
  if (model.replaces) {
    const before = loadValue(context, state, target);
    noteInvalidFree(context, state, before, call.argumentOrigins[model.argument], site);
    const region = state.regions.get(table.base(before));
    if (region?.status === 'freed') {
      if (!dereference(context, state, before, call.argumentOrigins[model.argument], place, [])) return [];
    }
    state.deleteRegion(table.base(before));
  }
  const failed = state.fork();
  const symbol = allocate(context, state, place, model.allocation, [], false);
  state.setRegion(symbol, { ...state.regions.get(symbol)!, isStoredByCallee: true });
  storeValue(context, state, target, symbol, site.id);
  const success = freshResult(context, state, call, place);
  state.registers[call.destination] = success;
  const failure = freshResult(context, failed, call, place);
  failed.registers[call.destination] = failure;
  if (model.success === 'zero' || model.success === 'true') {
    assume(table, state, success, model.success === 'true');
    assume(table, failed, failure, model.success === 'zero');
  } else {
    // asprintf may print nothing at all; that a test of `> 0` takes this for a failure is not worth a path.
    assume(table, state, table.binary('>', success, table.zero), true);
    // All of these say failure with -1, and programs test for just that.
    assume(table, failed, table.binary('==', failure, table.integer(-1)), true);
  }
  if (model.replaces) {
    // The buffer may have been given before the failure, and is the caller's to free; or it is still NULL.
    storeValue(context, failed, target, allocate(context, failed, place, model.allocation, [], true), site.id);
  } else {
    storeValue(context, failed, target, failAllocation(context, failed, place, model.allocation, []), site.id);
  }
  return [state, failed];
}
