import { type ControlFlow, reachableBlocks } from '../ir/control-flow.ts';
import { type BlockId, type FunctionIr, takenSuccessors } from '../ir/instructions.ts';
import type { BlockEvents, Event, Test } from './null-events.ts';
import { apply, type Facts } from './null-facts.ts';

/*
 * `if (p == NULL) puts("none");` and control goes on: whether a dereference follows hangs on conditions that the data flow over the
 * blocks does not know, or on other names of the pointer. These tests are followed path by path (`null-dereferences.ts`).
 */

/** A function has no more of them as a rule; each keeps paths apart. */
const MAXIMUM_TESTS = 6;

/** Events that leave a place as it is. */
const PASSING: ReadonlySet<Event['kind']> = new Set(['passed', 'ended', 'read']);

const NO_BLOCKS: ReadonlySet<BlockId> = new Set();

/**
 * The blocks that end with such a test: statements of its own stand where it finds NULL, control goes on from there to where
 * it goes otherwise, too, and something is done with the pointer there.
 * Returned with where control goes when it is NULL.
 * @param aliased The places to which pointers lead, by which they may be read.
 * @param silenced By a block that calls what may not return: the places of which nothing is known behind it for that reason.
 */
export function findFollowedTests(
  ir: FunctionIr,
  { order, predecessors }: ControlFlow,
  events: BlockEvents,
  entries: ReadonlyMap<BlockId, Facts>,
  silenced: ReadonlyMap<BlockId, number>,
  aliased: number,
): ReadonlyMap<BlockId, BlockId> {
  const found = new Map<BlockId, BlockId>();
  const names = aliases(events);
  for (const id of order) {
    const test = events.get(id)!.test;
    const { terminator } = ir.blocks[id];
    if (!test || test.isInlined || terminator.kind !== 'branch' || found.size >= MAXIMUM_TESTS) continue;
    if (predecessors[test.nullTarget].length !== 1) continue;
    const before = factsAtEnd(events.get(id)!.events, entries.get(id));
    if (before && (before.found & test.bits) !== 0) continue;
    const other = terminator.whenTrue === test.nullTarget ? terminator.whenFalse : terminator.whenTrue;
    const otherwise = other === id ? NO_BLOCKS : reachableBlocks(ir, [other], (_, to) => to !== id);
    const isAliased = ((aliased | (before?.copied ?? 0)) & test.bits) !== 0;
    if (goesOn(ir, events, silenced, test, names.get(test.bits) ?? test.bits, isAliased, otherwise, id))
      found.set(id, test.nullTarget);
  }
  return found;
}

function factsAtEnd(events: readonly Event[], entry: Facts | undefined): Facts | undefined {
  if (!entry) return undefined;
  const facts = { ...entry };
  for (const event of events) apply(facts, event);
  return facts;
}

/** By the bit of a place: that and those of the places that it was copied to or from. */
function aliases(events: BlockEvents): ReadonlyMap<number, number> {
  const names = new Map<number, number>();
  for (const { events: list } of events.values()) {
    for (const event of list) {
      if (event.kind !== 'copied') continue;
      const all = (names.get(event.from) ?? event.from) | (names.get(event.bits) ?? event.bits);
      names.set(event.from, all);
      names.set(event.bits, all);
    }
  }
  return names;
}

function goesOn(
  ir: FunctionIr,
  events: BlockEvents,
  silenced: ReadonlyMap<BlockId, number>,
  test: Test,
  names: number,
  isAliased: boolean,
  otherwise: ReadonlySet<BlockId>,
  barrier: BlockId,
): boolean {
  const seen = new Set<BlockId>([test.nullTarget]);
  const pending = [test.nullTarget];
  let isUsed = isAliased;
  for (let block = pending.pop(); block !== undefined; block = pending.pop()) {
    const isSilenced = ((silenced.get(block) ?? 0) & test.bits) !== 0;
    const isShared = otherwise.has(block);
    let isOver = false;
    for (const event of events.get(block)?.events ?? []) {
      if (event.kind === 'unknown-call') {
        if (isSilenced) return false;
        continue;
      }
      // What is dereferenced in front of such a call, by whatever name, the paths tell.
      if (event.kind === 'dereference' && (event.bits & names) !== 0) {
        isUsed = true;
        isOver = true;
        break;
      }
      const isUse = event.kind === 'dereference' || event.kind === 'passed' || event.kind === 'read';
      const read = event.kind === 'copied' ? event.from : isUse ? event.bits : 0;
      if (isShared && (read & names) !== 0) isUsed = true;
      if (!PASSING.has(event.kind) && (event.bits & test.bits) !== 0) isOver = true;
      if (isOver) break;
    }
    if (isOver) continue;
    const next = events.get(block)?.test;
    for (const target of takenSuccessors(ir.blocks[block])) {
      if (next && (next.bits & test.bits) !== 0 && target !== next.nullTarget) continue;
      if (seen.has(target) || target === barrier) continue;
      seen.add(target);
      pending.push(target);
    }
  }
  return isUsed;
}
