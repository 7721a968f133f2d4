import { reachableBlocks } from '../ir/control-flow.ts';
import { definitionOf } from '../ir/definitions.ts';
import { isPositionIn } from '../ir/given-results.ts';
import type { Instruction } from '../ir/instructions.ts';
import { type FunctionModel, NOTHING } from '../models/function-model.ts';
import { isOfOtherLibrary } from '../models/registry.ts';
import { applySummary } from './apply-summary.ts';
import { type CalleeKnowledge, hasOwnership, knowledgeOf } from './callee-knowledge.ts';
import { assume, isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { executeDeallocation } from './deallocations.ts';
import { numbersAmong } from './failure-reports.ts';
import { doubtFreesBehindAssertion, noteFreedArguments } from './freed-uses.ts';
import { handsOverNull, noteAnswerOfNull, noteAskedOfNull } from './handed-null.ts';
import { noteHandedOn } from './handed-on.ts';
import { noteRemoval } from './handovers.ts';
import { noteUnassignedRelease } from './invalid-frees.ts';
import { renewLastError } from './last-error.ts';
import { noteJump } from './leaks.ts';
import { escapeReachable, escapeValue, isOwnAddress } from './memory.ts';
import { executeModel } from './model-calls.ts';
import { withObjects } from './object-beliefs.ts';
import { answersOfParameter } from './possible-cases.ts';
import { constantAnswer } from './pure-answers.ts';
import { allocate, dereference, type Place } from './regions.ts';
import { isResultTested } from './result-uses.ts';
import { noteSecondReturn } from './second-returns.ts';
import { noteDeadUse } from './stack-escapes.ts';
import type { State } from './state.ts';
import { functionAt, storedFunctionAt } from './stored-functions.ts';
import type { Summary } from './summary.ts';
import { toldArguments } from './told-arguments.ts';
import { executeReader, executeUnknown, print } from './unknown-calls.ts';
import { noteUnwrittenRead } from './unwritten-memory.ts';
import type { Value } from './value-shapes.ts';

export type CallInstruction = Extract<Instruction, { op: 'call' }>;

/** Functions that go on in a caller, and so leave this one with what it holds. */
const JUMPS = new Set(['longjmp', '_longjmp', 'siglongjmp', '__builtin_longjmp']);

/** The states after a call, each with the call's result in its register. None when the call never returns. */
export function executeCall(context: AnalysisContext, state: State, call: CallInstruction, place: Place): State[] {
  const states = withObjects(context, state, call, place, () => executeNamed(context, state, call, place));
  for (const after of states) {
    noteRemoval(context, after, call, place);
    renewLastError(context, after, place);
  }
  return states;
}

function executeNamed(context: AnalysisContext, state: State, call: CallInstruction, place: Place): State[] {
  const values = call.arguments.map((register) => state.registers[register]);
  const name = call.callee;
  for (const [i, value] of values.entries()) noteDeadUse(context, state, value, call.argumentOrigins[i], place);
  if (name === '') {
    if (call.pointer !== undefined) {
      const pointer = state.registers[call.pointer];
      const target = functionAt(context, pointer) ?? storedFunctionAt(context, pointer);
      // A pointer that is known to hold a function's address is as good as its name.
      if (target === undefined && !dereference(context, state, pointer, call.origin, place, [])) return [];
      if (callsNoreturnMember(context, call, place) || isLastWord(context, state, place)) return [];
      if (target !== undefined) {
        const known = { ...call, callee: target, pointer: undefined };
        return executeNamed(context, state, known, { ...place, callee: target });
      }
    }
    const model = call.hook === '' ? undefined : knowledgeOf(context, call.hook).model;
    if (model && !isCalledOtherwise(model, values.length)) {
      const callee = call.hook.slice(1);
      return executeModel(context, state, { ...call, callee }, { ...place, callee }, values, model);
    }
    return executeUnknown(context, state, call, place, values);
  }
  const knowledge = knowledgeOf(context, name, values.length);
  const { isNoreturn, configured, shipped, isStandard, declared, stored } = knowledge;
  if (stored !== undefined)
    return executeNamed(context, state, { ...call, callee: stored }, { ...place, callee: stored });
  if (isNoreturn) {
    context.mayEnd = true;
    if (JUMPS.has(name)) noteJump(context, state, context.site(place.block, place.instruction, place.origin, name, []));
    return [];
  }
  if (values.length > 0 && endsByNumbers(context, name, values)) {
    context.mayEnd = true;
    return [];
  }
  if (knowledge.returnsAgain)
    noteSecondReturn(context, state, context.site(place.block, place.instruction, call.origin, name, []).id);
  doubtFreesBehindAssertion(state, name);
  if (!call.isResultUsed) noteExpectedNull(context, state, values);
  if (values.length > 0) noteUnassignedRelease(context, values, call, place);
  if (configured) return executeModel(context, state, call, place, values, configured);
  if (shipped?.tellsErrorPointer && values.length === 1) {
    const isError = tellErrorPointer(context, state, values[0], shipped.tellsErrorPointer);
    if (isError !== undefined) {
      state.registers[call.destination] = context.table.integer(isError ? 1 : 0);
      return [state];
    }
  }
  // Whether or not its body is looked at: of a function that only its arguments decide, one call is as good as another.
  if (declared?.purity === 'constant' && !hasOwnership(declared))
    return executePure(context, state, call, place, values, declared.purity);
  if (shipped && !isStandard && isStubbed(context, name, shipped, values.length))
    return executeModel(context, state, call, place, values, shipped);
  let isNullGiven = false;
  if (!(shipped && isStandard)) {
    // What a callee does with NULL its body tells.
    // What it does with a number may be to end the program.
    const isTold = state.knownNull.size > 0 && values.some((value) => context.table.values[value].kind === 'integer');
    // What answers without being told anything, or nothing but numbers that are known, may always answer the same.
    const isConstant =
      call.isResultUsed &&
      values.every((value) => context.table.values[value].kind === 'integer') &&
      context.environment.changesNothing(name, values.length);
    isNullGiven = handsOverNull(context, state, values);
    // Whether the callee dereferences anything is asked only where it may matter.
    if (!isNullGiven) context.nullUses.noteLive(place.block, place.instruction);
    // A name that lets believe that the program ends is no reason not to look whether it does.
    const isNeeded =
      isTold ||
      isConstant ||
      isNullGiven ||
      knowledge.isFatal ||
      tracksSomething(context, state) ||
      mayGetOther(context, state, call, values);
    const plain = context.environment.summary(name, call.arguments.length, isNeeded);
    const told =
      plain || values.length > 1 ? toldArguments(context, state, name, values, plain, call.isResultUsed) : undefined;
    const summary = (told && context.environment.summaryTold(name, call.arguments.length, told)) ?? plain;
    const followed = summary ?? testOfParameter(context, state, call, place, values);
    if (followed) {
      const states = applySummary(context, state, call, place, values, followed);
      if (isNullGiven && call.isResultUsed) for (const after of states) noteAnswerOfNull(context, after, call, values);
      return states;
    }
    const lookedAt = noteHandedOn(context, state, call, place, values);
    if (lookedAt.size > 0) {
      // What changes nothing leaves memory as it is.
      if (context.environment.changesNothing(name, values.length))
        return executeReader(context, state, call, place, values);
      for (const position of lookedAt) print(context, state, values[position]);
      return executeUnknown(context, state, call, place, values, lookedAt);
    }
  }
  const states = executeBodiless(context, state, call, place, values, knowledge);
  if (isNullGiven) for (const after of states) noteAskedOfNull(context, after.registers[call.destination]);
  return states;
}

/**
 * What the callee gives the function may be nothing that is to be freed, or what it was given itself; or it may keep the address of a
 * variable of the function's own.
 */
function mayGetOther(context: AnalysisContext, state: State, call: CallInstruction, values: readonly Value[]): boolean {
  const { environment, releases } = context;
  if (values.some((value) => isNoBlock(context, value) || isGiven(context, value))) {
    const { returned, kept, keptInVariable, keptBehind } = environment.gives(call.callee);
    const isOfInterest = (value: Value, position: number): boolean => {
      if (isGiven(context, value)) return isPositionIn(keptInVariable, position);
      const isBack = call.isResultUsed && position === returned;
      return (isBack || isPositionIn(kept | keptBehind, position)) && isNoBlock(context, value);
    };
    if (values.some(isOfInterest)) return true;
  }
  if (!releases || !(call.isResultUsed || values.some((value) => isOwnAddress(context, state, value)))) return false;
  // Whether a structure owns what it points to is told by a member of it, which is set where it is begun.
  if (values.some((value) => isOwnAddress(context, state, value) && isRecord(context, value))) return true;
  return environment.gives(call.callee).isOther;
}

function isRecord({ table, places }: AnalysisContext, pointer: Value): boolean {
  const shape = table.values[pointer];
  return shape.kind === 'address' && places.isRecordPlace(shape.location);
}

/** A pointer that the function was given itself. */
function isGiven({ table, ir }: AnalysisContext, value: Value): boolean {
  const shape = table.values[table.base(value)];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'parameter') return false;
  return ir.variables[ir.parameters[shape.origin.index]].pointerDepth > 0;
}

