import type { FunctionIr, VariableId } from '../ir/instructions.ts';
import { findSubscripted, mayBeStructure } from '../ir/structure-variables.ts';
import { type TypeTerm, UNKNOWN_TYPE } from '../ir/type-terms.ts';
import {
  isArrayMember,
  isNoreturnMember,
  isScalarMember,
  MEMBER_ARRAY,
  MEMBER_COMPOSITE,
  MEMBER_FIRST,
  MEMBER_LATER,
  SYSTEM_ARRAYS,
} from '../source/members.ts';
import type { ObjectType, TypeModel } from './type-model.ts';
import type { Location, Value } from './value-shapes.ts';
import type { ValueTable } from './values.ts';

const UNSIGNED =
  /^(unsigned\b|_?[Bb]ool$|size_t$|u(_?int)?\d*_t$|u_?int(\d+_t|ptr_t|max_t)?$|u_?(char|short|long)$|guint\d*$|gsize$|(uid|gid|mode|dev|ino|socklen|nfds)_t$)/;
const BOOLEAN = /^_?[Bb]ool$/;

/** Members of members of members: deeper is not followed. */
const MAXIMUM_DEPTH = 8;

/**
 * What the declarations in sight tell of the places that a function names and of the values that it was given: their types, and where
 * these are not known what all members of a name have in common. Asked at every load, so the answers are kept.
 */
export class PlaceTypes {
  readonly #table: ValueTable;
  readonly #ir: FunctionIr;
  readonly #types: TypeModel;
  readonly #traitsInSight: (name: string) => number;
  readonly #traits = new Map<string, number>();
  readonly #terms = new Map<Location, TypeTerm | undefined>();
  readonly #unseenParts = new Map<Location, boolean>();
  /** By the place of a structure or union: as `pointersOfUnions` gives it. */
  readonly #unions = new Map<Location, ReadonlyMap<string, string>>();
  readonly #writtenNames = new Map<Location, string>();
  readonly #laterMembers = new Set<Location>();
  readonly #arrayMembers = new Set<Location>();
  readonly #arrayVariables: (boolean | undefined)[] = [];
  #subscripted: ReadonlySet<VariableId> | undefined;

  /** `traitsInSight` tells what the declarations in sight say of all members of a name, as the bits of `source/members.ts`. */
  constructor(table: ValueTable, ir: FunctionIr, types: TypeModel, traitsInSight: (name: string) => number) {
    this.#table = table;
    this.#ir = ir;
    this.#types = types;
    this.#traitsInSight = traitsInSight;
  }

  /** The type of a place; undefined where a value on the way to it has none. */
  typeOf(location: Location): TypeTerm | undefined {
    return this.#typeOf(location, 0);
  }

  /** Only places and values with a type of their own have one: what is cast on the way tells nothing here. */
  #typeOf(location: Location, depth: number): TypeTerm | undefined {
    if (this.#terms.has(location)) return this.#terms.get(location);
    if (depth > MAXIMUM_DEPTH) return undefined;
    const term = this.#termOf(location, depth);
    // What has none since it is too far down may be asked for from nearer by.
    if (term !== undefined || depth === 0) this.#terms.set(location, term);
    return term;
  }

