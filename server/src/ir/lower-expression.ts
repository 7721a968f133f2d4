import { isReservedFunction } from '../models/registry.ts';
import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { childrenOf, NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import {
  type Address,
  constant,
  convert,
  load,
  loadVariable,
  named,
  store,
  storeVariable,
  unknown,
  variableAddress,
} from './emit.ts';
import { typeOfDescriptor, typeOfExpression } from './expression-types.ts';
import type { Origin, Register } from './instructions.ts';
import { lowerCall } from './lower-call.ts';
import { lowerCondition } from './lower-condition.ts';
import { lowerInitializer } from './lower-declaration.ts';
import { selectGeneric } from './lower-generic.ts';
import { designatedMember, memberAddress } from './lower-member.ts';
import { lowerStatements } from './lower-statement.ts';
import type { Lowering } from './lowering.ts';
import { argumentsIn, enterMacro, fitsMacro, macroFor, withFrame } from './macro-inlining.ts';
import { convertToNumber, keepError } from './number-conversions.ts';
import { describeTerm } from './type-terms.ts';
import { addressInCast, mayBeAddressInCast } from './unknown-casts.ts';
import { decidedComparison, lowerMaximum } from './unsigned-numbers.ts';

/** Identifiers that the compiler defines as strings: never NULL. */
const PREDEFINED_STRINGS = new Set([
  '__FILE__',
  '__func__',
  '__FUNCTION__',
  '__PRETTY_FUNCTION__',
  '__DATE__',
  '__TIME__',
]);
/** Macros of the standard headers, and of other headers of the system's, with the same meaning everywhere. */
const STANDARD_CONSTANTS = new Map([
  ['EXIT_SUCCESS', 0],
  ['EXIT_FAILURE', 1],
  ['TRUE', 1],
  ['FALSE', 0],
  // X11 (`Xlib.h`), and what follows its manner.
  ['True', 1],
  ['False', 0],
  // Error numbers differ between systems, but none of them is 0 (C17 7.5).
  ['ENOMEM', 12],
  ['EINVAL', 22],
  ['EIO', 5],
  ['ENOENT', 2],
  ['EAGAIN', 11],
  ['EPERM', 1],
  ['EFAULT', 14],
  ['ENOSPC', 28],
  // Windows: error codes ("System Error Codes (0-499)").
  ['ERROR_SUCCESS', 0],
  ['NO_ERROR', 0],
]);

/** By convention a name in capitals that is no variable in sight is an enumerator or a configuration constant. */
const CONSTANT_NAME = /^[A-Z][A-Z0-9_]*$/;

/** Lowers an expression for its value. */
export function lowerExpression(l: Lowering, node: NodeIndex): Register {
  switch (l.kind(node)) {
    case NodeKind.Identifier:
      return lowerIdentifier(l, node);
    case NodeKind.Null:
    case NodeKind.False:
      return constant(l, 0);
    case NodeKind.True:
      return constant(l, 1);
    case NodeKind.NumberLiteral: {
      const rewritten = l.frame.rewrittenAt(l.tree.start[node]);
      if (!rewritten) return lowerNumber(l, node);
      l.forgetArgument(node, rewritten);
      return unknown(l, node);
    }
    case NodeKind.CharLiteral:
      return lowerCharacter(l, node);
    case NodeKind.StringLiteral:
    case NodeKind.ConcatenatedString: {
      const destination = l.newRegister();
      l.emit({ op: 'string', destination, origin: l.origin(node), text: l.text(node) });
      return destination;
    }
    case NodeKind.ParenthesizedExpression:
      return lowerParenthesised(l, node);
    case NodeKind.ExtensionExpression: {
      const inner = node + 1 < l.tree.next[node] ? node + 1 : NO_NODE;
      return inner === NO_NODE ? unknown(l, node) : lowerExpression(l, inner);
    }
    case NodeKind.FieldExpression:
    case NodeKind.SubscriptExpression:
      return load(l, lowerAddress(l, node, true), node);
    case NodeKind.PointerExpression: {
      const argument = l.child(node, Field.Argument);
      if (argument === NO_NODE) return unknown(l, node);
      if (l.operator(node) === '&') {
        const label = addressedLabel(l, argument);
        if (label !== undefined) return addressOfCode(l, `&&${label}`);
        return addressOfMemberElement(l, argument) ?? lowerAddress(l, argument).register;
      }
      return load(l, lowerAddress(l, node), node);
    }
    case NodeKind.UnaryExpression: {
      const argument = l.child(node, Field.Argument);
      if (argument === NO_NODE) return unknown(l, node);
      const operand = lowerExpression(l, argument);
      const destination = l.newRegister();
      l.emit({ op: 'unary', destination, operator: l.operator(node), operand });
      return destination;
    }
    case NodeKind.BinaryExpression:
      return lowerBinary(l, node);
    case NodeKind.AssignmentExpression:
      return lowerAssignment(l, node);
    case NodeKind.UpdateExpression:
      return lowerUpdate(l, node);
    case NodeKind.CastExpression: {
      const misread = misreadCast(l, node);
      if (misread && isRegrouped(l, node)) return lowerExpression(l, misread.right);
      if (misread) return lowerMisreadCast(l, node, misread);
      const value = l.child(node, Field.Value);
      if (value === NO_NODE) return unknown(l, node);
      const register = lowerExpression(l, value);
      const type = l.child(node, Field.Type);
      if (l.child(type, Field.Declarator) !== NO_NODE) convert(l, register, typeOfDescriptor(l, type), value);
      return register;
    }
    case NodeKind.CommaExpression: {
      const left = l.child(node, Field.Left);
      const right = l.child(node, Field.Right);
      if (left !== NO_NODE) lowerExpression(l, left);
      return right === NO_NODE ? unknown(l, node) : lowerExpression(l, right);
    }
    case NodeKind.ConditionalExpression:
      return lowerConditional(l, node);
    case NodeKind.CallExpression:
      return lowerCall(l, node);
    // The operands of these are not evaluated (C17 6.5.3.4, 6.5.1.1).
    case NodeKind.SizeofExpression:
      return lowerSizeof(l, node);
    case NodeKind.AlignofExpression:
    case NodeKind.OffsetofExpression:
      return named(l, l.text(node));
    case NodeKind.CompoundLiteralExpression:
      return lowerCompoundLiteral(l, node);
    case NodeKind.CompoundStatement:
      return lowerStatementExpression(l, node);
    case NodeKind.GenericExpression: {
      const selected = selectGeneric(l, node);
      return selected === undefined ? unknown(l, node) : lowerExpression(l, selected);
    }
    case NodeKind.GnuAsmExpression: {
      // Without operands it reaches no variable: a barrier, a directive to the assembler.
      const hasOperands = childrenOf(l.tree, node).some(
        (child) =>
          l.kind(child) !== NodeKind.StringLiteral &&
          l.kind(child) !== NodeKind.ConcatenatedString &&
          l.kind(child) !== NodeKind.GnuAsmQualifier,
      );
      if (hasOperands) l.clobberMentions(node);
      return unknown(l, node);
    }
    default:
      // Misread text: whatever it mentions may have changed.
      l.forgetMentions(node);
      return unknown(l, node);
  }
}

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

/** The first operand of all in a comparison or a sum, where that is `(a) && b`: it binds less than what it is an operand of. */
export function firstMisread(l: Lowering, node: NodeIndex): NodeIndex {
  let first = node;
  while (first !== NO_NODE && l.kind(first) === NodeKind.BinaryExpression) {
    const operator = l.operator(first);
    if (operator === '&&' || operator === '||') return NO_NODE;
    first = l.child(first, Field.Left);
  }
  if (first === NO_NODE || l.kind(first) !== NodeKind.CastExpression || isRegrouped(l, first)) return NO_NODE;
  return misreadCast(l, first)?.operator === '&&' ? first : NO_NODE;
}

function isRegrouped({ regrouped, tree }: Lowering, cast: NodeIndex): boolean {
  return regrouped !== undefined && regrouped.cast === cast && regrouped.tree === tree;
}

function lowerMisreadCast(l: Lowering, node: NodeIndex, misread: MisreadCast): Register {
  if (misread.operator === '&&') return lowerTruthValue(l, node);
  const left = lowerIdentifier(l, misread.left);
  const right = lowerExpression(l, misread.right);
  const destination = l.newRegister();
  l.emit({ op: 'binary', destination, operator: misread.operator, left, right });
  return destination;
}

export function lowerIdentifier(l: Lowering, node: NodeIndex): Register {
  const name = l.text(node);
  const argument = l.frame.substitutions.get(name);
  if (argument) return withFrame(l, argument.frame, () => lowerExpression(l, argument.node));
  const variable = l.lookUp(name);
  if (variable === undefined) {
    const macro = macroFor(l, name);
    if (macro && macro.parameters === undefined && macro.kind === 'expression') {
      return enterMacro(l, name, macro, [], node, () => lowerExpression(l, macro.body));
    }
    if (macro && macro.parameters === undefined) {
      // `FAIL;` that stands for statements, a jump as a rule.
      enterMacro(l, name, macro, [], node, () => {
        l.statementsInExpression(() => lowerStatements(l, childrenOf(l.tree, macro.body)));
      });
      return unknown(l, node);
    }
    if (PREDEFINED_STRINGS.has(name)) {
      const destination = l.newRegister();
      l.emit({ op: 'string', destination, origin: l.origin(node), text: l.text(node) });
      return destination;
    }
    const known = l.environment.constant(name) ?? STANDARD_CONSTANTS.get(name);
    if (known !== undefined) return constant(l, known);
    const isKnown = l.environment.isFunction(name) || isReservedFunction(name);
    if (isKnown && l.environment.fileVariable(name) === undefined) return addressOfCode(l, name);
    if (CONSTANT_NAME.test(name)) return named(l, name);
  }
  const id = variable ?? l.global(name);
  const register = variableAddress(l, id);
  if (l.variables[id].isArray) return register;
  return load(l, { register, pointer: undefined }, node);
}

function lowerNumber(l: Lowering, node: NodeIndex): Register {
  // The grammar reads a sign in front of a number as part of it.
  const [, sign, text] = /^([+-]?)(.*)$/s.exec(l.text(node).replace(/'/g, ''))!;
  if (/^(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)[uUlLzZ]*$/.test(text)) {
    const digits = text.replace(/[uUlLzZ]+$/, '');
    const isOctal = /^0[0-7]+$/.test(digits);
    const value = isOctal ? Number.parseInt(digits, 8) : Number(digits);
    if (Number.isSafeInteger(value)) return constant(l, sign === '-' && value !== 0 ? -value : value);
  }
  return named(l, sign + text);
}

function lowerCharacter(l: Lowering, node: NodeIndex): Register {
  const text = l.text(node);
  // A wide character of the basic set has the same number (C17 7.19p2).
  const simple = /^(?:L(?=.[ -~]))?'([^\\'])'$/.exec(text);
  if (simple) return constant(l, simple[1].charCodeAt(0));
  if (text === "'\\0'" || text === "L'\\0'") return constant(l, 0);
  return named(l, text);
}

function lowerParenthesised(l: Lowering, node: NodeIndex): Register {
  const inner = node + 1 < l.tree.next[node] ? node + 1 : NO_NODE;
  return inner === NO_NODE ? unknown(l, node) : lowerExpression(l, inner);
}

/** GNU's `({ … })`: its value is that of the last expression statement. */
function lowerStatementExpression(l: Lowering, node: NodeIndex): Register {
  const children = childrenOf(l.tree, node);
  const last = children.at(-1);
  const hasValue = last !== undefined && l.kind(last) === NodeKind.ExpressionStatement && last + 1 < l.tree.next[last];
  l.openScope(node);
  lowerStatements(l, hasValue ? children.slice(0, -1) : children);
  // The value is kept in a temporary: the scope's end may run cleanups after it was computed.
  const result = l.newTemporary();
  if (hasValue) storeVariable(l, result, lowerExpression(l, last + 1), last);
  l.closeScope(l.origin(node));
  return hasValue ? loadVariable(l, result, node) : unknown(l, node);
}

/** The size stays a value with a name of its own: the same for each operand of one type. */
function lowerSizeof(l: Lowering, node: NodeIndex): Register {
  const typeNode = l.child(node, Field.Type);
  const value = l.child(node, Field.Value);
  const type = typeNode === NO_NODE ? typeOfExpression(l, value) : typeOfDescriptor(l, typeNode);
  const destination = l.newRegister();
  const operand = l.frame.origin ? undefined : typeNode === NO_NODE ? l.unparenthesised(value) : typeNode;
  l.emit({
    op: 'sizeof',
    destination,
    key: `sizeof ${describeTerm(type) ?? l.text(node)}`,
    type,
    operand: operand === undefined || operand === NO_NODE ? undefined : l.origin(operand),
  });
  return destination;
}

function lowerBinary(l: Lowering, node: NodeIndex): Register {
  const operator = l.operator(node);
  const left = l.child(node, Field.Left);
  const right = l.child(node, Field.Right);
  if (left === NO_NODE || right === NO_NODE) return unknown(l, node);
  if (operator === '&&' || operator === '||' || firstMisread(l, node) !== NO_NODE) return lowerTruthValue(l, node);
  const addressed = addressInCast(l, node);
  if (addressed !== NO_NODE) return lowerAddress(l, addressed).register;
  const leftRegister = lowerMaximum(l, left, operator) ?? lowerExpression(l, left);
  const rightRegister = lowerMaximum(l, right, operator) ?? lowerExpression(l, right);
  const decided = decidedComparison(l, operator, left, right);
  if (decided !== undefined) return constant(l, decided ? 1 : 0);
  if (mayBeAddressInCast(l, node)) l.emit({ op: 'escape', value: lowerAddress(l, right).register });
  const destination = l.newRegister();
  l.emit({ op: 'binary', destination, operator, left: leftRegister, right: rightRegister });
  return destination;
}

/** The value of `a && b` or `a || b`: 1 or 0, by control flow. */
function lowerTruthValue(l: Lowering, node: NodeIndex): Register {
  const result = l.newTemporary();
  const whenTrue = l.newBlock();
  const whenFalse = l.newBlock();
  const after = l.newBlock();
  lowerCondition(l, node, whenTrue, whenFalse, l.isTestedByMacro);
  l.current = whenTrue;
  storeVariable(l, result, constant(l, 1), node);
  l.finishWithGoto(after);
  l.current = whenFalse;
  storeVariable(l, result, constant(l, 0), node);
  l.continueIn(after);
  return loadVariable(l, result, node);
}

function lowerConditional(l: Lowering, node: NodeIndex): Register {
  const condition = l.child(node, Field.Condition);
  const consequence = l.child(node, Field.Consequence);
  const alternative = l.child(node, Field.Alternative);
  if (condition === NO_NODE || alternative === NO_NODE) return unknown(l, node);
  const result = l.newTemporary();
  const whenTrue = l.newBlock();
  const whenFalse = l.newBlock();
  const after = l.newBlock();
  if (consequence === NO_NODE) {
    // GNU's `a ?: b`: the condition is evaluated once and is the value.
    const value = lowerExpression(l, condition);
    storeVariable(l, result, value, condition);
    l.terminate({
      kind: 'branch',
      condition: value,
      whenTrue: after.id,
      whenFalse: whenFalse.id,
      origin: l.origin(condition),
      isInlined: l.isInMacro(condition),
    });
  } else {
    lowerCondition(l, condition, whenTrue, whenFalse, l.isTestedByMacro);
    l.current = whenTrue;
    storeVariable(l, result, keepError(l, lowerExpression(l, consequence), consequence), consequence);
    l.finishWithGoto(after);
  }
  l.current = whenFalse;
  storeVariable(l, result, keepError(l, lowerExpression(l, alternative), alternative), alternative);
  l.continueIn(after);
  return loadVariable(l, result, node);
}

function lowerAssignment(l: Lowering, node: NodeIndex): Register {
  const left = l.child(node, Field.Left);
  const right = l.child(node, Field.Right);
  if (left === NO_NODE || right === NO_NODE) return unknown(l, node);
  const operator = l.operator(node);
  if (operator === '=') {
    const value = lowerExpression(l, right);
    const source = l.kind(l.unparenthesised(right));
    if (source === NodeKind.CallExpression || source === NodeKind.CastExpression)
      convert(l, value, typeOfExpression(l, left), right);
    const stored = convertToNumber(l, value, typeOfExpression(l, left), right);
    store(l, lowerAddress(l, left), stored, left);
    return stored;
  }
  const operand = lowerExpression(l, right);
  const address = lowerAddress(l, left);
  const before = load(l, address, left);
  const value = l.newRegister();
  l.emit({ op: 'binary', destination: value, operator: operator.slice(0, -1), left: before, right: operand });
  store(l, address, value, left);
  return value;
}

function lowerUpdate(l: Lowering, node: NodeIndex): Register {
  const argument = l.child(node, Field.Argument);
  if (argument === NO_NODE) return unknown(l, node);
  const operatorNode = l.child(node, Field.Operator);
  const isPrefix = operatorNode !== NO_NODE && l.tree.start[operatorNode] < l.tree.start[argument];
  const address = lowerAddress(l, argument);
  const before = load(l, address, argument);
  const after = l.newRegister();
  l.emit({
    op: 'binary',
    destination: after,
    operator: l.operator(node) === '--' ? '-' : '+',
    left: before,
    right: constant(l, 1),
  });
  store(l, address, after, argument);
  return isPrefix ? after : before;
}

function lowerCompoundLiteral(l: Lowering, node: NodeIndex): Register {
  const address = compoundLiteralAddress(l, node);
  return l.text(l.child(node, Field.Type)).includes('[') ? address.register : load(l, address, node);
}

function compoundLiteralAddress(l: Lowering, node: NodeIndex): Address {
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
function addressOfMemberElement(l: Lowering, node: NodeIndex): Register | undefined {
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
function addressedLabel(l: Lowering, argument: NodeIndex): string | undefined {
  if (l.kind(argument) !== NodeKind.PointerExpression || l.operator(argument) !== '&') return undefined;
  const name = l.child(argument, Field.Argument);
  return name !== NO_NODE && l.addressedLabels.has(l.text(name)) ? l.text(name) : undefined;
}

function addressOfCode(l: Lowering, name: string): Register {
  const destination = l.newRegister();
  l.emit({ op: 'function', destination, name });
  return destination;
}

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
      const base = holderAddress(l, node, argument, isRead);
      const name = l.text(field);
      const designator = l.frame.substitutions.get(name);
      return designator ? designatedMember(l, base, designator) : memberAddress(l, base, name);
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

/** The address of that which a member is taken of. */
function holderAddress(l: Lowering, node: NodeIndex, argument: NodeIndex, isRead: boolean): Address {
  return l.operator(node) === '->' || isPointerVariable(l, argument)
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
  const base = holderAddress(l, callee, argument, isRead);
  return enterMacro(l, name, macro, callArguments, call, () =>
    designatedMember(l, base, { frame: l.frame, node: macro.body }),
  );
}

/** The place of a pointer that is dereferenced; none where it points to another address space, of whose 0 nothing is known. */
function pointerOrigin(l: Lowering, node: NodeIndex): Origin | undefined {
  const inner = l.unparenthesised(node);
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
