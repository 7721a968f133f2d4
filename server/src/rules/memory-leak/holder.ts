import type { Flaw } from '../../analysis/flaws.ts';
import type { Site } from '../../analysis/state.ts';
import { definitionOf } from '../../ir/definitions.ts';
import type { BlockId, FunctionIr, Instruction, Register, VariableId } from '../../ir/instructions.ts';
import { type RuleContext, rangeOf } from '../rule.ts';

type Leak = Extract<Flaw, { kind: 'leak' }>;

/** How long the text of a place may be to stand in a message. */
const MAXIMUM_TEXT = 40;

/** The place that the result of an allocation is stored in right away, as the program writes it: `p`, `node->name`. */
export function holderText(context: RuleContext, allocation: Site): string | undefined {
  const { ir } = context.analysis;
  const call = ir.blocks[allocation.block].instructions[allocation.instruction];
  if (call?.op !== 'call') return undefined;
  let value: ValueAt = { block: allocation.block, position: allocation.instruction, register: call.destination };
  for (let depth = 0; depth < MAXIMUM_DEPTH; depth++) {
    const { instructions } = ir.blocks[value.block];
    const position = storeOf(instructions, value);
    const store = position === undefined ? undefined : instructions[position];
    if (position === undefined || store?.op !== 'store') return undefined;
    const address = definitionOf(instructions, position, store.address);
    if (address?.op !== 'variable') {
      const { start, end } = rangeOf(context, store.origin);
      const text = context.text.slice(start, end).split('=')[0].replace(/\s+/g, ' ').trim();
      return /^[\w\s.\->[\]*()]+$/.test(text) && text.length <= MAXIMUM_TEXT ? text : undefined;
    }
    // Behind GNU's `({ void *p = malloc(n); p; })` it is the one who is given the value that has it.
    const given = valueOfBlock(ir, address.variable);
    if (given === undefined) return ir.variables[address.variable].name || undefined;
    value = given;
  }
  return undefined;
}

/** Statement expressions within one another deeper than this have no name that a reader would know. */
const MAXIMUM_DEPTH = 4;

/** A value, and where it was computed. */
interface ValueAt {
  readonly block: BlockId;
  readonly position: number;
  readonly register: Register;
}

/** Where the full expression stores a value. */
function storeOf(instructions: readonly Instruction[], { position, register }: ValueAt): number | undefined {
  for (let i = position + 1; i < instructions.length; i++) {
    const instruction = instructions[i];
    if (instruction.op === 'sequence-point') return undefined;
    if (instruction.op === 'store' && instruction.value === register) return i;
  }
  return undefined;
}

/** What a variable of a statement expression, which ends within an expression, gives as its value; undefined for any other variable. */
function valueOfBlock({ blocks, variables }: FunctionIr, variable: VariableId): ValueAt | undefined {
  for (const { id, instructions } of blocks) {
    for (const [position, instruction] of instructions.entries()) {
      if (instruction.op !== 'scope-end' || !instruction.variables.includes(variable)) continue;
      const result = instructions[position + 1];
      const read = instructions[position + 2];
      if (result?.op === 'variable' && variables[result.variable].kind === 'temporary' && read?.op === 'load')
        return { block: id, position: position + 2, register: read.destination };
    }
  }
  return undefined;
}

/** A member of what the result of a call, or the variable that it filled, leads to. */
export function memberText(
  context: RuleContext,
  { allocation, member }: Pick<Leak, 'allocation' | 'member'>,
): string | undefined {
  if (member === undefined) return undefined;
  const holder = holderText(context, allocation) ?? filledVariable(context, allocation);
  return holder !== undefined && /^[\w.\->]+$/.test(holder) ? `${holder}->${member}` : undefined;
}

/** The one variable whose address a call is given, by its name: what the call allocates it may leave there. */
export function filledVariable({ analysis: { ir } }: RuleContext, { block, instruction }: Site): string | undefined {
  const { instructions } = ir.blocks[block];
  const call = instructions[instruction];
  if (call?.op !== 'call') return undefined;
  const given = call.arguments.flatMap((argument) => {
    const definition = definitionOf(instructions, instruction, argument);
    return definition?.op === 'variable' ? [ir.variables[definition.variable]] : [];
  });
  // Beside a pointer that is filled its length may be.
  const pointers = given.filter(({ isArray, pointerDepth }) => !isArray && pointerDepth > 0);
  const [variable, ...others] = pointers.length > 0 ? pointers : given.filter(({ isArray }) => !isArray);
  return others.length === 0 ? variable?.name : undefined;
}
