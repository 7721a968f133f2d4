import type { Flaw } from '../../analysis/flaws.ts';
import { allocationKey } from '../../analysis/recorded-paths.ts';
import type { ReleasePoints } from '../../analysis/release-points.ts';
import type { Fix } from '../../base/finding.ts';
import type { TextEdit } from '../../base/range.ts';
import type { Origin, Variable } from '../../ir/instructions.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { isInScope } from '../fixes/cleanup.ts';
import { deallocatorFor, deallocatorOfResult, takesNull } from '../fixes/deallocators.ts';
import { bare, type FunctionText, isPure, statementAt } from '../fixes/function-text.ts';
import { callStatement } from '../fixes/null-assignment.ts';
import { conditional } from '../fixes/null-check.ts';
import { isOwnEverywhere, isOwnInFile } from '../fixes/own-values.ts';
import { wholePlacePattern } from '../fixes/place-pattern.ts';
import { insertAtEnd, insertBefore, line, type NewLine } from '../fixes/statement-edits.ts';
import { type Style, styleOf } from '../fixes/style.ts';
import type { RuleContext } from '../rule.ts';
import { holderText } from './holder.ts';

type Leak = Extract<Flaw, { kind: 'leak' }>;

/** More exits than these are for a label, and for a person to arrange. */
const MAXIMUM_EXITS = 6;

/** Names for the variable that remembers what must be freed, whatever its pointer holds by then. */
const NAMES = ['to_free', 'allocated', 'owned_memory'];

/** Allocators whose result is not the memory. */
const OUT_ALLOCATORS = /^(v?asprintf|getline|getdelim|posix_memalign|getaddrinfo|\w*sprintf)$/;

/**
 * Repairs for where no point was found at which one place holds the memory on all paths. The place is freed where all that
 * the function ever puts there is memory of its own; else a variable of its own remembers the memory. Nothing on the way to
 * the loss may have freed the memory or shown it to others, and none of them is safe.
 */
export function leakAlternatives(
  context: RuleContext,
  fn: FunctionText,
  found: ReleasePoints,
  leaks: readonly Leak[],
): (() => Fix | undefined)[] {
  const style = styleOf(fn, context.neighbours());
  const key = allocationKey(leaks[0].allocation);
  const isOwn = leaks.length <= MAXIMUM_EXITS && leaks.every(({ at }) => found.isOwnAt(key, exitOf(fn, at.origin)));
  const asElsewhere = (): Fix | undefined => freeAsElsewhere(context, fn, style, leaks);
  const overwritten = (): Fix | undefined => freeOverwritten(context, fn, style, found, leaks);
  if (!isOwn) return [asElsewhere, overwritten];
  return [
    asElsewhere,
    overwritten,
    () => freeHolder(context, fn, style, leaks),
    () => rememberOwned(context, fn, style, leaks),
  ];
}

/** The statement with which another path frees the memory is written where this one loses it. */
function freeAsElsewhere(
  context: RuleContext,
  fn: FunctionText,
  style: Style,
  leaks: readonly Leak[],
): Fix | undefined {
  const { analysis } = context;
  const release = leaks.find((leak) => leak.release)?.release;
  if (!release || !leaks.every((leak) => leak.release)) return undefined;
  const call = callStatement(fn, release.origin, release.callee);
  const text = call && fn.textOf(call.statement);
  if (!call || text === undefined || text.includes('\n') || !call.arguments.every((each) => isPure(fn, each))) {
    return undefined;
  }
  const names = new Set(call.arguments.flatMap((each) => fn.textOf(each).match(/(?<![\w.>])[A-Za-z_]\w*/g) ?? []));
  const locals = analysis.ir.variables.filter(
    ({ name, kind }) => names.has(name) && (kind === 'local' || kind === 'parameter'),
  );
  const test = testAround(fn, call.statement, names);
  if (test === null || locals.some(({ name }) => isStored(fn, name))) return undefined;
  const lines = test === undefined ? [line(text)] : conditional(`if ${test}`, [text], style);
  const edits = atLosses(leaks, (leak) => {
    const { start } = leak.at.origin;
    if (!locals.every(({ id }) => isInScope(fn, analysis, id, start))) return undefined;
    return insertAtLoss(fn, leak, lines, style);
  });
  const where = context.lineOf(context.base + release.origin.start);
  return edits && { title: `Free it where it is lost, as on line ${where}`, safety: 'unsafe', edits };
}

