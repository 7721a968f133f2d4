import type { ToldArguments } from '../analysis/told-arguments.ts';

/** A call as the name of a question: `log_write 1=6`. */
export function callNameOf(name: string, given: ToldArguments): string {
  return [name, ...[...given].map(([position, value]) => `${position}=${value}`)].join(' ');
}

/** A callee and a round, as the name of a question: `parse_value 0`. */
export function roundName(name: string, round: number): string {
  return `${name} ${round}`;
}

/** The callee and the round, of such a name. */
export function fromRoundName(call: string): { readonly name: string; readonly round: number } {
  const [name, round] = call.split(' ');
  return { name, round: Number(round) };
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
