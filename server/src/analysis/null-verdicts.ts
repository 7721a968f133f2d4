import { type ControlFlow, reachableBlocks } from '../ir/control-flow.ts';
import { type BlockId, type FunctionIr, type Origin, type Register, takenSuccessors } from '../ir/instructions.ts';
import { bitsIn, decisionsAt, isOnlyDecision, MAXIMUM_STEPS, type NullDecision, usesBehind } from './null-decisions.ts';
import { type BlockEvents, type Dereference, type Literal, positionOf, type Test } from './null-events.ts';
import { apply, type Facts } from './null-facts.ts';

/* What the facts of `null-flow.ts` come to: dereferences of NULL, tests that come too late. */

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
  /** Not the store alone, but the side of a branch on which nothing else is stored makes it sure. */
  readonly decision?: NullDecision;
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
  /** The dereference is the other side of an operator that evaluates both, as `&` does. */
  readonly isBitwise: boolean;
}

export interface NullFlow {
  /** By block: the branch at its end tests a pointer that is dereferenced where it may be NULL by that test. */
  readonly nullTests: ReadonlySet<BlockId>;
  /** By block, where control goes when the branch at its end finds a pointer NULL: it goes on from there, and what comes of that only its paths tell. */
  readonly followedTests: ReadonlyMap<BlockId, BlockId>;
  /**
   * By `block:instruction` of a dereference, or of a call that is given the pointer: where it became NULL. Only where that
   * is sure: the pointer is NULL on every path that comes there, or every path from one of the sources does. What is NULL
   * on some of them hangs on conditions whose meaning nobody sees from here.
   */
  readonly sources: ReadonlyMap<string, readonly NullSource[]>;
  readonly lateTests: readonly LateTest[];
  /** By block: the branch at its end tests a pointer that was dereferenced, or found not to be NULL, on every way there. */
  readonly settledTests: ReadonlySet<BlockId>;
  /** False when there is nothing to find unless a callee dereferences a NULL that is written out. */
  readonly isOfInterest: boolean;
}

interface Found {
  readonly block: BlockId;
  readonly position: number;
  readonly bits: number;
  /** Of these the pointer is NULL on every path. */
  readonly isNull: number;
}

export function collect(
  ir: FunctionIr,
  { order, predecessors }: ControlFlow,
  events: BlockEvents,
  entries: ReadonlyMap<BlockId, Facts>,
  literals: readonly Literal[],
  followedTests: ReadonlyMap<BlockId, BlockId>,
): NullFlow | undefined {
  const lateTests: LateTest[] = [];
  const settledTests = new Set<BlockId>();
  const found: Found[] = [];
  const budget = { steps: 0 };
  const uses: { bits: number; at: Dereference }[] = [];
  const candidates: { bits: number; at: Omit<NullSource, 'isSure'> }[] = [];
  const copies: { bits: number; from: number }[] = [];
  const decisions: NullDecision[] = [];
  for (const id of order) {
    const entry = entries.get(id);
    if (!entry) continue;
    const facts = { ...entry };
    const { events: list, test, bitwiseBits } = events.get(id)!;
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
    decisions.push(...decisionsAt(ir, events, id, facts.isNull));
    if (test && (test.bits & (facts.used | facts.found)) !== 0) settledTests.add(id);
    if (test && !test.isInlined && (test.bits & facts.used) !== 0) {
      const use = nearest(
        uses.filter(({ bits }) => (bits & test.bits) !== 0),
        test.origin,
      );
      if (use && !guardsFree(ir, events, id, test) && !isForText(ir, test))
        lateTests.push({ use, test: test.origin, testBlock: id, isBitwise: false });
    }
    const { terminator } = ir.blocks[id];
    if ((bitwiseBits & facts.used) !== 0 && terminator.kind === 'branch') {
      const { start, end } = terminator.origin;
      const use = uses.find(
        ({ bits, at }) => (bits & bitwiseBits) !== 0 && start <= at.origin.start && at.origin.end <= end,
      )?.at;
      if (use) lateTests.push({ use, test: terminator.origin, testBlock: id, isBitwise: true });
    }
  }
  for (const id of order) {
    const { events: list, test } = events.get(id)!;
    for (const event of list) {
      if (event.kind !== 'null') continue;
      const { bits, at: origin, position: instruction } = event;
      candidates.push({ bits, at: { kind: 'assigned', block: id, instruction, origin } });
    }
    // Who asks again may do so for the sake of code that ran in between, of which nobody knows that it ever says so.
    if (!test || test.isInlined || settledTests.has(id)) continue;
    candidates.push({
      bits: test.bits,
      at: {
        kind: 'tested',
        block: test.nullTarget,
        instruction: -1,
        origin: test.origin,
        exit: exitOf(ir, predecessors[test.nullTarget], id, test.nullTarget),
      },
    });
  }
  const sources = new Map<string, NullSource[]>();
  let isOfInterest = lateTests.length > 0 || followedTests.size > 0;
  let nullBits = 0;
  for (const at of found) {
    const list = candidates
      .filter(({ bits }) => (bits & at.bits) !== 0)
      .map((source) => ({ ...source.at, isSure: isSure(ir, events, source.at, at, source.bits & at.bits, budget) }))
      .filter((source) => source.isSure || at.isNull !== 0);
    if (list.length === 0) continue;
    sources.set(`${at.block}:${at.position}`, list);
    nullBits |= at.bits;
    isOfInterest = true;
  }
  for (const decision of decisions) {
    for (const bits of bitsIn(decision.bits)) {
      const stores = candidates.filter((each) => (each.bits & bits) !== 0 && each.at.kind === 'assigned');
      const source = nearest(stores, decision.condition);
      if (!source) continue;
      for (const use of usesBehind(ir, events, decision, bits, budget)) {
        const key = `${use.block}:${use.position}`;
        if (sources.has(key) || !isOnlyDecision(ir, events, decision, source.block, use.block, budget)) continue;
        sources.set(key, [{ ...source, isSure: true, decision }]);
        nullBits |= bits;
        isOfInterest = true;
      }
    }
  }
  for (const { key, at, isDereferenced } of literals) {
    sources.set(key, [...(sources.get(key) ?? []), at]);
    isOfInterest ||= isDereferenced;
  }
  if (!isOfInterest && sources.size === 0 && settledTests.size === 0) return undefined;
  // The test of what was copied tells of the copy.
  for (const { bits, from } of copies) if ((bits & nullBits) !== 0) nullBits |= from;
  const nullTests = new Set<BlockId>();
  for (const id of order) {
    const { test } = events.get(id)!;
    if (test && !test.isInlined && (test.bits & nullBits) !== 0) nullTests.add(id);
  }
  return { nullTests, followedTests, sources, lateTests, settledTests, isOfInterest };
}