/** Something else gets the variable's pointer on some path: who frees it then, is not known. */
function isStored(fn: FunctionText, name: string): boolean {
  const { tree } = fn;
  for (let node = 1; node < tree.length; node++) {
    const isAssignment = tree.kind[node] === NodeKind.AssignmentExpression;
    if (!isAssignment && tree.kind[node] !== NodeKind.InitDeclarator) continue;
    const value = childByField(tree, node, isAssignment ? Field.Right : Field.Value);
    if (value !== NO_NODE && fn.textOf(bare(fn, value)) === name) return true;
  }
  return false;
}

/** The condition on which alone a statement frees one of the names; null where it is not plain, undefined where there is none. */
function testAround(fn: FunctionText, statement: NodeIndex, names: ReadonlySet<string>): string | undefined | null {
  let inner = statement;
  for (let node = fn.parent(statement); node !== NO_NODE; inner = node, node = fn.parent(node)) {
    if (fn.kind(node) !== NodeKind.IfStatement) continue;
    const condition = childByField(fn.tree, node, Field.Condition);
    const mentioned: readonly string[] =
      condition === NO_NODE ? [] : (fn.textOf(condition).match(/[A-Za-z_]\w*/g) ?? []);
    if (!mentioned.some((name) => names.has(name))) continue;
    const body = childByField(fn.tree, node, Field.Consequence);
    const isAlone = inner === body && childByField(fn.tree, node, Field.Alternative) === NO_NODE;
    const isPlain = isAlone && isPure(fn, condition) && !fn.textOf(condition).includes('\n');
    const isOnly = body === statement || (body !== NO_NODE && childrenOf(fn.tree, body).length === 1);
    return isPlain && isOnly ? fn.textOf(condition) : null;
  }
  return undefined;
}

/** The statement that loses the memory, or the brace of the block whose end does. */
function exitOf(fn: FunctionText, { start, end }: Origin): Origin {
  if (fn.text[start] === '}') return { start, end };
  const statement = statementAt(fn, start);
  return statement === NO_NODE ? { start, end } : { start: fn.start(statement), end: fn.end(statement) };
}

/** Puts lines where a leak happens. */
function insertAtLoss(fn: FunctionText, { at }: Leak, lines: readonly NewLine[], style: Style): TextEdit[] | undefined {
  const { start } = at.origin;
  if (fn.text[start] !== '}') {
    const statement = statementAt(fn, start);
    return statement === NO_NODE ? undefined : insertBefore(fn, statement, lines, style);
  }
  for (let node = 0; node < fn.tree.length; node++) {
    if (fn.kind(node) === NodeKind.CompoundStatement && fn.end(node) === start + 1) {
      return insertAtEnd(fn, node, lines, style);
    }
  }
  return undefined;
}

function freeing(deallocator: string, place: string, style: Style, clears: boolean): NewLine[] {
  const call = `${deallocator}${style.spacesCalls ? ' ' : ''}(${place});`;
  const statements = clears ? [call, `${place} = ${style.nullPointer};`] : [call];
  if (takesNull(deallocator)) return statements.map((text) => line(text));
  return conditional(`if (${style.nullTest === '!p' ? place : `${place} != ${style.nullPointer}`})`, statements, style);
}

