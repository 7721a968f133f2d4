import type { FunctionModel } from '../models/function-model.ts';
import type { CallInstruction } from './calls.ts';
import type { AnalysisContext } from './context.ts';
import type { Value } from './values.ts';

/** A conversion specification (C17 7.21.6.1): flags, width, precision, length, conversion. */
const CONVERSION = /%[-+ #0'I]*(\*|\d+)?(?:\.(\*|\d+)?)?(?:hh|h|ll|l|j|z|t|L|q)?([A-Za-z%])/g;
/** Conversions beyond this many are not looked at. */
const MAXIMUM_CONVERSIONS = 64;

/**
 * By the format string among the arguments of a call: the positions of those that it prints as text, so that their memory
 * is read, and of those that it prints as numbers or addresses. Undefined when there is no format, or it is not a
 * literal. Where no model says which argument is the format, the first literal is that has as many conversions as
 * arguments follow it.
 */
export function formattedArguments(
  context: AnalysisContext,
  call: CallInstruction,
  values: readonly Value[],
  model: FunctionModel | undefined,
): { readonly texts: readonly number[]; readonly others: readonly number[] } | undefined {
  for (const [position, value] of values.entries()) {
    if (model ? model.format !== position : false) continue;
    const shape = context.table.values[value];
    const location = shape.kind === 'address' ? context.table.locations[shape.location] : undefined;
    if (location?.kind !== 'literal') continue;
    const text = context.literals.get(location.offset);
    const conversions = text === undefined ? [] : conversionsOf(text);
    if (conversions.length === 0 || position + conversions.length >= values.length + (model ? 1 : 0)) continue;
    if (!model && position + 1 + conversions.length !== call.arguments.length) continue;
    const texts: number[] = [];
    const others: number[] = [];
    for (const [i, conversion] of conversions.entries()) (conversion === 's' ? texts : others).push(position + 1 + i);
    return { texts, others };
  }
  return undefined;
}

/** One letter for each argument that a format consumes; `*` for a width or precision. */
function conversionsOf(literal: string): string[] {
  // "%" PRIu64 "\n": the macro stands for the conversion of an integer.
  const text = literal.replace(/"\s*PRI\w+\s*(?:"|$)/g, 'd').replace(/"\s*(?:\w+\s*)?"/g, '');
  const found: string[] = [];
  for (const [, width, precision, conversion] of text.matchAll(CONVERSION)) {
    if (conversion === '%') continue;
    if (width === '*') found.push('*');
    if (precision === '*') found.push('*');
    found.push(conversion);
    if (found.length > MAXIMUM_CONVERSIONS) break;
  }
  return found;
}
