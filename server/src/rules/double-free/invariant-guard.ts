import type { Site } from '../../analysis/state.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { addNames, addNamesWritten, rootName } from '../correlation.ts';
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
  const written = new Set<string>();
  addNamesWritten(fn, loop, written);
  return conditions.every((condition) => {
    const asked = new Set<string>();
    addNames(fn, condition, asked);
    if (callsOther(fn, condition)) return false;
    return asked.size > 0 && ![...asked].some((name) => written.has(name) || isAddressTaken(fn, loop, name));
  });
}

/** Names of functions that only ask: their answer hangs on what they are given. What `reader_next(reader)` says may change with every call. */
const QUESTION = /(?:^|_)(?:is|has|can|are|was|should|must)(?:_|[A-Z])|^(?:is|has|can)[A-Z]/;

function callsOther(fn: FunctionText, condition: NodeIndex): boolean {
  for (let node = condition; node < fn.tree.next[condition]; node++) {
    if (fn.kind(node) !== NodeKind.CallExpression) continue;
    const callee = childByField(fn.tree, node, Field.Function);
    if (callee === NO_NODE || !QUESTION.test(fn.textOf(callee))) return true;
  }
  return false;
}

/** `&name` stands in the loop: who is given that may write the variable. */
function isAddressTaken(fn: FunctionText, loop: NodeIndex, name: string): boolean {
  for (let node = loop; node < fn.tree.next[loop]; node++) {
    if (fn.kind(node) !== NodeKind.PointerExpression || !fn.textOf(node).startsWith('&')) continue;
    if (rootName(fn, childByField(fn.tree, node, Field.Argument)) === name) return true;
  }
  return false;
}
