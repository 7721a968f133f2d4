import { definitionOf } from '../ir/definitions.ts';
import type { FunctionIr, Instruction, Register, VariableId } from '../ir/instructions.ts';
import type { FunctionModel } from '../models/function-model.ts';
import { releasedArgument } from './release-names.ts';
import type { TypeModel } from './type-model.ts';

/**
 * Objects that are released without anything of theirs being memory, by the names of their types and functions; and those that hold
 * some only where they tell of an error.
 */
const NO_MEMORY =
  /(?<![A-Za-z])([Mm]utex|rw_?lock|[Ll]ock|[Cc]ond(ition)?|[Ss]em(aphore)?|[Bb]arrier|p?[Tt]hread|[Tt]imer|once|[Gg]uard|spin(lock)?|[Ii]ter(ator)?|[Cc]ursor|[Tt]rans(action)?|txn|[Ee]rr(or)?|[Ee]xception|[Ss]tatus)(?![a-z])|[a-z](Mutex|Lock|Cond|Semaphore|Timer|Guard|Iter|Iterator|Cursor|Transaction|Err|Error|Exception|Status)(?![a-z])/;

/** Functions of the C library that fill an object with memory, and those that release it again. */
export const FILLING: ReadonlySet<string> = new Set(['regcomp', 'glob', 'wordexp']);
const RELEASING: ReadonlySet<string> = new Set(['regfree', 'globfree', 'wordfree']);

/** True when the function has the C library fill an object, and releases one. */
export function fillsObjects({ callees }: FunctionIr): boolean {
  return callees.some((name) => RELEASING.has(name)) && callees.some((name) => FILLING.has(name));
}

/** The object that a value is the address of, or of a part of, or that it was read from. */
export interface GivenObject {
  readonly variable: VariableId;
  readonly manner: 'address' | 'part' | 'content';
}

/**
 * The structures on the stack that some call of the function releases, by their address (`buffer_free(&b)`) or by one of their members
 * (`free(b.text)`), and by each the names of these functions. What has its address kept somewhere is not among them.
 */
export function releasedObjects(
  ir: FunctionIr,
  modelOf: (name: string) => FunctionModel | undefined,
  types: TypeModel,
): ReadonlyMap<VariableId, ReadonlySet<string>> {
  const found = new Map<VariableId, Set<string>>();
  for (const { id, instructions } of ir.blocks) {
    for (const [position, instruction] of instructions.entries()) {
      if (instruction.op !== 'call' || instruction.isImplicit || instruction.callee === '') continue;
      const released = RELEASING.has(instruction.callee)
        ? { argument: 0 }
        : releasedArgument(ir, id, position, modelOf);
      if (!released || NO_MEMORY.test(instruction.callee)) continue;
      const object = objectOf(ir, instructions, position, instruction.arguments[released.argument]);
      // Who frees a copy of the whole frees what it was given.
      if (!object || object.manner === 'part') continue;
      const names = found.get(object.variable);
      if (names) names.add(instruction.callee);
      else found.set(object.variable, new Set([instruction.callee]));
    }
  }
  if (found.size > 0) for (const variable of findKept(ir, types)) found.delete(variable);
  return found;
}

/** The structure on the stack that a register has to do with, where the same full expression says so. */
export function objectOf(
  ir: FunctionIr,
  instructions: readonly Instruction[],
  position: number,
  register: Register,
): GivenObject | undefined {
  let manner: GivenObject['manner'] = 'address';
  let definition = definitionOf(instructions, position, register);
  if (definition?.op === 'load') {
    manner = 'content';
    definition = definitionOf(instructions, position, definition.address);
    if (definition?.op !== 'field') return undefined;
  }
  while (definition?.op === 'field') {
    if (manner === 'address') manner = 'part';
    definition = definitionOf(instructions, position, definition.base);
  }
  if (definition?.op !== 'variable') return undefined;
  const { id, kind, isArray, pointerDepth, typeText, name } = ir.variables[definition.variable];
  const isObject = kind === 'local' && !isArray && pointerDepth === 0 && !NUMBER.test(typeText);
  return isObject && name !== '' && !NO_MEMORY.test(typeText) && !NO_MEMORY.test(name)
    ? { variable: id, manner }
    : undefined;
}

const NUMBER = /\b(int|unsigned|long|short|char|float|double|bool|_Bool|\w*(size|int\d*|off|time|bool)_t)\b/;

/**
 * The variables whose address, or that of a part, is stored or computed with: who has it may do what a call that is given it may.
 * And those of which a pointer is read into another place.
 */
function findKept(ir: FunctionIr, types: TypeModel): Set<VariableId> {
  const kept = new Set<VariableId>();
  for (const { instructions, terminator } of ir.blocks) {
    for (const [position, instruction] of instructions.entries()) {
      // A pointer that others gave, and that stands in the object, is not released for the object's sake.
      if (instruction.op === 'store') {
        const holder = pointerHolder(ir, instructions, position, instruction, types);
        if (holder !== undefined) kept.add(holder);
      }
      if (instruction.op === 'forget') for (const variable of instruction.variables) kept.add(variable);
      for (const register of goingOn(instruction)) {
        const object = objectOf(ir, instructions, position, register);
        if (!object || (instruction.op === 'element' && object.manner === 'content')) continue;
        if (!isNumber(instructions, position, register, types)) kept.add(object.variable);
      }
    }
    if (terminator.kind !== 'return' || terminator.value === undefined) continue;
    const object = objectOf(ir, instructions, instructions.length, terminator.value);
    if (object && !isNumber(instructions, instructions.length, terminator.value, types)) kept.add(object.variable);
  }
  return kept;
}

/** The object into which a store puts a pointer that is neither NULL nor what a call has just returned. */
function pointerHolder(
  ir: FunctionIr,
  instructions: readonly Instruction[],
  position: number,
  { address, value }: Extract<Instruction, { op: 'store' }>,
  types: TypeModel,
): VariableId | undefined {
  const field = definitionOf(instructions, position, address);
  if (field?.op !== 'field' || types.memberOf(field.of, field.name).kind === 'arithmetic') return undefined;
  const stored = definitionOf(instructions, position, value);
  if (stored?.op === 'constant' || stored?.op === 'call') return undefined;
  return objectOf(ir, instructions, position, address)?.variable;
}

/** The values that an instruction puts elsewhere, as they are or somewhat changed. */
function goingOn(instruction: Instruction): readonly Register[] {
  switch (instruction.op) {
    case 'store':
    case 'escape':
      return [instruction.value];
    case 'element':
      return [instruction.base];
    default:
      return [];
  }
}

/** The register was read from a member that is a number by its declaration. */
function isNumber(
  instructions: readonly Instruction[],
  position: number,
  register: Register,
  types: TypeModel,
): boolean {
  const load = definitionOf(instructions, position, register);
  const field = load?.op === 'load' ? definitionOf(instructions, position, load.address) : undefined;
  return field?.op === 'field' && types.memberOf(field.of, field.name).kind === 'arithmetic';
}
