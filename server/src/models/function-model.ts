/**
 * Memory that one group of allocators gives and only its deallocators take. Its name is that of its first deallocator,
 * except for the C library's, which is `malloc`. The empty name is a family that is not known.
 */
export type Family = string;

/** What fresh memory holds: nothing that was written yet, zeros, or what the allocator put there. */
export type Content = 'unwritten' | 'zeroed' | 'written';

/** What an allocator gives back. */
export interface Allocation {
  readonly family: Family;
  /** May return NULL. */
  readonly nullable: boolean;
  /** Where it gives NULL, memory has not run out, but this is so: `the file cannot be opened`. */
  readonly failure?: string;
  readonly content: Content;
  /** The argument's position that is the arena, pool or parent which the memory ends with. */
  readonly arena?: number;
}

/** What is known of a family of memory, whoever of its allocators gave it. */
export interface FamilyModel {
  readonly name: Family;
  /**
   * - heap: given back one by one;
   * - arena: ends with the arena it came from, and nothing takes it back alone;
   * - stack: ends with the function that asked for it;
   * - library: stays the library's own, which may use it again for its next answer.
   */
  readonly kind: 'heap' | 'arena' | 'stack' | 'library';
  /** Losing the last pointer loses the memory. False where an owner or a context frees it anyway. */
  readonly isLeakable: boolean;
  /**
   * False for objects that are more than memory, as streams are. They are followed for what is done with
   * them after their end, and for the wrong end; that they are not checked is for others to say unless `isCheckExpected`, and that
   * they are lost, too, unless `isLeakable` says otherwise.
   */
  readonly isMemory: boolean;
  /** A program has to look whether there is one before it uses it: there may be none for reasons that every user meets. */
  readonly isCheckExpected: boolean;
  /** What a library makes whole and takes back whole, with all that it holds; not a block of bytes. */
  readonly isObject: boolean;
  /** The functions that take it back, the usual one first. */
  readonly deallocators: readonly string[];
  /** Other families whose memory these take as well. */
  readonly accepts: readonly Family[];
}

/** An allocator that hands its memory out through a pointer argument and tells by its result whether it did. */
export interface OutAllocation {
  /** The argument's position, from 0; the memory's address goes to where it points. */
  readonly argument: number;
  readonly allocation: Allocation;
  /** Which results mean that memory was given. On the others the pointer keeps its value or is undefined. */
  readonly success: 'zero' | 'nonnegative' | 'positive' | 'true';
  /** Where 0 means that memory was given, the other results are negative. */
  readonly failsBelowZero?: boolean;
  /** What the pointer held before is freed or reused (getline). */
  readonly replaces: boolean;
}

/** What a deallocator takes. */
export interface Deallocation {
  readonly argument: number;
  /** How many parameters it has: more than one where it wants a size, a heap or a type as well. */
  readonly parameters: number;
  readonly family: Family;
  /** The argument is the address of the pointer, which is NULL afterwards. */
  readonly isIndirect: boolean;
  /** A macro: the pointer that it is given is NULL afterwards. */
  readonly clears: boolean;
  /** Drops a reference: the memory goes with the last one, which proves nothing. */
  readonly isCounted: boolean;
  /** Always returns NULL, for `p = release(p)`. */
  readonly returnsNull: boolean;
}

/** A buffer whose size, in bytes, is another argument. */
export interface BoundedBuffer {
  /** Arguments of which the size may be meant. */
  readonly buffers: readonly number[];
  readonly size: number;
  /** The argument to which just so many bytes are written. */
  readonly writes?: number;
  /** The argument to which as many bytes are written at most: so much room is said to be there. */
  readonly mayWrite?: number;
  /** The byte that fills it (memset). */
  readonly fill?: number;
  /** What the size counts in bytes: 1, unless it counts wide characters. */
  readonly unit?: number;
}

/** A string that is written to another argument, with its terminator. */
export interface StringCopy {
  readonly destination: number;
  readonly source: number;
  /** The source is a format, as printf's. */
  readonly isFormat?: boolean;
  /** It is written behind the string that stands there. */
  readonly appends?: boolean;
  /** No more of its characters are written than this argument says. */
  readonly limit?: number;
  /** The bytes of a character: 1, unless it is a wide one. */
  readonly unit?: number;
}

