import { keptIn, keptPer } from '../base/kept.ts';
import type { AnalysisContext } from './context.ts';
import type { Location, SymbolOrigin, Value } from './value-shapes.ts';

/*
 * Questions in the form that they have whatever code out of sight ran between them: of places as they were when the function began.
 */

/** Values nested deeper are taken as they are. */
const MAXIMUM_ERASURE_DEPTH = 8;

/** The value as if no unknown code had run since the function began: what it was asked of. */
export function withoutEpochs(context: AnalysisContext, value: Value): Value {
  const known = context.withoutEpochs.get(value);
  if (known !== undefined) return known;
  const erased = eraseEpochs(context, value, 0);
  context.withoutEpochs.set(value, erased);
  return erased;
}

function eraseEpochs(context: AnalysisContext, value: Value, depth: number): Value {
  const { table, questions } = context;
  if (depth > MAXIMUM_ERASURE_DEPTH) return value;
  const shape = table.values[value];
  if (shape.kind === 'binary') {
    const left = eraseEpochs(context, shape.left, depth + 1);
    const right = eraseEpochs(context, shape.right, depth + 1);
    return left === shape.left && right === shape.right ? value : table.binary(shape.operator, left, right);
  }
  if (shape.kind === 'address') return table.addressOf(locationWithoutEpochs(context, shape.location, depth + 1));
  if (shape.kind !== 'symbol') return value;
  const { origin } = shape;
  // What a place holds where paths met, or a loop began its turns, is what it held, unless one of them wrote there.
  const isUnwritten =
    origin.kind === 'merged' && table.locations[origin.location].kind !== 'variable' && !rewritten(context).has(value);
  if (origin.kind === 'initial' || isUnwritten) {
    const location = locationWithoutEpochs(context, origin.location, depth + 1);
    return table.initial(location, 0);
  }
  // What a library's function was asked of may hold answers, and these the same ones again: each is worked out once at each depth.
  if (origin.kind === 'answer') {
    const key = value * (MAXIMUM_ERASURE_DEPTH + 1) + depth;
    return keptIn(context.erasedAnswers, key, () => answerWithoutEpochs(context, origin, depth + 1));
  }
  return questions.get(value) ?? value;
}

/** What was asked, wherever it was: of a library's function also as what it was asked of stood in memory. */
function answerWithoutEpochs(
  context: AnalysisContext,
  { callee, given, held, site, iteration }: Extract<SymbolOrigin, { kind: 'answer' }>,
  depth: number,
): Value {
  const { table } = context;
  const asked = given.map((value) => eraseEpochs(context, value, depth));
  if (site < 0) return table.symbol({ kind: 'answer', callee, given: asked, held, site, iteration });
  const known: number[] = [];
  for (let i = 0; i < held.length; i += 2) {
    const location = locationWithoutEpochs(context, held[i], depth);
    const value = eraseEpochs(context, held[i + 1], depth);
    // What this function has not written itself does not make it another question, as it does not for functions out of sight.
    if (value !== table.initial(location, 0)) known.push(location, value);
  }
  return table.symbol({ kind: 'answer', callee, given: asked, held: known, site: 0, iteration: 0 });
}

function locationWithoutEpochs(context: AnalysisContext, location: Location, depth: number): Location {
  const { table } = context;
  if (depth > MAXIMUM_ERASURE_DEPTH) return location;
  const shape = table.locations[location];
  if (shape.kind === 'literal') return table.literal(context.sameLiteral(shape.offset));
  if (shape.kind === 'pointee') return table.pointee(eraseEpochs(context, shape.pointer, depth + 1));
  if (shape.kind === 'field') return table.field(locationWithoutEpochs(context, shape.parent, depth + 1), shape.name);
  if (shape.kind === 'element') {
    const index = eraseEpochs(context, shape.index, depth + 1);
    return table.element(locationWithoutEpochs(context, shape.parent, depth + 1), index);
  }
  return location;
}

/** The symbols of places where paths met of which one had written something there. */
const rewritten = keptPer((_: AnalysisContext) => new Set<Value>());

/**
 * From here on a symbol stands for what a place holds on a path that has written there, and on others.
 * @param isNew nothing was asked of it yet
 */
export function noteRewritten(context: AnalysisContext, symbol: Value, isNew: boolean): void {
  if (rewritten(context).has(symbol)) return;
  rewritten(context).add(symbol);
  if (!isNew) forgetErased(context);
}

/** What values are without their epochs, and what was made of that, has to be worked out anew. */
export function forgetErased(context: AnalysisContext): void {
  context.withoutEpochs.clear();
  context.erasedAnswers.clear();
  context.heldAtFirst.clear();
  context.asked.clear();
}

/** A place holds what it held when the function began, as far as the function's text says. */
export function isAsAtFirst(context: AnalysisContext, location: Location, held: Value): boolean {
  return withoutEpochs(context, held) === heldAtFirst(context, location);
}

export function heldAtFirst(context: AnalysisContext, location: Location): Value {
  let held = context.heldAtFirst.get(location);
  if (held === undefined) {
    held = context.table.initial(locationWithoutEpochs(context, location, 0), 0);
    context.heldAtFirst.set(location, held);
  }
  return held;
}
