import { analyseControlFlow, analyseLiveness, isInLoop } from '../ir/control-flow.ts';
import type { BlockId, FunctionIr, Instruction, Terminator } from '../ir/instructions.ts';
import { executeLoad, executeStore } from './accesses.ts';
import { noteConversion } from './allocation-sizes.ts';
import { noteCounted, noteSame, noteTested } from './branch-notes.ts';
import { noteOutcome } from './call-outcomes.ts';
import { type CallInstruction, executeCall } from './calls.ts';
import { assume } from './constraints.ts';
import { AnalysisContext, type AnalysisEnvironment } from './context.ts';
import { isGuess, noteAnswer } from './doubt.ts';
import { noteErrorTold } from './error-places.ts';
import { nullPointerBy } from './every-way.ts';
import { isFailedCheck, noteUnexpectedSuccess } from './expected-failures.ts';
import { forgetDead, forgetUnnamed } from './forget.ts';
import type { KeyLevel } from './heap-key.ts';
import { initialisePart } from './initialisers.ts';
import { BlockStates, joinAlike } from './join.ts';
import { reportLosses } from './leaks.ts';
import { dropRegisters, endExpression, endScopes } from './lifetimes.ts';
import { noteTurn } from './loop-allocations.ts';
import { enterBlock } from './loops.ts';
import { escapeValue, iterationAt, loadValue, renewedSymbol, storeValue } from './memory.ts';
import { noteNullTest } from './null-dereferences.ts';
import { binaryOperation, unaryOperation } from './operations.ts';
import { indexOfRow } from './rows.ts';
import { noteSizeof } from './size-facts.ts';
import { noteStaleTest } from './stale-tests.ts';
import { State, siteKey } from './state.ts';
import { noteStatusAsked } from './status-asked.ts';
import type { ToldArguments } from './told-arguments.ts';
import { namedNumber } from './unsigned-values.ts';
import { NO_VALUE, type Value } from './value-shapes.ts';

/**
 * Groups of states that one point keeps apart, by how much tells them apart: with more, less does. What goes beyond the
 * last is given up, and said to be.
 */
export const MAXIMUM_DISJUNCTS: Readonly<Record<KeyLevel, number>> = { turns: 16, flags: 16, heap: 64, held: 128 };
/** Executions of blocks in one function before the analysis gives up on the rest of its paths. */
export const MAXIMUM_BLOCK_EXECUTIONS = 10_000;
/** So many blocks more are executed for paths that are on their way out. */
const MAXIMUM_EXECUTIONS_LEFT = 500;
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

/** An instruction that one state executes, and that leaves one or none. */
type PlainInstruction = Exclude<Instruction, CallInstruction | { readonly op: 'sequence-point' }>;

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
      const admitted = this.#admit(block, rank, states);
      for (const [position, ready] of admitted.entries()) {
        if (++this.#executions > this.#budget) {
          this.#context.isIncomplete = true;
          this.#pending[rank] = admitted.slice(position);
          this.#runOut();
          return;
        }
        this.#execute(block, ready);
      }
    }
  }

  /**
   * The budget is over, in a loop as a rule. Of the paths that have been followed so far those go to their ends which need no further turn:
   * errors that leave in front of the loop may have waited for it all the time.
   */
  #runOut(): void {
    const { flow } = this.#context;
    let left = MAXIMUM_EXECUTIONS_LEFT;
    for (const [rank, states] of this.#pending.entries()) {
      const block = flow.order[rank];
      if (states.length === 0 || isInLoop(flow, block)) continue;
      for (const state of states) {
        if (left-- <= 0) return;
        this.#execute(block, state);
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
            : this.#callAll(states, instruction, block, i);
      } else if (instruction.op === 'sequence-point') {
        // A place for a statement is none of its own.
        if (instruction.point) {
          for (const state of states) this.#listener?.after(this.#context, state, instruction, block, i);
          continue;
        }
        for (const state of states) endExpression(this.#context, state, block, i);
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
        states = this.#stepAll(states, instruction, block, i);
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

  // Closures have methods of their own here: where one is made in a loop, each turn of the loop has to keep its variables for it.
  #callAll(states: readonly State[], call: CallInstruction, block: BlockId, position: number): State[] {
    return states.flatMap((state) => this.#call(state, call, block, position));
  }

  #stepAll(states: readonly State[], instruction: PlainInstruction, block: BlockId, position: number): State[] {
    return states.filter((state) => this.#step(state, instruction, block, position));
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
  #step(state: State, instruction: PlainInstruction, block: BlockId, position: number): boolean {
    const context = this.#context;
    const { table } = context;
    const { registers } = state;
    const siteId = siteKey(block, position) * 2 + 1;
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
        registers[instruction.destination] = namedNumber(table, instruction.key);
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
          context.places.member(table.pointee(registers[instruction.base]), instruction.of, instruction.name),
        );
        return true;
      case 'element':
        registers[instruction.destination] = table.addressOf(
          table.element(
            table.pointee(registers[instruction.base]),
            indexOfRow(context, registers[instruction.index], instruction.type),
          ),
        );
        return true;
      case 'load':
        return executeLoad(context, state, instruction, block, position);
      case 'store':
        return executeStore(context, state, instruction, block, position, siteId);
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
        endScopes(context, state, instruction.variables, block, position, instruction.origin);
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

  #leavesLoop(block: BlockId, target: BlockId): boolean {
    for (const blocks of this.#context.flow.loopBlocks.values()) {
      if (blocks.has(block) && !blocks.has(target)) return true;
    }
    return false;
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
      // A loop that a macro makes, `FOREACH(node, list)`, ends some time, and is no care.
      const isCare = terminator.isInlined && !terminator.isLeaving && !this.#leavesLoop(block, target);
      const isCareful = isCare || this.#context.testsOfCleared.has(block);
      if (isCareful) state.isDoubtful = true;
    }
    if (terminator.isLastLabel && !truth) state.isDoubtful = true;
    if (!assume(table, state, condition, truth)) return;
    if (!noteErrorTold(this.#context, state, condition)) return;
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
    else {
      if (!noteUnexpectedSuccess(this.#context, state, condition, truth, block, terminator)) return;
      const other = target === terminator.whenTrue ? terminator.whenFalse : terminator.whenTrue;
      if (isFailedCheck(this.#context, block, target, other, terminator.origin)) return;
    }
    this.#context.taken.note(block, target, nullPointerBy(this.#context, condition, truth));
    this.#propagate(block, target, state);
  }

  #propagate(from: BlockId, to: BlockId, state: State): void {
    const { flow, ir } = this.#context;
    const { liveRegisters } = ir.blocks[to];
    if (state.registers.length > liveRegisters) {
      if (state.regions.size > 0) dropRegisters(this.#context, from, liveRegisters, state);
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
