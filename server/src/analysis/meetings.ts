import type { Differences } from '../base/sorted-map.ts';
import type { BlockId } from '../ir/instructions.ts';
import { type Answers, NO_ANSWERS } from './answers.ts';
import { assume, factOf } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { heldAtFirst, isAsAtFirst, noteRewritten } from './epochs.ts';
import type { State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';

/*
 * Where paths meet, what they differ in gets symbols, of which nothing is known by itself. What a variable is on a path hangs together with
 * what that path was answered, as in `head == NULL` and `end == NULL` behind the search for a list's end: it becomes an answer of the path's,
 * and a later test brings the others back.
 */

/** Two paths that meet at the beginning of a block. */
interface Meeting {
  readonly block: BlockId;
  readonly differences: Differences<Value>;
  /** By place among the differences: what stands for its value from here on. */
  readonly symbols: readonly Value[];
  /** By place: the block that both point into, where the symbol is only for where they do. */
  readonly blocks: readonly (Value | undefined)[];
}

/** Where a path tells, as it meets others at the beginning of a block, what it knows: no branch has asked that. */
const metAt = (block: BlockId): BlockId => ~block;

/**
 * The answers of a path, with those that it gives of pointers that get a symbol where it meets another.
 * @param held by place among the differences: what the path holds there
 */
export function answersAtMeeting(
  { answers, ir, table }: AnalysisContext,
  state: State,
  held: readonly (Value | undefined)[],
  { block, differences, symbols, blocks }: Meeting,
): Answers {
  const { keys, left, right } = differences;
  const before = state.answers;
  let result = before;
  for (let i = 0; i < held.length; i++) {
    const value = held[i];
    if (value === symbols[i] || blocks[i] !== undefined) continue;
    const place = table.locations[keys[i]];
    if (place.kind !== 'variable' || ir.variables[place.variable].pointerDepth === 0) continue;
    // On this path the symbol, if it means anything, means something else.
    result = answers.without(result, ({ question }) => question === symbols[i]);
    if (value === undefined || left[i] === undefined || right[i] === undefined) continue;
    const { low, high, isNonZero } = factOf(table, state, value);
    const isNothing = low === 0 && high === 0;
    if (isNothing || isNonZero)
      result = answers.given(result, { question: symbols[i], truth: !isNothing, block: metAt(block) }, true) ?? result;
    // A symbol that the path gives another meaning in the same meeting has the answer to its old one no more.
    else if (result === before || !symbols.includes(value))
      result = answers.renamed(result, value, symbols[i], metAt(block));
  }
  return result;
}

/**
 * A branch asks for what a variable was given where paths met: those of them that say otherwise do not come here, and what the others have
 * in common holds. False where none is left.
 */
export function noteMeeting(
  { answers, table }: AnalysisContext,
  state: State,
  question: Value,
  truth: boolean,
  block: BlockId,
): boolean {
  const left = answers.given(state.answers, { question, truth, block }, false);
  if (!left) return false;
  if (left === state.answers) return true;
  state.answers = left;
  const [first, ...others] = left.ways;
  for (const answer of first.answers) {
    const shape = table.values[answer.question];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'parameter' || state.facts.has(answer.question)) continue;
    const isCommon = others.every((way) =>
      way.answers.some((each) => each.question === answer.question && each.truth === answer.truth),
    );
    if (isCommon && !assume(table, state, answer.question, answer.truth)) return false;
  }
  return true;
}

/**
 * A path holds something in a place where it meets another, and both go on with a symbol for it.
 * @param isNew the symbol was made for that
 */
export function noteMet(
  context: AnalysisContext,
  location: Location,
  held: Value | undefined,
  symbol: Value,
  isNew: boolean,
): void {
  if (held === undefined || context.table.locations[location].kind === 'variable') return;
  if (!isAsAtFirst(context, location, held)) noteRewritten(context, symbol, isNew);
}

/**
 * In the turns of a loop that are not told apart, what was answered before of places that the loop writes, and within it of all, is no
 * answer any more.
 */
export function forgetAnswersOfTurns(
  context: AnalysisContext,
  state: State,
  blocks: ReadonlySet<BlockId>,
  places: readonly Location[],
): void {
  const { answers, table } = context;
  state.answers = answers.without(state.answers, ({ block }) => blocks.has(block < 0 ? ~block : block));
  if (state.answers === NO_ANSWERS) return;
  for (const place of places) {
    const held = table.locations[place].kind === 'variable' ? undefined : state.memory.get(place);
    if (held === undefined || isAsAtFirst(context, place, held)) continue;
    const first = heldAtFirst(context, place);
    state.answers = answers.without(state.answers, ({ question }) => table.restsOn(question, first));
  }
}
