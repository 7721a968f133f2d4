import { keptPer } from '../base/kept.ts';
import type { FunctionIr } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import type { Location, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/*
 * Functions that are called through pointers: what a pointer is known to be the address of, and which addresses and variables a body
 * may call through.
 */

/** The function that a pointer is the address of. */
export function functionAt({ table }: AnalysisContext, pointer: Value): string | undefined {
  const shape = table.values[pointer];
  const target = shape.kind === 'address' ? table.locations[shape.location] : undefined;
  return target?.kind === 'function' ? target.name : undefined;
}

/** The function that a variable outside of functions holds, where a pointer was read from there and that cannot hold another. */
export function storedFunctionAt({ table, ir, environment }: AnalysisContext, pointer: Value): string | undefined {
  const origin = originOf(table, pointer);
  if (origin === undefined) return undefined;
  let way = '';
  let location = origin;
  let isRead = false;
  for (let depth = 0; depth < MAXIMUM_WAY; depth++) {
    const shape = table.locations[location];
    if (shape.kind === 'variable') {
      const { kind, name } = ir.variables[shape.variable];
      return kind === 'global' ? environment.storedFunction(way === '' ? name : `${name} ${way}`) : undefined;
    }
    if (shape.kind === 'field') way = `.${shape.name}${way}`;
    else if (shape.kind === 'element') {
      const index = table.integerOf(shape.index);
      if (index === undefined) return undefined;
      way = `[${index}]${way}`;
    } else if (shape.kind === 'pointee' && !isRead) {
      // An array whose declaration was not recognised is read like a pointer.
      isRead = true;
      const array = originOf(table, shape.pointer);
      if (array === undefined) return undefined;
      location = array;
      continue;
    } else return undefined;
    location = shape.parent;
  }
  return undefined;
}

/** Ways from a variable to a pointer are no longer. */
const MAXIMUM_WAY = 8;

/** The location that a value was read from, as far as nothing is known to have written it. */
function originOf(table: ValueTable, value: Value): Location | undefined {
  const shape = table.values[value];
  return shape.kind === 'symbol' && shape.origin.kind === 'initial' ? shape.origin.location : undefined;
}

/** The names of the functions whose addresses a body takes. */
export const addressedFunctions = keptPer(({ blocks }: FunctionIr): readonly string[] => {
  const names = new Set<string>();
  for (const { instructions } of blocks) {
    for (const instruction of instructions) if (instruction.op === 'function') names.add(instruction.name);
  }
  return [...names];
});

/** The variables outside of functions from which a body may read what it calls: none where it calls names alone. */
export function calledVariables({ blocks, variables }: FunctionIr): readonly string[] {
  const isCalling = blocks.some(({ instructions }) =>
    instructions.some((instruction) => instruction.op === 'call' && instruction.pointer !== undefined),
  );
  return isCalling ? variables.filter(({ kind }) => kind === 'global').map(({ name }) => name) : [];
}
