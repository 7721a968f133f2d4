import { analyseControlFlow, analyseLiveness } from '../ir/control-flow.ts';
import type { BlockId, FunctionIr, Instruction, Origin, Terminator } from '../ir/instructions.ts';
import { takeParts } from './aggregates.ts';
import { noteConversion } from './allocation-sizes.ts';
import { isBelieved } from './beliefs.ts';
import { noteAccess } from './block-bounds.ts';
import { noteCounted, noteSame, noteTested } from './branch-notes.ts';
import { type CallInstruction, executeCall } from './calls.ts';
import { assume, isNull } from './constraints.ts';
import { AnalysisContext, type AnalysisEnvironment } from './context.ts';
import { definitionOf } from './definitions.ts';
import { isGuess, noteAnswer } from './doubt.ts';
import { nullPointerBy } from './every-way.ts';
import { noteUnexpectedSuccess } from './expected-failures.ts';
import { forgetDead, forgetUnnamed } from './forget.ts';
import { noteFreedStore, noteReread } from './freed-uses.ts';
import { noteGivenRead } from './given-places.ts';
import { noteOutcome } from './handovers.ts';
import type { KeyLevel } from './heap-key.ts';
import { noteExitHoldings } from './holdings.ts';
import { initialisePart } from './initialisers.ts';
import { BlockStates, joinAlike } from './join.ts';
import { isOwned, noteLost, noteOverwritten, reportLosses } from './leaks.ts';
import { noteTurn } from './loop-allocations.ts';
import { enterBlock } from './loops.ts';
import {
  escapeValue,
  invalidateMemory,
  isPrivate,
  iterationAt,
  loadValue,
  renewedSymbol,
  storeValue,
} from './memory.ts';
import { noteNullTest } from './null-dereferences.ts';
import { binaryOperation, unaryOperation } from './operations.ts';
import { dereference, type Place } from './regions.ts';
import { noteSizeof } from './size-facts.ts';
import { endLifetime, noteAddressStore, noteDeadUse } from './stack-escapes.ts';
import { placesHolding } from './stale.ts';
import { noteStaleTest } from './stale-tests.ts';
import { changedRegion, type Site, State, siteKey } from './state.ts';
import { noteStatusAsked } from './status-asked.ts';
import type { ToldArguments } from './told-arguments.ts';
import { noteUnwrittenRead } from './unwritten-memory.ts';
import { type Location, NO_VALUE, type Value } from './values.ts';

/**
 * Groups of states that one point keeps apart, by how much tells them apart: with more, less does. What goes beyond the
 * last is given up, and said to be.
 */
export const MAXIMUM_DISJUNCTS: Readonly<Record<KeyLevel, number>> = { turns: 16, flags: 16, heap: 64, held: 128 };
/** Executions of blocks in one function before the analysis gives up on the rest of its paths. */
export const MAXIMUM_BLOCK_EXECUTIONS = 10_000;
/** The same for each of its blocks: the longest functions need more to be seen to their ends. */
export const MAXIMUM_EXECUTIONS_PER_BLOCK = 10;

/** Hears what the paths of a function do, for those who want to know more than the flaws. */
export interface PathListener {
  /** Wants to know what locals hold that nobody reads any more. */
  readonly keepsLocals?: boolean;
  /** Called behind every instruction on every path. */
  after(context: AnalysisContext, state: State, instruction: Instruction, block: BlockId, position: number): void;
  /** Called at the end of a block on every path, before it branches. */
  leave?(state: State, block: BlockId): void;
  /** Called once, when all paths were followed. */
  finish(context: AnalysisContext): void;
}

/**
 * Follows the paths of a function symbolically, in the manner of Infer's Pulse: a bounded set of disjuncts per block,
 * loops taken a few times and then widened. Blocks run in a weak topological order, so that all states of a merge point have
 * arrived when it runs. A listener, if given, is told of every step. Arguments that are told are all that the parameters
 * ever hold at the entry.
 */
export function interpret(
  ir: FunctionIr,
  environment: AnalysisEnvironment,
  listener?: PathListener,
  told?: ToldArguments,
): AnalysisContext {
  const flow = analyseControlFlow(ir);
  const context = new AnalysisContext(ir, flow, analyseLiveness(ir, flow), environment);
  context.keepsLocals = listener?.keepsLocals ?? false;
  new Interpreter(context, listener).run(told);
  listener?.finish(context);
  return context;
}

