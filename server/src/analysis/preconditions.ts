import { isComputedPath, pathOfComputed, pathOfGivenPlace, pathOfValue } from './access-paths.ts';
import type { AnalysisContext, ExitState } from './context.ts';
import type { Fact } from './state.ts';
import type { AccessPath, Precondition, SummaryCase } from './summary.ts';
import { comparePaths, samePath } from './summary-cases.ts';

/** What a path has found of what its function was given, and of what stood behind that: who calls it knows whether it is so. */
export function preconditionsOf(context: AnalysisContext, exit: ExitState): SummaryCase['preconditions'] {
  const { table, ir } = context;
  const found: Precondition[] = [];
  for (const [value, fact] of exit.state.facts) {
    const isZero = fact.low === 0 && fact.high === 0;
    const path =
      pathOfValue(table, ir, value) ??
      (isZero ? pathOfGivenPlace(table, ir, exit.state, value) : undefined) ??
      pathOfComputed(context, value);
    if (!path || !isOfCount(fact, path) || found.some((each) => samePath(each.path, path))) continue;
    // Dereferencing a pointer says that it is not NULL, but it is no test: the caller's NULL goes on to the dereference.
    if (exit.state.dereferenced.has(value)) continue;
    const isNumber = isZero && (context.places.isNumber(value) || isComputedPath(path));
    found.push(isNumber ? { path, fact, isNumber } : { path, fact });
  }
  return found.sort((a, b) => comparePaths(a.path, b.path));
}

/**
 * `if (--object->references > 0) return;`: of a sum nothing is said but what a count is asked, since an unsigned one may have gone
 * round.
 */
function isOfCount({ low, high, isNonZero }: Fact, path: AccessPath): boolean {
  return !path[path.length - 1].startsWith('+') || low === 1 || high === 0 || (isNonZero && low === -Infinity);
}
