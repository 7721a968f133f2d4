import type { UnwrittenRead } from '../../analysis/flaws.ts';
import type { Fix } from '../../base/finding.ts';
import { Field, NodeKind } from '../../syntax/generated/node-kinds.ts';
import { childByField, childrenOf, NO_NODE } from '../../syntax/syntax-arrays.ts';
import { FunctionText } from '../fixes/function-text.ts';
import type { RuleContext } from '../rule.ts';

/** Allocators, and those of the same family that give zeros. The arguments are a count and a size there. */
const ZEROING = new Map([
  ['malloc', 'calloc'],
  ['xmalloc', 'xcalloc'],
]);
/** The same with the same arguments. */
const ZEROING_ALIKE = new Map([
  ['g_malloc', 'g_malloc0'],
  ['g_new', 'g_new0'],
  ['g_slice_alloc', 'g_slice_alloc0'],
  ['kmalloc', 'kzalloc'],
  ['kvmalloc', 'kvzalloc'],
  ['vmalloc', 'vzalloc'],
  ['OPENSSL_malloc', 'OPENSSL_zalloc'],
  ['av_malloc', 'av_mallocz'],
  ['palloc', 'palloc0'],
  ['apr_palloc', 'apr_pcalloc'],
]);

/**
 * The allocator that gives zeros takes the place of the one that gives anything. Unsafe: that zero is what should be read
 * is a guess.
 */
export function uninitializedHeapReadFixes(context: RuleContext, { allocation }: UnwrittenRead): Fix[] {
  if (allocation.inner.length > 0) return [];
  const { callee, origin } = allocation;
  const fn = new FunctionText(context);
  const call = fn.find(NodeKind.CallExpression, origin);
  if (call === NO_NODE || !fn.isAsWritten(origin.start, origin.end)) return [];
  const named = childByField(fn.tree, call, Field.Function);
  const list = childByField(fn.tree, call, Field.Arguments);
  if (named === NO_NODE || list === NO_NODE || fn.textOf(named) !== callee) return [];
  const callArguments = childrenOf(fn.tree, list);
  const alike = ZEROING_ALIKE.get(callee);
  const other = alike ?? ZEROING.get(callee);
  if (other === undefined || (alike === undefined && callArguments.length !== 1)) return [];
  const edits = [fn.replace(fn.start(named), fn.end(named), other)];
  if (alike === undefined) {
    const at = fn.start(callArguments[0]);
    edits.push(fn.replace(at, at, '1, '));
  }
  return [{ title: `Allocate zeros with ${other}()`, safety: 'unsafe', edits }];
}
