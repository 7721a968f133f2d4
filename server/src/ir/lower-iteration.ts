import { NodeKind } from '../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { unknown } from './emit.ts';
import type { BasicBlock } from './instructions.ts';
import { lowerAddress } from './lower-expression.ts';
import type { Lowering } from './lowering.ts';

/**
 * Lowers the head of a loop that an iteration macro makes. The normaliser turned `FOREACH(x, list)` into
 * `while (x, list)`: each turn of the loop gives every plain variable among the arguments another value that is not
 * NULL, since no such macro enters its body without an element.
 */
export function lowerIteration(l: Lowering, condition: NodeIndex, body: BasicBlock, after: BasicBlock): void {
  l.fullExpression(() => {
    const origin = condition === NO_NODE ? { start: 0, end: 0 } : l.origin(condition);
    const destination = l.newRegister();
    l.emit({ op: 'unknown', destination, origin });
    l.terminate({
      kind: 'branch',
      condition: destination,
      whenTrue: body.id,
      whenFalse: after.id,
      origin,
      isInlined: true,
    });
  });
  if (condition === NO_NODE) return;
  l.current = body;
  l.fullExpression(() => {
    for (const argument of plainArguments(l, condition)) {
      // It may be the list, too, and stay what it is.
      const before = l.newRegister();
      const { register } = lowerAddress(l, argument);
      l.emit({ op: 'load', destination: before, address: register, origin: l.origin(argument), pointer: undefined });
      l.emit({ op: 'escape', value: before });
      const value = unknown(l, argument);
      l.emit({
        op: 'store',
        address: lowerAddress(l, argument).register,
        value,
        origin: l.origin(argument),
        pointer: undefined,
        mayWritePointers: false,
      });
    }
  });
}

/** The arguments that are plain identifiers of local variables: what the macro may assign. */
function plainArguments(l: Lowering, condition: NodeIndex): NodeIndex[] {
  const found: NodeIndex[] = [];
  const visit = (node: NodeIndex): void => {
    const inner = l.unparenthesised(node);
    if (l.kind(inner) === NodeKind.CommaExpression) {
      for (let child = inner + 1; child < l.tree.next[inner]; child = l.tree.next[child]) visit(child);
    } else if (l.kind(inner) === NodeKind.Identifier) {
      const id = l.lookUp(l.text(inner));
      if (id !== undefined && l.variables[id].kind === 'local') found.push(inner);
    }
  };
  visit(condition);
  return found;
}
