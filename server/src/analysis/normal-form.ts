import { areDistinctConstants, combineBits, fold, isComparison } from './constant-folding.ts';
import type { Value, ValueShape } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/*
 * What an operation on two values is in its normal form, so that what is written in two ways is one value: the constant stands on the
 * right, sums and masks of constants are one, and a difference that is compared with 0 is the comparison.
 */

type Binary = ValueShape & { readonly kind: 'binary' };

/** The operation in a simpler form; undefined where it has none. */
export function simplified(table: ValueTable, operator: string, left: Value, right: Value): Value | undefined {
  const a = table.values[left];
  const b = table.values[right];
  if (operator === '&') {
    const mask = complementOf(table, b);
    if (mask !== undefined) return table.binary('&', left, mask);
    const other = complementOf(table, a);
    if (other !== undefined) return table.binary('&', right, other);
  }
  if (a.kind === 'integer') {
    const folded = b.kind === 'integer' ? fold(operator, a.value, b.value) : undefined;
    if (folded !== undefined) return table.integer(folded);
    const mirrored = COMMUTATIVE.has(operator) ? operator : MIRRORED.get(operator);
    if (mirrored !== undefined && b.kind !== 'integer') return table.binary(mirrored, right, left);
  }
  if (b.kind === 'integer') {
    const simpler = withConstant(table, operator, left, a, b.value);
    if (simpler !== undefined) return simpler;
  }
  if (right === table.zero && a.kind === 'binary' && a.operator === '-') {
    const compared = comparedDifference(table, operator, a);
    if (compared !== undefined) return compared;
  }
  if (left === right) {
    if (operator === '-' || operator === '^') return table.zero;
    if (operator === '==' || operator === '<=' || operator === '>=') return table.one;
    if (operator === '!=' || operator === '<' || operator === '>') return table.zero;
  }
  if ((operator === '==' || operator === '!=') && isNamed(a) && isNamed(b)) {
    if (areDistinctConstants(a.origin.key, b.origin.key)) return operator === '==' ? table.zero : table.one;
  }
  return undefined;
}

function withConstant(
  table: ValueTable,
  operator: string,
  left: Value,
  a: ValueShape,
  constant: number,
): Value | undefined {
  if (operator === '-') return table.binary('+', left, table.integer(-constant));
  if (constant === 0 && (operator === '+' || operator === '|' || operator === '^')) return left;
  if (constant === 0 && (operator === '*' || operator === '&')) return table.zero;
  if (a.kind !== 'binary') return undefined;
  // `ok &= p != NULL;` where `ok` was 1: the truth of a comparison has one bit.
  if (operator === '&' && constant === 1 && isComparison(a.operator)) return left;
  const first = table.integerOf(a.right);
  if (first === undefined) return undefined;
  // `n * 2 > 0` asks what `n > 0` does.
  if (constant === 0 && a.operator === '*' && first > 0 && isComparison(operator))
    return table.binary(operator, a.left, table.zero);
  if (operator === '+' && a.operator === '+') return table.binary('+', a.left, table.integer(first + constant));
  const bits = combineBits(a.operator, first, operator, constant);
  if (bits === undefined || typeof bits === 'number') return bits === undefined ? undefined : table.integer(bits);
  return table.binary(bits.operator, a.left, table.integer(bits.by));
}

/**
 * `a - b > 0` asks what `a > b` does. Of numbers that are not negative it may ask what `a != b` does: whether the difference is an `int`
 * (C17 6.3.1.1) or unsigned as they are is not told here.
 */
function comparedDifference(table: ValueTable, operator: string, { left, right }: Binary): Value | undefined {
  if (operator === '==' || operator === '!=') return table.binary(operator, left, right);
  if (!MIRRORED.has(operator)) return undefined;
  const isUnsigned = (value: Value): boolean => (table.integerOf(value) ?? table.lowerBounds.get(value) ?? -1) >= 0;
  return left === table.zero || !(isUnsigned(left) && isUnsigned(right))
    ? table.binary(operator, left, right)
    : undefined;
}

/** `~2` as a number, in a mask: as one, an unsigned number would be less than 0. */
function complementOf(table: ValueTable, shape: ValueShape): Value | undefined {
  if (shape.kind !== 'binary' || shape.operator !== '^') return undefined;
  const of = table.integerOf(shape.left);
  return of === undefined || table.integerOf(shape.right) !== -1 ? undefined : table.integer(-1 - of);
}

/** What only its name is known of: a constant that is defined out of sight. */
function isNamed(shape: ValueShape): shape is ValueShape & { kind: 'symbol'; origin: { kind: 'named'; key: string } } {
  return shape.kind === 'symbol' && shape.origin.kind === 'named';
}

const COMMUTATIVE = new Set(['+', '*', '==', '!=', '&', '|', '^']);
const MIRRORED = new Map([
  ['<', '>'],
  ['>', '<'],
  ['<=', '>='],
  ['>=', '<='],
]);
