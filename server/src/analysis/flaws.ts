import type { BlockId, Origin, VariableId } from '../ir/instructions.ts';
import type { Family } from '../models/function-model.ts';
import type { ForgottenMember } from './context.ts';
import type { LoopAllocation } from './loop-allocations.ts';
import type { Dereference } from './null-events.ts';
import type { NullSource } from './null-verdicts.ts';
import type { SizeFlaw } from './size-flaws.ts';
import type { Site } from './state.ts';
import type { AccessPath } from './summary.ts';

/**
 * How the last reference to a block went away: the function returned, its variable's scope ended, another value was
 * stored over it, the block that held it was freed, the result of the call was not kept, longjmp() left the function,
 * or realloc failed and its NULL went where the old pointer stood.
 */
export type LossManner = 'return' | 'scope' | 'overwrite' | 'holder' | 'ignored' | 'jump' | 'realloc';

/**
 * What is done with a freed pointer: the memory is read or written, here or by a callee that does; the pointer is handed
 * to code that is not in sight, or to somebody who will hold it after the function has returned.
 */
/** 'printed': given to a function that reads it as text, by its format, and keeps it nowhere. */
export type UseDeed = 'dereferenced' | 'passed' | 'printed' | 'returned' | 'stored';

/**
 * What the interpreter notices on a path. A flaw is a fact about one function in its own offsets; which of them are
 * findings, what they are called and how they are repaired is for the rules to say.
 */
/** A block that stays where it is, since realloc() failed. */
export interface Unmoved {
  readonly call: Site;
  readonly pointer: Origin;
}

export type Flaw =
  | SizeFlaw
  | LoopAllocation
  | {
      /** The result of an allocation is dereferenced, and nothing has tested it, or the test did not keep NULL away. */
      readonly kind: 'unchecked-dereference';
      readonly allocation: Site;
      readonly use: Site;
      readonly pointer: Origin;
      /** The place behind the argument that a callee dereferences, as this function's callers see it, or the callee's way there. */
      readonly place?: AccessPath;
      readonly way?: AccessPath;
      /** The path on which the pointer was tested, found NULL, and used all the same. */
      readonly assumedNull: Origin | undefined;
      /** When the allocator gives NULL, if it is not that memory runs out. */
      readonly failure: string | undefined;
      /** What is dereferenced is no memory that the program was given, but a stream or a directory. */
      readonly isStream: boolean;
    }
  | {
      /** The result of an allocation is kept, and no path of the function compares it with NULL or dereferences it. */
      readonly kind: 'untested-allocation';
      readonly allocation: Site;
    }
  | {
      readonly kind: 'double-free';
      readonly first: Site;
      readonly second: Site;
      readonly pointer: Origin;
      readonly place?: AccessPath;
      /** How a callee comes from its argument, or the object whose address it is, to what it frees, where callers do not see it. */
      readonly way?: AccessPath;
      readonly allocation: Site | undefined;
    }
  | {
      readonly kind: 'use-after-free';
      readonly free: Site;
      readonly use: Site;
      readonly pointer: Origin;
      /** Where the pointer stands that a callee found behind its argument, as this function's callers see it. */
      readonly place?: AccessPath;
      /** How the callee comes there from its argument, where they do not. */
      readonly way?: AccessPath;
      readonly allocation: Site | undefined;
      readonly deed: UseDeed;
      /** The memory had been taken out of a list: other names than the one it was freed by may be others' by now. */
      readonly isUnlinked: boolean;
    }
  | {
      /** A pointer is dereferenced that is NULL on this path, by the function's own text or by a callee that gives nothing else. */
      readonly kind: 'null-dereference';
      readonly use: Site;
      readonly pointer: Origin;
      /** What a callee dereferences, as its summary says: an argument, what stands behind it, or a variable outside of functions. */
      readonly path: AccessPath | undefined;
      /** The test that found it NULL; undefined when it was set to NULL. */
      readonly test: Origin | undefined;
      /** Where it may have become NULL, if that can be told. */
      readonly sources: readonly NullSource[];
    }
  | {
      /** A pointer is tested although it was dereferenced on every path to the test. */
      readonly kind: 'late-test';
      readonly use: Dereference;
      readonly test: Origin;
      readonly testBlock: BlockId;
      /** The dereference is the other side of an operator that evaluates both, as `&` does. */
      readonly isBitwise: boolean;
    }
  | {
      /** Nothing refers to allocated memory any more, and the path goes on. */
      readonly kind: 'leak';
      readonly allocation: Site;
      /** The exit, the store, the free of the holder, or the call whose result is dropped. */
      readonly at: Site;
      readonly manner: LossManner;
      /** The last reference was overwritten with the NULL of an allocation that failed. */
      readonly isByFailure?: boolean;
      /** That allocation failed in a call that was given the last reference: `list = append(list, item);`. */
      readonly isExtension?: boolean;
      /** The callee stored the pointer in memory: its result is something else. */
      readonly isStoredByCallee: boolean;
      /** The member that holds it in a block that the same call gave. */
      readonly member?: string | undefined;
      readonly family: Family;
      /** Whose memory it is shows in a release on another path of the function; undefined where it is known. */
      readonly release?: Site;
      /** Code out of sight gave the memory: that it allocated it is believed as well. */
      readonly isSourceUnknown?: boolean;
      /** The call that failed to move the block on the path, and the pointer that it was given. */
      readonly unmoved?: Unmoved;
    }
  | {
      /** A structure is freed with a member in which the program stores memory, and nothing in the program frees that. */
      readonly kind: 'forgotten-member';
      readonly member: ForgottenMember;
      /** The way from the structure to the member: `options.name`. */
      readonly path: string;
      /** The structure as the free names it, or the member of it that is freed. */
      readonly holder: Origin;
      /** The structure is freed; else another member of it. */
      readonly isWhole: boolean;
      readonly at: Site;
    }
  | {
      /** A freed pointer stands in a place that outlives the function when it returns. */
      readonly kind: 'stale-at-exit';
      readonly free: Site;
      readonly exit: Site;
      /** The place, as a path from the interface: `p0 * .buffer`. */
      readonly place: readonly string[];
      /** The function returns an error there. */
      readonly isErrorExit: boolean;
      /** The function made the memory itself, and its caller gets it as a result: `*out` of a parameter `out`. */
      readonly isResult: boolean;
      /** On another way the function puts something new there. */
      readonly isRefilledElsewhere: boolean;
      /** A callee frees it that sees the place as well. */
      readonly isByCallee: boolean;
    }
  | {
      /** A local that holds a freed pointer is compared although its value means nothing any more. */
      readonly kind: 'stale-test';
      readonly free: Site;
      readonly test: Origin;
      readonly variable: VariableId | undefined;
      /** A callee frees it that sees the variable as well. */
      readonly isByCallee: boolean;
    }
  | InvalidFree
  | MismatchedDeallocator
  | StackEscape
  | DeadLocalUse
  | UnwrittenRead;