/**
 * The summary of a callee that is asked whether a pointer is there which the function was given, and whose answer a branch goes by: the
 * function's own callers learn from how it ends whether theirs is.
 */
function testOfParameter(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
): Summary | undefined {
  const isOpen = (value: Value): boolean => isGiven(context, value) && !state.facts.has(value);
  if (!call.isResultUsed || !values.some(isOpen) || !isResultTested(context, call, place)) return undefined;
  const summary = context.environment.summary(call.callee, values.length, true);
  if (!summary || summary.isIncomplete || !answersOfParameter(context, state, values, summary, summary.cases))
    return undefined;
  return summary;
}

/** The address of a variable, or of a literal where something is freed. */
function isNoBlock({ table, ir, releases }: AnalysisContext, value: Value): boolean {
  const shape = table.values[table.base(value)];
  if (shape.kind === 'symbol' && shape.origin.kind === 'aggregate')
    return shape.origin.parts.some((part) => table.values[part.value].kind === 'address');
  if (shape.kind !== 'address') return false;
  const root = table.locations[table.root(shape.location)];
  return releases || (root.kind === 'variable' && ['local', 'parameter'].includes(ir.variables[root.variable].kind));
}

/**
 * The C library's function gives or takes memory, and one of the name in sight has nothing to do with any: a stub that tests put in
 * its place. What is written here is written for the library's.
 */
