import { isComparison } from './constant-folding.ts';
import { changedRegion, type Fact, isEqualFact, NO_FACT, newFact, type State } from './state.ts';
import type { Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/** What is known of a value on this path. Addresses of variables and literals are never NULL. */
export function factOf(table: ValueTable, state: State, value: Value): Fact {
  const shape = table.values[value];
  switch (shape.kind) {
    case 'integer':
      return newFact(shape.value, shape.value, shape.value !== 0);
    case 'address': {
      const root = table.locations[table.root(shape.location)];
      if (root.kind !== 'pointee') return newFact(-Infinity, Infinity, true);
      // The address of a part of what `p` points to: as far as anyone compares it, it is NULL where `p` is.
      return isNull(table, state, root.pointer) ? NO_FACT : newFact(-Infinity, Infinity, true);
    }
    case 'binary': {
      const known = state.facts.get(value);
      if (known) return known;
      if (isComparison(shape.operator)) return newFact(0, 1, false);
      if (!ARITHMETIC.has(shape.operator)) return NO_FACT;
      return factOfArithmetic(shape.operator, factOf(table, state, shape.left), factOf(table, state, shape.right));
    }
    case 'symbol': {
      const known = state.facts.get(value);
      if (known) return known;
      const low = table.lowerBounds.get(value);
      return low === undefined ? NO_FACT : newFact(low, table.upperBounds.get(value) ?? Infinity, low > 0);
    }
  }
}

const ARITHMETIC = new Set(['+', '-', '*', '|', '&', '/', '%', '>>']);

/** Interval arithmetic, as if no operation overflowed. */
function factOfArithmetic(operator: string, a: Fact, b: Fact): Fact {
  if (operator === '+') {
    const low = a.low + b.low;
    const high = a.high + b.high;
    return low === -Infinity && high === Infinity ? NO_FACT : newFact(low, high, low > 0 || high < 0);
  }
  if (operator === '&' && (a.low >= 0 || b.low >= 0)) {
    return newFact(0, Math.min(a.low >= 0 ? a.high : Infinity, b.low >= 0 ? b.high : Infinity), false);
  }
  if (operator === '-') return isZero(a) && !isUnknown(b) ? newFact(0 - b.high, 0 - b.low, b.isNonZero) : NO_FACT;
  if (operator === '*' && (isZero(a) || isZero(b))) return newFact(0, 0, false);
  if (a.low < 0 || b.low < 0) return NO_FACT;
  switch (operator) {
    case '*':
      return newFact(a.low * b.low, Infinity, a.low * b.low > 0);
    case '|': {
      const low = Math.max(a.low, b.low);
      return newFact(low, a.high === 0 ? b.high : b.high === 0 ? a.high : Infinity, low > 0);
    }
    case '%':
      return newFact(0, Math.min(a.high, Math.max(0, b.high - 1)), false);
    default:
      return newFact(0, a.high, false);
  }
}

export function isNull(table: ValueTable, state: State, value: Value): boolean {
  return isZero(factOf(table, state, value));
}

function isUnknown({ low, high, isNonZero }: Fact): boolean {
  return low === -Infinity && high === Infinity && !isNonZero;
}

function isZero({ low, high }: Fact): boolean {
  return low === 0 && high === 0;
}

export function isNonNull(table: ValueTable, state: State, value: Value): boolean {
  const fact = factOf(table, state, value);
  return fact.isNonZero || fact.low > 0 || fact.high < 0;
}

const NEGATED = new Map([
  ['==', '!='],
  ['!=', '=='],
  ['<', '>='],
  ['>=', '<'],
  ['>', '<='],
  ['<=', '>'],
]);

/** Takes a fact into the state; false when it contradicts what is known, so that the path cannot be taken. */
function refine(table: ValueTable, state: State, value: Value, low: number, high: number, isNonZero: boolean): boolean {
  const shape = table.values[value];
  if (shape.kind === 'binary' && shape.operator === '+') {
    const offset = table.integerOf(shape.right);
    // What lies on one side of 0 is not 0.
    if (offset !== undefined && (!isNonZero || low > 0 || high < 0))
      return refine(table, state, shape.left, low - offset, high - offset, false);
  }
  if (shape.kind === 'binary' && shape.operator === '/' && (low > 0 || (isNonZero && low === 0))) {
    const divisor = table.integerOf(shape.right) ?? 0;
    // Only a number as large as the divisor has a quotient above 0.
    if (divisor > 0 && !refine(table, state, shape.left, Math.max(low, 1) * divisor, Infinity, false)) return false;
  }
  const known = factOf(table, state, value);
  const isSomething = known.isNonZero || isNonZero;
  let lowest = Math.max(known.low, low);
  let highest = Math.min(known.high, high);
  // Where paths met only the sign was kept of a bound that the value has by what it is.
  if (lowest === -Infinity && shape.kind === 'symbol') lowest = table.lowerBounds.get(value) ?? -Infinity;
  if (highest === Infinity && shape.kind === 'symbol') highest = table.upperBounds.get(value) ?? Infinity;
  if (isSomething) {
    if (lowest === 0) lowest = 1;
    if (highest === 0) highest = -1;
  }
  const fact = known.oneOf
    ? factOfValues(known.oneOf, isSomething, (each) => each >= lowest && each <= highest)
    : newFact(lowest, highest, isSomething);
  if (fact.low > fact.high) return false;
  if (shape.kind === 'integer') return true;
  // An address that cannot be NULL was found so above; what else is said of it is not kept.
  if (shape.kind === 'address') return true;
  if (!isEqualFact(fact, known)) state.setFact(value, fact);
  return fact.isNonZero || fact.low > 0 || fact.high < 0 ? refineImplied(table, state, value) : true;
}

/** What a value that is not 0 says of another: that of which `isalpha()` holds true is no end. */
function refineImplied(table: ValueTable, state: State, value: Value): boolean {
  const implied = table.implied.get(value);
  return implied === undefined || refine(table, state, implied.value, implied.low, implied.high, implied.isNonZero);
}

/** The fact of those of some values that are left; its bounds cross when none is. */
function factOfValues(values: readonly number[], isNonZero: boolean, isLeft: (value: number) => boolean): Fact {
  const left = values.filter((value) => isLeft(value) && !(value === 0 && isNonZero));
  if (left.length === 0) return newFact(1, 0, true);
  return newFact(left[0], left[left.length - 1], !left.includes(0), left.length > 1 ? left : undefined);
}

/**
 * Assumes that a value is not zero (`truth`) or zero on this path. Returns false when that cannot be. The same condition
 * over the same values is the same value, so what was assumed of it once holds when it is tested again.
 */
export function assume(table: ValueTable, state: State, value: Value, truth: boolean): boolean {
  const shape = table.values[value];
  if (shape.kind === 'binary' && isComparison(shape.operator)) {
    const operator = truth ? shape.operator : NEGATED.get(shape.operator)!;
    return assumeComparison(table, state, operator, shape.left, shape.right);
  }
  if (shape.kind === 'binary' && shape.operator === '-' && !truth) {
    return assumeComparison(table, state, '==', shape.left, shape.right);
  }
  // Of two numbers of which something is in both, or nothing in either, the same is so of each: `ok &= p != NULL;`.
  if (shape.kind === 'binary' && shape.operator === (truth ? '&' : '|') && table.integerOf(shape.right) === undefined) {
    if (!assume(table, state, shape.left, truth) || !assume(table, state, shape.right, truth)) return false;
  }
  const highest = shape.kind === 'binary' && shape.operator === '&' ? highestBit(table, state, shape) : undefined;
  if (highest !== undefined) {
    const operator = truth ? '>=' : '<';
    if (!assumeComparison(table, state, operator, highest.of, highest.bit)) return false;
  }
  return truth ? refine(table, state, value, -Infinity, Infinity, true) : assumeNothing(table, state, value);
}

/** `c & 0x80` asks of a number with no higher bit whether it is as large as that bit. */
function highestBit(
  table: ValueTable,
  state: State,
  { left, right }: { readonly left: Value; readonly right: Value },
): { readonly of: Value; readonly bit: Value } | undefined {
  const bit = table.integerOf(right);
  if (bit === undefined || bit <= 0 || !Number.isInteger(Math.log2(bit))) return undefined;
  const { low, high } = factOf(table, state, left);
  return low >= 0 && high < bit * 2 ? { of: left, bit: right } : undefined;
}

/** Assumes that a value is zero, which one that is told apart from it is not as well. */
function assumeNothing(table: ValueTable, state: State, value: Value): boolean {
  if (!refine(table, state, value, 0, 0, false)) return false;
  if (table.values[value].kind !== 'symbol') return true;
  const { facts } = state;
  for (let i = 0; i < facts.size; i++) {
    const { low, high } = facts.valueAt(i);
    if (low !== 0 || high !== 0) continue;
    const shape = table.values[facts.keyAt(i)];
    if (shape.kind !== 'binary' || shape.operator !== '==' || (shape.left !== value && shape.right !== value)) continue;
    if (isNull(table, state, shape.left === value ? shape.right : shape.left)) return false;
  }
  return true;
}

function assumeComparison(table: ValueTable, state: State, operator: string, left: Value, right: Value): boolean {
  const next = comparedNext(table, operator, left, right);
  if (next) return assumeComparison(table, state, next.operator, next.left, next.right);
  const a = factOf(table, state, left);
  const b = factOf(table, state, right);
  // `x == 0` and the like of a comparison is that comparison, or its opposite.
  if (b.low === 0 && b.high === 0 && (operator === '==' || operator === '!=')) {
    return assumeZero(table, state, left, operator === '==');
  }
  if (a.low === 0 && a.high === 0 && (operator === '==' || operator === '!=')) {
    return assumeZero(table, state, right, operator === '==');
  }
  switch (operator) {
    case '==':
      // New memory is at no address that was known before: the two are equal only if both are NULL.
      if (isNewMemory(table, state, left, right) || isNewMemory(table, state, right, left)) {
        return assumeZero(table, state, left, true) && assumeZero(table, state, right, true);
      }
      if (!refine(table, state, left, b.low, b.high, b.isNonZero)) return false;
      if (!refine(table, state, right, a.low, a.high, a.isNonZero)) return false;
      findVariable(table, state, left, right);
      findVariable(table, state, right, left);
      break;
    case '!=':
      if (b.low === b.high && !excludeEnd(table, state, left, b.low)) return false;
      if (a.low === a.high && !excludeEnd(table, state, right, a.low)) return false;
      break;
    case '<':
      if (!refine(table, state, left, -Infinity, b.high - 1, false)) return false;
      if (!refine(table, state, right, a.low + 1, Infinity, false)) return false;
      break;
    case '<=':
      if (!refine(table, state, left, -Infinity, b.high, false)) return false;
      if (!refine(table, state, right, a.low, Infinity, false)) return false;
      break;
    case '>':
      return assumeComparison(table, state, '<', right, left);
    case '>=':
      return assumeComparison(table, state, '<=', right, left);
    default:
      break;
  }
  return rememberComparison(table, state, operator, left, right);
}

/** By operator: what `x + 1` on the left of it, with that operator, says of `x` with another; the two are of whole numbers. */
const NEXT_ON_THE_LEFT = new Map([
  ['<=', '<'],
  ['>', '>='],
]);
const NEXT_ON_THE_RIGHT = new Map([
  ['<', '<='],
  ['>=', '>'],
]);

/** `i + 1 > n` asks what `i >= n` does, of which the answer to `i < n` tells. Compared with a number the bounds of `i` say it all. */
function comparedNext(
  table: ValueTable,
  operator: string,
  left: Value,
  right: Value,
): { readonly operator: string; readonly left: Value; readonly right: Value } | undefined {
  if (table.values[left].kind === 'integer' || table.values[right].kind === 'integer') return undefined;
  const before = NEXT_ON_THE_LEFT.has(operator) ? valueBefore(table, left) : undefined;
  if (before !== undefined) return { operator: NEXT_ON_THE_LEFT.get(operator)!, left: before, right };
  const other = NEXT_ON_THE_RIGHT.has(operator) ? valueBefore(table, right) : undefined;
  return other === undefined ? undefined : { operator: NEXT_ON_THE_RIGHT.get(operator)!, left, right: other };
}

/** `x` of `x + 1`. */
function valueBefore(table: ValueTable, value: Value): Value | undefined {
  const shape = table.values[value];
  return shape.kind === 'binary' && shape.operator === '+' && shape.right === table.one ? shape.left : undefined;
}

/** True when `value` points to memory that only this function knows, and `other` to something else. */
function isNewMemory(table: ValueTable, state: State, value: Value, other: Value): boolean {
  const base = table.base(value);
  const region = state.regions.get(base);
  const isOwn = region?.status === 'allocated' || region?.status === 'failed' || region?.isPublished === true;
  if (!region?.allocation || !isOwn) return false;
  const otherBase = table.base(other);
  const shape = table.values[otherBase];
  if (otherBase === base || shape.kind === 'integer' || shape.kind === 'binary') return false;
  if (shape.kind === 'address') return true;
  return state.regions.has(otherBase) || shape.origin.kind === 'parameter' || shape.origin.kind === 'initial';
}

/** `text == buffer`: what code out of sight gave is the caller's own variable here, and no memory that anybody is to free. */
function findVariable(table: ValueTable, state: State, pointer: Value, other: Value): void {
  const shape = table.values[other];
  if (shape.kind !== 'address' || table.locations[table.root(shape.location)].kind !== 'variable') return;
  const region = state.regions.get(pointer);
  if (region?.handovers !== undefined) state.setRegion(pointer, changedRegion(region, { handovers: undefined }));
}

function assumeZero(table: ValueTable, state: State, value: Value, isZero: boolean): boolean {
  const shape = table.values[value];
  if (shape.kind === 'binary' && isComparison(shape.operator)) return assume(table, state, value, !isZero);
  if (isZero && (shape.kind === 'address' || shape.kind === 'integer')) return !factOf(table, state, value).isNonZero;
  return isZero ? assumeNothing(table, state, value) : refine(table, state, value, -Infinity, Infinity, true);
}

/** `value != bound` moves the end of an interval that ends there. */
function excludeEnd(table: ValueTable, state: State, value: Value, bound: number): boolean {
  const known = factOf(table, state, value);
  if (known.oneOf?.includes(bound)) {
    state.setFact(
      value,
      factOfValues(known.oneOf, known.isNonZero, (each) => each !== bound),
    );
    return true;
  }
  if (known.low === bound) return refine(table, state, value, bound + 1, Infinity, false);
  if (known.high === bound) return refine(table, state, value, -Infinity, bound - 1, false);
  return true;
}

/** Keeps the answer to a comparison of two values that are not both known, under one name for it and its opposite. */
function rememberComparison(table: ValueTable, state: State, operator: string, left: Value, right: Value): boolean {
  const { value, truth } = canonicalComparison(table, operator, left, right);
  if (table.values[value].kind !== 'binary')
    return table.integerOf(value) === undefined || (table.integerOf(value) !== 0) === truth;
  const known = state.facts.get(value);
  if (known) {
    if (known.isNonZero) return truth;
    if (known.low === 0 && known.high === 0) return !truth;
  }
  if (!isOrderPossible(table, state, value, truth)) return false;
  state.setFact(value, truth ? newFact(1, 1, true) : newFact(0, 0, false));
  return true;
}

/** Of two values exactly one is true: less, equal, greater. False when a comparison contradicts the others known of them. */
function isOrderPossible(table: ValueTable, state: State, comparison: Value, truth: boolean): boolean {
  const shape = table.values[comparison];
  if (shape.kind !== 'binary' || state.facts.size === 0) return true;
  const { left, right } = shape;
  // What is compared with a number has bounds that say it all.
  if (table.values[left].kind === 'integer' || table.values[right].kind === 'integer') return true;
  const [low, high] = left <= right ? [left, right] : [right, left];
  let falseCount = truth ? 0 : 1;
  for (const other of [table.binary('==', low, high), table.binary('<', left, right), table.binary('<', right, left)]) {
    if (other === comparison) continue;
    const fact = state.facts.get(other);
    if (fact?.isNonZero && truth) return false;
    if (fact?.low === 0 && fact.high === 0) falseCount++;
  }
  return falseCount < 3;
}

/** Of `a == b`, `b == a`, `a != b`, or of the four orders of two values, one stands for all. */
function canonicalComparison(
  table: ValueTable,
  operator: string,
  left: Value,
  right: Value,
): { value: Value; truth: boolean } {
  const [low, high] = left <= right ? [left, right] : [right, left];
  switch (operator) {
    case '==':
      return { value: table.binary('==', low, high), truth: true };
    case '!=':
      return { value: table.binary('==', low, high), truth: false };
    case '<':
      return { value: table.binary('<', left, right), truth: true };
    case '>=':
      return { value: table.binary('<', left, right), truth: false };
    case '>':
      return { value: table.binary('<', right, left), truth: true };
    default:
      return { value: table.binary('<', right, left), truth: false };
  }
}

/** Bounds that differ keep no more than their sign: intervals must not grow step by step for ever. */
export function lowerSign(low: number): number {
  return low >= 1 ? 1 : low >= 0 ? 0 : -Infinity;
}

export function upperSign(high: number): number {
  return high <= -1 ? -1 : high <= 0 ? 0 : Infinity;
}

/** The sign of what a fact allows, and whether it may be zero; NO_FACT where that is nothing. */
export function signOf({ low, high, isNonZero }: Fact): Fact {
  const sign = newFact(lowerSign(low), upperSign(high), isNonZero);
  return sign.low === -Infinity && sign.high === Infinity && !isNonZero ? NO_FACT : sign;
}
