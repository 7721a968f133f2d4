import { isInLoop } from '../ir/control-flow.ts';
import { isLiteral, variableAt, variableRead } from '../ir/definitions.ts';
import { mayReturnPart } from '../ir/taken-parts.ts';
import {
  argumentOf,
  pathOfAddress,
  pathOfComputed,
  pathOfContent,
  pathOfLocation,
  pathOfValue,
} from './access-paths.ts';
import { toldApart } from './case-contents.ts';
import { isComparison } from './constant-folding.ts';
import { factOf, isNonNull, isNull } from './constraints.ts';
import type { AnalysisContext, ExitState } from './context.ts';
import { everyWayOf } from './every-way.ts';
import { splitByTruth } from './exit-truths.ts';
import { contentsOf, isHeldElsewhere, isHeldOnSomeWay, isUnwritten, partOf } from './fresh-memory.ts';
import { placesUsedAlways } from './given-places.ts';
import { takenInNumbers } from './kept-as-numbers.ts';
import { loadValue } from './memory.ts';
import { otherMemoryOf } from './other-memory.ts';
import { hasOwnDestructor } from './own-destructors.ts';
import { reachesOf, sizeOfBlock } from './parameter-reach.ts';
import { preconditionsOf } from './preconditions.ts';
import { isAtBeginning } from './regions.ts';
import { danglingPlaces, isErrorName } from './stale.ts';
import type { Region, Site, State } from './state.ts';
import {
  type AccessPath,
  type Always,
  MAXIMUM_CONTENTS,
  NOTHING_ALWAYS,
  type StructurePart,
  type Summary,
  type SummaryResult,
  type SummaryWrite,
  stepsOf,
} from './summary.ts';
import { type CaseContent, classified, comparePaths, groupCases, samePath } from './summary-cases.ts';
import type { Value } from './value-shapes.ts';

/** The summary of a function from the states in which it returns. `file` is its path, for the steps inside it. */
export function summarise(context: AnalysisContext, file: string): Summary {
  const { ir } = context;
  const exits = exitsToTell(context).flatMap((exit) => splitByTruth(context, exit));
  const computed = new Set<CaseContent>();
  const told = new Set<CaseContent>();
  const contents = exits.map((exit) => {
    const content = summariseExit(context, file, exit);
    if (isComputed(context, exit)) computed.add(content);
    else if (isTold(context, exit)) told.add(content);
    return content;
  });
  const cases = groupCases(toldApart(context, contents, { computed, told }).map(classified));
  const isIncomplete = context.isIncomplete || ir.isPartial;
  return {
    name: ir.name,
    file,
    parameterCount: ir.parameters.length,
    cases,
    always: isIncomplete ? NOTHING_ALWAYS : alwaysOf(context, file),
    isNoreturn: (cases.length === 0 && !isIncomplete) || ir.isNoreturn,
    mayEnd: context.mayEnd,
    isIncomplete,
    isStub: cases.length === 1 && returnsConstant(context),
  };
}

/**
 * Where a check leaves that only a mistake of the caller fails, callers need not hear of it, but for what they can see: an argument
 * that is NULL.
 */
function exitsToTell(context: AnalysisContext): readonly ExitState[] {
  const { exits, ir, table } = context;
  const told = exits.filter(({ site, state }) => {
    const { terminator } = ir.blocks[site.block];
    if (terminator.kind !== 'return' || !terminator.isCheck) return true;
    return ir.parameters.some((_, index) => isNull(table, state, table.symbol({ kind: 'parameter', index })));
  });
  return told.length > 0 ? told : exits;
}

function alwaysOf(context: AnalysisContext, file: string): Always {
  const isOnEveryWay = everyWayOf(context);
  const { reads, innerFrees } = context.givenPlaces;
  return {
    reaches: reachesOf(context, file, isOnEveryWay),
    reads: placesUsedAlways(context, file, reads, isOnEveryWay),
    innerFrees: placesUsedAlways(context, file, innerFrees, isOnEveryWay),
  };
}

