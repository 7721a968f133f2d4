import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import type { Lowering } from './lowering.ts';

/** `(a) && b`, `(a) - b` and the like, which the grammar takes for a cast of `&&b` or `-b` where `a` may be a type. */
export interface MisreadCast {
  readonly left: NodeIndex;
  readonly operator: string;
  readonly right: NodeIndex;
}

/** A cast to something that is a variable or a macro's parameter here is no cast. */
export function misreadCast(l: Lowering, node: NodeIndex): MisreadCast | undefined {
  const type = l.child(node, Field.Type);
  const value = l.child(node, Field.Value);
  if (type === NO_NODE || value === NO_NODE || l.tree.next[type] !== type + 2) return undefined;
  const left = type + 1;
  if (l.kind(left) !== NodeKind.TypeIdentifier) return undefined;
  const name = l.text(left);
  const argument = l.frame.substitutions.get(name);
  const isValue = argument
    ? argument.frame.tree.kind[argument.node] !== NodeKind.TypeDescriptor
    : l.lookUp(name) !== undefined;
  if (!isValue) return undefined;
  // The grammar reads a sign as a part of the number: `(a) - 3` is the sum of `a` and of -3.
  if (l.kind(value) === NodeKind.NumberLiteral)
    return /^[+-]/.test(l.text(value)) ? { left, operator: '+', right: value } : undefined;
  const operator = l.operator(value);
  const right = l.child(value, Field.Argument);
  if (right === NO_NODE) return undefined;
  if (l.kind(value) === NodeKind.PointerExpression) {
    const inner = l.kind(right) === NodeKind.PointerExpression ? l.child(right, Field.Argument) : NO_NODE;
    if (operator === '&' && inner !== NO_NODE && l.operator(right) === '&')
      return { left, operator: '&&', right: inner };
    return { left, operator, right };
  }
  return l.kind(value) === NodeKind.UnaryExpression && (operator === '-' || operator === '+')
    ? { left, operator, right }
    : undefined;
}

const TYPEOF = /^(?:__)?typeof(?:__|_unqual)?$/;

/** `(typeof(x))(y)`, which the grammar takes for a call of what another call gives (GCC manual, "Referring to a Type with typeof"). */
export function isTypeofCast(l: Lowering, callee: NodeIndex): boolean {
  if (l.kind(callee) !== NodeKind.ParenthesizedExpression) return false;
  const type = l.unparenthesised(callee);
  if (l.kind(type) !== NodeKind.CallExpression) return false;
  const operator = l.child(type, Field.Function);
  return operator !== NO_NODE && l.kind(operator) === NodeKind.Identifier && TYPEOF.test(l.text(operator));
}

/** How tightly the operators bind (C17 6.5.5 to 6.5.14), those that bind least first. */
const OPERATORS = ['||', '&&', '|', '^', '&', '== !=', '< > <= >=', '<< >>', '+ -', '* / %'];
const BINDING: ReadonlyMap<string, number> = new Map(
  OPERATORS.flatMap((group, level) => group.split(' ').map((operator) => [operator, level])),
);

/**
 * The first operand of all in a chain of operations, where that is `(a) && b`, `(a) + b` or the like and binds less than what it is
 * an operand of: `(a) + b * c` is the sum of `a` and of a product.
 */
export function firstMisread(l: Lowering, node: NodeIndex): NodeIndex {
  const outer = BINDING.get(l.operator(node)) ?? -1;
  let first = node;
  while (first !== NO_NODE && l.kind(first) === NodeKind.BinaryExpression) first = l.child(first, Field.Left);
  if (first === NO_NODE || l.kind(first) !== NodeKind.CastExpression) return NO_NODE;
  first = innermostCast(l, first);
  if (isRegrouped(l, first)) return NO_NODE;
  const misread = misreadCast(l, first);
  return misread && BINDING.get(misread.operator)! < outer ? first : NO_NODE;
}

/** `(T)(a) + b`, which the grammar takes for `(T)((a)(+b))`: the cast at `node`, or the last of those that stand in front of it. */
export function innermostCast(l: Lowering, node: NodeIndex): NodeIndex {
  let cast = node;
  for (;;) {
    const value = l.child(cast, Field.Value);
    if (value === NO_NODE || l.kind(value) !== NodeKind.CastExpression) return cast;
    cast = value;
  }
}

export function isRegrouped({ regrouped, tree }: Lowering, cast: NodeIndex): boolean {
  return regrouped !== undefined && regrouped.cast === cast && regrouped.tree === tree;
}
