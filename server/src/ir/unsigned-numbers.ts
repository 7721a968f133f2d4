import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { constant, named } from './emit.ts';
import { typeOfDescriptor, typeOfExpression } from './expression-types.ts';
import type { Register } from './instructions.ts';
import type { Lowering } from './lowering.ts';
import type { TypeTerm } from './type-terms.ts';

/*
 * Integers are signed where they are analysed. What C says of unsigned ones (C17 6.2.5p9, 6.3.1.3) is brought in where it
 * shows in the text: at operators whose operands are unsigned by their types.
 */

/** Bits of the unsigned types, as in the System V ABI for AMD64. */
const UNSIGNED_BITS = new Map([
  ['unsigned char', 8],
  ['unsigned short', 16],
  ['unsigned int', 32],
  ['unsigned long', 64],
  ['unsigned long long', 64],
  ['size_t', 64],
  ['uintptr_t', 64],
  ['uintmax_t', 64],
  ['uint8_t', 8],
  ['uint16_t', 16],
  ['uint32_t', 32],
  ['uint64_t', 64],
  ['guint', 32],
  ['gulong', 64],
  ['gsize', 64],
  ['guint8', 8],
  ['guint16', 16],
  ['guint32', 32],
  ['guint64', 64],
]);

/** Macros of the standard headers for the largest number of an unsigned type (C17 5.2.4.2.1, 7.20.2), and GLib's. */
const MAXIMUM_NAMES = new Map([
  ['UINT_MAX', 32],
  ['ULONG_MAX', 64],
  ['ULLONG_MAX', 64],
  ['SIZE_MAX', 64],
  ['UINTPTR_MAX', 64],
  ['UINTMAX_MAX', 64],
  ['UINT8_MAX', 8],
  ['UINT16_MAX', 16],
  ['UINT32_MAX', 32],
  ['UINT64_MAX', 64],
  ['G_MAXUINT', 32],
  ['G_MAXULONG', 64],
  ['G_MAXSIZE', 64],
  ['G_MAXUINT8', 8],
  ['G_MAXUINT16', 16],
  ['G_MAXUINT32', 32],
  ['G_MAXUINT64', 64],
]);

/** `(unsigned)-1 == n` is asked of results that are told as -1: only these operators take the number for a large one. */
const ORDERING = new Set(['<', '>', '<=', '>=', '/', '%', '>>', '*']);
const MIRRORED = new Map([
  ['<', '>'],
  ['>', '<'],
  ['<=', '>='],
  ['>=', '<='],
]);

function bitsOf(type: TypeTerm): number {
  return type.kind === 'named' ? (UNSIGNED_BITS.get(type.name) ?? 0) : 0;
}

/** How many bits an operand has whose type is unsigned in the text; 0 for all others. */
function unsignedBits(l: Lowering, node: NodeIndex): number {
  const inner = l.unparenthesised(node);
  if (l.kind(inner) === NodeKind.NumberLiteral) {
    const [, suffix = ''] = /([uUlL]*)$/.exec(l.text(inner)) ?? [];
    return /u/i.test(suffix) ? (/l/i.test(suffix) ? 64 : 32) : 0;
  }
  if (l.kind(inner) === NodeKind.UnaryExpression && l.operator(inner) !== '!') {
    const bits = unsignedBits(l, l.child(inner, Field.Argument));
    // Smaller types become int first (C17 6.3.1.1p2).
    return bits < 32 ? 0 : bits;
  }
  if (l.kind(inner) === NodeKind.BinaryExpression) return unsignedBitsOfArithmetic(l, inner);
  return bitsOf(typeOfExpression(l, inner));
}

/** `n + 1` is as unsigned as `n` is, where that is no smaller than an int (C17 6.3.1.8). */
function unsignedBitsOfArithmetic(l: Lowering, node: NodeIndex): number {
  if (!/^[-+*]$/.test(l.operator(node))) return 0;
  let most = 0;
  for (const field of [Field.Left, Field.Right]) {
    const operand = l.unparenthesised(l.child(node, field));
    const isInt =
      operand !== NO_NODE && l.kind(operand) === NodeKind.NumberLiteral && /^\d{1,9}$/.test(l.text(operand));
    const bits = isInt || operand === NO_NODE ? 0 : unsignedBits(l, operand);
    // Of an operand whose type does not show it may be larger, and signed.
    if (!isInt && bits < 32) return 0;
    most = Math.max(most, bits);
  }
  return most;
}

/** Of how many bits an expression is the largest number, by its spelling: `~0u`, `(size_t)-1`, `SIZE_MAX`; 0 for all others. */
function maximumBits(l: Lowering, node: NodeIndex): number {
  const inner = l.unparenthesised(node);
  switch (l.kind(inner)) {
    case NodeKind.Identifier: {
      const name = l.text(inner);
      return l.lookUp(name) === undefined && !l.frame.substitutions.has(name) ? (MAXIMUM_NAMES.get(name) ?? 0) : 0;
    }
    case NodeKind.NumberLiteral:
      return /^-1[uU]/.test(l.text(inner)) ? unsignedBits(l, inner) : 0;
    case NodeKind.UnaryExpression: {
      const argument = l.unparenthesised(l.child(inner, Field.Argument));
      if (argument === NO_NODE || l.operator(inner) !== '~') return 0;
      const operand = l.kind(argument) === NodeKind.CastExpression ? l.child(argument, Field.Value) : argument;
      return operand !== NO_NODE && /^0[uUlL]*$/.test(l.text(l.unparenthesised(operand))) ? unsignedBits(l, inner) : 0;
    }
    case NodeKind.CastExpression: {
      const value = l.child(inner, Field.Value);
      if (value === NO_NODE || !/^(-\s*1|~\s*0)[lL]*$/.test(l.text(l.unparenthesised(value)))) return 0;
      const bits = bitsOf(typeOfDescriptor(l, l.child(inner, Field.Type)));
      return bits < 32 ? 0 : bits;
    }
    default:
      return 0;
  }
}

/** The value of an operand that is the largest unsigned number where an operator takes it for one; undefined for all others. */
export function lowerMaximum(l: Lowering, node: NodeIndex, operator: string): Register | undefined {
  const bits = ORDERING.has(operator) ? maximumBits(l, node) : 0;
  if (bits === 0) return undefined;
  // 64 bits are more than a number here can hold.
  return bits > 32 ? named(l, `the largest number of ${bits} bits`) : constant(l, 2 ** bits - 1);
}

/** What a comparison always says, since unsigned numbers are between 0 and their largest; undefined where it does not. */
export function decidedComparison(
  l: Lowering,
  operator: string,
  left: NodeIndex,
  right: NodeIndex,
): boolean | undefined {
  return MIRRORED.has(operator)
    ? (decided(l, operator, left, right) ?? decided(l, MIRRORED.get(operator)!, right, left))
    : undefined;
}

function decided(l: Lowering, operator: string, left: NodeIndex, bound: NodeIndex): boolean | undefined {
  if (operator === '>=' || operator === '<') {
    if (!/^0[uUlL]*$/.test(l.text(l.unparenthesised(bound))) || unsignedBits(l, left) === 0) return undefined;
    return operator === '>=';
  }
  const most = maximumBits(l, bound);
  if (most === 0) return undefined;
  const bits = unsignedBits(l, left);
  return bits === 0 || bits > most ? undefined : operator === '<=';
}
