import type { CallInstruction } from './calls.ts';
import type { AnalysisContext } from './context.ts';
import { noteQuestion } from './doubt.ts';
import type { State } from './state.ts';
import type { Location, Value } from './value-shapes.ts';

const NUMBER =
  /^(?:const |volatile |static |unsigned |signed )*(?:bool|_Bool|char|short|int|long|float|double|\w+_t)\b/;

/**
 * NULL is among what a call is given, or can be reached from there, or stands in a variable outside of functions: what the callee
 * does with it its body tells.
 */
export function handsOverNull(context: AnalysisContext, state: State, values: readonly Value[]): boolean {
  const { zero } = context.table;
  for (const value of values)
    if (value === zero || state.knownNull.has(value) || holdsNull(context, state, value)) return true;
  const { memory } = state;
  for (let i = 0; i < memory.size; i++) {
    const value = memory.valueAt(i);
    if ((value === zero || state.knownNull.has(value)) && isReached(context, memory.keyAt(i), values)) return true;
  }
  return false;
}

/** A structure that is given as a whole, and holds NULL. */
function holdsNull({ table }: AnalysisContext, state: State, value: Value): boolean {
  const shape = table.values[value];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'aggregate') return false;
  const isNull = (each: Value): boolean => each === table.zero || state.knownNull.has(each);
  const { rest, parts } = shape.origin;
  return (rest !== undefined && isNull(rest)) || parts.some((part) => isNull(part.value));
}

/** The callee may read a pointer at the location: it is behind an argument, or a part of a variable that all functions see. */
function isReached({ table, ir }: AnalysisContext, location: Location, values: readonly Value[]): boolean {
  const root = table.root(location);
  const shape = table.locations[root];
  if (shape.kind === 'pointee') {
    const base = table.base(shape.pointer);
    return values.some((value) => table.base(value) === base);
  }
  if (shape.kind !== 'variable') return false;
  const { kind, pointerDepth, isArray, typeText } = ir.variables[shape.variable];
  // A number that is zero is not of interest; what a structure's members are is not asked for.
  if (location === root && pointerDepth === 0 && !isArray && NUMBER.test(typeText)) return false;
  if (kind === 'global') return true;
  return values.some((value) => {
    const target = table.values[table.base(value)];
    return target.kind === 'address' && target.location === root;
  });
}

/** What a callee of unknown meaning answers may hang on the NULL that it was given. */
export function noteAskedOfNull(context: AnalysisContext, result: Value): void {
  const question = context.questions.get(result);
  if (question !== undefined) context.askedOfNull.add(question);
}

/** The same of a callee of which the summary does not tell what it answers for NULL. */
export function noteAnswerOfNull(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  values: readonly Value[],
): void {
  const result = state.registers[call.destination];
  const shape = context.table.values[result];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'result') return;
  noteQuestion(context, result, call.callee, values);
  noteAskedOfNull(context, result);
}

/** The path is taken only because of such an answer: `if (is_usable(p)) …` may never be true for NULL. */
export function hangsOnNull(context: AnalysisContext, state: State): boolean {
  if (context.askedOfNull.size === 0) return false;
  return state.answers.ways.every(({ answers }) =>
    answers.some(({ question }) => {
      let isFound = false;
      context.table.forEachSymbol(question, (symbol) => {
        isFound ||= context.askedOfNull.has(symbol);
      });
      return isFound;
    }),
  );
}

/** Code that is not in sight learns of pointers that a test found NULL, and may not come back. */
export function noteNullGiven(context: AnalysisContext, state: State, values: readonly Value[]): void {
  const { memory } = state;
  for (const [pointer, test] of state.knownNull) {
    let isGiven = false;
    for (const value of values) {
      context.table.forEachSymbol(value, (symbol) => {
        isGiven ||= symbol === pointer;
      });
    }
    for (let i = 0; i < memory.size && !isGiven; i++) {
      isGiven = memory.valueAt(i) === pointer && isReached(context, memory.keyAt(i), values);
    }
    if (isGiven) context.followedNulls.doubt(test);
  }
}
