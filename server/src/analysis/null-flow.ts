import { type ControlFlow, reachableBlocks } from '../ir/control-flow.ts';
import {
  type BasicBlock,
  type BlockId,
  type FunctionIr,
  type Instruction,
  type Origin,
  type Register,
  successors,
} from '../ir/instructions.ts';
import type { FunctionModel } from '../models/function-model.ts';
import { scannedArguments, textArguments } from './formats.ts';

/*
 * Where a pointer may be NULL by the function's own words, and where it is dereferenced: a bit-vector analysis over the
 * places (variables, and members reached from them) that the function both dereferences and either tests or sets to NULL.
 * Cheap enough for every function, it tells which of them are worth following path by path, which tests to remember on
 * the way, and which tests come too late.
 */

/** Functions that mention more such places are cut: what is beyond is not looked at. */
const MAXIMUM_PLACES = 30;
/** Places further from their variable than this many members and pointers are not followed. */
const MAXIMUM_PATH_LENGTH = 48;

/** Copies of pointers beyond this many are not followed, nor copies of copies of copies. */
const MAXIMUM_COPIES = 64;
const MAXIMUM_COPY_ROUNDS = 2;

/** Names of functions that end the life of what they are given. */
const ENDING_NAME = /free|destroy|release|close|unref|delete|dispose|cleanup|clear|decref|_put/i;

/** A dereference, as a place in the blocks. */
export interface Dereference {
  readonly block: BlockId;
  readonly instruction: number;
  readonly origin: Origin;
  readonly pointer: Origin;
}

/**
 * The function's own text says that a pointer is NULL here: by setting it, on one side of a test, or by writing NULL itself
 * where a callee takes the pointer.
 */
export interface NullSource {
  readonly kind: 'assigned' | 'tested' | 'literal';
  /** Where control is when it is NULL: behind the store, or at the beginning of the branch's block. */
  readonly block: BlockId;
  readonly instruction: number;
  readonly origin: Origin;
  /** Every path from here comes to the dereference with the pointer unchanged. */
  readonly isSure: boolean;
  /** A test: what comes behind it when the pointer is NULL, and whether that says that its author thought of the case. */
  readonly exit?: NullExit;
}

/**
 * Where control goes when a test finds NULL:
 * - own: to statements that are there for this case (`if (!p) report();`, or behind a loop that ends only there);
 * - arm: to one value of a conditional expression (`p ? p->size : 0`), which says nothing of what comes behind it;
 * - shared: where it goes for other reasons, too (`if (p && p->size) … else …`);
 * - invariant: out of a loop that another part of its condition ends, too (`while (p && --n) p = p->next;`): it may be the
 *   other part that always does.
 */
export type NullExit = 'own' | 'arm' | 'shared' | 'invariant';

/** A pointer is tested although it was dereferenced on every path to the test, and has not changed since. */
export interface LateTest {
  readonly use: Dereference;
  readonly test: Origin;
  readonly testBlock: BlockId;
}

export interface NullFlow {
  /** By block: the branch at its end tests a pointer that is dereferenced where it may be NULL by that test. */
  readonly nullTests: ReadonlySet<BlockId>;
  /**
   * By `block:instruction` of a dereference, or of a call that is given the pointer: where it became NULL. Only where that
   * is sure: the pointer is NULL on every path that comes there, or every path from one of the sources does. What is NULL
   * on some of them hangs on conditions whose meaning nobody sees from here.
   */
  readonly sources: ReadonlyMap<string, readonly NullSource[]>;
  readonly lateTests: readonly LateTest[];
  /** False when there is nothing to find unless a callee dereferences a NULL that is written out. */
  readonly isOfInterest: boolean;
}

type Event =
  | { readonly kind: 'dereference'; readonly bits: number; readonly at: Dereference }
  | { readonly kind: 'null'; readonly bits: number; readonly at: Origin; readonly position: number }
  /** The pointer is handed to a callee, which may dereference it. */
  | { readonly kind: 'passed'; readonly bits: number; readonly position: number }
  /** A callee ends the life of what the pointer points to, by its name or its model. */
  | { readonly kind: 'ended'; readonly bits: number; readonly position: number }
  /** The callee is not in sight and may not return. */
  | { readonly kind: 'unknown-call'; readonly position: number }
  | { readonly kind: 'known' | 'changed'; readonly bits: number; readonly position: number }
  /** The place gets the value of another one. */
  | {
      readonly kind: 'copied';
      readonly bits: number;
      readonly from: number;
      readonly at: Origin;
      readonly position: number;
    };

