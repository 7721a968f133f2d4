import type { AnalysisContext, ExitState } from './context.ts';
import type { AccessPath } from './summary.ts';
import type { Value } from './value-shapes.ts';

/**
 * Pointers that the function was given and that it returns, or leaves somewhere, as numbers that it computed of them, with a mark in the
 * lowest bit: whoever finds the number may make the pointer of it again.
 */
export function takenInNumbers({ table, ir }: AnalysisContext, { state, value }: ExitState): AccessPath[] {
  const taken = new Set<Value>();
  const pending = value === undefined ? [] : [value];
  for (const [location, held] of state.memory)
    if (table.locations[table.root(location)].kind === 'pointee' || table.values[held].kind === 'binary')
      pending.push(held);
  const isMark = (operator: string): boolean => operator === '|' || operator === '^';
  for (let held = pending.pop(); held !== undefined; held = pending.pop()) {
    const shape = table.values[held];
    if (shape.kind !== 'binary' || !isMark(shape.operator)) continue;
    for (const part of [shape.left, shape.right]) {
      if (table.values[part].kind === 'binary') pending.push(part);
      else taken.add(part);
    }
  }
  return [...taken].flatMap((part) => {
    const shape = table.values[part];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'parameter') return [];
    return ir.variables[ir.parameters[shape.origin.index]].pointerDepth > 0 ? [[`p${shape.origin.index}`]] : [];
  });
}