  #termOf(location: Location, depth: number): TypeTerm | undefined {
    const shape = this.#table.locations[location];
    switch (shape.kind) {
      case 'variable': {
        const { type } = this.#ir.variables[shape.variable];
        return type.kind === 'unknown' ? undefined : type;
      }
      case 'pointee': {
        const of = this.#typeOfValue(shape.pointer, depth + 1);
        return of && { kind: 'target', of };
      }
      case 'field': {
        const of = this.#typeOf(shape.parent, depth + 1);
        return of && { kind: 'member', of, name: shape.name };
      }
      case 'element': {
        const of = this.#typeOf(shape.parent, depth + 1);
        // What a pointer points to is an element already, as `p[0]` and `p[i]` are.
        return of && this.#types.resolve(of).kind === 'array' ? { kind: 'target', of } : of;
      }
      default:
        return undefined;
    }
  }

  /** The type of what was passed, or was in memory on entry. */
  #typeOfValue(value: Value, depth: number): TypeTerm | undefined {
    const shape = this.#table.values[value];
    if (shape.kind !== 'symbol') return undefined;
    const { origin } = shape;
    if (origin.kind === 'parameter') return this.#ir.variables[this.#ir.parameters[origin.index]]?.type;
    return origin.kind === 'initial' ? this.#typeOf(origin.location, depth) : undefined;
  }

  /** True for a place whose type is defined in sight. */
  isOfSeenType(location: Location): boolean {
    const term = this.typeOf(location);
    return term !== undefined && this.#types.resolve(term).kind !== 'incomplete';
  }

  /** True for what was passed, or was in memory on entry, in a place of a number's type: found to be 0 it is no pointer that is NULL. */
  isNumber(value: Value): boolean {
    return this.#arithmetic(this.#typeOfValue(value, 0)) !== undefined;
  }

  /** True for a place of a number's type: what it keeps of a pointer is no pointer any more, unless its type is there for that. */
  isNumberPlace(location: Location): boolean {
    const type = this.#arithmetic(this.typeOf(location));
    return type !== undefined && !/^u?intptr_t$/.test(type.name);
  }

  /** The highest number that a place of an unsigned type may hold, infinite for all but the small ones; undefined for a place of another type. */
  unsignedLimit(location: Location): number | undefined {
    const type = this.#arithmetic(this.typeOf(location));
    if (type === undefined || !UNSIGNED.test(type.name)) return undefined;
    if (BOOLEAN.test(type.name)) return 1;
    return type.size !== undefined && type.size <= 2 ? 2 ** (8 * type.size) - 1 : Infinity;
  }

  /** True for a place of a pointer's type. */
  isPointerPlace(location: Location): boolean {
    const term = this.typeOf(location);
    return term !== undefined && this.#types.resolve(term).kind === 'pointer';
  }

  /** True for a place of a structure's or a union's type that is defined in sight. */
  isRecordPlace(location: Location): boolean {
    const term = this.typeOf(location);
    return term !== undefined && this.#types.resolve(term).kind === 'record';
  }

  #arithmetic(term: TypeTerm | undefined): Extract<ObjectType, { kind: 'arithmetic' }> | undefined {
    const type = term && this.#types.resolve(term);
    return type?.kind === 'arithmetic' ? type : undefined;
  }

  /** True when all declarations in sight say that members of a name are arrays: read, they are their own address. */
  isArrayMember(name: string): boolean {
    return isArrayMember(this.#traitsOf(name));
  }

  /** True when some declaration in sight says that a member of a name is an array: which one is a matter of its structure's type. */
  mayBeArrayMember(name: string): boolean {
    return (this.#traitsOf(name) & MEMBER_ARRAY) !== 0;
  }

  /** True when all declarations in sight say that a member is a pointer to a function which never returns. */
  isNoreturnMember(name: string): boolean {
    return isNoreturnMember(this.#traitsOf(name));
  }

  /** True when some declaration in sight says that a member of a name is an array or a structure. */
  mayBeComposite(name: string): boolean {
    return (this.#traitsOf(name) & MEMBER_COMPOSITE) !== 0;
  }

  /**
   * True for a member that is a pointer or a number for sure: by the type of what it is a part of, or since all declarations of its name in
   * sight say so. Those say nothing of a type that none of them defines.
   */
  isScalarPart(location: Location): boolean {
    const shape = this.#table.locations[location];
    if (shape.kind !== 'field') return false;
    if (isScalarMember(this.#traitsOf(shape.name))) return !this.isOfUnseenType(location);
    const term = this.typeOf(location);
    return term !== undefined && this.#types.resolve(term).kind === 'pointer';
  }

  /**
   * True for a part of a variable of a structure that no declaration in sight describes: what others say of members that are
   * named like it is nothing to it.
   */
  isOfUnseenType(location: Location): boolean {
    if (this.#table.locations[this.#table.root(location)].kind !== 'variable') return false;
    let known = this.#unseenParts.get(location);
    if (known === undefined) {
      const shape = this.#table.locations[location];
      const parent = shape.kind === 'field' || shape.kind === 'element' ? shape.parent : undefined;
      const term = parent === undefined ? undefined : this.typeOf(parent);
      const isIncomplete = term !== undefined && this.#types.resolve(term).kind === 'incomplete';
      known = parent !== undefined && (isIncomplete || this.isOfUnseenType(parent));
      this.#unseenParts.set(location, known);
    }
    return known;
  }

  /** The place of a member that an expression takes by its name, of a structure or union of type `of`. */
  member(parent: Location, of: TypeTerm, name: string): Location {
    const first = this.#unionsAt(parent, of).get(name);
    if (first === undefined) return this.#table.field(parent, name);
    const location = this.#table.field(parent, first);
    if (!this.#writtenNames.has(location)) this.#writtenNames.set(location, name);
    return location;
  }

  /**
   * The place of a member that is told of, as in a summary. The pointers in a union are one place (C17 6.5.2.3, note 97), which has the name
   * of the first, where types tell that it is one.
   */
  placeOfMember(parent: Location, name: string): Location {
    return this.#table.field(parent, this.#unionsAt(parent, UNKNOWN_TYPE).get(name) ?? name);
  }

  /** `of` counts where the place has no type of its own, as new memory has none. */
  #unionsAt(parent: Location, of: TypeTerm): ReadonlyMap<string, string> {
    const known = this.#unions.get(parent);
    if (known) return known;
    const term = this.typeOf(parent) ?? of;
    const first = this.#types.pointersOfUnions(term);
    if (term.kind !== 'unknown') this.#unions.set(parent, first);
    return first;
  }

  /** The name under which the function first reached the one place of a union's members. */
  writtenName(location: Location): string | undefined {
    return this.#writtenNames.get(location);
  }

  /**
   * True when the member at a location, which an expression takes by a name of a structure of type `of`, is an array for sure: read, it is
   * its own address. The expression's type comes first, then the place's own, then what all members of the name are; these are nothing to
   * a type that none of their declarations defines.
   */
  isArrayPart(location: Location, of: TypeTerm, name: string): boolean {
    const shape = this.#table.locations[location];
    if (shape.kind !== 'field') return false;
    const { kind } = this.#types.memberOf(of, name);
    if (kind === 'array') this.#arrayMembers.add(location);
    if (kind === 'array' && this.#types.isBehindOthers(of, name)) this.#laterMembers.add(location);
    if (kind !== 'incomplete') return kind === 'array';
    if (this.#isSystemArray(name)) return true;
    const parent = this.typeOf(shape.parent);
    if (parent === undefined) return this.isArrayMember(name);
    const type = this.#types.memberOf(parent, name);
    if (type.kind !== 'incomplete') return type.kind === 'array';
    return this.isArrayMember(name) && this.#types.resolve(parent).kind !== 'incomplete';
  }

  /** Where a member stands in the structure at a location, by that one's type, or by what all members of the name have in common. */
  positionOfMember(parent: Location, name: string): 'first' | 'later' | 'unknown' {
    const type = this.typeOf(parent);
    if (type !== undefined && this.#types.memberOf(type, name).kind !== 'incomplete')
      return this.#types.isBehindOthers(type, name) ? 'later' : 'first';
    const position = this.#traitsOf(name) & (MEMBER_FIRST | MEMBER_LATER);
    return position === MEMBER_FIRST ? 'first' : position === MEMBER_LATER ? 'later' : 'unknown';
  }

  /** True for a member that an expression has read as an array. */
  isReadAsArray(location: Location): boolean {
    return this.#arrayMembers.has(location);
  }

  /** True for an array that stands behind other members of its structure, by the type of that. */
  isLaterMember(location: Location): boolean {
    return this.#laterMembers.has(location);
  }

  /** True for a variable whose type's name is given to an array. */
  isArrayByType(id: VariableId): boolean {
    let known = this.#arrayVariables[id];
    if (known === undefined) {
      const variable = this.#ir.variables[id];
      this.#subscripted ??= findSubscripted(this.#ir);
      known =
        this.#subscripted.has(id) && mayBeStructure(variable) && this.#types.resolve(variable.type).kind === 'array';
      this.#arrayVariables[id] = known;
    }
    return known;
  }

  #traitsOf(name: string): number {
    let known = this.#traits.get(name);
    if (known === undefined) {
      known = this.#isSystemArray(name) ? MEMBER_ARRAY | MEMBER_COMPOSITE : this.#traitsInSight(name);
      this.#traits.set(name, known);
    }
    return known;
  }

  /** An array in a structure of the system's, which nobody in sight declares otherwise. */
  #isSystemArray(name: string): boolean {
    return SYSTEM_ARRAYS.has(name) && this.#traitsInSight(name) === 0;
  }
}
