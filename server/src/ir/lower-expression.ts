import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { childrenOf, NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { constant, convert, load, loadVariable, named, store, storeVariable, unknown } from './emit.ts';
import {
  isArrayExpression,
  operandOfSizeof,
  sizeofWithin,
  typeOfDescriptor,
  typeOfExpression,
  typeOfMeasured,
} from './expression-types.ts';
import { clobberMentions, forgetArgument, forgetMentions } from './forgetting.ts';
import type { Register } from './instructions.ts';
import { addressedLabel, addressOfMemberElement, compoundLiteralAddress, lowerAddress } from './lower-address.ts';
import { lowerCall } from './lower-call.ts';
import { lowerCondition } from './lower-condition.ts';
import { selectGeneric } from './lower-generic.ts';
import { addressOfCode, lowerCharacter, lowerIdentifier, lowerNumber } from './lower-primary.ts';
import { lowerStatements } from './lower-statement.ts';
import type { Lowering } from './lowering.ts';
import { firstMisread, innermostCast, isRegrouped, misreadCast } from './misread-casts.ts';
import { convertToNumber, keepError, negatedError } from './number-conversions.ts';
import { closeScope } from './scope-ends.ts';
import { textOfString } from './string-literals.ts';
import { describeTerm } from './type-terms.ts';
import { ADDRESS_OR_BITS, addressInCast, mayBeAddressInCast } from './unknown-casts.ts';
import { decidedComparison, lowerMaximum } from './unsigned-numbers.ts';

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
      forgetArgument(l, node, rewritten);
      return unknown(l, node);
    }
    case NodeKind.CharLiteral:
      return lowerCharacter(l, node);
    case NodeKind.StringLiteral:
    case NodeKind.ConcatenatedString: {
      const destination = l.newRegister();
      l.emit({ op: 'string', destination, origin: l.origin(node), text: textOfString(l, node) });
      return destination;
    }
    case NodeKind.ParenthesizedExpression:
      return lowerParenthesised(l, node);
    case NodeKind.ExtensionExpression: {
      const inner = node + 1 < l.tree.next[node] ? node + 1 : NO_NODE;
      return inner === NO_NODE ? unknown(l, node) : lowerExpression(l, inner);
    }
    case NodeKind.FieldExpression:
      if (sizeofWithin(l, node) !== NO_NODE) return lowerSizeof(l, node);
      return load(l, lowerAddress(l, node, true), node);
    case NodeKind.SubscriptExpression: {
      if (sizeofWithin(l, node) !== NO_NODE) return lowerSizeof(l, node);
      const address = lowerAddress(l, node, true);
      return isArrayExpression(l, node) ? address.register : load(l, address, node);
    }
    case NodeKind.PointerExpression: {
      const argument = l.child(node, Field.Argument);
      if (argument === NO_NODE) return unknown(l, node);
      if (l.operator(node) === '&') {
        const label = addressedLabel(l, argument);
        if (label !== undefined) return addressOfCode(l, `&&${label}`);
        return addressOfMemberElement(l, argument) ?? lowerAddress(l, argument).register;
      }
      const address = lowerAddress(l, node);
      return isArrayExpression(l, node) ? address.register : load(l, address, node);
    }
    case NodeKind.UnaryExpression: {
      const argument = l.child(node, Field.Argument);
      if (argument === NO_NODE) return unknown(l, node);
      const operator = l.operator(node);
      const operand = lowerExpression(l, argument);
      const destination = l.newRegister();
      l.emit({ op: 'unary', destination, operator, operand });
      return operator === '-' ? negatedError(l, destination, argument) : destination;
    }
    case NodeKind.BinaryExpression:
      return lowerBinary(l, node);
    case NodeKind.AssignmentExpression:
      return lowerAssignment(l, node);
    case NodeKind.UpdateExpression:
      return lowerUpdate(l, node);
    case NodeKind.CastExpression: {
      const innermost = innermostCast(l, node);
      const misread = misreadCast(l, innermost);
      if (misread && isRegrouped(l, innermost)) return lowerExpression(l, misread.right);
      if (misread) return lowerMisreadCast(l, innermost, node);
      const value = l.child(node, Field.Value);
      if (value === NO_NODE) return unknown(l, node);
      const register = lowerExpression(l, value);
      convertByCast(l, node, register);
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
      if (hasOperands) clobberMentions(l, node);
      return unknown(l, node);
    }
    default:
      // Misread text: whatever it mentions may have changed.
      forgetMentions(l, node);
      return unknown(l, node);
  }
}

/** What the cast at `node` makes of the value in `register`. */
function convertByCast(l: Lowering, node: NodeIndex, register: Register): void {
  const type = l.child(node, Field.Type);
  if (l.child(type, Field.Declarator) !== NO_NODE) {
    convert(l, register, typeOfDescriptor(l, type), l.child(node, Field.Value));
  }
}

/**
 * `(a) + b`, `(a) + b * c` and `(T)(a) + b`: `whole` is all that the operator binds less than, or the cast itself, or the first of
 * those in front of it.
 */
function lowerMisreadCast(l: Lowering, cast: NodeIndex, whole: NodeIndex): Register {
  const misread = misreadCast(l, cast);
  if (!misread) return unknown(l, whole);
  if (misread.operator === '&&') return lowerTruthValue(l, whole);
  const left = lowerIdentifier(l, misread.left);
  let outer = whole;
  while (l.kind(outer) === NodeKind.BinaryExpression) outer = l.child(outer, Field.Left);
  const casts: NodeIndex[] = [];
  for (; outer !== cast; outer = l.child(outer, Field.Value)) casts.unshift(outer);
  for (const each of casts) convertByCast(l, each, left);
  const before = l.regrouped;
  l.regrouped = { tree: l.tree, cast };
  const right = lowerExpression(l, whole);
  l.regrouped = before;
  const destination = l.newRegister();
  l.emit({ op: 'binary', destination, operator: misread.operator, left, right });
  return destination;
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
  closeScope(l, l.origin(node));
  return hasValue ? loadVariable(l, result, node) : unknown(l, node);
}

/** The size stays a value with a name of its own: the same for each operand of one type. */
function lowerSizeof(l: Lowering, node: NodeIndex): Register {
  const type = typeOfMeasured(l, node);
  const destination = l.newRegister();
  // What a macro measures is its own care, and stands nowhere in its user's text.
  const isOfMacro = l.frame.origin !== undefined || l.isWrittenOut(node);
  const operand = isOfMacro || l.kind(node) !== NodeKind.SizeofExpression ? undefined : operandOfSizeof(l, node);
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
  if (operator === '&&' || operator === '||') return lowerTruthValue(l, node);
  const first = firstMisread(l, node);
  if (first !== NO_NODE) return lowerMisreadCast(l, first, node);
  const addressed = addressInCast(l, node);
  if (addressed !== NO_NODE) return lowerAddress(l, addressed).register;
  const leftRegister = lowerMaximum(l, left, operator) ?? lowerExpression(l, left);
  const rightRegister = lowerMaximum(l, right, operator) ?? lowerExpression(l, right);
  const decided = decidedComparison(l, operator, left, right);
  if (decided !== undefined) return constant(l, decided ? 1 : 0);
  const mayBeAddress = mayBeAddressInCast(l, node);
  if (mayBeAddress) l.emit({ op: 'escape', value: lowerAddress(l, right).register });
  const destination = l.newRegister();
  // Of what may be an address nothing follows from the number that stands there.
  const meant = mayBeAddress ? ADDRESS_OR_BITS : operator;
  l.emit({ op: 'binary', destination, operator: meant, left: leftRegister, right: rightRegister });
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
