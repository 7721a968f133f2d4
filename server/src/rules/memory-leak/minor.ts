import type { Flaw } from '../../analysis/flaws.ts';
import { type BlockId, type FunctionIr, type Register, successors, type VariableId } from '../../ir/instructions.ts';

type Leak = Extract<Flaw, { kind: 'leak' }>;

/*
 * Memory that is lost, and that few would write a line for.
 */

/**
 * `list = append(list, item)` where append() returns NULL because memory ran out: the list is lost, once, in a program
 * that is about to end.
 */
export function isFailedExtension(ir: FunctionIr, { manner, isByFailure, at }: Leak): boolean {
  if (manner !== 'overwrite' || !isByFailure) return false;
  const addresses = new Map<Register, VariableId>();
  const loaded = new Map<Register, VariableId>();
  const extended = new Map<Register, ReadonlySet<VariableId>>();
  for (const instruction of ir.blocks[at.block].instructions.slice(0, at.instruction + 1)) {
    if (instruction.op === 'variable') addresses.set(instruction.destination, instruction.variable);
    else if (instruction.op === 'load') {
      const variable = addresses.get(instruction.address);
      if (variable !== undefined) loaded.set(instruction.destination, variable);
    } else if (instruction.op === 'call') {
      const given = instruction.arguments.flatMap((register) => loaded.get(register) ?? []);
      extended.set(instruction.destination, new Set(given));
    } else if (instruction.op === 'sequence-point') {
      addresses.clear();
      loaded.clear();
      extended.clear();
    }
  }
  const store = ir.blocks[at.block].instructions[at.instruction];
  if (store?.op !== 'store') return false;
  const variable = addresses.get(store.address);
  return variable !== undefined && extended.get(store.value)?.has(variable) === true;
}

/**
 * An option of the command line was given twice: each loss costs its user an argument. Options are told by getopt(), or by
 * what is compared with them: `else if (!strcmp(argv[i], "-s")) socket = strdup(argv[++i]);`.
 */
export function isOfOption(ir: FunctionIr, { manner, allocation, at }: Leak): boolean {
  if (manner !== 'overwrite') return false;
  const isSameStatement = allocation.block === at.block && allocation.instruction <= at.instruction;
  if (isSameStatement && ir.blocks.some((block) => comparesArgument(ir, block.id) && comesTo(ir, block.id, at.block)))
    return true;
  const around = ir.blocks.filter(({ instructions }) =>
    instructions.some((instruction) => instruction.op === 'call' && OPTIONS.has(instruction.callee)),
  );
  return around.some(({ id }) => comesTo(ir, id, at.block) && comesTo(ir, at.block, id));
}

/** True when a block compares an element of the program's arguments with a text. */
function comparesArgument(ir: FunctionIr, id: BlockId): boolean {
  const vectors = new Set<Register>();
  const elements = new Set<Register>();
  const read = new Set<Register>();
  for (const instruction of ir.blocks[id].instructions) {
    if (instruction.op === 'variable' && ARGUMENT_VECTOR.test(ir.variables[instruction.variable].name))
      vectors.add(instruction.destination);
    else if (instruction.op === 'load' && vectors.has(instruction.address)) vectors.add(instruction.destination);
    else if (instruction.op === 'element' && vectors.has(instruction.base)) elements.add(instruction.destination);
    else if (instruction.op === 'load' && elements.has(instruction.address)) read.add(instruction.destination);
    else if (instruction.op === 'call' && COMPARISONS.has(instruction.callee)) {
      if (instruction.arguments.some((register) => read.has(register))) return true;
    } else if (instruction.op === 'sequence-point') {
      vectors.clear();
      elements.clear();
      read.clear();
    }
  }
  return false;
}

/** The customary names of main()'s second parameter. */
const ARGUMENT_VECTOR = /^(argv|av|args)$/;
const COMPARISONS = new Set(['strcmp', 'strncmp', 'strcasecmp', 'strncasecmp']);

/** POSIX getopt() and its GNU relatives. */
const OPTIONS = new Set(['getopt', 'getopt_long', 'getopt_long_only', 'poptGetNextOpt']);

function comesTo(ir: FunctionIr, from: BlockId, to: BlockId): boolean {
  const seen = new Set<BlockId>();
  const pending = [from];
  while (pending.length > 0) {
    const block = pending.pop()!;
    if (block === to) return true;
    if (seen.has(block)) continue;
    seen.add(block);
    pending.push(...successors(ir.blocks[block].terminator));
  }
  return false;
}
