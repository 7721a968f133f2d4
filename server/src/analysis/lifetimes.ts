import type { BlockId, Origin } from '../ir/instructions.ts';
import { isBelieved } from './beliefs.ts';
import type { AnalysisContext } from './context.ts';
import { noteExitHoldings } from './holdings.ts';
import { isOwned, noteLost } from './leaks.ts';
import { escapeValue } from './memory.ts';
import { objectsEnding } from './object-beliefs.ts';
import { endLifetime } from './stack-escapes.ts';
import { placesHolding } from './stale.ts';
import { type Site, type State, siteKey } from './state.ts';
import type { Value } from './value-shapes.ts';

/** Variables die. What a return leaves behind is for its exit to say: the value that it returns may be held by one. */
export function endScopes(
  context: AnalysisContext,
  state: State,
  variables: readonly number[],
  block: BlockId,
  position: number,
  origin: Origin,
): void {
  const { table } = context;
  const { terminator, instructions } = context.ir.blocks[block];
  const isReturning = terminator.kind === 'return' && terminator.origin.start === origin.start;
  if (isReturning && instructions[position - 1]?.op !== 'scope-end') {
    noteExitHoldings(context, state, context.site(block, instructions.length, terminator.origin, '', []));
  }
  const roots = context.rootsOf(variables);
  // Whoever returns the address of a variable means to give what it holds with it.
  const returned = isReturning && terminator.value !== undefined ? state.registers[terminator.value] : undefined;
  const shape = returned === undefined ? undefined : table.values[returned];
  if (shape?.kind === 'address' && roots.has(table.root(shape.location))) escapeValue(context, state, returned!);
  const held = objectsEnding(context, state, variables);
  const { memory } = state;
  for (let i = 0; i < memory.size; i++) {
    if (!roots.has(table.root(memory.keyAt(i)))) continue;
    const value = memory.valueAt(i);
    const region = state.regions.get(table.base(value));
    if (isOwned(context, region) || isBelieved(region) || region?.isInArray) held.push(value);
  }
  endLifetime(context, state, variables);
  if (held.length === 0 || isReturning) return;
  noteLost(context, state, held, [], () => context.site(block, position, origin, '', []), 'scope');
}

/** A full expression ends: what only its registers held is lost. */
export function endExpression(context: AnalysisContext, state: State, block: BlockId, position: number): void {
  const { registers } = state;
  let held: Value[] | undefined;
  if (context.endedTemporaries.size > 0) {
    for (const variable of context.endedTemporaries.get(siteKey(block, position)) ?? []) {
      state.unbind(context.table.variable(variable));
    }
  }
  if (state.regions.size > 0) {
    for (const value of registers) {
      if (value === undefined || !isOwned(context, state.regions.get(context.table.base(value)))) continue;
      held ??= [];
      held.push(value);
    }
  }
  registers.length = 0;
  if (!held) return;
  const before = context.ir.blocks[block].instructions.slice(0, position);
  const last = before.findLast((each) => 'origin' in each) as { origin: Origin };
  noteLost(context, state, held, [], () => context.site(block, position, last.origin, '', []), 'ignored');
}

/** A condition was the end of its expression: `if (!malloc(n))` keeps nothing of what it was given. */
export function dropRegisters(context: AnalysisContext, from: BlockId, kept: number, state: State): void {
  const { terminator, instructions } = context.ir.blocks[from];
  if (terminator.kind !== 'branch') return;
  const { table } = context;
  const held: Value[] = [];
  for (const instruction of instructions) {
    // What was loaded stands in memory as well.
    if (instruction.op !== 'call' || instruction.destination < kept) continue;
    const value = state.registers[instruction.destination];
    if (value !== undefined && isOwned(context, state.regions.get(table.base(value)))) held.push(value);
  }
  if (held.length === 0) return;
  if (terminator.isInlined) {
    // A macro of a test asks no more of the result than whether it is NULL, which it is expected to be.
    for (const value of held) {
      if (placesHolding(context, state, table.base(value)).length === 0) escapeValue(context, state, value);
    }
    return;
  }
  const site = (): Site => context.site(from, instructions.length, terminator.origin, '', []);
  // Of a register that is set later on there is no value yet.
  const keptValues = state.registers.slice(0, kept).filter((value) => value !== undefined);
  noteLost(context, state, held, keptValues, site, 'ignored');
}
