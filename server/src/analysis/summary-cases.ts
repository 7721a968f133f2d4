import { isAddressPath, isComputedPath, isEqualityPath } from './access-paths.ts';
import { commonOther, otherOf } from './other-memory.ts';
import { type Fact, NO_FACT, newFact } from './state.ts';
import {
  type AccessPath,
  MAXIMUM_CASES,
  type OtherMemory,
  type PartContent,
  type Precondition,
  type StructurePart,
  type SummaryCase,
  type SummaryResult,
  type SummaryWrite,
} from './summary.ts';

/** A case before it is told apart from the others. */
export type CaseContent = Omit<SummaryCase, 'heapClass' | 'checkClass' | 'placeClass'> & {
  /** The parameters whose pointee the case leaves as it is and says by its result that it does, where others write it. */
  readonly untouched?: readonly string[];
  /** The parameters in whose pointee the case leaves NULL, and says by its result that it does, where others leave something. */
  readonly emptied?: readonly string[];
};

/** Of a case that came about in more ways than this nothing is told but what is common to them. */
const MAXIMUM_ALTERNATIVES = 8;

/** So many cases may be told apart by the heap and, where that stays as it is, by what is returned. */
const MAXIMUM_SIGNED_CASES = 10;

/** The heap class of a case that neither gives nor takes memory. */
export const NO_HEAP_EFFECT = '||';

/** Names a case by what it does to the heap, and by which of the pointers it was given it has tested. */
export function classified(content: CaseContent): SummaryCase {
  const frees = content.frees.map(({ path, isDefinite }) => `${path.join(' ')}${isDefinite ? '' : '?'}`);
  const writes: string[] = [];
  for (const { path, write } of content.writes) {
    if (write.kind === 'fresh') writes.push(`${path.join(' ')} fresh ${write.allocation.isUnchecked}`);
    else if (write.kind === 'freed') writes.push(`${path.join(' ')} freed`);
    else if (write.kind === 'null') {
      if (write.allocationFailed) writes.push(`${path.join(' ')} failed`);
      // NULL in the place of what was freed: whether the caller's pointer dangles hangs on it.
      else if (frees.includes(`${path.join(' ')} =`)) writes.push(`${path.join(' ')} null`);
    }
  }
  const { result } = content;
  let kind = '';
  if (result.kind === 'fresh') kind = `fresh ${result.allocation.family} ${result.allocation.isUnchecked}`;
  else if (result.kind === 'null' && result.allocationFailed) kind = 'failed';
  else if (result.kind === 'path' && result.path[0].startsWith('f:')) [kind] = result.path;
  else if (result.kind === 'structure') kind = result.parts.map(classOfPart).join(' ');
  const checks: string[] = [];
  const places: string[] = [];
  for (const { path, fact } of content.preconditions) {
    if (isEqualityPath(path)) continue;
    const found = path.length === 1 ? checks : places;
    if (fact.low === 0 && fact.high === 0) found.push(`${path.join(' ')} null`);
    else if (fact.isNonZero) found.push(`${path.join(' ')} nonnull`);
  }
  for (const parameter of content.untouched ?? []) checks.push(`${parameter} untouched`);
  for (const parameter of content.emptied ?? []) checks.push(`${parameter} emptied`);
  return {
    ...content,
    heapClass: `${frees.join(',')}|${writes.join(',')}|${kind}`,
    checkClass: checks.length === 0 ? '' : `${checks.join(',')}|${signOf(result)}`,
    placeClass: places.length === 0 ? '' : `${places.join(',')}|${signOf(result)}`,
  };
}

function classOfPart({ part, write }: StructurePart): string {
  const name = part.join('.');
  if (write.kind === 'fresh') return `${name} fresh ${write.allocation.family} ${write.allocation.isUnchecked}`;
  return write.kind === 'null' && write.allocationFailed ? `${name} failed` : name;
}

function signOf(result: SummaryResult): string {
  if (result.kind === 'null') return '0';
  if (result.kind === 'path' && isAddressPath(result.path)) return '!';
  if (result.kind !== 'unknown') return result.kind;
  const { low, high, isNonZero } = result.fact;
  if (low === 0 && high === 0) return '0';
  return low > 0 ? '+' : high < 0 ? '-' : isNonZero ? '!' : '?';
}

