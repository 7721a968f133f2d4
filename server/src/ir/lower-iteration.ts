import { NodeKind } from '../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { unknown } from './emit.ts';
import type { BasicBlock, VariableId } from './instructions.ts';
import { lowerAddress } from './lower-address.ts';
import type { Lowering } from './lowering.ts';

/**
 * Lowers the head of a loop that an iteration macro makes. The normaliser turned `FOREACH(x, list)` into
 * `while (x, list)`: each turn of the loop gives every plain variable among the arguments another value that is not
 * NULL, since no such macro enters its body without an element.
 */
export function lowerIteration(
  l: Lowering,
  macro: string,
  condition: NodeIndex,
  body: BasicBlock,
  after: BasicBlock,
): void {
  const plain = condition === NO_NODE ? [] : plainArguments(l, macro, condition);
  // What had no value before the loop has one behind it, also when there was no element; and the first, which as a rule is the
  // element, is not the one of the last turn any more where the loop has come to its end.
  const assigned = plain.flatMap(({ id }, position) =>
    id !== undefined && (position === 0 || isUnassignedSoFar(l, id)) ? [id] : [],
  );
  let end = after;
  if (assigned.length > 0) {
    end = l.newBlock();
    end.instructions.push({ op: 'forget', variables: assigned, forgetsMemory: false });
    end.terminator = { kind: 'goto', target: after.id };
  }
  l.fullExpression(() => {
    const origin = condition === NO_NODE ? { start: 0, end: 0 } : l.origin(condition);
    const destination = l.newRegister();
    l.emit({ op: 'unknown', destination, origin });
    l.terminate({
      kind: 'branch',
      condition: destination,
      whenTrue: body.id,
      whenFalse: end.id,
      origin,
      isInlined: true,
    });
  });
  if (condition === NO_NODE) return;
  l.current = body;
  l.fullExpression(() => {
    for (const { node: argument } of plain) {
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

interface PlainArgument {
  readonly node: NodeIndex;
  readonly id: VariableId | undefined;
}

/**
 * The arguments that are plain identifiers of local variables: what the macro may assign. A parameter is the list, unless a
 * definition of the macro assigns to it, or it stands there twice: it is the element then, and the list begins at its first value. What
 * nobody in sight declares the macro may declare itself.
 */
function plainArguments(l: Lowering, macro: string, condition: NodeIndex): PlainArgument[] {
  const found: PlainArgument[] = [];
  const assigned = l.environment.assignedArguments(macro);
  const parameters = new Set<VariableId>();
  let position = 0;
  const visit = (node: NodeIndex): void => {
    const inner = l.unparenthesised(node);
    if (l.kind(inner) === NodeKind.CommaExpression) {
      for (let child = inner + 1; child < l.tree.next[inner]; child = l.tree.next[child]) visit(child);
      return;
    }
    const isAssigned = assigned.includes(position++);
    if (l.kind(inner) !== NodeKind.Identifier) return;
    const name = l.text(inner);
    const id = l.lookUp(name);
    if (id === undefined) {
      if (!l.environment.isFunction(name)) found.push({ node: inner, id });
      return;
    }
    const { kind } = l.variables[id];
    const isElement = kind === 'parameter' && (isAssigned || parameters.has(id));
    if (kind === 'parameter') parameters.add(id);
    if (kind === 'local' || isElement) found.push({ node: inner, id });
  };
  visit(condition);
  return found;
}

/** Nothing in front of the loop assigns the variable, whose declaration gives it no value. */
function isUnassignedSoFar(l: Lowering, id: VariableId): boolean {
  let isDeclared = false;
  for (const { instructions } of l.blocks) {
    for (const [position, instruction] of instructions.entries()) {
      if (instruction.op === 'declare' && instruction.variable === id) isDeclared = true;
      else if (instruction.op === 'variable' && instruction.variable === id) {
        // Its address is taken for a store, or goes elsewhere: only reading it leaves it as it is.
        const next = instructions[position + 1];
        if (next?.op !== 'load' || next.address !== instruction.destination) return false;
      }
    }
  }
  return isDeclared;
}
