import type { Flaw } from '../../analysis/flaws.ts';
import type { ReleasePlace } from '../../analysis/place-contents.ts';
import { allocationKey } from '../../analysis/recorded-paths.ts';
import type { RehearsedFree } from '../../analysis/rehearsal.ts';
import type { Released } from '../../analysis/release-contents.ts';
import type { ReleasePoint, ReleasePoints } from '../../analysis/release-points.ts';
import type { Fix } from '../../base/finding.ts';
import type { TextEdit } from '../../base/range.ts';
import type { InsertionPoint } from '../../ir/instructions.ts';
import { NodeKind } from '../../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { isInScope } from '../fixes/cleanup.ts';
import { deallocatorFor, takesNull } from '../fixes/deallocators.ts';
import { FunctionText, statementAt } from '../fixes/function-text.ts';
import { conditional } from '../fixes/null-check.ts';
import { insertAtEnd, insertBefore, insertElse, line, type NewLine } from '../fixes/statement-edits.ts';
import { type Style, styleOf } from '../fixes/style.ts';
import { type Repair, type RuleContext, refuse } from '../rule.ts';
import { leakAlternatives } from './alternatives.ts';
import { ignoredResultFixes } from './ignored.ts';
import { jumpToCleanup } from './jump.ts';
import { afterLastUse } from './last-use.ts';

type Leak = Extract<Flaw, { kind: 'leak' }>;

/** What a repair writes at one point, or why it writes nothing. */
type Written =
  | { readonly edits: readonly TextEdit[]; readonly frees: readonly RehearsedFree[]; readonly isSafe: boolean }
  | Repair;

/**
 * The missing free on every way to a loss: in front of the return or the assignment that loses the block, at the end of
 * the branch that keeps it, or in the `else` that the other branch does not have.
 */
export function memoryLeakFixes(context: RuleContext, leaks: readonly Leak[]): Repair {
  if (leaks.every(({ manner }) => manner === 'ignored')) return ignoredResultFixes(context, leaks[0]);
  const found = context.program.releasePoints();
  if (!found) return refuse('the function is not understood as it stands');
  const fn = new FunctionText(context);
  return { ...freeAtPoints(context, fn, found, leaks), alternatives: leakAlternatives(context, fn, found, leaks) };
}

function freeAtPoints(context: RuleContext, fn: FunctionText, found: ReleasePoints, leaks: readonly Leak[]): Repair {
  const release = found.release(allocationKey(leaks[0].allocation), {
    isUsable: (point, place) => isUsable(context, fn, point, place),
    statementAround: (origin) => {
      // Behind the last statement only the brace is left.
      const statement = fn.text[origin.start] === '}' ? NO_NODE : statementAt(fn, origin.start);
      return statement === NO_NODE ? origin : { start: fn.start(statement), end: fn.end(statement) };
    },
  });
  if ('refusal' in release) return refuse(release.refusal);
  const style = styleOf(fn, context.neighbours());
  const key = allocationKey(leaks[0].allocation);
  let composed = compose(context, fn, style, leaks, release.points, false);
  if (!('edits' in composed)) return composed;
  if (composed.isRehearsable && !found.holds(key, composed.frees, composed.begun)) {
    // What is freed may be tested later, or outlive the function in a place that others see.
    composed = compose(context, fn, style, leaks, release.points, true);
    if (!('edits' in composed)) return composed;
    if (!found.holds(key, composed.frees, composed.begun)) return refuse('the repair would not be clean');
  }
  const isSure = !context.analysis.isIncomplete && !found.isIncomplete && leaks.every(({ release: seen }) => !seen);
  const [first] = release.points;
  const isPlain = release.points.length === 1 && first.point.side === 'before';
  const where = !isPlain
    ? 'where it is lost'
    : first.leak.manner === 'overwrite'
      ? 'before it is overwritten'
      : before(first.point);
  const title = `Free '${first.released.place.text}' ${where}`;
  const free: Fix = { title, safety: composed.isSafe && isSure ? 'safe' : 'unsafe', edits: composed.edits };
  const jump = isPlain ? jumpToCleanup(context, fn, leaks, first) : undefined;
  if (!jump) return { fixes: [free] };
  return { fixes: jump.isForSeveral ? [jump.fix, free] : [free, jump.fix] };
}

