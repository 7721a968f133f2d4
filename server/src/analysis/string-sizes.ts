import type { CallInstruction } from './calls.ts';
import type { AnalysisContext } from './context.ts';
import type { Place } from './regions.ts';
import { contentKey } from './size-facts.ts';
import { multiply, ONE, type SizeForm, scale } from './size-forms.ts';
import type { State } from './state.ts';
import type { Value } from './values.ts';

/*
 * How much room strings take, and what formats print.
 */

/** The room that a string takes, with its terminator. */
export function stringForm(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  position: number,
  value: Value,
): SizeForm | undefined {
  const literal = literalText(context, call, place, position);
  if (literal !== undefined) return [{ coefficient: literal.length + 1, types: [], factors: [] }];
  const { table } = context;
  if (table.integerOf(value) !== undefined) return undefined;
  return [
    { coefficient: 1, types: [], factors: [contentKey(context, state, value)] },
    { coefficient: 1, types: [], factors: [] },
  ];
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
  for (let i = place.instruction - 1; i >= 0; i--) {
    const instruction = instructions[i];
    if (instruction.op === 'sequence-point') return undefined;
    if (instruction.op !== 'string' || instruction.destination !== call.arguments[position]) continue;
    const text = context.ir.text.slice(instruction.origin.start, instruction.origin.end);
    return plainText(text);
  }
  return undefined;
}

/** The characters of a literal as it is written, escapes as one each; undefined for anything but one plain literal. */
function plainText(text: string): string | undefined {
  const match = /^"((?:[^"\\]|\\.)*)"$/s.exec(text);
  return match?.[1].replace(/\\(?:x[0-9a-fA-F]+|[0-7]{1,3}|.)/gs, '.');
}

/** The length of a string literal as it is written; undefined where it is not plain, or may end before its end. */
export function lengthOfLiteral(text: string): number | undefined {
  return /\\[0x]/.test(text) ? undefined : plainText(text)?.length;
}