interface Test {
  readonly bits: number;
  readonly nullTarget: BlockId;
  readonly isInlined: boolean;
  readonly origin: Origin;
}

interface Facts {
  /** NULL on some path. */
  mayBeNull: number;
  /** NULL on every path. */
  isNull: number;
  /** On every path: dereferenced while nothing was known, and unchanged since. */
  used: number;
  /** On every path: nothing is known of it. */
  unknown: number;
}

/**
 * What the analysis asks about called names: their models, and whether a body tells what they do. `followsLiterals` is for
 * functions that are followed path by path anyway: then a NULL written out as an argument is of interest, too.
 */
export interface Callees {
  modelOf(callee: string): FunctionModel | undefined;
  /** What attributes on the declarations of a function without a model say. */
  declaredModelOf(callee: string): FunctionModel | undefined;
  isInSight(callee: string): boolean;
  readonly followsLiterals: boolean;
}

/** Undefined when the function neither may dereference what it says is NULL nor tests what it has dereferenced. */
export function analyseNullFlow(ir: FunctionIr, flow: () => ControlFlow, callees: Callees): NullFlow | undefined {
  const { places, exposed, hasLiterals } = findPlaces(ir, callees);
  if (places.size === 0 && !hasLiterals && !callees.followsLiterals) return undefined;
  const { order } = flow();
  const events = new Map<BlockId, { events: Event[]; test: Test | undefined }>();
  const literals: Literal[] = [];
  for (const id of order) events.set(id, eventsOf(ir, ir.blocks[id], places, exposed, callees, literals));
  silenceUnknownCalls(ir, events);
  const all = 2 ** places.size - 1;
  const entries = new Map<BlockId, Facts>();
  entries.set(ir.entry, { mayBeNull: 0, isNull: 0, used: 0, unknown: all });
  for (let changed = true; changed; ) {
    changed = false;
    for (const id of order) {
      const entry = entries.get(id);
      if (!entry) continue;
      const block = events.get(id)!;
      const exit = { ...entry };
      for (const event of block.events) apply(exit, event);
      for (const target of successors(ir.blocks[id].terminator)) {
        if (merge(entries, target, along(exit, block.test, target))) changed = true;
      }
    }
  }
  return collect(ir, order, events, entries, literals);
}

/**
 * A call of something that is not in sight, on a way that a test opens for NULL and that control need not take otherwise,
 * may be how the function ends there: nothing is known of the pointer behind it.
 */
function silenceUnknownCalls(
  ir: FunctionIr,
  events: ReadonlyMap<BlockId, { events: Event[]; test: Test | undefined }>,
): void {
  for (const [id, { test }] of events) {
    const { terminator } = ir.blocks[id];
    if (!test || terminator.kind !== 'branch') continue;
    const other = terminator.whenTrue === test.nullTarget ? terminator.whenFalse : terminator.whenTrue;
    for (const block of reachable(ir, test.nullTarget, id)) {
      const list = events.get(block)?.events ?? [];
      if (!list.some(({ kind }) => kind === 'unknown-call') || !mayReturnWithout(ir, other, block)) continue;
      for (let i = list.length - 1; i >= 0; i--) {
        const event = list[i];
        if (event.kind !== 'unknown-call') continue;
        list.splice(i + 1, 0, { kind: 'known', bits: test.bits, position: event.position });
      }
    }
  }
}

function mayReturnWithout(ir: FunctionIr, from: BlockId, barrier: BlockId): boolean {
  for (const block of reachable(ir, from, barrier)) if (ir.blocks[block].terminator.kind === 'return') return true;
  return false;
}

/** A NULL written out as an argument; `isDereferenced` when a library function takes it that must not get it. */
interface Literal {
  readonly key: string;
  readonly at: NullSource;
  readonly isDereferenced: boolean;
}

/** The blocks that control comes to from a block, without passing `barrier`. */
function reachable(ir: FunctionIr, from: BlockId, barrier: BlockId): ReadonlySet<BlockId> {
  return from === barrier ? new Set() : reachableBlocks(ir, [from], (_, to) => to !== barrier);
}

interface Found {
  readonly block: BlockId;
  readonly position: number;
  readonly bits: number;
  /** Of these the pointer is NULL on every path. */
  readonly isNull: number;
}

