import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import type { Lowering } from './lowering.ts';
import { macroFor, withFrame } from './macro-inlining.ts';
import { CHARACTER, INTEGER, readTypeDescriptor, type TypeTerm, typeOfVariable, UNKNOWN_TYPE } from './type-terms.ts';

/** Expressions nested deeper have no type that anyone asks for. */
const MAXIMUM_DEPTH = 24;

/** The type of an expression, as far as declarations say it; arithmetic is only followed through pointers. */
export function typeOfExpression(l: Lowering, node: NodeIndex, depth = 0): TypeTerm {
  if (node === NO_NODE || depth > MAXIMUM_DEPTH) return UNKNOWN_TYPE;
  switch (l.kind(node)) {
    case NodeKind.Identifier:
    case NodeKind.TypeIdentifier:
      return typeOfName(l, l.text(node), depth);
    case NodeKind.ParenthesizedExpression: {
      const inner = l.unparenthesised(node);
      return inner === node ? UNKNOWN_TYPE : typeOfExpression(l, inner, depth + 1);
    }
    case NodeKind.FieldExpression:
      return typeOfMember(l, node, typeOfExpression(l, l.child(node, Field.Argument), depth + 1));
    case NodeKind.SubscriptExpression:
      return target(typeOfExpression(l, l.child(node, Field.Argument), depth + 1));
    case NodeKind.PointerExpression: {
      const argument = typeOfExpression(l, l.child(node, Field.Argument), depth + 1);
      if (l.operator(node) === '*') return target(argument);
      return argument.kind === 'unknown' ? UNKNOWN_TYPE : { kind: 'pointer', to: argument };
    }
    case NodeKind.UpdateExpression:
      return typeOfExpression(l, l.child(node, Field.Argument), depth + 1);
    case NodeKind.AssignmentExpression:
      return typeOfExpression(l, l.child(node, Field.Left), depth + 1);
    case NodeKind.CommaExpression:
      return typeOfExpression(l, l.child(node, Field.Right), depth + 1);
    case NodeKind.CastExpression: {
      const type = l.child(node, Field.Type);
      return type === NO_NODE ? UNKNOWN_TYPE : typeOfDescriptor(l, type);
    }
    case NodeKind.BinaryExpression: {
      const operator = l.operator(node);
      if (operator !== '+' && operator !== '-') return UNKNOWN_TYPE;
      const left = typeOfExpression(l, l.child(node, Field.Left), depth + 1);
      return isPointerTerm(left) ? left : UNKNOWN_TYPE;
    }
    case NodeKind.StringLiteral:
      return { kind: 'array', of: CHARACTER, length: '' };
    // A character constant is an int (C17 6.4.4.4).
    case NodeKind.CharLiteral:
      return INTEGER;
    default:
      return UNKNOWN_TYPE;
  }
}

/**
 * `sizeof (a)[0]` and `sizeof (p)->member`: the grammar takes the postfix operators for those of the size, and not, as C does, for those
 * of what is in parentheses (C17 6.5.3). The size's own node; NO_NODE for what is no such thing.
 */
export function sizeofWithin(l: Lowering, node: NodeIndex): NodeIndex {
  let inner = node;
  while (l.kind(inner) === NodeKind.SubscriptExpression || l.kind(inner) === NodeKind.FieldExpression) {
    inner = l.child(inner, Field.Argument);
    if (inner === NO_NODE) return NO_NODE;
  }
  return inner !== node && l.kind(inner) === NodeKind.SizeofExpression ? inner : NO_NODE;
}

/** The type or the expression in `sizeof`, without parentheses; NO_NODE where there is none. */
export function operandOfSizeof(l: Lowering, node: NodeIndex): NodeIndex {
  const type = l.child(node, Field.Type);
  if (type !== NO_NODE) return type;
  const value = l.child(node, Field.Value);
  return value === NO_NODE ? NO_NODE : l.unparenthesised(value);
}

/** The type of what `sizeof` measures, postfix operators behind its parentheses included. */
export function typeOfMeasured(l: Lowering, node: NodeIndex): TypeTerm {
  switch (l.kind(node)) {
    case NodeKind.SizeofExpression: {
      const operand = operandOfSizeof(l, node);
      if (operand === NO_NODE) return UNKNOWN_TYPE;
      return l.kind(operand) === NodeKind.TypeDescriptor ? typeOfDescriptor(l, operand) : typeOfExpression(l, operand);
    }
    case NodeKind.SubscriptExpression:
      return target(typeOfMeasured(l, l.child(node, Field.Argument)));
    case NodeKind.FieldExpression:
      return typeOfMember(l, node, typeOfMeasured(l, l.child(node, Field.Argument)));
    default:
      return UNKNOWN_TYPE;
  }
}

