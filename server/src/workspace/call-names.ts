import type { ToldArguments } from '../analysis/told-arguments.ts';

/** A call as the name of a question: `log_write 1=6`. */
export function callNameOf(name: string, given: ToldArguments): string {
  return [name, ...[...given].map(([position, value]) => `${position}=${value}`)].join(' ');
}

/** The callee and what it is told, of such a name. */
export function callFromName(call: string): { readonly name: string; readonly given: ToldArguments } {
  const [name, ...told] = call.split(' ');
  const given = new Map<number, number | string>();
  for (const each of told) {
    const [position, value] = each.split('=');
    given.set(Number(position), /^-?\d/.test(value) ? Number(value) : value);
  }
  return { name, given };
}
