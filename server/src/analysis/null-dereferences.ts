import { definitionOf } from '../ir/definitions.ts';
import type { BlockId, Origin, Register } from '../ir/instructions.ts';
import type { TypeTerm } from '../ir/type-terms.ts';
import { isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { hangsOnNull } from './handed-null.ts';
import type { Site, State } from './state.ts';
import type { AccessPath } from './summary.ts';
import type { Value } from './value-shapes.ts';

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
  path?: AccessPath,
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
    if (state.isDoubtful || hangsOnNull(context, state) || isRow(context, site, path)) return;
    const found = { use: site, pointer: pointerOrigin, path };
    if (test !== undefined) context.followedNulls.noteUse(test, found);
    else if (base === context.table.zero) context.nullUses.noteNull(found);
    return;
  }
  context.flaws.push({ kind: 'null-dereference', use: site, pointer: pointerOrigin, path, test, sources });
}

/** What is dereferenced was read as a part of an array of numbers, or of arrays: a row of them, which is no pointer. */
function isRow({ ir }: AnalysisContext, { block, instruction }: Site, path: AccessPath | undefined): boolean {
  const { instructions } = ir.blocks[block];
  const at = instructions[instruction];
  let register: Register | undefined;
  if (at.op === 'load' || at.op === 'store') register = at.address;
  else if (at.op === 'call' && path?.length === 1) register = at.arguments[Number(path[0].slice(1))];
  let elements = 0;
  for (let isRead = false; register !== undefined; ) {
    const definition = definitionOf(instructions, instruction, register);
    if (definition?.op === 'variable') {
      const { isArray, pointerDepth, type } = ir.variables[definition.variable];
      return isRead && isArray && (pointerDepth === 0 || isArrayOfArrays(type, elements));
    }
    if (definition?.op === 'element') elements++;
    if (definition?.op === 'load' && !isRead) {
      isRead = true;
      register = definition.address;
    } else if (definition?.op === 'element' || (definition?.op === 'field' && !isRead)) register = definition.base;
    else return false;
  }
  return false;
}

/** An element of an element of … of an array is an array itself. */
function isArrayOfArrays(type: TypeTerm, elements: number): boolean {
  let term = type;
  for (let i = 0; i < elements && term.kind === 'array'; i++) term = term.of;
  return term.kind === 'array';
}

/**
 * Adds a flaw for each dereference of NULL that came there by some longer story, of aliases and members, but on every path
 * that control can take: then no condition is misunderstood, unless the statement is never executed. And for each that follows
 * whenever a test finds NULL.
 */
export function findCertainNulls(context: AnalysisContext): void {
  if (context.isIncomplete) return;
  for (const found of context.nullUses.certain()) {
    context.flaws.push({ kind: 'null-dereference', ...found, test: undefined, sources: [] });
  }
  const { followedNulls } = context;
  for (const { state } of context.exits) for (const test of state.knownNull.values()) followedNulls.doubt(test);
  for (const { test, found } of followedNulls.certain()) {
    const { block, instruction } = found.use;
    const source = { kind: 'tested' as const, block, instruction, origin: test, isSure: false, exit: 'own' as const };
    context.flaws.push({ kind: 'null-dereference', ...found, test, sources: [source] });
  }
}

/** A test in the function's own text, of a pointer that it dereferences where it may be NULL by that test. */
export function noteNullTest(
  context: AnalysisContext,
  state: State,
  condition: Value,
  block: BlockId,
  target: BlockId,
  origin: Origin,
): void {
  const isFollowed = context.nullFlow?.followedTests.get(block) === target;
  if (!isFollowed && !context.nullFlow?.nullTests.has(block)) return;
  const { table } = context;
  const shape = table.values[condition];
  const isComparison = shape.kind === 'binary' && (shape.operator === '==' || shape.operator === '!=');
  const value = isComparison ? shape.left : condition;
  const { kind } = table.values[value];
  // What a constant decides is meant for that.
  if (kind === 'integer' && isFollowed) context.followedNulls.doubt(origin);
  if (kind !== 'symbol' || !isNull(table, state, value)) return;
  if (!isFollowed || state.knownNull.size < MAXIMUM_FOLLOWED) state.noteNull(value, origin);
  // What is not followed may come to a good end.
  else context.followedNulls.doubt(origin);
}

/** More tests than these are not followed on one path. */
const MAXIMUM_FOLLOWED = 2;

/** Adds a flaw for each test that comes too late: its pointer was dereferenced on every path that leads there. */
export function findLateTests(context: AnalysisContext): void {
  for (const late of context.nullFlow?.lateTests ?? []) context.flaws.push({ kind: 'late-test', ...late });
}
