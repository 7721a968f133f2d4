import type { BlockId } from '../ir/instructions.ts';
import type { Answers } from './answers.ts';
import { isNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { forgetErased, withoutEpochs } from './epochs.ts';
import { noteMeeting } from './meetings.ts';
import { isErrorName, isSuccessName } from './stale.ts';
import type { Fact, State } from './state.ts';
import type { Value, ValueShape } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/*
 * Some paths are followed because nothing known excludes them, and yet nobody who reads the program would believe in
 * them: a flag that is read before and after a call and is said to have changed, a predicate that answers differently
 * when it is asked again, a pointer that is NULL only because a callee is careful. What needs such a path is not reported
 * where the report rests on what does not happen, as a leak does.
 */

/** Values nested deeper are taken as they are. */
const MAXIMUM_DEPTH = 8;

/**
 * Notes how a branch answers its condition, and that the path is doubtful when another branch asked the same before and got
 * another answer on every way that leads here: the same places and calls, whatever unknown code ran in between. False where the
 * question is one of the function's arguments alone, which answer the same for ever: the path cannot be taken.
 */
export function noteAnswer(
  context: AnalysisContext,
  state: State,
  condition: Value,
  truth: boolean,
  block: BlockId,
): boolean {
  const { table } = context;
  if (takesNamesForOne(table, condition, truth) || takesNameForOther(table, state, condition, truth))
    state.isDoubtful = true;
  if (context.setNumbers.places.size > 0 && isChangedByOthers(context, condition, truth)) state.isDoubtful = true;
  // Who dereferenced a pointer on every way to its test, or found that it is not NULL, does not find it NULL there.
  if (context.nullFlow?.settledTests.has(block) && isFoundNull(table, state, condition)) state.isDoubtful = true;
  const unequal = context.equalStrings.askedFor(condition, truth);
  if (unequal !== undefined) {
    const answers = answersWith(context, state, unequal, false, block);
    if (answers) state.answers = answers;
    else state.isDoubtful = true;
  }
  const { question, isOpposite, isOfArguments, isOfOthers, isOfMeeting } = askedBy(context, condition);
  if (isOfMeeting) return noteMeeting(context, state, question, truth !== isOpposite, block);
  if (!isOfArguments && !isOfOthers) return true;
  const answers = answersWith(context, state, question, truth !== isOpposite, block);
  if (answers) state.answers = answers;
  else if (isOfArguments) return false;
  else state.isDoubtful = true;
  return true;
}

/** What a condition asks, in a form that all that ask the same share. */
export interface AskedQuestion {
  readonly question: Value;
  /** The condition is true where the answer is no. */
  readonly isOpposite: boolean;
  /** It is asked of what the function was called with alone. */
  readonly isOfArguments: boolean;
  /** It is asked of memory that others may write, or of what a callee answered. */
  readonly isOfOthers: boolean;
  /** It is asked of what a variable has held since paths met. */
  readonly isOfMeeting: boolean;
}

/** Paths come to the same condition again and again: what it asks is worked out once. */
function askedBy(context: AnalysisContext, condition: Value): AskedQuestion {
  let asked = context.asked.get(condition);
  if (!asked) {
    asked = findAsked(context, condition);
    context.asked.set(condition, asked);
  }
  return asked;
}

function findAsked(context: AnalysisContext, condition: Value): AskedQuestion {
  const { table } = context;
  let question = withoutEpochs(context, condition);
  let isOpposite = false;
  for (;;) {
    const shape = table.values[question];
    if (shape.kind !== 'binary' || shape.right !== table.zero) break;
    if (shape.operator === '==') isOpposite = !isOpposite;
    else if (shape.operator !== '!=') break;
    question = shape.left;
  }
  const opposite = OPPOSITES.get(operatorOf(table, question));
  if (opposite !== undefined) {
    const { left, right } = table.values[question] as Extract<ValueShape, { kind: 'binary' }>;
    question = table.binary(opposite, left, right);
    isOpposite = !isOpposite;
  }
  const isOfArguments = isOfArgumentsAlone(table, question, 0);
  const isOfOthers = !isOfArguments && isAnswerOfOthers(table, question, 0);
  const asked = table.values[question];
  const isOfMeeting = !isOfOthers && asked.kind === 'symbol' && asked.origin.kind === 'merged';
  return { question, isOpposite, isOfArguments, isOfOthers, isOfMeeting };
}

function answersWith(
  { answers }: AnalysisContext,
  state: State,
  question: Value,
  truth: boolean,
  block: BlockId,
): Answers | undefined {
  return answers.given(state.answers, { question, truth, block }, true);
}

/** Comparisons that are asked as the opposite of another, so that the same is one question. */
const OPPOSITES: ReadonlyMap<string, string> = new Map([
  ['!=', '=='],
  ['>=', '<'],
  ['>', '<='],
]);

function operatorOf({ values }: ValueTable, value: Value): string {
  const shape = values[value];
  return shape.kind === 'binary' ? shape.operator : '';
}

/** True for what is made of the values that the function was called with, and of constants. */
function isOfArgumentsAlone(table: ValueTable, value: Value, depth: number): boolean {
  const shape = table.values[value];
  if (shape.kind === 'integer') return depth > 0;
  if (shape.kind === 'symbol') {
    const { origin } = shape;
    if (origin.kind !== 'answer') return origin.kind === 'parameter';
    if (origin.site >= 0 || depth >= MAXIMUM_DEPTH) return false;
    return origin.given.every((each) => isOfArgumentsAlone(table, each, depth + 1));
  }
  if (shape.kind !== 'binary' || depth >= MAXIMUM_DEPTH) return false;
  return isOfArgumentsAlone(table, shape.left, depth + 1) && isOfArgumentsAlone(table, shape.right, depth + 1);
}

/** True when the answer says that two constants of different names are the same: nobody writes a test for that. */
function takesNamesForOne(table: ValueTable, condition: Value, truth: boolean): boolean {
  const shape = table.values[condition];
  if (shape.kind !== 'binary' || shape.left === shape.right || shape.operator !== (truth ? '==' : '!=')) return false;
  return table.constantName(shape.left) !== undefined && table.constantName(shape.right) !== undefined;
}

/**
 * True when the answer says that a constant which is named an error is zero, or one that is named a success is not; likewise where the
 * branch asks whether it is negative, as those are asked who fail with such.
 */
function takesNameForOther(table: ValueTable, state: State, condition: Value, truth: boolean): boolean {
  const shape = table.values[condition];
  if (shape.kind === 'binary') {
    const asksForFailure = (shape.operator === '<' || shape.operator === '>=') && shape.right === table.zero;
    if (asksForFailure) return takesNameForOther(table, state, shape.left, (shape.operator === '<') === truth);
    if (shape.operator !== '==' && shape.operator !== '!=') return false;
    const isOther = (shape.operator === '!=') === truth;
    if (isNull(table, state, shape.right)) return takesNameForOther(table, state, shape.left, isOther);
    return isNull(table, state, shape.left) && takesNameForOther(table, state, shape.right, isOther);
  }
  const name = table.constantName(condition);
  return name !== undefined && (truth ? isSuccessName(name) : isErrorName(name));
}

/** `ok = false; log("failed"); if (!ok) return;`: nobody expects that what is called in between sets it otherwise. */
function isChangedByOthers({ table, setNumbers }: AnalysisContext, condition: Value, truth: boolean): boolean {
  let asked = condition;
  let isTrue = truth;
  for (let shape = table.values[asked]; shape.kind === 'binary' && shape.right === table.zero; ) {
    if (shape.operator === '==') isTrue = !isTrue;
    else if (shape.operator !== '!=') return false;
    asked = shape.left;
    shape = table.values[asked];
  }
  const last = setNumbers.of(asked);
  return last !== undefined && (last !== 0) !== isTrue;
}

function isFoundNull(table: ValueTable, state: State, condition: Value): boolean {
  const shape = table.values[condition];
  const isComparison = shape.kind === 'binary' && (shape.operator === '==' || shape.operator === '!=');
  return isNull(table, state, isComparison ? shape.left : condition);
}

/** True when the question reads memory that others may write, or what a callee answered. */
function isAnswerOfOthers(table: ValueTable, value: Value, depth: number): boolean {
  const shape = table.values[value];
  if (shape.kind === 'binary' && depth < MAXIMUM_DEPTH) {
    return isAnswerOfOthers(table, shape.left, depth + 1) || isAnswerOfOthers(table, shape.right, depth + 1);
  }
  if (shape.kind !== 'symbol') return false;
  const { origin } = shape;
  return (
    origin.kind === 'initial' || origin.kind === 'answer' || (origin.kind === 'named' && origin.key.startsWith(CALL))
  );
}

const CALL = 'call ';

/** Remembers which question the result of a call answers. */
export function noteQuestion(context: AnalysisContext, result: Value, callee: string, values: readonly Value[]): void {
  if (callee === '') return;
  const question = questionOf(context, callee, values);
  if (context.questions.get(result) === question) return;
  context.questions.set(result, question);
  forgetErased(context);
}

/** The same was asked before, and answered with something else than 0 or NULL on every way that leads here. */
export function isAnsweredBefore(context: AnalysisContext, state: State, result: Value, block: BlockId): boolean {
  const question = context.questions.get(result);
  if (question === undefined) return false;
  return context.answers.given(state.answers, { question, truth: false, block }, false) === undefined;
}

/**
 * A callee in sight may end in several ways of which the caller does not see why, and does nothing but answer: one that answers
 * the same question differently the second time is not believed, as of one that is not in sight.
 */
export function noteAnswerOfCall(
  context: AnalysisContext,
  state: State,
  result: Value,
  { callee, block }: { readonly callee: string; readonly block: BlockId },
  values: readonly Value[],
): void {
  const number = context.table.integerOf(result);
  if (number === undefined) {
    noteQuestion(context, result, callee, values);
    return;
  }
  const answers = answersWith(context, state, questionOf(context, callee, values), number !== 0, block);
  if (answers) state.answers = answers;
  else state.isDoubtful = true;
}

function questionOf(context: AnalysisContext, callee: string, values: readonly Value[]): Value {
  const asked = values.map((value) => withoutEpochs(context, value));
  return context.table.symbol({ kind: 'named', key: `${CALL}${callee}(${asked.join()})` });
}

/** True when the answer makes a pointer NULL of which nothing is known: a careful macro or callee is no evidence of it. */
export function isGuess(table: ValueTable, state: State, condition: Value, truth: boolean): boolean {
  const shape = table.values[condition];
  if (shape.kind === 'binary' && shape.right === table.zero) {
    if (shape.operator === '==') return isGuess(table, state, shape.left, !truth);
    if (shape.operator === '!=') return isGuess(table, state, shape.left, truth);
  }
  return (
    !truth &&
    shape.kind === 'symbol' &&
    !isBounded(state.facts.get(condition)) &&
    state.regions.get(condition)?.allocation === undefined
  );
}

/** More is known than that a number is not negative, which a count never is. */
function isBounded(fact: Fact | undefined): boolean {
  return fact !== undefined && (fact.isNonZero || fact.low > 0 || fact.high < Infinity || fact.oneOf !== undefined);
}
