import { NodeKind } from '../syntax/generated/node-kinds.ts';
import { childrenOf, type NodeIndex } from '../syntax/syntax-arrays.ts';
import type { Variable } from './instructions.ts';
import type { Lowering } from './lowering.ts';
import { withFrame } from './macro-inlining.ts';

const QUALIFIER = /\b(?:const|volatile|restrict|_Atomic)\b/g;
/** Types that have no other name: where none of the associations names such a type, the default is meant. */
const PLAIN_TYPE =
  /^(?:(?:struct|union|enum) \w+|(?:(?:unsigned|signed|long|short|int|char|void|float|double|_Bool|bool) ?)+)\**$/;

/**
 * The expression that a `_Generic` selects (C17 6.5.1.1), when the controlling expression is a variable whose type is written
 * as in one of the associations. Undefined where a typedef may hide the answer. Qualifiers are not told apart: two
 * associations that differ in nothing else select nothing.
 */
export function selectGeneric(l: Lowering, node: NodeIndex): NodeIndex | undefined {
  const [control, ...associations] = childrenOf(l.tree, node);
  const type = control === undefined ? undefined : typeOf(l, control);
  if (type === undefined) return undefined;
  let selected: NodeIndex | undefined;
  let otherwise: NodeIndex | undefined;
  let isSure = PLAIN_TYPE.test(type);
  for (let i = 0; i + 1 < associations.length; i += 2) {
    if (l.kind(associations[i]) !== NodeKind.TypeDescriptor) return undefined;
    const name = plainType(l.text(associations[i]));
    if (name === 'default') otherwise = associations[i + 1];
    else if (name === type) {
      if (selected !== undefined) return undefined;
      selected = associations[i + 1];
    } else if (!PLAIN_TYPE.test(name)) isSure = false;
  }
  return selected ?? (isSure ? otherwise : undefined);
}

function typeOf(l: Lowering, node: NodeIndex): string | undefined {
  const inner = l.unparenthesised(node);
  if (l.kind(inner) !== NodeKind.Identifier) return undefined;
  const name = l.text(inner);
  const argument = l.frame.substitutions.get(name);
  if (argument) return withFrame(l, argument.frame, () => typeOf(l, argument.node));
  const id = l.lookUp(name);
  const variable: Variable | undefined = id === undefined ? undefined : l.variables[id];
  if (variable === undefined || variable.typeText === '') return undefined;
  // An array decays to a pointer to its elements.
  return plainType(variable.typeText + '*'.repeat(variable.pointerDepth + (variable.isArray ? 1 : 0)));
}

/** A type's text without qualifiers and needless blanks. */
function plainType(text: string): string {
  return text
    .replace(QUALIFIER, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ ?\* ?/g, '*')
    .trim();
}