/** `return NULL;`, and nothing else is returned. */
function returnsConstant({ ir, exits }: AnalysisContext): boolean {
  return exits.every(({ site }) => {
    const { instructions, terminator } = ir.blocks[site.block];
    if (terminator.kind !== 'return' || terminator.value === undefined) return false;
    const end = instructions.length;
    if (isLiteral(instructions, end, terminator.value)) return true;
    // What is returned goes through a temporary.
    const variable = variableRead(instructions, end, terminator.value);
    if (variable === undefined || ir.variables[variable].kind !== 'temporary') return false;
    return instructions.some(
      (each, at) =>
        each.op === 'store' &&
        variableAt(instructions, at, each.address) === variable &&
        isLiteral(instructions, at, each.value),
    );
  });
}

/**
 * The result of an exit is a number that the function made itself: a sum, a count, the length of a string. What another callee
 * answers may be its failure.
 */
function isComputed({ table, ir, sizes }: AnalysisContext, { value }: ExitState): boolean {
  if (value === undefined || ir.returnType.includes('*')) return false;
  if (sizes.lengths.has(value)) return true;
  const shape = table.values[value];
  if (shape.kind === 'binary') return !isComparison(shape.operator);
  return shape.kind === 'symbol' && shape.origin.kind === 'merged';
}

/** The result of an exit is a number that a callee left in a variable: how much there is, more often than how it went. */
function isTold({ table, ir }: AnalysisContext, { value }: ExitState): boolean {
  if (value === undefined || ir.returnType.includes('*')) return false;
  const shape = table.values[value];
  if (shape.kind !== 'symbol') return false;
  const { origin } = shape;
  if (origin.kind === 'unknown') return origin.site >= 0;
  const place = origin.kind === 'initial' ? table.locations[origin.location] : undefined;
  return place?.kind === 'variable' && ir.variables[place.variable].kind === 'local';
}

