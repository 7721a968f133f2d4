import type { Instruction } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import { storeValue } from './memory.ts';
import type { State } from './state.ts';
import type { ObjectType } from './type-model.ts';
import type { Location } from './value-shapes.ts';

type Positional = NonNullable<Extract<Instruction, { op: 'escape' }>['initialises']>;

/**
 * Stores a value of an initialiser list in the member or element that its position means (C17 6.7.9p17 to p20). False where
 * the types in sight do not say which one that is.
 */
export function initialisePart(
  context: AnalysisContext,
  state: State,
  { value: register, initialises }: Extract<Instruction, { op: 'escape' }>,
  site: number,
): boolean {
  if (!initialises) return false;
  const { table } = context;
  const variable = context.ir.variables[initialises.variable];
  if (variable.kind !== 'local') return false;
  const location = partOf(context, table.variable(initialises.variable), initialises);
  if (location === undefined) return false;
  storeValue(context, state, location, state.registers[register], site);
  return true;
}

function partOf(context: AnalysisContext, whole: Location, { variable, path }: Positional): Location | undefined {
  const { types } = context.sizes;
  let type: ObjectType = types.resolve(context.ir.variables[variable].type);
  let location = whole;
  for (const [level, { position, unbraced }] of path.entries()) {
    const isLast = level === path.length - 1;
    // Where braces are left out in front of it, an object with parts takes more than one value.
    const isScalarAt = (index: number): boolean => {
      const member = memberAt(context, type, index);
      return member !== undefined && isScalar(member.type);
    };
    if (type.kind === 'record') {
      if (type.tag !== 'struct' || !unbraced.every(isScalarAt)) return undefined;
      const member = memberAt(context, type, position);
      if (!member || (isLast && !isScalar(member.type))) return undefined;
      location = context.places.placeOfMember(location, member.name);
      type = member.type;
    } else if (type.kind === 'array') {
      const element = types.resolve(type.of);
      if (isLast && !isScalar(element)) return undefined;
      if (unbraced.length > 0 && !isScalar(element)) return undefined;
      // A row has no place of its own: what stands first in it would be read as the pointer that the row becomes.
      if (element.kind === 'array') return undefined;
      location = context.table.element(location, context.table.integer(position));
      type = element;
    } else return undefined;
  }
  return location;
}

function memberAt(
  context: AnalysisContext,
  type: ObjectType,
  index: number,
): { readonly name: string; readonly type: ObjectType } | undefined {
  const member = type.kind === 'record' ? type.members?.[index] : undefined;
  if (!member || member.name === '') return undefined;
  return { name: member.name, type: context.sizes.types.resolve(member.type) };
}

function isScalar({ kind }: ObjectType): boolean {
  return kind === 'pointer' || kind === 'arithmetic';
}