function collect(
  ir: FunctionIr,
  order: readonly BlockId[],
  events: ReadonlyMap<BlockId, { events: Event[]; test: Test | undefined }>,
  entries: ReadonlyMap<BlockId, Facts>,
  literals: readonly Literal[],
): NullFlow | undefined {
  const lateTests: LateTest[] = [];
  const found: Found[] = [];
  const uses: { bits: number; at: Dereference }[] = [];
  const candidates: { bits: number; at: Omit<NullSource, 'isSure'> }[] = [];
  const copies: { bits: number; from: number }[] = [];
  for (const id of order) {
    const entry = entries.get(id);
    if (!entry) continue;
    const facts = { ...entry };
    const { events: list, test } = events.get(id)!;
    for (const event of list) {
      if (event.kind === 'dereference' || event.kind === 'passed') {
        const bits = event.bits & facts.mayBeNull;
        const position = event.kind === 'passed' ? event.position : event.at.instruction;
        if (bits !== 0) found.push({ block: id, position, bits, isNull: bits & facts.isNull });
        if (event.kind === 'dereference' && (event.bits & facts.unknown) !== 0) {
          uses.push({ bits: event.bits, at: event.at });
        }
      }
      if (event.kind === 'copied') {
        const { bits, from, at: origin, position: instruction } = event;
        copies.push({ bits, from });
        if ((facts.isNull & from) !== 0) {
          candidates.push({ bits, at: { kind: 'assigned', block: id, instruction, origin } });
        }
      }
      apply(facts, event);
    }
    if (test && !test.isInlined && (test.bits & facts.used) !== 0) {
      const use = nearest(
        uses.filter(({ bits }) => (bits & test.bits) !== 0),
        test.origin,
      );
      if (use && !guardsFree(ir, events, id, test) && !isForText(ir, test))
        lateTests.push({ use, test: test.origin, testBlock: id });
    }
  }
  const predecessors = predecessorsOf(ir, order);
  for (const id of order) {
    const { events: list, test } = events.get(id)!;
    for (const event of list) {
      if (event.kind !== 'null') continue;
      const { bits, at: origin, position: instruction } = event;
      candidates.push({ bits, at: { kind: 'assigned', block: id, instruction, origin } });
    }
    if (!test || test.isInlined) continue;
    candidates.push({
      bits: test.bits,
      at: {
        kind: 'tested',
        block: test.nullTarget,
        instruction: -1,
        origin: test.origin,
        exit: exitOf(ir, predecessors, id, test.nullTarget),
      },
    });
  }
  const sources = new Map<string, NullSource[]>();
  let isOfInterest = lateTests.length > 0;
  let nullBits = 0;
  for (const at of found) {
    const list = candidates
      .filter(({ bits }) => (bits & at.bits) !== 0)
      .map((source) => ({ ...source.at, isSure: isSure(ir, events, source.at, at, source.bits & at.bits) }))
      .filter((source) => source.isSure || at.isNull !== 0);
    if (list.length === 0) continue;
    sources.set(`${at.block}:${at.position}`, list);
    nullBits |= at.bits;
    isOfInterest = true;
  }
  for (const { key, at, isDereferenced } of literals) {
    sources.set(key, [...(sources.get(key) ?? []), at]);
    isOfInterest ||= isDereferenced;
  }
  if (sources.size === 0 && lateTests.length === 0) return undefined;
  // The test of what was copied tells of the copy.
  for (const { bits, from } of copies) if ((bits & nullBits) !== 0) nullBits |= from;
  const nullTests = new Set<BlockId>();
  for (const id of order) {
    const { test } = events.get(id)!;
    if (test && !test.isInlined && (test.bits & nullBits) !== 0) nullTests.add(id);
  }
  return { nullTests, sources, lateTests, isOfInterest };
}

/** True when every path from where the pointer became NULL comes to the other place, and the pointer stays as it is. */
function isSure(
  ir: FunctionIr,
  events: ReadonlyMap<BlockId, { events: Event[]; test: Test | undefined }>,
  from: Omit<NullSource, 'isSure'>,
  to: Found,
  bits: number,
): boolean {
  const seen = new Set<BlockId>();
  const pending: [BlockId, number][] = [[from.block, from.instruction]];
  while (pending.length > 0) {
    const [block, start] = pending.pop()!;
    let end = Number.POSITIVE_INFINITY;
    if (block === to.block && start < to.position) end = to.position;
    for (const event of events.get(block)?.events ?? []) {
      const position = positionOf(event);
      if (position <= start || position >= end) continue;
      if (
        (event.kind === 'changed' || event.kind === 'copied' || event.kind === 'known' || event.kind === 'null') &&
        (event.bits & bits) !== 0
      ) {
        return false;
      }
    }
    if (end !== Number.POSITIVE_INFINITY) continue;
    const { terminator } = ir.blocks[block];
    if (terminator.kind === 'return') return false;
    const test = events.get(block)?.test;
    for (const target of successors(terminator)) {
      // While it is NULL, its tests go one way.
      if (test && (test.bits & bits) !== 0 && target !== test.nullTarget) continue;
      if (seen.has(target)) continue;
      seen.add(target);
      pending.push([target, -1]);
    }
  }
  return true;
}

