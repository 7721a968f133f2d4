import { lowerSign, upperSign } from './constraints.ts';
import { type Fact, MAXIMUM_VALUES, NO_FACT, newFact, type State } from './state.ts';
import type { Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/* What two paths that meet both say of a number. */

/** What both facts say; NO_FACT itself where that is nothing. */
export function commonFact(a: Fact, b: Fact): Fact {
  if (a === NO_FACT || b === NO_FACT) return NO_FACT;
  const isNonZero = a.isNonZero && b.isNonZero;
  const left = valuesOf(a);
  const right = left && valuesOf(b);
  if (left && right) {
    const values = [...new Set([...left, ...right])].sort((x, y) => x - y);
    if (values.length === 1) return newFact(values[0], values[0], isNonZero);
    if (values.length <= MAXIMUM_VALUES) {
      return newFact(values[0], values[values.length - 1], isNonZero, values);
    }
  }
  const low = a.low === b.low ? a.low : lowerSign(Math.min(a.low, b.low));
  const high = a.high === b.high ? a.high : upperSign(Math.max(a.high, b.high));
  return low === -Infinity && high === Infinity && !isNonZero ? NO_FACT : newFact(low, high, isNonZero);
}

function valuesOf({ low, high, oneOf }: Fact): readonly number[] | undefined {
  return oneOf ?? (low === high ? [low] : undefined);
}

const NO_MASKS: readonly Value[] = [];

/** The bits of which a state knows something: `flags & COPY`. */
export function masksOf({ values }: ValueTable, { facts }: State): readonly Value[] {
  let masks: Value[] | undefined;
  for (let i = 0; i < facts.size; i++) {
    const shape = values[facts.keyAt(i)];
    if (shape.kind !== 'binary' || shape.operator !== '&' || values[shape.right].kind !== 'integer') continue;
    masks ??= [];
    if (!masks.includes(shape.right)) masks.push(shape.right);
  }
  return masks ?? NO_MASKS;
}

/** Where `flags &= ~LOUD;` was on one of the paths, the other bits are what they were on either. */
export function keepBits(
  table: ValueTable,
  a: State,
  b: State,
  result: State,
  left: Value,
  right: Value,
  symbol: Value,
  masks: readonly Value[],
): void {
  for (const mask of masks) {
    const fact = a.facts.get(table.binary('&', left, mask));
    const other = fact && b.facts.get(table.binary('&', right, mask));
    const common = fact && other ? commonFact(fact, other) : NO_FACT;
    if (common !== NO_FACT) result.setFact(table.binary('&', symbol, mask), common);
  }
}
