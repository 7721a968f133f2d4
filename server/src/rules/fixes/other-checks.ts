import type { Holdings } from '../../analysis/holdings.ts';
import type { Site } from '../../analysis/state.ts';
import type { Fix } from '../../base/finding.ts';
import type { TextEdit } from '../../base/range.ts';
import type { Origin } from '../../ir/instructions.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import type { RuleContext } from '../rule.ts';
import { bare, type FunctionText, isPure, statementOf } from './function-text.ts';
import { conditional, failureBranch, nullTest } from './null-check.ts';
import { insertBefore, line, type NewLine } from './statement-edits.ts';
import { assertionFor, stopStatements } from './stops.ts';
import { type Style, styleOf } from './style.ts';

/** A pointer that may be NULL where something looks behind it. */
export interface DoubtfulPointer {
  readonly pointer: Origin;
  /** Where it came from, or where it is used. */
  readonly site: Site;
  /** What the function holds there, if that is known. */
  readonly holdings: Holdings | undefined;
  /** That the function may fail on its own account is known from a test. */
  readonly isTested: boolean;
  /** No allocation failed: that the pointer may be NULL the function says itself, so that it can do as it does then. */
  readonly isOwnDoubt: boolean;
}

/** Where a check can be put, and of what. */
export interface Spot {
  readonly places: readonly string[];
  /** The edits that put lines there; undefined where that cannot be done well. */
  insert(lines: readonly NewLine[]): TextEdit[] | undefined;
}

/**
 * Checks for where the function's own way to fail is not known, or would surprise its callers: the file's assertion, or
 * what it does when memory is short, or `abort()`. Behind the allocation if there is a statement to put it behind, else
 * in front of the first use. What a program should do then is for its author to say, so none of them is safe.
 */
