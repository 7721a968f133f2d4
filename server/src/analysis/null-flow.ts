import type { ControlFlow } from '../ir/control-flow.ts';
import { type BlockId, type FunctionIr, successors } from '../ir/instructions.ts';
import { type Callees, type Event, eventsOf, findPlaces, type Literal, type Test } from './null-events.ts';
import { along, apply, type Facts, merge } from './null-facts.ts';
import { collect, type NullFlow, reachable } from './null-verdicts.ts';

/*
 * Where a pointer may be NULL by the function's own words, and where it is dereferenced: a bit-vector analysis over the
 * places (variables, and members reached from them) that the function both dereferences and either tests or sets to NULL.
 * Cheap enough for every function, it tells which of them are worth following path by path, which tests to remember on
 * the way, and which tests come too late.
 */

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
