import type { UnwrittenRead } from '../../analysis/flaws.ts';
import { reachableBlocks } from '../../ir/control-flow.ts';
import type { Instruction, Register, VariableId } from '../../ir/instructions.ts';
import { takenSuccessors } from '../../ir/instructions.ts';
import { MEMBER_COMPOSITE, MEMBER_SCALAR, MEMBER_SHARED } from '../../source/members.ts';
import type { RuleContext } from '../rule.ts';

/** Calls that certainly fill nothing. */
const PLAIN_READERS = new Set(['malloc', 'calloc', 'free', 'strlen', 'strcmp', 'printf', 'fprintf', 'puts']);

/**
 * True when the expression surely reads memory: a member that is an array or a structure stands for its address, one of a
 * union may have been written under another name, and so does an element of a pointer to arrays.
 */
export function isRead(context: RuleContext, flaw: UnwrittenRead): boolean {
  const { members, pointer, allocation, read, isCounted } = flaw;
  const { analysis, text, base } = context;
  // Flags may ask the allocator for zeros.
  if (/ZERO/i.test(text.slice(base + allocation.origin.start, base + allocation.origin.end))) return false;
  const name = rootName(context, pointer);
  if (
    name !== undefined &&
    isArgumentBetween(text.slice(base + allocation.origin.end, base + read.origin.start), name)
  ) {
    return false;
  }
  const last = members.at(-1);
  if (last !== undefined) {
    const traits = members.map((member) => context.program.memberTraits(member));
    const isShared = traits.some((bits) => (bits & MEMBER_SHARED) !== 0);
    return !isShared && (traits.at(-1)! & (MEMBER_SCALAR | MEMBER_COMPOSITE)) === MEMBER_SCALAR;
  }
  // How many elements there are is counted by something that the path may know nothing of.
  const expression = text.slice(base + pointer.start, base + pointer.end);
  if (!isCounted && /\[\s*[A-Za-z_]/.test(expression) && storesElements(context, read)) return false;
  if (name === undefined) return true;
  if (isPointerToPointer(context, name)) return true;
  const item = text.slice(base, base + analysis.ir.closing.end);
  return !new RegExp(`\\(\\s*\\*\\s*(const\\s+)?${name}\\s*\\)\\s*\\[`).test(item);
}

/** `(*at)[0]` is an element of what `*at` points to where `at` is declared as a pointer to a pointer. */
function isPointerToPointer({ analysis }: RuleContext, name: string): boolean {
  const named = analysis.ir.variables.filter((variable) => variable.name === name);
  return named.length > 0 && named.every(({ pointerDepth, isArray }) => pointerDepth > 1 && !isArray);
}

/** Words in front of a parenthesis that are no calls, and calls that write nothing. */
const NO_WRITERS = new Set([
  'if',
  'while',
  'for',
  'switch',
  'return',
  'sizeof',
  'free',
  'assert',
  'strlen',
  'strcat',
  'puts',
]);

/** The text hands the variable itself to a call: what a macro makes of it need not be what was understood. */
function isArgumentBetween(between: string, name: string): boolean {
  const calls = new RegExp(`\\b(\\w+)\\s*\\((?:[^();]*,)?\\s*(?:\\([\\w\\s*]+\\)\\s*)?${name}\\s*[,)]`, 'g');
  for (const [, callee] of between.matchAll(calls)) if (!NO_WRITERS.has(callee)) return true;
  return false;
}

/** Somewhere the function writes elements, of this block or another, and not only by adding to what is read: `count[i]++`. */
function storesElements(context: RuleContext, { block, instruction: position }: UnwrittenRead['read']): boolean {
  for (const { id, instructions } of context.analysis.ir.blocks) {
    const elements = new Set<Register>();
    const read = id === block ? instructions[position] : undefined;
    for (const [at, instruction] of instructions.entries()) {
      if (instruction.op === 'element') elements.add(instruction.destination);
      else if ('destination' in instruction) elements.delete(instruction.destination);
      if (instruction.op !== 'store' || !elements.has(instruction.address)) continue;
      const isSame = read?.op === 'load' && read.address === instruction.address && at > position;
      if (!isSame || instructions.slice(position, at).some(({ op }) => op === 'sequence-point')) return true;
    }
  }
  return false;
}

function rootName(context: RuleContext, { start, end }: { start: number; end: number }): string | undefined {
  return /[A-Za-z_]\w*/.exec(context.text.slice(context.base + start, context.base + end))?.[0];
}

/**
 * True when a loop between the allocation and the read may fill the memory: that the loop runs at all is rarely said by
 * anything that the path holds.
 */
export function mayBeFilledBetween(context: RuleContext, flaw: UnwrittenRead): boolean {
  const { ir } = context.analysis;
  const { allocation, read, members } = flaw;
  const last = members.at(-1);
  for (const block of ir.blocks) {
    if (!isInLoop(context, block.id)) continue;
    const named = new Map<Register, VariableId>();
    const fields = new Map<Register, string>();
    const constants = new Set<Register>();
    for (const instruction of block.instructions) {
      const at = originStart(instruction);
      if (instruction.op === 'variable') named.set(instruction.destination, instruction.variable);
      else if ('destination' in instruction) {
        named.delete(instruction.destination);
        fields.delete(instruction.destination);
        constants.delete(instruction.destination);
      }
      if (instruction.op === 'constant' || instruction.op === 'string') constants.add(instruction.destination);
      if (instruction.op === 'field') fields.set(instruction.destination, instruction.name);
      if (at === undefined || at < allocation.origin.end || at >= read.origin.start) continue;
      if (instruction.op === 'store' && !named.has(instruction.address)) {
        const field = fields.get(instruction.address);
        if (last === undefined ? field === undefined : field === last) return true;
      }
      // What is read for a call is read before it.
      const isBehind = instruction.op === 'call' && instruction.origin.end >= read.origin.end;
      if (
        instruction.op === 'call' &&
        !isBehind &&
        // `exit(1)` learns of no memory.
        !instruction.arguments.every((argument) => constants.has(argument)) &&
        !PLAIN_READERS.has(instruction.callee)
      )
        return true;
    }
  }
  return false;
}

function originStart(instruction: Instruction): number | undefined {
  return instruction.op === 'store' || instruction.op === 'call' ? instruction.origin.start : undefined;
}

/** Control can come from a block to itself. */
function isInLoop({ analysis }: RuleContext, block: number): boolean {
  const { ir } = analysis;
  return reachableBlocks(ir, takenSuccessors(ir.blocks[block]), (from, to) =>
    takenSuccessors(ir.blocks[from]).includes(to),
  ).has(block);
}
