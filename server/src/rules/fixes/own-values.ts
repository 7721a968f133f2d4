import type { FunctionAnalysis } from '../../analysis/analyse-function.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { bare, type FunctionText } from './function-text.ts';
import { wholePlacePattern } from './place-pattern.ts';

/** Members of members of members are looked at no further. */
const MAXIMUM_DEPTH = 4;

/**
 * All that the function ever puts into a place that begins at a local variable is NULL, or what an allocator gives; and so of
 * what holds it. Nobody else is given the address.
 */
export function isOwnEverywhere(
  analysis: FunctionAnalysis,
  fn: FunctionText,
  place: string,
  allocators = allocatorsOf(analysis),
  depth = 0,
): boolean {
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
      if (kind === NodeKind.UpdateExpression) return false;
      if (fn.text[fn.start(node)] === '&' && !isFilled(fn, node, allocators)) return false;
      continue;
    } else continue;
    isAssigned = true;
    if (value === NO_NODE || !isOwnValue(fn, bare(fn, value), allocators)) return false;
  }
  const holder = place.replace(/(->|\.)\w+$/, '');
  return isAssigned && (holder === place || isOwnEverywhere(analysis, fn, holder, allocators, depth + 1));
}

/**
 * The same of a place that begins at a static variable of the file, which begins as NULL (C17 6.7.9p10): by the text of the
 * whole file, in which nobody takes its address, keeps its pointer elsewhere, or leaves it dangling.
 */
export function isOwnInFile(fn: FunctionText, place: string, allocators: ReadonlySet<string>): boolean {
  if (!/^[A-Za-z_]\w*(\.\w+)*$/.test(place)) return false;
  const [root] = place.split('.');
  const { file } = fn;
  const isPlain = file.has(new RegExp(`^static\\b[^;(){}=]*[\\s*]${root}\\s*;`, 'm'));
  const isWithType = file.has(new RegExp(`^static\\s+(struct|union)\\b\\s*\\w*\\s*\\{[^]*?^\\}\\s*${root}\\s*;`, 'm'));
  if (!isPlain && !isWithType) return false;
  const whole = wholePlacePattern(place);
  const isShown = file.has(new RegExp(`&\\s*${whole}(?!\\s*\\[)|&\\s*${root}\\b(?!\\s*[.\\w])|=\\s*${whole}\\s*[;,]`));
  const dangles = file.has(new RegExp(`\\w*free\\w*\\s*\\(\\s*${whole}\\s*\\)\\s*;(?!\\s*${whole}\\s*=)`, 'i'));
  if (isShown || dangles) return false;
  for (const [, value] of file.text.matchAll(new RegExp(`${whole}\\s*(?:[-+*/|&^%]|<<|>>)?=(?!=)\\s*([^;]*);`, 'g'))) {
    const callee = /^(?:\([\w\s*]+\)\s*)?(\w+)\s*\(/.exec(value)?.[1];
    if (!/^(NULL|nullptr|0)$/.test(value.trim()) && (callee === undefined || !allocators.has(callee))) return false;
  }
  return true;
}

/** The functions whose memory may be missing. */
function allocatorsOf(analysis: FunctionAnalysis): ReadonlySet<string> {
  return new Set([...analysis.holdings.values()].map(({ site }) => site.callee));
}

/** The address is given to a function that puts memory there: `asprintf(&text, …)`. */
function isFilled(fn: FunctionText, address: NodeIndex, allocators: ReadonlySet<string>): boolean {
  const list = fn.parent(address);
  if (list === NO_NODE || fn.kind(list) !== NodeKind.ArgumentList) return false;
  const callee = childByField(fn.tree, fn.parent(list), Field.Function);
  return callee !== NO_NODE && allocators.has(fn.textOf(callee));
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