/** The place of a load from a variable, in which nothing can happen. */
const NOWHERE: Place = { block: 0, instruction: 0, origin: { start: 0, end: 0 }, callee: '' };

class Interpreter {
  readonly #context: AnalysisContext;
  readonly #listener: PathListener | undefined;
  readonly #pending: State[][];
  readonly #met: (BlockStates | undefined)[];
  readonly #budget: number;
  #executions = 0;
  /** Ranks in the order with pending states: the lowest runs next. */
  #lowest = 0;

  constructor(context: AnalysisContext, listener: PathListener | undefined) {
    this.#context = context;
    this.#listener = listener;
    this.#budget = Math.max(MAXIMUM_BLOCK_EXECUTIONS, context.ir.blocks.length * MAXIMUM_EXECUTIONS_PER_BLOCK);
    this.#pending = context.flow.order.map(() => []);
    this.#met = context.flow.order.map(() => undefined);
  }

  run(told?: ToldArguments): void {
    const { ir, table, flow } = this.#context;
    const state = new State();
    for (const [index, variable] of ir.parameters.entries()) {
      const given = told?.get(index);
      const value =
        given === undefined
          ? table.symbol({ kind: 'parameter', index })
          : typeof given === 'number'
            ? table.integer(given)
            : table.addressOf(table.functionLocation(given));
      state.bind(table.variable(variable), value);
    }
    this.#pending[flow.rank[ir.entry]].push(state);
    for (;;) {
      while (this.#lowest < this.#pending.length && this.#pending[this.#lowest].length === 0) this.#lowest++;
      if (this.#lowest === this.#pending.length) return;
      const rank = this.#lowest;
      const states = this.#pending[rank];
      this.#pending[rank] = [];
      const block = flow.order[rank];
      for (const ready of this.#admit(block, rank, states)) {
        if (++this.#executions > this.#budget) {
          this.#context.isIncomplete = true;
          return;
        }
        this.#execute(block, ready);
      }
    }
  }

  /** Of the states that arrived at a block, those that say something new; joined when there are too many. */
  #admit(block: BlockId, rank: number, states: State[]): State[] {
    const { flow } = this.#context;
    const isMergePoint = flow.predecessors[block].length > 1;
    if (!isMergePoint) return states;
    for (const state of states) forgetDead(this.#context, block, state);
    const met = this.#met[rank] ?? new BlockStates();
    this.#met[rank] = met;
    const admitted = met.admit(this.#context, block, states, MAXIMUM_DISJUNCTS);
    if (admitted.wasCut) this.#context.isIncomplete = true;
    return admitted.states;
  }

  /**
   * Runs a block from its beginning. Calls may end in several ways: the states go on side by side, and those that became
   * alike are joined between statements, so that a hundred calls in a row do not make more states than one.
   */
  #execute(block: BlockId, initial: State): void {
    const { instructions, terminator } = this.#context.ir.blocks[block];
    let states = [initial];
    for (let i = 0; i < instructions.length && states.length > 0; i++) {
      const instruction = instructions[i];
      if (instruction.op === 'call') {
        states =
          states.length === 1
            ? this.#call(states[0], instruction, block, i)
            : states.flatMap((state) => this.#call(state, instruction, block, i));
      } else if (instruction.op === 'sequence-point') {
        // A place for a statement is none of its own.
        if (instruction.point) {
          for (const state of states) this.#listener?.after(this.#context, state, instruction, block, i);
          continue;
        }
        for (const state of states) this.#endExpression(state, block, i);
        if (states.length > 1) {
          for (const state of states) forgetUnnamed(this.#context, state);
          const joined = joinAlike(this.#context, block, i, states, MAXIMUM_DISJUNCTS);
          if (joined.wasCut) this.#context.isIncomplete = true;
          states = joined.states;
        }
      } else if (states.length === 1) {
        // The common case, without a list of its own for each instruction.
        if (!this.#step(states[0], instruction, block, i)) return;
      } else {
        states = states.filter((state) => this.#step(state, instruction, block, i));
      }
      if (this.#listener) {
        for (const state of states) this.#listener.after(this.#context, state, instruction, block, i);
      }
      this.#executions += states.length >> 2;
    }
    for (const state of states) {
      this.#listener?.leave?.(state, block);
      this.#leave(block, state, terminator);
    }
  }

  #call(state: State, call: CallInstruction, block: BlockId, position: number): State[] {
    return executeCall(this.#context, state, call, {
      block,
      instruction: position,
      origin: call.origin,
      callee: call.callee,
    });
  }

  /** Executes one instruction; false when the path ends there. */
  #step(
    state: State,
    instruction: Exclude<Instruction, CallInstruction | { readonly op: 'sequence-point' }>,
    block: BlockId,
    position: number,
  ): boolean {
    const context = this.#context;
    const { table } = context;
    const { registers } = state;
    const siteId = (block * 4096 + position) * 2 + 1;
    switch (instruction.op) {
      case 'constant':
        registers[instruction.destination] = table.integer(instruction.value);
        return true;
      case 'string':
        registers[instruction.destination] = table.addressOf(table.literal(instruction.origin.start));
        return true;
      case 'function':
        if (context.isSharedFunction(instruction.name)) table.sharedFunctions.add(instruction.name);
        registers[instruction.destination] = table.addressOf(table.functionLocation(instruction.name));
        return true;
      case 'named':
        registers[instruction.destination] = table.symbol({ kind: 'named', key: instruction.key });
        return true;
      case 'sizeof':
        registers[instruction.destination] = noteSizeof(context, instruction);
        return true;
      case 'convert':
        noteConversion(context, state, instruction);
        return true;
      case 'unknown':
        registers[instruction.destination] = renewedSymbol(context, state, {
          kind: 'unknown',
          site: -siteId,
          iteration: state.iteration,
        });
        return true;
      case 'variable':
        registers[instruction.destination] = table.addressOf(table.variable(instruction.variable));
        return true;
      case 'field':
        registers[instruction.destination] = table.addressOf(
          context.member(table.pointee(registers[instruction.base]), instruction.name),
        );
        return true;
      case 'element':
        registers[instruction.destination] = table.addressOf(
          table.element(table.pointee(registers[instruction.base]), registers[instruction.index]),
        );
        return true;
      case 'load':
      case 'store': {
        const address = registers[instruction.address];
        const isVariable = instruction.op === 'load' && !instruction.pointer;
        const place = isVariable ? NOWHERE : { block, instruction: position, origin: instruction.origin, callee: '' };
        // `(size_t)((T *)0)->member`: where T has its member is asked for, which may be an array for all that is in sight.
        if (instruction.op === 'load' && instruction.pointer && this.#isOffset(address)) {
          registers[instruction.destination] = address;
          return true;
        }
        if (instruction.pointer) {
          noteDeadUse(context, state, address, instruction.pointer, place);
          if (!dereference(context, state, address, instruction.pointer, place, [])) return false;
          noteAccess(context, state, address, instruction.address, instruction.pointer, place);
        }
        const location = table.pointee(address);
        if (instruction.op === 'load') {
          const shape = table.locations[location];
          // The first element of the array is at the same place, and is read as what it is.
          if (shape.kind === 'field' && this.#readsArray(location, shape.name, block, position)) {
            registers[instruction.destination] = table.addressOf(location);
            return true;
          }
          // A member that nothing in sight declares may be an array, of which only the address is read.
          const isKnown = shape.kind !== 'field' || context.environment.memberTraits(shape.name) !== 0;
          if (instruction.pointer && isKnown) noteUnwrittenRead(context, state, location, instruction.origin, place);
          let value = loadValue(context, state, location);
          // A member of a zeroed structure that is declared nowhere in sight is an array, where something is written to it.
          if (value === table.possibleNull && !isKnown && this.#isFilled(block, position)) {
            value = table.addressOf(location);
          }
          // A variable that was zeroed as a whole may be an array by its typedef.
          if (shape.kind === 'variable' && table.integerOf(value) === 0 && context.isArrayByType(shape.variable)) {
            value = table.addressOf(location);
          }
          noteReread(context, state, location, value);
          if (instruction.pointer && isKnown)
            noteGivenRead(context, state, location, value, place, instruction.address);
          registers[instruction.destination] = value;
        } else {
          const value = registers[instruction.value];
          const isNumber = (table.integerOf(value) ?? 0) !== 0;
          // What memory held before matters only where realloc's NULL may replace it. Behind the store it may be called otherwise.
          const isFailure = state.regions.get(value)?.status === 'failed';
          const isInMemory = isFailure && !state.memory.has(location);
          const lastHeld = isInMemory ? loadValue(context, state, location) : undefined;
          // A pointer that is known to be a variable's address writes nothing but that.
          const isVariablePart = table.locations[table.root(location)].kind === 'variable';
          const mayWritePointers = instruction.mayWritePointers && !isNumber && !isVariablePart;
          if (mayWritePointers && !isPrivate(context, state, location)) {
            invalidateMemory(context, state, 0x100000 + siteId);
          }
          const before = lastHeld ?? state.memory.get(location);
          const parts = takeParts(context, state, location);
          storeValue(context, state, location, value, siteId);
          if (parts.length > 0) {
            const site = () => context.site(block, position, instruction.origin, '', []);
            noteLost(context, state, parts, [value], site, 'overwrite');
          }
          noteAddressStore(context, state, location, value, place);
          // Loops free what stands in arrays; which elements they reach is more than their bounds tell.
          const base = table.base(value);
          const region = state.regions.get(base);
          const isOwn = isOwned(context, region) || region?.isPublished === true;
          const mayBeInLoop = (isOwn || isBelieved(region)) && context.flow.loopBlocks.size > 0;
          if (mayBeInLoop && goesToVariableElement(context.ir.blocks[block].instructions, position)) {
            state.setRegion(
              base,
              changedRegion(region, { isInArray: isOwn, handovers: isOwn ? region.handovers : undefined }),
            );
          }
          const target = table.locations[location];
          if (target.kind === 'variable' && context.ir.variables[target.variable].pointerDepth > 0) {
            if (!isOwnOrNull(context, state, before)) context.foreignOverwrites.add(siteKey(block, position));
          }
          if (state.regions.size > 0) {
            const site = (): Site => context.site(block, position, instruction.origin, '', []);
            if (before !== undefined && before !== value)
              noteOverwritten(context, state, location, before, value, site);
            noteFreedStore(context, state, location, value, site);
          }
        }
        return true;
      }
      case 'binary':
        registers[instruction.destination] = binaryOperation(
          context,
          state,
          instruction.operator,
          registers[instruction.left],
          registers[instruction.right],
        );
        return true;
      case 'unary':
        registers[instruction.destination] = unaryOperation(
          context,
          state,
          instruction.operator,
          registers[instruction.operand],
        );
        return true;
      case 'declare':
        storeValue(
          context,
          state,
          table.variable(instruction.variable),
          table.symbol({ kind: 'uninitialised', variable: instruction.variable }),
          siteId,
        );
        return true;
      case 'scope-end':
        this.#endScopes(state, instruction.variables, block, position, instruction.origin);
        return true;
      case 'escape':
        if (!initialisePart(context, state, instruction, siteId))
          escapeValue(context, state, registers[instruction.value]);
        return true;
      case 'forget':
        for (const variable of instruction.variables) {
          const location = table.variable(variable);
          escapeValue(context, state, loadValue(context, state, location));
          storeValue(
            context,
            state,
            location,
            table.symbol({ kind: 'unknown', site: -siteId, iteration: iterationAt(state, variable) }),
            siteId,
          );
          state.expose(variable);
        }
        return true;
    }
  }

  /** True when the address that an instruction loads from is that of an array among the members, and not of an element of one. */
  #readsArray(location: Location, name: string, block: BlockId, position: number): boolean {
    const context = this.#context;
    if (!context.isArrayMember(name) && !context.isUnionMember(location)) return false;
    const { instructions } = context.ir.blocks[block];
    const { address } = instructions[position] as Extract<Instruction, { op: 'load' }>;
    const defining = instructions
      .slice(0, position)
      .findLast((each) => 'destination' in each && each.destination === address);
    return defining?.op === 'field' && context.isArrayPart(location, defining.name);
  }

  /** The address of a member, declared nowhere in sight, of what would be at address 0. */
  #isOffset(address: Value): boolean {
    const { table, environment } = this.#context;
    if (table.base(address) !== table.zero) return false;
    const shape = table.locations[table.pointee(address)];
    return shape.kind === 'field' && environment.memberTraits(shape.name) === 0;
  }

  /** What a load gives is where a library function writes to, or an element of it is reached. */
  #isFilled(block: BlockId, position: number): boolean {
    const { ir, environment } = this.#context;
    const { instructions } = ir.blocks[block];
    const { destination } = instructions[position] as Extract<Instruction, { op: 'load' }>;
    for (let i = position + 1; i < instructions.length; i++) {
      const next = instructions[i];
      if (next.op === 'sequence-point') return false;
      if (next.op === 'element' && next.base === destination) return true;
      const written = next.op === 'call' ? environment.models.shipped(next.callee)?.writes : undefined;
      if (next.op === 'call' && written?.some((argument) => next.arguments[argument] === destination)) return true;
      if ('destination' in next && next.destination === destination) return false;
    }
    return false;
  }

  /** Variables die. What a return leaves behind is for its exit to say: the value that it returns may be held by one. */
  #endScopes(state: State, variables: readonly number[], block: BlockId, position: number, origin: Origin): void {
    const context = this.#context;
    const { table } = context;
    const { terminator, instructions } = context.ir.blocks[block];
    const isReturning = terminator.kind === 'return' && terminator.origin.start === origin.start;
    if (isReturning && instructions[position - 1]?.op !== 'scope-end') {
      noteExitHoldings(context, state, context.site(block, instructions.length, terminator.origin, '', []));
    }
    const roots = context.rootsOf(variables);
    // Whoever returns the address of a variable means to give what it holds with it.
    const returned = isReturning && terminator.value !== undefined ? state.registers[terminator.value] : undefined;
    const shape = returned === undefined ? undefined : table.values[returned];
    if (shape?.kind === 'address' && roots.has(table.root(shape.location))) escapeValue(context, state, returned!);
    const held: Value[] = [];
    const { memory } = state;
    for (let i = 0; i < memory.size; i++) {
      if (!roots.has(table.root(memory.keyAt(i)))) continue;
      const value = memory.valueAt(i);
      const region = state.regions.get(table.base(value));
      if (isOwned(context, region) || isBelieved(region)) held.push(value);
    }
    endLifetime(context, state, variables);
    if (held.length === 0 || isReturning) return;
    noteLost(context, state, held, [], () => context.site(block, position, origin, '', []), 'scope');
  }