function positionOf(event: Event): number {
  if (event.kind === 'dereference') return event.at.instruction;
  return 'position' in event ? event.position : -0.5;
}

/** `if (p) free(p);` at the end of a function is a habit, and says nothing of what its author thought of the pointer. */
function guardsFree(
  ir: FunctionIr,
  events: ReadonlyMap<BlockId, { events: Event[]; test: Test | undefined }>,
  block: BlockId,
  test: Test,
): boolean {
  const { terminator } = ir.blocks[block];
  if (terminator.kind !== 'branch') return false;
  const other = terminator.whenTrue === test.nullTarget ? terminator.whenFalse : terminator.whenTrue;
  const shared = reachable(ir, test.nullTarget, block);
  for (const id of reachable(ir, other, block)) {
    if (shared.has(id)) continue;
    if (events.get(id)?.events.some((event) => event.kind === 'ended' && (event.bits & test.bits) !== 0)) return true;
  }
  return false;
}

/** `p ? p : "nothing"`: made to be printed, whatever it is. */
function isForText(ir: FunctionIr, { nullTarget }: Test): boolean {
  const strings = new Set<Register>();
  for (const instruction of ir.blocks[nullTarget].instructions) {
    if (instruction.op === 'string') strings.add(instruction.destination);
    else if (instruction.op === 'store') return strings.has(instruction.value) && instruction.pointer === undefined;
    else if ('destination' in instruction) strings.delete(instruction.destination);
  }
  return false;
}

/** The block gives a conditional expression its value: `p ? p->size : 0` is what one writes without a thought. */
function isArm(ir: FunctionIr, block: BlockId): boolean {
  return ir.blocks[block].instructions.some(
    (instruction) => instruction.op === 'variable' && ir.variables[instruction.variable].kind === 'temporary',
  );
}

function predecessorsOf(ir: FunctionIr, order: readonly BlockId[]): ReadonlyMap<BlockId, readonly BlockId[]> {
  const predecessors = new Map<BlockId, BlockId[]>();
  for (const id of order) {
    for (const target of successors(ir.blocks[id].terminator)) {
      const known = predecessors.get(target);
      if (known) known.push(id);
      else predecessors.set(target, [id]);
    }
  }
  return predecessors;
}

function exitOf(
  ir: FunctionIr,
  predecessors: ReadonlyMap<BlockId, readonly BlockId[]>,
  test: BlockId,
  target: BlockId,
): NullExit {
  const others = (predecessors.get(target) ?? []).filter((block) => block !== test);
  if (others.length === 0) return isArm(ir, target) ? 'arm' : 'own';
  const { terminator } = ir.blocks[test];
  if (terminator.kind !== 'branch') return 'shared';
  const inside = terminator.whenTrue === target ? terminator.whenFalse : terminator.whenTrue;
  const loop = reachable(ir, inside, target);
  if (!loop.has(test)) return 'shared';
  const isCondition = (block: BlockId): boolean => loop.has(block) && ir.blocks[block].terminator.kind === 'branch';
  return others.some(isCondition) ? 'invariant' : 'shared';
}

function nearest(uses: readonly { at: Dereference }[], { start }: Origin): Dereference | undefined {
  let best: Dereference | undefined;
  for (const { at } of uses) {
    if (at.origin.start < start && (!best || at.origin.start > best.origin.start)) best = at;
  }
  return best;
}

function apply(facts: Facts, event: Event): void {
  if (event.kind === 'passed' || event.kind === 'ended' || event.kind === 'unknown-call') return;
  const { bits } = event;
  switch (event.kind) {
    case 'dereference':
      facts.mayBeNull &= ~bits;
      facts.isNull &= ~bits;
      facts.used |= bits & facts.unknown;
      facts.unknown &= ~bits;
      return;
    case 'null':
      facts.mayBeNull |= bits;
      facts.isNull |= bits;
      facts.used &= ~bits;
      facts.unknown &= ~bits;
      return;
    case 'known':
      facts.mayBeNull &= ~bits;
      facts.isNull &= ~bits;
      facts.used &= ~bits;
      facts.unknown &= ~bits;
      return;
    case 'changed':
      facts.mayBeNull &= ~bits;
      facts.isNull &= ~bits;
      facts.used &= ~bits;
      facts.unknown |= bits;
      return;
    case 'copied': {
      const { from } = event;
      const isNull = (facts.isNull & from) !== 0;
      facts.mayBeNull = (facts.mayBeNull & from) !== 0 ? facts.mayBeNull | bits : facts.mayBeNull & ~bits;
      facts.isNull = isNull ? facts.isNull | bits : facts.isNull & ~bits;
      facts.used &= ~bits;
      facts.unknown = isNull ? facts.unknown & ~bits : facts.unknown | bits;
    }
  }
}

