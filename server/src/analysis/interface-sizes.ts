import { pathOfValue, resolvePath } from './access-paths.ts';
import type { AnalysisContext } from './context.ts';
import { atLeast, bytesOf, formOf } from './size-facts.ts';
import { multiply, ONE, type SizeForm } from './size-forms.ts';
import type { State } from './state.ts';
import { lengthKey, lengthOfLiteral } from './string-sizes.ts';
import type { AccessPath, InterfaceFactor, InterfaceSize } from './summary.ts';
import { NO_VALUE, type Value } from './value-shapes.ts';

/*
 * Sizes in terms of a function's interface: a callee says how far it goes by `p1 * 4`, or by the length of what `p1` points to,
 * and its caller puts in what it has given.
 */

/** A size in bytes as the caller may say it; undefined where it hangs on anything else. */
export function sizeForCaller(context: AnalysisContext, form: SizeForm | undefined): InterfaceSize | undefined {
  const bytes = form && bytesOf(context, form);
  if (!bytes) return undefined;
  const products = [];
  for (const { coefficient, factors } of bytes) {
    const named: InterfaceFactor[] = [];
    for (const factor of factors) {
      const found = factorOf(context, factor);
      if (!found) return undefined;
      named.push(found);
    }
    products.push({ coefficient, factors: named });
  }
  return products;
}

/** The same for a size that is at least so much: of a length that the caller cannot name no more is said than is known for sure. */
export function leastForCaller(context: AnalysisContext, form: SizeForm | undefined): InterfaceSize | undefined {
  const bytes = form && bytesOf(context, form);
  if (!bytes) return undefined;
  const isNamed = ({ factors }: SizeForm[number]): boolean => factors.every((factor) => factorOf(context, factor));
  const least = multiply(
    [
      ...bytes.filter(isNamed),
      ...atLeast(
        context,
        bytes.filter((product) => !isNamed(product)),
      ),
    ],
    ONE,
  );
  return (
    least &&
    sizeForCaller(
      context,
      least.filter(
        (product) =>
          isNamed(product) ||
          product.coefficient < 0 ||
          product.factors.length !== 1 ||
          !isLengthName(product.factors[0]),
      ),
    )
  );
}

const isLengthName = (name: string): boolean => /^(?:entry )?strlen /.test(name);

/** What a factor's name stands for, if that is what the caller gave and nobody has changed. */
function factorOf({ table, ir }: AnalysisContext, name: string): InterfaceFactor | undefined {
  const entry = /^entry (strlen )?(.+)$/s.exec(name);
  if (entry) return { path: entry[2].split(' '), isLength: entry[1] !== undefined };
  const length = /^strlen (\d+)@0 $/.exec(name);
  const value = length ?? /^value (\d+)$/.exec(name);
  const path = value ? pathOfValue(table, ir, Number(value[1])) : undefined;
  return path && { path, isLength: length !== null };
}

/** A callee's size as its caller's, before the call has changed anything; undefined where it is not known. */
export function sizeFromCallee(
  context: AnalysisContext,
  state: State,
  size: InterfaceSize,
  values: readonly Value[],
): SizeForm | undefined {
  let sum: SizeForm = [];
  for (const { coefficient, factors } of size) {
    let product: SizeForm | undefined = [{ coefficient, types: [], factors: [] }];
    for (const factor of factors) {
      const form = formOfFactor(context, state, factor, values);
      product = form && multiply(product, form);
      if (!product) return undefined;
    }
    const added = multiply([...sum, ...product], ONE);
    if (!added) return undefined;
    sum = added;
  }
  return bytesOf(context, sum);
}

function formOfFactor(
  context: AnalysisContext,
  state: State,
  { path, isLength }: InterfaceFactor,
  values: readonly Value[],
): SizeForm | undefined {
  const value = valueFromCallee(context, state, path, values);
  if (value !== undefined) return isLength ? lengthFormOf(context, state, value) : formOf(context, value);
  return isUntouchedGlobal(state, path) ? named(`entry ${isLength ? 'strlen ' : ''}${path.join(' ')}`) : undefined;
}

function lengthFormOf(context: AnalysisContext, state: State, pointer: Value): SizeForm | undefined {
  const { table } = context;
  if (table.integerOf(pointer) !== undefined) return undefined;
  const target = table.locations[table.pointee(pointer)];
  const text = target.kind === 'literal' ? context.literals.get(target.offset) : undefined;
  const length = text === undefined ? undefined : lengthOfLiteral(text);
  if (length !== undefined) return [{ coefficient: length, types: [], factors: [] }];
  return named(lengthKey(context, state, pointer, 1));
}

function named(name: string): SizeForm {
  return [{ coefficient: 1, types: [], factors: [name] }];
}

/** The value that a callee's path leads to at a call. */
export function valueFromCallee(
  context: AnalysisContext,
  state: State,
  path: AccessPath,
  values: readonly Value[],
): Value | undefined {
  const resolved = resolvePath(context, state, path, values);
  return resolved && 'value' in resolved ? resolved.value : undefined;
}

/** A global that the function itself does not name is to its callee what it was to the function, as long as nothing else ran. */
export function isUntouchedGlobal({ epoch, fieldEpochs }: State, path: AccessPath): boolean {
  return path[0].startsWith('g:') && epoch === 0 && fieldEpochs.size === 0;
}

/** A callee's size as one value, so that it can be what new memory is long; NO_VALUE where it is not known. */
export function extentFromCallee(
  context: AnalysisContext,
  state: State,
  size: InterfaceSize,
  values: readonly Value[],
): Value {
  const { table, sizes } = context;
  let sum = table.zero;
  for (const { coefficient, factors } of size) {
    let product = table.integer(coefficient);
    for (const { path, isLength } of factors) {
      const given = valueFromCallee(context, state, path, values);
      if (given === undefined) return NO_VALUE;
      let factor = given;
      if (isLength) {
        const form = lengthFormOf(context, state, given);
        if (!form) return NO_VALUE;
        const [{ coefficient: length, factors: names }] = form;
        if (names.length === 0) factor = table.integer(length);
        else {
          factor = table.symbol({ kind: 'named', key: `length by ${names[0]}` });
          sizes.lengths.set(factor, names[0]);
          table.lowerBounds.set(factor, 0);
        }
      }
      product = product === table.one ? factor : table.binary('*', factor, product);
    }
    sum = sum === table.zero ? product : table.binary('+', sum, product);
  }
  return sum;
}
