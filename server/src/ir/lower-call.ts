import { HOOK_NAME } from '../source/hooks.ts';
import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { childrenOf, NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { lowerAtomicStore } from './atomic-operations.ts';
import { constant, load, unknown } from './emit.ts';
import { forgetAll, forgetMentions } from './forgetting.ts';
import type { Register, VariableId } from './instructions.ts';
import { memberByMacro } from './lower-address.ts';
import { lowerCondition } from './lower-condition.ts';
import { lowerExpression } from './lower-expression.ts';
import { selectGeneric } from './lower-generic.ts';
import { lowerStatements } from './lower-statement.ts';
import type { Argument, Lowering } from './lowering.ts';
import type { MacroTemplate } from './lowering-environment.ts';
import {
  argumentsIn,
  argumentText,
  enterMacro,
  fitsMacro,
  isLeftByBudget,
  macroFor,
  substitutedName,
  withFrame,
} from './macro-inlining.ts';
import { isNullStub } from './macro-stubs.ts';
import { isTypeofCast } from './misread-casts.ts';
import { isNumber } from './number-conversions.ts';
import { endScopes } from './scope-ends.ts';

/** Checks that end the program when their argument is false: whatever they expand to, behind them it is true. */
const ASSERTIONS = new Set(['assert', 'ASSERT', 'Assert', 'g_assert', 'g_assert_true', '_assert', 'assert_se']);
/** The same for one argument that must not be NULL. */
const NOT_NULL_ASSERTIONS = new Set(['g_assert_nonnull', 'assert_non_null', 'ASSERT_NOT_NULL']);
/** The same for one that must be NULL, or false. */
const NULL_ASSERTIONS = new Set(['g_assert_no_error', 'g_assert_null', 'g_assert_false']);
/** What projects call theirs, by macros: `TEST_ASSERT_NOT_NULL`. */
const OWN_NOT_NULL_ASSERTION = /^(?:\w+_)?assert\w*_no(?:t|n)_?null(?:_fatal)?$/i;
/** What projects call their own: `EVUTIL_ASSERT`, `DEBUGASSERT`, `log_assert`. */
const OWN_ASSERTION = /^([A-Z0-9_]*ASSERT|[a-z0-9]+_assert)$/;
/** By convention a macro that says in its name that it returns does so, unless it also says that it asks first. */
const RETURNING_NAME = /^(?:[A-Z]{0,4}_?|Py_)RETURN(?:_[A-Z0-9]+)*$/;
const ASKING_WORD = /_(?:IF|ON|UNLESS|WHEN|WITH|NOT|CHECK|FAIL|FAILED|ERR|ERROR)(?:_|$)/;
/** What macros that take arguments are named by convention. */
const CAPITALS = /^[A-Z_][A-Z0-9_]*$/;
/** Macros whose arguments are variables rather than values have a capital in their names by convention. */
const CAPITAL = /[A-Z]/;
/** Checks that leave the function when their first argument is false; the second is then the value. */
const RETURNING_CHECKS = new Set(['g_return_if_fail', 'g_return_val_if_fail']);
/** What projects call theirs, in the manner of GLib's. */
const OWN_RETURNING_CHECK = /^\w+_return(?:_val)?_if_fail$/;

/** What a call does that by its name checks its first argument; what is in sight as a function, or as a macro that returns, tells more. */
function checkOf(l: Lowering, name: string, callArguments: readonly Argument[]): 'stops' | 'returns' | undefined {
  if (!/assert|_if_fail$/i.test(name) || callArguments.length === 0) return undefined;
  if (RETURNING_CHECKS.has(name)) return 'returns';
  if (ASSERTIONS.has(name) || OWN_ASSERTION.test(name) || NOT_NULL_ASSERTIONS.has(name)) return 'stops';
  if (NULL_ASSERTIONS.has(name)) return 'stops';
  if (l.environment.isFunction(name)) return undefined;
  if (OWN_NOT_NULL_ASSERTION.test(name)) return 'stops';
  return OWN_RETURNING_CHECK.test(name) && !macroFor(l, name, callArguments) ? 'returns' : undefined;
}

/** Macros of the Windows headers, which no workspace holds: what they ask of a result (Microsoft, winerror.h). */
const RESULT_TESTS = new Map([
  ['FAILED', '<'],
  ['SUCCEEDED', '>='],
]);

/** Lowers a call of a function, of a function pointer or of a macro. */
export function lowerCall(l: Lowering, node: NodeIndex): Register {
  const callee = l.child(node, Field.Function);
  const list = l.child(node, Field.Arguments);
  if (callee === NO_NODE || list === NO_NODE) {
    forgetMentions(l, node);
    return unknown(l, node);
  }
  if (isTypeofCast(l, callee)) {
    const values = argumentsIn(l, list).map((argument) => lowerArgument(l, argument));
    return values.at(-1) ?? unknown(l, node);
  }
  const named = l.unparenthesised(callee);
  const target =
    (l.kind(named) === NodeKind.GenericExpression ? selectGeneric(l, named) : undefined) ?? calledHook(l, named);
  const callArguments = argumentsIn(l, list);
  if (l.kind(target) === NodeKind.Identifier) {
    const name = l.text(target);
    const substitution = l.frame.substitutions.get(name);
    if (substitution && substitution.frame.tree.kind[substitution.node] === NodeKind.Identifier) {
      // A macro that calls its parameter: the argument names the function.
      return lowerNamedCall(l, node, argumentText(substitution), callArguments);
    }
    const variable = substitution ? undefined : l.lookUp(name);
    // A name that is known as a global only because it was mentioned before may be a function all the same; a number cannot be called.
    const isMacro = variable !== undefined && isNumber(l.variables[variable]) && macroFor(l, name, callArguments);
    if (!substitution && (variable === undefined || isMacro || l.variables[variable].kind === 'global')) {
      return lowerNamedCall(l, node, name, callArguments);
    }
  }
  if (l.kind(target) === NodeKind.FieldExpression && target === callee) {
    const member = memberByMacro(l, node, true);
    if (member) return load(l, member, node);
  }
  const hook = isMethod(l, target, callArguments) ? '' : hookOf(l, target);
  const result = emitCall(l, node, '', lowerExpression(l, target), callArguments, hook);
  if (isNamedByMacro(l, target)) forgetVariables(l, callArguments);
  return result;
}

/** `CHOOSE(TAKE, a, b)(a, b)`: the macro makes the name of what is called, and that may be another macro. */
function isNamedByMacro(l: Lowering, target: NodeIndex): boolean {
  if (l.kind(target) !== NodeKind.CallExpression) return false;
  const callee = l.child(target, Field.Function);
  const list = l.child(target, Field.Arguments);
  if (callee === NO_NODE || list === NO_NODE || l.kind(callee) !== NodeKind.Identifier) return false;
  return macroFor(l, l.text(callee), argumentsIn(l, list)) !== undefined;
}

/** `(*lib_free)(p)` calls what `lib_free(p)` calls (C17 6.5.3.2). */
function calledHook(l: Lowering, callee: NodeIndex): NodeIndex {
  if (l.kind(callee) !== NodeKind.PointerExpression || l.operator(callee) !== '*') return callee;
  const pointer = l.unparenthesised(l.child(callee, Field.Argument));
  const isNamed = l.kind(pointer) === NodeKind.Identifier && HOOK_NAME.test(l.text(pointer));
  return isNamed || hookOf(l, pointer) !== '' ? pointer : callee;
}

/** The member that a call goes through, when it is named as a pointer to an allocator: `.alloc` for `session->alloc(n)`. */
function hookOf(l: Lowering, target: NodeIndex): string {
  if (l.kind(target) !== NodeKind.FieldExpression) return '';
  const member = l.child(target, Field.Field);
  const name = member === NO_NODE ? '' : l.text(member);
  return HOOK_NAME.test(name) ? `.${name}` : '';
}

/** `object->free(object)`: what the function does with its object is not what an allocator that stands in an object does. */
function isMethod(l: Lowering, target: NodeIndex, callArguments: readonly Argument[]): boolean {
  if (callArguments.length !== 1 || l.kind(target) !== NodeKind.FieldExpression) return false;
  const given = argumentText(callArguments[0]);
  let holder = l.child(target, Field.Argument);
  while (holder !== NO_NODE && substitutedName(l, l.text(holder)) !== given) {
    if (l.kind(holder) !== NodeKind.FieldExpression) return false;
    holder = l.child(holder, Field.Argument);
  }
  return holder !== NO_NODE;
}

function lowerNamedCall(l: Lowering, node: NodeIndex, name: string, callArguments: readonly Argument[]): Register {
  const check = checkOf(l, name, callArguments);
  if (check) {
    const holds = l.newBlock();
    const fails = l.newBlock();
    const { frame, node: condition } = assertedBy(callArguments);
    const outer = l.isLeaving;
    l.isLeaving = true;
    const [whenTrue, whenFalse] = NULL_ASSERTIONS.has(name) ? [fails, holds] : [holds, fails];
    withFrame(l, frame, () => lowerCondition(l, condition, whenTrue, whenFalse, true));
    l.isLeaving = outer;
    l.current = fails;
    if (check === 'returns') {
      const value = callArguments.length > 1 ? lowerArgument(l, callArguments[1]) : undefined;
      const origin = l.origin(node);
      endScopes(l, 0, origin);
      l.current.terminator = { kind: 'return', value, origin, isCheck: true };
    } else {
      l.current.terminator = { kind: 'unreachable' };
    }
    l.current = holds;
    return constant(l, 1);
  }
  if (name === '__builtin_expect' && callArguments.length > 0) return lowerArgument(l, callArguments[0]);
  // What the compiler does not know before the program runs, which is what this analysis is about.
  if (name === '__builtin_constant_p') return constant(l, 0);
  const macro = macroFor(l, name, callArguments);
  if (!macro && isLeftByBudget(l, name, callArguments)) forgetAll(l, node);
  // Where a value is declared, a macro that is nothing is not meant: it is the function of that name.
  const isNothing = l.declaring && macro?.kind === 'statements' && !hasStatements(macro);
  if (macro && !isNothing && fitsMacro(macro, callArguments)) {
    return enterMacro(l, name, macro, callArguments, node, () => {
      if (macro.kind === 'expression') return isNullStub(macro) ? unknown(l, node) : lowerExpression(l, macro.body);
      const statements = childrenOf(l.tree, macro.body);
      // `T *p = NEW(T);` where statements follow the value in the macro: they are about what is being declared.
      if (l.declaring && statements.length > 0 && l.kind(statements[0]) === NodeKind.ExpressionStatement) {
        const value = lowerExpression(l, statements[0] + 1);
        l.emit({ op: 'escape', value });
        return value;
      }
      l.statementsInExpression(() => lowerStatements(l, statements));
      return unknown(l, macro.body);
    });
  }
  const alias = macro && aliasOf(macro);
  // `#define open_codec OpenCodec` is for the others: what OpenCodec() calls so is what the macro hides.
  if (alias !== undefined && alias !== l.functionName) {
    // The call is still the one that stands in the text: only its name says something else.
    const frame = { ...l.frame, macro: `${l.frame.macro} ${name}`, depth: l.frame.depth + 1 };
    return withFrame(l, frame, () => lowerNamedCall(l, node, alias, callArguments));
  }
  if (macro && isMember(macro)) {
    let hook = '';
    const pointer = enterMacro(l, name, macro, [], node, () => {
      const target = l.unparenthesised(macro.body);
      hook = hookOf(l, target);
      return lowerExpression(l, target);
    });
    return emitCall(l, node, '', pointer, callArguments, hook);
  }
  const relation = macro || callArguments.length !== 1 ? undefined : RESULT_TESTS.get(name);
  if (relation !== undefined && !l.environment.isFunction(name)) {
    const left = lowerArgument(l, callArguments[0]);
    const right = constant(l, 0);
    const destination = l.newRegister();
    l.emit({ op: 'binary', destination, operator: relation, left, right });
    return destination;
  }
  if (!macro && !l.environment.isFunction(name)) lowerAtomicStore(l, node, name, callArguments);
  const result = emitCall(l, node, name, undefined, callArguments);
  if (!macro && CAPITAL.test(name)) forgetAssigned(l, name, callArguments);
  return result;
}

/** What an assertion asserts: its first argument, behind what it is to say where that comes first (`OWN_ASSERT("no p", p != NULL)`). */
function assertedBy(callArguments: readonly Argument[]): Argument {
  const isText = ({ frame, node }: Argument): boolean =>
    frame.tree.kind[node] === NodeKind.StringLiteral || frame.tree.kind[node] === NodeKind.ConcatenatedString;
  return callArguments.find((argument) => !isText(argument)) ?? callArguments[0];
}

/** Variables that a macro of unclear meaning may assign to may be anything behind it. */
function forgetAssigned(l: Lowering, name: string, callArguments: readonly Argument[]): void {
  const positions = l.environment.assignedArguments(name).filter((position) => position < callArguments.length);
  forgetVariables(
    l,
    positions.map((position) => callArguments[position]),
  );
}

function forgetVariables(l: Lowering, given: readonly Argument[]): void {
  const variables = given.flatMap((argument) => variableOf(l, argument) ?? []);
  if (variables.length > 0) l.emit({ op: 'forget', variables, forgetsMemory: false });
}

/** The variable that an argument names, through the parameters of macros around it. */
function variableOf(l: Lowering, { frame, node }: Argument): VariableId | undefined {
  return withFrame(l, frame, () => {
    const named = l.unparenthesised(node);
    if (l.kind(named) !== NodeKind.Identifier) return undefined;
    const substitution = frame.substitutions.get(l.text(named));
    return substitution ? variableOf(l, substitution) : l.lookUp(l.text(named));
  });
}

/** True when the body of a macro is more than a lone `;`. */
function hasStatements({ arrays, body }: MacroTemplate): boolean {
  return childrenOf(arrays, body).some(
    (child) => arrays.kind[child] !== NodeKind.ExpressionStatement || arrays.next[child] > child + 1,
  );
}

/** The name that an object-like macro stands for: `#define xfree free`. */
function aliasOf({ parameters, kind, arrays, body }: MacroTemplate): string | undefined {
  if (parameters !== undefined || kind !== 'expression' || arrays.kind[body] !== NodeKind.Identifier) return undefined;
  return arrays.text.slice(arrays.start[body], arrays.end[body]);
}

/** `#define my_free the_allocator.free`: the macro is the member that holds the function. */
function isMember({ parameters, kind, arrays, body }: MacroTemplate): boolean {
  let node = body;
  while (arrays.kind[node] === NodeKind.ParenthesizedExpression) node++;
  return parameters === undefined && kind === 'expression' && arrays.kind[node] === NodeKind.FieldExpression;
}

function emitCall(
  l: Lowering,
  node: NodeIndex,
  callee: string,
  pointer: Register | undefined,
  written: readonly Argument[],
  hook = '',
): Register {
  const callArguments = written.flatMap((argument) => argumentsOf(l, argument));
  const isAround = l.isInOpenMacro;
  l.isInOpenMacro = isOpenMacro(l, callee);
  const registers = callArguments.map((argument, position) => lowerGivenArgument(l, callee, argument, position));
  l.isInOpenMacro = isAround;
  const destination = l.newRegister();
  if (callee !== '' || hook !== '') l.callees.add(callee || hook);
  l.emit({
    op: 'call',
    destination,
    callee,
    pointer,
    hook,
    arguments: registers,
    argumentOrigins: callArguments.map(({ frame, node }) => withFrame(l, frame, () => argumentOrigin(l, node))),
    origin: l.origin(node),
    isImplicit: false,
    isResultUsed: true,
    macro: l.macroAround(node),
  });
  return destination;
}

/**
 * True for a name in capitals that no function in sight has. What such a macro does with a condition, as `CHECK(p != NULL && n > 0)`
 * is given one, is not known; it hardly lets a path go on on which the condition fails.
 */
function isOpenMacro(l: Lowering, name: string): boolean {
  return CAPITALS.test(name) && !l.environment.isFunction(name);
}

/** True where a statement is the use of a macro that leaves the function whatever it is given: `XSRETURN_IV(n);`, `RETURN_FALSE;`. */
export function returnsByName(l: Lowering, expression: NodeIndex): boolean {
  const isCall = l.kind(expression) === NodeKind.CallExpression;
  const named = isCall ? l.child(expression, Field.Function) : expression;
  if (named === NO_NODE || l.kind(named) !== NodeKind.Identifier) return false;
  const name = l.text(named);
  if (!RETURNING_NAME.test(name) || ASKING_WORD.test(name)) return false;
  if (l.frame.substitutions.has(name) || l.lookUp(name) !== undefined || l.environment.isFunction(name)) return false;
  const list = isCall ? l.child(expression, Field.Arguments) : NO_NODE;
  return macroFor(l, name, list === NO_NODE ? [] : argumentsIn(l, list)) === undefined;
}

/** `#define AT __LINE__, __FILE__`: a macro that stands for several arguments of a function (C17 6.10.3.4), else the argument. */
function argumentsOf(l: Lowering, argument: Argument): Argument[] {
  const { frame, node } = argument;
  return withFrame(l, frame, () => {
    if (l.kind(node) === NodeKind.CommaExpression && frame.depth > 0) {
      return [l.child(node, Field.Left), l.child(node, Field.Right)].flatMap((part) =>
        argumentsOf(l, { frame, node: part }),
      );
    }
    if (l.kind(node) !== NodeKind.Identifier) return [argument];
    const name = l.text(node);
    const substitution = frame.substitutions.get(name);
    if (substitution) return [argument];
    if (l.lookUp(name) !== undefined) return [argument];
    const macro = macroFor(l, name);
    if (!macro || macro.parameters || macro.kind !== 'expression') return [argument];
    if (macro.arrays.kind[macro.body] !== NodeKind.CommaExpression) return [argument];
    return enterMacro(l, name, macro, [], node, () => argumentsOf(l, { frame: l.frame, node: macro.body }));
  });
}

/** `offset_in(*p, member)`: a macro that is left as a call may ask for no more than the type of an object. */
function lowerGivenArgument(l: Lowering, callee: string, argument: Argument, position: number): Register {
  const { tree } = argument.frame;
  const isObject =
    tree.kind[argument.node] === NodeKind.PointerExpression && tree.text[tree.start[argument.node]] === '*';
  if (!isObject || callee === '' || !l.environment.skippedArguments(callee).includes(position))
    return lowerArgument(l, argument);
  const outer = l.isSkipped;
  l.isSkipped = true;
  const register = lowerArgument(l, argument);
  l.isSkipped = outer;
  return register;
}

/** Type names stand as arguments of macros that were not understood: they have no value. */
function lowerArgument(l: Lowering, { frame, node }: Argument): Register {
  return withFrame(l, frame, () => {
    const kind = l.kind(node);
    return kind === NodeKind.TypeDescriptor || kind === NodeKind.CompoundStatement
      ? unknown(l, node)
      : lowerExpression(l, node);
  });
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
