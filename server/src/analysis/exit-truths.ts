import { pathOfLocation } from './access-paths.ts';
import { isComparison } from './constant-folding.ts';
import { assume } from './constraints.ts';
import type { AnalysisContext, ExitState } from './context.ts';
import type { AggregatePart, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/*
 * A function that answers with the truth of a comparison tells its caller which of two things is so.
 */

/** Comparisons whose truth tells the cases of one exit apart: each doubles them. */
const MAXIMUM_TRUTHS = 2;

/**
 * `return p != NULL;` has two cases, and which one it is tells of `p`: the same as two returns under an if. So has
 * `*ok = p != NULL;`, which leaves the answer in a place of the caller's.
 */
export function splitByTruth(context: AnalysisContext, exit: ExitState): ExitState[] {
  let exits = [exit];
  for (const comparison of comparisonsTold(context, exit)) {
    exits = exits.flatMap((each) => [true, false].flatMap((truth) => withTruth(context, each, comparison, truth)));
  }
  return exits;
}

/** The comparisons that a function returns or leaves in places that its caller can name. */
function comparisonsTold({ table, ir }: AnalysisContext, { state, value }: ExitState): readonly Value[] {
  const found: Value[] = [];
  const isOpen = (each: Value): boolean => isTruth(table, each);
  if (value !== undefined && isOpen(value)) found.push(value);
  for (const part of value === undefined ? [] : partsOf(table, value))
    if (isOpen(part.value) && !found.includes(part.value) && found.length < MAXIMUM_TRUTHS) found.push(part.value);
  const { memory } = state;
  for (let i = 0; i < memory.size && found.length < MAXIMUM_TRUTHS; i++) {
    const held = memory.valueAt(i);
    if (isOpen(held) && !found.includes(held) && pathOfLocation(table, ir, memory.keyAt(i))) found.push(held);
  }
  return found;
}

/** A comparison, or several of which all have to be so. */
function isTruth(table: ValueTable, value: Value): boolean {
  const shape = table.values[value];
  if (shape.kind !== 'binary') return false;
  return (
    isComparison(shape.operator) ||
    (shape.operator === '&' && isTruth(table, shape.left) && isTruth(table, shape.right))
  );
}

/** An exit on which a comparison comes out so, if it may. */
function withTruth({ table }: AnalysisContext, exit: ExitState, comparison: Value, truth: boolean): ExitState[] {
  const state = exit.state.fork();
  if (!assume(table, state, comparison, truth)) return [];
  const answer = truth ? table.one : table.zero;
  for (const [location, held] of [...state.memory]) if (held === comparison) state.bind(location, answer);
  const value = exit.value === undefined ? undefined : withAnswer(table, exit.value, comparison, answer);
  return [{ ...exit, state, value }];
}

/** A result that is a comparison, or a structure in which one stands, with its answer in its place. */
function withAnswer(table: ValueTable, result: Value, comparison: Value, answer: Value): Value {
  if (result === comparison) return answer;
  const shape = table.values[result];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'aggregate') return result;
  if (!shape.origin.parts.some(({ value }) => value === comparison)) return result;
  const parts = shape.origin.parts.map((part) => (part.value === comparison ? { ...part, value: answer } : part));
  return table.symbol({ ...shape.origin, parts });
}

function partsOf(table: ValueTable, value: Value): readonly AggregatePart[] {
  const shape = table.values[value];
  return shape.kind === 'symbol' && shape.origin.kind === 'aggregate' ? shape.origin.parts : [];
}
