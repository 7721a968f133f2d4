import type { Fix } from '../../base/finding.ts';
import { NodeKind } from '../../syntax/generated/node-kinds.ts';
import type { Repair, RuleContext } from '../rule.ts';
import { FunctionText } from './function-text.ts';

const REFUSAL = 'the function is understood only with its macros written out';

/**
 * Of the repairs of a function that its own text does not parse as, those that touch statements which stand there as they
 * are. None is safe: what a macro adds around them was never read in their place.
 */
export function repairAmongErrors(context: RuleContext, repair: Repair): Repair {
  const fn = new FunctionText(context);
  const apart = (fix: Fix | undefined): Fix | undefined =>
    fix?.edits.every(({ range }) => isApart(fn, range.start - context.base, range.end - context.base))
      ? { ...fix, safety: 'unsafe' }
      : undefined;
  return {
    fixes: repair.fixes.flatMap((fix) => apart(fix) ?? []),
    alternatives: repair.alternatives?.map((alternative) => () => apart(alternative())),
    refusal: repair.fixes.length > 0 ? REFUSAL : (repair.refusal ?? REFUSAL),
  };
}

/** The lines between two offsets were understood, and whole statements stand in front of them. */
function isApart(fn: FunctionText, start: number, end: number): boolean {
  const { tree } = fn;
  const first = fn.lineStart(start);
  const last = fn.lineEnd(end);
  for (let node = 0; node < tree.length; node++) {
    const isMissing = tree.start[node] === tree.end[node];
    if (tree.kind[node] !== NodeKind.ERROR && !isMissing) continue;
    if (tree.start[node] <= last && tree.end[node] >= first) return false;
  }
  const before = boundaryBefore(fn, start);
  if (before === undefined) return false;
  if (fn.text[before - 1] !== ';') return true;
  // What looks like a statement of a list may be the body of a loop that a macro begins.
  for (let node = 0; node < tree.length; node++) {
    if (tree.end[node] === before) return boundaryBefore(fn, tree.start[node]) !== undefined;
  }
  return false;
}

/** The end of what stands in front of an offset, blanks and comments aside, where it ends a statement or begins a list of them. */
function boundaryBefore(fn: FunctionText, offset: number): number | undefined {
  const { text } = fn;
  let end = offset;
  for (;;) {
    while (end > 0 && /\s/.test(text[end - 1])) end--;
    if (text.endsWith('*/', end)) {
      end = Math.max(0, text.lastIndexOf('/*', end - 3));
      continue;
    }
    const start = fn.lineStart(end);
    const comment = text.slice(start, end).indexOf('//');
    if (comment < 0 || text.slice(start, start + comment).includes('"')) break;
    end = start + comment;
  }
  return end > 0 && ';{}:'.includes(text[end - 1]) ? end : undefined;
}
