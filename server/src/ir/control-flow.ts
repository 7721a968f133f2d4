import { type BlockId, type FunctionIr, successors, type VariableId } from './instructions.ts';

/** Orders and loops of a control flow graph, computed once per function. */
export interface ControlFlow {
  /** Reachable blocks in reverse post-order. */
  readonly order: readonly BlockId[];
  /** By block: its place in `order`, or -1 when it cannot be reached. */
  readonly rank: Int32Array;
  /** By block: the target of a retreating edge. Unlike natural loops this also covers irreducible `goto`s. */
  readonly isLoopHead: Uint8Array;
  /** By loop head: the blocks of its loop, the head included. */
  readonly loopBlocks: ReadonlyMap<BlockId, ReadonlySet<BlockId>>;
  /** By block: how many edges enter it. */
  readonly predecessorCount: Int32Array;
}

/** The blocks that control comes to from some, themselves among them, along the edges that `follows` lets it take. */
export function reachableBlocks(
  ir: FunctionIr,
  starts: readonly BlockId[],
  follows: (from: BlockId, to: BlockId) => boolean = () => true,
): Set<BlockId> {
  const reached = new Set(starts);
  // A set is walked in the order in which it grows.
  for (const block of reached) {
    for (const target of successors(ir.blocks[block].terminator)) if (follows(block, target)) reached.add(target);
  }
  return reached;
}

/** Depth-first orders without recursion: a hostile function may be one long chain of blocks. */
export function analyseControlFlow(ir: FunctionIr): ControlFlow {
  const count = ir.blocks.length;
  const state = new Uint8Array(count);
  const isLoopHead = new Uint8Array(count);
  const predecessorCount = new Int32Array(count);
  const postOrder: BlockId[] = [];
  const retreating: [BlockId, BlockId][] = [];
  const stack: { block: BlockId; targets: BlockId[]; position: number }[] = [];
  const enter = (block: BlockId): void => {
    state[block] = 1;
    stack.push({ block, targets: successors(ir.blocks[block].terminator), position: 0 });
  };
  enter(ir.entry);
  while (stack.length > 0) {
    const top = stack[stack.length - 1];
    if (top.position === top.targets.length) {
      state[top.block] = 2;
      postOrder.push(top.block);
      stack.pop();
      continue;
    }
    const target = top.targets[top.position++];
    predecessorCount[target]++;
    if (state[target] === 0) enter(target);
    else if (state[target] === 1) {
      isLoopHead[target] = 1;
      retreating.push([top.block, target]);
    }
  }
  const order = postOrder.reverse();
  const rank = new Int32Array(count).fill(-1);
  for (let i = 0; i < order.length; i++) rank[order[i]] = i;

  const predecessors = new Map<BlockId, BlockId[]>();
  for (const block of order) {
    for (const target of successors(ir.blocks[block].terminator)) {
      const list = predecessors.get(target);
      if (list) list.push(block);
      else predecessors.set(target, [block]);
    }
  }
  const loopBlocks = new Map<BlockId, Set<BlockId>>();
  for (const [from, head] of retreating) {
    const blocks = loopBlocks.get(head) ?? new Set([head]);
    loopBlocks.set(head, blocks);
    const pending = [from];
    while (pending.length > 0) {
      const block = pending.pop()!;
      if (blocks.has(block)) continue;
      blocks.add(block);
      // Staying at or behind the head bounds the loop even where gotos make it irreducible.
      for (const predecessor of predecessors.get(block) ?? []) {
        if (rank[predecessor] >= rank[head]) pending.push(predecessor);
      }
    }
  }
  return { order, rank, isLoopHead, loopBlocks, predecessorCount };
}

/**
 * Variables alive at the entry of each block: read before they are overwritten on some path (a backward may-analysis;
 * see Aho et al., Compilers, 9.2.5). A variable whose address is used other than by a direct load or store is alive
 * everywhere. The bits of block `b` begin at word `b * words`.
 */
export interface Liveness {
  readonly words: number;
  readonly bits: Uint32Array;
}

export function analyseLiveness(ir: FunctionIr, flow: ControlFlow): Liveness {
  const words = Math.max(1, Math.ceil(ir.variables.length / 32));
  const used = new Uint32Array(ir.blocks.length * words);
  const killed = new Uint32Array(ir.blocks.length * words);
  const always = new Uint32Array(words);
  const set = (bits: Uint32Array, base: number, variable: VariableId): void => {
    bits[base + (variable >> 5)] |= 1 << (variable & 31);
  };
  const has = (bits: Uint32Array, base: number, variable: VariableId): boolean =>
    (bits[base + (variable >> 5)] & (1 << (variable & 31))) !== 0;

  for (const variable of ir.variables) {
    if (
      variable.kind === 'global' ||
      variable.kind === 'static' ||
      variable.isArray ||
      variable.cleanup !== undefined
    ) {
      set(always, 0, variable.id);
    }
  }
  for (const block of flow.order) {
    const base = block * words;
    // Registers that hold the address of a variable, until a load or store consumes them.
    const addresses = new Map<number, VariableId>();
    const use = (register: number | undefined): void => {
      const variable = register === undefined ? undefined : addresses.get(register);
      if (variable !== undefined) set(always, 0, variable);
    };
    for (const instruction of ir.blocks[block].instructions) {
      switch (instruction.op) {
        case 'variable':
          addresses.set(instruction.destination, instruction.variable);
          continue;
        case 'load': {
          const variable = addresses.get(instruction.address);
          if (variable !== undefined && !has(killed, base, variable)) set(used, base, variable);
          break;
        }
        case 'store': {
          use(instruction.value);
          const variable = addresses.get(instruction.address);
          if (variable !== undefined && !has(used, base, variable)) set(killed, base, variable);
          continue;
        }
        case 'field':
          use(instruction.base);
          break;
        case 'element':
          use(instruction.base);
          use(instruction.index);
          break;
        case 'binary':
          use(instruction.left);
          use(instruction.right);
          break;
        case 'unary':
          use(instruction.operand);
          break;
        case 'call':
          for (const argument of instruction.arguments) use(argument);
          use(instruction.pointer);
          break;
        case 'escape':
          use(instruction.value);
          break;
        case 'forget':
          for (const variable of instruction.variables) if (!has(killed, base, variable)) set(used, base, variable);
          continue;
        case 'declare':
          if (!has(used, base, instruction.variable)) set(killed, base, instruction.variable);
          continue;
        default:
          break;
      }
      if ('destination' in instruction) addresses.delete(instruction.destination);
    }
    const terminator = ir.blocks[block].terminator;
    if (terminator.kind === 'return') use(terminator.value);
    if (terminator.kind === 'branch') use(terminator.condition);
  }

  const bits = new Uint32Array(ir.blocks.length * words);
  for (let changed = true; changed; ) {
    changed = false;
    for (let i = flow.order.length - 1; i >= 0; i--) {
      const block = flow.order[i];
      const base = block * words;
      for (let word = 0; word < words; word++) {
        let out = 0;
        for (const target of successors(ir.blocks[block].terminator)) out |= bits[target * words + word];
        const entry = (used[base + word] | (out & ~killed[base + word]) | always[word]) >>> 0;
        if (entry !== bits[base + word]) {
          bits[base + word] = entry;
          changed = true;
        }
      }
    }
  }
  return { words, bits };
}

export function isLive(liveness: Liveness, block: BlockId, variable: VariableId): boolean {
  return (liveness.bits[block * liveness.words + (variable >> 5)] & (1 << (variable & 31))) !== 0;
}
