import { NodeKind } from '../syntax/generated/node-kinds.ts';
import { load, store, unknown } from './emit.ts';
import type { Register } from './instructions.ts';
import { lowerExpression } from './lower-expression.ts';
import type { Argument, Lowering } from './lowering.ts';
import { withFrame } from './macro-inlining.ts';

/*
 * Functions and builtins that read or write a place in one step. In the course of one thread they do what `*p` and `*p = v` do
 * (C17 7.17.7; GCC manual, "Built-in Functions for Memory Model Aware Atomic Operations"; GLib manual, "Atomic Operations").
 */

const LOADS: ReadonlySet<string> = new Set([
  'atomic_load',
  'atomic_load_explicit',
  '__atomic_load_n',
  'g_atomic_int_get',
  'g_atomic_pointer_get',
]);

const STORES: ReadonlySet<string> = new Set([
  'atomic_init',
  'atomic_store',
  'atomic_store_explicit',
  '__atomic_store_n',
  'g_atomic_int_set',
  'g_atomic_pointer_set',
]);

/** The value of an atomic load, or an unknown one for a store; undefined for a call of something else. */
export function lowerAtomic(
  l: Lowering,
  node: number,
  name: string,
  callArguments: readonly Argument[],
): Register | undefined {
  const isStore = STORES.has(name);
  if ((!isStore && !LOADS.has(name)) || callArguments.length < (isStore ? 2 : 1)) return undefined;
  const [pointer, stored] = callArguments;
  const address = withFrame(l, pointer.frame, () => {
    const register = lowerExpression(l, pointer.node);
    const inner = l.unparenthesised(pointer.node);
    const isAddress = l.kind(inner) === NodeKind.PointerExpression && l.operator(inner) === '&';
    return { register, pointer: isAddress ? undefined : l.origin(pointer.node) };
  });
  if (!isStore) return load(l, address, node);
  store(
    l,
    address,
    withFrame(l, stored.frame, () => lowerExpression(l, stored.node)),
    node,
  );
  return unknown(l, node);
}
