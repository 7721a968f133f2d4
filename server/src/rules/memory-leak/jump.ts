import type { Flaw } from '../../analysis/flaws.ts';
import type { Holdings } from '../../analysis/holdings.ts';
import { allocationKey } from '../../analysis/recorded-paths.ts';
import type { ReleasePoint } from '../../analysis/release-points.ts';
import type { Fix } from '../../base/finding.ts';
import { NodeKind } from '../../syntax/generated/node-kinds.ts';
import { NO_NODE } from '../../syntax/syntax-arrays.ts';
import { cleanupAt } from '../fixes/cleanup.ts';
import { cleanupLabel } from '../fixes/cleanup-labels.ts';
import { errorExitsOf, finalReturn, returnKind } from '../fixes/error-exits.ts';
import { type FunctionText, isPure } from '../fixes/function-text.ts';
import { insertBefore, line } from '../fixes/statement-edits.ts';
import { styleOf } from '../fixes/style.ts';
import type { RuleContext } from '../rule.ts';

type Leak = Extract<Flaw, { kind: 'leak' }>;

/**
 * Where the function has a label whose clean-up frees all that is held, a return that loses it jumps there instead, and
 * returns the same. That is what people write when there is more than one thing to free.
 */
export function jumpToCleanup(
  context: RuleContext,
  fn: FunctionText,
  leaks: readonly Leak[],
  releasePoint: ReleasePoint,
): { readonly fix: Fix; readonly isForSeveral: boolean } | undefined {
  const { analysis } = context;
  const { point, released } = releasePoint;
  const leak = leaks.find(({ at }) => at.origin.start === point.origin.start);
  const holdings = leak && analysis.exitHoldings.get(leak.at.block);
  const statement = fn.find(NodeKind.ReturnStatement, point.origin);
  if (!holdings || statement === NO_NODE) return undefined;
  const position = fn.start(statement);
  const cleanup = cleanupAt(fn, analysis, holdings, position, []);
  if (!cleanup.owned.some(({ place }) => place === released.place.text)) return undefined;
  const kind = returnKind(analysis.ir);
  const final = finalReturn(fn.tree);
  const exits = errorExitsOf(fn.tree);
  const label = cleanupLabel(
    { fn, analysis, holdings, cleanup, position, statement, subjects: [], kind, final },
    exits,
  );
  if (!label || label.uncovered.length > 0) return undefined;
  const start = labelStart(fn, label.name);
  const key = allocationKey(leaks[0].allocation);
  // What stands there may free by another name what was freed before the return.
  if (start < 0 || !context.program.releasePoints()?.holdsJump(key, releasePoint, start)) return undefined;
  const value = statement + 1 < fn.tree.next[statement] ? statement + 1 : NO_NODE;
  const needed = assignmentFor(fn, label.name, value === NO_NODE ? '' : fn.textOf(value));
  const assignment = needed !== undefined && isKnown(context, holdings, needed) ? '' : needed;
  if (assignment === undefined || (value !== NO_NODE && !isPure(fn, value))) return undefined;
  const style = styleOf(fn, context.neighbours());
  const before = assignment === '' ? [] : insertBefore(fn, statement, [line(assignment)], style);
  if (!before) return undefined;
  const isSafe = cleanup.isCertain && label.isCertain && leaks.every(({ release }) => !release);
  return {
    fix: {
      title: `Jump to '${label.name}', which frees '${released.place.text}'`,
      safety: isSafe ? 'safe' : 'unsafe',
      edits: [...before, fn.replace(position, fn.end(statement), `goto ${label.name};`)],
    },
    isForSeveral: cleanup.owned.length > 1,
  };
}

/** The variable has the value already. */
function isKnown({ analysis }: RuleContext, { variables }: Holdings, assignment: string): boolean {
  const [name, value] = assignment.replace(/;$/, '').split(' = ');
  const variable = analysis.ir.variables.find((each) => each.name === name && each.kind === 'local');
  const holding = variable && variables.get(variable.id);
  return holding?.kind === 'integer' && /^-?\d+$/.test(value) && holding.value === Number(value);
}

/** What must be assigned so that the code behind a label returns a value: '' for nothing, undefined where it cannot. */
function assignmentFor(fn: FunctionText, label: string, value: string): string | undefined {
  const start = labelStart(fn, label);
  const returned = start < 0 ? undefined : /\breturn\b\s*([^;]*);/.exec(fn.tree.text.slice(start))?.[1].trim();
  const plain = (text: string): string => text.replace(/^\((.*)\)$/s, '$1').trim();
  if (returned === undefined) return value === '' ? '' : undefined;
  if (plain(returned) === plain(value)) return '';
  return /^\w+$/.test(plain(returned)) && !/^(\d|[A-Z][A-Z0-9_]*$)/.test(plain(returned)) && value !== ''
    ? `${plain(returned)} = ${plain(value)};`
    : undefined;
}

/** Where a label stands in the function, or -1. */
function labelStart(fn: FunctionText, label: string): number {
  return fn.tree.text.search(new RegExp(`^[ \\t]*${label}[ \\t]*:`, 'm'));
}
