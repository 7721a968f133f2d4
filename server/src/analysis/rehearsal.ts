import type { BasicBlock, BlockId, Instruction, Origin, Register, VariableId } from '../ir/instructions.ts';
import { UNKNOWN_TYPE } from '../ir/type-terms.ts';
import type { AnalysisContext } from './context.ts';
import type { Flaw } from './flaws.ts';
import { findBelievedLeaks } from './handovers.ts';
import { interpret } from './interpreter.ts';
import { noteLeaksAtExit } from './leaks.ts';
import { findLateTests } from './null-dereferences.ts';
import type { ReleasePlace } from './place-contents.ts';
import { allocationKey } from './recorded-paths.ts';
import { findStaleAtExits } from './stale.ts';
import type { Site } from './state.ts';

/** A free that a repair would write at a position of the function. */
export interface RehearsedFree {
  readonly block: BlockId;
  readonly index: number;
  readonly place: ReleasePlace;
  readonly deallocator: string;
  /** It is freed only if it is not NULL. */
  readonly isGuarded: boolean;
  /** The deallocator is given the place's address. */
  readonly takesAddress: boolean;
  /** The place is NULL behind it. */
  readonly isCleared: boolean;
}

/** A jump that a repair would write, in place of what stands there. */
export interface RehearsedJump {
  readonly block: BlockId;
  readonly index: number;
  readonly target: BlockId;
}

/** The flaws of a function in which control jumps from one place to a label. */
export function rehearseJump(context: AnalysisContext, { block, index, target }: RehearsedJump): readonly Flaw[] {
  const blocks = context.ir.blocks.map((each): BasicBlock => {
    if (each.id !== block) return each;
    return { ...each, instructions: each.instructions.slice(0, index), terminator: { kind: 'goto', target } };
  });
  return flawsOf(context, blocks);
}

/**
 * The flaws of a function into which frees are put, and in which some variables begin as NULL: what its repair would be,
 * without its text.
 */
export function rehearse(
  context: AnalysisContext,
  frees: readonly RehearsedFree[],
  initialised: readonly VariableId[],
): readonly Flaw[] {
  const { ir } = context;
  const blocks: BasicBlock[] = ir.blocks.map((block) => ({ ...block, instructions: [...block.instructions] }));
  // From the last to the first, so that the positions of the others hold.
  for (const [i, free] of [...frees]
    .reverse()
    .sort((a, b) => a.block - b.block || b.index - a.index)
    .entries()) {
    // What is put in has a place of its own, which nothing else has.
    insertFree(blocks, free, { start: -10 - i, end: -10 - i });
  }
  for (const block of blocks) {
    for (let i = block.instructions.length - 1; i >= 0; i--) {
      const instruction = block.instructions[i];
      if (instruction.op !== 'declare' || !initialised.includes(instruction.variable)) continue;
      block.instructions.splice(i + 1, 0, ...storeNull(variableAddress(instruction.variable), { start: -2, end: -2 }));
    }
  }
  return flawsOf(context, blocks);
}

function flawsOf({ ir, environment }: AnalysisContext, blocks: readonly BasicBlock[]): readonly Flaw[] {
  const rehearsed = interpret({ ...ir, blocks }, environment);
  for (const exit of rehearsed.exits) noteLeaksAtExit(rehearsed, exit);
  findBelievedLeaks(rehearsed);
  findLateTests(rehearsed);
  findStaleAtExits(rehearsed);
  return rehearsed.flaws;
}

