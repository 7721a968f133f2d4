import type { FunctionIr, Origin } from '../ir/instructions.ts';
import { nameOf, quote, type RuleContext } from './rule.ts';

/** A place as the function's author would write it: `p0 * .a = * .b` is `p->a->b`. */
export function placeText(ir: FunctionIr, place: readonly string[]): string {
  const [root, ...way] = place;
  const text = root.startsWith('g:')
    ? root.slice(2)
    : ir.variables[ir.parameters[Number(root.slice(1))]]?.name || 'argument';
  return followed(text, way);
}

/** Behind an argument, by its text: `p` and `* .a =` are `p->a`, `&p` and `.a =` are `p.a`. Undefined where that has no short name. */
function textBehind(argument: string, way: readonly string[]): string | undefined {
  const object = argument.replace(/^&\s*/, '');
  if (!/^[A-Za-z_][\w.\->]*$/.test(object)) return undefined;
  return followed(object, way).replace(/^\((\*.*)\)$/, '$1');
}

function followed(from: string, way: readonly string[]): string {
  let text = from;
  let isPointee = false;
  for (const part of way) {
    if (part === '*') {
      if (isPointee) text = `(*${text})`;
      isPointee = true;
      continue;
    } else if (part === '=') {
      if (isPointee) text = `(*${text})`;
    } else if (part.startsWith('[')) {
      text = `${text}${part === '[]' ? '[…]' : part}`;
    } else if (part.startsWith('.')) {
      text = isPointee ? `${text}->${part.slice(1)}` : `${text}${part}`;
    }
    isPointee = false;
  }
  return isPointee ? `*${text}` : text;
}

/** What a flaw is about: a place that callers know, what a callee finds behind its argument, or the pointer itself. */
export function pointerName(
  context: RuleContext,
  pointer: Origin,
  { place, way }: { readonly place?: readonly string[]; readonly way?: readonly string[] },
): string {
  if (place) return `'${placeText(context.analysis.ir, place)}'`;
  const argument = way && quote(context, pointer);
  const text = argument === undefined ? undefined : textBehind(argument, way!);
  return text === undefined ? nameOf(context, pointer) : `'${text}'`;
}
