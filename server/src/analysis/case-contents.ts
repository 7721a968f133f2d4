import type { Family } from '../models/function-model.ts';
import type { AnalysisContext } from './context.ts';
import { isSuccessName, isTruthType } from './stale.ts';
import { type Fact, newFact } from './state.ts';
import type { SummaryCase } from './summary.ts';
import { type CaseContent, samePath } from './summary-cases.ts';

/*
 * What the ways in which a function ends say of one another: each by itself tells less than all of them together.
 */

/**
 * The ways in which a function ends, with what each says in the light of the others.
 * @param numbers Those whose result is a number that the function made itself, and those whose result a callee left in a variable.
 */
export function toldApart(
  context: AnalysisContext,
  contents: readonly CaseContent[],
  numbers: Numbers,
): readonly CaseContent[] {
  const failing = returnsOwnMemory(context) ? contents : withoutForeignFailures(contents);
  const apart = withFailuresApart(failing, numbers, context.ir.returnType.includes('*'));
  return withOneFamily(withUntouched(context, withoutGiftsOfFailures(apart, context.ir.returnType)));
}

/**
 * NULL tells of a failed allocation only where the result is otherwise the new memory itself: an accessor that returns
 * NULL because some copy inside it failed gives no memory of its own.
 */
function withoutForeignFailures(contents: readonly CaseContent[]): readonly CaseContent[] {
  if (contents.some(({ result }) => result.kind === 'fresh')) return contents;
  return contents.map((content) =>
    content.result.kind === 'null' && content.result.allocationFailed
      ? { ...content, result: { kind: 'null', allocationFailed: false, steps: [] } }
      : content,
  );
}

interface Numbers {
  readonly computed: ReadonlySet<CaseContent>;
  readonly told: ReadonlySet<CaseContent>;
}

/**
 * Who returns 0 or a negative number in one place and a name or a count in another tells the two apart: the name is not 0,
 * unless it says so, and what was counted is neither. So does who returns NULL or a pointer.
 */
function withFailuresApart(
  contents: readonly CaseContent[],
  { computed, told }: Numbers,
  isPointer: boolean,
): readonly CaseContent[] {
  const hasZero = contents.some(({ result }) => result.kind === 'null' && !result.allocationFailed);
  const hasNegative = contents.some(({ result }) => result.kind === 'unknown' && result.fact.high < 0);
  if (!hasZero && !hasNegative) return contents;
  // Who hands out memory, and none with a 0, says with any other number how much there is.
  const isGiving = ({ writes }: CaseContent): boolean => writes.some(isGift);
  const tellsByZero = hasZero && !contents.some((content) => content.result.kind === 'null' && isGiving(content));
  return contents.map((content) => {
    const { result } = content;
    if (result.kind === 'constant' && hasZero && !isSuccessName(result.name) && !ZERO_NAME.test(result.name)) {
      return { ...content, result: { ...result, isNonZero: true } };
    }
    if (result.kind !== 'unknown') return content;
    const { low, high, isNonZero } = result.fact;
    const isAmount = tellsByZero && isGiving(content) && (isPointer || told.has(content) || computed.has(content));
    if (isAmount && (low !== 0 || high !== 0)) {
      const least = hasNegative && high > 0 ? Math.max(low, 0) : low;
      return { ...content, result: { ...result, fact: newFact(least, high, true) } };
    }
    if (!computed.has(content) || high <= 0 || low >= 0) return content;
    // A count of 0 is no failure where only failures are negative.
    const fact = newFact(hasNegative ? 0 : low, high, hasZero || isNonZero);
    return { ...content, result: { ...result, fact } };
  });
}

/** Names of zero that are no names of success. */
const ZERO_NAME = /(^|_)(NO|NONE|OFF)$|(^|_)(FALSE|NULL|NIL|ZERO|EMPTY|UNKNOWN|UNSPEC|DEFAULT)(_|$)/i;

/**
 * Who hands out memory with a 0, and on some way that few go with an error, has forgotten to free it there. That is for its
 * own text to show: what a caller does on errors has nothing to do with it.
 */