function insertFree(blocks: BasicBlock[], free: RehearsedFree, origin: Origin): void {
  const { place, deallocator, isGuarded, takesAddress, isCleared } = free;
  const block = blocks[free.block];
  const before = block.instructions.slice(0, free.index);
  const after = block.instructions.slice(free.index);
  const address = addressOf(place, origin);
  const pointer = address.length;
  const call: Instruction[] = [
    ...address,
    { op: 'load', destination: pointer, address: pointer - 1, origin, pointer: undefined },
    {
      op: 'call',
      destination: pointer + 1,
      callee: deallocator,
      hook: '',
      pointer: undefined,
      arguments: [takesAddress ? pointer - 1 : pointer],
      argumentOrigins: [origin],
      origin,
      isImplicit: false,
      isResultUsed: false,
      macro: '',
    },
    { op: 'sequence-point' },
    ...(isCleared ? storeNull(address, origin) : []),
  ];
  if (!isGuarded) {
    block.instructions.splice(0, block.instructions.length, ...before, ...call, ...after);
    return;
  }
  const rest: BasicBlock = { ...block, id: blocks.length, instructions: after };
  const inner: BasicBlock = {
    id: blocks.length + 1,
    instructions: call,
    terminator: { kind: 'goto', target: rest.id },
    liveRegisters: 0,
  };
  blocks.push(rest, inner);
  block.instructions.splice(0, block.instructions.length, ...before, ...address, call[pointer]);
  block.terminator = {
    kind: 'branch',
    condition: pointer,
    whenTrue: inner.id,
    whenFalse: rest.id,
    origin,
    isInlined: true,
  };
}

/** The instructions that compute the address of a place; the last of them has it. */
function addressOf(place: ReleasePlace, origin: Origin): Instruction[] {
  const instructions = variableAddress(place.variable);
  for (const step of place.steps) {
    const base = lastRegister(instructions);
    const destination = instructions.length;
    if (step === '*') instructions.push({ op: 'load', destination, address: base, origin, pointer: undefined });
    else if (typeof step === 'string')
      instructions.push({ op: 'field', destination, base, name: step, of: UNKNOWN_TYPE });
    else {
      instructions.push({ op: 'constant', destination, value: step });
      instructions.push({ op: 'element', destination: destination + 1, base, index: destination, type: UNKNOWN_TYPE });
    }
  }
  return instructions;
}

function variableAddress(variable: VariableId): Instruction[] {
  return [{ op: 'variable', destination: 0, variable }];
}

function lastRegister(instructions: readonly Instruction[]): Register {
  return instructions.length - 1;
}

function storeNull(address: readonly Instruction[], origin: Origin): Instruction[] {
  const value = address.length;
  return [
    ...address,
    { op: 'constant', destination: value, value: 0 },
    { op: 'store', address: value - 1, value, origin, pointer: undefined, mayWritePointers: false },
  ];
}

/** The losses of an allocation are gone, and nothing is there that was not there before. */
export function isBetter(context: AnalysisContext, key: string, flaws: readonly Flaw[]): boolean {
  const before = new Set(context.flaws.map(flawKey));
  return flaws.every((flaw) => {
    if (flaw.kind === 'leak' && flaw.manner !== 'realloc' && allocationKey(flaw.allocation) === key) return false;
    return !GRAVE.has(flaw.kind) || before.has(flawKey(flaw));
  });
}

/** Flaws that a repair must not bring. */
const GRAVE: ReadonlySet<Flaw['kind']> = new Set([
  'leak',
  'double-free',
  'use-after-free',
  'invalid-free',
  'mismatched-deallocator',
  'null-dereference',
  'unchecked-dereference',
  'stale-at-exit',
  'stale-test',
]);

/** The same for the same flaw after statements were put elsewhere in the function. */
function flawKey(flaw: Flaw): string {
  const starts: unknown[] = [flaw.kind];
  for (const [name, member] of Object.entries(flaw)) {
    if (typeof member !== 'object' || member === null || name === 'allocation') continue;
    if ('origin' in member) starts.push(name, (member as Site).origin.start);
    else if ('start' in member) starts.push(name, (member as Origin).start);
  }
  const { allocation } = flaw as { allocation?: Site };
  if (allocation) starts.push(allocationKey(allocation));
  return starts.join(' ');
}
