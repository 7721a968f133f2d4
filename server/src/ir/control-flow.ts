import { type BlockId, type FunctionIr, successors, type VariableId } from './instructions.ts';

/** Orders and loops of a control flow graph, computed once per function. */
export interface ControlFlow {
  /** Reachable blocks in a weak topological order. */
  readonly order: readonly BlockId[];
  /** By block: its place in `order`, or -1 when it cannot be reached. */
  readonly rank: Int32Array;
  /** By block: control comes back to it from behind it. Unlike natural loops this also covers irreducible `goto`s. */
  readonly isLoopHead: Uint8Array;
  /** By loop head: the blocks of its loop, the head included. */
  readonly loopBlocks: ReadonlyMap<BlockId, ReadonlySet<BlockId>>;
  /** By block: the reachable blocks that control enters it from, one for each edge, in their order. */
  readonly predecessors: readonly (readonly BlockId[])[];
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

/**
 * A weak topological order (Bourdoncle: Efficient chaotic iteration strategies with widenings, FMPA 1993): every loop is one
 * stretch of it, its head first, so that what stands behind a loop comes after all of it. Who runs the first block that has
 * something to do comes to the code behind a loop once, when the loop is done, and not after each of its turns.
 * Without recursion: a hostile function may be one long chain of blocks.
 */
export function analyseControlFlow(ir: FunctionIr): ControlFlow {
  const count = ir.blocks.length;
  const isLoopHead = new Uint8Array(count);
  const loopBlocks = new Map<BlockId, Set<BlockId>>();
  /** Bourdoncle's depth-first numbers: 0 for what is still to be visited, infinite for what has its place. */
  const number = new Float64Array(count);
  const reversed: BlockId[] = [];
  const visited: BlockId[] = [];
  let last = 0;
  const frames: Frame[] = [];
  const enter = (block: BlockId): void => {
    number[block] = ++last;
    visited.push(block);
    const targets = successors(ir.blocks[block].terminator).reverse();
    frames.push({ block, targets, position: targets.length, head: last, isLoop: false, start: -1 });
  };
  enter(ir.entry);
  while (frames.length > 0) {
    const frame = frames[frames.length - 1];
    const { block, targets } = frame;
    const isSecondVisit = frame.start >= 0;
    if (frame.position > 0) {
      const target = targets[--frame.position];
      if (number[target] === 0) enter(target);
      else if (!isSecondVisit && number[target] <= frame.head) {
        frame.head = number[target];
        frame.isLoop = true;
      }
      continue;
    }
    if (!isSecondVisit && frame.head === number[block]) {
      number[block] = Number.POSITIVE_INFINITY;
      if (frame.isLoop) {
        // All that was met since and has no place yet is the loop's body: it is visited again, without its head.
        for (let member = visited.pop()!; member !== block; member = visited.pop()!) number[member] = 0;
        frame.start = reversed.length;
        frame.position = targets.length;
        continue;
      }
      visited.pop();
      reversed.push(block);
    } else if (isSecondVisit) {
      reversed.push(block);
      isLoopHead[block] = 1;
      loopBlocks.set(block, new Set(reversed.slice(frame.start)));
    }
    frames.pop();
    const outer = frames[frames.length - 1];
    if (outer && outer.start < 0 && !isSecondVisit && frame.head <= outer.head && number[block] !== Infinity) {
      outer.head = frame.head;
      outer.isLoop = true;
    }
  }
  const order = reversed.reverse();
  const rank = new Int32Array(count).fill(-1);
  const predecessors: BlockId[][] = ir.blocks.map(() => []);
  for (let i = 0; i < order.length; i++) {
    rank[order[i]] = i;
    for (const target of successors(ir.blocks[order[i]].terminator)) predecessors[target].push(order[i]);
  }
  return { order, rank, isLoopHead, loopBlocks, predecessors };
}

/** One block on the way of `analyseControlFlow`. */
interface Frame {
  readonly block: BlockId;
  readonly targets: readonly BlockId[];
  /** How many of the targets are still to be looked at, from behind: those in front come first in the order. */
  position: number;
  /** The lowest number that the block's successors lead back to. */
  head: number;
  isLoop: boolean;
  /** Where in the reversed order the body of the block's loop begins, once it is visited for that; else -1. */
  start: number;
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

/** True for a block of a loop, its head among them. */
export function isInLoop({ loopBlocks }: ControlFlow, block: BlockId): boolean {
  for (const blocks of loopBlocks.values()) if (blocks.has(block)) return true;
  return false;
}

export function isLive(liveness: Liveness, block: BlockId, variable: VariableId): boolean {
  return (liveness.bits[block * liveness.words + (variable >> 5)] & (1 << (variable & 31))) !== 0;
}
