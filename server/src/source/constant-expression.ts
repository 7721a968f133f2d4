/** Longer expressions, and names that stand for names that stand for names, are left alone. */
const MAXIMUM_LENGTH = 200;
const MAXIMUM_DEPTH = 24;

/**
 * The value of an integer constant expression (C17 6.6) as it is written; undefined when a name in it is not known.
 * @param meaning what a name stands for, as text
 */
export function constantValue(
  text: string,
  meaning: (name: string) => string | undefined,
  depth = 0,
): number | undefined {
  return valueWithin(text, meaning, depth, { left: MAXIMUM_EXPRESSIONS });
}

/** A name may stand for an expression with many names, each of which stands for such. */
const MAXIMUM_EXPRESSIONS = 200;

function valueWithin(
  text: string,
  meaning: (name: string) => string | undefined,
  depth: number,
  budget: { left: number },
): number | undefined {
  if (text === '' || text.length > MAXIMUM_LENGTH || depth > MAXIMUM_DEPTH || budget.left-- <= 0) return undefined;
  return new ConstantExpression(text, (name) => {
    const body = meaning(name);
    return body === undefined ? undefined : valueWithin(body, meaning, depth + 1, budget);
  }).value();
}

const PRECEDENCE = new Map([
  ['|', 1],
  ['<<', 2],
  ['+', 3],
  ['-', 3],
  ['*', 4],
  ['/', 4],
  ['%', 4],
]);

/** Reads sums, products and bits of integers and names, as array lengths and enumerators are written. */
class ConstantExpression {
  readonly #words: readonly string[];
  readonly #valueOf: (name: string) => number | undefined;
  #position = 0;

  constructor(text: string, meaning: (name: string) => number | undefined) {
    this.#words = text.match(/0[xX][0-9a-fA-F]+[uUlL]*|\d+[uUlL]*|[A-Za-z_]\w*|<<|[^\s]/g) ?? [];
    this.#valueOf = meaning;
  }

  value(): number | undefined {
    const value = this.#binary(1, 0);
    return this.#position === this.#words.length && value !== undefined && Number.isSafeInteger(value)
      ? value
      : undefined;
  }

  #binary(level: number, depth: number): number | undefined {
    let left = this.#primary(depth);
    for (;;) {
      const operator = this.#words[this.#position];
      const precedence = PRECEDENCE.get(operator ?? '');
      if (precedence === undefined || precedence < level) return left;
      this.#position++;
      const right = this.#binary(precedence + 1, depth);
      if (left === undefined || right === undefined) return undefined;
      if (operator === '+') left += right;
      else if (operator === '-') left -= right;
      else if (operator === '*') left *= right;
      else if (operator === '<<') left *= 2 ** right;
      // Numbers beyond 32 bits are no words of flags.
      else if (operator === '|') left = left < 2 ** 31 && right < 2 ** 31 ? left | right : Number.NaN;
      else if (right === 0) return undefined;
      else left = operator === '/' ? Math.trunc(left / right) : left % right;
    }
  }

  #primary(depth: number): number | undefined {
    const word = this.#words[this.#position++];
    if (word === undefined || depth > MAXIMUM_DEPTH) return undefined;
    if (word === '-') {
      const operand = this.#primary(depth + 1);
      return operand === undefined ? undefined : -operand;
    }
    if (word === '(') {
      const inner = this.#binary(1, depth + 1);
      return this.#words[this.#position++] === ')' ? inner : undefined;
    }
    if (/^\d/.test(word)) {
      const digits = word.replace(/[uUlL]+$/, '');
      return /^0\d/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
    }
    return /^[A-Za-z_]/.test(word) ? this.#valueOf(word) : undefined;
  }
}
