/** What a macro can be to the text that uses it. */
import type { Meaning } from './attributes.ts';

export type MacroRole =
  /** Nothing, attributes, storage classes, qualifiers: no part of the program's meaning but what `meanings` says. */
  | 'annotation'
  | 'type'
  /** `(xmlChar *)`: a cast in front of its operand. */
  | 'cast'
  /** A loop head (`for (...)`, `while (...)`) that waits for its body. */
  | 'iteration'
  /** An `if` or `switch` head that waits for its body. */
  | 'condition'
  /** One or more statements. */
  | 'statement'
  | 'declaration'
  | 'string'
  | 'expression'
  /** Punctuators or control keywords that are written out in place, e.g. `and` for `&&`. */
  | 'substitution'
  /** Just one of its parameters: `PROTO((int x))`. */
  | 'argument'
  /** Brackets that do not match within the body. */
  | 'fragment'
  /** Runs the statement or block behind it when the scope ends. */
  | 'defer';

export interface MacroShape {
  readonly role: MacroRole;
  readonly meanings: readonly Meaning[];
  /** Per parameter: true when the body uses it as a type. */
  readonly typeParameters: readonly boolean[];
  /** True when the name means the macro only in front of `(`; `undefined` where both may be. */
  readonly isFunctionLike?: boolean;
  /** How many braces a body of role 'fragment' leaves open; negative where it closes more than it opens. */
  readonly braces: number;
  /** The body ends in `;` or `}`: a use needs no `;` of its own. */
  readonly isComplete: boolean;
  /** For `substitution`: what to write; for 'argument', and a 'type' that is its parameter's: the number of the parameter. */
  readonly substitute?: string;
  readonly parameter?: number;
  /** For a 'type' whose variables are cleaned up: its last word is a `*`. */
  readonly isPointer?: boolean;
}
