import { definitionOf } from '../ir/definitions.ts';
import type { CallInstruction } from './calls.ts';
import type { AnalysisContext } from './context.ts';
import { iterationAt, renewedSymbol } from './memory.ts';
import type { Place } from './regions.ts';
import { contentKey } from './size-facts.ts';
import { multiply, ONE, type SizeForm, scale } from './size-forms.ts';
import type { State } from './state.ts';
import type { Value } from './value-shapes.ts';

/*
 * How much room strings take, and what formats print.
 */

/** The room that a string takes, with its terminator, in characters. */
export function stringForm(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  position: number,
  value: Value,
  unit = 1,
): SizeForm | undefined {
  const literal = literalText(context, call, place, position);
  if (literal !== undefined) return [{ coefficient: literal.length + 1, types: [], factors: [] }];
  const { table } = context;
  if (table.integerOf(value) !== undefined) return undefined;
  return [{ coefficient: 1, types: [], factors: [lengthKey(context, state, value, unit)] }, ...ONE];
}

/** A name for the length of a string, of which is kept how long it is at least. */
export function lengthKey(context: AnalysisContext, state: State, pointer: Value, unit: number): string {
  const key = contentKey(context, state, pointer);
  const least = leastLength(context, state, pointer, unit);
  if (least !== undefined) context.sizes.leastLengths.set(key, least);
  return key;
}

/** The result of strlen(s): called again with the same string it is the same number. */
export function noteLength(context: AnalysisContext, state: State, result: Value, string: Value, unit: number): void {
  context.sizes.lengths.set(result, lengthKey(context, state, string, unit));
}

/** How long a string is at least, by what was written to where it stands; undefined where nothing is known of that. */
export function leastLength(context: AnalysisContext, state: State, pointer: Value, unit: number): number | undefined {
  const { table, ir, literals, sizes } = context;
  const target = table.pointee(pointer);
  const shape = table.locations[target];
  if (shape.kind === 'literal') return lengthOfLiteral(literals.get(shape.offset) ?? '');
  const held = state.memory.get(target);
  if (held === undefined || table.root(target) !== target) return undefined;
  const content = table.values[held];
  const initial = content.kind === 'address' ? table.locations[content.location] : undefined;
  const isInitialised =
    initial?.kind === 'literal' && shape.kind === 'variable' && ir.variables[shape.variable].isArray;
  const filled = sizes.fills.get(held);
  let least = isInitialised ? lengthOfLiteral(literals.get(initial.offset) ?? '') : undefined;
  if (filled?.unit === unit) least = filled.count;
  if (least === undefined) return undefined;
  for (const [location, value] of state.memory) {
    if (location === target || table.root(location) !== target) continue;
    const part = table.locations[location];
    const index = part.kind === 'element' && part.parent === target ? table.integerOf(part.index) : undefined;
    if (index === undefined || index < 0) return undefined;
    // A terminator may stand there now.
    if (index < least && (table.integerOf(value) ?? 0) === 0) least = index;
  }
  return least;
}

/** So many characters stand where a pointer points to, none of which is a terminator; 0 where that is not known. */
export function noteCharacters(
  { table, sizes }: AnalysisContext,
  state: State,
  pointer: Value,
  count: number,
  unit: number,
): void {
  const held = state.memory.get(table.pointee(pointer));
  if (held === undefined) return;
  // What another path writes at the same place has the same name.
  const known = sizes.fills.get(held)?.count ?? count;
  sizes.fills.set(held, { count: Math.min(known, count), unit });
}

/** How long the string is at least that was written to where a pointer points to, as the sum of what it was made of. */
export function textForm(
  { table, sizes }: AnalysisContext,
  state: State,
  pointer: Value,
  unit: number,
): SizeForm | undefined {
  const target = table.pointee(pointer);
  const held = state.memory.get(target);
  if (held === undefined) return undefined;
  for (const location of state.memory.keys()) {
    if (location !== target && table.root(location) === table.root(target)) return undefined;
  }
  if (table.integerOf(held) === 0) return [];
  const text = sizes.texts.get(held);
  return text?.unit === unit ? text.length : undefined;
}

/** A string of such a length stands where a pointer points to. */
export function noteText(
  { table, sizes }: AnalysisContext,
  state: State,
  pointer: Value,
  length: SizeForm | undefined,
  unit: number,
): void {
  const held = state.memory.get(table.pointee(pointer));
  if (held === undefined || table.integerOf(held) !== undefined) return;
  const text = length && { length, unit };
  // What another path writes at the same place has the same name.
  const isOther = sizes.texts.has(held) && JSON.stringify(sizes.texts.get(held)) !== JSON.stringify(text);
  sizes.texts.set(held, isOther ? undefined : text);
}

/** Somebody has an address inside of what a pointer points to, and may end the string there in ways that are not seen. */
export function loseCharacters(context: AnalysisContext, state: State, pointer: Value, site: number): void {
  const { table, ir, sizes } = context;
  const root = table.root(table.pointee(pointer));
  const held = state.memory.get(root);
  if (held === undefined) return;
  const shape = table.locations[root];
  const isInitialised =
    table.values[held].kind === 'address' && shape.kind === 'variable' && ir.variables[shape.variable].isArray;
  if (!isInitialised && !sizes.fills.has(held)) return;
  const iteration = iterationAt(state, root);
  state.bind(root, renewedSymbol(context, state, { kind: 'unknown', site: site * 2 + 1, iteration }));
}

/** At least so much room is taken by what a format prints. */
export function formatForm(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
  position: number,
): SizeForm | undefined {
  const format = literalText(context, call, place, position);
  if (format === undefined) return undefined;
  let form: SizeForm = [{ coefficient: 1, types: [], factors: [] }];
  let next = position + 1;
  const conversion = /%(%|[-+ #0]*(\d*)(?:\.(\d+|\*))?(?:hh|h|ll|l|z|j|t|L)?([a-zA-Z]))|[^%]/gs;
  for (const [text, directive, width, precision, letter] of format.matchAll(conversion)) {
    let least: SizeForm = ONE;
    if (text[0] === '%' && directive !== '%') {
      if (next >= values.length || text.includes('*')) return undefined;
      const argument = next++;
      if (letter === 's' && precision !== undefined) least = [];
      else if (letter === 's') {
        const string = stringForm(context, state, call, place, argument, values[argument]);
        if (!string) return undefined;
        least = [...string, ...scale(ONE, -1)];
      } else if (width !== '') least = scale(ONE, Number(width));
    }
    const sum = multiply([...form, ...least], ONE);
    if (!sum) return undefined;
    form = sum;
  }
  return form;
}

/** The characters of a string literal that stands as an argument; escapes count as one. */
function literalText(
  context: AnalysisContext,
  call: CallInstruction,
  place: Place,
  position: number,
): string | undefined {
  const { instructions } = context.ir.blocks[place.block];
  const definition = definitionOf(instructions, place.instruction, call.arguments[position]);
  if (definition?.op !== 'string') return undefined;
  return plainText(context.ir.text.slice(definition.origin.start, definition.origin.end));
}

/** The characters of a literal as it is written, escapes as one each; undefined for anything but one plain literal. */
function plainText(text: string): string | undefined {
  const match = /^L?"((?:[^"\\]|\\.)*)"$/s.exec(text);
  return match?.[1].replace(/\\(?:x[0-9a-fA-F]+|[0-7]{1,3}|.)/gs, '.');
}

/** The length of a string literal as it is written; undefined where it is not plain, or may end before its end. */
export function lengthOfLiteral(text: string): number | undefined {
  return /\\[0x]/.test(text) ? undefined : plainText(text)?.length;
}
