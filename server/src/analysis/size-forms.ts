import type { TypeTerm } from '../ir/type-terms.ts';
import type { Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

/** One product of a size: `coefficient * sizeof(type) * … * factor * …`. */
export interface SizeProduct {
  readonly coefficient: number;
  readonly types: readonly TypeTerm[];
  /** Values that are not known integers, by a name: two factors of one name are equal. Sorted. */
  readonly factors: readonly string[];
}

/** A size in bytes as a sum of products. */
export type SizeForm = readonly SizeProduct[];

export const ONE: SizeForm = [{ coefficient: 1, types: [], factors: [] }];

/** Longer sums are not compared. */
const MAXIMUM_PRODUCTS = 8;

export interface SizeNames {
  /** The operand's type, when the value is the size of one. */
  typeOf(value: Value): TypeTerm | undefined;
  /** A name for a value, the same for values that are equal for other reasons than their number. */
  nameOf(value: Value): string;
}

/** A value as a sum of products; undefined when it is too long. */
export function sizeForm(table: ValueTable, value: Value, names: SizeNames): SizeForm | undefined {
  const shape = table.values[value];
  if (shape.kind === 'integer') return [{ coefficient: shape.value, types: [], factors: [] }];
  if (shape.kind === 'binary') {
    const { operator } = shape;
    if (operator === '+' || operator === '-' || operator === '*' || operator === '<<') {
      const left = sizeForm(table, shape.left, names);
      const right = sizeForm(table, shape.right, names);
      if (!left || !right) return undefined;
      if (operator === '+') return collect([...left, ...right]);
      if (operator === '-') return collect([...left, ...scale(right, -1)]);
      if (operator === '*') return multiply(left, right);
      const shift = constantOf(right);
      if (shift !== undefined && shift >= 0 && shift < 32) return scale(left, 2 ** shift);
    }
  }
  const type = names.typeOf(value);
  if (type) return [{ coefficient: 1, types: [type], factors: [] }];
  return [{ coefficient: 1, types: [], factors: [names.nameOf(value)] }];
}

export function scale(form: SizeForm, by: number): SizeForm {
  return form.map((product) => ({ ...product, coefficient: product.coefficient * by }));
}

export function multiply(left: SizeForm, right: SizeForm): SizeForm | undefined {
  if (left.length * right.length > MAXIMUM_PRODUCTS) return undefined;
  return collect(
    left.flatMap((a) =>
      right.map((b) => ({
        coefficient: a.coefficient * b.coefficient,
        types: [...a.types, ...b.types],
        factors: [...a.factors, ...b.factors].sort(),
      })),
    ),
  );
}

/** Adds up what differs only in its coefficient. Products with types stay apart. */
function collect(form: SizeForm): SizeForm | undefined {
  const sums = new Map<string, SizeProduct>();
  const typed: SizeProduct[] = [];
  for (const product of form) {
    if (product.types.length > 0) {
      typed.push(product);
      continue;
    }
    const key = product.factors.join('\0');
    const known = sums.get(key);
    sums.set(key, known ? { ...known, coefficient: known.coefficient + product.coefficient } : product);
  }
  const result = [...typed, ...[...sums.values()].filter(({ coefficient }) => coefficient !== 0)];
  if (result.length === 0) return [{ coefficient: 0, types: [], factors: [] }];
  return result.length > MAXIMUM_PRODUCTS ? undefined : result;
}

export function constantOf(form: SizeForm): number | undefined {
  return form.length === 1 && form[0].types.length === 0 && form[0].factors.length === 0
    ? form[0].coefficient
    : undefined;
}

/** The form with the sizes of types as numbers; undefined when one is not known. */
export function inBytes(form: SizeForm, sizeOf: (type: TypeTerm) => number | undefined): SizeForm | undefined {
  const products: SizeProduct[] = [];
  for (const { coefficient, types, factors } of form) {
    let bytes = coefficient;
    for (const type of types) {
      const size = sizeOf(type);
      if (size === undefined) return undefined;
      bytes *= size;
    }
    products.push({ coefficient: bytes, types: [], factors });
  }
  return collect(products);
}

/** `a - b`, when that is an integer whatever the factors are. Both without types. */
export function difference(a: SizeForm, b: SizeForm): number | undefined {
  const rest = collect([...a, ...scale(b, -1)]);
  return rest && constantOf(rest);
}
