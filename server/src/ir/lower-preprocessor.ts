import { partsOf } from '../source/conditions.ts';
import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { childrenOf, NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import type { BasicBlock, ConfigurationChoice } from './instructions.ts';
import { lowerStatements } from './lower-statement.ts';
import type { Lowering } from './lowering.ts';

/**
 * Lowers a conditional group that the normaliser left as a choice: a branch on a value that is the same wherever the
 * same condition stands, so that one path never takes both answers.
 */
export function lowerConditionalGroup(l: Lowering, node: NodeIndex): void {
  const { key, isNegated } = conditionKey(l, node);
  const alternative = l.child(node, Field.Alternative);
  const { assumedConditions } = l.environment;
  const isAssumed = assumedConditions.has(key) ? true : assumedConditions.has(negated(key)) ? false : undefined;
  if (isAssumed !== undefined) {
    // Another group of the function had to be decided: this one is decided alike.
    if (isAssumed !== isNegated) lowerStatements(l, content(l, node));
    else if (alternative !== NO_NODE) lowerAlternative(l, alternative);
    return;
  }
  const configuration = choiceOf(l, key, (alternative !== NO_NODE) !== isNegated);
  const around = l.configurationsAround;
  const whenTrue = l.newBlock();
  const whenFalse = l.newBlock();
  const after = l.newBlock();
  const [holds, fails] = isNegated ? [whenFalse, whenTrue] : [whenTrue, whenFalse];
  branchByMacro(l, node, key, holds, fails, configuration);
  l.configurationsAround |= configuration === undefined ? 0 : 1 << configuration.number;
  l.current = whenTrue;
  assumeParts(l, node, key, '&&');
  lowerStatements(l, content(l, node));
  l.finishWithGoto(after);
  l.current = whenFalse;
  assumeParts(l, node, key, '||');
  if (alternative !== NO_NODE) {
    lowerAlternative(l, alternative);
  }
  l.configurationsAround = around;
  l.continueIn(after);
}

/** Goes on in one block where a condition of macros holds, and in another where it does not; the same on all of a path. */
function branchByMacro(
  l: Lowering,
  node: NodeIndex,
  key: string,
  whenTrue: BasicBlock,
  whenFalse: BasicBlock,
  configuration?: ConfigurationChoice,
): void {
  l.fullExpression(() => {
    const condition = l.newRegister();
    l.emit({ op: 'named', destination: condition, key: `#if ${key}` });
    l.terminate({
      kind: 'branch',
      condition,
      whenTrue: whenTrue.id,
      whenFalse: whenFalse.id,
      origin: l.origin(node),
      isInlined: true,
      configuration,
    });
  });
}

/** A condition that is asked of one macro. */
const ONE_MACRO = /^(!?)(defined\(\w+\)|[A-Za-z_]\w*)$/;

/**
 * Where `!defined(A) && !defined(B)` holds neither is defined, and where `defined(A) || defined(B)` does not: what other groups
 * ask of one of them is answered with it.
 */
function assumeParts(l: Lowering, node: NodeIndex, key: string, operator: '&&' | '||'): void {
  for (const part of partsOf(key, operator)) {
    const [, negation, name] = ONE_MACRO.exec(part) ?? [];
    if (name === undefined) continue;
    const goesOn = l.newBlock();
    const isRefuted = l.newBlock();
    const holds = (operator === '&&') !== (negation === '!');
    if (holds) branchByMacro(l, node, name, goesOn, isRefuted);
    else branchByMacro(l, node, name, isRefuted, goesOn);
    l.current = goesOn;
  }
}

/** So many conditions of one function are told apart: bits of a number. */
const MAXIMUM_CONFIGURATIONS = 30;

function choiceOf(l: Lowering, key: string, usual: boolean): ConfigurationChoice | undefined {
  const known = l.configurations.get(key) ?? { number: l.configurations.size, usual };
  if (known.number >= MAXIMUM_CONFIGURATIONS) return undefined;
  l.configurations.set(key, known);
  const names = new Set(namesIn(key));
  let related = l.configurationsAround;
  for (const [other, { number }] of l.configurations) {
    if (namesIn(other).some((name) => names.has(name))) related |= 1 << number;
  }
  return { ...known, related };
}

function namesIn(key: string): string[] {
  return (key.match(/[A-Za-z_]\w*/g) ?? []).filter((word) => word !== 'defined');
}

function lowerAlternative(l: Lowering, alternative: NodeIndex): void {
  if (l.kind(alternative) === NodeKind.PreprocElse) lowerStatements(l, content(l, alternative));
  else lowerConditionalGroup(l, alternative);
}

function negated(key: string): string {
  return `!${key}`;
}

/** The statements of a branch: all children but its condition and its alternative. */
function content(l: Lowering, node: NodeIndex): NodeIndex[] {
  return childrenOf(l.tree, node).filter((child) => l.tree.field[child] === Field.None);
}

/** The condition in a normal form, in which `#ifdef X`, `#if defined(X)` and `#if defined X` are the same. */
function conditionKey(l: Lowering, node: NodeIndex): { key: string; isNegated: boolean } {
  const kind = l.kind(node);
  if (kind === NodeKind.PreprocIfdef || kind === NodeKind.PreprocElifdef) {
    const name = l.child(node, Field.Name);
    const isNegated = /^\s*#\s*(ifndef|elifndef)/.test(l.text(node).slice(0, 40));
    return { key: `defined(${name === NO_NODE ? '' : l.text(name)})`, isNegated };
  }
  const condition = l.child(node, Field.Condition);
  let text = condition === NO_NODE ? '' : l.text(condition).replace(/[\s\\]+/g, '');
  text = text.replace(/defined\(?([A-Za-z_]\w*)\)?/g, 'defined($1)');
  let isNegated = false;
  while (text.startsWith('!') && /^!defined\(\w+\)$|^!\w+$/.test(text)) {
    isNegated = !isNegated;
    text = text.slice(1);
  }
  return { key: text, isNegated };
}
