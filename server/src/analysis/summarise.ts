import { pathOfLocation, pathOfValue } from './access-paths.ts';
import { factOf, isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext, ExitState } from './context.ts';
import { type CalleeStep, type Fact, NO_FACT, type Region, type Site } from './state.ts';
import {
  type AccessPath,
  MAXIMUM_CASES,
  type Summary,
  type SummaryCase,
  type SummaryResult,
  type SummaryWrite,
} from './summary.ts';
import type { Value } from './values.ts';

/** The summary of a function from the states in which it returns. `file` is its path, for the steps inside it. */
export function summarise(context: AnalysisContext, file: string): Summary {
  const { ir } = context;
  const cases = new Map<string, SummaryCase>();
  for (const exit of context.exits) {
    const found = summariseExit(context, file, exit);
    const key = JSON.stringify({
      ...found,
      preconditions: [],
      dereferences: found.dereferences.map(({ path }) => path),
    });
    const other = cases.get(key);
    cases.set(key, other ? weaken(other, found) : found);
  }
  const isIncomplete = context.isIncomplete || ir.isPartial;
  const list = [...cases.values()];
  return {
    name: ir.name,
    file,
    parameterCount: ir.parameters.length,
    cases: list.length > MAXIMUM_CASES ? [mergeCases(list)] : list,
    isNoreturn: (list.length === 0 && !isIncomplete) || ir.isNoreturn,
    isIncomplete,
  };
}

/** Two exits with the same effects: only what both demand of the arguments is a precondition. */
function weaken(a: SummaryCase, b: SummaryCase): SummaryCase {
  const preconditions = [];
  for (const { path, fact } of a.preconditions) {
    const other = b.preconditions.find((candidate) => samePath(candidate.path, path))?.fact;
    if (!other) continue;
    const hull = {
      low: Math.min(fact.low, other.low),
      high: Math.max(fact.high, other.high),
      isNonZero: fact.isNonZero && other.isNonZero,
    };
    if (hull.isNonZero || Number.isFinite(hull.low) || Number.isFinite(hull.high))
      preconditions.push({ path, fact: hull });
  }
  return { ...a, preconditions, invalidatesMemory: a.invalidatesMemory || b.invalidatesMemory };
}

function samePath(a: AccessPath, b: AccessPath): boolean {
  return a.length === b.length && a.every((step, i) => step === b[i]);
}

/** Too many cases to tell apart: what some of them do may happen, and what is freed is freed perhaps. */
function mergeCases(cases: readonly SummaryCase[]): SummaryCase {
  const frees = new Map<string, SummaryCase['frees'][number]>();
  const escapes = new Map<string, AccessPath>();
  const writes = new Map<string, SummaryCase['writes'][number]>();
  for (const each of cases) {
    for (const entry of each.frees) {
      const key = entry.path.join(' ');
      const isDefinite =
        entry.isDefinite && cases.every((other) => other.frees.some((freed) => samePath(freed.path, entry.path)));
      frees.set(key, { ...entry, isDefinite });
    }
    for (const path of each.escapes) escapes.set(path.join(' '), path);
    for (const { path } of each.writes)
      writes.set(path.join(' '), { path, write: { kind: 'unknown', isNonZero: false } });
  }
  return {
    preconditions: [],
    result: { kind: 'unknown', fact: NO_FACT },
    frees: [...frees.values()],
    escapes: [...escapes.values()],
    writes: [...writes.values()],
    dereferences: [],
    invalidatesMemory: cases.some((each) => each.invalidatesMemory),
  };
}

function summariseExit(context: AnalysisContext, file: string, exit: ExitState): SummaryCase {
  const { table, ir } = context;
  const { state } = exit;
  const frees = [];
  const escapes: AccessPath[] = [];
  for (const [value, region] of state.regions) {
    const path = pathOfValue(table, ir, value);
    if (!path) continue;
    if (region.status === 'freed' && region.free) {
      frees.push({
        path,
        family: region.family,
        steps: stepsOf(file, ir.name, region.free),
        isDefinite: region.isDefinite,
      });
    } else if (region.status === 'escaped') {
      escapes.push(path);
    }
  }
  const writes = [];
  for (const [location, value] of state.memory) {
    const path = pathOfLocation(table, ir, location);
    if (!path) continue;
    const write = writeOf(context, file, exit, value);
    // A place that still holds what it held on entry was not written.
    if (write.kind === 'path' && samePath(write.path, [...path, '='])) continue;
    writes.push({ path, write });
  }
  const dereferences = [];
  for (const [value, origin] of state.dereferenced) {
    const path = pathOfValue(table, ir, value);
    if (path) dereferences.push({ path, steps: [{ file, functionName: ir.name, origin, callee: '' }] });
  }
  return {
    preconditions: preconditionsOf(context, exit),
    result: resultOf(context, file, exit),
    frees: sortByPath(frees),
    escapes: escapes.sort(comparePaths),
    writes: sortByPath(writes),
    dereferences: sortByPath(dereferences),
    invalidatesMemory: state.epoch !== 0,
  };
}

