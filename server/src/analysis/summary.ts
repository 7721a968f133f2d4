import type { Origin } from '../ir/instructions.ts';
import type { Family } from '../models/function-model.ts';
import type { CalleeStep, Fact, Site } from './state.ts';

/**
 * A way to a value or location from a function's interface, e.g. `p0 * .buf =` for what `p->buf` held on entry:
 * `pN` is parameter N's value, `g:NAME` a global's location, `f:NAME` the address of a function of the C library; `*` goes from a pointer to what it points to, `.name` and
 * `[n]` to a part, `=` from a location to the value that it held on entry, `&` to its address. A `.name` behind a value is a member of a
 * structure that was passed as a whole: `p0 .text` for the pointer in `line.text`. `+1`, `&4` and `|4` behind a value are what the
 * operation makes of a number: a count of references, a bit of a word of flags. `@none` asks whether it is the address of a variable, `~1`
 * whether it is what parameter 1 is.
 */
export type AccessPath = readonly string[];

/** What a function returns in one of its cases. */
export type SummaryResult =
  | { readonly kind: 'none' }
  /** `written` is the place where the callee left what it returns, which is new memory. */
  | { readonly kind: 'unknown'; readonly fact: Fact; readonly written?: AccessPath; readonly other?: OtherMemory }
  /** NULL, because an allocation failed, or for another reason. */
  | { readonly kind: 'null'; readonly allocationFailed: boolean; readonly steps: readonly CalleeStep[] }
  | { readonly kind: 'path'; readonly path: AccessPath }
  /** A constant whose value is not in sight, by its name; `isNonZero` where it is told from the 0 that stands for success. */
  | { readonly kind: 'constant'; readonly name: string; readonly isNonZero: boolean }
  /** Memory that nobody else holds. */
  | { readonly kind: 'fresh'; readonly allocation: FreshMemory }
  /** A structure, of which the parts that have to do with memory are known. */
  | { readonly kind: 'structure'; readonly parts: readonly StructurePart[] };

/** A part of a structure that is returned as a whole: the members that lead to it, and what it holds. */
export interface StructurePart {
  readonly part: readonly string[];
  readonly write: SummaryWrite;
}

export interface FreshMemory {
  readonly family: Family;
  /** NULL when the allocation failed, and nobody has looked yet. */
  readonly isUnchecked: boolean;
  /** Nothing was written to it but what `contents` tells. */
  readonly isUnwritten: boolean;
  readonly steps: readonly CalleeStep[];
  /** How long it is, where that hangs on nothing but what the caller gives. */
  readonly size?: InterfaceSize;
  /** Memory other than the result refers to it as well: who must free it is not known. */
  readonly isHeld: boolean;
  /** What is known of the memory's parts: `.refcount` is 1, `.next` is NULL, `.name` is what parameter 0 was. */
  readonly contents: readonly { readonly part: readonly string[]; readonly write: PartContent }[];
}

/** A size in bytes, in terms of what the caller gives: a sum of products. */
export type InterfaceSize = readonly {
  readonly coefficient: number;
  readonly factors: readonly InterfaceFactor[];
}[];

/** What stands at the end of a path on entry: a number, or a string whose length is meant. */
export interface InterfaceFactor {
  readonly path: AccessPath;
  readonly isLength: boolean;
}

/** What a part of new memory holds. */
export type PartContent =
  | { readonly kind: 'null' }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'path'; readonly path: AccessPath }
  /** New memory that this part alone holds. Of its own parts nothing is told. */
  | { readonly kind: 'fresh'; readonly allocation: FreshMemory }
  /** Something that the caller cannot be told, where there may be something else in the whole that it is a part of, or none is NULL. */
  | { readonly kind: 'unknown'; readonly isNonZero: boolean };

export type SummaryWrite =
  | { readonly kind: 'null'; readonly allocationFailed: boolean; readonly steps: readonly CalleeStep[] }
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'fresh'; readonly allocation: FreshMemory }
  | { readonly kind: 'path'; readonly path: AccessPath }
  /** Memory that the callee got and has freed: the place dangles. */
  | { readonly kind: 'freed'; readonly family: Family; readonly steps: readonly CalleeStep[] }
  | { readonly kind: 'unknown'; readonly isNonZero: boolean; readonly other?: OtherMemory };

/** What an address that a function gives leads to, where no deallocator of the heap takes it as it is. */
export interface OtherMemory {
  readonly target: 'static' | 'literal' | 'interior' | 'library';
  readonly steps: readonly CalleeStep[];
}

export interface Precondition {
  readonly path: AccessPath;
  readonly fact: Fact;
  /** What has to be 0 there is a number, and no pointer. */
  readonly isNumber?: boolean;
}

