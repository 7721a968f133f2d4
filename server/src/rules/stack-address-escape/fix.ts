import type { StackEscape } from '../../analysis/flaws.ts';
import type { Fix } from '../../base/finding.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE } from '../../syntax/syntax-arrays.ts';
import { FunctionText } from '../fixes/function-text.ts';
import type { RuleContext } from '../rule.ts';

/**
 * A local array that is returned can live as long as the program. Unsafe: the next call writes over it, and so does
 * another thread; memory of the caller's is often the better way.
 */
export function stackAddressEscapeFixes(context: RuleContext, flaw: StackEscape): Fix[] {
  const { variable, holder } = flaw;
  if (variable === undefined || holder !== 'returned') return [];
  const { name, kind, isArray, origin } = context.analysis.ir.variables[variable];
  if (kind !== 'local' || !isArray) return [];
  const fn = new FunctionText(context);
  const named = fn.find(NodeKind.Identifier, origin);
  const declaration = fn.enclosing(named, new Set([NodeKind.Declaration]));
  if (named === NO_NODE || declaration === NO_NODE || !fn.isAsWritten(fn.start(declaration), fn.end(declaration)))
    return [];
  // One array of a constant size and without a value: a static one begins as zeros, and its value is set once only.
  const declarators = childrenOf(fn.tree, declaration).filter((node) => fn.tree.field[node] === Field.Declarator);
  if (declarators.length !== 1 || fn.kind(declarators[0]) !== NodeKind.ArrayDeclarator) return [];
  const size = childByField(fn.tree, declarators[0], Field.Size);
  if (size === NO_NODE || !/^(\d+|[A-Z][A-Z0-9_]*)(\s*[+*]\s*(\d+|[A-Z][A-Z0-9_]*))*$/.test(fn.textOf(size))) return [];
  const start = fn.start(declaration);
  return [{ title: `Make '${name}' static`, safety: 'unsafe', edits: [fn.replace(start, start, 'static ')] }];
}
