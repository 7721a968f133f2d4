import { definitionOf, variableAt } from '../ir/definitions.ts';
import type { BlockId, FunctionIr, Instruction, Register, VariableId } from '../ir/instructions.ts';
import type { FunctionModel } from '../models/function-model.ts';

type Call = Extract<Instruction, { op: 'call' }>;

/** Names of functions, macros and members that end the life of what they are given: `foo_free`, `freeReplyObject`. */
const RELEASE =
  /(?<!is_?)free(?!z|_?(list|space|slot|bytes|mem|count|size|able|able))|destroy|dispose|dealloc|unref|dec_?ref/i;
/** Names that mean the same of a single argument, and something else where there are more. */
const RELEASE_OF_ONE = /(^|_)(delete|release|close|cleanup|put)\d*$|(Delete|Release|Close|Cleanup)$/;

const INTEGER_TYPE = /\b(size_t|ssize_t|int|unsigned|long|short|char|u?int(8|16|32|64)_t|bool|_Bool|off_t)\b/;

/** True for a name by which a function ends the life of what it is given. */
export const isReleaseName = (name: string): boolean => RELEASE.test(name) || RELEASE_OF_ONE.test(name);

/** What a call that releases memory by its name, or by its model, is given: a variable, or the address of one. */
export interface Release {
  readonly argument: number;
  readonly variable: VariableId | undefined;
  /** The variable's address is passed: what it holds is released. */
  readonly isIndirect: boolean;
}

/**
 * The argument that a call releases, as far as the called name tells: the last one that may be a pointer, since a context
 * or a type comes first (`LIBX_FREE(session, p)`). A name never proves that memory is gone; it tells who believes to own it.
 */
export function releasedArgument(
  ir: FunctionIr,
  block: BlockId,
  position: number,
  modelOf: (name: string) => FunctionModel | undefined,
): Release | undefined {
  const { instructions } = ir.blocks[block];
  const call = instructions[position] as Call;
  const definedBy = (register: Register): Instruction | undefined => definitionOf(instructions, position, register);
  const name = call.callee === '' ? memberCalled(call, definedBy) : call.callee;
  const model = call.callee === '' ? undefined : modelOf(call.callee);
  const describe = (argument: number): Release | undefined => {
    if (argument >= call.arguments.length) return undefined;
    const value = definedBy(call.arguments[argument]);
    if (value?.op === 'variable') return { argument, variable: value.variable, isIndirect: true };
    const address = value?.op === 'load' ? definedBy(value.address) : undefined;
    return { argument, variable: address?.op === 'variable' ? address.variable : undefined, isIndirect: false };
  };
  if (model) return model.frees && describe(model.frees.argument);
  const isForAny = RELEASE.test(name);
  if (!isForAny && !(call.arguments.length === 1 && RELEASE_OF_ONE.test(name))) return undefined;
  for (let argument = call.arguments.length - 1; argument >= 0; argument--) {
    const value = definedBy(call.arguments[argument]);
    // The address of a member is what a library keeps for its user: `ctx->free(p, &ctx->data)`.
    if (value && ['constant', 'function', 'string', 'named', 'sizeof', 'field'].includes(value.op)) continue;
    const found = describe(argument);
    if (found?.variable !== undefined && isInteger(ir, found.variable)) continue;
    return found;
  }
  return undefined;
}

/** The member through which a call goes: `free` in `ctx->fns->free(p)`. */
function memberCalled(call: Call, definedBy: (register: Register) => Instruction | undefined): string {
  const pointer = call.pointer === undefined ? undefined : definedBy(call.pointer);
  const address = pointer?.op === 'load' ? definedBy(pointer.address) : undefined;
  return address?.op === 'field' ? address.name : '';
}

function isInteger(ir: FunctionIr, id: VariableId): boolean {
  const { pointerDepth, isArray, typeText } = ir.variables[id];
  return pointerDepth === 0 && !isArray && INTEGER_TYPE.test(typeText);
}

/** The locals that some call of the function releases, by its name or its model. */
export function releasedVariables(
  ir: FunctionIr,
  modelOf: (name: string) => FunctionModel | undefined,
): ReadonlySet<VariableId> {
  const found = new Set<VariableId>();
  for (const { id, instructions } of ir.blocks) {
    for (const [position, instruction] of instructions.entries()) {
      if (instruction.op !== 'call' || instruction.isImplicit) continue;
      const variable = releasedArgument(ir, id, position, modelOf)?.variable;
      if (variable === undefined) continue;
      const { kind, isArray } = ir.variables[variable];
      if (kind === 'local' && !isArray && !isInteger(ir, variable)) found.add(variable);
    }
  }
  return found;
}

/** The variable that a call's result is stored in, where the same expression does so. */
export function resultVariable(ir: FunctionIr, block: BlockId, position: number): VariableId | undefined {
  const { instructions } = ir.blocks[block];
  const call = instructions[position] as Call;
  for (let i = position + 1; i < instructions.length; i++) {
    const instruction = instructions[i];
    if (instruction.op === 'sequence-point') return undefined;
    if (instruction.op !== 'store' || instruction.value !== call.destination) continue;
    return variableAt(instructions, i, instruction.address);
  }
  return undefined;
}

/**
 * True when the function releases by name what some call gave it, as its result or in a variable: then its text tells who
 * owns that.
 */
export function releasesResults(ir: FunctionIr, modelOf: (name: string) => FunctionModel | undefined): boolean {
  const released = releasedVariables(ir, modelOf);
  if (released.size === 0) return false;
  return ir.blocks.some(({ id, instructions }) =>
    instructions.some((instruction, position) => {
      if (instruction.op !== 'call') return false;
      const variable = resultVariable(ir, id, position);
      if (variable !== undefined && released.has(variable)) return true;
      if (isReleaseName(instruction.callee)) return false;
      return instruction.arguments.some((register) => {
        const given = definitionOf(instructions, position, register);
        return given?.op === 'variable' && released.has(given.variable);
      });
    }),
  );
}
