import type { FunctionIr, Variable, VariableId } from './instructions.ts';

/** Types of one word that are numbers for sure. */
const NUMBER_TYPE =
  /^(?:void|bool|_Bool|char|short|int|long|unsigned|signed|float|double|(?:u?int\w*|s?size|off|time|pid|uid|gid|mode|ptrdiff|intptr|uintptr|wchar|socklen)_t)$/;

/** The variable may hold a structure, by its declaration. */
export function mayBeStructure({ typeText, pointerDepth, isArray }: Variable): boolean {
  if (pointerDepth > 0 || isArray || typeText === '') return false;
  return /\b(?:struct|union)\b/.test(typeText) || (/^\w+$/.test(typeText) && !NUMBER_TYPE.test(typeText));
}

/** The variables that the function goes into as into an array or behind a pointer. */
export function findSubscripted(ir: FunctionIr): Set<VariableId> {
  const subscripted = new Set<VariableId>();
  for (const { instructions } of ir.blocks) {
    const addresses = new Map<number, VariableId>();
    const loaded = new Map<number, VariableId>();
    for (const instruction of instructions) {
      if (instruction.op === 'element') {
        const variable = loaded.get(instruction.base);
        if (variable !== undefined) subscripted.add(variable);
      }
      if (!('destination' in instruction)) continue;
      const source = instruction.op === 'load' ? addresses.get(instruction.address) : undefined;
      addresses.delete(instruction.destination);
      loaded.delete(instruction.destination);
      if (instruction.op === 'variable') addresses.set(instruction.destination, instruction.variable);
      else if (source !== undefined) loaded.set(instruction.destination, source);
    }
  }
  return subscripted;
}

/** The variables whose members or elements a function names, or a callee may write. */
export function findAggregates(ir: FunctionIr): Set<VariableId> {
  const aggregates = new Set<VariableId>();
  for (const block of ir.blocks) {
    const addresses = new Map<number, VariableId>();
    for (const instruction of block.instructions) {
      if (instruction.op === 'variable') addresses.set(instruction.destination, instruction.variable);
      else if (instruction.op === 'field' || instruction.op === 'element') {
        const variable = addresses.get(instruction.base);
        if (variable !== undefined) aggregates.add(variable);
      } else if (instruction.op === 'escape' && instruction.initialises) {
        const { variable } = instruction.initialises;
        if (mayBeStructure(ir.variables[variable])) aggregates.add(variable);
      } else if (instruction.op === 'call') {
        // A callee that is given a structure's address writes its members, which the function itself need not mention.
        for (const argument of instruction.arguments) {
          const variable = addresses.get(argument);
          if (variable !== undefined && mayBeStructure(ir.variables[variable])) aggregates.add(variable);
        }
      }
    }
  }
  return aggregates;
}