function keepsArgument({ escapes }: SummaryCase): boolean {
  return escapes.some((path) => path.length === 1);
}

/** `if (count >= maximum) return 0; queue[count++] = job; return 1;`: whether the argument is kept the result may tell. */
function keepClassOf({ escapes, result }: SummaryCase): string {
  const kept = escapes.flatMap((path) => (path.length === 1 ? path : []));
  return `${kept.join(' ')}|${signOf(result)}`;
}

/** The cases of a summary: those alike in all classes are one; too many are told apart by the heap alone, or not at all. */
export function groupCases(cases: readonly SummaryCase[]): SummaryCase[] {
  const isKeeping = cases.some(keepsArgument) && !cases.every(keepsArgument);
  const all = groupBy(
    cases,
    (each) => `${each.heapClass}#${each.checkClass}#${each.placeClass}#${isKeeping ? keepClassOf(each) : ''}`,
  );
  if (all.length <= MAXIMUM_CASES) return all;
  const both = groupBy(cases, (each) => `${each.heapClass}#${each.checkClass}`);
  if (both.length <= MAXIMUM_CASES) return both;
  // A failure that leaves everything alone is told from a success that was given nothing to do.
  const bySign = groupBy(cases, ({ heapClass, result }) =>
    heapClass === NO_HEAP_EFFECT ? `#${signOf(result)}` : heapClass,
  );
  if (bySign.length <= MAXIMUM_SIGNED_CASES) return bySign.map((each) => withEscapesOf(cases, each));
  return groupByHeap(cases, MAXIMUM_CASES);
}

/**
 * Where nothing is left of what a case demands, it may be any of those that do as little to the heap: what one of them keeps has
 * an owner in it, too.
 */
function withEscapesOf(cases: readonly SummaryCase[], summaryCase: SummaryCase): SummaryCase {
  if (summaryCase.heapClass !== NO_HEAP_EFFECT || summaryCase.preconditions.length > 0) return summaryCase;
  const escapes = new Map<string, AccessPath>();
  for (const each of cases) {
    if (each.heapClass === NO_HEAP_EFFECT) for (const path of each.escapes) escapes.set(path.join(' '), path);
  }
  return { ...summaryCase, escapes: [...escapes.values()] };
}

/** The cases told apart by what they do to the heap; all in one when those are too many as well. */
export function groupByHeap(cases: readonly SummaryCase[], limit: number): SummaryCase[] {
  const byHeap = groupBy(cases, (each) => each.heapClass);
  if (byHeap.length <= limit) return byHeap;
  // What may have been freed proves little: it is the first to be given up, and which places dangle comes next.
  const bySure = groupBy(cases, sureClass);
  if (bySure.length <= limit) return bySure;
  if (cases.some(leavesFreed)) return groupByHeap(cases.map(withoutFreed), limit);
  // What is freed of what stands behind an argument comes next: a loop frees less or more of it, and the argument itself all the same.
  const byArgument = groupBy(cases, argumentClass);
  return byArgument.length <= limit ? byArgument : [mergeCases(cases)];
}

/** What a case does to the heap for sure. */
function sureClass(each: SummaryCase): string {
  if (each.frees.every(({ isDefinite }) => isDefinite)) return each.heapClass;
  return classified({ ...each, frees: each.frees.filter(({ isDefinite }) => isDefinite) }).heapClass;
}

/** What a case does to the heap, but for what it frees behind its arguments. */
function argumentClass(each: SummaryCase): string {
  return classified({ ...each, frees: each.frees.filter(({ path }) => path.length === 1) }).heapClass;
}

function leavesFreed({ writes }: SummaryCase): boolean {
  return writes.some(({ write }) => write.kind === 'freed');
}

function withoutFreed(summaryCase: SummaryCase): SummaryCase {
  if (!leavesFreed(summaryCase)) return summaryCase;
  const writes = summaryCase.writes.map(({ path, write }) => ({
    path,
    write: write.kind === 'freed' ? { kind: 'unknown' as const, isNonZero: false } : write,
  }));
  return classified({ ...summaryCase, writes });
}

function groupBy(cases: readonly SummaryCase[], keyOf: (each: SummaryCase) => string): SummaryCase[] {
  const groups = new Map<string, SummaryCase[]>();
  for (const each of cases) {
    const key = keyOf(each);
    const group = groups.get(key);
    if (group) group.push(each);
    else groups.set(key, [each]);
  }
  return [...groups.values()].map((group) => (group.length === 1 ? group[0] : mergeCases(group)));
}