function summariseExit(context: AnalysisContext, file: string, exit: ExitState): CaseContent {
  const { table, ir } = context;
  const { state } = exit;
  const frees = [];
  const rewritten: AccessPath[] = [];
  let freesUnnamed = false;
  const escapes: AccessPath[] = [];
  for (const [value, region] of state.regions) {
    // What a loop frees in later turns is not all known by name, nor is all of it remembered.
    if (region.status === 'freed' && region.free && !region.allocation && isInLoop(context.flow, region.free.block))
      freesUnnamed = true;
    const path = pathOfValue(table, ir, value);
    if (!path) {
      // What was freed after unknown code ran may be what stood there on entry, too, and is the caller's to lose no more.
      const isGone = (region.status === 'escaped' || region.status === 'freed') && !region.allocation;
      const content = isGone ? pathOfContent(table, ir, value) : undefined;
      if (content) escapes.push(content);
      else if (region.status === 'freed' && !region.allocation) freesUnnamed = true;
      continue;
    }
    if (region.status === 'freed' && region.free) {
      // Who calls the block's own destructor, or a callee that does where there is one, frees what stands in it.
      const isArgument = path.length === 1 && argumentOf(path) >= 0;
      if (isArgument && (context.takenValues.has(value) || hasOwnDestructor(ir, ir.parameters[argumentOf(path)])))
        freesUnnamed = true;
      frees.push({
        path,
        family: region.family,
        steps: stepsOf(file, ir.name, region.free),
        isDefinite: region.isDefinite,
      });
      if (path.at(-1) === '=' && !isStillHeld(context, state, value)) rewritten.push(path.slice(0, -1));
    } else if (region.status === 'escaped' && region.failedReallocation === undefined) {
      escapes.push(path);
    }
  }
  escapes.push(...keptInNewMemory(context, exit, escapes));
  const writes: { path: AccessPath; write: SummaryWrite }[] = [];
  const given = new Set<Value>();
  const blurs: AccessPath[] = [];
  for (const [location, value] of state.memory) {
    const path = pathOfLocation(table, ir, location);
    if (!path) {
      const block = table.locations[table.root(location)];
      const blurred = block.kind === 'pointee' ? pathOfValue(table, ir, table.base(block.pointer)) : undefined;
      if (blurred && !blurs.some((known) => samePath(known, blurred))) blurs.push(blurred);
      continue;
    }
    let write = writeOf(context, file, exit, value);
    // New memory in two places: which of them owns it is not known.
    if (write.kind === 'fresh' && given.has(value)) write = { kind: 'unknown', isNonZero: false };
    given.add(value);
    // A place that still holds what it held on entry was not written.
    if (write.kind === 'path' && samePath(write.path, [...path, '='])) continue;
    writes.push({ path, write });
  }
  for (const path of takenInNumbers(context, exit))
    if (!escapes.some((known) => samePath(known, path))) escapes.push(path);
  for (const { path, region } of danglingPlaces(context, exit)) {
    const write: SummaryWrite = { kind: 'freed', family: region.family, steps: stepsOf(file, ir.name, region.free) };
    const known = writes.findIndex((written) => samePath(written.path, path));
    if (known >= 0) writes[known] = { path, write };
    else writes.push({ path, write });
  }
  // A place whose memory was freed, and which something unknown may have written since: it need not dangle.
  for (const path of rewritten) {
    if (writes.some((written) => samePath(written.path, path))) continue;
    writes.push({ path, write: { kind: 'unknown' as const, isNonZero: false } });
  }
  const dereferences = [];
  for (const [value, origin] of state.dereferenced) {
    const path = pathOfValue(table, ir, value);
    if (!path) continue;
    const isSized = context.sizedDereferences.has(origin.start);
    dereferences.push({ path, steps: [{ file, functionName: ir.name, origin, callee: '' }], isSized });
  }
  const uses = [];
  for (const [value, origin] of state.used) {
    const path = pathOfValue(table, ir, value);
    if (path) uses.push({ path, steps: [{ file, functionName: ir.name, origin, callee: '' }] });
  }
  return {
    preconditions: preconditionsOf(context, exit),
    alternatives: [],
    result: leftElsewhere(context, exit, resultOf(context, file, exit), writes),
    frees: sortByPath(frees),
    escapes: escapes.sort(comparePaths),
    writes: sortByPath(writes),
    blurs: blurs.sort(comparePaths),
    dereferences: sortByPath(dereferences),
    uses: sortByPath(uses),
    invalidatesMemory: state.epoch !== 0,
    freesUnnamed,
  };
}

/** The place in which a value stood on entry holds it at the exit, too: nothing that may be another name for it was written. */
function isStillHeld(context: AnalysisContext, state: State, value: Value): boolean {
  const shape = context.table.values[value];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'initial') return false;
  return loadValue(context, state, shape.origin.location) === value;
}

/** What the caller passed in and new memory holds that goes out: it has an owner from now on. */
function keptInNewMemory(context: AnalysisContext, exit: ExitState, known: readonly AccessPath[]): AccessPath[] {
  const { table, ir } = context;
  const kept: AccessPath[] = [];
  for (const [location, value] of exit.state.memory) {
    const root = table.locations[table.root(location)];
    if (root.kind !== 'pointee') continue;
    const holder = table.base(root.pointer);
    const region = exit.state.regions.get(holder);
    if (region?.status !== 'allocated' && !region?.isPublished) continue;
    // The caller learns of what the result itself holds, and follows it there.
    const isResult = holder === exit.value && partOf(context, location, table.pointee(holder)) !== undefined;
    const path = isResult ? undefined : pathOfValue(table, ir, table.base(value));
    if (path && ![...known, ...kept].some((other) => samePath(other, path))) kept.push(path);
  }
  return kept;
}

function sortByPath<T extends { readonly path: AccessPath }>(entries: T[]): T[] {
  return entries.sort((a, b) => comparePaths(a.path, b.path));
}

function regionOf(context: AnalysisContext, exit: ExitState, value: Value): Region | undefined {
  const { table } = context;
  const base = table.base(value);
  return base === value || isAtBeginning(context, table.pointee(value)) ? exit.state.regions.get(base) : undefined;
}

