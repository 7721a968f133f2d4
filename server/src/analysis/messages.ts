import type { AnalysisContext } from './context.ts';
import type { Value } from './value-shapes.ts';

/*
 * Calls that only tell somebody of something: what a function was about stays as it was behind them.
 */

/** What such functions are called; what has another name may be there to change something. */
const MESSAGE_NAME =
  /(?:^|_|[a-z])(?:log|Log|LOG|msg|message|Message|warn|Warn|debug|Debug|trace|Trace|notice|print|Print|report|Report|complain)/;

export const isMessageName = (callee: string): boolean => MESSAGE_NAME.test(callee);

/**
 * A call only tells somebody of something, `log_error("no key", 3)`: its name says so or a text is among its arguments, and none of them
 * leads to an object of somebody else's.
 */
export function isMessage({ table, places }: AnalysisContext, callee: string, values: readonly Value[]): boolean {
  let hasText = false;
  const isOfNobody = values.every((value) => {
    const shape = table.values[value];
    if (shape.kind === 'integer' || places.isNumber(value)) return true;
    if (shape.kind === 'symbol') return shape.origin.kind === 'named';
    const root = shape.kind === 'address' ? table.locations[table.root(shape.location)] : undefined;
    hasText ||= root?.kind === 'literal';
    return root?.kind === 'literal' || (shape.kind === 'address' && places.isNumberPlace(shape.location));
  });
  return isOfNobody && (hasText || isMessageName(callee));
}