/** What stands behind a pointer to an array, or is a row of one, is the address of its first element (C17 6.3.2.1). */
export function isArrayExpression(l: Lowering, node: NodeIndex): boolean {
  const type = typeOfExpression(l, node);
  return type.kind === 'array' || (type.kind === 'named' && l.environment.isArrayType(type.name));
}

/** The type of the structure that a member is taken of; the expression in front of `->` points to it. */
export function holderType(l: Lowering, argument: NodeIndex, isArrow: boolean): TypeTerm {
  const type = typeOfExpression(l, argument);
  return isArrow ? target(type) : type;
}

function typeOfMember(l: Lowering, node: NodeIndex, argument: TypeTerm): TypeTerm {
  const field = l.child(node, Field.Field);
  if (argument.kind === 'unknown' || field === NO_NODE || l.frame.substitutions.has(l.text(field))) return UNKNOWN_TYPE;
  const of: TypeTerm = l.operator(node) === '->' ? { kind: 'target', of: argument } : argument;
  return { kind: 'member', of, name: l.text(field) };
}

/** The type in a cast or `sizeof`. A name there may be a variable's, or a macro's parameter. */
export function typeOfDescriptor(l: Lowering, node: NodeIndex): TypeTerm {
  const first = node + 1;
  const isName = l.tree.next[node] === node + 2 && l.kind(first) === NodeKind.TypeIdentifier;
  if (isName) {
    const name = l.text(first);
    const isVariable =
      l.declaring?.name === name || l.lookUp(name) !== undefined || typeOfGlobal(l, name) !== undefined;
    if (isVariable || l.frame.substitutions.has(name)) return typeOfName(l, name, 0);
  }
  if (l.frame.substitutions.size > 0 && mentionsParameter(l, node)) return UNKNOWN_TYPE;
  const type = readTypeDescriptor(l.tree, node);
  return type.kind === 'named' && l.environment.macro(type.name, () => []) ? UNKNOWN_TYPE : type;
}

function typeOfName(l: Lowering, name: string, depth: number): TypeTerm {
  const argument = l.frame.substitutions.get(name);
  if (argument) {
    return withFrame(l, argument.frame, () =>
      l.kind(argument.node) === NodeKind.TypeDescriptor
        ? typeOfDescriptor(l, argument.node)
        : typeOfExpression(l, argument.node, depth + 1),
    );
  }
  if (l.declaring?.name === name) return l.declaring.type;
  const variable = l.lookUp(name);
  if (variable !== undefined) return l.variables[variable].type;
  const declared = l.globals.get(name);
  if (declared !== undefined && l.variables[declared].type.kind !== 'unknown') return l.variables[declared].type;
  // An object-like macro, a global whose declaration is not in sight, or a type's name.
  return macroFor(l, name) ? UNKNOWN_TYPE : (typeOfGlobal(l, name) ?? { kind: 'named', name });
}

/** The type of a variable outside of functions that the function has not mentioned yet. */
function typeOfGlobal(l: Lowering, name: string): TypeTerm | undefined {
  const declared = l.environment.fileVariable(name);
  // A type of the function's own file may be named as some header's variable is.
  if (!declared || declared.type === '' || l.environment.isTypeName(name)) return undefined;
  return typeOfVariable(declared);
}

/** A macro's own parameter stands somewhere in the type (`TYPE *`): what it is made of is the caller's. */
function mentionsParameter(l: Lowering, node: NodeIndex): boolean {
  for (let inner = node + 1; inner < l.tree.next[node]; inner++) {
    if (l.kind(inner) === NodeKind.TypeIdentifier && l.frame.substitutions.has(l.text(inner))) return true;
  }
  return false;
}

function isPointerTerm(type: TypeTerm): boolean {
  return type.kind === 'pointer' || type.kind === 'array' || type.kind === 'member' || type.kind === 'target';
}

function target(type: TypeTerm): TypeTerm {
  if (type.kind === 'pointer') return type.to;
  if (type.kind === 'array') return type.of;
  return type.kind === 'unknown' ? UNKNOWN_TYPE : { kind: 'target', of: type };
}
