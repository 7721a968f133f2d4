import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { store } from './emit.ts';
import { lowerExpression } from './lower-expression.ts';
import type { Argument, Lowering } from './lowering.ts';
import { withFrame } from './macro-inlining.ts';

/*
 * Functions and builtins that write a number to a place in one step (C17 7.17.7.1; GCC manual, "Built-in Functions for Memory Model
 * Aware Atomic Operations"; GLib manual, "Atomic Operations"). What they are besides, a point at which other threads come in, the call
 * says, which stays.
 */

const STORES: ReadonlySet<string> = new Set([
  'atomic_init',
  'atomic_store',
  'atomic_store_explicit',
  '__atomic_store_n',
  'g_atomic_int_set',
]);

/** In front of the call the store that it is, where a literal goes to a variable or a member: what is evaluated twice changes nothing. */
export function lowerAtomicStore(l: Lowering, node: number, name: string, callArguments: readonly Argument[]): void {
  if (!STORES.has(name) || callArguments.length < 2) return;
  const [pointer, stored] = callArguments;
  const isNamed = withFrame(l, pointer.frame, () => {
    const inner = l.unparenthesised(pointer.node);
    if (l.kind(inner) !== NodeKind.PointerExpression || l.operator(inner) !== '&') return false;
    let place = l.unparenthesised(l.child(inner, Field.Argument));
    while (l.kind(place) === NodeKind.FieldExpression) place = l.unparenthesised(l.child(place, Field.Argument));
    return l.kind(place) === NodeKind.Identifier;
  });
  const isLiteral = withFrame(l, stored.frame, () => l.kind(stored.node) === NodeKind.NumberLiteral);
  if (!isNamed || !isLiteral) return;
  const register = withFrame(l, pointer.frame, () => lowerExpression(l, pointer.node));
  const value = withFrame(l, stored.frame, () => lowerExpression(l, stored.node));
  store(l, { register, pointer: undefined }, value, node);
}
