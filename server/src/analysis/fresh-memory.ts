import { keptIn, keptPer } from '../base/kept.ts';
import { isInLoop } from '../ir/control-flow.ts';
import { pathOfValue } from './access-paths.ts';
import { isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext, ExitState } from './context.ts';
import type { State } from './state.ts';
import { type FreshMemory, MAXIMUM_CONTENTS, type PartContent, stepsOf } from './summary.ts';
import { comparePaths, samePath } from './summary-cases.ts';
import type { Location, Value } from './value-shapes.ts';

/*
 * What a summary tells of new memory that a function gives to its callers: who else holds it, and what stands in it.
 */

/** True when memory that outlives the function holds the pointer too: a list's element, a parent that its child knows. */
export function isHeldElsewhere(context: AnalysisContext, exit: ExitState, pointer: Value): boolean {
  const { table } = context;
  const { memory } = exit.state;
  for (let i = 0; i < memory.size; i++) {
    if (table.base(memory.valueAt(i)) !== pointer) continue;
    if (table.locations[table.root(memory.keyAt(i))].kind === 'pointee') return true;
  }
  return false;
}

/** Each exit asks of all: answers by the exits of a function, when all are there, and by the pointer. */
const heldByExits = keptPer((_: readonly ExitState[]) => new Map<Value, boolean>());

/**
 * On some way that the function ends it, others hold what it returns. Who asked cannot tell from the result whether this was that
 * way: `add(&list, parent)` hangs the new element into the list or into one of the places of its parent, if one is left.
 */
export function isHeldOnSomeWay(context: AnalysisContext, pointer: Value): boolean {
  const { exits } = context;
  return keptIn(heldByExits(exits), pointer, () =>
    exits.some((exit) => exit.value === pointer && isHeldElsewhere(context, exit, pointer)),
  );
}

/** Nothing was written to new memory, here or where the function ends otherwise: a loop that writes it may have no turn. */
export function isUnwritten(context: AnalysisContext, state: State, pointer: Value): boolean {
  const written = writtenParts(context, state, pointer);
  return (
    written !== undefined &&
    context.exits.every(
      (exit) =>
        exit.state === state ||
        exit.state.regions.get(pointer)?.allocation === undefined ||
        exit.state.regions.get(pointer)?.status === 'failed' ||
        writtenParts(context, exit.state, pointer) === written,
    )
  );
}

/**
 * The parts of new memory that were written, as text. Undefined where it is not known which were, or where the caller would not
 * be told of all of them: a part of it that nobody wrote cannot be told from the others then.
 */
function writtenParts(context: AnalysisContext, state: State, pointer: Value): string | undefined {
  const { table, ir } = context;
  if (!state.unwritten.has(pointer)) return undefined;
  const root = table.pointee(pointer);
  const parts: string[] = [];
  for (const [location, value] of state.memory) {
    if (table.root(location) !== root) continue;
    const part = partOf(context, location, root);
    const isTold =
      table.integerOf(value) !== undefined ||
      isNull(table, state, value) ||
      pathOfValue(table, ir, value) !== undefined;
    if (!part || part.length === 0 || !isTold || parts.length === MAXIMUM_CONTENTS) return undefined;
    parts.push(part.join('.'));
  }
  return parts.sort().join();
}

type Content = FreshMemory['contents'][number];

/**
 * The parts of new memory that the caller can name and whose values it can know. Where a whole is told of, as by `calloc()`, those of
 * its parts that hold something else are named as well, or the whole is not.
 */
