import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { childrenOf, NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { loadVariable, storeVariable, unknown } from './emit.ts';
import { forgetMentions } from './forgetting.ts';
import { lowerExpression } from './lower-expression.ts';
import { lowerStatement } from './lower-statement.ts';
import type { Lowering } from './lowering.ts';

/** The `case` and `default` labels that belong to a switch: not those of a switch inside it. */
function collectCases(l: Lowering, body: NodeIndex): NodeIndex[] {
  const cases: NodeIndex[] = [];
  const end = l.tree.next[body];
  for (let node = body; node < end; ) {
    const kind = l.kind(node);
    if (kind === NodeKind.CaseStatement) cases.push(node);
    node = node !== body && kind === NodeKind.SwitchStatement ? l.tree.next[node] : node + 1;
  }
  return cases;
}

/** Lowers a switch to a chain of comparisons; fall-through is the order of the blocks. */
export function lowerSwitch(l: Lowering, node: NodeIndex): void {
  const condition = l.child(node, Field.Condition);
  const body = l.child(node, Field.Body);
  if (condition === NO_NODE || body === NO_NODE) {
    forgetMentions(l, node);
    return;
  }
  const subject = l.newTemporary();
  l.fullExpression(() => storeVariable(l, subject, lowerExpression(l, condition), condition));
  const after = l.newBlock();
  let defaultBlock = after;
  const labels = collectCases(l, body);
  const last = labels.some((label) => l.child(label, Field.Value) === NO_NODE) ? undefined : labels.at(-1);
  for (const label of labels) {
    const block = l.newBlock();
    l.caseBlocks.set(`${l.frame.macro}:${label}`, block.id);
    const value = l.child(label, Field.Value);
    if (value === NO_NODE) {
      defaultBlock = block;
      continue;
    }
    const next = l.newBlock();
    l.fullExpression(() => {
      const left = loadVariable(l, subject, condition);
      // GNU's case ranges and other shapes are left open: the label may or may not be taken.
      const isRange = l
        .text(label)
        .slice(0, l.tree.end[value] - l.tree.start[label] + 8)
        .includes('...');
      const right = isRange ? unknown(l, value) : lowerExpression(l, value);
      const isEqual = l.newRegister();
      l.emit({ op: 'binary', destination: isEqual, operator: '==', left, right });
      l.terminate({
        kind: 'branch',
        condition: isEqual,
        whenTrue: block.id,
        whenFalse: next.id,
        origin: l.origin(value),
        isInlined: l.isInMacro(value),
        ...(label === last && labels.length > 1 ? { isLastLabel: true } : {}),
      });
    });
    l.current = next;
  }
  l.terminate({ kind: 'goto', target: defaultBlock.id });
  l.breakTargets.push({ block: after.id, scopeDepth: l.scopes.length });
  lowerStatement(l, body);
  l.breakTargets.pop();
  l.continueIn(after);
  if (hidesLabels(l, body)) {
    const locals = l.variables.filter(({ kind, name }) => kind === 'local' && name !== '').map(({ id }) => id);
    l.emit({ op: 'forget', variables: locals, forgetsMemory: true });
  }
}

/**
 * True when a statement stands in front of the first label: nothing leads there, so it is a macro that makes a label, and
 * what else such macros do is not known.
 */
function hidesLabels(l: Lowering, body: NodeIndex): boolean {
  const first = childrenOf(l.tree, body).find((child) => l.kind(child) !== NodeKind.Declaration);
  return first !== undefined && l.kind(first) === NodeKind.ExpressionStatement;
}
