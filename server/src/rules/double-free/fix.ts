import type { Flaw } from '../../analysis/flaws.ts';
import type { Site } from '../../analysis/state.ts';
import type { Fix } from '../../base/finding.ts';
import type { FunctionIr } from '../../ir/instructions.ts';
import { bare, FunctionText, isPure } from '../fixes/function-text.ts';
import { assignable, assignNull, callStatement } from '../fixes/null-assignment.ts';
import { removeStatement } from '../fixes/statement-edits.ts';
import { type Style, styleOf } from '../fixes/style.ts';
import { type Repair, type RuleContext, refuse } from '../rule.ts';
import { doubleFreeAlternatives } from './alternatives.ts';

type DoubleFree = Extract<Flaw, { kind: 'double-free' }>;

/**
 * The second free goes when the memory is freed by then on every path: were it the first on some path, that path would
 * leak. Otherwise the pointer can be cleared after the first, so that the second has nothing to free.
 */
export function doubleFreeFixes(context: RuleContext, flaw: DoubleFree): Repair {
  const fn = new FunctionText(context);
  const style = styleOf(fn, context.neighbours());
  return {
    ...plainFixes(context, fn, style, flaw),
    alternatives: doubleFreeAlternatives(context, fn, flaw, style),
  };
}

function plainFixes(context: RuleContext, fn: FunctionText, style: Style, flaw: DoubleFree): Repair {
  const { analysis } = context;
  const { first, second } = flaw;
  const fixes: Fix[] = [];
  const isSecondEverywhere = !analysis.isIncomplete && !analysis.firstFrees.has(second.id);
  const secondCall = second.inner.length === 0 ? callStatement(fn, second.origin, second.callee) : undefined;
  if (secondCall && isSecondEverywhere && secondCall.arguments.every((argument) => isPure(fn, argument))) {
    const edits = removeStatement(fn, secondCall.statement);
    if (edits) fixes.push({ title: `Remove the second ${second.callee}()`, safety: 'safe', edits });
  }
  // Cleared behind one of several first frees, the pointer would still be freed twice behind the others.
  const hasOtherFirst = analysis.flaws.some(
    (other) => other.kind === 'double-free' && other.second.id === second.id && other.first.id !== first.id,
  );
  // A function that frees more than the pointer it is given may find NULL no better than a freed pointer.
  const isPlain = [first, second].every(({ inner, callee }) => inner.length === 0 || /free$/i.test(callee));
  const firstCall = hasOtherFirst || !isPlain ? undefined : callStatement(fn, first.origin, first.callee);
  if (firstCall) {
    const pointer = fn.text.slice(flaw.pointer.start, flaw.pointer.end);
    const argument = firstCall.arguments.find((node) => fn.textOf(bare(fn, node)) === bareText(pointer));
    const target = argument === undefined ? undefined : assignable(fn, analysis.ir, argument);
    const edits = target === undefined ? undefined : assignNull(fn, style, firstCall.statement, fn.textOf(target));
    if (target !== undefined && edits) {
      const title = `Set '${fn.textOf(target)}' to ${style.nullPointer} after the first ${first.callee}()`;
      const name = fn.textOf(target);
      const again = secondCall?.arguments.map((node) => fn.textOf(bare(fn, node)));
      const isOneOwner = isLocal(analysis.ir, name) && again?.length === 1 && again[0] === name;
      // Two frees of one local variable in one function, as before and behind a cleanup label: nobody else can mean the memory.
      const isSafe = isOneOwner && first.id !== second.id && [first, second].every(isPlainFree);
      fixes.push({ title, safety: isSafe ? 'safe' : 'unsafe', edits });
    }
  }
  if (fixes.length > 0) return { fixes };
  if (!isSecondEverywhere && hasOtherFirst) return refuse('several frees come before it');
  if (!isPlain) return refuse('a function frees more than the pointer');
  return refuse(secondCall || firstCall ? 'the pointer cannot be cleared' : 'no free is a statement of its own');
}

function isLocal({ variables }: FunctionIr, name: string): boolean {
  const named = variables.filter((variable) => variable.name === name);
  return named.length === 1 && named[0].kind === 'local';
}

/** A call of free() itself, which takes NULL, in the function's own text. */
function isPlainFree({ callee, inner }: Site): boolean {
  return callee === 'free' && inner.length === 0;
}

/** A pointer expression without the parentheses and casts around it. */
function bareText(text: string): string {
  let result = text.trim();
  for (;;) {
    const inner =
      /^\(\s*(?:const\s+|struct\s+)*\w+(?:\s+const)?\s*\*+\s*\)\s*(.*)$/s.exec(result) ?? /^\((.*)\)$/s.exec(result);
    if (!inner) return result;
    result = inner[1].trim();
  }
}
