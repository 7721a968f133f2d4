import { NodeKind } from '../syntax/generated/node-kinds.ts';
import { store, unknown } from './emit.ts';
import type { Register } from './instructions.ts';
import { lowerExpression } from './lower-expression.ts';
import type { Argument, Lowering } from './lowering.ts';
import { withFrame } from './macro-inlining.ts';

/*
 * Functions and builtins that read or write a place in one step. To that place they do what `*p` and `*p = v` do
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

/** What an atomic load reads, or an unknown value for a store; undefined for a call of something else. */
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
  if (!isStore) {
    const destination = l.newRegister();
    const { register, pointer: origin } = address;
    l.emit({ op: 'load', destination, address: register, origin: l.origin(node), pointer: origin, isAtomic: true });
    return destination;
  }
  const value = withFrame(l, stored.frame, () => lowerExpression(l, stored.node));
  store(l, address, value, node);
  // Who else reads the place may have taken what is there.
  l.emit({ op: 'escape', value });
  return unknown(l, node);
}