  /** A full expression ends: what only its registers held is lost. */
  #endExpression(state: State, block: BlockId, position: number): void {
    const context = this.#context;
    const { registers } = state;
    let held: Value[] | undefined;
    if (context.endedTemporaries.size > 0) {
      for (const variable of context.endedTemporaries.get(siteKey(block, position)) ?? []) {
        state.unbind(context.table.variable(variable));
      }
    }
    if (state.regions.size > 0) {
      for (const value of registers) {
        if (value === undefined || !isOwned(context, state.regions.get(context.table.base(value)))) continue;
        held ??= [];
        held.push(value);
      }
    }
    registers.length = 0;
    if (!held) return;
    const before = context.ir.blocks[block].instructions.slice(0, position);
    const last = before.findLast((each) => 'origin' in each) as { origin: Origin };
    noteLost(context, state, held, [], () => context.site(block, position, last.origin, '', []), 'ignored');
  }

  #leave(block: BlockId, state: State, terminator: Terminator): void {
    const context = this.#context;
    switch (terminator.kind) {
      case 'goto':
        this.#context.taken.note(block, terminator.target, NO_VALUE);
        this.#propagate(block, terminator.target, state);
        return;
      case 'return': {
        const position = context.ir.blocks[block].instructions.length;
        const site = context.site(block, position, terminator.origin, '', []);
        const value = terminator.value === undefined ? undefined : state.registers[terminator.value];
        context.exits.push({ state, value, site });
        return;
      }
      case 'branch': {
        const condition = state.registers[terminator.condition];
        noteStaleTest(this.#context, state, condition, terminator, block);
        const other = state.fork();
        this.#take(block, terminator.whenTrue, state, condition, true, terminator);
        this.#take(block, terminator.whenFalse, other, condition, false, terminator);
        return;
      }
      default:
        return;
    }
  }

  #take(
    block: BlockId,
    target: BlockId,
    state: State,
    condition: Value,
    truth: boolean,
    terminator: Extract<Terminator, { kind: 'branch' }>,
  ): void {
    const { table } = this.#context;
    if (terminator.isInlined) noteCounted(this.#context, state, condition);
    if (isGuess(table, state, condition, truth)) {
      const isCareful = (terminator.isInlined && !terminator.isLeaving) || this.#context.testsOfCleared.has(block);
      if (isCareful) state.isDoubtful = true;
    }
    if (terminator.isLastLabel && !truth) state.isDoubtful = true;
    if (!assume(table, state, condition, truth)) return;
    noteSame(this.#context, state, condition, truth);
    noteStatusAsked(this.#context, state, condition);
    if (!noteAnswer(this.#context, state, condition, truth, block)) return;
    noteOutcome(this.#context, state, condition, truth);
    const { configuration } = terminator;
    if (configuration && truth !== configuration.usual) {
      // Two unusual answers that have nothing to do with one another: perhaps nobody builds that.
      if ((state.unusualConfigurations & ~configuration.related) !== 0) return;
      state.unusualConfigurations |= 1 << configuration.number;
    }
    if (!noteTested(this.#context, state, condition, terminator.origin)) return;
    if (!terminator.isInlined) noteNullTest(this.#context, state, condition, block, target, terminator.origin);
    else if (!noteUnexpectedSuccess(this.#context, state, condition, truth, block, terminator)) return;
    this.#context.taken.note(block, target, nullPointerBy(this.#context, condition, truth));
    this.#propagate(block, target, state);
  }

  /** A condition was the end of its expression: `if (!malloc(n))` keeps nothing of what it was given. */
  #dropRegisters(from: BlockId, kept: number, state: State): void {
    const context = this.#context;
    const { terminator, instructions } = context.ir.blocks[from];
    if (terminator.kind !== 'branch') return;
    const { table } = context;
    const held: Value[] = [];
    for (const instruction of instructions) {
      // What was loaded stands in memory as well.
      if (instruction.op !== 'call' || instruction.destination < kept) continue;
      const value = state.registers[instruction.destination];
      if (value !== undefined && isOwned(context, state.regions.get(table.base(value)))) held.push(value);
    }
    if (held.length === 0) return;
    if (terminator.isInlined) {
      // A macro of a test asks no more of the result than whether it is NULL, which it is expected to be.
      for (const value of held) {
        if (placesHolding(context, state, table.base(value)).length === 0) escapeValue(context, state, value);
      }
      return;
    }
    const site = (): Site => context.site(from, instructions.length, terminator.origin, '', []);
    // Of a register that is set later on there is no value yet.
    const keptValues = state.registers.slice(0, kept).filter((value) => value !== undefined);
    noteLost(context, state, held, keptValues, site, 'ignored');
  }

  #propagate(from: BlockId, to: BlockId, state: State): void {
    const { flow, ir } = this.#context;
    const { liveRegisters } = ir.blocks[to];
    if (state.registers.length > liveRegisters) {
      if (state.regions.size > 0) this.#dropRegisters(from, liveRegisters, state);
      state.registers.length = liveRegisters;
    }
    if (flow.isLoopHead[to]) noteTurn(this.#context, from, to, state);
    enterBlock(this.#context, from, to, state);
    if (state.losses.size > 0 && flow.isLoopHead[to] === 1 && flow.loopBlocks.get(to)!.has(from)) {
      // The loop goes on without it: also in a program that never returns.
      reportLosses(this.#context, state);
      state.clearLosses();
    }
    const rank = flow.rank[to];
    this.#pending[rank].push(state);
    if (rank < this.#lowest) this.#lowest = rank;
  }
}

/** What a variable may be given to a deallocator for. */
function isOwnOrNull({ table, environment }: AnalysisContext, state: State, value: Value | undefined): boolean {
  if (value === undefined || table.base(value) !== value) return false;
  const region = state.regions.get(value);
  if (!region) return isNull(table, state, value);
  return (
    region.status === 'failed' || (region.status === 'allocated' && environment.models.family(region.family).isLeakable)
  );
}

/** True when the store at a position writes an element whose index is no constant in the program's text. */
function goesToVariableElement(instructions: readonly Instruction[], position: number): boolean {
  const store = instructions[position];
  if (store.op !== 'store') return false;
  let definition = definitionOf(instructions, position, store.address);
  while (definition?.op === 'field') definition = definitionOf(instructions, position, definition.base);
  return definition?.op === 'element' && definitionOf(instructions, position, definition.index)?.op !== 'constant';
}