/** The effect of a library function on memory. Positions count from 0; what is not said does not happen. */
export interface FunctionModel {
  readonly allocates?: Allocation;
  /** Allocates where it is given NULL in place of a buffer, as `realpath(path, NULL)` does. */
  readonly allocatesForNull?: { readonly argument: number; readonly allocation: Allocation };
  readonly out?: OutAllocation;
  readonly frees?: Deallocation;
  /** Arguments whose product is the number of bytes that are allocated. */
  readonly size?: readonly number[];
  /** The result is the length of this string. */
  readonly measures?: number;
  readonly bounded?: BoundedBuffer;
  readonly copies?: StringCopy;
  /** Like realloc: on success the old block is gone, on failure (NULL) it is still valid, or gone too (reallocf). */
  readonly reallocates?: {
    readonly argument: number;
    readonly allocation: Allocation;
    readonly freesOnFailure?: boolean;
  };
  /** Ends an arena: all memory that was taken from it is gone. The argument is the arena. */
  readonly endsArena?: { readonly argument: number };
  /** Arguments that must point to memory: NULL or freed memory there is a flaw. */
  readonly dereferences: readonly number[];
  /** Arguments whose memory is read: strings, sources of copies, what is appended to. */
  readonly reads: readonly number[];
  /** Arguments whose memory is read, unless they are NULL. */
  readonly mayRead?: readonly number[];
  /** A buffer that is written unless its size, another argument, is 0. */
  readonly sizedBuffer?: { readonly argument: number; readonly size: number };
  /** The argument that says how many bytes or elements are read or written: with 0 none are. */
  readonly bytes?: number;
  /** The argument that is a format in the manner of printf: what it prints as text is read. */
  readonly format?: number;
  /** The argument that is a format in the manner of scanf: what it assigns is written. */
  readonly scan?: number;
  /** Arguments that are kept after the call. */
  readonly keeps: readonly number[];
  /** The result is this argument, or points into its memory. */
  readonly returnsArgument?: number;
  /** The result is this argument, or NULL where the function fails or there is nothing more. */
  readonly returnsArgumentOrNull?: number;
  /** The result points into this argument's memory, or is NULL where `returnsNonNull` does not say otherwise. */
  readonly interior?: number;
  /**
   * Tells whether its argument, a pointer, is a small negative number that stands for an error (`IS_ERR`), or NULL as well. No memory
   * lies there.
   */
  readonly tellsErrorPointer?: 'error' | 'error-or-null';
  /** Where it fails, and only there, it leaves an object where this argument points (`GError **`), unless that is NULL. */
  readonly error?: { readonly argument: number; readonly isAlways: boolean };
  /** Never returns; or only when its first argument is not zero. */
  readonly noreturn?: 'always' | 'nonzero-argument';
  /** Says that control never comes to it, and returns where it does: nobody believes in a path that comes by. */
  readonly isUnreached?: boolean;
  /** Never returns NULL. */
  readonly returnsNonNull?: boolean;
  /** Returns -1 where it fails, and else nothing negative. */
  readonly failsWithMinusOne?: boolean;
  /** Its prototype says that it returns nothing: it is no allocator, whatever its name. */
  readonly returnsNothing?: boolean;
  /**
   * Does nothing to memory that callers can see, as an attribute says (`pure`, `const`), and answers the same until what its arguments
   * lead to changes, or what it asks the system for; of a `constant` function the arguments alone say what it answers.
   */
  readonly purity?: 'pure' | 'constant';
  /** Answers 0 for all numbers that are not between these: what `isdigit` holds true of is neither the end of a text nor of a file. */
  readonly holdsFor?: { readonly low: number; readonly high: number };
  /** Answers 0 where the two strings that it is given first are equal, as many characters of them as an argument says. */
  readonly compares?: { readonly limit: number | undefined; readonly ignoresCase: boolean };
  /** The argument that is a stream which it reads or moves: what was asked of that before is asked anew behind it. */
  readonly advances?: number;
  /** Arguments that are only looked at: pointers to const, with nowhere to keep them. What they hold may be taken. */
  readonly looksAt?: readonly number[];
  /** Arguments that are pointers to const: what they point to is not written, though what lies behind that may be. */
  readonly unwritten?: readonly number[];
  /** Of what stands in a pointer: how many parameters it has. A call with another number is one through another pointer of that name. */
  readonly parameterCounts?: readonly number[];
  /** The place of a text of which the first part is returned: it holds the rest behind that, or NULL (`strsep`). */
  readonly separates?: number;
  /**
   * Of the arguments that it writes those that are structures in which the system answers: the pointers that stand in them stay, and
   * what they lead to is read or written, and neither kept nor freed.
   */
  readonly exchanges?: readonly number[];
  /** Writes through its pointer arguments, so that what is known of the memory behind them is lost. */
  readonly writes: readonly number[];
}

/** A plain deallocator: its first argument is the memory. */
export function plainDeallocation(family: Family, argument = 0): Deallocation {
  const parameters = argument + 1;
  return { argument, parameters, family, isIndirect: false, clears: false, isCounted: false, returnsNull: false };
}

/** A function that does nothing to memory. */
export const NOTHING: FunctionModel = { dereferences: [], reads: [], keeps: [], writes: [] };
