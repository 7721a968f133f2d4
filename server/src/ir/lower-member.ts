import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { NO_NODE, type NodeIndex } from '../syntax/syntax-arrays.ts';
import { type Address, load } from './emit.ts';
import type { Register } from './instructions.ts';
import { lowerExpression } from './lower-expression.ts';
import type { Argument, Lowering } from './lowering.ts';
import { substitutedName, withFrame } from './macro-inlining.ts';
import { type TypeTerm, UNKNOWN_TYPE } from './type-terms.ts';

/** The address of a member of what lies at an address, which is a structure of the given type. */
export function memberAddress(l: Lowering, base: Address, name: string, of: TypeTerm = UNKNOWN_TYPE): Address {
  const destination = l.newRegister();
  l.emit({ op: 'field', destination, base: base.register, name, of });
  return { register: destination, pointer: base.pointer };
}

/** The member that a macro's argument names: `DATA(list, items[i])` of `#define DATA(p, member) ((p)->member)`. */
export function designatedMember(l: Lowering, base: Address, { frame, node }: Argument): Address {
  return withFrame(l, frame, () => {
    const part = (field: Field): NodeIndex => l.child(node, field);
    const argument = part(Field.Argument);
    const outer = (): Address => designatedMember(l, base, { frame, node: argument });
    const valueOfOuter = (): Register => load(l, outer(), argument);
    const inner = l.frame.substitutions.get(l.text(node));
    if (inner) return designatedMember(l, base, inner);
    if (argument === NO_NODE) return memberAddress(l, base, l.text(node));
    if (l.kind(node) === NodeKind.FieldExpression && part(Field.Field) !== NO_NODE) {
      const isArrow = l.operator(node) === '->';
      const holder = isArrow ? { register: valueOfOuter(), pointer: l.origin(argument) } : outer();
      return memberAddress(l, holder, substitutedName(l, l.text(part(Field.Field))));
    }
    if (l.kind(node) === NodeKind.SubscriptExpression && part(Field.Index) !== NO_NODE) {
      const pointer = valueOfOuter();
      const index = lowerExpression(l, part(Field.Index));
      const destination = l.newRegister();
      l.emit({ op: 'element', destination, base: pointer, index, type: UNKNOWN_TYPE });
      return { register: destination, pointer: l.origin(argument) };
    }
    return memberAddress(l, base, l.text(node));
  });
}
