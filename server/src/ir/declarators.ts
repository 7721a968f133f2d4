import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { childByField, NO_NODE, type NodeIndex, type SyntaxArrays, textOf } from '../syntax/syntax-arrays.ts';

/** What a declarator says about the one name that it declares. */
export interface Declarator {
  readonly name: string;
  /** The identifier, or NO_NODE for an abstract declarator. */
  readonly nameNode: NodeIndex;
  readonly pointerDepth: number;
  readonly isArray: boolean;
  /** Declares a function (not a pointer to one). */
  readonly isFunction: boolean;
  /** The parameter list of the innermost function declarator. */
  readonly parameters: NodeIndex;
}

/** Reads a declarator from the outside in (C17 6.7.6): the last thing met before the name is what the name is. */
export function readDeclarator(tree: SyntaxArrays, node: NodeIndex): Declarator {
  let pointerDepth = 0;
  let isArray = false;
  let isFunction = false;
  let parameters = NO_NODE;
  let current = node;
  while (current !== NO_NODE) {
    switch (tree.kind[current]) {
      case NodeKind.PointerDeclarator:
      case NodeKind.AbstractPointerDeclarator:
        pointerDepth++;
        isFunction = false;
        isArray = false;
        break;
      case NodeKind.ArrayDeclarator:
      case NodeKind.AbstractArrayDeclarator:
        isArray = true;
        isFunction = false;
        break;
      case NodeKind.FunctionDeclarator:
      case NodeKind.AbstractFunctionDeclarator:
        isFunction = true;
        isArray = false;
        parameters = childByField(tree, current, Field.Parameters);
        break;
      case NodeKind.Identifier:
      case NodeKind.TypeIdentifier:
      case NodeKind.FieldIdentifier:
        return { name: textOf(tree, current), nameNode: current, pointerDepth, isArray, isFunction, parameters };
      default:
        break;
    }
    const inner = childByField(tree, current, Field.Declarator);
    current = inner !== NO_NODE ? inner : innerDeclarator(tree, current);
  }
  return { name: '', nameNode: NO_NODE, pointerDepth, isArray, isFunction, parameters };
}

/** Parenthesised and attributed declarators hold their declarator without a field. */
function innerDeclarator(tree: SyntaxArrays, node: NodeIndex): NodeIndex {
  const kind = tree.kind[node];
  if (
    kind !== NodeKind.ParenthesizedDeclarator &&
    kind !== NodeKind.AttributedDeclarator &&
    kind !== NodeKind.AbstractParenthesizedDeclarator
  ) {
    return NO_NODE;
  }
  for (let child = node + 1; child < tree.next[node]; child = tree.next[child]) {
    const childKind = tree.kind[child];
    if (
      childKind !== NodeKind.MsCallModifier &&
      childKind !== NodeKind.AttributeDeclaration &&
      childKind !== NodeKind.AttributeSpecifier
    ) {
      return child;
    }
  }
  return NO_NODE;
}
