import { isStandardAllocator } from '../models/registry.ts';
import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { typeOfExpression } from './expression-types.ts';
import type { Register } from './instructions.ts';
import type { Lowering } from './lowering.ts';
import type { TypeTerm } from './type-terms.ts';

/** What becomes of a pointer that is stored as a number: `(bool)` and `(int)` as unary operators. */
export type NumberConversion = '(bool)' | '(int)';

/** Numbers with fewer bits than a pointer has in memory of more than 4 GB. */
const NARROW_TYPE =
  /^(?:(?:unsigned|signed) )?(?:char|short|int)$|^u_?int(?:8|16|32)_t$|^int(?:8|16|32)_t$|^u_?(?:char|short|int)$/;

function conversionTo(type: TypeTerm): NumberConversion | undefined {
  if (type.kind !== 'named') return undefined;
  if (type.name === 'bool' || type.name === '_Bool') return '(bool)';
  return NARROW_TYPE.test(type.name) ? '(int)' : undefined;
}

/** The expression is a pointer by its form. */
function isPointerExpression(l: Lowering, node: NodeIndex): boolean {
  const inner = l.unparenthesised(node);
  switch (l.kind(inner)) {
    case NodeKind.PointerExpression:
      return l.operator(inner) === '&';
    case NodeKind.CallExpression: {
      const callee = l.child(inner, Field.Function);
      return callee !== NO_NODE && isStandardAllocator(l.text(callee));
    }
    case NodeKind.Identifier:
      return ['pointer', 'array'].includes(typeOfExpression(l, inner).kind);
    case NodeKind.CastExpression: {
      const type = l.child(inner, Field.Type);
      const value = l.child(inner, Field.Value);
      // Whoever casts to a pointer type last means no number: C23's `auto` stands for any type.
      const isToNumber = type !== NO_NODE && l.child(type, Field.Declarator) === NO_NODE;
      return isToNumber && value !== NO_NODE && isPointerExpression(l, value);
    }
    default:
      return false;
  }
}

/**
 * The value of an expression where it becomes a number of a type by an assignment or an initialiser. A `bool` says of a
 * pointer whether it is NULL (C17 6.3.1.2), and a number that is too small for it keeps nothing that points anywhere (6.3.2.3p6).
 */
export function convertToNumber(l: Lowering, value: Register, type: TypeTerm, node: NodeIndex): Register {
  const operator = conversionTo(type);
  if (operator === undefined || !isPointerExpression(l, node)) return value;
  const destination = l.newRegister();
  l.emit({ op: 'unary', destination, operator, operand: value });
  return destination;
}
