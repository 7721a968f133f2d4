import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { bare, type FunctionText } from './fixes/function-text.ts';

/** Statements in front of one that are looked at for tests that leave: further ones decide about other things. */
const MAXIMUM_SIBLINGS = 64;

/**
 * True when a place is guarded by a condition that has to do with the conditions under which a variable is assigned: they
 * name something in common, or the guard names what is assigned beside the variable. Then the paths on which the variable
 * has another value than the place expects are ruled out by more than can be followed, as a rule: a bit of a flag word
 * that is in a mask, a global that unknown code leaves alone.
 */
export function isGuardedAlike(fn: FunctionText, variable: string, place: NodeIndex): boolean {
  const guard = guardNames(fn, place);
  guard.delete(variable);
  if (guard.size === 0) return false;
  for (let node = 0; node < fn.tree.length; node++) {
    const target = assignedName(fn, node);
    if (target !== variable) continue;
    const related = guardNames(fn, node);
    addNamesAssignedBeside(fn, node, related);
    related.delete(variable);
    for (const name of related) if (guard.has(name) && !isComparedExactly(fn, name)) return true;
  }
  return false;
}

/**
 * A number that the function never writes, and does nothing with in its conditions but say that it is less than a constant, or
 * more: which of them hold together is known to every path.
 */
function isComparedExactly(fn: FunctionText, name: string): boolean {
  let isCompared = false;
  for (let node = 0; node < fn.tree.length; node++) {
    if (assignedName(fn, node) === name) return false;
    if (fn.kind(node) !== NodeKind.Identifier || fn.textOf(node) !== name) continue;
    const parent = fn.parent(node);
    if (fn.kind(parent) === NodeKind.UpdateExpression || fn.kind(parent) === NodeKind.PointerExpression) return false;
    if (isComparisonWithConstant(fn, parent, node)) isCompared = true;
    else if (isInCondition(fn, node)) return false;
  }
  return isCompared;
}

const ORDERS = /^(<|<=|>|>=)$/;

function isComparisonWithConstant(fn: FunctionText, node: NodeIndex, operand: NodeIndex): boolean {
  if (fn.kind(node) !== NodeKind.BinaryExpression) return false;
  const left = childByField(fn.tree, node, Field.Left);
  const right = childByField(fn.tree, node, Field.Right);
  if (!ORDERS.test(fn.textOf(childByField(fn.tree, node, Field.Operator)))) return false;
  const other = fn.kind(left === operand ? right : left);
  return other === NodeKind.NumberLiteral || other === NodeKind.CharLiteral || other === NodeKind.SizeofExpression;
}

/** A node stands in what decides where control goes. */
function isInCondition(fn: FunctionText, node: NodeIndex): boolean {
  let child = node;
  for (let parent = fn.parent(node); parent !== NO_NODE; child = parent, parent = fn.parent(parent)) {
    const kind = fn.kind(parent);
    if (kind === NodeKind.CompoundStatement) return false;
    if (childByField(fn.tree, parent, Field.Condition) === child && kind !== NodeKind.ForStatement) return true;
    if (kind === NodeKind.BinaryExpression && LOGICAL.test(fn.textOf(childByField(fn.tree, parent, Field.Operator))))
      return true;
  }
  return false;
}

const LOGICAL = /^(&&|\|\|)$/;

/**
 * True for `CHECK(set(&variable), 0)`: the result of what sets the variable goes to another call, which may end the
 * program when it is not the right one.
 */
export function isSetUnderAssertion(fn: FunctionText, variable: string): boolean {
  for (let node = 0; node < fn.tree.length; node++) {
    if (fn.kind(node) !== NodeKind.PointerExpression || fn.textOf(node).replace(/\s+/g, '') !== `&${variable}`)
      continue;
    let calls = 0;
    for (let parent = fn.parent(node); parent !== NO_NODE; parent = fn.parent(parent)) {
      const kind = fn.kind(parent);
      if (kind === NodeKind.CallExpression && ++calls > 1) return true;
      if (kind === NodeKind.ExpressionStatement || kind === NodeKind.CompoundStatement) break;
    }
  }
  return false;
}

/** The variable that an assignment or a declaration with a value sets, or a member or element of. */
function assignedName(fn: FunctionText, node: NodeIndex): string | undefined {
  const kind = fn.kind(node);
  if (kind === NodeKind.AssignmentExpression) return rootName(fn, childByField(fn.tree, node, Field.Left));
  if (kind === NodeKind.InitDeclarator) return rootName(fn, childByField(fn.tree, node, Field.Declarator));
  return undefined;
}

