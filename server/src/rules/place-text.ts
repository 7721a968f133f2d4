import type { FunctionIr } from '../ir/instructions.ts';

/** A place as the function's author would write it: `p0 * .a = * .b` is `p->a->b`. */
export function placeText(ir: FunctionIr, place: readonly string[]): string {
  let text = '';
  let isPointee = false;
  for (const part of place) {
    if (part.startsWith('g:')) text = part.slice(2);
    else if (/^p\d+$/.test(part)) text = ir.variables[ir.parameters[Number(part.slice(1))]]?.name || 'argument';
    else if (part === '*') {
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
