import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import type { Lowering } from './lowering.ts';
import { macroFor } from './macro-inlining.ts';

/*
 * `(handle) &request`, which the grammar takes for a conjunction of bits where nothing in sight says that `handle` is a type.
 */

/** The operator of what is a conjunction of bits or, just as well, a cast address. */
export const ADDRESS_OR_BITS = '(&)';

/**
 * The variable whose address is cast, where it cannot be otherwise, or NO_NODE: bits are those of numbers (C17 6.5.10), which the
 * variable is not.
 */
export function addressInCast(l: Lowering, node: NodeIndex): NodeIndex {
  const right = l.child(node, Field.Right);
  if (!mayBeAddressInCast(l, node) || l.kind(right) !== NodeKind.Identifier) return NO_NODE;
  const variable = l.frame.substitutions.has(l.text(right)) ? undefined : l.lookUp(l.text(right));
  if (variable === undefined) return NO_NODE;
  const { isArray, pointerDepth, typeText } = l.variables[variable];
  return isArray || pointerDepth > 0 || /\b(?:struct|union)\b/.test(typeText) ? right : NO_NODE;
}

const ADDRESSABLE: ReadonlySet<number> = new Set([
  NodeKind.Identifier,
  NodeKind.FieldExpression,
  NodeKind.SubscriptExpression,
]);

/** True where a place stands behind `&`, and a name in parentheses in front of it that may be a type's. */
export function mayBeAddressInCast(l: Lowering, node: NodeIndex): boolean {
  if (l.operator(node) !== '&' || !ADDRESSABLE.has(l.kind(l.child(node, Field.Right)))) return false;
  const left = l.child(node, Field.Left);
  const inner = l.unparenthesised(left);
  return inner !== left && l.kind(inner) === NodeKind.Identifier && mayBeType(l, l.text(inner));
}

/** Nothing in sight says that the name is another thing than a type. */
function mayBeType(l: Lowering, name: string): boolean {
  if (l.frame.substitutions.has(name) || macroFor(l, name) || l.environment.constant(name) !== undefined) return false;
  const variable = l.lookUp(name);
  if (variable !== undefined && l.variables[variable].kind !== 'global') return false;
  return l.environment.fileVariable(name) === undefined && !l.environment.isFunction(name);
}
