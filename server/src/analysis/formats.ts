import { keptIn } from '../base/kept.ts';
import type { FunctionModel } from '../models/function-model.ts';
import type { CallInstruction } from './calls.ts';
import type { AnalysisContext } from './context.ts';
import type { Value } from './value-shapes.ts';

/** A conversion specification (C17 7.21.6.1): flags, width, precision, length, conversion. */
const CONVERSION = /%[-+ #0'I]*(\*|\d+)?(?:\.(\*|\d+)?)?(?:hh|h|ll|l|j|z|t|L|q)?([A-Za-z%?])/g;
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
): Formatted | undefined {
  for (const [position, value] of values.entries()) {
    if (model ? model.format !== position : false) continue;
    const shape = context.table.values[value];
    const location = shape.kind === 'address' ? context.table.locations[shape.location] : undefined;
    if (location?.kind !== 'literal') continue;
    const text = context.literals.get(location.offset);
    const conversions =
      text === undefined ? [] : keptIn(context.conversions, location.offset, () => conversionsOf(text));
    if (conversions.length === 0 || position + conversions.length >= values.length + (model ? 1 : 0)) continue;
    if (!model && position + 1 + conversions.length !== call.arguments.length) continue;
    if (!model && conversions.some((conversion, i) => isFilledBy(context, conversion, values[position + 1 + i])))
      continue;
    const texts: number[] = [];
    const others: number[] = [];
    for (const [i, conversion] of conversions.entries()) (conversion === 's' ? texts : others).push(position + 1 + i);
    // Of what a precision counts there may be nothing.
    const read = texts.filter((each) => conversions[each - position - 2] !== '*');
    return { texts, others, read };
  }
  return undefined;
}

/** The positions of the arguments that a format consumes. */
interface Formatted {
  readonly texts: readonly number[];
  readonly others: readonly number[];
  /** The texts of which the first character at least is read. */
  readonly read: readonly number[];
}

/** A number that is given as the address of a variable is scanned, as `match(line, "%d", &count)` does, and not printed. */
function isFilledBy({ table }: AnalysisContext, conversion: string, value: Value | undefined): boolean {
  if (value === undefined || !/[diouxXcfFeEgGaA]/.test(conversion)) return false;
  const shape = table.values[value];
  return shape.kind === 'address' && table.locations[table.root(shape.location)].kind === 'variable';
}

/** The positions of the arguments that a format at `position` reads as text, as far as there are arguments. */
export function textArguments(literal: string, position: number, argumentCount: number): number[] {
  return conversionsOf(literal)
    .map((conversion, i) => (conversion === 's' ? position + 1 + i : -1))
    .filter((each) => each >= 0 && each < argumentCount);
}

/** The same by the values of a call; none where the format is no literal. */
export function scannedIn(context: AnalysisContext, values: readonly Value[], position: number): number[] {
  const { table, literals } = context;
  const shape = position < values.length ? table.values[values[position]] : undefined;
  const location = shape?.kind === 'address' ? table.locations[shape.location] : undefined;
  const text = location?.kind === 'literal' ? literals.get(location.offset) : undefined;
  return text === undefined ? [] : scannedArguments(text, position, values.length);
}

/** A conversion specification of scanf (C17 7.21.6.2): assignment suppressed or not, width, length, conversion. */
const INPUT_CONVERSION = /%(\*)?\d*(m)?(?:hh|h|ll|l|j|z|t|L|q)?(\[\^?\]?[^\]]*\]|[A-Za-z%])/g;

/** The positions of the arguments that a format of scanf at `position` assigns to, as far as there are arguments. */
export function scannedArguments(literal: string, position: number, argumentCount: number): number[] {
  const found: number[] = [];
  for (const [, isSuppressed, , conversion] of literal.replace(/"\s*(?:\w+\s*)?"/g, '').matchAll(INPUT_CONVERSION)) {
    const next = position + 1 + found.length;
    if (next >= argumentCount) break;
    if (isSuppressed === undefined && conversion !== '%') found.push(next);
  }
  return found;
}

/** One letter for each argument that a format consumes; `*` for a width or precision, `?` for what a macro stands for. */
function conversionsOf(literal: string): string[] {
  // "%" PRIu64 "\n": the macro behind what begins a conversion stands for the rest of it: of an integer, or of an address.
  const text = literal
    .replace(/(%[-+ #0'I]*(?:\d+|\*)?(?:\.(?:\d+|\*)?)?)"\s*\w+\s*(?:"|$)/g, '$1?')
    .replace(/"\s*"/g, '')
    // What another macro stands for may consume arguments too: which ones what follows it consumes is not known.
    .replace(/(?<=[^\\])"\s*\w.*$/s, '"');
  const found: string[] = [];
  for (const [, width, precision, conversion] of text.matchAll(CONVERSION)) {
    // `%m` prints errno, and takes no argument (glibc, musl).
    if (conversion === '%' || conversion === 'm') continue;
    if (width === '*') found.push('*');
    if (precision === '*') found.push('*');
    found.push(conversion);
    if (found.length > MAXIMUM_CONVERSIONS) break;
  }
  return found;
}
