import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { type Address, load, storeVariable, unknown, variableAddress } from './emit.ts';
import { holderType, isArrayExpression, typeOfExpression } from './expression-types.ts';
import type { Origin, Register } from './instructions.ts';
import { lowerInitializer } from './lower-declaration.ts';
import { lowerExpression } from './lower-expression.ts';
import { designatedMember, memberAddress } from './lower-member.ts';
import type { Lowering } from './lowering.ts';
import { argumentsIn, enterMacro, fitsMacro, macroFor, withFrame } from './macro-inlining.ts';

/**
 * Lowers an lvalue to its address. What is no lvalue gets a temporary, so that `f().x` has a place too, where it is only read:
 * a call that something is stored in is a macro's, and names a place that nobody here knows.
 */
export function lowerAddress(l: Lowering, node: NodeIndex, isRead = false): Address {
  switch (l.kind(node)) {
    case NodeKind.Identifier: {
      const name = l.text(node);
      const argument = l.frame.substitutions.get(name);
      if (argument) return withFrame(l, argument.frame, () => lowerAddress(l, argument.node, isRead));
      const variable = l.lookUp(name);
      if (variable === undefined) {
        const macro = macroFor(l, name);
        if (macro && macro.parameters === undefined && macro.kind === 'expression') {
          return enterMacro(l, name, macro, [], node, () => lowerAddress(l, macro.body, isRead));
        }
        if (l.environment.isFunction(name)) return { register: lowerExpression(l, node), pointer: undefined };
      }
      return { register: variableAddress(l, variable ?? l.global(name)), pointer: undefined };
    }
    case NodeKind.ParenthesizedExpression: {
      const inner = l.unparenthesised(node);
      if (inner !== node) return lowerAddress(l, inner, isRead);
      break;
    }
    case NodeKind.FieldExpression: {
      const argument = l.child(node, Field.Argument);
      const field = l.child(node, Field.Field);
      if (argument === NO_NODE || field === NO_NODE) break;
      const goesThrough = isArrow(l, node, argument);
      const base = holderAddress(l, argument, goesThrough, isRead);
      const name = l.text(field);
      const designator = l.frame.substitutions.get(name);
      return designator
        ? designatedMember(l, base, designator)
        : memberAddress(l, base, name, holderType(l, argument, goesThrough));
    }
    case NodeKind.SubscriptExpression: {
      const argument = l.child(node, Field.Argument);
      const index = l.child(node, Field.Index);
      if (argument === NO_NODE || index === NO_NODE) break;
      const base = lowerExpression(l, argument);
      const indexRegister = lowerExpression(l, index);
      const destination = l.newRegister();
      const type = typeOfExpression(l, node);
      l.emit({ op: 'element', destination, base, index: indexRegister, type });
      return { register: destination, pointer: pointerOrigin(l, argument) };
    }
    case NodeKind.PointerExpression: {
      const argument = l.child(node, Field.Argument);
      if (argument === NO_NODE) break;
      if (l.operator(node) === '*') {
        const element = elementOfSum(l, node, argument);
        if (element) return element;
        return { register: lowerExpression(l, argument), pointer: pointerOrigin(l, argument) };
      }
      break;
    }
    case NodeKind.CastExpression: {
      const value = l.child(node, Field.Value);
      if (value !== NO_NODE) return lowerAddress(l, value);
      break;
    }
    case NodeKind.CompoundLiteralExpression:
      return compoundLiteralAddress(l, node);
    case NodeKind.CallExpression: {
      // `node_value(n) = p`: an accessor macro names a place.
      const callee = l.child(node, Field.Function);
      const list = l.child(node, Field.Arguments);
      if (callee === NO_NODE || list === NO_NODE) break;
      if (l.kind(callee) === NodeKind.FieldExpression) {
        const member = memberByMacro(l, node, isRead);
        if (member) return member;
        if (isRead) break;
        return { register: lowerExpression(l, node), pointer: undefined };
      }
      if (l.kind(callee) !== NodeKind.Identifier) break;
      const name = l.text(callee);
      if (l.frame.substitutions.has(name) || l.lookUp(name) !== undefined) break;
      const callArguments = argumentsIn(l, list);
      const macro = macroFor(l, name, callArguments);
      if (macro?.kind !== 'expression' || !fitsMacro(macro, callArguments)) {
        if (isRead) break;
        // `AUTO_FREE(char *, p) = NULL;`: what a macro declares and what is assigned to it is one declaration.
        if (macro?.kind === 'statements') l.isPartial = true;
        return { register: lowerExpression(l, node), pointer: undefined };
      }
      return enterMacro(l, name, macro, callArguments, node, () => lowerAddress(l, macro.body, isRead));
    }
    default:
      break;
  }
  const temporary = l.newTemporary();
  // Of a place that could not be read its value is no help: it would be looked for here again.
  storeVariable(l, temporary, isPlace(l, node) ? unknown(l, node) : lowerExpression(l, node), node);
  return { register: variableAddress(l, temporary), pointer: undefined };
}

/** `*(p + i)` is `p[i]` (C17 6.5.2.1p2), by the types that are in sight. */
function elementOfSum(l: Lowering, node: NodeIndex, argument: NodeIndex): Address | undefined {
  const sum = l.unparenthesised(argument);
  if (l.kind(sum) !== NodeKind.BinaryExpression || l.operator(sum) !== '+') return undefined;
  const left = l.child(sum, Field.Left);
  const right = l.child(sum, Field.Right);
  if (left === NO_NODE || right === NO_NODE) return undefined;
  const { kind } = typeOfExpression(l, left);
  if (kind !== 'pointer' && kind !== 'array') return undefined;
  const base = lowerExpression(l, left);
  const index = lowerExpression(l, right);
  const destination = l.newRegister();
  l.emit({ op: 'element', destination, base, index, type: typeOfExpression(l, node) });
  return { register: destination, pointer: pointerOrigin(l, left) };
}