interface Composed {
  readonly edits: readonly TextEdit[];
  readonly frees: readonly RehearsedFree[];
  /** Variables that begin as NULL from now on. */
  readonly begun: readonly number[];
  readonly isSafe: boolean;
  /** False where a free stands in the middle of a statement, so to speak. */
  readonly isRehearsable: boolean;
}

/** The edits of all points together. `clears`: what is freed is NULL behind it. */
function compose(
  context: RuleContext,
  fn: FunctionText,
  style: Style,
  leaks: readonly Leak[],
  points: readonly ReleasePoint[],
  clears: boolean,
): Composed | Repair {
  const edits: TextEdit[] = [];
  const frees: RehearsedFree[] = [];
  const initialised = new Set<number>();
  const begun: number[] = [];
  const taken = new Set<string>();
  let isSafe = true;
  for (const point of points) {
    const written = write(context, fn, style, leaks, point, clears, taken);
    if (!('edits' in written)) return written;
    edits.push(...written.edits);
    frees.push(...written.frees);
    if (!written.isSafe) isSafe = false;
    for (const { needsValue, mayBeUntouched, place } of [point.released, ...point.parts]) {
      if ((!needsValue && !mayBeUntouched) || initialised.has(place.variable)) continue;
      initialised.add(place.variable);
      const edit = initialise(context, fn, style, place);
      if (edit) {
        edits.push(edit);
        begun.push(place.variable);
      } else if (needsValue || !beginsAsNull(context, fn, place)) {
        return refuse('the variable has no value on some paths');
      }
    }
  }
  if (edits.length === 0) return refuse('no statement stands between the allocation and the loss');
  return { edits, frees, begun, isSafe, isRehearsable: points.every(({ isUsedBehind }) => !isUsedBehind) };
}

function before({ kind }: InsertionPoint): string {
  return kind === NodeKind.ReturnStatement ? 'before the return' : 'before it is lost';
}

/** A statement can be put at the point, and the place's name means the variable there. */
function isUsable(context: RuleContext, fn: FunctionText, point: InsertionPoint, place: ReleasePlace): boolean {
  const { ir } = context.analysis;
  const variable = ir.variables[place.variable];
  if (variable.cleanup !== undefined || variable.name === '') return false;
  const node = fn.find(point.kind, point.origin);
  if (node === NO_NODE) return false;
  const position = point.side === 'before' ? fn.start(node) : fn.end(node) - 1;
  if (variable.kind === 'local' || variable.kind === 'parameter') {
    if (!isInScope(fn, context.analysis, place.variable, position)) return false;
  } else if (ir.variables.some(({ id, name }) => id !== variable.id && name === variable.name)) return false;
  // The places of an expanded macro are those of its call.
  return insertAt(fn, node, point, [line(';')], styleOf(fn, [])) !== undefined;
}

function insertAt(
  fn: FunctionText,
  node: NodeIndex,
  { side }: InsertionPoint,
  lines: readonly NewLine[],
  style: Style,
): TextEdit[] | undefined {
  if (side === 'before') return insertBefore(fn, node, lines, style);
  return side === 'end' ? insertAtEnd(fn, node, lines, style) : insertElse(fn, node, lines, style);
}