/** What several cases have in common; what only some of them do may happen. */
function mergeCases(cases: readonly SummaryCase[]): SummaryCase {
  const [first] = cases;
  const frees = new Map<string, SummaryCase['frees'][number]>();
  const escapes = new Map<string, AccessPath>();
  const writes = new Map<string, SummaryCase['writes'][number]>();
  const firstClass = sureClass(first);
  const isSameClass = cases.every((each) => sureClass(each) === firstClass);
  for (const each of cases) {
    for (const entry of each.frees) {
      const key = entry.path.join(' ');
      const isDefinite = cases.every((other) =>
        other.frees.some((freed) => freed.isDefinite && samePath(freed.path, entry.path)),
      );
      if (!frees.has(key)) frees.set(key, { ...entry, isDefinite });
    }
    for (const path of each.escapes) escapes.set(path.join(' '), path);
    for (const entry of each.writes) {
      const key = entry.path.join(' ');
      if (writes.has(key)) continue;
      const isCommon = cases.every((other) =>
        other.writes.some(({ path, write }) => samePath(path, entry.path) && isSameWrite(write, entry.write)),
      );
      const { write } = entry;
      const isHeap =
        write.kind === 'fresh' || write.kind === 'freed' || (write.kind === 'null' && write.allocationFailed);
      writes.set(
        key,
        isCommon
          ? entry
          : isHeap && isSameClass
            ? { path: entry.path, write: withoutSize(write) }
            : { path: entry.path, write: otherInAll(cases, entry.path) ?? { kind: 'unknown', isNonZero: false } },
      );
    }
  }
  // What only some of the cases store somewhere is kept there, too.
  for (const each of cases) {
    for (const { path, write } of each.writes) {
      if (write.kind !== 'path' || isComputedPath(write.path)) continue;
      if (writes.get(path.join(' '))?.write.kind === 'path') continue;
      escapes.set(write.path.join(' '), write.path);
    }
  }
  const result = commonResults(cases);
  // What new memory holds in some of the cases only has an owner all the same.
  for (const each of cases) {
    for (const path of heldByResult(each.result)) {
      if (!heldByResult(result).some((other) => samePath(other, path))) escapes.set(path.join(' '), path);
    }
  }
  return classified({
    preconditions: cases.reduce((common, each) => commonPreconditions(common, each.preconditions), first.preconditions),
    alternatives: alternativesOf(cases),
    result,
    frees: [...frees.values()],
    escapes: [...escapes.values()],
    writes: [...writes.values()],
    blurs: [...new Map(cases.flatMap((each) => each.blurs.map((path) => [path.join(' '), path]))).values()],
    dereferences: first.dereferences.filter(({ path }) =>
      cases.every((other) => other.dereferences.some((each) => samePath(each.path, path))),
    ),
    uses: [...new Map(cases.flatMap((each) => each.uses.map((entry) => [entry.path.join(' '), entry]))).values()],
    invalidatesMemory: cases.some((each) => each.invalidatesMemory),
    freesUnnamed: cases.some((each) => each.freesUnnamed),
  });
}

/**
 * `if (parent == NULL || child == NULL || parent == child) return NULL;`: what the ways demand that are one case, of which nothing may be
 * common. Of a caller who meets none of it the case is none.
 */
function alternativesOf(cases: readonly SummaryCase[]): SummaryCase['alternatives'] {
  const found = new Map<string, readonly Precondition[]>();
  for (const { preconditions, alternatives } of cases) {
    const ways = alternatives.length === 0 ? [preconditions] : alternatives;
    for (const way of ways) {
      if (way.length === 0) return [];
      found.set(
        way
          .map(({ path, fact }) => `${path.join(' ')} ${fact.low} ${fact.high} ${fact.isNonZero} ${fact.oneOf}`)
          .join(),
        way,
      );
    }
  }
  return found.size > MAXIMUM_ALTERNATIVES ? [] : [...found.values()];
}