function comparePaths(a: AccessPath, b: AccessPath): number {
  const left = a.join(' ');
  const right = b.join(' ');
  return left < right ? -1 : left > right ? 1 : 0;
}

function sortByPath<T extends { readonly path: AccessPath }>(entries: T[]): T[] {
  return entries.sort((a, b) => comparePaths(a.path, b.path));
}

/** The step in this function, and behind it those inside its callees. */
export function stepsOf(file: string, functionName: string, site: Site): CalleeStep[] {
  return [{ file, functionName, origin: site.origin, callee: site.callee }, ...site.inner].slice(0, 6);
}

function preconditionsOf(context: AnalysisContext, exit: ExitState): SummaryCase['preconditions'] {
  const { table, ir } = context;
  const found: { path: AccessPath; fact: Fact }[] = [];
  for (const [value, fact] of exit.state.facts) {
    const path = pathOfValue(table, ir, value);
    if (!path) continue;
    // Dereferencing a pointer says that it is not NULL, but it is no test: the caller's NULL goes on to the dereference.
    if (exit.state.dereferenced.has(value)) continue;
    found.push({ path, fact });
  }
  return sortByPath(found);
}

function regionOf(context: AnalysisContext, exit: ExitState, value: Value): Region | undefined {
  return context.table.base(value) === value ? exit.state.regions.get(value) : undefined;
}

function resultOf(context: AnalysisContext, file: string, exit: ExitState): SummaryResult {
  const { table, ir } = context;
  const { value, state } = exit;
  if (value === undefined) return { kind: 'none' };
  const region = regionOf(context, exit, value);
  if (region?.status === 'failed') {
    return {
      kind: 'null',
      allocationFailed: true,
      steps: region.allocation ? stepsOf(file, ir.name, region.allocation) : [],
    };
  }
  if (isNull(table, state, value)) {
    const failed = ir.returnType.includes('*') ? failedAllocation(context, exit) : undefined;
    if (failed) return { kind: 'null', allocationFailed: true, steps: stepsOf(file, ir.name, failed) };
    return { kind: 'null', allocationFailed: false, steps: [] };
  }
  if (region?.status === 'allocated' && region.allocation) {
    return {
      kind: 'fresh',
      allocation: {
        family: region.family,
        isUnchecked: region.isUnchecked && !isNonNull(table, state, value),
        steps: stepsOf(file, ir.name, region.allocation),
      },
    };
  }
  const path = pathOfValue(table, ir, value);
  if (path) return { kind: 'path', path };
  return { kind: 'unknown', fact: factOf(table, state, value) };
}

/** An allocation that failed on the path to this exit: the reason for the NULL that is returned. */
function failedAllocation(_context: AnalysisContext, exit: ExitState): Site | undefined {
  for (const region of exit.state.regions.values()) {
    if (region.status === 'failed' && region.allocation) return region.allocation;
  }
  return undefined;
}

function writeOf(context: AnalysisContext, file: string, exit: ExitState, value: Value): SummaryWrite {
  const { table, ir } = context;
  const { state } = exit;
  const region = regionOf(context, exit, value);
  if (region?.status === 'failed') {
    return {
      kind: 'null',
      allocationFailed: true,
      steps: region.allocation ? stepsOf(file, ir.name, region.allocation) : [],
    };
  }
  const integer = table.integerOf(value);
  if (integer === 0 || isNull(table, state, value)) return { kind: 'null', allocationFailed: false, steps: [] };
  if (integer !== undefined) return { kind: 'integer', value: integer };
  const path = pathOfValue(table, ir, value);
  if (path) return { kind: 'path', path };
  return { kind: 'unknown', isNonZero: isNonNull(table, state, value) };
}