function withoutGiftsOfFailures(contents: readonly CaseContent[], returnType: string): readonly CaseContent[] {
  if (returnType.includes('*') || isTruthType(returnType)) return contents;
  const given = contents.filter(({ result }) => result.kind === 'null').flatMap(({ writes }) => writes.filter(isGift));
  if (given.length === 0) return contents;
  // Of what is there for sure with another number, and perhaps with a 0, the number is the success: `ok &= made->text != NULL;`.
  const isSuccess = (each: SummaryCase['writes'][number]): boolean =>
    isChecked(each) && given.some((other) => samePath(other.path, each.path) && !isChecked(other));
  if (contents.some(({ result, writes }) => result.kind === 'unknown' && writes.some(isSuccess))) return contents;
  // Who counts tells by the number how much there is.
  const isCount = contents.some(
    ({ result, writes }) =>
      result.kind === 'unknown' &&
      !(Number.isFinite(result.fact.low) && Number.isFinite(result.fact.high)) &&
      writes.some(isGift),
  );
  if (isCount) return contents;
  return contents.map((content) => {
    const { result, writes } = content;
    const isError = (result.kind === 'unknown' && excludesZero(result.fact)) || result.kind === 'constant';
    if (!isError || !writes.some(isGift)) return content;
    return {
      ...content,
      writes: writes.map((each) =>
        isGift(each) && each.path.length === 2 && given.some(({ path }) => samePath(path, each.path))
          ? { path: each.path, write: { kind: 'unknown' as const, isNonZero: false } }
          : each,
      ),
    };
  });
}

/**
 * `if (fill(&p) < 0) goto out;`: where the callee fails before it has anything to hand out, the pointer is what it was before, and
 * where it takes back what it had handed out, NULL. That matters to a caller that has freed it, or is to free it, and shows where
 * the result tells the failure from success.
 */
function withUntouched({ ir }: AnalysisContext, contents: readonly CaseContent[]): readonly CaseContent[] {
  const handedOut = ir.parameters.flatMap((id, index) => {
    const { pointerDepth, isArray } = ir.variables[id];
    const isOut = pointerDepth >= 2 && !isArray && contents.some((content) => writesThrough(content, `p${index}`));
    return isOut ? [`p${index}`] : [];
  });
  if (handedOut.length === 0) return contents;
  const isPointer = ir.returnType.includes('*');
  return contents.map((content) => {
    const { result } = content;
    const isFailure =
      (result.kind === 'unknown' && excludesZero(result.fact)) ||
      (result.kind === 'constant' && result.isNonZero) ||
      (result.kind === 'null' && isPointer);
    if (!isFailure) return content;
    const untouched = handedOut.filter((parameter) => !writesThrough(content, parameter));
    const emptied = handedOut.filter((parameter) => leavesNull(content, parameter));
    return untouched.length > 0 || emptied.length > 0 ? { ...content, untouched, emptied } : content;
  });
}

function leavesNull({ writes }: CaseContent, parameter: string): boolean {
  return writes.some(({ path, write }) => write.kind === 'null' && samePath(path, [parameter, '*']));
}

function writesThrough({ writes }: CaseContent, parameter: string): boolean {
  return writes.some(({ path }) => path.length === 2 && path[0] === parameter && path[1] === '*');
}

function isChecked({ write }: SummaryCase['writes'][number]): boolean {
  return write.kind === 'fresh' && !write.allocation.isUnchecked;
}

function isGift({ write }: SummaryCase['writes'][number]): boolean {
  return write.kind === 'fresh';
}

function excludesZero({ low, high, isNonZero }: Fact): boolean {
  return isNonZero || low > 0 || high < 0;
}

/** On some way the function returns memory that it has allocated, though others may hold that too: a list of spare elements. */
function returnsOwnMemory({ exits, table }: AnalysisContext): boolean {
  return exits.some(({ state, value }) => {
    if (value === undefined || table.base(value) !== value) return false;
    const shape = table.values[value];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'allocation') return false;
    return state.regions.get(value)?.status === 'escaped';
  });
}

/**
 * A wrapper whose deallocator, or allocator, is another in each build (`#ifdef DEBUG debug_free(p); #else free(p); #endif`)
 * takes what it gave in the same build: which family that is its callers do not know.
 */
function withOneFamily(contents: readonly CaseContent[]): readonly CaseContent[] {
  const families = new Map<string, Set<Family>>();
  const note = (key: string, family: Family): void => {
    families.set(key, (families.get(key) ?? new Set()).add(family));
  };
  for (const { frees, result } of contents) {
    for (const { path, family } of frees) note(path.join(' '), family);
    if (result.kind === 'fresh') note('', result.allocation.family);
  }
  if ([...families.values()].every(({ size }) => size < 2)) return contents;
  const familyOf = (key: string, family: Family): Family => (families.get(key)!.size < 2 ? family : '');
  return contents.map((content) => {
    const frees = content.frees.map((entry) => ({ ...entry, family: familyOf(entry.path.join(' '), entry.family) }));
    const { result } = content;
    if (result.kind !== 'fresh') return { ...content, frees };
    const { allocation } = result;
    return {
      ...content,
      frees,
      result: { ...result, allocation: { ...allocation, family: familyOf('', allocation.family) } },
    };
  });
}