function resultOf(context: AnalysisContext, file: string, exit: ExitState): SummaryResult {
  const { table, ir } = context;
  const { value, state } = exit;
  if (value === undefined) return { kind: 'none' };
  const region = regionOf(context, exit, value);
  const isOfNothing = isAskedForNothing(context, exit);
  if (region?.status === 'failed' && isMemory(context, region) && !isOfNothing) {
    return {
      kind: 'null',
      allocationFailed: true,
      steps: region.allocation ? stepsOf(file, ir.name, region.allocation) : [],
    };
  }
  if (isNull(table, state, value)) {
    const failed = ir.returnType.includes('*') && !isOfNothing ? failedAllocation(context, exit) : undefined;
    if (failed) return { kind: 'null', allocationFailed: true, steps: stepsOf(file, ir.name, failed) };
    return { kind: 'null', allocationFailed: false, steps: [] };
  }
  if (region?.status === 'allocated' && region.allocation) {
    return {
      kind: 'fresh',
      allocation: {
        family: region.family,
        // What is given as a number is no pointer to its callers, who do not ask whether it is NULL.
        isUnchecked:
          region.isUnchecked &&
          !isOfNothing &&
          !isNonNull(table, state, value) &&
          (ir.returnType.includes('*') || !INTEGER_TYPE.test(ir.returnType)),
        isUnwritten: isUnwritten(context, state, value),
        steps: stepsOf(file, ir.name, region.allocation),
        isHeld: isHeldOnSomeWay(context, value) || mayReturnPart(ir),
        contents: contentsOf(context, file, exit, value),
        size: sizeOfBlock(context, region),
      },
    };
  }
  const path =
    pathOfValue(table, ir, value) ?? (ir.returnType.includes('*') ? pathOfAddress(context, value) : undefined);
  if (path) return { kind: 'path', path };
  const other = otherMemoryOf(context, file, state, value);
  if (other) return { kind: 'unknown', fact: factOf(table, state, value), other };
  const parts = partsOfResult(context, file, exit, value);
  if (parts.length > 0) return { kind: 'structure', parts };
  const name = constantOf(context, exit, value);
  if (name !== undefined)
    return { kind: 'constant', name, isNonZero: isErrorName(name) || factOf(table, state, value).isNonZero };
  return { kind: 'unknown', fact: factOf(table, state, value) };
}

/** New memory that is returned, and that stands in a place of the caller's as well: it is one block. */
function leftElsewhere(
  context: AnalysisContext,
  { state, value }: ExitState,
  result: SummaryResult,
  writes: readonly { path: AccessPath; write: SummaryWrite }[],
): SummaryResult {
  if (result.kind !== 'unknown' || value === undefined || !writes.some(({ write }) => write.kind === 'fresh'))
    return result;
  const { table, ir } = context;
  for (const [location, held] of state.memory) {
    if (held !== value) continue;
    const path = pathOfLocation(table, ir, location);
    const isNew = path && writes.some((each) => each.write.kind === 'fresh' && samePath(each.path, path));
    if (isNew) return { ...result, written: path };
  }
  return result;
}

/** The name of the constant that a value is, or was found equal to. */
function constantOf({ table }: AnalysisContext, { state }: ExitState, value: Value): string | undefined {
  const own = table.constantName(value);
  if (own !== undefined || table.values[value].kind !== 'symbol') return own;
  for (const [condition, fact] of state.facts) {
    const shape = table.values[condition];
    if (shape.kind !== 'binary' || shape.operator !== '==' || !fact.isNonZero) continue;
    const other = shape.left === value ? shape.right : shape.right === value ? shape.left : undefined;
    const name = other === undefined ? undefined : table.constantName(other);
    if (name !== undefined) return name;
  }
  return undefined;
}