/** What is freed there may be lost again in the next turn. */
function isInLoop(fn: FunctionText, { at, manner }: Leak): boolean {
  if (manner === 'return' || manner === 'jump') return false;
  for (let node = statementAt(fn, at.origin.start); node !== NO_NODE; node = fn.parent(node)) {
    const kind = fn.kind(node);
    if (kind === NodeKind.ForStatement || kind === NodeKind.WhileStatement || kind === NodeKind.DoStatement)
      return true;
  }
  return false;
}

/** Edits at all losses, one for each exit; undefined where one cannot be made. */
function atLosses(leaks: readonly Leak[], edit: (leak: Leak) => TextEdit[] | undefined): TextEdit[] | undefined {
  const edits: TextEdit[] = [];
  const seen = new Set<number>();
  for (const leak of leaks) {
    if (seen.has(leak.at.origin.start)) continue;
    seen.add(leak.at.origin.start);
    const made = edit(leak);
    if (!made) return undefined;
    edits.push(...made);
  }
  return edits;
}

/** The place itself is freed: it holds memory of the function's own, or NULL, wherever control came from. */
function freeHolder(context: RuleContext, fn: FunctionText, style: Style, leaks: readonly Leak[]): Fix | undefined {
  const { ir } = context.analysis;
  const [{ allocation, family }] = leaks;
  const place = holderText(context, allocation);
  if (place === undefined || !isOwnEverywhere(context.analysis, fn, place)) return undefined;
  const root = /^[A-Za-z_]\w*/.exec(place)?.[0];
  const variable = ir.variables.find(({ name, kind }) => name === root && kind === 'local');
  if (!variable) return undefined;
  const deallocator = deallocatorFor(context, fn, place, variable, family, allocation);
  if (!deallocator) return undefined;
  const edits = atLosses(leaks, (leak) => {
    if (!isInScope(fn, context.analysis, variable.id, leak.at.origin.start)) return undefined;
    return insertAtLoss(fn, leak, freeing(deallocator.name, place, style, false), style);
  });
  return edits && { title: `Free '${place}' where it is lost`, safety: 'unsafe', edits };
}

/** Functions whose memory begins as zeros, so that its members are NULL. */
const ZEROING = /calloc|zalloc|alloc0|new0/i;

/**
 * `free(options.name);` in front of the assignment that may come again: all that the function, or the whole file for a static
 * variable, ever puts there is memory of its own, and it begins as NULL.
 */
function freeOverwritten(
  context: RuleContext,
  fn: FunctionText,
  style: Style,
  found: ReleasePoints,
  leaks: readonly Leak[],
): Fix | undefined {
  const { analysis } = context;
  if (!leaks.every(({ manner }) => manner === 'overwrite')) return undefined;
  const [{ allocation, family }] = leaks;
  const allocators = found.allocatingFunctions();
  let title: string | undefined;
  const edits = atLosses(leaks, (leak) => {
    const place = overwrittenPlace(fn, leak);
    const root = place && /^[A-Za-z_]\w*/.exec(place)?.[0];
    const variable = analysis.ir.variables.find(({ name }) => name === root);
    if (place === undefined || !variable || analysis.ir.variables.filter(({ name }) => name === root).length > 1)
      return undefined;
    const isOwn =
      variable.kind === 'local'
        ? isOwnEverywhere(analysis, fn, place, allocators) && beginsAsNull(fn, place, variable)
        : variable.kind !== 'parameter' && isOwnInFile(fn, place, allocators);
    const deallocator = isOwn ? deallocatorFor(context, fn, place, variable, family, allocation) : undefined;
    if (!deallocator || deallocator.takesAddress) return undefined;
    title ??= `Free '${place}' before it is overwritten`;
    return insertAtLoss(fn, leak, freeing(deallocator.name, place, style, false), style);
  });
  return edits && title !== undefined ? { title, safety: 'unsafe', edits } : undefined;
}