function isStubbed({ environment }: AnalysisContext, name: string, shipped: FunctionModel, count: number): boolean {
  if (!hasOwnership(shipped) || isOfOtherLibrary(name)) return false;
  return environment.isDefined(name) && environment.changesNothing(name, count);
}

/** A call of a function of whose body nothing is told, but perhaps that it changes nothing. */
function executeBodiless(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  { isStandard, declared, model, isFatal }: CalleeKnowledge,
): State[] {
  const name = call.callee;
  if (context.environment.changesNothing(name, values.length))
    return executeReader(context, state, call, place, values);
  if (declared) return executeDeclared(context, state, call, place, values, declared);
  const isOther = !isStandard && isCalledOtherwise(model, values.length);
  if (model && !isOther) return executeModel(context, state, call, place, values, fitted(model, name, values.length));
  if (isFatal) {
    context.mayEnd = true;
    return [];
  }
  return executeUnknown(context, state, call, place, values);
}

/** The numbers of errors are less than a page from the end of the address space, where no memory is (Linux: MAX_ERRNO). */
const MAXIMUM_ERROR = 4095;

/** Whether a value is an error's number in place of a pointer, where that is known. */
function tellErrorPointer(
  { table }: AnalysisContext,
  state: State,
  value: Value,
  what: NonNullable<FunctionModel['tellsErrorPointer']>,
): boolean | undefined {
  const number = table.integerOf(value);
  if (number !== undefined && number !== 0) return number < 0 && number >= -MAXIMUM_ERROR ? true : undefined;
  if (isNull(table, state, value)) return what === 'error-or-null';
  if (table.values[table.base(value)].kind === 'address') return false;
  const region = state.regions.get(table.base(value));
  const isMemory = region?.allocation !== undefined && region.status !== 'failed';
  return isMemory && (what === 'error' || isNonNull(table, state, value)) ? false : undefined;
}

/**
 * `ok(made == NULL, "refused");` is told whether a pointer is NULL, and tells nobody: it checks that it is. Where there is
 * memory after all the test has failed, and nobody frees what was not to be.
 */