/** What is known of the members of a structure that is returned as a whole. */
function partsOfResult(context: AnalysisContext, file: string, exit: ExitState, value: Value): StructurePart[] {
  const shape = context.table.values[value];
  if (shape.kind !== 'symbol' || shape.origin.kind !== 'aggregate') return [];
  const found: StructurePart[] = [];
  const given = new Set<Value>();
  // `struct result result = { 0 };`: what the function has not written is 0, and of the rest all has to be told.
  const { rest, parts } = shape.origin;
  const isZeroed = rest !== undefined && context.table.integerOf(rest) === 0 && parts.length < MAXIMUM_CONTENTS;
  if (isZeroed) found.push({ part: [], write: { kind: 'null', allocationFailed: false, steps: [] } });
  for (const { path, value: held } of parts) {
    const part = path.filter((step) => typeof step === 'string');
    if (part.length < path.length && isZeroed) return [];
    if (part.length < path.length || found.length > MAXIMUM_CONTENTS) continue;
    const write = writeOf(context, file, exit, held, true);
    if (!isZeroed && write.kind === 'unknown' && !write.isNonZero && !write.other) continue;
    // New memory in two places: which of them owns it is not known.
    const isShared = write.kind === 'fresh' && given.has(held);
    given.add(held);
    found.push({ part, write: isShared ? { kind: 'unknown', isNonZero: false } : write });
  }
  return found;
}

const INTEGER_TYPE = /\b(size_t|ssize_t|int|unsigned|long|short|char|u?int(8|16|32|64)_t)\b/;

/**
 * The function was asked for nothing: a parameter that is an integer was found to be 0. NULL is then an answer like
 * another, not the failure of an allocation (C17 7.22.3).
 */
function isAskedForNothing({ table, ir }: AnalysisContext, { state }: ExitState): boolean {
  return ir.parameters.some((id, index) => {
    const { pointerDepth, isArray, typeText } = ir.variables[id];
    if (pointerDepth > 0 || isArray || !INTEGER_TYPE.test(typeText)) return false;
    return isNull(table, state, table.symbol({ kind: 'parameter', index }));
  });
}

/** An allocation that failed on the path to this exit: the reason for the NULL that is returned. */
function failedAllocation(context: AnalysisContext, exit: ExitState): Site | undefined {
  for (const region of exit.state.regions.values()) {
    if (region.status === 'failed' && region.allocation && isMemory(context, region)) return region.allocation;
  }
  return undefined;
}

/** False for a stream and the like: that there is none tells of no lack of memory. */
function isMemory(context: AnalysisContext, region: Region): boolean {
  return context.environment.models.family(region.family).isMemory;
}

/** What a place holds at an exit, told to the caller. `isResult` for a part of what is returned. */
function writeOf(
  context: AnalysisContext,
  file: string,
  exit: ExitState,
  value: Value,
  isResult = false,
): SummaryWrite {
  const { table, ir } = context;
  const { state } = exit;
  const region = regionOf(context, exit, value);
  // A pointer that others gave is no allocation, whoever found that it is NULL.
  const isFailed = region?.status === 'failed' || (region?.isUnchecked === true && isNull(table, state, value));
  if (isFailed && region?.allocation && isMemory(context, region)) {
    return { kind: 'null', allocationFailed: true, steps: stepsOf(file, ir.name, region.allocation) };
  }
  const isGiven = isResult ? region?.status === 'allocated' : region?.isPublished;
  if (isGiven && region?.allocation) {
    return {
      kind: 'fresh',
      allocation: {
        family: region.family,
        isUnchecked: region.isUnchecked && !isNonNull(table, state, value),
        isUnwritten: isUnwritten(context, state, value),
        steps: stepsOf(file, ir.name, region.allocation),
        isHeld: isResult && isHeldElsewhere(context, exit, value),
        contents: contentsOf(context, file, exit, value),
        size: sizeOfBlock(context, region),
      },
    };
  }
  const integer = table.integerOf(value);
  if (integer === 0 || isNull(table, state, value)) return { kind: 'null', allocationFailed: false, steps: [] };
  if (integer !== undefined) return { kind: 'integer', value: integer };
  const path = pathOfValue(table, ir, value);
  if (path) return { kind: 'path', path };
  const computed = pathOfComputed(context, value);
  if (computed) return { kind: 'path', path: computed };
  const isNonZero = isNonNull(table, state, value);
  const other = otherMemoryOf(context, file, state, value);
  return other ? { kind: 'unknown', isNonZero, other } : { kind: 'unknown', isNonZero };
}
