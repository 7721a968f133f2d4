import type { FunctionAnalysis } from '../analysis/analyse-function.ts';
import type { AllocationStory, PointerFact, PointerStatus } from '../analysis/observation.ts';
import type { Site } from '../analysis/state.ts';
import type { TextRange } from '../base/range.ts';
import type { Origin } from '../ir/instructions.ts';
import type { TopLevelItem } from '../syntax/translation-unit.ts';
import type { AnalysedFile } from './analysed-file.ts';
import type { Program } from './program.ts';

/** A place at which something happens to memory, in the offsets of the file. */
export interface PlaceOfEvent {
  readonly range: TextRange;
  /** The name of the function that is called there. */
  readonly callee: string;
  /** The function inside that callee, at whatever depth, that does it; '' when the callee does it itself. */
  readonly inner: string;
}

/** What a pointer is on some of the paths that lead to a place; see `PointerStatus`. */
export interface PointerState {
  readonly status: PointerStatus;
  readonly nullness: PointerFact['nullness'];
  readonly allocation: PlaceOfEvent | undefined;
  readonly free: PlaceOfEvent | undefined;
  readonly isDefinite: boolean;
  readonly assumedNull: TextRange | undefined;
  /** Of a result: the function that was called. */
  readonly callee: string;
}

/** What is known of a pointer at one place. */
export interface PointerStory {
  /** The expression, e.g. `node->next`. */
  readonly text: string;
  readonly range: TextRange;
  /** The place gives the pointer its value, so that this is what is known from there on. */
  readonly isWrite: boolean;
  /** More than one when the paths that lead there differ. */
  readonly states: readonly PointerState[];
  /** Where the function frees this memory, before the place or behind it. */
  readonly frees: readonly PlaceOfEvent[];
  /** Other paths may say more: a budget was met, or some of the function was not understood. */
  readonly isIncomplete: boolean;
}

/** The places in a function that concern one region of memory, for highlighting. */
export interface RelatedRanges {
  readonly allocations: readonly TextRange[];
  readonly frees: readonly TextRange[];
  readonly reads: readonly TextRange[];
  readonly writes: readonly TextRange[];
}

export interface Allocation {
  readonly place: PlaceOfEvent;
  readonly frees: readonly PlaceOfEvent[];
  readonly isReturned: boolean;
  readonly isShared: boolean;
}

/** What is known of the pointer at an offset. Undefined where there is none, or nothing is known that matters. */
export function pointerAt(program: Program, analysed: AnalysedFile, offset: number): PointerStory | undefined {
  const found = functionAt(program, analysed, offset);
  const access = found?.observation.accessAt(offset - found.item.start);
  if (!found || !access) return undefined;
  const { item, observation } = found;
  const range = rangeIn(item, access.origin);
  const text = analysed.text.slice(range.start, range.end);
  if (!isExpression(text)) return undefined;
  const variable = access.variable === undefined ? undefined : observation.ir.variables[access.variable];
  const isPointer = variable !== undefined && variable.pointerDepth > 0;
  const frees = observation.freesOf(access);
  // Without a type in sight, an integer that is 0 would look like a pointer that is NULL.
  const isOfInterest = frees.length > 0 || access.facts.some(({ allocation, free }) => allocation || free);
  if (!isOfInterest && !(isPointer && access.facts.some((fact) => saysSomething(fact)))) return undefined;
  return {
    text,
    range,
    isWrite: access.kind === 'write',
    frees: frees.map((free) => placeOf(item, free)),
    states: withoutNuances(access.facts).map((fact) => ({
      status: fact.status,
      nullness: fact.nullness,
      allocation: fact.allocation && placeOf(item, fact.allocation),
      free: fact.free && placeOf(item, fact.free),
      isDefinite: fact.isDefinite,
      assumedNull: fact.assumedNull && rangeIn(item, fact.assumedNull),
      callee: fact.callee,
    })),
    isIncomplete: observation.isIncomplete,
  };
}

