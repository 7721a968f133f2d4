import { keptIn, keptPer } from '../base/kept.ts';
import { definitionOf, operandsOf, variableAt } from '../ir/definitions.ts';
import type { BlockId, Instruction, Register, VariableId } from '../ir/instructions.ts';
import { successors } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';

/*
 * Loops that count: `for (i = start; i <= bound; i++)`, left by their condition alone. What they do in every turn they also do
 * in the last one, in which the counter has its last value, or in the first when they count down.
 */

/** Loops with more blocks are not looked at. */
const MAXIMUM_BLOCKS = 64;
/** Sums nested deeper are no index that anyone writes. */
const MAXIMUM_SUM_DEPTH = 8;

interface CountedLoop {
  readonly head: BlockId;
  readonly blocks: ReadonlySet<BlockId>;
  /** The block from which control goes back to the head. */
  readonly latch: BlockId;
  readonly counter: VariableId;
  readonly step: 1 | -1;
  /** Where the counter is stepped. */
  readonly stepped: { readonly block: BlockId; readonly index: number };
  readonly bound: Bound;
}

/** A number that no turn changes: a variable's, where there is one, plus a constant. */
interface Bound {
  readonly variable: VariableId | undefined;
  readonly offset: number;
}

/** The furthest index of an access that a loop makes in every turn. */
export interface FurthestIndex {
  readonly head: BlockId;
  /** The index of the last turn; undefined where the first turn goes furthest. */
  readonly last: Bound | undefined;
}

/** What is known of one function: its loops, and by block and position how far accesses go. */
interface CountedLoops {
  readonly loops: readonly CountedLoop[];
  readonly answers: Map<string, FurthestIndex | undefined>;
}

const countedLoopsOf = keptPer((context: AnalysisContext): CountedLoops => {
  return { loops: findCountedLoops(context), answers: new Map() };
});

/**
 * How many turns a loop still has at its head where numbers are known: 0 where the next comparison ends it. Undefined for loops
 * that do not count, or not between numbers.
 */
export function turnsLeft(
  context: AnalysisContext,
  head: BlockId,
  numberOf: (variable: VariableId) => number | undefined,
): number | undefined {
  const loop = countedLoopsOf(context).loops.find((each) => each.head === head);
  if (!loop) return undefined;
  const { variable, offset } = loop.bound;
  const counter = numberOf(loop.counter);
  const last = variable === undefined ? 0 : numberOf(variable);
  return counter === undefined || last === undefined ? undefined : (last + offset - counter) * loop.step + 1;
}

/** How far an access to an element goes, if its index is a loop's counter, give or take a constant, in every turn. */
export function furthestIndex(
  context: AnalysisContext,
  block: BlockId,
  position: number,
  element: Extract<Instruction, { op: 'element' }>,
): FurthestIndex | undefined {
  if (context.flow.loopBlocks.size === 0) return undefined;
  const { loops, answers } = countedLoopsOf(context);
  if (loops.length === 0) return undefined;
  const key = `${block}:${position}`;
  return keptIn(answers, key, () => furthestIn(context, loops, block, position, element));
}

function furthestIn(
  context: AnalysisContext,
  loops: readonly CountedLoop[],
  block: BlockId,
  position: number,
  element: Extract<Instruction, { op: 'element' }>,
): FurthestIndex | undefined {
  const { instructions } = context.ir.blocks[block];
  for (const loop of loops) {
    if (!loop.blocks.has(block)) continue;
    const index = plusConstant(instructions, position, element.index);
    if (index?.variable !== loop.counter) continue;
    // Behind the step the counter has the next turn's value.
    const { stepped } = loop;
    if (stepped.block === block ? stepped.index < index.position : stepped.block !== loop.latch) continue;
    if (!isInEveryTurn(context, loop, block) || !isFixed(context, loop, instructions, position, element.base)) continue;
    const { variable, offset } = loop.bound;
    return { head: loop.head, last: loop.step > 0 ? { variable, offset: offset + index.offset } : undefined };
  }
  return undefined;
}