/** What a deallocator is given that no allocator gave. */
export type InvalidTarget =
  /** A local variable, a compound literal, or memory of alloca(). */
  | 'stack'
  | 'static'
  | 'literal'
  | 'function'
  | 'label'
  /** An address inside a block, not its beginning. */
  | 'interior'
  /** A member of an object that others made. */
  | 'member'
  /** A variable or member that has no value yet. */
  | 'unassigned'
  /** Memory that ends with its arena. */
  | 'arena'
  | 'library'
  /** The place that a caller gave for new memory, and that holds it. */
  | 'out-parameter'
  /** A number that is not 0: an address that no allocator gave. */
  | 'number';

export interface InvalidFree {
  readonly kind: 'invalid-free';
  readonly target: InvalidTarget;
  readonly free: Site;
  readonly pointer: Origin;
  /** The variable that the memory is, or that has no value. */
  readonly variable: VariableId | undefined;
  /** Where the block or the arena memory comes from. */
  readonly allocation: Site | undefined;
}

/** Memory of one family is given to the deallocator of another, and both are known for sure. */
export interface MismatchedDeallocator {
  readonly kind: 'mismatched-deallocator';
  readonly allocation: Site;
  readonly free: Site;
  readonly pointer: Origin;
  readonly family: Family;
  /** The function that takes the memory, as a rule. */
  readonly deallocator: string | undefined;
  /** A function that takes the memory and nothing beside it. */
  readonly replacement: string | undefined;
}

/** The address of stack memory is where it outlives the function. */
export interface StackEscape {
  readonly kind: 'stack-escape';
  /** Undefined for a compound literal and for memory of alloca(). */
  readonly variable: VariableId | undefined;
  readonly allocation: Site | undefined;
  /** Returned, or left in a variable or in memory that the caller sees. */
  readonly holder: 'returned' | 'global' | 'static' | 'caller';
  /** The member that holds it of a structure that is returned as a whole. */
  readonly member?: string;
  /** The function hands the holder to others: the address may be there for the time of their calls. */
  readonly isLent: boolean;
  /** The return, or the store. */
  readonly site: Site;
}

/** A pointer to a block's variable is used behind the end of the block. */
export interface DeadLocalUse {
  readonly kind: 'dead-local-use';
  readonly variable: VariableId;
  readonly use: Site;
  readonly pointer: Origin;
}

/** Fresh memory is read where nothing was written. */
export interface UnwrittenRead {
  readonly kind: 'unwritten-read';
  readonly allocation: Site;
  readonly read: Site;
  readonly pointer: Origin;
  /** The members on the way from the block to what is read; none for a block of elements. */
  readonly members: readonly string[];
  /** Other parts of the block were written. */
  readonly isPart: boolean;
  /** Each loop that control came to in front of it counts between numbers and has a turn: what it wrote is known. */
  readonly isCounted: boolean;
}
