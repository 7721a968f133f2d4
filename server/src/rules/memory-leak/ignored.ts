import type { Flaw } from '../../analysis/flaws.ts';
import { allocationKey } from '../../analysis/recorded-paths.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE, type NodeIndex } from '../../syntax/syntax-arrays.ts';
import { type Deallocator, deallocatorOfResult, takesNull } from '../fixes/deallocators.ts';
import { FunctionText, isInList, isPure, statementOf } from '../fixes/function-text.ts';
import { insertAfter, insertBefore, line } from '../fixes/statement-edits.ts';
import { styleOf } from '../fixes/style.ts';
import { type Repair, type RuleContext, refuse } from '../rule.ts';

type Leak = Extract<Flaw, { kind: 'leak' }>;

/** Names for what was only an argument so far. */
const NAMES = ['text', 'copy', 'made', 'temporary'];

/**
 * The result of a call is given away at once: nothing, or a callee that does not keep it, takes it. It gets a name in front
 * of the statement, and is freed behind it; where nothing takes it, it is freed right away.
 */
export function ignoredResultFixes(context: RuleContext, leak: Leak): Repair {
  const fn = new FunctionText(context);
  const { allocation, family } = leak;
  const call = fn.find(NodeKind.CallExpression, allocation.origin);
  if (call === NO_NODE || fn.textOf(childByField(fn.tree, call, Field.Function)) !== allocation.callee) {
    return refuse('the allocation stands in a macro');
  }
  const statement = statementOf(fn, call);
  if (statement === NO_NODE || !fn.isAsWritten(fn.start(statement), fn.end(statement))) {
    return refuse('the statement holds a macro');
  }
  const deallocator = deallocatorOfResult(context, family, allocation);
  if (!deallocator) return refuse('the function that frees the memory is not known');
  if (!context.program.releasePoints()?.isAlwaysLost(allocationKey(allocation))) {
    return refuse('on some paths somebody keeps the memory');
  }
  const style = styleOf(fn, context.neighbours());
  const blank = style.spacesCalls ? ' ' : '';
  const whole = wholeOf(fn, call);
  const parent = fn.parent(whole);
  if (parent === statement && fn.kind(statement) === NodeKind.ExpressionStatement) {
    if (!takesNull(deallocator.name)) return refuse('the pointer may be NULL');
    return {
      fixes: [
        {
          title: `Free the result of ${allocation.callee}()`,
          safety: 'unsafe',
          edits: [
            fn.replace(fn.start(whole), fn.start(call), `${deallocator.name}${blank}(`),
            fn.replace(fn.end(call), fn.end(whole), ')'),
          ],
        },
      ],
    };
  }
  return namedResult(context, fn, { leak, call, whole, statement, deallocator, blank, style });
}

interface Situation {
  readonly leak: Leak;
  readonly call: NodeIndex;
  /** The call with the casts around it. */
  readonly whole: NodeIndex;
  readonly statement: NodeIndex;
  readonly deallocator: Deallocator;
  readonly blank: string;
  readonly style: ReturnType<typeof styleOf>;
}

function namedResult(context: RuleContext, fn: FunctionText, situation: Situation): Repair {
  const { leak, call, whole, statement, deallocator, blank, style } = situation;
  const list = fn.parent(whole);
  if (fn.kind(list) !== NodeKind.ArgumentList) return refuse('the result is a part of a larger expression');
  const kind = fn.kind(statement);
  if (kind !== NodeKind.ExpressionStatement && kind !== NodeKind.Declaration) {
    return refuse('the result is a part of a larger expression');
  }
  // A declaration must not follow a label (before C23).
  if (!isInList(fn, statement) || fn.kind(fn.parent(statement)) !== NodeKind.CompoundStatement) {
    return refuse('a declaration cannot stand there');
  }
  const outer = childByField(fn.tree, fn.parent(list), Field.Function);
  if (outer === NO_NODE || /^[A-Z][A-Z0-9_]*$/.test(fn.textOf(outer)) || fn.file.definesMacro(fn.textOf(outer))) {
    return refuse('the result is an argument of a macro');
  }
  for (let node = list; node !== statement; node = fn.parent(node)) {
    const operator = childByField(fn.tree, node, Field.Operator);
    const isShort = operator !== NO_NODE && /^(&&|\|\|)$/.test(fn.textOf(operator));
    if (isShort || fn.kind(node) === NodeKind.ConditionalExpression || fn.kind(node) === NodeKind.CompoundStatement) {
      return refuse('the result is a part of a larger expression');
    }
  }
  const name = NAMES.find((candidate) => !new RegExp(`\\b${candidate}\\b`).test(fn.text));
  if (name === undefined) return refuse('there is no name for the result');
  const returned = context.program.returnType(leak.allocation.callee)?.replace(/\b(static|inline|extern)\b\s*/g, '');
  const type = returned !== undefined && /^[\w\s*]+\*$/.test(returned) ? returned.trim() : 'void *';
  const isGuarded = !takesNull(deallocator.name);
  const free = `${isGuarded ? `if (${name}) ` : ''}${deallocator.name}${blank}(${name});`;
  const before = insertBefore(fn, statement, [line(`${type}${name} = ${fn.textOf(call)};`)], style);
  const after = insertAfter(fn, statement, [line(free)], style);
  if (!before || !after) return refuse('there is no place for a statement');
  // What the statement does besides happens behind the call then, and not perhaps before.
  const others = childrenOf(fn.tree, list).filter((argument) => argument !== whole);
  const isAlone = fn.parent(fn.parent(list)) === statement && others.every((argument) => isPure(fn, argument));
  return {
    fixes: [
      {
        title: `Keep the result of ${leak.allocation.callee}() and free it`,
        safety: isAlone && deallocator.isCertain && !context.analysis.isIncomplete ? 'safe' : 'unsafe',
        edits: [...before, fn.replace(fn.start(call), fn.end(call), name), ...after],
      },
    ],
  };
}

/** The expression with the casts and parentheses around it. */
function wholeOf(fn: FunctionText, call: NodeIndex): NodeIndex {
  let node = call;
  for (;;) {
    const kind = fn.kind(fn.parent(node));
    if (kind !== NodeKind.CastExpression && kind !== NodeKind.ParenthesizedExpression) return node;
    node = fn.parent(node);
  }
}