/** What holds at the beginning of one target of a block. */
function along(exit: Facts, test: Test | undefined, target: BlockId): Facts {
  if (!test) return exit;
  const facts = { ...exit, unknown: exit.unknown & ~test.bits };
  if (!test.isInlined) facts.used &= ~test.bits;
  if (target === test.nullTarget) {
    if (!test.isInlined) {
      facts.mayBeNull |= test.bits;
      facts.isNull |= test.bits;
    }
  } else {
    facts.mayBeNull &= ~test.bits;
    facts.isNull &= ~test.bits;
  }
  return facts;
}

function merge(entries: Map<BlockId, Facts>, block: BlockId, facts: Facts): boolean {
  const known = entries.get(block);
  if (!known) {
    entries.set(block, { ...facts });
    return true;
  }
  const mayBeNull = known.mayBeNull | facts.mayBeNull;
  const isNull = known.isNull & facts.isNull;
  const used = known.used & facts.used;
  const unknown = known.unknown & facts.unknown;
  const isSame = mayBeNull === known.mayBeNull && isNull === known.isNull;
  if (isSame && used === known.used && unknown === known.unknown) return false;
  entries.set(block, { mayBeNull, isNull, used, unknown });
  return true;
}

/** What a register holds: the value of a place, or the address of one, reached through the pointer in another. */
interface Held {
  readonly value?: string;
  readonly address?: string;
  readonly through?: string;
  readonly constant?: number;
  /** Truth of the register means that the place is NULL, or that it is not. */
  readonly test?: { readonly place: string; readonly isNullWhenTrue: boolean };
  readonly isNonNull?: boolean;
  /** A string literal, as written. */
  readonly text?: string;
}

const NOTHING: Held = {};

/** Follows the registers of one block. */
class Registers {
  readonly #held = new Map<Register, Held>();

  get(register: Register | undefined): Held {
    return (register === undefined ? undefined : this.#held.get(register)) ?? NOTHING;
  }

  set(register: Register, held: Held): void {
    this.#held.set(register, held);
  }

  /** The place gets another value: what was read from it before is not its value any more. */
  change(address: string): void {
    for (const [register, { value, through, test }] of this.#held) {
      const isOld = [value, through, test?.place].some((place) => place !== undefined && isPartOf(place, address));
      if (isOld) this.#held.set(register, NOTHING);
    }
  }

  step(instruction: Instruction): void {
    switch (instruction.op) {
      case 'constant':
        this.#held.set(instruction.destination, { constant: instruction.value });
        return;
      case 'string':
        this.#held.set(instruction.destination, { isNonNull: true, text: instruction.text });
        return;
      case 'function':
        this.#held.set(instruction.destination, { isNonNull: true });
        return;
      case 'variable':
        this.#held.set(instruction.destination, { address: `v${instruction.variable}` });
        return;
      case 'field': {
        const base = this.get(instruction.base);
        this.#held.set(instruction.destination, partOf(base, `.${instruction.name}`));
        return;
      }
      case 'element': {
        const base = this.get(instruction.base);
        const { constant } = this.get(instruction.index);
        // The first element is the object itself, as in the interpreter.
        const part = constant === 0 ? '' : constant === undefined ? undefined : `[${constant}]`;
        this.#held.set(instruction.destination, partOf(base, part));
        return;
      }
      case 'load': {
        const address = addressIn(this.get(instruction.address));
        this.#held.set(instruction.destination, address === undefined ? NOTHING : { value: address });
        return;
      }
      case 'binary': {
        const left = this.get(instruction.left);
        const right = this.get(instruction.right);
        const { operator } = instruction;
        if (operator !== '==' && operator !== '!=') {
          // `p + 0` is `p`.
          const isSame = right.constant === 0 && left.value !== undefined && (operator === '+' || operator === '-');
          this.#held.set(instruction.destination, isSame ? left : NOTHING);
          return;
        }
        const [place, other] = left.constant === 0 ? [right, left] : [left, right];
        const isTest = place.value !== undefined && other.constant === 0;
        this.#held.set(
          instruction.destination,
          isTest ? { test: { place: place.value!, isNullWhenTrue: operator === '==' } } : NOTHING,
        );
        return;
      }
      case 'unary': {
        const { value, test } = this.get(instruction.operand);
        const isNot = instruction.operator === '!';
        if (isNot && test) {
          const isNullWhenTrue = !test.isNullWhenTrue;
          this.#held.set(instruction.destination, { test: { place: test.place, isNullWhenTrue } });
        } else if (isNot && value !== undefined) {
          this.#held.set(instruction.destination, { test: { place: value, isNullWhenTrue: true } });
        } else this.#held.set(instruction.destination, NOTHING);
        return;
      }
      default:
        if ('destination' in instruction) this.#held.set(instruction.destination, NOTHING);
    }
  }
}

