import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import type { Lowering } from './lowering.ts';
import { macroFor } from './macro-inlining.ts';

/**
 * `(handle) &request`, which the grammar takes for a conjunction of bits where nothing in sight says that `handle` is a type: the
 * variable whose address is cast, or NO_NODE. Bits are those of numbers (C17 6.5.10), which the variable is not.
 */
export function addressInCast(l: Lowering, node: NodeIndex): NodeIndex {
  if (l.operator(node) !== '&') return NO_NODE;
  const left = l.child(node, Field.Left);
  const right = l.child(node, Field.Right);
  if (left === NO_NODE || l.kind(left) !== NodeKind.ParenthesizedExpression) return NO_NODE;
  const type = l.unparenthesised(left);
  if (l.kind(type) !== NodeKind.Identifier || l.kind(right) !== NodeKind.Identifier) return NO_NODE;
  const name = l.text(type);
  if (l.frame.substitutions.has(name) || l.lookUp(name) !== undefined || macroFor(l, name)) return NO_NODE;
  if (l.environment.fileVariable(name) !== undefined || l.environment.constant(name) !== undefined) return NO_NODE;
  const variable = l.frame.substitutions.has(l.text(right)) ? undefined : l.lookUp(l.text(right));
  if (variable === undefined) return NO_NODE;
  const { isArray, pointerDepth, typeText } = l.variables[variable];
  return isArray || pointerDepth > 0 || /\b(?:struct|union)\b/.test(typeText) ? right : NO_NODE;
}