function noteExpectedNull(context: AnalysisContext, state: State, values: readonly Value[]): void {
  const { table } = context;
  for (const value of values) {
    const shape = table.values[value];
    if (shape.kind !== 'binary' || shape.operator !== '==' || shape.right !== table.zero) continue;
    if (state.regions.has(table.base(shape.left))) escapeValue(context, state, shape.left);
  }
}

/** The function in sight never returns when it is given these numbers: `report(FATAL, "…")`. */
function endsByNumbers(context: AnalysisContext, name: string, values: readonly Value[]): boolean {
  const { table, environment } = context;
  if (!values.some((value) => table.values[value].kind === 'integer')) return false;
  const deciding = environment.decidingNumbers(name);
  if (deciding.length === 0) return false;
  const given = numbersAmong(table, values, deciding);
  return given.size > 0 && environment.endsGiven(name, given);
}

/** `handler->fail("…")`, where the declarations of `fail` say that it never returns. */
function callsNoreturnMember(context: AnalysisContext, call: CallInstruction, { block, instruction }: Place): boolean {
  const { instructions } = context.ir.blocks[block];
  const loaded = definitionOf(instructions, instruction, call.pointer!);
  const place = loaded?.op === 'load' ? definitionOf(instructions, instruction, loaded.address) : undefined;
  return place?.op === 'field' && context.places.isNoreturnMember(place.name);
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
  if (model.purity && !hasOwnership(model)) return executePure(context, state, call, place, values, model.purity);
  for (const position of model.looksAt ?? []) {
    if (position >= values.length) continue;
    if (model.reads.includes(position))
      noteUnwrittenRead(context, state, context.table.pointee(values[position]), call.argumentOrigins[position], place);
    lookAt(context, state, call, place, values, position);
  }
  const settled = new Set(model.looksAt);
  if (model.frees) settled.add(model.frees.argument);
  executeUnknown(context, state, call, place, values, settled);
  if (model.frees && model.frees.argument < values.length) {
    return executeDeallocation(context, state, call, place, values, model.frees) ? [state] : [];
  }
  if (model.allocates) {
    state.registers[call.destination] = allocate(context, state, place, model.allocates, [], model.allocates.nullable);
  } else if (model.returnsNonNull) assume(context.table, state, state.registers[call.destination], true);
  return [state];
}

/** A function that changes nothing: of a constant one the same arguments have the same answer (GCC's manual, "const"). */
function executePure(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  purity: NonNullable<FunctionModel['purity']>,
): State[] {
  executeReader(context, state, call, place, values);
  if (purity === 'constant') {
    state.registers[call.destination] = constantAnswer(context, state, call.callee, values);
  }
  return [state];
}

/** A callee that is not in sight only looks at an argument: it stays the caller's, though what it leads to may be taken. */
function lookAt(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  position: number,
): void {
  const site = context.site(place.block, place.instruction, call.origin, call.callee, []);
  noteFreedArguments(context, state, call, values, site, (each) => each === position);
  print(context, state, values[position]);
  escapeReachable(context, state, values[position]);
}

/** A function that writes to its second argument is not the one that is called with one; scanf() may have nothing to write. */
function isCalledOtherwise(model: FunctionModel | undefined, argumentCount: number): boolean {
  if (model?.parameterCounts && !model.parameterCounts.includes(argumentCount)) return true;
  if (!model || model.writes.length === 0 || model.scan !== undefined) return false;
  return model.writes.every((position) => position >= argumentCount);
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
function tracksSomething(context: AnalysisContext, state: State): boolean {
  const { regions } = state;
  let isPublished = false;
  for (let i = 0; i < regions.size; i++) {
    const region = regions.valueAt(i);
    if (region.status !== 'escaped' || region.isUnchecked || region.handovers !== undefined) return true;
    isPublished ||= region.isPublished;
  }
  return isPublished && isHeldOutside(context, state);
}

/** A variable outside of functions holds memory of which no code out of sight has learned. */
function isHeldOutside({ table, ir }: AnalysisContext, { memory, regions }: State): boolean {
  for (let i = 0; i < memory.size; i++) {
    const shape = table.locations[memory.keyAt(i)];
    if (shape.kind !== 'variable') continue;
    const { kind } = ir.variables[shape.variable];
    if (kind !== 'global' && kind !== 'static') continue;
    if (regions.get(table.base(memory.valueAt(i)))?.isPublished) return true;
  }
  return false;
}
