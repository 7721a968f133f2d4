import { analyseNullFlow } from '../analysis/null-flow.ts';
import { releasesResults } from '../analysis/release-names.ts';
import { fillsObjects } from '../analysis/released-objects.ts';
import { addressedFunctions, calledVariables } from '../analysis/stored-functions.ts';
import { analyseControlFlow } from '../ir/control-flow.ts';
import { mayUseEnded } from '../ir/ended-objects.ts';
import { findGivenResult, type GivenResult, NOTHING_GIVEN_BACK } from '../ir/given-results.ts';
import { type BlockId, type FunctionIr, type Register, successors, type VariableId } from '../ir/instructions.ts';
import { holdsOnlyNull } from '../ir/null-variables.ts';
import { changesNothing } from '../ir/readers.ts';
import { mayLetStackAddressesEscape } from '../ir/stack-addresses.ts';
import { storedNulls } from '../ir/stored-nulls.ts';
import type { FunctionModel } from '../models/function-model.ts';
import { isStandardAllocator, type ModelRegistry } from '../models/registry.ts';
import type { Relevance } from './function-memo.ts';
import type { Answers, Ask } from './questions.ts';

/** What is known of a function without following its paths. */
export function findRelevance(ir: FunctionIr, models: ModelRegistry, ask: Ask): Relevance {
  const effectOf = (name: string): Answers['effect'] => {
    if (models.isNoreturn(name) || ask('noreturn', name)) return 'noreturn';
    const isModelled = isStandardAllocator(name) || models.configured(name) || !ask('defined', name);
    if (isModelled && models.isMemoryFunction(name)) return 'memory';
    const cycle = ask('cycle', name);
    if (cycle === '') return ask('effect', name);
    return cycle === 'noreturn' ? cycle : '';
  };
  const effects = new Map(ir.callees.map((name) => [name, effectOf(name)]));
  const givers = ir.callees.filter((name) => effects.get(name) === 'null');
  const isRelevant =
    [...effects.values()].includes('memory') ||
    namesMemoryFunction(
      ir,
      (name) => effectOf(name) === 'memory',
      (name) => (ask('defined', name) ? ask('telling-parameters', name).functions : []),
    ) ||
    storedFunctions(ir, ask).some((name) => effectOf(name) === 'memory') ||
    mayLetStackAddressesEscape(
      ir,
      (name) => givenBy(name, models, ask),
      () => [...storedFunctions(ir, ask), ...addressedFunctions(ir)].map((name) => givenBy(name, models, ask)),
    ) ||
    releasesResults(ir, (name) => models.shipped(name)) ||
    fillsObjects(ir) ||
    mayUseEnded(ir, (name) => (ask('defined', name) ? undefined : models.shipped(name)?.frees?.argument)) ||
    speaksOfNull(ir, models, ask) ||
    holdsOnlyNull(ir);
  const isForNull = !isRelevant && (storedNulls(ir).stores || givers.length > 0);
  return {
    isRelevant: isRelevant || isForNull,
    isForNull,
    givesNull:
      storedNulls(ir).gives || (givers.length > 0 && returnsCall(ir, (callee) => effects.get(callee) === 'null')),
    isNoreturn: neverReturns(ir, (callee) => effects.get(callee) === 'noreturn'),
    endsByArgument: endsByArgument(ir, (callee) => ['noreturn', 'ending'].includes(effects.get(callee) ?? '')),
    gives: findGivenResult(ir, (callee) => givenBy(callee, models, ask)),
    changesNothing: changesNothing(ir, (callee, argumentCount) => {
      const effect = effects.get(callee);
      if (effect === 'nothing') return ask('fits', callee, argumentCount);
      return effect === '' && !ask('defined', callee) && isHarmless(models, models.shipped(callee));
    }),
  };
}

/**
 * The address of a function that gives or takes memory is stored in a variable, or returned: it may be called through that. Or it
 * is given to a callee, which calls it.
 */
function namesMemoryFunction(
  ir: FunctionIr,
  isMemory: (name: string) => boolean,
  calledBy: (callee: string) => readonly number[],
): boolean {
  return ir.blocks.some(({ instructions }) => {
    const named = new Map<Register, string>();
    const own = new Set<Register>();
    return instructions.some((instruction) => {
      if (instruction.op === 'store' && own.has(instruction.address)) {
        const name = named.get(instruction.value);
        if (name !== undefined && isMemory(name)) return true;
      }
      if (instruction.op === 'call' && instruction.callee !== '' && named.size > 0) {
        const names = instruction.arguments.map((argument) => named.get(argument));
        const isTold = (name: string | undefined): boolean => name !== undefined && isMemory(name);
        if (names.some(isTold) && calledBy(instruction.callee).some((position) => isTold(names.at(position))))
          return true;
      }
      if (!('destination' in instruction)) return false;
      named.delete(instruction.destination);
      own.delete(instruction.destination);
      if (instruction.op === 'function') named.set(instruction.destination, instruction.name);
      else if (instruction.op === 'variable') own.add(instruction.destination);
      return false;
    });
  });
}

