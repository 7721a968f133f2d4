import type { SizeFlaw } from '../../analysis/size-flaws.ts';
import type { Fix } from '../../base/finding.ts';
import type { Origin } from '../../ir/instructions.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { FunctionText, isPure } from '../fixes/function-text.ts';
import type { RuleContext } from '../rule.ts';

/** Repairs of a size in the call that says it; none where the call is not the text that was parsed. */
export function allocationSizeFixes(context: RuleContext, flaw: SizeFlaw): Fix[] {
  const fn = new FunctionText(context);
  const fix = repair(fn, flaw);
  return fix ? [fix] : [];
}

function repair(fn: FunctionText, flaw: SizeFlaw): Fix | undefined {
  switch (flaw.kind) {
    case 'swapped-fill':
      return swapArguments(fn, flaw.fill, flaw.size, flaw.callee);
    case 'buffer-size-of-pointer': {
      // So far as the call tells, one object is meant; a buffer of bytes has a size that only its owner knows.
      const isObject = flaw.pointee.size !== undefined && flaw.pointee.size > 8;
      return isObject ? measureTarget(fn, flaw.size, 'unsafe') : undefined;
    }
    case 'size-of-pointer':
      return flaw.size && measureTarget(fn, flaw.size, 'safe');
    case 'overflow':
      return flaw.isTerminator && flaw.allocation.inner.length === 0 ? addOne(fn, flaw.size) : undefined;
    case 'misplaced-one':
      return moveOne(fn, flaw.size);
    case 'unbounded-product':
      return splitProduct(fn, flaw.allocation.origin, flaw.size);
    default:
      return undefined;
  }
}

/** The argument of a call with exactly this range, if it was written so. */
function argumentAt(fn: FunctionText, { start, end }: Origin): NodeIndex {
  if (!fn.isAsWritten(start, end)) return NO_NODE;
  const { tree } = fn;
  for (let node = 0; node < tree.length; node++) {
    if (tree.start[node] !== start || tree.end[node] !== end) continue;
    const parent = fn.parent(node);
    if (parent !== NO_NODE && tree.kind[parent] === NodeKind.ArgumentList) return node;
  }
  return NO_NODE;
}

function swapArguments(fn: FunctionText, fill: Origin, size: Origin, callee: string): Fix | undefined {
  const first = argumentAt(fn, fill);
  const second = argumentAt(fn, size);
  if (first === NO_NODE || second === NO_NODE || !isPure(fn, first)) return undefined;
  // Only what measures something is a size for sure: `memset(p, 0xff, 0)` may mean another number of bytes.
  const isSize = /\bsizeof\b/.test(fn.textOf(first));
  return {
    title: `Swap the last two arguments of ${callee}()`,
    safety: isSize ? 'safe' : 'unsafe',
    edits: [fn.replace(fill.start, fill.end, fn.textOf(second)), fn.replace(size.start, size.end, fn.textOf(first))],
  };
}

/** `sizeof(p)` becomes `sizeof(*p)`, `sizeof(T *)` becomes `sizeof(T)`. */
function measureTarget(fn: FunctionText, size: Origin, safety: Fix['safety']): Fix | undefined {
  const argument = argumentAt(fn, size);
  if (argument === NO_NODE) return undefined;
  const { tree } = fn;
  let found: NodeIndex = NO_NODE;
  for (let node = argument; node < tree.next[argument]; node++) {
    if (tree.kind[node] !== NodeKind.SizeofExpression) continue;
    if (found !== NO_NODE) return undefined;
    found = node;
  }
  if (found === NO_NODE) return undefined;
  const value = childByField(tree, found, Field.Value);
  const type = childByField(tree, found, Field.Type);
  const title = 'Measure what the pointer points to';
  if (value !== NO_NODE) {
    let operand = value;
    while (tree.kind[operand] === NodeKind.ParenthesizedExpression && operand + 1 < tree.next[operand]) operand++;
    const kind = tree.kind[operand];
    if (kind !== NodeKind.Identifier && kind !== NodeKind.FieldExpression && kind !== NodeKind.SubscriptExpression)
      return undefined;
    return { title, safety, edits: [fn.replace(fn.start(operand), fn.start(operand), '*')] };
  }
  if (type === NO_NODE) return undefined;
  const match = /^([^()[\]]*)\*$/s.exec(fn.textOf(type));
  if (!match) return undefined;
  return { title, safety, edits: [fn.replace(fn.start(type), fn.end(type), match[1].trimEnd())] };
}

