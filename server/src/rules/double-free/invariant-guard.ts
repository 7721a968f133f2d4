import type { Site } from '../../analysis/state.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { rootName } from '../correlation.ts';
import { FunctionText } from '../fixes/function-text.ts';
import type { RuleContext } from '../rule.ts';

const LOOPS: ReadonlySet<NodeKind> = new Set([NodeKind.ForStatement, NodeKind.WhileStatement, NodeKind.DoStatement]);

/**
 * True for memory that a turn of a loop allocates where a condition holds, and frees in any case, when nothing in the loop writes what the
 * condition names: it holds in each turn or in none, and no turn frees what an earlier one allocated.
 */
export function isGuardedByInvariant(context: RuleContext, allocation: Site, second: Site): boolean {
  const fn = new FunctionText(context);
  const call = fn.find(NodeKind.CallExpression, allocation.origin);
  if (call === NO_NODE) return false;
  const conditions: NodeIndex[] = [];
  let child = call;
  for (let node = fn.parent(call); node !== NO_NODE; child = node, node = fn.parent(node)) {
    if (LOOPS.has(fn.kind(node))) break;
    if (fn.kind(node) !== NodeKind.IfStatement) continue;
    // What decides about the free as well does not part the turns.
    if (fn.start(node) <= second.origin.start && second.origin.end <= fn.end(node)) break;
    const condition = childByField(fn.tree, node, Field.Condition);
    if (condition !== child && condition !== NO_NODE) conditions.push(condition);
  }
  const loop = fn.enclosing(call, LOOPS);
  if (loop === NO_NODE || conditions.length === 0) return false;
  if (second.origin.start < fn.start(loop) || second.origin.end > fn.end(loop)) return false;
  const written = namesWrittenIn(fn, loop);
  return conditions.every((condition) => {
    const names = namesAskedIn(fn, condition);
    return names.length > 0 && !names.some((name) => written.has(name));
  });
}

/** The names in a condition other than those of the functions that it calls. */
function namesAskedIn(fn: FunctionText, condition: NodeIndex): string[] {
  const names: string[] = [];
  for (let node = condition; node < fn.tree.next[condition]; node++) {
    if (fn.kind(node) === NodeKind.Identifier && fn.tree.field[node] !== Field.Function) names.push(fn.textOf(node));
  }
  return names;
}

/** The variables that a loop assigns to, counts, declares or gives the address of. */
function namesWrittenIn(fn: FunctionText, loop: NodeIndex): Set<string> {
  const written = new Set<string>();
  for (let node = loop; node < fn.tree.next[loop]; node++) {
    const kind = fn.kind(node);
    let target = NO_NODE;
    if (kind === NodeKind.AssignmentExpression) target = childByField(fn.tree, node, Field.Left);
    else if (kind === NodeKind.InitDeclarator) target = childByField(fn.tree, node, Field.Declarator);
    else if (kind === NodeKind.UpdateExpression) target = childByField(fn.tree, node, Field.Argument);
    else if (kind === NodeKind.PointerExpression && fn.textOf(node).startsWith('&'))
      target = childByField(fn.tree, node, Field.Argument);
    const name = rootName(fn, target);
    if (name !== undefined) written.add(name);
  }
  return written;
}
