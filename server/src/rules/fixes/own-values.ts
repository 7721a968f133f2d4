import type { FunctionAnalysis } from '../../analysis/analyse-function.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { bare, type FunctionText } from './function-text.ts';

/** Members of members of members are looked at no further. */
const MAXIMUM_DEPTH = 4;

/**
 * All that the function ever puts into a place that begins at a local variable is NULL, or what an allocator gives; and so of
 * what holds it. Nobody else is given the address.
 */
export function isOwnEverywhere(analysis: FunctionAnalysis, fn: FunctionText, place: string, depth = 0): boolean {
  const allocators = new Set([...analysis.holdings.values()].map(({ site }) => site.callee));
  const root = /^[A-Za-z_]\w*/.exec(place)?.[0] ?? '';
  const isLocal = analysis.ir.variables.some(({ name, kind }) => name === root && kind === 'local');
  if (!isLocal || depth > MAXIMUM_DEPTH || !/^[A-Za-z_]\w*((->|\.)\w+)*$/.test(place)) return false;
  const { tree } = fn;
  let isAssigned = false;
  for (let node = 1; node < tree.length; node++) {
    const kind = tree.kind[node];
    let value = NO_NODE;
    if (kind === NodeKind.AssignmentExpression) {
      if (fn.textOf(childByField(tree, node, Field.Left)) !== place) continue;
      value = childByField(tree, node, Field.Right);
    } else if (kind === NodeKind.InitDeclarator) {
      const declared = childByField(tree, node, Field.Declarator);
      if (declared === NO_NODE || fn.textOf(declared).replace(/[\s*]/g, '') !== place) continue;
      value = childByField(tree, node, Field.Value);
    } else if (kind === NodeKind.PointerExpression || kind === NodeKind.UpdateExpression) {
      const argument = childByField(tree, node, Field.Argument);
      if (argument === NO_NODE || fn.textOf(bare(fn, argument)) !== place) continue;
      if (kind === NodeKind.UpdateExpression || fn.text[fn.start(node)] === '&') return false;
      continue;
    } else continue;
    isAssigned = true;
    if (value === NO_NODE || !isOwnValue(fn, bare(fn, value), allocators)) return false;
  }
  const holder = place.replace(/(->|\.)\w+$/, '');
  return isAssigned && (holder === place || isOwnEverywhere(analysis, fn, holder, depth + 1));
}

function isOwnValue(fn: FunctionText, value: NodeIndex, allocators: ReadonlySet<string>): boolean {
  if (/^(NULL|nullptr|0)$/.test(fn.textOf(value))) return true;
  const callee = fn.kind(value) === NodeKind.CallExpression ? childByField(fn.tree, value, Field.Function) : NO_NODE;
  return callee !== NO_NODE && allocators.has(fn.textOf(callee));
}

/** A variable's pointer is looked at, looked behind, reallocated, freed and returned, and nothing else. */
export function isKeptToItself(fn: FunctionText, name: string, reallocator: string): boolean {
  const { tree } = fn;
  for (let node = 1; node < tree.length; node++) {
    if (tree.kind[node] !== NodeKind.Identifier || fn.textOf(node) !== name) continue;
    if (!isHarmless(fn, node, reallocator)) return false;
  }
  return true;
}

function isHarmless(fn: FunctionText, mention: NodeIndex, reallocator: string): boolean {
  const { tree } = fn;
  let node = mention;
  let parent = fn.parent(node);
  while (parent !== NO_NODE && tree.kind[parent] === NodeKind.ParenthesizedExpression) {
    node = parent;
    parent = fn.parent(node);
  }
  if (parent === NO_NODE) return false;
  switch (tree.kind[parent]) {
    case NodeKind.AssignmentExpression:
      return childByField(tree, parent, Field.Left) === node;
    case NodeKind.InitDeclarator:
      return childByField(tree, parent, Field.Declarator) === node;
    case NodeKind.SubscriptExpression:
      return childByField(tree, parent, Field.Argument) === node && !isAddressOf(fn, fn.parent(parent));
    case NodeKind.FieldExpression:
      return !isAddressOf(fn, fn.parent(parent));
    case NodeKind.PointerExpression:
      return !isAddressOf(fn, parent) || tree.field[node] === Field.Declarator;
    case NodeKind.BinaryExpression: {
      const operator = childByField(tree, parent, Field.Operator);
      return operator !== NO_NODE && /^([!=]=|&&|\|\|)$/.test(fn.textOf(operator));
    }
    case NodeKind.ArgumentList: {
      const callee = childByField(tree, fn.parent(parent), Field.Function);
      return callee !== NO_NODE && [reallocator, 'free'].includes(fn.textOf(callee));
    }
    case NodeKind.UnaryExpression:
    case NodeKind.IfStatement:
    case NodeKind.WhileStatement:
    case NodeKind.ReturnStatement:
    case NodeKind.PointerDeclarator:
    case NodeKind.Declaration:
      return true;
    default:
      return false;
  }
}

function isAddressOf(fn: FunctionText, node: NodeIndex): boolean {
  return node !== NO_NODE && fn.kind(node) === NodeKind.PointerExpression && fn.text[fn.start(node)] === '&';
}