/** What all cases leave in a place, where that is no memory of the heap in any. */
function otherInAll(cases: readonly SummaryCase[], path: AccessPath): SummaryWrite | undefined {
  let other: OtherMemory | undefined;
  for (const [i, each] of cases.entries()) {
    const write = each.writes.find((written) => samePath(written.path, path))?.write;
    if (write?.kind !== 'unknown') return undefined;
    other = i === 0 ? write.other : commonOther(other, write.other);
    if (!other) return undefined;
  }
  return { kind: 'unknown', isNonZero: false, other: other! };
}

/** New memory that not all cases ask for in the same size. */
function withoutSize(write: SummaryWrite): SummaryWrite {
  return write.kind === 'fresh' ? { ...write, allocation: { ...write.allocation, size: undefined } } : write;
}

function commonPreconditions(
  a: SummaryCase['preconditions'],
  b: SummaryCase['preconditions'],
): SummaryCase['preconditions'] {
  const common = [];
  for (const { path, fact, isNumber } of a) {
    const other = b.find((candidate) => samePath(candidate.path, path))?.fact;
    const hull = other && hullOf(fact, other);
    if (hull && (hull.isNonZero || Number.isFinite(hull.low) || Number.isFinite(hull.high)))
      common.push(isNumber ? { path, fact: hull, isNumber } : { path, fact: hull });
  }
  return common;
}

/** What the results of several cases have in common. Of a place that is not the result of all, what its cases demand of it is left. */
function commonResults(cases: readonly SummaryCase[]): SummaryResult {
  const [first, ...others] = cases;
  const isSame = others.every(({ result }) => result.kind === 'path' && isPath(first.result, result.path));
  const results = cases.map(({ result, preconditions }): SummaryResult => {
    if (isSame || result.kind !== 'path') return result;
    if (isAddressPath(result.path)) return { kind: 'unknown', fact: NOT_NULL };
    const demand = preconditions.find(({ path }) => samePath(path, result.path));
    return { kind: 'unknown', fact: demand?.fact ?? NO_FACT };
  });
  return results.reduce(commonResult);
}

function isPath(result: SummaryResult, path: AccessPath): boolean {
  return result.kind === 'path' && samePath(result.path, path);
}

function commonResult(a: SummaryResult, b: SummaryResult): SummaryResult {
  if (a.kind === b.kind) {
    if (a.kind === 'unknown' && b.kind === 'unknown') {
      const fact = hullOf(a.fact, b.fact);
      const isSame = a.written !== undefined && b.written !== undefined && samePath(a.written, b.written);
      if (isSame) return { kind: 'unknown', fact, written: a.written };
      const other = commonOther(a.other, b.other);
      return other ? { kind: 'unknown', fact, other } : { kind: 'unknown', fact };
    }
    if (a.kind === 'path' && b.kind === 'path')
      return samePath(a.path, b.path) ? a : { kind: 'unknown', fact: NO_FACT };
    if (a.kind === 'constant' && b.kind === 'constant') {
      const isNonZero = a.isNonZero && b.isNonZero;
      return a.name === b.name ? { ...a, isNonZero } : { kind: 'unknown', fact: { ...NO_FACT, isNonZero } };
    }
    if (a.kind === 'fresh' && b.kind === 'fresh') return commonFresh(a, b);
    if (a.kind === 'structure' && b.kind === 'structure') return commonStructure(a.parts, b.parts);
    if (a.kind === 'null' && b.kind === 'null' && a.allocationFailed !== b.allocationFailed) {
      return { kind: 'null', allocationFailed: false, steps: [] };
    }
    return a;
  }
  const left = factOfResult(a);
  const right = factOfResult(b);
  const fact = left && right ? hullOf(left, right) : NO_FACT;
  // Who gives NULL or a literal gives nothing that is to be freed.
  const other = a.kind === 'null' ? otherOf(b) : b.kind === 'null' ? otherOf(a) : undefined;
  return other ? { kind: 'unknown', fact, other } : { kind: 'unknown', fact };
}

/** Of the members only what is the same in both is known; where the whole is zero in both, that the others may not be is told as well. */
function commonStructure(a: readonly StructurePart[], b: readonly StructurePart[]): SummaryResult {
  const parts = a.filter((each) => isAmong(each, b));
  if (parts.some(({ part }) => part.length === 0)) {
    for (const { part } of [...a, ...b]) {
      if (!parts.some((each) => samePath(each.part, part)))
        parts.push({ part, write: { kind: 'unknown', isNonZero: false } });
    }
  }
  return parts.length > 0 ? { kind: 'structure', parts } : { kind: 'unknown', fact: NO_FACT };
}

