import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { childByField, type NodeIndex, type SyntaxArrays } from '../syntax/syntax-arrays.ts';
import type { MacroTemplate } from './lowering-environment.ts';

/**
 * `#define take(length, used) ((void) (length), (void *) 0)`: what does nothing with what it is given, and gives NULL, takes the place of
 * something that another build has. Nobody means its NULL.
 */
export function isNullStub({ parameters, arrays, body }: MacroTemplate): boolean {
  if (parameters === undefined || parameters.length === 0) return false;
  let value = body;
  for (let isCast = false; ; ) {
    switch (arrays.kind[value]) {
      case NodeKind.ParenthesizedExpression:
        value += 1;
        continue;
      case NodeKind.CommaExpression: {
        const left = childByField(arrays, value, Field.Left);
        if (!isIdle(arrays, left)) return false;
        value = childByField(arrays, value, Field.Right);
        continue;
      }
      case NodeKind.CastExpression:
        isCast = true;
        value = childByField(arrays, value, Field.Value);
        continue;
      case NodeKind.Null:
        return true;
      case NodeKind.NumberLiteral:
        return isCast && arrays.text.slice(arrays.start[value], arrays.end[value]) === '0';
      default:
        return false;
    }
  }
}

const BUSY = new Set([
  NodeKind.CallExpression,
  NodeKind.AssignmentExpression,
  NodeKind.UpdateExpression,
  NodeKind.ConditionalExpression,
]);

/** An expression has no effect of its own. */
function isIdle(arrays: SyntaxArrays, node: NodeIndex): boolean {
  for (let each = node; each < arrays.next[node]; each++) if (BUSY.has(arrays.kind[each])) return false;
  return true;
}
