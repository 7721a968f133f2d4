import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { childrenOf, NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { lowerStatements } from './lower-statement.ts';
import type { Lowering } from './lowering.ts';

/**
 * Lowers a conditional group that the normaliser left as a choice: a branch on a value that is the same wherever the
 * same condition stands, so that one path never takes both answers.
 */
export function lowerConditionalGroup(l: Lowering, node: NodeIndex): void {
  const { key, isNegated } = conditionKey(l, node);
  const alternative = l.child(node, Field.Alternative);
  const whenTrue = l.newBlock();
  const whenFalse = l.newBlock();
  const after = l.newBlock();
  l.fullExpression(() => {
    const condition = l.newRegister();
    l.emit({ op: 'named', destination: condition, key: `#if ${key}` });
    l.terminate({
      kind: 'branch',
      condition,
      whenTrue: isNegated ? whenFalse.id : whenTrue.id,
      whenFalse: isNegated ? whenTrue.id : whenFalse.id,
      origin: l.origin(node),
      isInlined: true,
    });
  });
  l.current = whenTrue;
  lowerStatements(l, content(l, node));
  l.finishWithGoto(after);
  l.current = whenFalse;
  if (alternative !== NO_NODE) {
    const kind = l.kind(alternative);
    if (kind === NodeKind.PreprocElse) lowerStatements(l, content(l, alternative));
    else lowerConditionalGroup(l, alternative);
  }
  l.continueIn(after);
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
  let text = condition === NO_NODE ? '' : l.text(condition).replace(/\s+/g, '');
  text = text.replace(/defined\(?([A-Za-z_]\w*)\)?/g, 'defined($1)');
  let isNegated = false;
  while (text.startsWith('!') && /^!defined\(\w+\)$|^!\w+$/.test(text)) {
    isNegated = !isNegated;
    text = text.slice(1);
  }
  return { key: text, isNegated };
}