const TIGHT = new Set([
  NodeKind.Identifier,
  NodeKind.CallExpression,
  NodeKind.FieldExpression,
  NodeKind.SubscriptExpression,
  NodeKind.ParenthesizedExpression,
  NodeKind.NumberLiteral,
]);

/** `malloc(strlen(s))` becomes `malloc(strlen(s) + 1)`. */
function addOne(fn: FunctionText, size: Origin | undefined): Fix | undefined {
  const argument = size ? argumentAt(fn, size) : NO_NODE;
  if (!size || argument === NO_NODE) return undefined;
  const kind = fn.kind(argument);
  const operator = kind === NodeKind.BinaryExpression ? childByField(fn.tree, argument, Field.Operator) : NO_NODE;
  const isSum = operator !== NO_NODE && ['+', '*'].includes(fn.textOf(operator));
  const edits =
    TIGHT.has(kind) || isSum
      ? [fn.replace(size.end, size.end, ' + 1')]
      : [fn.replace(size.start, size.start, '('), fn.replace(size.end, size.end, ') + 1')];
  return { title: 'Make room for the terminator', safety: 'safe', edits };
}

/** `malloc(strlen(s + 1))` becomes `malloc(strlen(s) + 1)`. */
function moveOne(fn: FunctionText, size: Origin | undefined): Fix | undefined {
  const argument = size ? argumentAt(fn, size) : NO_NODE;
  if (!size || argument === NO_NODE || fn.kind(argument) !== NodeKind.CallExpression) return undefined;
  const list = childByField(fn.tree, argument, Field.Arguments);
  const [sum] = list === NO_NODE ? [] : childrenOf(fn.tree, list);
  if (sum === undefined || fn.kind(sum) !== NodeKind.BinaryExpression) return undefined;
  const left = childByField(fn.tree, sum, Field.Left);
  const right = childByField(fn.tree, sum, Field.Right);
  if (left === NO_NODE || right === NO_NODE || fn.textOf(right) !== '1') return undefined;
  return {
    title: "Move '+ 1' out of strlen()",
    safety: 'unsafe',
    edits: [fn.replace(fn.end(left), fn.end(sum), ''), fn.replace(size.end, size.end, ' + 1')],
  };
}

/** `malloc(n * size)` becomes `calloc(n, size)`, and realloc `reallocarray`: both refuse a product that wraps around. */
function splitProduct(fn: FunctionText, call: Origin, size: Origin | undefined): Fix | undefined {
  const argument = size ? argumentAt(fn, size) : NO_NODE;
  const node = fn.find(NodeKind.CallExpression, call);
  if (!size || argument === NO_NODE || node === NO_NODE || fn.kind(argument) !== NodeKind.BinaryExpression) {
    return undefined;
  }
  const callee = childByField(fn.tree, node, Field.Function);
  const operator = childByField(fn.tree, argument, Field.Operator);
  const left = childByField(fn.tree, argument, Field.Left);
  const right = childByField(fn.tree, argument, Field.Right);
  if (callee === NO_NODE || operator === NO_NODE || fn.textOf(operator) !== '*') return undefined;
  const replacement = new Map([
    ['malloc', 'calloc'],
    ['realloc', 'reallocarray'],
  ]).get(fn.textOf(callee));
  if (replacement === undefined || left === NO_NODE || right === NO_NODE) return undefined;
  return {
    title: `Let ${replacement}() multiply`,
    safety: 'unsafe',
    edits: [fn.replace(fn.start(callee), fn.end(callee), replacement), fn.replace(fn.end(left), fn.start(right), ', ')],
  };
}
