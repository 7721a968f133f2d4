import type { Flaw } from '../../analysis/flaws.ts';
import { reachableBlocks } from '../../ir/control-flow.ts';
import { definitionOf, variableAt, variableRead } from '../../ir/definitions.ts';
import type { BlockId, FunctionIr } from '../../ir/instructions.ts';

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
  const { instructions } = ir.blocks[at.block];
  const store = instructions[at.instruction];
  if (store?.op !== 'store') return false;
  const variable = variableAt(instructions, at.instruction, store.address);
  const call = definitionOf(instructions, at.instruction, store.value);
  if (variable === undefined || call?.op !== 'call') return false;
  return call.arguments.some((register) => variableRead(instructions, at.instruction, register) === variable);
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

/**
 * A check leaves the function that a program without mistakes passes (`g_return_if_fail`). What is lost where it fails is the least of
 * what is wrong then.
 */
export function isAtFailedCheck(ir: FunctionIr, { at }: Leak): boolean {
  const { terminator } = ir.blocks[at.block];
  return terminator.kind === 'return' && terminator.isCheck === true;
}

/** True when a block compares an element of the program's arguments with a text. */
function comparesArgument(ir: FunctionIr, id: BlockId): boolean {
  const { instructions } = ir.blocks[id];
  return instructions.some((call, position) => {
    if (call.op !== 'call' || !COMPARISONS.has(call.callee)) return false;
    return call.arguments.some((register) => {
      const element = definitionOf(instructions, position, register);
      const address = element?.op === 'load' ? definitionOf(instructions, position, element.address) : undefined;
      const variable = address?.op === 'element' ? variableRead(instructions, position, address.base) : undefined;
      return variable !== undefined && ARGUMENT_VECTOR.test(ir.variables[variable].name);
    });
  });
}

/** The customary names of main()'s second parameter. */
const ARGUMENT_VECTOR = /^(argv|av|args)$/;
const COMPARISONS = new Set(['strcmp', 'strncmp', 'strcasecmp', 'strncasecmp']);

/** POSIX getopt() and its GNU relatives. */
const OPTIONS = new Set(['getopt', 'getopt_long', 'getopt_long_only', 'poptGetNextOpt']);

function comesTo(ir: FunctionIr, from: BlockId, to: BlockId): boolean {
  return reachableBlocks(ir, [from]).has(to);
}