/** One of the ways in which a call may end: when it happens, and what it does to memory. */
export interface SummaryCase {
  /** What must hold of the arguments on entry for this case. */
  readonly preconditions: readonly Precondition[];
  /** Where several ways through the function are one case: what each of them demands, one of which must hold; none where one demands nothing. */
  readonly alternatives: readonly (readonly Precondition[])[];
  readonly result: SummaryResult;
  readonly frees: readonly {
    readonly path: AccessPath;
    readonly family: Family;
    readonly steps: readonly CalleeStep[];
    readonly isDefinite: boolean;
  }[];
  readonly escapes: readonly AccessPath[];
  readonly writes: readonly { readonly path: AccessPath; readonly write: SummaryWrite }[];
  /** What the case writes to at places that have no name: of the zeros that stood there some may be gone. */
  readonly blurs: readonly AccessPath[];
  /** Pointers dereferenced although nothing was known of them. */
  readonly dereferences: readonly {
    readonly path: AccessPath;
    readonly steps: readonly CalleeStep[];
    /** Only where an argument says that there is something to read or write. */
    readonly isSized: boolean;
  }[];
  /** Pointers whose memory the case may use, which it has found not to be NULL. */
  readonly uses: readonly { readonly path: AccessPath; readonly steps: readonly CalleeStep[] }[];
  /** Code that is not in sight ran: memory that others may reach is unknown afterwards. */
  readonly invalidatesMemory: boolean;
  /** It frees what has no path, as the third element of a list. */
  readonly freesUnnamed: boolean;
  /** What the case does to the heap, as text: cases of one class are alike to a caller that tested nothing. */
  readonly heapClass: string;
  /** Which pointers among the arguments the case found NULL or not, and what it then returns; '' for none. */
  readonly checkClass: string;
  /** The same of what stands in places behind the arguments. */
  readonly placeClass: string;
}

/** A freed pointer that a function leaves in a place that its caller sees. */
export interface StaleLocation {
  readonly path: AccessPath;
  readonly origin: Origin;
}

/** An access behind a pointer that the caller gave, so many bytes from where it points. */
export interface Reach {
  readonly path: AccessPath;
  readonly size: InterfaceSize;
  /** A function is told that so much room is there, and may not use it all. */
  readonly isLimit: boolean;
  readonly steps: readonly CalleeStep[];
}

/** Something is done with a place that the caller gave. */
export interface PlaceUse {
  readonly path: AccessPath;
  readonly steps: readonly CalleeStep[];
}

/** What a function does with what its caller gives, whichever way it ends. */
export interface Always {
  /** How many bytes of a block it uses at least. */
  readonly reaches: readonly Reach[];
  /** The places whose content on entry it reads. */
  readonly reads: readonly PlaceUse[];
  /** The places inside of blocks that it gives to a deallocator. */
  readonly innerFrees: readonly PlaceUse[];
}

/** Nothing is known to happen whichever way a function ends. */
export const NOTHING_ALWAYS: Always = { reaches: [], reads: [], innerFrees: [] };

/** What calling a function does, as far as its body tells. */
export interface Summary {
  readonly name: string;
  readonly file: string;
  readonly parameterCount: number;
  /** The disjoint ways in which the call may end; none when it never returns. */
  readonly cases: readonly SummaryCase[];
  /** What the function does whichever way it ends. */
  readonly always: Always;
  readonly isNoreturn: boolean;
  /** It may end the program, as a function that checks something does: who calls it may rely on what it has checked. */
  readonly mayEnd: boolean;
  /** A budget was met, or text was not understood: there may be other ways, and the call counts as unknown as well. */
  readonly isIncomplete: boolean;
  /** All that it ever returns is written as one constant: it stands for another function, which the program in earnest has. */
  readonly isStub: boolean;
}

/** Of new memory, so many parts are described. */
export const MAXIMUM_CONTENTS = 12;

/** More cases than this are merged into what they have in common. */
export const MAXIMUM_CASES = 8;

/** The summary of a function that is known to never return, and nothing else. */
export function noreturnSummary(name: string, file: string, parameterCount: number): Summary {
  return {
    name,
    file,
    parameterCount,
    cases: [],
    always: NOTHING_ALWAYS,
    isNoreturn: true,
    mayEnd: true,
    isIncomplete: false,
    isStub: false,
  };
}

/** The step in this function, and behind it those inside its callees. */
export function stepsOf(file: string, functionName: string, site: Site): CalleeStep[] {
  return [{ file, functionName, origin: site.origin, callee: site.callee }, ...site.inner].slice(0, 6);
}
