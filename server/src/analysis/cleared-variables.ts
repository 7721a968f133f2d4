import type { ControlFlow } from '../ir/control-flow.ts';
import { definitionOf, variableAt } from '../ir/definitions.ts';
import type { BlockId, FunctionIr, Instruction, Register, VariableId } from '../ir/instructions.ts';

/*
 * `name = row_name(row); switch (kind) { … default: name = NULL; } if (name != NULL) …`: the test asks whether the variable was
 * cleared on the way, and is no evidence that what it held before may be NULL.
 */

/** What a block leaves in a variable, where it stores something there. */
type Stored = 'nothing' | 'something';

/** A longer function is generated, and its variables are not looked at. */
const MAXIMUM_BLOCKS = 1500;

/** The blocks whose branch asks whether a pointer is NULL that some way has cleared after another value stood there. */
export function findTestsOfCleared(ir: FunctionIr, { predecessors }: ControlFlow): ReadonlySet<BlockId> {
  const found = new Set<BlockId>();
  if (ir.blocks.length > MAXIMUM_BLOCKS) return found;
  const stores = new Map<VariableId, ReadonlyMap<BlockId, Stored>>();
  for (const { id, instructions, terminator } of ir.blocks) {
    const variable = terminator.kind === 'branch' ? testedVariable(instructions, terminator.condition) : undefined;
    if (variable === undefined || !isLocalPointer(ir, variable)) continue;
    let stored = stores.get(variable);
    if (!stored) {
      stored = storesOf(ir, variable);
      stores.set(variable, stored);
    }
    // Whoever stores and asks in one block asks of what was stored.
    if (stored.has(id) || new Set(stored.values()).size < 2) continue;
    const reaching = storesReaching(id, predecessors, stored);
    const isFilled = reaching.some((block) => stored.get(block) === 'something');
    const wasCleared = reaching.some(
      (block) =>
        stored.get(block) === 'nothing' &&
        storesReaching(block, predecessors, stored).some((before) => stored.get(before) === 'something'),
    );
    if (isFilled && wasCleared) found.add(id);
  }
  return found;
}

function isLocalPointer({ variables }: FunctionIr, variable: VariableId): boolean {
  const { kind, pointerDepth, isArray } = variables[variable];
  return kind === 'local' && pointerDepth > 0 && !isArray;
}

/** The blocks whose store to a variable may be what stands there where a block begins. */
function storesReaching(
  from: BlockId,
  predecessors: ControlFlow['predecessors'],
  stored: ReadonlyMap<BlockId, Stored>,
): BlockId[] {
  const seen = new Set<BlockId>();
  const pending = [...predecessors[from]];
  const found: BlockId[] = [];
  while (pending.length > 0) {
    const block = pending.pop()!;
    if (seen.has(block)) continue;
    seen.add(block);
    if (stored.has(block)) found.push(block);
    else pending.push(...predecessors[block]);
  }
  return found;
}

function storesOf({ blocks }: FunctionIr, variable: VariableId): ReadonlyMap<BlockId, Stored> {
  const found = new Map<BlockId, Stored>();
  for (const { id, instructions } of blocks) {
    for (const [at, instruction] of instructions.entries()) {
      if (instruction.op !== 'store' || variableAt(instructions, at, instruction.address) !== variable) continue;
      const value = definitionOf(instructions, at, instruction.value);
      found.set(id, value?.op === 'constant' && value.value === 0 ? 'nothing' : 'something');
    }
  }
  return found;
}

/** The variable that a condition compares with NULL. */
function testedVariable(instructions: readonly Instruction[], condition: Register): VariableId | undefined {
  const end = instructions.length;
  let found = definitionOf(instructions, end, condition);
  if (found?.op === 'binary' && (found.operator === '==' || found.operator === '!=')) {
    const other = definitionOf(instructions, end, found.right);
    if (other?.op !== 'constant' || other.value !== 0) return undefined;
    found = definitionOf(instructions, end, found.left);
  }
  if (found?.op !== 'load') return undefined;
  return variableAt(instructions, end, found.address);
}
