/** Memory that one family's allocators give and only its deallocators take. */
export type Family = string;

/** What an allocator gives back. */
export interface Allocation {
  readonly family: Family;
  /** May return NULL. */
  readonly nullable: boolean;
  /** The memory is filled with zeros. */
  readonly zeroed: boolean;
}

/** An allocator that hands its memory out through a pointer argument and tells by its result whether it did. */
export interface OutAllocation {
  /** The argument's position, from 0; the memory's address goes to where it points. */
  readonly argument: number;
  readonly allocation: Allocation;
  /** Which results mean that memory was given. On the others the pointer keeps its value or is undefined. */
  readonly success: 'zero' | 'nonnegative' | 'positive';
  /** What the pointer held before is freed or reused (getline). */
  readonly replaces: boolean;
}

/** The effect of a library function on memory. Positions count from 0; what is not said does not happen. */
export interface FunctionModel {
  readonly allocates?: Allocation;
  readonly out?: OutAllocation;
  readonly frees?: { readonly argument: number; readonly family: Family };
  /** Like realloc: on success the old block is gone, on failure (NULL) it is still valid. */
  readonly reallocates?: { readonly argument: number; readonly allocation: Allocation };
  /** Arguments that must point to memory: NULL or freed memory there is a flaw. */
  readonly dereferences: readonly number[];
  /** A buffer that is written unless its size, another argument, is 0. */
  readonly sizedBuffer?: { readonly argument: number; readonly size: number };
  /** Arguments that are kept after the call. */
  readonly keeps: readonly number[];
  /** The result is this argument, or points into its memory. */
  readonly returnsArgument?: number;
  /** Never returns; or only when its first argument is not zero. */
  readonly noreturn?: 'always' | 'nonzero-argument';
  /** Never returns NULL. */
  readonly returnsNonNull?: boolean;
  /** Writes through its pointer arguments, so that what is known of the memory behind them is lost. */
  readonly writes: readonly number[];
}