/** The place that the statement of a loss assigns to, without asking what stood there; undefined for other statements. */
function overwrittenPlace(fn: FunctionText, { at }: Leak): string | undefined {
  const statement = fn.text[at.origin.start] === '}' ? NO_NODE : statementAt(fn, at.origin.start);
  if (statement === NO_NODE || fn.kind(statement) !== NodeKind.ExpressionStatement) return undefined;
  const assignment = bare(fn, statement + 1);
  if (fn.kind(assignment) !== NodeKind.AssignmentExpression) return undefined;
  const left = childByField(fn.tree, assignment, Field.Left);
  const right = childByField(fn.tree, assignment, Field.Right);
  const place = fn.textOf(left);
  const isPlain = /^[A-Za-z_]\w*((->|\.)\w+)*$/.test(place) && fn.isAsWritten(fn.start(statement), fn.end(statement));
  return isPlain && !new RegExp(wholePlacePattern(place)).test(fn.textOf(right)) ? place : undefined;
}

/** A local variable, or a member of what a local variable alone holds, is NULL before anything is assigned to it. */
function beginsAsNull(fn: FunctionText, place: string, { origin, name }: Variable): boolean {
  const behind = fn.text.slice(origin.end, origin.end + 40);
  if (place === name) return /^\s*=\s*(NULL|nullptr|0)\s*[,;]/.test(behind);
  const holder = place.replace(/(->|\.)\w+$/, '');
  if (holder !== name) return false;
  if (place.startsWith(`${name}.`)) return /^\s*=\s*\{/.test(behind);
  const given = [...fn.text.matchAll(new RegExp(`${wholePlacePattern(name)}\\s*=(?!=)\\s*([^;]*);`, 'g'))];
  return given.length > 0 && given.every(([, value]) => ZEROING.test(value.split('(')[0]) || /^(NULL|0)$/.test(value));
}

/** `p = to_free = malloc(n);`, and `free(to_free);` where the memory is lost. */
function rememberOwned(context: RuleContext, fn: FunctionText, style: Style, leaks: readonly Leak[]): Fix | undefined {
  const [{ allocation, family }] = leaks;
  const { callee, origin, inner } = allocation;
  const call = fn.find(NodeKind.CallExpression, origin);
  if (call === NO_NODE || !fn.isAsWritten(origin.start, origin.end) || OUT_ALLOCATORS.test(callee)) return undefined;
  if (fn.textOf(childByField(fn.tree, call, Field.Function)) !== callee) return undefined;
  if (leaks.some(({ isStoredByCallee }) => isStoredByCallee)) return undefined;
  const returned = context.program.returnType(callee);
  if (returned === undefined ? inner.length > 0 : !returned.includes('*')) return undefined;
  const deallocator = deallocatorOfResult(context, family, allocation);
  const name = NAMES.find((candidate) => !new RegExp(`\\b${candidate}\\b`).test(fn.text));
  const body = childByField(fn.tree, 0, Field.Body);
  const first = body === NO_NODE ? undefined : childrenOf(fn.tree, body)[0];
  if (!deallocator || name === undefined || first === undefined) return undefined;
  const declared = insertBefore(fn, first, [line(`void *${name} = ${style.nullPointer};`)], style);
  const parent = fn.parent(call);
  const isWhole =
    (fn.kind(parent) === NodeKind.AssignmentExpression && childByField(fn.tree, parent, Field.Right) === call) ||
    (fn.kind(parent) === NodeKind.InitDeclarator && childByField(fn.tree, parent, Field.Value) === call);
  const kept = isWhole
    ? [fn.replace(origin.start, origin.start, `${name} = `)]
    : [fn.replace(origin.start, origin.start, `(${name} = `), fn.replace(origin.end, origin.end, ')')];
  const freed = atLosses(leaks, (leak) =>
    insertAtLoss(fn, leak, freeing(deallocator.name, name, style, isInLoop(fn, leak)), style),
  );
  if (!declared || !freed) return undefined;
  const title = `Remember what ${callee}() gives, and free it where it is lost`;
  return { title, safety: 'unsafe', edits: [...declared, ...kept, ...freed] };
}
