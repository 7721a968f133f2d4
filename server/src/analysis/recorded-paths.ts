import type { BlockId, FunctionIr, InsertionPoint, Instruction, Origin } from '../ir/instructions.ts';
import type { AnalysisContext, AnalysisEnvironment } from './context.ts';
import type { Flaw } from './flaws.ts';
import { findBelievedLeaks } from './handovers.ts';
import { interpret, type PathListener } from './interpreter.ts';
import { noteLeaksAtExit } from './leaks.ts';
import type { Site, State } from './state.ts';
import type { Value } from './value-shapes.ts';

/*
 * The paths of a function, lowered with its insertion points, and what they know there: a search for a place where memory could be freed
 * goes back along them.
 */

/** States that are kept: a function with more has more paths than a repair can speak for. */
const MAXIMUM_STATES = 60_000;
const NOWHERE: Origin = { start: -1, end: -1 };

export type Leak = Extract<Flaw, { kind: 'leak' }>;

export interface Position {
  readonly block: BlockId;
  readonly index: number;
}

/** The states at one point of the function, one for each way in which the paths come there. */
export interface Moment extends Position {
  readonly point: InsertionPoint;
  readonly states: State[];
}

export interface RecordedPaths {
  readonly context: AnalysisContext;
  /** By `positionKey`. */
  readonly moments: ReadonlyMap<string, Moment>;
  /** The states in front of the branch at a block's end. */
  readonly ends: ReadonlyMap<BlockId, readonly State[]>;
  /** By allocation and position: where its memory is used, handed on or freed. */
  readonly uses: ReadonlyMap<string, ReadonlyMap<string, Origin>>;
  readonly leaks: readonly Leak[];
  /** There are more states than are kept. */
  readonly isCut: boolean;
}

/** A key for what one place in the text allocates, the same in every analysis of it. A call may give several blocks. */
export function allocationKey({ origin, inner }: Site): string {
  const innermost = inner.at(-1);
  return innermost
    ? `${origin.start}:${inner.length}:${innermost.functionName}:${innermost.origin.start}`
    : `${origin.start}`;
}

export function positionKey(block: BlockId, index: number): string {
  return `${block}:${index}`;
}

/**
 * Follows the paths of a function that was lowered with its insertion points.
 * @param keepsLocals also what nobody reads any more; a function may have too many paths for that
 */
export function recordPaths(ir: FunctionIr, environment: AnalysisEnvironment, keepsLocals: boolean): RecordedPaths {
  const recorder = new PathRecorder(keepsLocals);
  const context = interpret(ir, environment, recorder);
  const { moments, ends, uses, isCut } = recorder;
  return { context, moments, ends, uses, isCut, leaks: context.flaws.filter((flaw) => flaw.kind === 'leak') };
}

class PathRecorder implements PathListener {
  readonly keepsLocals: boolean;
  readonly moments = new Map<string, Moment>();
  readonly uses = new Map<string, Map<string, Origin>>();
  readonly ends = new Map<BlockId, State[]>();
  #stateCount = 0;

  constructor(keepsLocals: boolean) {
    this.keepsLocals = keepsLocals;
  }

  get isCut(): boolean {
    return this.#stateCount > MAXIMUM_STATES;
  }

  after(context: AnalysisContext, state: State, instruction: Instruction, block: BlockId, index: number): void {
    switch (instruction.op) {
      case 'sequence-point':
        if (instruction.point) this.#keep(state, instruction.point, { block, index });
        return;
      case 'load':
      case 'store': {
        const { address, pointer, origin } = instruction;
        if (pointer) this.#use(context, state, state.registers[address], { block, index }, origin);
        return;
      }
      case 'escape':
        this.#use(context, state, state.registers[instruction.value], { block, index }, { start: 0, end: 0 });
        return;
      case 'call':
        for (const register of instruction.arguments) {
          const value = state.registers[register];
          if (value === undefined) continue;
          this.#use(context, state, value, { block, index }, instruction.origin);
          this.#useBehind(context, state, value, { block, index }, instruction.origin);
        }
        return;
    }
  }

  leave(state: State, block: BlockId): void {
    this.#stateCount++;
    if (this.isCut) return;
    const known = this.ends.get(block);
    if (known) known.push(state.fork());
    else this.ends.set(block, [state.fork()]);
  }

  finish(context: AnalysisContext): void {
    for (const exit of context.exits) {
      noteLeaksAtExit(context, exit);
      if (exit.value === undefined) continue;
      const { block, instruction } = exit.site;
      // No statement can free it behind that: the place of the use is nowhere in the text.
      this.#use(context, exit.state, exit.value, { block, index: instruction }, NOWHERE);
    }
    findBelievedLeaks(context);
  }

  #keep(state: State, point: InsertionPoint, { block, index }: Position): void {
    this.#stateCount++;
    if (this.isCut) return;
    const id = positionKey(block, index);
    const known = this.moments.get(id);
    if (known) known.states.push(state.fork());
    else this.moments.set(id, { block, index, point, states: [state.fork()] });
  }

  #use(context: AnalysisContext, state: State, value: Value, { block, index }: Position, origin: Origin): void {
    const region = state.regions.get(baseOf(context, value));
    const allocation = region?.allocation ?? region?.source;
    if (!allocation) return;
    const key = allocationKey(allocation);
    let uses = this.uses.get(key);
    if (!uses) {
      uses = new Map();
      this.uses.set(key, uses);
    }
    uses.set(positionKey(block, index), origin);
  }

  /** A callee that is given the address of what holds pointers may use what they point to. */
  #useBehind(context: AnalysisContext, state: State, value: Value, position: Position, origin: Origin): void {
    const { table } = context;
    if (table.values[value].kind !== 'address' && !state.regions.has(value)) return;
    const root = table.root(table.pointee(value));
    for (const [location, held] of state.memory) {
      if (state.regions.has(table.base(held)) && table.root(location) === root) {
        this.#use(context, state, held, position, origin);
      }
    }
  }
}

function baseOf({ table }: AnalysisContext, value: Value): Value {
  const shape = table.values[value];
  if (shape.kind !== 'address') return table.base(value);
  const root = table.locations[table.root(shape.location)];
  return root.kind === 'pointee' ? table.base(root.pointer) : value;
}