/** True when every path from where the pointer became NULL comes to the other place, and the pointer stays as it is. */
function isSure(
  ir: FunctionIr,
  events: BlockEvents,
  from: Omit<NullSource, 'isSure'>,
  to: Found,
  bits: number,
  budget: { steps: number },
): boolean {
  const seen = new Set<BlockId>();
  const pending: [BlockId, number][] = [[from.block, from.instruction]];
  while (pending.length > 0) {
    if (++budget.steps > MAXIMUM_STEPS) return false;
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
    for (const target of takenSuccessors(ir.blocks[block])) {
      // While it is NULL, its tests go one way.
      if (test && (test.bits & bits) !== 0 && target !== test.nullTarget) continue;
      if (seen.has(target)) continue;
      seen.add(target);
      pending.push([target, -1]);
    }
  }
  return true;
}

/** `if (p) free(p);` at the end of a function is a habit, and says nothing of what its author thought of the pointer. */
function guardsFree(ir: FunctionIr, events: BlockEvents, block: BlockId, test: Test): boolean {
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

function exitOf(ir: FunctionIr, predecessors: readonly BlockId[], test: BlockId, target: BlockId): NullExit {
  const others = predecessors.filter((block) => block !== test);
  if (others.length === 0) return isArm(ir, target) ? 'arm' : 'own';
  const { terminator } = ir.blocks[test];
  if (terminator.kind !== 'branch') return 'shared';
  const inside = terminator.whenTrue === target ? terminator.whenFalse : terminator.whenTrue;
  const loop = reachable(ir, inside, target);
  if (!loop.has(test)) return 'shared';
  const isCondition = (block: BlockId): boolean => loop.has(block) && ir.blocks[block].terminator.kind === 'branch';
  return others.some(isCondition) ? 'invariant' : 'shared';
}

/** The last of some places that stand in front of another in the text. */
function nearest<T extends { readonly origin: Origin }>(
  places: readonly { readonly at: T }[],
  { start }: Origin,
): T | undefined {
  let best: T | undefined;
  for (const { at } of places) {
    if (at.origin.start < start && (!best || at.origin.start > best.origin.start)) best = at;
  }
  return best;
}

/** The blocks that control comes to from a block, without passing `barrier`. */
function reachable(ir: FunctionIr, from: BlockId, barrier: BlockId): ReadonlySet<BlockId> {
  return from === barrier ? new Set() : reachableBlocks(ir, [from], (_, to) => to !== barrier);
}