/** The place that an address register names: `*p` where the register holds the pointer itself. */
function addressIn({ address, value }: Held): string | undefined {
  return address ?? (value === undefined || value.length >= MAXIMUM_PATH_LENGTH ? undefined : `${value}*`);
}

function partOf(base: Held, part: string | undefined): Held {
  const isPointer = base.value !== undefined;
  const through = isPointer ? base.value : base.through;
  const parent = isPointer ? `${base.value}*` : base.address;
  const isShort = parent !== undefined && parent.length < MAXIMUM_PATH_LENGTH;
  return { address: part === undefined || !isShort ? undefined : parent + part, through, isNonNull: !isPointer };
}

/**
 * The places worth following, each with its bit: dereferenced, and tested or set to NULL by the function's own text; and
 * the variables that other functions can write.
 */
function findPlaces(
  ir: FunctionIr,
  callees: Callees,
): { readonly places: Map<string, number>; readonly exposed: ReadonlySet<string>; readonly hasLiterals: boolean } {
  const { modelOf, isInSight } = callees;
  const dereferenced = new Set<string>();
  const doubted = new Set<string>();
  const copies: { readonly from: string; readonly to: string }[] = [];
  const exposed = new Set<string>();
  for (const { id, kind } of ir.variables) if (kind === 'global' || kind === 'static') exposed.add(`v${id}`);
  let hasLiterals = false;
  for (const block of ir.blocks) {
    const registers = new Registers();
    for (const instruction of block.instructions) {
      if (instruction.op === 'call' && instruction.arguments.length > 0) {
        const required = requiredArguments(instruction, registers, callees);
        hasLiterals ||= required.some((position) => registers.get(instruction.arguments[position]).constant === 0);
        for (const position of required) {
          const { value } = registers.get(instruction.arguments[position]);
          if (value !== undefined) dereferenced.add(value);
        }
        for (const argument of instruction.arguments) {
          const { value } = registers.get(argument);
          // The callee may dereference a pointer; what a member is, nobody knows here.
          if (value !== undefined && isPointerVariable(ir, value) && isInSight(instruction.callee)) {
            dereferenced.add(value);
          }
        }
      }
      for (const place of dereferencedBy(instruction, registers, modelOf)) dereferenced.add(place);
      const given =
        instruction.op === 'call' ? instruction.arguments : instruction.op === 'store' ? [instruction.value] : [];
      for (const register of given) {
        const { address } = registers.get(register);
        if (address !== undefined) exposed.add(rootOf(address));
      }
      if (instruction.op === 'store') {
        const address = addressIn(registers.get(instruction.address));
        if (address !== undefined && registers.get(instruction.value).constant === 0) doubted.add(address);
        const from = registers.get(instruction.value).value;
        if (address !== undefined && from !== undefined && copies.length < MAXIMUM_COPIES) {
          copies.push({ from, to: address });
        }
        // `(p = next()) == NULL` tests what was stored.
        if (address !== undefined) {
          registers.change(address);
          noteStored(registers, instruction.value, address);
        }
      }
      registers.step(instruction);
    }
    const place = testOf(block, registers)?.place;
    if (place !== undefined) doubted.add(place);
  }
  // What is a copy of a doubted place is doubted, and what was copied to a place that is dereferenced counts as that.
  for (let round = 0; round < MAXIMUM_COPY_ROUNDS; round++) {
    for (const { from, to } of copies) {
      if (!doubted.has(from) || !dereferenced.has(to)) continue;
      doubted.add(to);
      dereferenced.add(from);
    }
  }
  const places = new Map<string, number>();
  for (const place of doubted) {
    if (!dereferenced.has(place) || isNoPointer(ir, place)) continue;
    if (places.size < MAXIMUM_PLACES) places.set(place, places.size);
  }
  return { places, exposed, hasLiterals };
}