function findCountedLoops(context: AnalysisContext): CountedLoop[] {
  const found: CountedLoop[] = [];
  for (const [head, blocks] of context.flow.loopBlocks) {
    const loop = blocks.size <= MAXIMUM_BLOCKS ? countedLoop(context, head, blocks) : undefined;
    if (loop) found.push(loop);
  }
  return found;
}

function countedLoop(context: AnalysisContext, head: BlockId, blocks: ReadonlySet<BlockId>): CountedLoop | undefined {
  const { ir, flow } = context;
  const { instructions, terminator } = ir.blocks[head];
  if (terminator.kind !== 'branch') return undefined;
  const staysIfTrue = blocks.has(terminator.whenTrue);
  if (staysIfTrue === blocks.has(terminator.whenFalse)) return undefined;
  for (const block of blocks) {
    if (block === head) continue;
    const targets = successors(ir.blocks[block].terminator);
    if (targets.length === 0 || !targets.every((target) => blocks.has(target))) return undefined;
  }
  const latches = flow.predecessors[head].filter((block) => blocks.has(block));
  if (latches.length !== 1) return undefined;
  const condition = definitionOf(instructions, instructions.length, terminator.condition);
  if (condition?.op !== 'binary') return undefined;
  const left = plusConstant(instructions, instructions.length, condition.left);
  const right = plusConstant(instructions, instructions.length, condition.right);
  if (!left || !right) return undefined;
  for (const [counter, bound, operator] of [
    [left, right, condition.operator],
    [right, left, MIRRORED.get(condition.operator) ?? ''],
  ] as const) {
    if (counter.variable === undefined || counter.offset !== 0) continue;
    const stepped = onlyStep(context, blocks, counter.variable);
    const meaning = (staysIfTrue ? operator : NEGATED.get(operator)) ?? '';
    const isLast = (stepped?.step === 1 ? UPWARDS : DOWNWARDS).get(meaning);
    if (!stepped || isLast === undefined) continue;
    if (bound.variable !== undefined && !isUnchanged(context, blocks, bound.variable)) continue;
    const [latch] = latches;
    const { variable, offset } = bound;
    const { step, block, index } = stepped;
    const loop = { head, blocks, latch, counter: counter.variable, step, stepped: { block, index } };
    const counted = { ...loop, bound: { variable, offset: offset + isLast } };
    if (isInEveryTurn(context, counted, block)) return counted;
  }
  return undefined;
}

const MIRRORED = new Map([
  ['<', '>'],
  ['<=', '>='],
  ['>', '<'],
  ['>=', '<='],
  ['!=', '!='],
]);
const NEGATED = new Map([
  ['<', '>='],
  ['<=', '>'],
  ['>', '<='],
  ['>=', '<'],
  ['==', '!='],
]);
/** From the bound to the counter's last value, by the comparison that lets the loop go on. */
const UPWARDS = new Map([
  ['<', -1],
  ['!=', -1],
  ['<=', 0],
]);
const DOWNWARDS = new Map([
  ['>', 1],
  ['!=', 1],
  ['>=', 0],
]);

/** A register as a number, or as what a variable holds plus a number; and where the variable is read. */
function plusConstant(
  instructions: readonly Instruction[],
  position: number,
  register: Register,
  depth = 0,
): (Bound & { readonly position: number }) | undefined {
  const definition = depth > MAXIMUM_SUM_DEPTH ? undefined : definitionOf(instructions, position, register);
  switch (definition?.op) {
    case 'constant':
      return { variable: undefined, offset: definition.value, position };
    case 'load': {
      const read = instructions.indexOf(definition);
      const variable = variableAt(instructions, read, definition.address);
      return variable === undefined ? undefined : { variable, offset: 0, position: read };
    }
    case 'binary': {
      const { operator } = definition;
      if (operator !== '+' && operator !== '-') return undefined;
      const at = instructions.indexOf(definition);
      const left = plusConstant(instructions, at, definition.left, depth + 1);
      const right = plusConstant(instructions, at, definition.right, depth + 1);
      if (!left || !right || right.variable !== undefined) return undefined;
      return { ...left, offset: operator === '+' ? left.offset + right.offset : left.offset - right.offset };
    }
    default:
      return undefined;
  }
}

