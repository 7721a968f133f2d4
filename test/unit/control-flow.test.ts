import { expect, test } from 'vitest';
import { analyseControlFlow, reachableBlocks } from '../../server/src/ir/control-flow.ts';
import type { BasicBlock, FunctionIr, Terminator } from '../../server/src/ir/instructions.ts';

const NOWHERE = { start: 0, end: 0 };

/** A graph of blocks, by the targets of each, with nothing in them. */
function graph(targets: readonly (readonly number[])[]): FunctionIr {
  const blocks = targets.map(([first, second], id): BasicBlock => {
    const terminator: Terminator =
      second !== undefined
        ? { kind: 'branch', condition: 0, whenTrue: first, whenFalse: second, origin: NOWHERE, isInlined: false }
        : first !== undefined
          ? { kind: 'goto', target: first }
          : { kind: 'unreachable' };
    return { id, instructions: [], terminator, liveRegisters: 0 };
  });
  return { blocks, entry: 0 } as unknown as FunctionIr;
}

test('what stands behind a loop comes after all of the loop, however the condition is written', () => {
  // while (…) { 2; } 3;      and with the two ways out of the head exchanged
  expect(analyseControlFlow(graph([[1], [2, 3], [1], []])).order).toEqual([0, 1, 2, 3]);
  expect(analyseControlFlow(graph([[1], [3, 2], [1], []])).order).toEqual([0, 1, 2, 3]);
});

test('a loop within a loop is one stretch of it', () => {
  // 1: for (;;) { 2: while (…) { 3; } if (4) break; } 5
  const { order, loopBlocks } = analyseControlFlow(graph([[1], [2], [3, 4], [2], [5, 1], []]));
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  expect([...loopBlocks.get(1)!].sort()).toEqual([1, 2, 3, 4]);
  expect([...loopBlocks.get(2)!].sort()).toEqual([2, 3]);
});

test('a jump into the middle of a loop makes it irreducible, and leaves it a loop', () => {
  // if (0) goto middle; 1: do { …; middle: 2; } while (…); 3
  const { order, isLoopHead, loopBlocks } = analyseControlFlow(graph([[2, 1], [2], [1, 3], []]));
  expect(order.at(-1)).toBe(3);
  const head = order.find((block) => isLoopHead[block] === 1)!;
  expect([...loopBlocks.get(head)!].sort()).toEqual([1, 2]);
});

test('a block that goes to itself is a loop of one; blocks that cannot be reached are in no order', () => {
  const { order, rank, loopBlocks, predecessors } = analyseControlFlow(graph([[0, 1], [], [1]]));
  expect(order).toEqual([0, 1]);
  expect(rank[2]).toBe(-1);
  expect([...loopBlocks.get(0)!]).toEqual([0]);
  expect(predecessors).toEqual([[0], [0], []]);
});

test('in any graph an edge that does not lead on leads to the head of a loop around its beginning, and loops are stretches', () => {
  let seed = 7;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed >>> 8) % below;
  };
  for (let run = 0; run < 400; run++) {
    const count = 1 + random(24);
    const ir = graph(Array.from({ length: count }, () => Array.from({ length: random(3) }, () => random(count))));
    const { order, rank, isLoopHead, loopBlocks } = analyseControlFlow(ir);
    expect([...order].sort()).toEqual([...reachableBlocks(ir, [0])].sort());
    for (const [head, blocks] of loopBlocks) {
      const ranks = [...blocks].map((block) => rank[block]);
      expect(isLoopHead[head]).toBe(1);
      expect(rank[head]).toBe(Math.min(...ranks));
      expect(Math.max(...ranks) - rank[head] + 1).toBe(blocks.size);
    }
    for (const from of order) {
      const { terminator } = ir.blocks[from];
      const targets =
        terminator.kind === 'branch'
          ? [terminator.whenTrue, terminator.whenFalse]
          : terminator.kind === 'goto'
            ? [terminator.target]
            : [];
      for (const to of targets) if (rank[to] <= rank[from]) expect(loopBlocks.get(to)?.has(from)).toBe(true);
    }
  }
});

test('a chain of 200,000 blocks and 2,000 loops within one another need no stack', () => {
  const chain = Array.from({ length: 200_000 }, (_, i) => (i === 199_999 ? [] : [i + 1]));
  expect(analyseControlFlow(graph(chain)).order).toHaveLength(200_000);
  const depth = 2_000;
  // Heads 0 … depth-1, then their ends in reverse, each of which goes back to its head or on.
  const heads = Array.from({ length: depth }, (_, i) => [i + 1]);
  const ends = Array.from({ length: depth }, (_, i) => [depth - 1 - i, depth + i + 1]);
  expect(analyseControlFlow(graph([...heads, ...ends, []])).loopBlocks.size).toBe(depth);
});