/** The places that concern the memory of the pointer, the allocation or the deallocation at an offset. */
export function relatedRanges(program: Program, analysed: AnalysedFile, offset: number): RelatedRanges | undefined {
  const found = functionAt(program, analysed, offset);
  const related = found?.observation.relatedTo(offset - found.item.start);
  if (!found || !related) return undefined;
  const { item } = found;
  const accesses = (kind: 'read' | 'write') =>
    related.accesses
      .filter((access) => access.kind === kind)
      .map(({ origin }) => rangeIn(item, origin))
      .filter(({ start, end }) => isExpression(analysed.text.slice(start, end)));
  return {
    allocations: related.allocations.map((site) => calleeRange(analysed, placeOf(item, site))),
    frees: related.frees.map((site) => calleeRange(analysed, placeOf(item, site))),
    reads: accesses('read'),
    writes: accesses('write'),
  };
}

/** By a function's analysis, which is made anew when anything that the story rests on changes. */
const allocationStories = new WeakMap<FunctionAnalysis, readonly AllocationStory[]>();

/** The allocations of a function; its paths are followed once for as long as its analysis holds. */
export function allocationsIn(program: Program, analysed: AnalysedFile, item: TopLevelItem): Allocation[] {
  const analysis = item.kind === 'function' ? program.analyse(analysed, item) : undefined;
  if (!analysis) return [];
  let stories = allocationStories.get(analysis);
  if (!stories) {
    const observation = program.observe(analysed, item);
    stories = !observation || observation.ir.isPartial ? [] : observation.allocations();
    allocationStories.set(analysis, stories);
  }
  return stories.map((story) => allocationIn(item, story));
}

function allocationIn(item: TopLevelItem, { site, frees, isReturned, isShared }: AllocationStory): Allocation {
  return { place: placeOf(item, site), frees: frees.map((free) => placeOf(item, free)), isReturned, isShared };
}

function functionAt(program: Program, analysed: AnalysedFile, offset: number) {
  const item = analysed.unit.items.find(
    ({ kind, start, end }) => kind === 'function' && start <= offset && offset <= end,
  );
  const observation = item && program.observe(analysed, item);
  return item && observation && !observation.ir.isPartial ? { item, observation } : undefined;
}

/** A name, a member, an element: macros and implicit reads have a text of another kind. */
function isExpression(text: string): boolean {
  return /^[A-Za-z_*(]/.test(text) && !/[;{}"]|\w\s*\(/.test(text);
}

/** Without the facts that say of a pointer that it is not NULL, where it may be on another path and is the same else. */
function withoutNuances(facts: readonly PointerFact[]): readonly PointerFact[] {
  return facts.filter(
    (fact) =>
      fact.nullness !== 'non-null' ||
      !facts.some(
        ({ status, nullness, allocation, free, callee }) =>
          (nullness === 'unknown' || nullness === 'unchecked') &&
          status === fact.status &&
          allocation?.id === fact.allocation?.id &&
          free?.id === fact.free?.id &&
          callee === fact.callee,
      ),
  );
}

function saysSomething({ status, nullness }: PointerFact): boolean {
  return status !== 'unknown' && !(status === 'result' && nullness === 'unknown');
}

function placeOf(item: TopLevelItem, { origin, callee, inner }: Site): PlaceOfEvent {
  return { range: rangeIn(item, origin), callee, inner: inner.at(-1)?.callee ?? '' };
}

/** The name of the called function where the text shows it: the arguments are places of their own. */
function calleeRange(analysed: AnalysedFile, { range, callee }: PlaceOfEvent): TextRange {
  const isNamed = callee !== '' && analysed.text.startsWith(callee, range.start);
  return isNamed ? { start: range.start, end: range.start + callee.length } : range;
}

function rangeIn(item: TopLevelItem, { start, end }: Origin): TextRange {
  return { start: item.start + start, end: item.start + end };
}
