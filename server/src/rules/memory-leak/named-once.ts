import type { Flaw } from '../../analysis/flaws.ts';
import { definitionOf } from '../../ir/definitions.ts';
import type { FunctionIr, Instruction, Register, VariableId } from '../../ir/instructions.ts';

type Leak = Extract<Flaw, { kind: 'leak' }>;

/** Members and indices between a table and the name in one of its rows. */
const MAXIMUM_STEPS = 6;

const COMPARISONS = new Set(['strcmp', 'strcasecmp']);

/**
 * A loop goes through a table of the program's own, and does something for the row of a name:
 * `if (!strcmp(parameters.rows[i].name, "host")) host = copy(values[i]);`. The name stands there once, so that what was kept for
 * it is not overwritten by another turn.
 */
export function isNamedOnce(ir: FunctionIr, { manner, allocation, at }: Leak): boolean {
  if (manner !== 'overwrite' || allocation.block !== at.block || allocation.instruction > at.instruction) return false;
  return ir.blocks.some(({ instructions, terminator }) => {
    if (terminator.kind !== 'branch') return false;
    const answer = equality(instructions, terminator.condition);
    if (!answer || (answer.isEqualWhenTrue ? terminator.whenTrue : terminator.whenFalse) !== at.block) return false;
    return answer.compared.some((register) => isOfRow(ir, instructions, register));
  });
}

/** What a condition compares as texts, and on which of its answers they are the same. */
function equality(
  instructions: readonly Instruction[],
  condition: Register,
): { readonly compared: readonly Register[]; readonly isEqualWhenTrue: boolean } | undefined {
  let register = condition;
  let isEqualWhenTrue = false;
  for (let steps = 0; steps < MAXIMUM_STEPS; steps++) {
    const found = definitionOf(instructions, instructions.length, register);
    if (found?.op === 'call') {
      return COMPARISONS.has(found.callee) ? { compared: found.arguments, isEqualWhenTrue } : undefined;
    }
    if (found?.op === 'unary' && found.operator === '!') {
      isEqualWhenTrue = !isEqualWhenTrue;
      register = found.operand;
    } else if (found?.op === 'binary' && (found.operator === '==' || found.operator === '!=')) {
      const right = definitionOf(instructions, instructions.length, found.right);
      if (right?.op !== 'constant' || right.value !== 0) return undefined;
      if (found.operator === '==') isEqualWhenTrue = !isEqualWhenTrue;
      register = found.left;
    } else return undefined;
  }
  return undefined;
}

/** The value is a member of an element of a variable outside of functions, or of what that points to. */
function isOfRow(ir: FunctionIr, instructions: readonly Instruction[], register: Register): boolean {
  let at = register;
  let isElement = false;
  for (let steps = 0; steps < MAXIMUM_STEPS * 2; steps++) {
    const found = definitionOf(instructions, instructions.length, at);
    if (found?.op === 'load') at = found.address;
    else if (found?.op === 'field') at = found.base;
    else if (found?.op === 'element') {
      if (definitionOf(instructions, instructions.length, found.index)?.op !== 'load') return false;
      isElement = true;
      at = found.base;
    } else return found?.op === 'variable' && isElement && isOutside(ir, found.variable);
  }
  return false;
}

function isOutside({ variables }: FunctionIr, variable: VariableId): boolean {
  const { kind } = variables[variable];
  return kind === 'global' || kind === 'static';
}
