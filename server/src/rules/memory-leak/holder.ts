import type { Flaw } from '../../analysis/flaws.ts';
import type { Site } from '../../analysis/state.ts';
import { definitionOf } from '../../ir/definitions.ts';
import { type RuleContext, rangeOf } from '../rule.ts';

type Leak = Extract<Flaw, { kind: 'leak' }>;

/** How long the text of a place may be to stand in a message. */
const MAXIMUM_TEXT = 40;

/** The place that the result of an allocation is stored in right away, as the program writes it: `p`, `node->name`. */
export function holderText(context: RuleContext, allocation: Site): string | undefined {
  const { ir } = context.analysis;
  const { instructions } = ir.blocks[allocation.block];
  const call = instructions[allocation.instruction];
  if (call?.op !== 'call') return undefined;
  for (let i = allocation.instruction + 1; i < instructions.length; i++) {
    const instruction = instructions[i];
    if (instruction.op === 'sequence-point') return undefined;
    if (instruction.op !== 'store' || instruction.value !== call.destination) continue;
    for (let j = i - 1; j >= 0; j--) {
      const address = instructions[j];
      if (!('destination' in address) || address.destination !== instruction.address) continue;
      if (address.op === 'variable') return ir.variables[address.variable].name || undefined;
      break;
    }
    const { start, end } = rangeOf(context, instruction.origin);
    const text = context.text.slice(start, end).split('=')[0].replace(/\s+/g, ' ').trim();
    return /^[\w\s.\->[\]*()]+$/.test(text) && text.length <= MAXIMUM_TEXT ? text : undefined;
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
