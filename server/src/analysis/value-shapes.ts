import type { VariableId } from '../ir/instructions.ts';

/**
 * Symbolic values and memory locations of one function's analysis, hash-consed: equal ones have equal numbers. The model
 * of memory is the region model of Xu, Kremenek and Zhang ("A Memory Model for Static Analysis of C Programs", 2010): a
 * location is a variable, what a value points to, or a field or element of another location; a value is an integer, the
 * address of a location, an opaque symbol or an operation on values.
 */
export type Value = number;
export type Location = number;

export const NO_VALUE = -1;

export type ValueShape =
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'address'; readonly location: Location }
  | { readonly kind: 'symbol'; readonly origin: SymbolOrigin }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Value; readonly right: Value };

/** Where a symbol comes from. The same origin gives the same symbol on sibling paths, so that their states can meet. */
export type SymbolOrigin =
  | { readonly kind: 'parameter'; readonly index: number }
  /** What a location held when the memory epoch began, as far as nothing is known to have written it. */
  | { readonly kind: 'initial'; readonly location: Location; readonly epoch: number }
  | { readonly kind: 'allocation'; readonly site: number; readonly iteration: number }
  | { readonly kind: 'result'; readonly site: number; readonly iteration: number }
  | { readonly kind: 'unknown'; readonly site: number; readonly iteration: number }
  | { readonly kind: 'uninitialised'; readonly variable: VariableId }
  | { readonly kind: 'merged'; readonly location: Location; readonly block: number; readonly iteration: number }
  | { readonly kind: 'retired'; readonly of: Value }
  /** The address of a variable whose block has ended. */
  | { readonly kind: 'dead'; readonly variable: VariableId }
  /** What a part of a value holds that was stored as a whole. */
  | { readonly kind: 'part'; readonly whole: Value; readonly path: string }
  /** A structure as a whole: the parts that are known, and what the others are parts of. */
  | { readonly kind: 'aggregate'; readonly rest: Value | undefined; readonly parts: readonly AggregatePart[] }
  /**
   * What a function answers that changes nothing: of what it was given, and of the memory behind that as it stood, in turns of places and
   * what they held. Where the arguments alone decide it is the same at every call, and has no site.
   */
  | {
      readonly kind: 'answer';
      readonly callee: string;
      readonly given: readonly Value[];
      readonly held: readonly number[];
      readonly site: number;
      readonly iteration: number;
    }
  | { readonly kind: 'named'; readonly key: string };

/** Between what a value is, and whether it may be 0. */
export interface ImpliedBounds {
  readonly value: Value;
  readonly low: number;
  readonly high: number;
  readonly isNonZero: boolean;
}

/** A part of a structure: the members and elements that lead to it, and its value. */
export interface AggregatePart {
  readonly path: readonly PartStep[];
  readonly value: Value;
}

/** A member's name, or an element's index as a value. */
export type PartStep = string | Value;

export type LocationShape =
  | { readonly kind: 'variable'; readonly variable: VariableId }
  | { readonly kind: 'pointee'; readonly pointer: Value }
  | { readonly kind: 'field'; readonly parent: Location; readonly name: string }
  | { readonly kind: 'element'; readonly parent: Location; readonly index: Value }
  | { readonly kind: 'literal'; readonly offset: number }
  | { readonly kind: 'function'; readonly name: string };

/*
 * Whatever their kind, all shapes have the same members in the same order: who asks a shape for its kind, as every step of the
 * analysis does, meets one layout of objects and not ten.
 */

export function withAllMembers(shape: ValueShape): ValueShape {
  const { kind, value, location, origin, operator, left, right } = shape as Partial<UnionOf<ValueShape>>;
  return { kind, value, location, origin, operator, left, right } as unknown as ValueShape;
}

export function originWithAllMembers(origin: SymbolOrigin): SymbolOrigin {
  const all = origin as Partial<UnionOf<SymbolOrigin>>;
  const { kind, index, location, epoch, site, iteration, variable, block, of, whole, path, rest, parts, key } = all;
  const { callee, given, held } = all;
  // In one literal: objects that are made by spreading others have layouts of their own.
  return {
    kind,
    index,
    location,
    epoch,
    site,
    iteration,
    variable,
    block,
    of,
    whole,
    path,
    rest,
    parts,
    key,
    callee,
    given,
    held,
  } as unknown as SymbolOrigin;
}

export function locationWithAllMembers(shape: LocationShape): LocationShape {
  const { kind, variable, pointer, parent, name, index, offset } = shape as Partial<UnionOf<LocationShape>>;
  return { kind, variable, pointer, parent, name, index, offset } as unknown as LocationShape;
}

/** The members of all kinds. */
type UnionOf<T> = (T extends unknown ? (kind: T) => void : never) extends (kinds: infer I) => void ? I : never;
