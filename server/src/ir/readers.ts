import type { FunctionIr, Instruction, Register } from './instructions.ts';

/** Return types that hold no pointer, as they are written: a typedef of the program's own may hide one. */
const ARITHMETIC =
  /^(?:(?:static|inline|extern|const|volatile|signed|unsigned|__inline|__inline__)\s+)*(?:void|bool|_Bool|char|short|int|long|long long|long int|unsigned|unsigned (?:char|short|int|long|long long|long int)|float|double|s?size_t|u?int(?:8|16|32|64)_t|u?intmax_t|time_t|off_t)$/;

/**
 * True for a function that changes nothing which its caller can see, as far as its instructions tell without following
 * paths: it writes to its own variables only, calls only what changes nothing either, and gives back a number. So it keeps
 * nothing that it is given, and what its caller knows of memory holds behind the call.
 * @param isHarmless Whether calling a function of this name, with so many arguments, changes nothing.
 */
export function changesNothing(
  ir: FunctionIr,
  isHarmless: (callee: string, argumentCount: number) => boolean,
): boolean {
  if (ir.isPartial || ir.isVariadic || !ARITHMETIC.test(ir.returnType.replace(/\s+/g, ' ').trim())) return false;
  return ir.blocks.every(({ instructions }) => {
    /** The registers that hold the address of a variable of the function's own, or of a part of one. */
    const own = new Set<Register>();
    return instructions.every((instruction) => isHarmlessHere(ir, instruction, own, isHarmless));
  });
}

function isHarmlessHere(
  ir: FunctionIr,
  instruction: Instruction,
  own: Set<Register>,
  isHarmless: (callee: string, argumentCount: number) => boolean,
): boolean {
  if ('destination' in instruction) own.delete(instruction.destination);
  switch (instruction.op) {
    case 'variable': {
      const { kind } = ir.variables[instruction.variable];
      if (kind !== 'global' && kind !== 'static') own.add(instruction.destination);
      return true;
    }
    case 'field':
    case 'element':
      if (own.has(instruction.base)) own.add(instruction.destination);
      return true;
    case 'store':
      return own.has(instruction.address);
    case 'call':
      return (
        instruction.callee !== '' &&
        !instruction.isImplicit &&
        isHarmless(instruction.callee, instruction.arguments.length)
      );
    case 'escape':
    case 'forget':
      return false;
    default:
      return true;
  }
}