/** What a callee gives its callers, as its body says, or its model. */
function givenBy(callee: string, models: ModelRegistry, ask: Ask): GivenResult {
  if (ask('defined', callee)) return ask('cycle', callee) === '' ? ask('gives', callee) : NOTHING_GIVEN_BACK;
  const model = models.shipped(callee);
  if (!model) return NOTHING_GIVEN_BACK;
  const family = model.allocates && models.family(model.allocates.family);
  // What is the library's own, or is no memory of the heap.
  const isOther = family !== undefined && (family.kind === 'library' || !(family.isMemory || family.isLeakable));
  return { ...NOTHING_GIVEN_BACK, isOther, returned: model.returnsArgument ?? -1 };
}

/** The functions that a body may call through constants outside of functions. */
function storedFunctions(ir: FunctionIr, ask: Ask): readonly string[] {
  const called = ir.callees.filter((name) => !ask('defined', name));
  return [...called, ...calledVariables(ir)].flatMap((name) => ask('stored-functions', name));
}

/** The model of a function that only looks at what it is given. */
function isHarmless(models: ModelRegistry, model: FunctionModel | undefined): boolean {
  if (!model) return false;
  const { writes, keeps, frees, allocates, out, reallocates, endsArena, scan } = model;
  // What stays the library's is no new memory.
  const isNew = allocates && models.family(allocates.family).kind !== 'library';
  const isActive = frees ?? (isNew ? allocates : undefined) ?? out ?? reallocates ?? endsArena ?? scan;
  return isActive === undefined && writes.length === 0 && keeps.length === 0;
}

/** The function says itself that a pointer is NULL which it dereferences, or tests it too late. */
function speaksOfNull(ir: FunctionIr, models: ModelRegistry, ask: Ask): boolean {
  const flow = analyseNullFlow(ir, () => analyseControlFlow(ir), {
    modelOf: (callee) => models.shipped(callee),
    declaredModelOf: (callee) => ask('model', callee),
    isInSight: (callee) => ask('one-body', callee),
    followsLiterals: false,
  });
  return flow?.isOfInterest ?? false;
}

/** What one of the calls gives is returned as it is. */
function returnsCall({ blocks }: FunctionIr, isMeant: (callee: string) => boolean): boolean {
  return blocks.some(
    ({ instructions, terminator }) =>
      terminator.kind === 'return' &&
      instructions.some((each) => each.op === 'call' && each.destination === terminator.value && isMeant(each.callee)),
  );
}

/**
 * True when no path through the blocks of a function returns, as `isNoreturn` tells of the functions it calls. Unlike the
 * analysis this follows no values: it is quick, and right about the wrappers around exit() that matter.
 */
export function neverReturns(ir: FunctionIr, isNoreturn: (callee: string) => boolean): boolean {
  if (ir.isNoreturn) return true;
  const seen = new Set<BlockId>();
  const pending = [ir.entry];
  while (pending.length > 0) {
    const id = pending.pop()!;
    if (seen.has(id)) continue;
    seen.add(id);
    const block = ir.blocks[id];
    const isCut = block.instructions.some(
      (instruction) => instruction.op === 'call' && instruction.callee !== '' && isNoreturn(instruction.callee),
    );
    if (isCut) continue;
    if (block.terminator.kind === 'return') return false;
    pending.push(...successors(block.terminator));
  }
  return true;
}

/** True when a number that the function is given is handed to a call that may end the program, as `exit(status)` is. */
function endsByArgument(ir: FunctionIr, mayEnd: (callee: string) => boolean): boolean {
  const isNumber = (variable: VariableId): boolean =>
    ir.parameters.includes(variable) && ir.variables[variable].pointerDepth === 0;
  for (const { instructions } of ir.blocks) {
    /** Registers that hold the address of such a parameter, or what it holds. */
    const numbers = new Set<Register>();
    for (const instruction of instructions) {
      if (instruction.op === 'sequence-point') numbers.clear();
      else if (instruction.op === 'variable' && isNumber(instruction.variable)) numbers.add(instruction.destination);
      else if (instruction.op === 'load' && numbers.has(instruction.address)) numbers.add(instruction.destination);
      else if (instruction.op === 'call' && instruction.callee !== '' && mayEnd(instruction.callee)) {
        if (instruction.arguments.some((argument) => numbers.has(argument))) return true;
      }
    }
  }
  return false;
}

/** Of a function that was not understood nothing is followed. */
export const NOTHING_RELEVANT: Relevance = {
  isRelevant: false,
  isForNull: false,
  isNoreturn: false,
  changesNothing: false,
  givesNull: false,
  endsByArgument: false,
  gives: NOTHING_GIVEN_BACK,
};
