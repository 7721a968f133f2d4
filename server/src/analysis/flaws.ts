import type { Origin, VariableId } from '../ir/instructions.ts';
import type { Site } from './state.ts';

/**
 * What the interpreter notices on a path. A flaw is a fact about one function in its own offsets; which of them are
 * findings, what they are called and how they are repaired is for the rules to say.
 */
export type Flaw =
  | {
      /** The result of an allocation is dereferenced, and nothing has tested it, or the test did not keep NULL away. */
      readonly kind: 'unchecked-dereference';
      readonly allocation: Site;
      readonly use: Site;
      readonly pointer: Origin;
      /** The path on which the pointer was tested, found NULL, and used all the same. */
      readonly assumedNull: Origin | undefined;
    }
  | {
      readonly kind: 'double-free';
      readonly first: Site;
      readonly second: Site;
      readonly pointer: Origin;
      readonly allocation: Site | undefined;
    }
  | {
      readonly kind: 'use-after-free';
      readonly free: Site;
      readonly use: Site;
      readonly pointer: Origin;
      readonly allocation: Site | undefined;
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
    }
  | {
      /** A local that holds a freed pointer is compared although its value means nothing any more. */
      readonly kind: 'stale-test';
      readonly free: Site;
      readonly test: Origin;
      readonly variable: VariableId | undefined;
    };
