import { keptIn, keptPer } from '../base/kept.ts';
import { operandsOf, variableRead } from '../ir/definitions.ts';
import type { BlockId, Register, VariableId } from '../ir/instructions.ts';
import { hasOwnership } from './callee-knowledge.ts';
import type { CallInstruction } from './calls.ts';
import { factOf, signOf } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { isCountedOut, noteEntry } from './counted-turns.ts';
import { takeOver } from './given-up.ts';
import { isCallersNumber } from './invalidation.ts';
import { storedRoots, writesPointersAlone } from './loop-stores.ts';
import { forgetAnswersOfTurns } from './meetings.ts';
import { changeEpoch, changeFieldEpoch, escapeValue, isElement, isPrivate, renewedSymbols } from './memory.ts';
import { changedRegion, NO_FACT, type Region, type Site, type State, UNKNOWN_REGION } from './state.ts';
import { loseAddress } from './unwritten-memory.ts';
import type { Location, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/** How often a loop's head is met on one path before what the loop changes is widened: first entry and two more turns. */
export const MAXIMUM_TURNS = 2;
/** The turn of a loop that was widened: behind all that are counted. */
const WIDENED_TURN = 100;

interface LoopEffects {
  readonly variables: readonly VariableId[];
  /** The loop writes memory other than by plain assignments to variables, or calls something. */
  readonly writesMemory: boolean;
  /** The members that the loop's own text writes; undefined where it writes behind pointers or to elements as well. */
  readonly members: ReadonlySet<string> | undefined;
  /** The loop calls what may write memory, or hands something to code out of sight. */
  readonly callsOthers: boolean;
  /** At its end the loop asks for what lies behind a pointer that it changes. */
  readonly asksWhatMoves: boolean;
  /** The variables among those that the loop writes which a branch out of it reads. */
  readonly tested: ReadonlySet<VariableId>;
  /** The variables whose blocks the loop makes longer, with the call that does. */
  readonly grown: ReadonlyMap<VariableId, Site>;
}

const effectsByHead = keptPer((_: AnalysisContext) => new Map<BlockId, LoopEffects>());

/** True when some loop around a block writes memory, itself or through a callee that is no library function. */
export function mayRewriteMemory(context: AnalysisContext, block: BlockId): boolean {
  for (const blocks of context.flow.loopBlocks.values()) {
    if (!blocks.has(block)) continue;
    for (const id of blocks) {
      const isNamed = new Set<number>();
      for (const instruction of context.ir.blocks[id].instructions) {
        if (instruction.op === 'variable') isNamed.add(instruction.destination);
        else if ('destination' in instruction) isNamed.delete(instruction.destination);
        if (instruction.op === 'store' && !isNamed.has(instruction.address)) return true;
        if (instruction.op === 'call' && mayWrite(context, instruction)) return true;
      }
    }
  }
  return false;
}

/** No library function is called, and no callee in sight that writes nothing. */
function mayWrite({ environment }: AnalysisContext, { callee, arguments: { length } }: CallInstruction): boolean {
  if (environment.models.shipped(callee)) return false;
  const summary = callee === '' ? undefined : environment.summary(callee, length, true);
  if (!summary || summary.isIncomplete) return true;
  return summary.cases.some(
    ({ writes, blurs, invalidatesMemory }) => invalidatesMemory || writes.length > 0 || blurs.length > 0,
  );
}

/** What the blocks of a loop may write. */
function loopEffects(context: AnalysisContext, head: BlockId): LoopEffects {
  return keptIn(effectsByHead(context), head, () => findEffects(context, head));
}

function findEffects(context: AnalysisContext, head: BlockId): LoopEffects {
  const variables = new Set<VariableId>();
  let writesMemory = false;
  let storesElsewhere = false;
  let callsOthers = false;
  const members = new Set<string>();
  for (const block of context.flow.loopBlocks.get(head) ?? []) {
    const addresses = new Map<number, VariableId>();
    const constants = new Set<number>();
    const fields = new Map<number, string>();
    for (const instruction of context.ir.blocks[block].instructions) {
      if (instruction.op === 'variable') {
        addresses.set(instruction.destination, instruction.variable);
        continue;
      }
      if (instruction.op === 'constant') constants.add(instruction.destination);
      else if ('destination' in instruction) constants.delete(instruction.destination);
      if (instruction.op === 'declare') variables.add(instruction.variable);
      if (instruction.op === 'forget') for (const variable of instruction.variables) variables.add(variable);
      if (instruction.op === 'call') {
        writesMemory = true;
        callsOthers ||= !leavesMemory(context, instruction);
      } else if (instruction.op === 'escape' || instruction.op === 'forget') callsOthers = true;
      if (instruction.op === 'store') {
        const variable = addresses.get(instruction.address);
        if (variable === undefined) {
          writesMemory = true;
          const member = fields.get(instruction.address);
          if (member === undefined) storesElsewhere = true;
          else members.add(member);
        }
        // A flag takes few values, each known: the paths that set it must stay apart from those that do not.
        else if (!constants.has(instruction.value)) variables.add(variable);
      }
      if ('destination' in instruction) {
        addresses.delete(instruction.destination);
        if (instruction.op === 'field') fields.set(instruction.destination, instruction.name);
        else fields.delete(instruction.destination);
      }
    }
  }
  return {
    variables: [...variables],
    writesMemory,
    members: storesElsewhere ? undefined : members,
    callsOthers,
    asksWhatMoves: asksBehind(context, head, variables),
    tested: testedAtExits(context, head, variables),
    grown: grownVariables(context, head),
  };
}

/** What is called writes nothing, and keeps, gives and takes nothing. */
function leavesMemory({ environment }: AnalysisContext, call: CallInstruction): boolean {
  if (call.callee === '') return false;
  if (environment.changesNothing(call.callee, call.arguments.length)) return true;
  const model = environment.isDefined(call.callee) ? undefined : environment.models.shipped(call.callee);
  // strsep() moves the pointer that it is given the place of.
  if (!model || hasOwnership(model) || model.advances !== undefined) return false;
  return model.writes.length === 0 && model.keeps.length === 0 && model.scan === undefined && !model.endsArena;
}

/** `buffer = realloc(buffer, size)`, by whatever name the result goes first. */
function grownVariables(context: AnalysisContext, head: BlockId): ReadonlyMap<VariableId, Site> {
  const { models } = context.environment;
  const grown = new Map<VariableId, Site>();
  for (const block of context.flow.loopBlocks.get(head) ?? []) {
    const { instructions } = context.ir.blocks[block];
    for (const [position, instruction] of instructions.entries()) {
      if (instruction.op !== 'call' || instruction.callee === '') continue;
      const model = models.modelOf(instruction.callee);
      const argument = model?.reallocates && instruction.arguments.at(model.reallocates.argument);
      const variable = argument === undefined ? undefined : variableRead(instructions, position, argument);
      if (variable === undefined || grown.has(variable)) continue;
      grown.set(variable, context.site(block, position, instruction.origin, instruction.callee, []));
    }
  }
  return grown;
}

/** The branch that goes back to a loop's head, as at the end of `do … while`, hangs on what lies behind one of some variables. */
function asksBehind(context: AnalysisContext, head: BlockId, variables: ReadonlySet<VariableId>): boolean {
  const inside = context.flow.loopBlocks.get(head);
  for (const block of context.flow.predecessors[head]) {
    if (block === head || !inside?.has(block)) continue;
    const { instructions, terminator } = context.ir.blocks[block];
    if (terminator.kind !== 'branch') continue;
    /** The registers that the condition is made of, and whether they are addresses of what it reads behind a pointer. */
    const parts = new Map<Register, boolean>([[terminator.condition, false]]);
    for (let position = instructions.length - 1; position >= 0; position--) {
      const instruction = instructions[position];
      // Behind it registers are numbered anew.
      if (instruction.op === 'sequence-point') break;
      const isBehind = 'destination' in instruction ? parts.get(instruction.destination) : undefined;
      if (isBehind === undefined) continue;
      if (instruction.op === 'variable' && isBehind && variables.has(instruction.variable)) return true;
      const isRead = instruction.op === 'load' && instruction.pointer !== undefined;
      const operands = instruction.op === 'load' ? [instruction.address] : operandsOf(instruction);
      for (const operand of operands) parts.set(operand, isBehind || isRead || parts.get(operand) === true);
    }
  }
  return false;
}

/** Of some variables those that the branches read by which control leaves a loop. */
function testedAtExits(
  context: AnalysisContext,
  head: BlockId,
  variables: ReadonlySet<VariableId>,
): ReadonlySet<VariableId> {
  const tested = new Set<VariableId>();
  const inside = context.flow.loopBlocks.get(head);
  for (const block of inside ?? []) {
    const { instructions, terminator } = context.ir.blocks[block];
    if (terminator.kind !== 'branch' || (inside!.has(terminator.whenTrue) && inside!.has(terminator.whenFalse)))
      continue;
    for (const instruction of instructions) {
      if (instruction.op === 'variable' && variables.has(instruction.variable)) tested.add(instruction.variable);
    }
  }
  return tested;
}

/** The variables whose values the loop stores in memory: what they point to has another holder once it made a turn. */
function storedVariables(context: AnalysisContext, head: BlockId): readonly VariableId[] {
  return keptIn(storedByHead(context), head, () => findStored(context, head));
}

function findStored(context: AnalysisContext, head: BlockId): readonly VariableId[] {
  const found = new Set<VariableId>();
  for (const block of context.flow.loopBlocks.get(head) ?? []) {
    const addresses = new Map<number, VariableId>();
    const loaded = new Map<number, VariableId>();
    for (const instruction of context.ir.blocks[block].instructions) {
      if (instruction.op === 'store') {
        const target = addresses.get(instruction.address);
        const variable = loaded.get(instruction.value);
        if (variable !== undefined && (target === undefined || isShared(context, target))) found.add(variable);
      }
      if (!('destination' in instruction)) continue;
      // `rows[i] = block + i * size;` stores the block as well, and so does `rows[i].first = &block[i].member;`.
      const source =
        instruction.op === 'load'
          ? addresses.get(instruction.address)
          : instruction.op === 'binary'
            ? loaded.get(instruction.left)
            : instruction.op === 'element' || instruction.op === 'field'
              ? loaded.get(instruction.base)
              : undefined;
      addresses.delete(instruction.destination);
      loaded.delete(instruction.destination);
      if (instruction.op === 'variable') addresses.set(instruction.destination, instruction.variable);
      else if (source !== undefined) loaded.set(instruction.destination, source);
    }
  }
  return [...found];
}

const storedByHead = keptPer((_: AnalysisContext) => new Map<BlockId, readonly VariableId[]>());

function isShared({ ir }: AnalysisContext, variable: VariableId): boolean {
  const { kind } = ir.variables[variable];
  return kind === 'global' || kind === 'static';
}

/**
 * A loop ends before its first turn. What its turns would have stored is not thought lost: that there are none, of the
 * planes of a picture or the rows of a table, is hardly what its author had in mind. Nor is that none of its turns stores what was
 * made in front of the loop, though each looks whether it should.
 */
function leaveLoop(context: AnalysisContext, head: BlockId, state: State, turns: number): void {
  if (state.regions.size === 0) return;
  const inside = context.flow.loopBlocks.get(head);
  for (const variable of storedVariables(context, head)) {
    const value = state.memory.get(context.table.variable(variable));
    if (value === undefined) continue;
    const made = state.regions.get(context.table.base(value))?.allocation;
    if (turns === 1 || (made && !inside?.has(made.block))) silence(context, state, value);
  }
}

/**
 * Counts the turns of the loops around a block that control enters from another, and widens a loop that was taken often
 * enough.
 */
export function enterBlock(context: AnalysisContext, from: BlockId, to: BlockId, state: State): void {
  const { flow } = context;
  if (flow.isLoopHead[to] === 0 && staysInside(context, state.loops, to)) return;
  const loops = new Map<BlockId, number>();
  for (const [head, turns] of state.loops) {
    if (flow.loopBlocks.get(head)?.has(to)) loops.set(head, turns);
    else if (from === head) leaveLoop(context, head, state, turns);
  }
  if (flow.isLoopHead[to] === 1) {
    const isBackEdge = flow.loopBlocks.get(to)!.has(from);
    const turns = isBackEdge ? (loops.get(to) ?? 1) + 1 : 1;
    if (!isBackEdge) noteEntry(context, to, state);
    if (isBackEdge) doubtReplaced(context, to, state);
    if (turns > MAXIMUM_TURNS && !isCountedOut(context, to, state, turns)) {
      state.isInWidenedLoop = true;
      widen(context, to, state, turns > WIDENED_TURN);
      loops.set(to, WIDENED_TURN);
    } else {
      loops.set(to, turns);
    }
  }
  state.loops = loops;
  state.isInWidenedLoop = isWidened(loops);
  state.iteration = iterationOf(loops);
}

/** The common case: the block lies in all the loops that control is in. */
function staysInside(context: AnalysisContext, loops: ReadonlyMap<BlockId, number>, to: BlockId): boolean {
  for (const head of loops.keys()) if (!context.flow.loopBlocks.get(head)?.has(to)) return false;
  return true;
}

/** True when one of the loops around was taken so often that it was widened. */
export function isWidened(loops: ReadonlyMap<BlockId, number>): boolean {
  for (const turns of loops.values()) if (turns === WIDENED_TURN) return true;
  return false;
}

/** A number for the turns that the loops around are in; equal turns have equal numbers, whatever the order. */
export function iterationOf(loops: ReadonlyMap<BlockId, number>): number {
  let iteration = 0;
  for (const [head, turns] of loops) {
    let hash = Math.imul(head * 128 + turns + 1, 0x9e3779b1);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    iteration = (iteration + (hash ^ (hash >>> 13))) & 0xfffff;
  }
  return iteration;
}

/** Replaces what the loop may change by symbols of which nothing is known, so that the next turn finds a fixpoint. */
function widen(context: AnalysisContext, head: BlockId, state: State, isAgain: boolean): void {
  const { table } = context;
  const effects = loopEffects(context, head);
  const replaced: Location[] = [];
  // A loop that has counted so far may be at its end, of which the widened number no longer tells; nor does it in later turns.
  const forgets =
    isAgain ||
    [...effects.tested].some((variable) => {
      const value = state.memory.get(table.variable(variable));
      return value !== undefined && table.integerOf(value) !== undefined;
    });
  for (const variable of effects.variables) {
    const root = table.variable(variable);
    for (let i = state.memory.size - 1; i >= 0; i--) {
      const location = state.memory.keyAt(i);
      if (location === root || table.root(location) !== root) continue;
      loseAddress(context, state, state.memory.get(location)!);
      state.unbind(location);
    }
    if (forgets || !holdsFreed(state, state.memory.get(root))) replaced.push(root);
  }
  const roots = effects.writesMemory ? storedRoots(context, head, state) : undefined;
  // `while (*text->at == ' ') text->at++;` changes what is called `at`, wherever it is, and nothing else.
  const written = effects.callsOthers ? undefined : effects.members;
  if (effects.writesMemory) {
    const { memory } = state;
    for (let i = 0; i < memory.size; i++) {
      const location = memory.keyAt(i);
      const root = table.locations[table.root(location)];
      const isPlainVariable = root.kind === 'variable' && table.locations[location].kind === 'variable';
      if (isPlainVariable || (roots && !roots.has(table.root(location)))) continue;
      if (written && !isWithinMember(table, location, written)) continue;
      if (staysPrivate(context, state, location, effects.members)) continue;
      if (isCallersNumber(context, location) && writesPointersAlone(context, head)) continue;
      replaced.push(location);
    }
  }
  forgetAnswersOfTurns(context, state, context.flow.loopBlocks.get(head)!, replaced);
  const grown = replaced.map((location) => grownBlock(context, effects.grown, state, location));
  /** By place in `replaced`: the pointer to the block that the loop walks through with it. */
  const blocks = replaced.map((location): Value | undefined => {
    const held = state.memory.get(location);
    if (held === undefined) return undefined;
    loseAddress(context, state, held);
    const base = table.base(held);
    if (table.locations[location].kind === 'variable' && isElement(table, held) && state.regions.has(base)) {
      // It names an old meaning of the symbol that the place is about to get.
      state.unbind(location);
      return base;
    }
    silence(context, state, held);
    return undefined;
  });
  // What holds of a variable on every way back to the head holds there: its sign, as bounds would grow for ever.
  const signs = replaced.map((location) => {
    const held = table.locations[location].kind === 'variable' ? state.memory.get(location) : undefined;
    return held === undefined ? NO_FACT : signOf(factOf(table, state, held));
  });
  const symbols = renewedSymbols(
    context,
    state,
    replaced.map((location) => ({ kind: 'merged', location, block: head, iteration: -1 })),
  );
  for (let i = 0; i < replaced.length; i++) {
    const block = blocks[i];
    if (block !== undefined) {
      state.bind(replaced[i], table.addressOf(table.element(table.pointee(block), symbols[i])));
      continue;
    }
    context.boundMerged(replaced[i], symbols[i]);
    state.bind(replaced[i], symbols[i]);
    if (signs[i] !== NO_FACT) state.setFact(symbols[i], signs[i]);
    const region = grown[i];
    if (region) state.setRegion(symbols[i], region);
  }
  if (!effects.writesMemory || roots) return;
  // What was read from memory before may have changed as well.
  if (!written) changeEpoch(context, state, -(head + 1));
  else for (const member of written) changeFieldEpoch(context, state, member, -(head + 1));
}

/** The location is one of some members, of whatever object, or a part of one. */
function isWithinMember(table: ValueTable, location: Location, members: ReadonlySet<string>): boolean {
  for (let shape = table.locations[location]; ; shape = table.locations[shape.parent]) {
    if (shape.kind === 'field' && members.has(shape.name)) return true;
    if (shape.kind !== 'field' && shape.kind !== 'element') return false;
  }
}

/**
 * What only this function can reach changes in a loop where the loop's text says so. What the loop calls reaches only what it is given,
 * and then this is private no more. Memory that is held there is given up all the same: a callee may walk through the places one by one.
 */
function staysPrivate(
  context: AnalysisContext,
  state: State,
  location: Location,
  members: ReadonlySet<string> | undefined,
): boolean {
  if (members === undefined) return false;
  const { table } = context;
  const shape = table.locations[location];
  const isWhole = shape.kind === 'pointee';
  const isMember =
    shape.kind === 'field' && !members.has(shape.name) && table.locations[shape.parent].kind === 'pointee';
  if ((!isWhole && !isMember) || !isPrivate(context, state, location)) return false;
  return !state.regions.has(table.base(state.memory.get(location)!));
}

/**
 * A variable that a counted turn left with a freed pointer keeps it: what one turn allocates and the next one frees, the third
 * uses or frees again. There are as many such values as sites of allocation, so that the loop still comes to a fixpoint.
 */
function holdsFreed(state: State, value: Value | undefined): boolean {
  const region = value === undefined ? undefined : state.regions.get(value);
  return region?.status === 'freed' && region.isDefinite && !region.isFromWidenedTurn && !region.isUsed;
}

/**
 * A buffer that a loop makes longer is one block in all its turns, which is lost where realloc() fails in any of them. Nothing else is
 * told of it: whether there is one hangs on what the loop counts, which nobody knows any more.
 * @returns What becomes of it in the widened turns; undefined for places that hold no such block.
 */
function grownBlock(
  context: AnalysisContext,
  grown: LoopEffects['grown'],
  state: State,
  location: Location,
): Region | undefined {
  const shape = context.table.locations[location];
  const allocation = shape.kind === 'variable' ? grown.get(shape.variable) : undefined;
  const value = allocation && state.memory.get(location);
  const region = value === undefined ? undefined : state.regions.get(value);
  if (region?.status !== 'allocated' || !region.allocation || region.isInArray || region.isUnchecked) return undefined;
  // Whoever made it first, it is the same block: paths that differ in that alone would go on apart.
  return changedRegion(UNKNOWN_REGION, {
    status: 'allocated',
    family: region.family,
    allocation,
    isFromWidenedTurn: true,
  });
}

/**
 * Where a loop asks at its end what a moving pointer points to, as in `do … while (*argv)`, and asks again in the next turn, it no
 * longer knows the answer: paths that differ in memory meet at its head. That a variable which the loop gives other values still
 * has the freed one proves nothing there.
 */
function doubtReplaced(context: AnalysisContext, head: BlockId, state: State): void {
  if (state.regions.size === 0) return;
  const effects = loopEffects(context, head);
  if (!effects.asksWhatMoves) return;
  for (const variable of effects.variables) {
    const value = state.memory.get(context.table.variable(variable));
    const region = value === undefined ? undefined : state.regions.get(value);
    if (region?.status === 'freed' && region.isDefinite)
      state.setRegion(value!, changedRegion(region, { isDefinite: false }));
  }
}

/** A region that only the widened places held must not be thought lost. */
function silence(context: AnalysisContext, state: State, value: number): void {
  if (state.givenUp.size > 0) takeOver(state, value);
  const base = context.table.base(value);
  const region = state.regions.get(base);
  if (region?.status === 'allocated' || region?.handovers !== undefined) escapeValue(context, state, value);
}
