import type { AnalysisContext } from './context.ts';
import { isOffset } from './invalid-frees.ts';
import { renewedSymbol } from './memory.ts';
import type { Place } from './regions.ts';
import type { Site, State } from './state.ts';
import { type AccessPath, type OtherMemory, type SummaryCase, type SummaryResult, stepsOf } from './summary.ts';
import { samePath } from './summary-cases.ts';
import type { Value } from './value-shapes.ts';

/*
 * Addresses that a callee gives and that no deallocator of the heap takes: of variables that live as long as the program, of
 * literals, of what is the library's own, and of the inside of a block. The caller is told what they lead to, and follows nothing else
 * of it.
 */

/** Such an address in its caller: what it leads to, and the call that gave it. */
export interface GivenOther {
  readonly target: OtherMemory['target'];
  readonly site: Site;
}

/** What a value that goes to the caller leads to, where that is no block of the heap. */
export function otherMemoryOf(
  context: AnalysisContext,
  file: string,
  state: State,
  value: Value,
): OtherMemory | undefined {
  const { table, ir } = context;
  const base = table.base(value);
  const shape = table.values[base];
  if (shape.kind === 'address') {
    const root = table.locations[table.root(shape.location)];
    if (root.kind === 'literal') return { target: 'literal', steps: [] };
    if (root.kind !== 'variable') return undefined;
    const { kind, name } = ir.variables[root.variable];
    // A name in capitals may be a macro that stands for anything.
    return kind === 'static' || (kind === 'global' && /[a-z]/.test(name)) ? { target: 'static', steps: [] } : undefined;
  }
  if (shape.kind !== 'symbol') return undefined;
  const given = context.otherMemories.get(base);
  if (given) {
    if (given.target === 'interior' && value !== base) return undefined;
    return { target: given.target, steps: stepsOf(file, ir.name, given.site) };
  }
  const region = state.regions.get(base);
  if (!region?.allocation || region.status === 'failed' || region.status === 'freed') return undefined;
  const { kind } = context.environment.models.family(region.family);
  const steps = stepsOf(file, ir.name, region.allocation);
  if (kind === 'library') return { target: 'library', steps };
  if (kind !== 'heap' || value === base || !isOffset(context, table.pointee(value))) return undefined;
  return { target: 'interior', steps };
}

/** A value that leads to what a callee has given. */
export function givenOther(context: AnalysisContext, state: State, place: Place, other: OtherMemory): Value {
  const site = context.site(place.block, place.instruction, place.origin, place.callee, other.steps);
  const key = `${other.target} of ${site.id} in ${state.iteration}`;
  const symbol = renewedSymbol(context, state, { kind: 'named', key });
  context.otherMemories.set(symbol, { target: other.target, site });
  return symbol;
}

/** Whichever way the callee ends, what it returns is no block of the heap. */
export function isOtherInAll(possible: readonly SummaryCase[]): boolean {
  return possible.every(({ result }) => result.kind === 'null' || otherOf(result) !== undefined);
}

/** Whichever way the callee ends, what it leaves in a place is no block of the heap. */
export function isOtherWrittenInAll(possible: readonly SummaryCase[], path: AccessPath): boolean {
  return possible.every(({ writes }) =>
    writes.some(
      ({ path: written, write }) =>
        (write.kind === 'null' || (write.kind === 'unknown' && write.other !== undefined)) && samePath(written, path),
    ),
  );
}

/** The same of a member of the structure that it returns. */
export function isOtherPartInAll(possible: readonly SummaryCase[], part: readonly string[]): boolean {
  return possible.every(
    ({ result }) =>
      result.kind === 'structure' &&
      result.parts.some(
        ({ part: other, write }) =>
          (write.kind === 'null' || (write.kind === 'unknown' && write.other !== undefined)) && samePath(other, part),
      ),
  );
}

/** Of what two cases give, where both give such an address, or one gives NULL. */
export function commonOther(a: OtherMemory | undefined, b: OtherMemory | undefined): OtherMemory | undefined {
  return a && b && a.target === b.target ? a : undefined;
}

export function otherOf(result: SummaryResult): OtherMemory | undefined {
  return result.kind === 'unknown' ? result.other : undefined;
}

/** A pointer into the block that the function allocated goes to its caller. */
export function givesInterior({ result, writes }: SummaryCase): boolean {
  const isInterior = (other: OtherMemory | undefined): boolean => other?.target === 'interior';
  if (isInterior(otherOf(result))) return true;
  const parts = result.kind === 'structure' ? result.parts : [];
  return [...writes, ...parts].some(({ write }) => write.kind === 'unknown' && isInterior(write.other));
}
