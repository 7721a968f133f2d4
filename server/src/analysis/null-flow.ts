import { keptIn } from '../base/kept.ts';
import type { ControlFlow } from '../ir/control-flow.ts';
import { type BlockId, type FunctionIr, takenSuccessors } from '../ir/instructions.ts';
import type { FunctionModel } from '../models/function-model.ts';
import {
  type BlockEvents,
  type BlockFacts,
  type Callees,
  type Event,
  eventsOf,
  findPlaces,
  type Literal,
  type Places,
} from './null-events.ts';
import { along, apply, type Facts, merge } from './null-facts.ts';
import { findFollowedTests } from './null-followed-tests.ts';
import { collect, type NullFlow } from './null-verdicts.ts';

/*
 * Where a pointer may be NULL by the function's own words, and where it is dereferenced: a bit-vector analysis over the
 * places (variables, and members reached from them) that the function both dereferences and either tests or sets to NULL.
 * Cheap enough for every function, it tells which of them are worth following path by path, which tests to remember on
 * the way, and which tests come too late.
 */

/** What is known of a function, and what was said of its callees when it was found out. */
interface KnownFlow {
  readonly declaredModels: Map<string, FunctionModel | undefined>;
  readonly inSight: Map<string, boolean>;
  readonly found: Pick<Places, 'hasLiterals' | 'hasWrittenNulls'> & { readonly hasPlaces: boolean };
  /** Undefined while nobody asked for more than what was found. */
  result: { readonly nullFlow: NullFlow | undefined } | undefined;
}

/** A function is asked about when its relevance is found out, when it is analysed, and by callers that tell it more. */
const knownFlows = new WeakMap<FunctionIr, KnownFlow>();

/** Undefined when the function neither may dereference what it says is NULL nor tests what it has dereferenced. */
export function analyseNullFlow(ir: FunctionIr, flow: () => ControlFlow, callees: Callees): NullFlow | undefined {
  const before = knownFlows.get(ir);
  if (before && saysTheSame(before, callees)) {
    if (!isOfInterest(before, callees)) return undefined;
    if (before.result) return before.result.nullFlow;
  }
  const declaredModels = new Map<string, FunctionModel | undefined>();
  const inSight = new Map<string, boolean>();
  const listening: Callees = {
    ...callees,
    declaredModelOf: (callee) => keptIn(declaredModels, callee, () => callees.declaredModelOf(callee)),
    isInSight: (callee) => keptIn(inSight, callee, () => callees.isInSight(callee)),
  };
  const places = findPlaces(ir, listening);
  const { hasLiterals, hasWrittenNulls } = places;
  const found = { hasLiterals, hasWrittenNulls, hasPlaces: places.places.size > 0 };
  const known: KnownFlow = { declaredModels, inSight, found, result: undefined };
  knownFlows.set(ir, known);
  if (!isOfInterest(known, callees)) return undefined;
  known.result = { nullFlow: findNullFlow(ir, flow(), places, listening) };
  return known.result.nullFlow;
}

/** Callees are as they were said to be. Who asks has to hear of all of them. */
function saysTheSame({ declaredModels, inSight }: KnownFlow, callees: Callees): boolean {
  let isSame = true;
  for (const [callee, model] of declaredModels) if (callees.declaredModelOf(callee) !== model) isSame = false;
  for (const [callee, isInSight] of inSight) if (callees.isInSight(callee) !== isInSight) isSame = false;
  return isSame;
}

function isOfInterest({ found }: KnownFlow, { followsLiterals }: Callees): boolean {
  return found.hasPlaces || (followsLiterals ? found.hasWrittenNulls : found.hasLiterals);
}