/** The one place in a loop that writes a variable, by adding 1 to it or taking 1 away; nothing else reaches it. */
function onlyStep(
  context: AnalysisContext,
  blocks: ReadonlySet<BlockId>,
  variable: VariableId,
): { readonly step: 1 | -1; readonly block: BlockId; readonly index: number } | undefined {
  if (!isPrivate(context, blocks, variable)) return undefined;
  let found: { readonly step: 1 | -1; readonly block: BlockId; readonly index: number } | undefined;
  for (const { block, index } of writesOf(context, blocks, variable)) {
    const { instructions } = context.ir.blocks[block];
    const store = instructions[index];
    const value = store.op === 'store' ? plusConstant(instructions, index, store.value) : undefined;
    if (found || value?.variable !== variable || (value.offset !== 1 && value.offset !== -1)) return undefined;
    found = { step: value.offset, block, index };
  }
  return found;
}

function isUnchanged(context: AnalysisContext, blocks: ReadonlySet<BlockId>, variable: VariableId): boolean {
  return isPrivate(context, blocks, variable) && writesOf(context, blocks, variable).length === 0;
}

/** Where blocks write a variable, or forget what it holds. */
function writesOf(
  { ir }: AnalysisContext,
  blocks: ReadonlySet<BlockId>,
  variable: VariableId,
): { readonly block: BlockId; readonly index: number }[] {
  const writes: { readonly block: BlockId; readonly index: number }[] = [];
  for (const block of blocks) {
    const { instructions } = ir.blocks[block];
    for (const [index, instruction] of instructions.entries()) {
      const isWrite =
        (instruction.op === 'store' && variableAt(instructions, index, instruction.address) === variable) ||
        (instruction.op === 'declare' && instruction.variable === variable) ||
        (instruction.op === 'forget' && instruction.variables.includes(variable));
      if (isWrite) writes.push({ block, index });
    }
  }
  return writes;
}

/** A variable of the function whose address goes nowhere, or to nobody who runs in these blocks. */
function isPrivate(context: AnalysisContext, blocks: ReadonlySet<BlockId>, variable: VariableId): boolean {
  const { kind } = context.ir.variables[variable];
  if (kind !== 'local' && kind !== 'parameter') return false;
  const shown = addressed(context).get(variable);
  return !shown || (!shown.some((block) => blocks.has(block)) && !callsOthers(context, blocks));
}

/** Code runs in the blocks that is no library's. */
function callsOthers({ ir, environment }: AnalysisContext, blocks: ReadonlySet<BlockId>): boolean {
  for (const block of blocks) {
    for (const instruction of ir.blocks[block].instructions) {
      if (instruction.op === 'call' && !environment.models.shipped(instruction.callee)) return true;
    }
  }
  return false;
}

/** The variables whose addresses are more than read and written through where they stand, and the blocks where they are. */
const addressed = keptPer((context: AnalysisContext): ReadonlyMap<VariableId, readonly BlockId[]> => {
  const found = new Map<VariableId, BlockId[]>();
  for (const { id, instructions } of context.ir.blocks) {
    const addresses = new Map<Register, VariableId>();
    const note = (register: Register): void => {
      const variable = addresses.get(register);
      if (variable === undefined) return;
      const blocks = found.get(variable);
      if (blocks) blocks.push(id);
      else found.set(variable, [id]);
    };
    for (const instruction of instructions) {
      if (instruction.op === 'variable') {
        addresses.set(instruction.destination, instruction.variable);
        continue;
      }
      operandsOf(instruction).forEach(note);
      if ('destination' in instruction) addresses.delete(instruction.destination);
    }
  }
  return found;
});