/** The first identifier in an lvalue or declarator. */
export function rootName(fn: FunctionText, node: NodeIndex): string | undefined {
  if (node === NO_NODE) return undefined;
  const inner = bare(fn, node);
  for (let each = inner; each < fn.tree.next[inner]; each++) {
    if (fn.kind(each) === NodeKind.Identifier) return fn.textOf(each);
  }
  return undefined;
}

/** The names in the conditions that decide whether control comes to a node. */
function guardNames(fn: FunctionText, node: NodeIndex): Set<string> {
  const names = new Set<string>();
  let child = node;
  for (let parent = fn.parent(node); parent !== NO_NODE; child = parent, parent = fn.parent(parent)) {
    switch (fn.kind(parent)) {
      case NodeKind.IfStatement:
      case NodeKind.WhileStatement:
      case NodeKind.ForStatement:
      case NodeKind.DoStatement:
      case NodeKind.SwitchStatement:
      case NodeKind.ConditionalExpression: {
        const condition = childByField(fn.tree, parent, Field.Condition);
        if (condition !== NO_NODE && condition !== child) addNames(fn, condition, names);
        break;
      }
      case NodeKind.BinaryExpression: {
        const left = childByField(fn.tree, parent, Field.Left);
        if (left !== NO_NODE && left !== child) addNames(fn, left, names);
        break;
      }
      case NodeKind.CompoundStatement:
      case NodeKind.CaseStatement:
        addEarlierExits(fn, parent, child, names);
        break;
      default:
        break;
    }
  }
  return names;
}

/** `if (c) return;` in front of a statement guards it as well. A goto may lead just there, and does not. */
function addEarlierExits(fn: FunctionText, list: NodeIndex, child: NodeIndex, names: Set<string>): void {
  const before = childrenOf(fn.tree, list).filter((each) => each < child);
  for (const sibling of before.slice(-MAXIMUM_SIBLINGS)) {
    if (fn.kind(sibling) !== NodeKind.IfStatement) continue;
    const consequence = childByField(fn.tree, sibling, Field.Consequence);
    const condition = childByField(fn.tree, sibling, Field.Condition);
    if (consequence === NO_NODE || condition === NO_NODE || !leaves(fn, consequence)) continue;
    addNames(fn, condition, names);
  }
}

function leaves(fn: FunctionText, statement: NodeIndex): boolean {
  switch (fn.kind(statement)) {
    case NodeKind.ReturnStatement:
    case NodeKind.BreakStatement:
    case NodeKind.ContinueStatement:
      return true;
    case NodeKind.CompoundStatement: {
      const last = childrenOf(fn.tree, statement).at(-1);
      return last !== undefined && leaves(fn, last);
    }
    default:
      return false;
  }
}

/** What the same list of statements assigns: a flag that tells later whether the variable was set. */
function addNamesAssignedBeside(fn: FunctionText, node: NodeIndex, names: Set<string>): void {
  let list = fn.parent(node);
  while (list !== NO_NODE && fn.kind(list) !== NodeKind.CompoundStatement) list = fn.parent(list);
  // The outermost block is the function: everything stands beside everything there.
  if (list === NO_NODE || fn.kind(fn.parent(list)) === NodeKind.FunctionDefinition) return;
  addNamesWritten(fn, list, names);
}

/** What statements assign to, declare with a value, or count. */
export function addNamesWritten(fn: FunctionText, within: NodeIndex, names: Set<string>): void {
  for (let each = within; each < fn.tree.next[within]; each++) {
    const name = assignedName(fn, each);
    if (name !== undefined) names.add(name);
    else if (fn.kind(each) === NodeKind.UpdateExpression) {
      const updated = rootName(fn, childByField(fn.tree, each, Field.Argument));
      if (updated !== undefined) names.add(updated);
    }
  }
}

/** The names in an expression, without constants and called functions. */
export function addNames(fn: FunctionText, node: NodeIndex, names: Set<string>): void {
  for (let each = node; each < fn.tree.next[node]; each++) {
    const kind = fn.kind(each);
    if (kind !== NodeKind.Identifier && kind !== NodeKind.FieldIdentifier) continue;
    const text = fn.textOf(each);
    // Constants and called functions are in many conditions that have nothing to do with one another.
    if (/^[A-Z0-9_]+$/.test(text) || isCallee(fn, each)) continue;
    names.add(text);
  }
}

function isCallee(fn: FunctionText, node: NodeIndex): boolean {
  const parent = fn.parent(node);
  return (
    parent !== NO_NODE &&
    fn.kind(parent) === NodeKind.CallExpression &&
    childByField(fn.tree, parent, Field.Function) === node
  );
}