function isPointerVariable(ir: FunctionIr, place: string): boolean {
  return rootOf(place) === place && ir.variables[Number(place.slice(1))].pointerDepth > 0;
}

/** A value that the lowering made up (of `c ? p : NULL`), or a row of an array of arrays. */
function isNoPointer(ir: FunctionIr, place: string): boolean {
  const variable = ir.variables[Number(rootOf(place).slice(1))];
  if (variable.kind === 'temporary') return true;
  return variable.isArray && variable.pointerDepth === 0 && !place.includes('*') && !place.includes('.');
}

function noteStored(registers: Registers, value: Register, address: string): void {
  const held = registers.get(value);
  if (held.value === undefined && held.constant === undefined && !held.isNonNull && held.address === undefined) {
    registers.set(value, { value: address });
  }
}

/** The places whose pointer an instruction dereferences. */
function dereferencedBy(
  instruction: Instruction,
  registers: Registers,
  modelOf: (callee: string) => FunctionModel | undefined,
): string[] {
  if (instruction.op === 'load' || instruction.op === 'store') {
    if (!instruction.pointer) return [];
    const { through, value } = registers.get(instruction.address);
    const place = through ?? value;
    return place === undefined ? [] : [place];
  }
  if (instruction.op === 'call' && instruction.pointer !== undefined) {
    const { value } = registers.get(instruction.pointer);
    return value === undefined ? [] : [value];
  }
  if (instruction.op !== 'call' || instruction.callee === '') return [];
  const model = modelOf(instruction.callee);
  // What has a size may be empty, and then need not exist.
  if (!model || instruction.arguments.length > 2) return [];
  return model.dereferences.flatMap((position) => {
    const { value } = registers.get(instruction.arguments[position]);
    return value === undefined ? [] : [value];
  });
}

/** The positions of the arguments that must point to memory, as the callee's model, a format or a size says. */
function requiredArguments(
  call: Extract<Instruction, { op: 'call' }>,
  registers: Registers,
  { modelOf, declaredModelOf }: Callees,
): readonly number[] {
  const model = call.callee === '' ? undefined : (modelOf(call.callee) ?? declaredModelOf(call.callee));
  if (!model) return [];
  const isNothing = (position: number): boolean => registers.get(call.arguments[position]).constant === 0;
  const required = model.bytes !== undefined && isNothing(model.bytes) ? [] : [...model.dereferences];
  const { format, scan, sizedBuffer } = model;
  const textAt = (position: number): string => registers.get(call.arguments[position]).text ?? '';
  if (format !== undefined) required.push(...textArguments(textAt(format), format, call.arguments.length));
  if (scan !== undefined) required.push(...scannedArguments(textAt(scan), scan, call.arguments.length));
  if (sizedBuffer && (registers.get(call.arguments[sizedBuffer.size]).constant ?? 0) > 0) {
    required.push(sizedBuffer.argument);
  }
  return required.filter((position) => position < call.arguments.length);
}

function testOf(
  block: BasicBlock,
  registers: Registers,
): { readonly place: string; readonly isNullWhenTrue: boolean } | undefined {
  const { terminator } = block;
  if (terminator.kind !== 'branch') return undefined;
  const { test, value } = registers.get(terminator.condition);
  return test ?? (value === undefined ? undefined : { place: value, isNullWhenTrue: false });
}

