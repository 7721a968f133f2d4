import type { Flaw } from '../../analysis/flaws.ts';
import type { Holding, Holdings } from '../../analysis/holdings.ts';
import { siteKey } from '../../analysis/state.ts';
import type { TextEdit } from '../../base/range.ts';
import type { VariableId } from '../../ir/instructions.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { deallocatorOf, freeingCall, isInScope } from '../fixes/cleanup.ts';
import { FunctionText, statementOf } from '../fixes/function-text.ts';
import { insertBefore, line } from '../fixes/statement-edits.ts';
import { type Style, styleOf } from '../fixes/style.ts';
import { type Repair, type RuleContext, refuse } from '../rule.ts';

type Leak = Extract<Flaw, { kind: 'leak' }>;
type Held = Extract<Holding, { allocation: unknown }>;

/** More places than this are not repaired at once. */
const MAXIMUM_PLACES = 12;
/** Deallocators that do nothing when they are given NULL (C17 7.22.3.3, and the manuals of the libraries). */
const TAKES_NULL = new Set([
  'free',
  'g_free',
  'sqlite3_free',
  'git__free',
  'kfree',
  'zfree',
  'curl_free',
  'cJSON_Delete',
]);

/** A free that is missing at one place. */
interface Missing {
  readonly edits: readonly TextEdit[];
  readonly name: string;
  readonly isSafe: boolean;
}

/** The missing free in front of every return, and every assignment, that loses the memory. */
export function memoryLeakFixes(context: RuleContext, leaks: readonly Leak[]): Repair {
  const fn = new FunctionText(context);
  const style = styleOf(fn, context.neighbours());
  const edits: TextEdit[] = [];
  const done = new Set<number>();
  let isSafe = !context.analysis.isIncomplete;
  let name = '';
  for (const leak of leaks) {
    if (done.has(leak.at.origin.start)) continue;
    done.add(leak.at.origin.start);
    if (done.size > MAXIMUM_PLACES) return refuse('the memory is lost in too many places');
    const missing = missingFree(context, fn, style, leak);
    if (!('edits' in missing)) return missing;
    edits.push(...missing.edits);
    if (!missing.isSafe) isSafe = false;
    name ||= missing.name;
  }
  const where = leaks[0].manner === 'return' ? 'before the return' : 'before it is overwritten';
  const title = done.size > 1 ? `Free '${name}' where it is lost` : `Free '${name}' ${where}`;
  return { fixes: [{ title, safety: isSafe ? 'safe' : 'unsafe', edits }] };
}

function missingFree(context: RuleContext, fn: FunctionText, style: Style, leak: Leak): Missing | Repair {
  if (leak.manner === 'return') return beforeReturn(context, fn, style, leak);
  if (leak.manner === 'overwrite') return beforeAssignment(context, fn, style, leak);
  return refuse('neither a return nor an assignment loses the memory');
}

function beforeReturn(context: RuleContext, fn: FunctionText, style: Style, leak: Leak): Missing | Repair {
  const { analysis } = context;
  const { allocation, at, release } = leak;
  const holdings = analysis.exitHoldings.get(at.block);
  const found = holdings && holderOf(fn, context, holdings, allocation.id);
  if (!holdings || !found) return refuse('no variable holds the memory on all paths to the return');
  const [id, holding] = found;
  const { name, kind, cleanup } = analysis.ir.variables[id];
  if ((kind !== 'local' && kind !== 'parameter') || cleanup !== undefined) {
    return refuse('no local variable holds the memory');
  }
  if (!isInScope(fn, analysis, id, at.origin.start)) return refuse('the variable is not in scope at the return');
  // What the block holds is lost with it, or freed by somebody else: either is for a human to say.
  if ([...holdings.parts.keys()].some((part) => part.startsWith(`${name}->`) || part.startsWith(`${name}[`))) {
    return refuse('the block holds other memory');
  }
  if (holding.kind === 'shared' && !release) return refuse('others know the memory');
  const deallocator = deallocatorOf(fn, name, holding.family, allocation);
  if (!deallocator) return refuse('the function that frees the memory is not known');
  if (holding.mayBeNull && !TAKES_NULL.has(deallocator.name)) return refuse('the pointer may be NULL at the return');
  const isSafe = holding.kind === 'owned' && !release && deallocator.isCertain;
  const call = callOf(deallocator.name, name, style);
  if (at.origin.start === analysis.ir.closing.start) {
    return { edits: [inFrontOfBrace(fn, at.origin.start, call, style)], name, isSafe };
  }
  const statement = fn.find(NodeKind.ReturnStatement, at.origin);
  if (statement === NO_NODE) return refuse('the return stands in a macro');
  if (mentions(fn, statement, name)) return refuse('the return still needs the memory');
  const edits = insertBefore(fn, statement, [line(call)], style);
  return edits ? { edits, name, isSafe } : refuse('there is no place for a statement');
}