/** Control passes a block on each way through the loop. */
function isInEveryTurn({ ir }: AnalysisContext, { head, blocks, latch }: CountedLoop, block: BlockId): boolean {
  if (block === latch || block === head) return block === latch;
  const seen = new Set<BlockId>();
  const pending = [...successors(ir.blocks[head].terminator)];
  while (pending.length > 0) {
    const next = pending.pop()!;
    if (!blocks.has(next) || next === block || next === head || seen.has(next)) continue;
    if (next === latch) return false;
    seen.add(next);
    pending.push(...successors(ir.blocks[next].terminator));
  }
  return true;
}

/** What is indexed is the same block in each turn: what a variable holds that the loop leaves alone, or memory where nothing is called. */
function isFixed(
  context: AnalysisContext,
  { blocks, counter }: CountedLoop,
  instructions: readonly Instruction[],
  position: number,
  base: Register,
): boolean {
  const definition = definitionOf(instructions, position, base);
  if (definition?.op !== 'load') return false;
  const variable = variableAt(instructions, instructions.indexOf(definition), definition.address);
  if (variable !== undefined) return isUnchanged(context, blocks, variable);
  const holder = holderOf(instructions, definition);
  if (!holder || writesOf(context, blocks, holder.root).length > 0 || callsOthers(context, blocks)) return false;
  for (const block of blocks) {
    const body = context.ir.blocks[block].instructions;
    for (const [index, instruction] of body.entries()) {
      if (instruction.op === 'store' && mayWriteHolder(context, body, index, instruction, holder, counter))
        return false;
    }
  }
  return true;
}

/** How a pointer was read from memory: from what variable, by what members, and whether by elements or other pointers, too. */
interface Holder {
  readonly root: VariableId;
  readonly members: ReadonlySet<string>;
  readonly isByMembersAlone: boolean;
}

/** Where a load reads from: `all[1]`, `*at`, `first.next->item`. Undefined for an index that is no number in the text. */
function holderOf(
  instructions: readonly Instruction[],
  load: Extract<Instruction, { op: 'load' }>,
): Holder | undefined {
  const members = new Set<string>();
  let isByMembersAlone = true;
  let current: Extract<Instruction, { op: 'load' | 'field' | 'element' }> = load;
  for (let steps = 0; steps < MAXIMUM_HOLDER_STEPS; steps++) {
    const at = instructions.indexOf(current);
    const part: Instruction | undefined = definitionOf(
      instructions,
      at,
      current.op === 'load' ? current.address : current.base,
    );
    if (current.op === 'field') members.add(current.name);
    if (current.op === 'element') {
      if (definitionOf(instructions, at, current.index)?.op !== 'constant') return undefined;
      isByMembersAlone = false;
    }
    if (!part) return undefined;
    if (part.op === 'variable') return { root: part.variable, members, isByMembersAlone };
    if (part.op !== 'load' && part.op !== 'field' && part.op !== 'element') return undefined;
    // A pointer that another one points to is no member of anything.
    if (current.op === 'load' && part.op === 'load') isByMembersAlone = false;
    current = part;
  }
  return undefined;
}

/** Members of members of what pointers point to are named no further than this. */
const MAXIMUM_HOLDER_STEPS = 12;

/** A store in a loop may go where a pointer is read from. */
function mayWriteHolder(
  context: AnalysisContext,
  body: readonly Instruction[],
  index: number,
  store: Extract<Instruction, { op: 'store' }>,
  { members, isByMembersAlone }: Holder,
  counter: VariableId,
): boolean {
  const target = definitionOf(body, index, store.address);
  if (target?.op === 'field') return members.has(target.name) || !isByMembersAlone;
  if (isByMembersAlone || (target?.op === 'variable' && target.variable === counter)) return false;
  const { types } = context.sizes;
  if (target?.op === 'variable') {
    const { kind, pointerDepth } = context.ir.variables[target.variable];
    return kind === 'global' || pointerDepth > 0;
  }
  // A number goes where numbers are.
  return target?.op !== 'element' || types.resolve(target.type).kind !== 'arithmetic';
}