function findNullFlow(ir: FunctionIr, controlFlow: ControlFlow, found: Places, callees: Callees): NullFlow | undefined {
  const { places, aliased } = found;
  const { order } = controlFlow;
  const events = new Map<BlockId, BlockFacts>();
  const literals: Literal[] = [];
  for (const id of order) events.set(id, eventsOf(ir, ir.blocks[id], found, callees, literals));
  const all = 2 ** places.size - 1;
  const silenced = silenceUnknownCalls(ir, controlFlow, events, all);
  const entries = new Map<BlockId, Facts>();
  entries.set(ir.entry, { mayBeNull: 0, isNull: 0, used: 0, unknown: all, found: 0, copied: 0 });
  // A block that is entered as before leads to what it led to before.
  const isPending = new Uint8Array(ir.blocks.length);
  isPending[ir.entry] = 1;
  for (let changed = true; changed; ) {
    changed = false;
    for (const id of order) {
      if (isPending[id] === 0) continue;
      isPending[id] = 0;
      const block = events.get(id)!;
      const exit = { ...entries.get(id)! };
      for (const event of block.events) apply(exit, event);
      for (const target of takenSuccessors(ir.blocks[id])) {
        if (!merge(entries, target, along(exit, block.test, target))) continue;
        isPending[target] = 1;
        changed = true;
      }
    }
  }
  const followedTests = findFollowedTests(ir, controlFlow, events, entries, silenced, aliased);
  return collect(ir, controlFlow, events, entries, literals, followedTests);
}

/** Blocks looked at for the ways around calls, once for each test and each call: a larger function is told less of. */
const MAXIMUM_STEPS = 20_000_000;
const NO_MARKS = new Uint8Array(0);

/**
 * A call of something that is not in sight, on a way that a test opens for NULL and that control need not take otherwise,
 * may be how the function ends there: nothing is known of the pointer behind it. Returns the places of which that is so, by the
 * block of the call.
 */
function silenceUnknownCalls(
  ir: FunctionIr,
  { order, predecessors }: ControlFlow,
  events: BlockEvents,
  all: number,
): ReadonlyMap<BlockId, number> {
  const silenced = new Map<BlockId, number>();
  const calling = order.filter((id) => events.get(id)!.events.some(({ kind }) => kind === 'unknown-call'));
  if (calling.length === 0) return silenced;
  const returns = order.filter((id) => ir.blocks[id].terminator.kind === 'return');
  const next = ir.blocks.map(takenSuccessors);
  let steps = 0;
  const marked = (starts: readonly BlockId[], barrier: BlockId, edges: readonly (readonly BlockId[])[]): Uint8Array => {
    steps += ir.blocks.length;
    if (steps > MAXIMUM_STEPS) return NO_MARKS;
    const marks = new Uint8Array(ir.blocks.length);
    const pending = starts.filter((start) => start !== barrier);
    for (const start of pending) marks[start] = 1;
    for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
      for (const target of edges[block]) {
        if (marks[target] === 1 || target === barrier) continue;
        marks[target] = 1;
        pending.push(target);
      }
    }
    return marks;
  };
  const opened = order.flatMap((id) => {
    const { test } = events.get(id)!;
    const { terminator } = ir.blocks[id];
    if (!test || terminator.kind !== 'branch') return [];
    const other = terminator.whenTrue === test.nullTarget ? terminator.whenFalse : terminator.whenTrue;
    return [{ bits: test.bits, other, behind: marked([test.nullTarget], id, next) }];
  });
  for (const block of calling) {
    // From these control may come to a return without the call.
    const around = marked(returns, block, predecessors);
    let bits = 0;
    for (const test of opened) if (test.behind[block] === 1 && around[test.other] === 1) bits |= test.bits;
    if (steps > MAXIMUM_STEPS) bits = all;
    if (bits === 0) continue;
    silenced.set(block, bits);
    const before = events.get(block)!.events;
    const list = before.flatMap((event): Event[] =>
      event.kind === 'unknown-call' ? [event, { kind: 'known', bits, position: event.position }] : [event],
    );
    before.splice(0, before.length, ...list);
  }
  return silenced;
}