export function contentsOf(
  context: AnalysisContext,
  file: string,
  exit: ExitState,
  pointer: Value,
): FreshMemory['contents'] {
  const { table, ir } = context;
  const root = table.pointee(pointer);
  const contents: Content[] = [];
  const others: (readonly string[])[] = [];
  for (const [location, value] of exit.state.memory) {
    if (table.root(location) !== root) continue;
    const part = partOf(context, location, root);
    const integer = table.integerOf(value);
    const path = pathOfValue(table, ir, value);
    if (!part && integer !== 0) others.push(arrayOf(context, location, root));
    else if (!part) continue;
    else if (integer === 0 || isNull(table, exit.state, value)) contents.push({ part, write: { kind: 'null' } });
    else if (integer !== undefined) contents.push({ part, write: { kind: 'integer', value: integer } });
    else if (path) contents.push({ part, write: { kind: 'path', path } });
    else if (!isMadeInLoop(context, exit, pointer) && isHeldHereAlone(context, exit, value))
      contents.push({ part, write: { kind: 'fresh', allocation: memberMemory(context, exit, value, file) } });
    else if (isNonNull(table, exit.state, value)) contents.push({ part, write: { kind: 'unknown', isNonZero: true } });
    else others.push(part);
  }
  for (const part of others) {
    const known = contents.findIndex((each) => samePath(each.part, part));
    const other: Content = { part, write: { kind: 'unknown', isNonZero: false } };
    // An array of which nothing but the first element is 0 is not so as a whole.
    if (known >= 0 && contents[known].write.kind === 'null') contents[known] = other;
    else if (known < 0 && contents.some((whole) => isPart(part, whole.part))) contents.push(other);
  }
  // What the caller passed in must not be thought lost: it comes first.
  const rank = ({ write }: { write: PartContent }): number => (write.kind === 'path' ? 0 : 1);
  contents.sort((a, b) => rank(a) - rank(b) || comparePaths(a.part, b.part));
  const untold = contents.slice(MAXIMUM_CONTENTS).map(({ part }) => part);
  const told = contents.slice(0, MAXIMUM_CONTENTS);
  return untold.length === 0
    ? told
    : told.filter(({ part: whole, write }) => write.kind !== 'null' || !untold.some((part) => isPart(part, whole)));
}

/** One of several that a loop made: which of them hold what is not told apart in all turns. */
function isMadeInLoop({ flow }: AnalysisContext, { state }: ExitState, pointer: Value): boolean {
  const made = state.regions.get(pointer)?.allocation;
  return made === undefined || isInLoop(flow, made.block);
}

/** New memory that is the function's own until it returns, and that one place holds. */
function isHeldHereAlone(context: AnalysisContext, exit: ExitState, value: Value): boolean {
  const { state } = exit;
  if (state.regions.get(value)?.status !== 'allocated' || isMadeInLoop(context, exit, value)) return false;
  let holders = 0;
  for (let i = 0; i < state.memory.size; i++) if (state.memory.valueAt(i) === value) holders++;
  return holders === 1;
}

/** What a caller is told of memory that a part of other new memory holds. */
function memberMemory(context: AnalysisContext, { state }: ExitState, value: Value, file: string): FreshMemory {
  const region = state.regions.get(value)!;
  return {
    family: region.family,
    isUnchecked: region.isUnchecked && !isNonNull(context.table, state, value),
    isUnwritten: false,
    steps: stepsOf(file, context.ir.name, region.allocation!),
    isHeld: false,
    contents: [],
  };
}

/** The part lies within another, or is that itself. */
function isPart(part: readonly string[], whole: readonly string[]): boolean {
  return whole.length <= part.length && whole.every((name, i) => name === part[i]);
}

/** The members that lead to the array, or the object itself, of which a location is an element or a part of one. */
function arrayOf({ table }: AnalysisContext, location: Location, root: Location): string[] {
  const part: string[] = [];
  for (let current = location; current !== root; ) {
    const shape = table.locations[current];
    if (shape.kind === 'field') part.unshift(shape.name);
    else part.length = 0;
    if (shape.kind !== 'field' && shape.kind !== 'element') return [];
    current = shape.parent;
  }
  return part;
}

/** The members that lead from an object to a part of it; empty for the object itself. */
export function partOf(context: AnalysisContext, location: Location, root: Location): string[] | undefined {
  const { table } = context;
  const part: string[] = [];
  for (let current = location; current !== root; ) {
    const shape = table.locations[current];
    if (shape.kind !== 'field') return undefined;
    part.unshift(shape.name);
    current = shape.parent;
  }
  return part;
}