/** Writes the frees of one point. */
function write(
  context: RuleContext,
  fn: FunctionText,
  style: Style,
  leaks: readonly Leak[],
  releasePoint: ReleasePoint,
  clears: boolean,
  taken: Set<string>,
): Written {
  const { point, block, index, released, parts, isUsedBehind } = releasePoint;
  const node = fn.find(point.kind, point.origin);
  const whole = freeOf(context, fn, style, released, clears);
  if (!whole) return refuse('the function that frees the memory is not known');
  let isSafe = whole.isCertain && !released.isBelieved;
  const lines: NewLine[] = [];
  const frees: RehearsedFree[] = [];
  const free = (place: ReleasePlace, { name, isGuarded, takesAddress, isCleared, lines: own }: Freed): void => {
    lines.push(...own);
    frees.push({ block, index, place, deallocator: name, isGuarded, takesAddress, isCleared });
  };
  // A destructor frees the parts itself: one that does not would lose them, which the rehearsal shows.
  if (!whole.isDestructor) {
    for (const part of parts) {
      const freed = freeOf(context, fn, style, part, false);
      if (!freed) return refuse('the function that frees a part is not known');
      if (!freed.isCertain || part.isBelieved) isSafe = false;
      free(part.place, freed);
    }
  } else if (parts.some((part) => !isOfSameCall(part, released))) isSafe = false;
  free(released.place, whole);
  if (isUsedBehind) {
    const { start, end } = point.origin;
    const behind = leaks.filter(({ at }) => at.origin.start >= start && at.origin.end <= end);
    const isByFailure = behind.some((leak) => leak.isByFailure);
    if (isByFailure && !behind.every((leak) => leak.isByFailure)) {
      return refuse('what replaces the memory may hold it or not');
    }
    const edits = afterLastUse(context, fn, node, released.place.text, lines, style, isByFailure, taken);
    // What an assignment makes of the old value may hold it on other paths.
    if (fn.kind(node) !== NodeKind.ReturnStatement) isSafe = false;
    return edits ? { edits, frees, isSafe } : refuse('the statement still needs the memory');
  }
  const edits = insertAt(fn, node, point, lines, style);
  return edits ? { edits, frees, isSafe } : refuse('there is no place for a statement');
}

/** A part that the call gave which gave the whole. */
function isOfSameCall(part: Released, whole: Released): boolean {
  return (
    part.allocation.block === whole.allocation.block && part.allocation.instruction === whole.allocation.instruction
  );
}

/** A free as it is written. */
interface Freed {
  readonly lines: NewLine[];
  readonly name: string;
  readonly isCertain: boolean;
  readonly isDestructor: boolean;
  readonly isGuarded: boolean;
  readonly takesAddress: boolean;
  readonly isCleared: boolean;
}

/** The call that frees a place, under a test where it may be NULL and its deallocator does not take that. */
function freeOf(
  context: RuleContext,
  fn: FunctionText,
  style: Style,
  { place, family, allocation, mayBeNull, needsValue }: Released,
  clears: boolean,
): Freed | undefined {
  const variable = context.analysis.ir.variables[place.variable];
  const deallocator = deallocatorFor(context, fn, place.text, variable, family, allocation);
  if (!deallocator) return undefined;
  const { name, isCertain, isDestructor, takesAddress = false } = deallocator;
  const isToConstant =
    place.steps.length === 0 && variable.pointerDepth === 1 && /\bconst\b/.test(variable.typeText) && takesNull(name);
  const blank = style.spacesCalls ? ' ' : '';
  const cast = isToConstant ? `(void *)${style.spacesCalls ? ' ' : ''}` : '';
  const call = `${name}${blank}(${takesAddress ? '&' : cast}${place.text});`;
  const isGuarded = (mayBeNull || needsValue) && !takesNull(name) && !takesAddress;
  const test = style.nullTest === '!p' ? place.text : `${place.text} != ${style.nullPointer}`;
  const statements = clears ? [call, `${place.text} = ${style.nullPointer};`] : [call];
  const lines = isGuarded
    ? conditional(`if (${test})`, statements, style)
    : statements.map((statement) => line(statement));
  return { lines, name, isCertain, isDestructor, isGuarded, takesAddress, isCleared: clears };
}

function beginsAsNull(context: RuleContext, fn: FunctionText, place: ReleasePlace): boolean {
  const { origin } = context.analysis.ir.variables[place.variable];
  return /^\s*=\s*(NULL|0|nullptr)\s*[,;]/.test(fn.tree.text.slice(origin.end, origin.end + 40));
}

/** A variable without a value on some path gets NULL where it is declared. */
function initialise(context: RuleContext, fn: FunctionText, style: Style, place: ReleasePlace): TextEdit | undefined {
  const { origin, kind, isArray, pointerDepth, typeText } = context.analysis.ir.variables[place.variable];
  if (kind !== 'local' || isArray || !fn.isAsWritten(origin.start, origin.end)) return undefined;
  if (pointerDepth === 0 && /\b(struct|union)\b/.test(typeText)) return undefined;
  if (!/^\s*[,;]/.test(fn.tree.text.slice(origin.end, origin.end + 40))) return undefined;
  return fn.replace(origin.end, origin.end, ` = ${style.nullPointer}`);
}
