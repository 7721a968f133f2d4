import { isStandardAllocator } from '../models/registry.ts';
import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { typeOfExpression } from './expression-types.ts';
import type { Register, Variable } from './instructions.ts';
import type { Lowering } from './lowering.ts';
import type { TypeTerm } from './type-terms.ts';

/** What becomes of a pointer that is stored as a number: `(bool)` and `(int)` as unary operators. */
export type NumberConversion = '(bool)' | '(int)';

/** What tells of the last failure, and the functions that set it. */
export const LAST_ERRORS: ReadonlyMap<string, string> = new Map([
  ['errno', ''],
  ['GetLastError', 'SetLastError'],
  ['WSAGetLastError', 'WSASetLastError'],
]);

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
  if (operator === undefined || !isPointerExpression(l, node)) return keepError(l, value, node);
  const destination = l.newRegister();
  l.emit({ op: 'unary', destination, operator, operand: value });
  return destination;
}

/**
 * `err = errno;`, `return GetLastError();`: whoever keeps the number of the last error knows that something failed, as `(error)` says.
 */
export function keepError(l: Lowering, value: Register, node: NodeIndex): Register {
  let inner = l.unparenthesised(node);
  if (l.kind(inner) === NodeKind.CallExpression) inner = l.child(inner, Field.Function);
  if (inner === NO_NODE || l.kind(inner) !== NodeKind.Identifier || !LAST_ERRORS.has(l.text(inner))) return value;
  const destination = l.newRegister();
  l.emit({ op: 'unary', destination, operator: '(error)', operand: value });
  return destination;
}

/** `-errno` is said where something failed, and then errno is positive (C11, 7.5p3): `(negative)` says so of the whole. */
export function negatedError(l: Lowering, value: Register, node: NodeIndex): Register {
  const inner = l.unparenthesised(node);
  if (l.kind(inner) !== NodeKind.Identifier || l.text(inner) !== 'errno') return value;
  const destination = l.newRegister();
  l.emit({ op: 'unary', destination, operator: '(negative)', operand: value });
  return destination;
}

/** Types whose objects hold no pointers. */
const ARITHMETIC_TYPE =
  /^((const|volatile|unsigned|signed|short|long|char|int|float|double|bool|_Bool|size_t|ssize_t|off_t|u?int\d*_t|u?int(max|ptr)_t|u_?(char|int|short|long)|uint|uchar|ushort|ulong|gchar|guchar|gint|guint|gsize|gboolean|time_t|wchar_t)\s*)+$/;

/** A number, by its declaration: it can be neither called nor gone through. */
export function isNumber({ pointerDepth, isArray, typeText }: Variable): boolean {
  return pointerDepth === 0 && !isArray && ARITHMETIC_TYPE.test(typeText.trim());
}

/** A pointer to numbers, by its declaration. */
export function isNumberPointer({ pointerDepth, typeText }: Variable): boolean {
  return pointerDepth === 1 && ARITHMETIC_TYPE.test(typeText.trim());
}
