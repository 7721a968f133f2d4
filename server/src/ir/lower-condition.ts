import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import type { BasicBlock } from './instructions.ts';
import { lowerExpression } from './lower-expression.ts';
import { lowerIdentifier } from './lower-primary.ts';
import type { Lowering } from './lowering.ts';
import { argumentsIn, enterMacro, fitsMacro, macroFor, withFrame } from './macro-inlining.ts';
import { firstMisread, innermostCast, type MisreadCast, misreadCast } from './misread-casts.ts';

/** Calls that are transparent in a condition: compilers', C libraries' and kernels' branch hints. */
const BRANCH_HINT = /(^|_)(un)?likely_?$|^__builtin_expect(_with_probability)?$|predict_(true|false)$/i;

/** Lowers an expression for control flow: to `whenTrue` when it is not zero, else to `whenFalse`. */
export function lowerCondition(
  l: Lowering,
  node: NodeIndex,
  whenTrue: BasicBlock,
  whenFalse: BasicBlock,
  isInlined: boolean,
): void {
  const inner = l.unparenthesised(node);
  switch (l.kind(inner)) {
    case NodeKind.Identifier: {
      const argument = l.frame.substitutions.get(l.text(inner));
      if (argument) {
        withFrame(l, argument.frame, () => lowerCondition(l, argument.node, whenTrue, whenFalse, isInlined));
        return;
      }
      break;
    }
    case NodeKind.UnaryExpression: {
      const argument = l.child(inner, Field.Argument);
      if (argument !== NO_NODE && l.operator(inner) === '!') {
        lowerCondition(l, argument, whenFalse, whenTrue, isInlined);
        return;
      }
      break;
    }
    case NodeKind.BinaryExpression: {
      const operator = l.operator(inner);
      const left = l.child(inner, Field.Left);
      const right = l.child(inner, Field.Right);
      if ((operator === '&&' || operator === '||') && left !== NO_NODE && right !== NO_NODE) {
        // A part of a macro's condition is the macro's care: only what is all of it is its caller's question.
        const isPart = isInlined || l.frame.origin !== undefined;
        const middle = l.newBlock();
        if (operator === '&&') lowerCondition(l, left, middle, whenFalse, isPart);
        else lowerCondition(l, left, whenTrue, middle, isPart);
        l.current = middle;
        lowerCondition(l, right, whenTrue, whenFalse, isPart);
        return;
      }
      const cast = firstMisread(l, inner);
      const misread = cast === NO_NODE ? undefined : misreadCast(l, cast);
      if (misread?.operator !== '&&') break;
      lowerMisread(l, misread, cast, inner, whenTrue, whenFalse, isInlined || l.frame.origin !== undefined);
      return;
    }
    case NodeKind.CastExpression: {
      const cast = innermostCast(l, inner);
      const misread = misreadCast(l, cast);
      if (misread?.operator !== '&&') break;
      lowerMisread(l, misread, cast, misread.right, whenTrue, whenFalse, isInlined);
      return;
    }
    case NodeKind.CommaExpression: {
      const left = l.child(inner, Field.Left);
      const right = l.child(inner, Field.Right);
      if (left !== NO_NODE && right !== NO_NODE) {
        lowerExpression(l, left);
        // What a macro has done with a pointer before it gives it back, its user does not see: `(*(p) = *q, (p))`.
        lowerCondition(l, right, whenTrue, whenFalse, isInlined || l.frame.origin !== undefined);
        return;
      }
      break;
    }
    case NodeKind.CallExpression: {
      const callee = l.child(inner, Field.Function);
      const list = l.child(inner, Field.Arguments);
      if (callee === NO_NODE || list === NO_NODE) break;
      const name = l.text(callee);
      const callArguments = argumentsIn(l, list);
      if (BRANCH_HINT.test(name) && callArguments.length > 0) {
        const [{ frame, node: argument }] = callArguments;
        withFrame(l, frame, () => lowerCondition(l, argument, whenTrue, whenFalse, isInlined));
        return;
      }
      const macro = l.lookUp(name) === undefined ? macroFor(l, name, callArguments) : undefined;
      if (macro?.kind === 'expression' && fitsMacro(macro, callArguments)) {
        enterMacro(l, name, macro, callArguments, inner, () =>
          lowerCondition(l, macro.body, whenTrue, whenFalse, isInlined),
        );
        return;
      }
      break;
    }
    default:
      break;
  }
  const condition = lowerExpression(l, inner);
  l.terminate({
    kind: 'branch',
    condition,
    whenTrue: whenTrue.id,
    whenFalse: whenFalse.id,
    origin: l.origin(inner),
    isInlined: isInlined || l.isWrittenOut(inner) || isCopy(l, inner),
    ...(l.isLeaving && { isLeaving: true }),
  });
}

/** `found && (last = each)`: what is there for the copy that it makes is no question about `each`. */
function isCopy(l: Lowering, node: NodeIndex): boolean {
  if (l.kind(node) !== NodeKind.AssignmentExpression || l.operator(node) !== '=') return false;
  return l.kind(l.unparenthesised(l.child(node, Field.Right))) === NodeKind.Identifier;
}

/**
 * `(a) && b`, of which the grammar makes a cast. In `(a) && b == c` that is one operand of the comparison, which has to be the
 * other way round: `whole` is lowered with `b` in the place of the cast.
 */
function lowerMisread(
  l: Lowering,
  { left }: MisreadCast,
  cast: NodeIndex,
  whole: NodeIndex,
  whenTrue: BasicBlock,
  whenFalse: BasicBlock,
  isInlined: boolean,
): void {
  const middle = l.newBlock();
  const argument = l.frame.substitutions.get(l.text(left));
  if (argument) {
    withFrame(l, argument.frame, () => lowerCondition(l, argument.node, middle, whenFalse, isInlined));
  } else {
    const condition = lowerIdentifier(l, left);
    const origin = l.origin(left);
    l.terminate({
      kind: 'branch',
      condition,
      whenTrue: middle.id,
      whenFalse: whenFalse.id,
      origin,
      isInlined: isInlined || l.isWrittenOut(left),
    });
  }
  l.current = middle;
  const before = l.regrouped;
  l.regrouped = { tree: l.tree, cast };
  lowerCondition(l, whole, whenTrue, whenFalse, isInlined);
  l.regrouped = before;
}
