import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { childrenOf, NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { convert, loadVariable, named, storeVariable, unknown } from './emit.ts';
import { escapeMentions, forgetMentions } from './forgetting.ts';
import type { BasicBlock, Origin } from './instructions.ts';
import { returnsByName } from './lower-call.ts';
import { lowerCondition } from './lower-condition.ts';
import { lowerDeclaration } from './lower-declaration.ts';
import { lowerExpression } from './lower-expression.ts';
import { lowerIteration } from './lower-iteration.ts';
import { lowerConditionalGroup } from './lower-preprocessor.ts';
import { lowerSwitch } from './lower-switch.ts';
import type { Lowering } from './lowering.ts';
import { JUMP } from './macro-effect.ts';
import { substitutedName } from './macro-inlining.ts';
import { keepError } from './number-conversions.ts';
import { closeScope, defer, endScopes } from './scope-ends.ts';
import { readDeclared, readSpecifier, type TypeTerm, UNKNOWN_TYPE } from './type-terms.ts';

/** A computed `goto` is a branch for each label; a function with more is an interpreter's loop, which no path explains. */
const MAXIMUM_ADDRESSED_LABELS = 64;

/** Lowers statements and declarations one after the other, in the scope that is open. */
export function lowerStatements(l: Lowering, nodes: readonly NodeIndex[]): void {
  for (const node of nodes) lowerStatement(l, node);
}

export function lowerStatement(l: Lowering, node: NodeIndex): void {
  if (!l.frame.origin && l.environment.isDeferred(l.tree.start[node])) {
    defer(l, () => lowerNow(l, node));
    return;
  }
  lowerNow(l, node);
}

/** Statements in front of which another may be put. */
const MARKED = new Set([
  NodeKind.ExpressionStatement,
  NodeKind.IfStatement,
  NodeKind.WhileStatement,
  NodeKind.DoStatement,
  NodeKind.ForStatement,
  NodeKind.SwitchStatement,
  NodeKind.GotoStatement,
  NodeKind.BreakStatement,
  NodeKind.ContinueStatement,
  NodeKind.ReturnStatement,
]);

function lowerNow(l: Lowering, node: NodeIndex): void {
  if (MARKED.has(l.kind(node))) l.markPoint('before', node);
  switch (l.kind(node)) {
    case NodeKind.CompoundStatement:
      l.openScope(node);
      lowerStatements(l, childrenOf(l.tree, node));
      l.markPoint('end', node);
      closeScope(l, endOf(l, node));
      return;
    case NodeKind.ExpressionStatement:
      if (node + 1 < l.tree.next[node]) lowerStatementOf(l, node + 1);
      return;
    case NodeKind.Declaration:
      lowerDeclaration(l, node);
      return;
    case NodeKind.IfStatement:
      lowerIf(l, node);
      return;
    case NodeKind.WhileStatement:
    case NodeKind.DoStatement:
    case NodeKind.ForStatement:
      lowerLoop(l, node);
      return;
    case NodeKind.SwitchStatement:
      lowerSwitch(l, node);
      return;
    case NodeKind.CaseStatement:
      lowerCase(l, node);
      return;
    case NodeKind.LabeledStatement:
      lowerLabel(l, node);
      return;
    case NodeKind.GotoStatement:
      lowerGoto(l, node);
      return;
    case NodeKind.BreakStatement:
    case NodeKind.ContinueStatement: {
      const targets = l.kind(node) === NodeKind.BreakStatement ? l.breakTargets : l.continueTargets;
      const target = targets.at(-1);
      if (!target) {
        forgetMentions(l, node);
        return;
      }
      endScopes(l, target.scopeDepth, l.origin(node));
      l.terminate({ kind: 'goto', target: target.block });
      return;
    }
    case NodeKind.ReturnStatement:
      lowerReturn(l, node);
      return;
    case NodeKind.ElseClause:
    case NodeKind.AttributedStatement:
      for (const child of childrenOf(l.tree, node)) {
        if (l.kind(child) !== NodeKind.AttributeDeclaration) lowerStatement(l, child);
      }
      return;
    case NodeKind.PreprocIf:
    case NodeKind.PreprocIfdef:
      lowerConditionalGroup(l, node);
      return;
    case NodeKind.PreprocDef:
    case NodeKind.PreprocFunctionDef:
    case NodeKind.PreprocCall:
    case NodeKind.PreprocInclude:
    case NodeKind.PreprocDirective:
    case NodeKind.EnumSpecifier:
    case NodeKind.AttributeDeclaration:
    case NodeKind.Token:
      return;
    case NodeKind.TypeDefinition:
    case NodeKind.StructSpecifier:
    case NodeKind.UnionSpecifier:
      noteLocalType(l, node);
      return;
    case NodeKind.FunctionDefinition:
      // GNU's nested functions may change any variable around them that they mention, at any call.
      l.fullExpression(() => escapeMentions(l, node));
      return;
    case NodeKind.ERROR:
      forgetMentions(l, node);
      return;
    default:
      if (isExpression(l.kind(node))) lowerDiscarded(l, node);
      else forgetMentions(l, node);
  }
}

/** A type that the function declares for itself. One name with two meanings in two blocks has none. */
function noteLocalType(l: Lowering, node: NodeIndex): void {
  const isTypedef = l.kind(node) === NodeKind.TypeDefinition;
  const specifier = readSpecifier(l.tree, isTypedef ? l.child(node, Field.Type) : node);
  const note = (key: string, type: TypeTerm): void => {
    l.localTypes.set(key, l.localTypes.has(key) ? UNKNOWN_TYPE : type);
  };
  if (specifier.kind === 'record') note(`${specifier.tag} ${specifier.name}`, specifier);
  if (!isTypedef) return;
  for (const child of childrenOf(l.tree, node)) {
    if (l.tree.field[child] !== Field.Declarator) continue;
    const { name, type } = readDeclared(l.tree, child, specifier);
    note(`typedef ${name}`, type);
  }
}

function isExpression(kind: NodeKind): boolean {
  return (
    kind === NodeKind.CallExpression ||
    kind === NodeKind.Identifier ||
    kind === NodeKind.AssignmentExpression ||
    kind === NodeKind.CommaExpression
  );
}

/** The closing brace or last character of a node, where its scope ends. */
function endOf(l: Lowering, node: NodeIndex): { start: number; end: number } {
  const { start, end } = l.origin(node);
  return { start: Math.max(start, end - 1), end };
}

/** An expression as a statement; the use of a macro that leaves the function leaves it. */
function lowerStatementOf(l: Lowering, expression: NodeIndex): void {
  const isReturn = returnsByName(l, expression);
  lowerDiscarded(l, expression);
  if (isReturn) leaveFunction(l, l.origin(expression));
}

/** A full expression whose value nobody uses. */
function lowerDiscarded(l: Lowering, node: NodeIndex): void {
  l.fullExpression(() => {
    lowerExpression(l, node);
    const last = l.current.instructions.at(-1);
    if (last?.op === 'call')
      l.current.instructions[l.current.instructions.length - 1] = { ...last, isResultUsed: false };
  });
}

/** A loop's or an if's condition: parenthesised, with a declaration before it in C23. */
function lowerHeadCondition(l: Lowering, node: NodeIndex, whenTrue: BasicBlock, whenFalse: BasicBlock): void {
  l.fullExpression(() => lowerCondition(l, node, whenTrue, whenFalse, l.frame.depth > 0));
}

/** True when a part of a macro's body returns from its user or jumps to a label of it. */
function leaves(l: Lowering, node: NodeIndex): boolean {
  for (let each = node; each < l.tree.next[node]; each++) {
    if (l.kind(each) === NodeKind.ReturnStatement || l.kind(each) === NodeKind.GotoStatement) return true;
  }
  return false;
}

function lowerIf(l: Lowering, node: NodeIndex): void {
  const condition = l.child(node, Field.Condition);
  const consequence = l.child(node, Field.Consequence);
  const alternative = l.child(node, Field.Alternative);
  if (condition === NO_NODE || consequence === NO_NODE) {
    forgetMentions(l, node);
    return;
  }
  const whenTrue = l.newBlock();
  const whenFalse = l.newBlock();
  const outer = l.isLeaving;
  l.isLeaving = l.frame.depth > 0 && (leaves(l, consequence) || (alternative !== NO_NODE && leaves(l, alternative)));
  lowerHeadCondition(l, condition, whenTrue, whenFalse);
  l.isLeaving = outer;
  l.current = whenTrue;
  lowerStatement(l, consequence);
  if (alternative === NO_NODE && !l.marksPoints) {
    l.continueIn(whenFalse);
    return;
  }
  const after = l.newBlock();
  l.finishWithGoto(after);
  l.current = whenFalse;
  if (alternative === NO_NODE) l.markPoint('otherwise', node);
  else lowerStatement(l, alternative);
  l.continueIn(after);
}

/** The condition of `do … while (0)`, which is no loop: its body is one statement for a macro's user. */
function isZero(l: Lowering, condition: NodeIndex): boolean {
  const inner = l.unparenthesised(condition);
  return (
    l.kind(inner) === NodeKind.False || (l.kind(inner) === NodeKind.NumberLiteral && /^0[uUlL]*$/.test(l.text(inner)))
  );
}

function lowerLoop(l: Lowering, node: NodeIndex): void {
  const body = l.child(node, Field.Body);
  if (body === NO_NODE) {
    forgetMentions(l, node);
    return;
  }
  const head = l.newBlock();
  const bodyBlock = l.newBlock();
  const step = l.newBlock();
  const after = l.newBlock();
  const kind = l.kind(node);
  const condition = l.child(node, Field.Condition);
  l.openScope(node);
  const iterationMacro =
    kind === NodeKind.WhileStatement && !l.frame.origin
      ? l.environment.iterationMacroAt(l.tree.start[node])
      : undefined;
  if (kind === NodeKind.ForStatement) {
    const initializer = l.child(node, Field.Initializer);
    if (initializer !== NO_NODE) {
      if (l.kind(initializer) === NodeKind.Declaration) lowerDeclaration(l, initializer);
      else lowerDiscarded(l, initializer);
    }
  }
  if (kind === NodeKind.DoStatement) l.continueIn(bodyBlock);
  else {
    l.continueIn(head);
    if (iterationMacro !== undefined) lowerIteration(l, iterationMacro, condition, bodyBlock, after);
    else if (condition === NO_NODE) l.finishWithGoto(bodyBlock);
    else lowerHeadCondition(l, condition, bodyBlock, after);
    l.current = bodyBlock;
  }
  const scopeDepth = l.scopes.length;
  l.breakTargets.push({ block: after.id, scopeDepth });
  l.continueTargets.push({ block: kind === NodeKind.DoStatement ? head.id : step.id, scopeDepth });
  lowerStatement(l, body);
  l.breakTargets.pop();
  l.continueTargets.pop();
  if (kind === NodeKind.DoStatement) {
    l.continueIn(head);
    if (condition === NO_NODE) l.finishWithGoto(bodyBlock);
    else if (isZero(l, condition)) l.finishWithGoto(after);
    else lowerHeadCondition(l, condition, bodyBlock, after);
  } else {
    l.continueIn(step);
    const update = l.child(node, Field.Update);
    if (update !== NO_NODE) lowerDiscarded(l, update);
    l.finishWithGoto(head);
  }
  l.current = after;
  closeScope(l, endOf(l, node));
}

function lowerCase(l: Lowering, node: NodeIndex): void {
  const block = l.caseBlocks.get(`${l.frame.macro}:${node}`);
  if (block !== undefined) l.continueIn(l.blocks[block]);
  const value = l.child(node, Field.Value);
  for (const child of childrenOf(l.tree, node)) if (child !== value) lowerStatement(l, child);
}

function lowerLabel(l: Lowering, node: NodeIndex): void {
  const label = l.child(node, Field.Label);
  const target = label === NO_NODE ? undefined : l.labels.get(l.text(label));
  if (target) l.continueIn(l.blocks[target.block]);
  for (const child of childrenOf(l.tree, node)) if (child !== label) lowerStatement(l, child);
}

function lowerGoto(l: Lowering, node: NodeIndex): void {
  const label = l.child(node, Field.Label);
  // A macro's parameter may name the label: GOTO_IF(condition, out).
  const name = label === NO_NODE ? '' : substitutedName(l, l.text(label));
  if (l.labels.has(name)) {
    jumpToLabel(l, name, node);
    return;
  }
  if (l.environment.hasLabelsElsewhere && name !== '') {
    l.fullExpression(() => {
      const value = named(l, `${JUMP}${name}`);
      l.terminate({ kind: 'return', value, origin: l.origin(node) });
    });
    return;
  }
  const { addressedLabels } = l;
  if (addressedLabels.size === 0 || addressedLabels.size > MAXIMUM_ADDRESSED_LABELS) {
    // A label that was not understood: control is lost, and with it what may be said.
    forgetMentions(l, node);
    l.terminate({ kind: 'unreachable' });
    return;
  }
  // GNU's computed goto leads to any label whose address was taken.
  const names = [...addressedLabels];
  for (const each of names.slice(0, -1)) {
    const chosen = l.newBlock();
    const next = l.newBlock();
    l.fullExpression(() => {
      const condition = unknown(l, node);
      const origin = l.origin(node);
      l.terminate({ kind: 'branch', condition, whenTrue: chosen.id, whenFalse: next.id, origin, isInlined: true });
    });
    l.current = chosen;
    jumpToLabel(l, each, node);
    l.current = next;
  }
  jumpToLabel(l, names[names.length - 1], node);
}

function jumpToLabel(l: Lowering, name: string, node: NodeIndex): void {
  const target = l.labels.get(name)!;
  endScopes(l, l.commonScopeDepth(target.scopes), l.origin(node));
  l.terminate({ kind: 'goto', target: target.block });
}

/**
 * Macros that leave a function whose caller made a mistake, as they are named since GLib's, or a test that failed: what is expected or
 * asserted, and `OK()` of the test anything protocol.
 */
const RETURNING_CHECK = /(?:^|_)(?:return(?:_\w+)?_if_fail|(?:expect|assert)(?:_\w+)?)$|^ok\d?$/i;

/** One of the macros around, each within the one before it, is such a check. */
function isCheck({ frame }: Lowering): boolean {
  return frame.macro !== '' && frame.macro.split(' ').some((name) => RETURNING_CHECK.test(name));
}

/** Leaves the function without a value that is known. */
function leaveFunction(l: Lowering, origin: Origin): void {
  endScopes(l, 0, origin);
  l.terminate({ kind: 'return', value: undefined, origin, isCheck: isCheck(l) });
}

function lowerReturn(l: Lowering, node: NodeIndex): void {
  const origin = l.origin(node);
  if (node + 1 >= l.tree.next[node]) {
    leaveFunction(l, origin);
    return;
  }
  l.fullExpression(() => {
    // The value is computed before the scopes end: a cleanup must not change it.
    const result = l.newTemporary();
    const returned = keepError(l, lowerExpression(l, node + 1), node + 1);
    convert(l, returned, l.returnType, node + 1);
    storeVariable(l, result, returned, node);
    const value = loadVariable(l, result, node);
    endScopes(l, 0, origin);
    l.terminate({ kind: 'return', value, origin, isCheck: isCheck(l) });
  });
}
