import type { Origin } from '../ir/instructions.ts';
import type { Site } from './state.ts';

/** A type in words, and its size in bytes where it is known. */
export interface MeasuredType {
  readonly name: string;
  readonly size: number | undefined;
}

/** A size that does not fit what it is the size of. Offsets are the function's own. */
export type SizeFlaw =
  | {
      /** Memory for something is allocated with the size of a pointer to it. */
      readonly kind: 'size-of-pointer';
      readonly allocation: Site;
      /** The size's argument. */
      readonly size: Origin | undefined;
      readonly pointee: MeasuredType;
      readonly measured: MeasuredType;
    }
  | {
      /** Memory is allocated in units of one type and used in units of another. */
      readonly kind: 'element-size';
      readonly allocation: Site;
      readonly size: Origin | undefined;
      readonly pointee: MeasuredType;
      readonly measured: MeasuredType;
    }
  | {
      /** A block of known size is smaller than one object of its type, or ends amid one. */
      readonly kind: 'block-size';
      readonly allocation: Site;
      readonly size: Origin | undefined;
      readonly pointee: MeasuredType;
      readonly bytes: number;
      /** It ends amid an element of the array that the type ends with. */
      readonly isTailCut: boolean;
    }
  | {
      /** No bytes are asked for, or less than none. */
      readonly kind: 'constant-size';
      readonly allocation: Site;
      readonly size: Origin | undefined;
      readonly bytes: number;
    }
  | {
      /** `malloc(strlen(s + 1))`: the length of the rest of the string, not one more than its length. */
      readonly kind: 'misplaced-one';
      readonly allocation: Site;
      readonly size: Origin | undefined;
    }
  | {
      /** More is written to or read from a block than was asked for. */
      readonly kind: 'overflow';
      readonly allocation: Site;
      readonly size: Origin | undefined;
      readonly use: Site;
      readonly pointer: Origin;
      /** So many bytes lie outside. */
      readonly excess: number;
      /** Nothing was asked for. */
      readonly isEmpty: boolean;
      /** They lie in front of the block. */
      readonly isBefore: boolean;
      /** The size was measured by strlen(), and the string's terminator was forgotten. */
      readonly isTerminator: boolean;
      /** A loop comes there in its last turn, or in its first. */
      readonly isInLoop: boolean;
      /** The function is told of more room than there is, and may not use it all. */
      readonly isLimit: boolean;
      /** A member of an element is used that lies outside as a whole. */
      readonly isMember: boolean;
      /** The index is what was asked for, whatever that is: `s = malloc(n); s[n] = 0;`. */
      readonly isSize: boolean;
    }
  | {
      /** A product that may wrap around. */
      readonly kind: 'unbounded-product';
      readonly allocation: Site;
      readonly size: Origin | undefined;
      readonly factor: string;
    }
  | {
      /** A buffer's size is given as that of the pointer to it. */
      readonly kind: 'buffer-size-of-pointer';
      readonly callee: string;
      readonly call: Origin;
      readonly size: Origin;
      readonly buffer: Origin;
      readonly pointee: MeasuredType;
    }
  | {
      /** `memset(p, n, 0)`: fills nothing. */
      readonly kind: 'swapped-fill';
      readonly callee: string;
      readonly call: Origin;
      readonly fill: Origin;
      readonly size: Origin;
    };