/** `p->member`, and `p.member` where that can only mean the same. */
function isArrow(l: Lowering, node: NodeIndex, argument: NodeIndex): boolean {
  return l.operator(node) === '->' || isPointerVariable(l, argument);
}

/** The address of that which a member is taken of; `goesThrough` tells that the expression points to it. */
function holderAddress(l: Lowering, argument: NodeIndex, goesThrough: boolean, isRead: boolean): Address {
  return goesThrough
    ? { register: lowerExpression(l, argument), pointer: pointerOrigin(l, argument) }
    : lowerAddress(l, argument, isRead);
}

/** The place that `p->NAME(i)` names with `#define NAME(i) names[i].first`: what a macro writes behind the dot begins with a member. */
export function memberByMacro(l: Lowering, call: NodeIndex, isRead: boolean): Address | undefined {
  const callee = l.child(call, Field.Function);
  const list = l.child(call, Field.Arguments);
  const argument = l.child(callee, Field.Argument);
  const field = l.child(callee, Field.Field);
  if (list === NO_NODE || argument === NO_NODE || field === NO_NODE) return undefined;
  const name = l.text(field);
  if (l.frame.substitutions.has(name)) return undefined;
  const callArguments = argumentsIn(l, list);
  const macro = macroFor(l, name, callArguments);
  if (macro?.kind !== 'expression' || !fitsMacro(macro, callArguments)) return undefined;
  const kind = macro.arrays.kind[macro.body];
  if (kind !== NodeKind.FieldExpression && kind !== NodeKind.SubscriptExpression) return undefined;
  const base = holderAddress(l, argument, isArrow(l, callee, argument), isRead);
  return enterMacro(l, name, macro, callArguments, call, () =>
    designatedMember(l, base, { frame: l.frame, node: macro.body }),
  );
}

/**
 * The place of a pointer that is dereferenced; none where it points to another address space, of whose 0 nothing is known. An array
 * behind a pointer is gone through by that: `rows` in `(*rows)[i]`.
 */
function pointerOrigin(l: Lowering, node: NodeIndex): Origin | undefined {
  const inner = l.unparenthesised(node);
  const isBehind =
    l.kind(inner) === NodeKind.SubscriptExpression ||
    (l.kind(inner) === NodeKind.PointerExpression && l.operator(inner) === '*');
  const holder = isBehind && isArrayExpression(l, inner) ? l.child(inner, Field.Argument) : NO_NODE;
  if (holder !== NO_NODE) return pointerOrigin(l, holder);
  const name = l.kind(inner) === NodeKind.Identifier ? l.text(inner) : '';
  const variable = name === '' || l.frame.substitutions.has(name) ? undefined : l.lookUp(name);
  return variable !== undefined && l.variables[variable].isElsewhere ? undefined : l.origin(node);
}

/** `p.member` where `p` is declared as a pointer is no C, and can only mean `p->member`. */
function isPointerVariable(l: Lowering, node: NodeIndex): boolean {
  if (l.kind(node) !== NodeKind.Identifier) return false;
  const name = l.text(node);
  const variable = l.frame.substitutions.has(name) ? undefined : l.lookUp(name);
  return variable !== undefined && l.variables[variable].pointerDepth === 1 && !l.variables[variable].isArray;
}

function isPlace(l: Lowering, node: NodeIndex): boolean {
  switch (l.kind(node)) {
    case NodeKind.FieldExpression:
    case NodeKind.SubscriptExpression:
      return true;
    case NodeKind.PointerExpression:
      return l.operator(node) !== '&';
    default:
      return false;
  }
}

export function compoundLiteralAddress(l: Lowering, node: NodeIndex): Address {
  const type = l.child(node, Field.Type);
  const temporary = l.newTemporary(type === NO_NODE ? 'void' : l.text(type));
  const value = l.child(node, Field.Value);
  if (value !== NO_NODE) lowerInitializer(l, temporary, value);
  return { register: variableAddress(l, temporary), pointer: undefined };
}

/**
 * `&p->a[i]`: when `a` is an array, and its type is not known here, nothing behind `p` is read. The value is the same as
 * that of an access, but it is none.
 */
export function addressOfMemberElement(l: Lowering, node: NodeIndex): Register | undefined {
  const inner = l.unparenthesised(node);
  if (l.kind(inner) !== NodeKind.SubscriptExpression) return undefined;
  const argument = l.child(inner, Field.Argument);
  const index = l.child(inner, Field.Index);
  if (argument === NO_NODE || index === NO_NODE || l.kind(argument) !== NodeKind.FieldExpression) return undefined;
  const base = load(l, { register: lowerAddress(l, argument).register, pointer: undefined }, argument);
  const indexRegister = lowerExpression(l, index);
  const destination = l.newRegister();
  l.emit({ op: 'element', destination, base, index: indexRegister, type: typeOfExpression(l, inner) });
  return destination;
}

/** The label of GNU's `&&label`, which the grammar reads as the address of an address. */
export function addressedLabel(l: Lowering, argument: NodeIndex): string | undefined {
  if (l.kind(argument) !== NodeKind.PointerExpression || l.operator(argument) !== '&') return undefined;
  const name = l.child(argument, Field.Argument);
  return name !== NO_NODE && l.addressedLabels.has(l.text(name)) ? l.text(name) : undefined;
}