/** A part of a structure or of new memory, and what it holds. */
interface TellingPart {
  readonly part: readonly string[];
  readonly write: SummaryWrite | PartContent;
}

function isAmong({ part, write }: TellingPart, others: readonly TellingPart[]): boolean {
  return others.some((other) => samePath(other.part, part) && isSameWrite(other.write, write));
}

function isSameWrite(a: TellingPart['write'], b: TellingPart['write']): boolean {
  return a === b || (a.kind === b.kind && JSON.stringify(a) === JSON.stringify(b));
}

/** What the caller passed in and the new memory that is returned, or a member of what is returned, holds. */
function heldByResult(result: SummaryResult): AccessPath[] {
  if (result.kind === 'structure')
    return result.parts.flatMap(({ write }) => (write.kind === 'path' ? [write.path] : []));
  if (result.kind !== 'fresh') return [];
  return result.allocation.contents.flatMap(({ write }) => (write.kind === 'path' ? [write.path] : []));
}

/** New memory in both cases: of its parts only what is the same in both is known. */
function commonFresh(
  a: Extract<SummaryResult, { kind: 'fresh' }>,
  b: Extract<SummaryResult, { kind: 'fresh' }>,
): SummaryResult {
  const contents = a.allocation.contents.filter((each) => isAmong(each, b.allocation.contents));
  const sameCount = contents.length;
  const isAllSame = [a, b].every(({ allocation }) => allocation.contents.length === sameCount);
  for (const { part } of isAllSame ? [] : [...a.allocation.contents, ...b.allocation.contents]) {
    // What is told of the whole is not so of what only one of them tells of, or tells otherwise.
    const isWithin = contents.some(
      ({ part: whole }) => whole.length < part.length && samePath(part.slice(0, whole.length), whole),
    );
    if (isWithin && !contents.some((each) => samePath(each.part, part)))
      contents.push({ part, write: { kind: 'unknown', isNonZero: false } });
  }
  return {
    kind: 'fresh',
    allocation: {
      ...a.allocation,
      isHeld: a.allocation.isHeld || b.allocation.isHeld,
      // What only one of them tells of was written all the same.
      isUnwritten: a.allocation.isUnwritten && b.allocation.isUnwritten && isAllSame,
      contents,
      size: JSON.stringify(a.allocation.size) === JSON.stringify(b.allocation.size) ? a.allocation.size : undefined,
    },
  };
}

/** True when a caller can tell from the result which of the two it was. */
export function areResultsDisjoint(a: SummaryResult, b: SummaryResult): boolean {
  if (a.kind === 'constant' && b.kind === 'constant') return a.name !== b.name;
  const left = factOfResult(a);
  const right = factOfResult(b);
  return left !== undefined && right !== undefined && areDisjoint(left, right);
}

/** True when no value fits both facts. */
export function areDisjoint(a: Fact, b: Fact): boolean {
  if (a.low > b.high || a.high < b.low) return true;
  const isZero = (fact: Fact): boolean => fact.low === 0 && fact.high === 0;
  return (isZero(a) && b.isNonZero) || (isZero(b) && a.isNonZero);
}

function factOfResult(result: SummaryResult): Fact | undefined {
  if (result.kind === 'unknown') return result.fact;
  if (result.kind === 'constant') return newFact(-Infinity, Infinity, result.isNonZero);
  if (result.kind === 'path' && isAddressPath(result.path)) return NOT_NULL;
  return result.kind === 'null' ? newFact(0, 0, false) : undefined;
}

const NOT_NULL: Fact = newFact(-Infinity, Infinity, true);

function hullOf(a: Fact, b: Fact): Fact {
  return newFact(Math.min(a.low, b.low), Math.max(a.high, b.high), a.isNonZero && b.isNonZero);
}

export function comparePaths(a: AccessPath, b: AccessPath): number {
  const left = a.join(' ');
  const right = b.join(' ');
  return left < right ? -1 : left > right ? 1 : 0;
}

export function samePath(a: AccessPath, b: AccessPath): boolean {
  return a.length === b.length && a.every((step, i) => step === b[i]);
}