export function alternativeChecks(
  context: RuleContext,
  fn: FunctionText,
  subject: DoubtfulPointer,
  behindAllocation: Spot | undefined,
): (() => Fix | undefined)[] {
  const neighbours = context.neighbours();
  const style = styleOf(fn, neighbours);
  const use = beforeUse(context, fn, subject, style);
  const spots = [behindAllocation, use?.spot].filter((spot) => spot !== undefined);
  const returning = (): Fix | undefined => use && checkBeforeUse(context, fn, subject, style, use);
  const asserting = spots.map((spot) => () => {
    const texts = spot.places.map((place) => assertionFor(fn, neighbours, context.file, place));
    const lines = texts.flatMap((text) => (text === undefined ? [] : [line(text)]));
    return lines.length === spot.places.length ? fixAt(spot, lines, '') : undefined;
  });
  const stopping = spots.map((spot) => () => {
    const statements = stopStatements(fn, neighbours);
    const name = /\w+(?=\s*\([^(]*$)/.exec(statements?.at(-1) ?? '')?.[0];
    if (!statements || name === undefined) return undefined;
    const lines = conditional(`if (${nullTest(spot.places, style)})`, statements, style);
    return fixAt(spot, lines, `, and ${name}()`);
  });
  if (subject.isOwnDoubt) return [returning];
  return [...asserting, ...(subject.isTested || !behindAllocation ? [returning] : []), ...stopping];
}

function fixAt(spot: Spot, lines: readonly NewLine[], what: string): Fix | undefined {
  const edits = spot.insert(lines);
  const names = spot.places.map((place) => `'${place}'`).join(' and ');
  return edits && { title: `Check ${names} for NULL${what}`, safety: 'unsafe', edits };
}

interface Use {
  readonly spot: Spot;
  readonly statement: NodeIndex;
}

/** The place in front of the statement that uses the memory first, where its pointer has a name. */
function beforeUse(context: RuleContext, fn: FunctionText, subject: DoubtfulPointer, style: Style): Use | undefined {
  const place = pointerPlace(fn, subject.pointer);
  if (place === undefined) return undefined;
  const text = fn.textOf(place);
  const statement = statementOf(fn, place);
  if (statement === NO_NODE || text.includes('\n') || fn.kind(statement) === NodeKind.CaseStatement) return undefined;
  // The name must mean in front of the statement what it means within.
  const [root] = /[A-Za-z_]\w*/.exec(text) ?? [];
  if (root === undefined || isWrittenWithin(fn, statement, place, root)) return undefined;
  const isConstant = /^[A-Z][A-Z0-9_]*$/.test(root) && !context.analysis.ir.variables.some(({ name }) => name === root);
  if (isConstant || fn.file.definesMacro(root)) return undefined;
  if (isInHeadAround(fn, statement, subject.site.origin.start)) return undefined;
  return { statement, spot: { places: [text], insert: (lines) => insertBefore(fn, statement, lines, style) } };
}

/** The head of a loop around the statement holds the offset: a check in its body would be made in every turn. */
function isInHeadAround(fn: FunctionText, statement: NodeIndex, offset: number): boolean {
  for (let node = fn.parent(statement); node !== NO_NODE; node = fn.parent(node)) {
    const body = childByField(fn.tree, node, Field.Body);
    const isLoop = fn.kind(node) === NodeKind.ForStatement || fn.kind(node) === NodeKind.WhileStatement;
    if (isLoop && body !== NO_NODE && offset >= fn.start(node) && offset < fn.start(body)) return true;
  }
  return false;
}

/** The expression that holds the pointer: of `(char *)p`, `p++`, `&p->name` and `&p[3]` it is `p`. */
function pointerPlace(fn: FunctionText, pointer: Origin): NodeIndex | undefined {
  if (!fn.isAsWritten(pointer.start, pointer.end)) return undefined;
  const { tree } = fn;
  let node = 0;
  while (node < tree.length && (tree.start[node] !== pointer.start || tree.end[node] !== pointer.end)) node++;
  if (node >= tree.length) return undefined;
  for (let steps = 0; steps < 16; steps++) {
    node = bare(fn, node);
    const argument = childByField(tree, node, Field.Argument);
    switch (tree.kind[node]) {
      case NodeKind.Identifier:
      case NodeKind.SubscriptExpression:
        return isPure(fn, node) ? node : undefined;
      case NodeKind.FieldExpression:
        return isPure(fn, node) ? node : undefined;
      case NodeKind.UpdateExpression:
        if (argument === NO_NODE) return undefined;
        node = argument;
        break;
      case NodeKind.BinaryExpression: {
        const left = childByField(tree, node, Field.Left);
        if (left === NO_NODE) return undefined;
        node = left;
        break;
      }
      case NodeKind.PointerExpression: {
        if (argument === NO_NODE) return undefined;
        if (tree.text[tree.start[node]] === '*') return isPure(fn, node) ? node : undefined;
        const inner = bare(fn, argument);
        const holder = childByField(tree, inner, Field.Argument);
        if (holder === NO_NODE) return undefined;
        if (
          tree.kind[inner] === NodeKind.FieldExpression &&
          !fn.textOf(inner).slice(fn.textOf(holder).length).trimStart().startsWith('->')
        ) {
          return undefined;
        }
        node = holder;
        break;
      }
      default:
        return undefined;
    }
  }
  return undefined;
}

/** The statement gives the name another meaning in front of the place: it declares it, or assigns to it. */
function isWrittenWithin(fn: FunctionText, statement: NodeIndex, place: NodeIndex, root: string): boolean {
  for (let node = statement; node < fn.tree.next[statement] && fn.start(node) < fn.end(place); node++) {
    let target = NO_NODE;
    if (fn.kind(node) === NodeKind.AssignmentExpression) target = childByField(fn.tree, node, Field.Left);
    else if (fn.tree.field[node] === Field.Declarator) target = node;
    if (target === NO_NODE || fn.isWithin(place, target)) continue;
    if (/[A-Za-z_]\w*/.exec(fn.textOf(target))?.[0] === root) return true;
  }
  return false;
}

/** The check in front of the first use, with the function's way to fail. */
function checkBeforeUse(
  context: RuleContext,
  fn: FunctionText,
  subject: DoubtfulPointer,
  style: Style,
  { spot, statement }: Use,
): Fix | undefined {
  const { analysis } = context;
  const { site, holdings = nothingHeld(site) } = subject;
  const position = fn.start(statement);
  const neighbours = context.neighbours();
  const branch = failureBranch(fn, analysis, neighbours, holdings, statement, position, spot.places, style);
  const isVoid = analysis.ir.returnType.trim() === 'void';
  if (!branch || (branch.isNewFailure && !(subject.isOwnDoubt && isVoid))) return undefined;
  return fixAt(spot, conditional(`if (${nullTest(spot.places, style)})`, branch.statements, style), '');
}

function nothingHeld(site: Site): Holdings {
  return { site, variables: new Map(), parts: new Map(), danglesOutside: false };
}
