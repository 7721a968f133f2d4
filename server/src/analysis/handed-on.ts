import { keptPer } from '../base/kept.ts';
import { resolvePath } from './access-paths.ts';
import { applyAlways } from './apply-summary.ts';
import type { CallInstruction } from './calls.ts';
import { assume, isNonNull } from './constraints.ts';
import type { AnalysisContext } from './context.ts';
import { escapeValue } from './memory.ts';
import type { Place } from './regions.ts';
import type { State } from './state.ts';
import type { AccessPath, Summary, SummaryCase, SummaryWrite } from './summary.ts';
import type { Value } from './value-shapes.ts';

/**
 * The function hands on pointers that it was given: that the callee dereferences one, whichever way it ends, is for the
 * function's own callers to know. What else it does is not asked for where nothing is followed, but that it keeps, frees and writes
 * nothing of what it is given: the positions of such arguments are returned.
 */
export function noteHandedOn(
  context: AnalysisContext,
  state: State,
  call: CallInstruction,
  place: Place,
  values: readonly Value[],
): ReadonlySet<number> {
  const lookedAt = new Set<number>();
  const shown: Value[] = [];
  const { table, ir, environment } = context;
  let isApplied = false;
  for (const [position, value] of values.entries()) {
    const shape = table.values[value];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'parameter' || state.regions.has(value)) continue;
    if (ir.variables[ir.parameters[shape.origin.index]].pointerDepth === 0) continue;
    const summary = environment.summary(call.callee, values.length, true);
    if (!summary || summary.isIncomplete || summary.cases.length === 0) return lookedAt;
    if (summary.mayEnd) context.mayEnd = true;
    const path = `p${position}`;
    if (onlyLooksAt(summary, position)) {
      lookedAt.add(position);
      shown.push(value);
      for (const { escapes } of summary.cases) {
        for (const found of escapes) {
          const resolved = found[0] === path ? resolvePath(context, state, found, values) : undefined;
          if (resolved && 'value' in resolved) escapeValue(context, state, resolved.value);
        }
      }
    }
    if (!isApplied) applyAlways(context, state, call, place, values, summary.always);
    isApplied = true;
    const isUsed = summary.cases.some(({ uses }) =>
      uses.some((each) => each.path.length === 1 && each.path[0] === path),
    );
    if (isUsed && !state.dereferenced.has(value)) state.noteUse(value, call.argumentOrigins[position]);
    if (isNonNull(table, state, value)) continue;
    const isCertain = summary.cases.every(({ dereferences }) =>
      dereferences.some((each) => each.path.length === 1 && each.path[0] === path && !each.isSized),
    );
    if (!isCertain || context.shown.has(value)) continue;
    state.noteDereference(value, call.argumentOrigins[position]);
    assume(table, state, value, true);
  }
  for (const value of shown) context.shown.add(value);
  return lookedAt;
}

/** The parameters and variables with whose memory a function does something. */
const touchedRoots = keptPer(({ cases }: Summary): ReadonlySet<string> => {
  return new Set(cases.flatMap(touchedPaths).map(([root]) => root));
});

/**
 * Whichever way the function ends, it keeps, frees, writes and returns nothing of a parameter, nor of what that points to. What it
 * finds there may be kept.
 */
function onlyLooksAt(summary: Summary, position: number): boolean {
  if (summary.mayEnd) return false;
  return !touchedRoots(summary).has(`p${position}`);
}

/** What a case frees, keeps, writes, and gives back. */
function touchedPaths({ result, frees, escapes, writes, blurs }: SummaryCase): AccessPath[] {
  const kept = escapes.filter(({ length }) => length === 1);
  const written = writes.flatMap(({ path, write }) => [path, ...sourcesOf(write)]);
  return [...frees.map(({ path }) => path), ...kept, ...written, ...blurs, ...resultPaths(result)];
}

function resultPaths(result: SummaryCase['result']): AccessPath[] {
  switch (result.kind) {
    case 'path':
      return [result.path];
    case 'fresh':
      return sourcesOf(result);
    case 'structure':
      return result.parts.flatMap(({ write }) => sourcesOf(write));
    case 'unknown':
      return result.written ? [result.written] : [];
    default:
      return [];
  }
}

/** What is put where a function writes: a path of its caller's, or new memory in which some stand. */
function sourcesOf(write: SummaryWrite): AccessPath[] {
  if (write.kind === 'path') return [write.path];
  if (write.kind !== 'fresh') return [];
  return write.allocation.contents.flatMap((content) => (content.write.kind === 'path' ? [content.write.path] : []));
}