function eventsOf(
  { text }: FunctionIr,
  block: BasicBlock,
  places: ReadonlyMap<string, number>,
  exposed: ReadonlySet<string>,
  callees: Callees,
  literals: Literal[],
): { events: Event[]; test: Test | undefined } {
  const { modelOf, declaredModelOf, isInSight } = callees;
  const events: Event[] = [];
  const registers = new Registers();
  const bitsOf = (isMeant: (place: string) => boolean): number => {
    let bits = 0;
    for (const [place, bit] of places) if (isMeant(place)) bits |= 1 << bit;
    return bits;
  };
  let position = 0;
  const change = (isMeant: (place: string) => boolean): void => {
    const bits = bitsOf(isMeant);
    if (bits !== 0) events.push({ kind: 'changed', bits, position });
  };
  for (const [at, instruction] of block.instructions.entries()) {
    position = at;
    for (const place of dereferencedBy(instruction, registers, modelOf)) {
      const bit = places.get(place);
      if (bit === undefined) continue;
      const { origin } = instruction as { origin: Origin };
      const pointer =
        ('pointer' in instruction && typeof instruction.pointer === 'object' && instruction.pointer) || origin;
      const at = { block: block.id, instruction: position, origin, pointer };
      events.push({ kind: 'dereference', bits: 1 << bit, at });
    }
    if (instruction.op === 'store') {
      const address = addressIn(registers.get(instruction.address));
      const value = registers.get(instruction.value);
      if (address === undefined) change((place) => place.includes('*') || place.includes('['));
      else {
        const from = value.value === undefined ? 0 : bitsOf((place) => place === value.value);
        const bits = bitsOf((place) => place === address);
        const isCopy = bits !== 0 && from !== 0;
        change((place) => (isPartOf(place, address) || isSameMember(place, address)) && !(isCopy && place === address));
        if (isCopy) {
          events.push({ kind: 'copied', bits, from, at: instruction.origin, position });
        } else if (bits !== 0 && value.constant === 0 && text[instruction.origin.start] !== '{') {
          // An empty list of initialisers is for structures and arrays, whatever declares them.
          const { origin } = instruction;
          events.push({ kind: 'null', bits, at: origin, position });
        } else if (bits !== 0 && (value.isNonNull || value.address !== undefined)) {
          events.push({ kind: 'known', bits, position });
        }
        registers.change(address);
        noteStored(registers, instruction.value, address);
      }
    } else if (instruction.op === 'declare') {
      const root = `v${instruction.variable}`;
      change((place) => isPartOf(place, root));
    } else if (instruction.op === 'call') {
      const model = instruction.callee === '' ? undefined : modelOf(instruction.callee);
      const isPure = model !== undefined && model.writes.length === 0 && !model.out && !model.reallocates;
      for (const argument of instruction.arguments) {
        const { address, value } = registers.get(argument);
        // The callee may write where it was told, and macros that look like calls may test what they are given.
        if (address !== undefined) change((place) => isPartOf(place, address));
        const bits = value === undefined ? 0 : bitsOf((place) => place === value);
        if (bits === 0) continue;
        // What is not in sight may be a macro that changes it, and what a function answers may hang on its being NULL.
        if (model?.frees || ENDING_NAME.test(instruction.callee)) events.push({ kind: 'ended', bits, position });
        const isInView =
          model !== undefined || declaredModelOf(instruction.callee) !== undefined || isInSight(instruction.callee);
        events.push({ kind: isInView ? 'passed' : 'known', bits, position });
      }
      for (const [i, argument] of instruction.arguments.entries()) {
        if (registers.get(argument).constant !== 0 || instruction.callee === '') continue;
        const origin = instruction.argumentOrigins[i];
        const source: NullSource = {
          kind: 'literal',
          block: block.id,
          instruction: position - 1,
          origin,
          isSure: true,
        };
        const isDereferenced = requiredArguments(instruction, registers, callees).includes(i);
        literals.push({ key: `${block.id}:${position}`, at: source, isDereferenced });
      }
      if (!model && !isInSight(instruction.callee)) events.push({ kind: 'unknown-call', position });
      if (!isPure) change((place) => place.includes('*') || exposed.has(rootOf(place)));
    } else if (instruction.op === 'forget') {
      change(() => true);
    } else if (instruction.op === 'named' && isStatement(block, position)) {
      // A name that is a statement of its own is a macro of unknown meaning.
      events.push({ kind: 'unknown-call', position });
    }
    registers.step(instruction);
  }
  const test = testOf(block, registers);
  const bit = test && places.get(test.place);
  const { terminator } = block;
  if (!test || bit === undefined || terminator.kind !== 'branch') return { events, test: undefined };
  const nullTarget = test.isNullWhenTrue ? terminator.whenTrue : terminator.whenFalse;
  const { isInlined, origin } = terminator;
  return { events, test: { bits: 1 << bit, nullTarget, isInlined, origin } };
}

function isStatement({ instructions }: BasicBlock, position: number): boolean {
  const next = instructions[position + 1];
  return next === undefined || next.op === 'sequence-point';
}

function rootOf(place: string): string {
  return /^v\d+/.exec(place)![0];
}

/** The place is the other one, or is reached through it. */
function isPartOf(place: string, other: string): boolean {
  return place.startsWith(other) && /^([*.[]|$)/.test(place.slice(other.length));
}

/** A store to a member may reach the same member of the same object by another pointer. */
function isSameMember(place: string, stored: string): boolean {
  if (!stored.includes('*') && !stored.includes('[')) return false;
  const [member] = /\.\w+$/.exec(stored) ?? [];
  return member === undefined ? place.includes('*') : place.includes('*') && place.includes(member);
}