/** The variable that holds the memory of an allocation on all paths, or NULL; of several the one that is freed elsewhere. */
function holderOf(
  fn: FunctionText,
  context: RuleContext,
  holdings: Holdings,
  allocation: number,
): [VariableId, Held] | undefined {
  const held: [VariableId, Held][] = [];
  for (const [id, holding] of holdings.variables) {
    if (holding.kind !== 'owned' && holding.kind !== 'shared') continue;
    if (holding.allocation.id === allocation || holding.others?.includes(allocation)) held.push([id, holding]);
  }
  const isFreed = ([id]: [VariableId, Held]): boolean =>
    freeingCall(fn, context.analysis.ir.variables[id].name, 0) !== undefined;
  return held.find(isFreed) ?? held.at(0);
}

function beforeAssignment(context: RuleContext, fn: FunctionText, style: Style, leak: Leak): Missing | Repair {
  const { analysis } = context;
  const { allocation, at, release, family } = leak;
  const left = fn.find(NodeKind.Identifier, at.origin);
  const assignment = left === NO_NODE ? NO_NODE : fn.parent(left);
  if (assignment === NO_NODE || fn.kind(assignment) !== NodeKind.AssignmentExpression) {
    return refuse('no plain assignment to a variable loses the memory');
  }
  const statement = statementOf(fn, assignment);
  const right = childByField(fn.tree, assignment, Field.Right);
  if (fn.parent(assignment) !== statement || right === NO_NODE) {
    return refuse('the assignment is a part of a larger expression');
  }
  const name = fn.textOf(left);
  const variable = analysis.ir.variables.find((each) => each.name === name && each.kind === 'local');
  if (!variable || variable.pointerDepth === 0 || variable.cleanup !== undefined) {
    return refuse('no local variable holds the memory');
  }
  if (!isInScope(fn, analysis, variable.id, fn.start(statement))) {
    return refuse('no local variable holds the memory');
  }
  if (mentions(fn, right, name)) return refuse('the new value is made of the old one');
  if (analysis.foreignOverwrites.has(siteKey(at.block, at.instruction))) {
    return refuse('on some paths the variable holds something else');
  }
  const deallocator = deallocatorOf(fn, name, family, allocation);
  if (!deallocator) return refuse('the function that frees the memory is not known');
  if (!TAKES_NULL.has(deallocator.name)) return refuse('the pointer may be NULL at the assignment');
  const edits = insertBefore(fn, statement, [line(callOf(deallocator.name, name, style))], style);
  const isSafe = !release && deallocator.isCertain;
  return edits ? { edits, name, isSafe } : refuse('there is no place for a statement');
}

function mentions(fn: FunctionText, node: NodeIndex, name: string): boolean {
  return new RegExp(`\\b${name}\\b`).test(fn.textOf(node));
}

function callOf(deallocator: string, place: string, style: Style): string {
  return `${deallocator}${style.spacesCalls ? ' ' : ''}(${place});`;
}

/** A line in front of the brace that closes the function. */
function inFrontOfBrace(fn: FunctionText, brace: number, call: string, style: Style): TextEdit {
  const start = fn.lineStart(brace);
  const before = fn.text.slice(start, brace);
  if (before.trim() !== '') return fn.replace(brace, brace, `${call} `);
  return fn.replace(start, start, `${before}${style.unit}${call}${style.lineBreak}`);
}
