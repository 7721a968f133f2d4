/** What C makes of two integers, where JavaScript makes the same of them. */
export function fold(operator: string, a: number, b: number): number | undefined {
  switch (operator) {
    case '+':
      return safe(a + b);
    case '-':
      return safe(a - b);
    case '*':
      return safe(a * b);
    case '/':
      return b === 0 ? undefined : Math.trunc(a / b);
    case '%':
      return b === 0 ? undefined : a % b;
    case '==':
      return a === b ? 1 : 0;
    case '!=':
      return a !== b ? 1 : 0;
    case '<':
      return a < b ? 1 : 0;
    case '>':
      return a > b ? 1 : 0;
    case '<=':
      return a <= b ? 1 : 0;
    case '>=':
      return a >= b ? 1 : 0;
    case '&':
      return (isWord(a) && isSigned(b)) || (isSigned(a) && isWord(b)) ? a & b : undefined;
    case '|':
      return isWord(a) && isWord(b) ? a | b : undefined;
    case '<<':
      return b >= 0 && b < 31 && a >= 0 && a < 2 ** 20 ? safe(a * 2 ** b) : undefined;
    case '>>':
      return b >= 0 && b < 31 && a >= 0 ? Math.floor(a / 2 ** b) : undefined;
    default:
      return undefined;
  }
}

/**
 * `(x inner a) outer b` in one step: what `x` is combined with, and how, or the number that it always is. Undefined where that takes two.
 * What an assignment leaves alone (`flags &= ~LOUD`) is asked for as before it.
 */
export function combineBits(
  inner: string,
  a: number,
  outer: string,
  b: number,
): { readonly operator: string; readonly by: number } | number | undefined {
  if (!isSigned(a) || !isSigned(b)) return undefined;
  if (inner === outer) {
    if (outer === '&') return (a & b) === 0 ? 0 : { operator: '&', by: a & b };
    if (outer === '|') return { operator: '|', by: a | b };
    return outer === '^' ? { operator: '^', by: a ^ b } : undefined;
  }
  if (outer !== '&') return undefined;
  if ((inner === '|' || inner === '^') && (a & b) === 0) return { operator: '&', by: b };
  return inner === '|' && (a & b) === b ? b : undefined;
}

/** The first word of a constant's name, which it shares with the others of its kind: `SQLITE_OK`, `SQLITE_NOMEM`. */
const KIND_OF_CONSTANT = /^([A-Z][A-Z0-9]*)_[A-Z0-9_]+$/;

/**
 * True for the names of two constants of one kind, of whose values nothing is known: a program that compares a result with the one has
 * another number for the other.
 */
export function areDistinctConstants(a: string, b: string): boolean {
  if (a === b) return false;
  const kind = KIND_OF_CONSTANT.exec(a)?.[1];
  return kind !== undefined && kind === KIND_OF_CONSTANT.exec(b)?.[1];
}

function safe(value: number): number | undefined {
  return Number.isSafeInteger(value) ? value : undefined;
}

function isSigned(value: number): boolean {
  return value >= -(2 ** 31) && value < 2 ** 31;
}

/** JavaScript's bitwise operators work on 32 bits. */
function isWord(value: number): boolean {
  return value >= 0 && value < 2 ** 31;
}

const COMPARISONS = new Set(['==', '!=', '<', '>', '<=', '>=']);

/** An operator whose result is a truth: 0 or 1 (C17 6.5.8p6, 6.5.9p3). */
export function isComparison(operator: string): boolean {
  return COMPARISONS.has(operator);
}
