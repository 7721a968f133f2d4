import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { childrenOf, NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { constant, unknown } from './emit.ts';
import type { Register } from './instructions.ts';
import { lowerCondition } from './lower-condition.ts';
import { lowerExpression } from './lower-expression.ts';
import { lowerStatements } from './lower-statement.ts';
import type { Lowering } from './lowering.ts';
import { enterMacro, macroFor, withFrame } from './macro-inlining.ts';

/** Checks that end the program when their argument is false: whatever they expand to, behind them it is true. */
const ASSERTIONS = new Set(['assert', 'ASSERT', 'Assert', 'g_assert', 'g_assert_true', '_assert', 'assert_se']);
/** The same for one argument that must not be NULL. */
const NOT_NULL_ASSERTIONS = new Set(['g_assert_nonnull', 'assert_non_null', 'ASSERT_NOT_NULL']);
/** Checks that leave the function when their first argument is false; the second is then the value. */
const RETURNING_CHECKS = new Set(['g_return_if_fail', 'g_return_val_if_fail']);

/** Lowers a call of a function, of a function pointer or of a macro. */
export function lowerCall(l: Lowering, node: NodeIndex): Register {
  const callee = l.child(node, Field.Function);
  const list = l.child(node, Field.Arguments);
  if (callee === NO_NODE || list === NO_NODE) {
    l.forgetMentions(node);
    return unknown(l, node);
  }
  const target = l.unparenthesised(callee);
  const callArguments = childrenOf(l.tree, list);
  if (l.kind(target) === NodeKind.Identifier) {
    const name = l.text(target);
    const substitution = l.frame.substitutions.get(name);
    if (substitution && substitution.frame.tree.kind[substitution.node] === NodeKind.Identifier) {
      // A macro that calls its parameter: the argument names the function.
      const { frame, node: argument } = substitution;
      return emitCall(
        l,
        node,
        frame.tree.text.slice(frame.tree.start[argument], frame.tree.end[argument]),
        undefined,
        callArguments,
      );
    }
    if (!substitution && l.lookUp(name) === undefined) return lowerNamedCall(l, node, name, callArguments);
  }
  return emitCall(l, node, '', lowerExpression(l, target), callArguments);
}

function lowerNamedCall(l: Lowering, node: NodeIndex, name: string, callArguments: readonly NodeIndex[]): Register {
  if (
    callArguments.length > 0 &&
    (ASSERTIONS.has(name) || NOT_NULL_ASSERTIONS.has(name) || RETURNING_CHECKS.has(name))
  ) {
    const holds = l.newBlock();
    const fails = l.newBlock();
    lowerCondition(l, callArguments[0], holds, fails, true);
    l.current = fails;
    if (RETURNING_CHECKS.has(name)) {
      const value = callArguments.length > 1 ? lowerExpression(l, callArguments[1]) : undefined;
      const origin = l.origin(node);
      l.endScopes(0, origin);
      l.current.terminator = { kind: 'return', value, origin };
    } else {
      l.current.terminator = { kind: 'unreachable' };
    }
    l.current = holds;
    return constant(l, 1);
  }
  if (name === '__builtin_expect' && callArguments.length > 0) return lowerExpression(l, callArguments[0]);
  const macro = macroFor(l, name);
  if (macro?.parameters && (callArguments.length === macro.parameters.length || macro.isVariadic)) {
    return enterMacro(l, name, macro, callArguments, node, () => {
      if (macro.kind === 'expression') return lowerExpression(l, macro.body);
      l.statementsInExpression(() => {
        l.openScope(NO_NODE);
        lowerStatements(l, childrenOf(l.tree, macro.body));
        l.closeScope(l.origin(macro.body));
      });
      return unknown(l, macro.body);
    });
  }
  return emitCall(l, node, name, undefined, callArguments);
}

function emitCall(
  l: Lowering,
  node: NodeIndex,
  callee: string,
  pointer: Register | undefined,
  callArguments: readonly NodeIndex[],
): Register {
  const registers = callArguments.map((argument) => lowerArgument(l, argument));
  const destination = l.newRegister();
  if (callee !== '') l.callees.add(callee);
  l.emit({
    op: 'call',
    destination,
    callee,
    pointer,
    arguments: registers,
    argumentOrigins: callArguments.map((argument) => argumentOrigin(l, argument)),
    origin: l.origin(node),
    isImplicit: false,
    isResultUsed: true,
    macro: l.frame.macro,
  });
  return destination;
}

/** Type names stand as arguments of macros that were not understood: they have no value. */
function lowerArgument(l: Lowering, node: NodeIndex): Register {
  const kind = l.kind(node);
  return kind === NodeKind.TypeDescriptor || kind === NodeKind.CompoundStatement
    ? unknown(l, node)
    : lowerExpression(l, node);
}

/** Inside a macro an argument that is the macro's own parameter keeps the place where the caller wrote it. */
function argumentOrigin(l: Lowering, node: NodeIndex): { start: number; end: number } {
  const inner = l.unparenthesised(node);
  if (l.kind(inner) === NodeKind.Identifier) {
    const substitution = l.frame.substitutions.get(l.text(inner));
    if (substitution) return withFrame(l, substitution.frame, () => argumentOrigin(l, substitution.node));
  }
  return l.origin(node);
}
