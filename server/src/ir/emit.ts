import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import type { Origin, Register } from './instructions.ts';
import type { Lowering } from './lowering.ts';
import { isNumberPointer } from './number-conversions.ts';
import type { TypeTerm } from './type-terms.ts';

/** The address of an lvalue, and the pointer expression it goes through, if any. */
export interface Address {
  readonly register: Register;
  readonly pointer: Origin | undefined;
}

export function constant(l: Lowering, value: number): Register {
  const destination = l.newRegister();
  l.emit({ op: 'constant', destination, value });
  return destination;
}

export function unknown(l: Lowering, node: NodeIndex): Register {
  const destination = l.newRegister();
  l.emit({ op: 'unknown', destination, origin: l.origin(node) });
  return destination;
}

export function named(l: Lowering, key: string): Register {
  const destination = l.newRegister();
  l.emit({ op: 'named', destination, key });
  return destination;
}

export function variableAddress(l: Lowering, variable: number): Register {
  const destination = l.newRegister();
  l.emit({ op: 'variable', destination, variable });
  return destination;
}

export function load(l: Lowering, address: Address, node: NodeIndex): Register {
  const destination = l.newRegister();
  l.emit({
    op: 'load',
    destination,
    address: address.register,
    origin: l.origin(node),
    pointer: l.isSkipped ? undefined : address.pointer,
  });
  return destination;
}

export function store(l: Lowering, address: Address, value: Register, node: NodeIndex): void {
  l.emit({
    op: 'store',
    address: address.register,
    value,
    origin: l.origin(node),
    pointer: address.pointer,
    mayWritePointers: address.pointer !== undefined && mayWritePointers(l, node),
  });
}

/** Notes that the result of a call becomes a pointer of a type. */
export function convert(l: Lowering, value: Register, type: TypeTerm, node: NodeIndex): void {
  if (type.kind === 'unknown' || type.kind === 'array' || type.kind === 'record' || type.kind === 'tagged') return;
  let inner = l.unparenthesised(node);
  while (l.kind(inner) === NodeKind.CastExpression) {
    const operand = l.child(inner, Field.Value);
    if (operand === NO_NODE) return;
    inner = l.unparenthesised(operand);
  }
  if (l.kind(inner) !== NodeKind.CallExpression) return;
  const pointee: TypeTerm = type.kind === 'pointer' ? type.to : { kind: 'target', of: type };
  l.emit({ op: 'convert', value, pointee, origin: l.origin(node) });
}

/** False for a store to `p->f` or `a[i]`, which is no place that `&` was taken of, and to `*p` of an arithmetic type. */
function mayWritePointers(l: Lowering, node: NodeIndex): boolean {
  const target = l.unparenthesised(node);
  if (l.kind(target) !== NodeKind.PointerExpression) return false;
  let pointer = l.unparenthesised(l.child(target, Field.Argument));
  if (l.kind(pointer) === NodeKind.UpdateExpression) pointer = l.unparenthesised(l.child(pointer, Field.Argument));
  if (l.kind(pointer) !== NodeKind.Identifier) return true;
  const id = l.lookUp(l.text(pointer));
  if (id === undefined) return true;
  return !isNumberPointer(l.variables[id]);
}

export function loadVariable(l: Lowering, variable: number, node: NodeIndex): Register {
  return load(l, { register: variableAddress(l, variable), pointer: undefined }, node);
}

export function storeVariable(l: Lowering, variable: number, value: Register, node: NodeIndex): void {
  store(l, { register: variableAddress(l, variable), pointer: undefined }, value, node);
}
