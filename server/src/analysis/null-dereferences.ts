import type { Origin } from '../ir/instructions.ts';
import { isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { type Site, type State, siteKey } from './state.ts';
import type { Value } from './values.ts';

/**
 * A pointer is dereferenced that is NULL on this path. What counts is who says so: the function's own text, by setting it
 * or by a test that it wrote itself, or a callee that gives nothing else. A test inside a callee or a macro is no
 * evidence that NULL ever comes (clang's suppression of inlined defensive checks).
 */
export function noteNullDereference(
  context: AnalysisContext,
  state: State,
  base: Value,
  pointerOrigin: Origin,
  use: () => Site,
): void {
  const test = state.knownNull.get(base);
  if (base !== context.table.zero && test === undefined) return;
  const site = use();
  const atSite = context.nullFlow?.sources.get(`${site.block}:${site.instruction}`) ?? [];
  // A call has several arguments, and one that is written as NULL says nothing of the others.
  const known = atSite.filter(({ kind, origin }) => kind !== 'literal' || origin.start === pointerOrigin.start);
  // What a test finds NULL is a symbol and has its test: a constant comes from where it was written.
  const sources = test === undefined ? known.filter(({ kind }) => kind !== 'tested') : known;
  // What is NULL by some longer story, of aliases or of loops that never ran, is NULL on a path that nobody may take.
  if (sources.length === 0) {
    const isWritten = base === context.table.zero && test === undefined && !state.isDoubtful;
    const key = siteKey(site.block, site.instruction);
    if (isWritten && !context.nullUses.has(key)) context.nullUses.set(key, { use: site, pointer: pointerOrigin });
    return;
  }
  context.flaws.push({ kind: 'null-dereference', use: site, pointer: pointerOrigin, test, sources });
}

/**
 * Adds a flaw for each dereference of NULL that came there by some longer story, of aliases and members, but on every path
 * that control can take: then no condition is misunderstood, unless the statement is never executed.
 */
export function findCertainNulls(context: AnalysisContext): void {
  if (context.isIncomplete) return;
  for (const { use, pointer } of context.nullUses.values()) {
    if (context.isLiveUse(use.block, use.instruction)) continue;
    context.flaws.push({ kind: 'null-dereference', use, pointer, test: undefined, sources: [] });
  }
}

/** A test in the function's own text, of a pointer that it dereferences where it may be NULL by that test. */
export function noteNullTest(
  context: AnalysisContext,
  state: State,
  condition: Value,
  block: number,
  origin: Origin,
): void {
  if (!context.nullFlow?.nullTests.has(block)) return;
  const { table } = context;
  const shape = table.values[condition];
  const isComparison = shape.kind === 'binary' && (shape.operator === '==' || shape.operator === '!=');
  const value = isComparison ? shape.left : condition;
  if (table.values[value].kind === 'symbol' && isNull(table, state, value)) state.noteNull(value, origin);
}

/** Adds a flaw for each test that comes too late: its pointer was dereferenced on every path that leads there. */
export function findLateTests(context: AnalysisContext): void {
  for (const late of context.nullFlow?.lateTests ?? []) context.flaws.push({ kind: 'late-test', ...late });
}
