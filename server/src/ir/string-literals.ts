import { NodeKind } from '../syntax/generated/node-kinds.ts';
import { childrenOf, type NodeIndex } from '../syntax/syntax-arrays.ts';
import type { Lowering } from './lowering.ts';
import { enterMacro, macroFor } from './macro-inlining.ts';

/** More is not put together of macros: what a format asks for stands in the beginning. */
const MAXIMUM_LENGTH = 4096;

/** A string literal as text, with those macros written out in it that are strings themselves: `ADDRESS " = %s\n"`. */
export function textOfString(l: Lowering, node: NodeIndex): string {
  if (l.kind(node) !== NodeKind.ConcatenatedString) return l.text(node);
  const parts = childrenOf(l.tree, node).map((child) => {
    const text = l.text(child);
    return l.kind(child) === NodeKind.Identifier ? (textOfMacro(l, text, child) ?? text) : text;
  });
  const text = parts.join(' ');
  return text.length > MAXIMUM_LENGTH ? l.text(node) : text;
}

function textOfMacro(l: Lowering, name: string, node: NodeIndex): string | undefined {
  const macro = l.frame.substitutions.has(name) ? undefined : macroFor(l, name);
  if (macro?.kind !== 'expression' || macro.parameters !== undefined) return undefined;
  return enterMacro(l, name, macro, [], node, () => {
    const body = l.unparenthesised(macro.body);
    const isString = l.kind(body) === NodeKind.StringLiteral || l.kind(body) === NodeKind.ConcatenatedString;
    return isString ? textOfString(l, body) : undefined;
  });
}
