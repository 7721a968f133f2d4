/** What normalising changed in a text, as a table. */
import type { Meaning } from './attributes.ts';

export type RewriteKind =
  /** Attributes, calling conventions and macros that stand for them; blanked. */
  | 'annotation'
  /** The branch of a conditional group that is not analysed; blanked. */
  | 'branch'
  /** A preprocessor line; blanked. */
  | 'directive'
  /** A macro that is a cast in front of its operand; blanked. */
  | 'cast-macro'
  /** A type as an argument of a macro; replaced by `0`. */
  | 'type-argument'
  /** An operator, or an expression without one of its operands, as an argument of a macro; replaced by `0`. */
  | 'operator-argument'
  /** Statements or braces as an argument of a macro; replaced by `0`. */
  | 'statement-argument'
  /** An empty argument; filled or left out. */
  | 'empty-argument'
  /** A loop head made by a macro; its name becomes `while` or `if`. */
  | 'iteration-macro'
  /** An `if` or `switch` head made by a macro. */
  | 'condition-macro'
  /** A macro used as a statement without `;`, which was added. */
  | 'statement-macro'
  /** A macro that makes a function's head with its brace, or its end; written as these. */
  | 'frame-macro'
  /** A macro that declares or defines; blanked, or turned into a function's head. */
  | 'declaration-macro'
  | 'string-macro'
  /** A type made by a macro (`g_autoptr(T)`, `STACK_OF(T)`), written as a type the parser knows. */
  | 'type-macro'
  /** `goto *p`. */
  | 'computed-goto'
  /** The upper end of a `case 1 ... 5`. */
  | 'case-range'
  /** A macro whose text was written out in its place. */
  | 'substitution'
  /** A name whose first letters were written over; `name` is the whole. */
  | 'cut-name'
  /** A `;` or `,` that the grammar wants and C, or the macro before it, does not. */
  | 'separator'
  /** `defer`: what follows runs when the scope is left. */
  | 'defer'
  /** A part of C that the grammar does not know, and that means nothing to the analysis. */
  | 'syntax';

/** One place at which the normalised text differs from the original; half-open, in UTF-16 code units. */
export interface Rewrite {
  readonly start: number;
  readonly end: number;
  readonly kind: RewriteKind;
  /**
   * The macro's name, the condition of a branch or the one that holds since the branch behind a line was taken, or what
   * stood in the place of an argument that is no expression.
   */
  readonly name?: string;
  readonly meaning?: Meaning;
  /** For a meaning: the offsets of the declared names that it applies to. */
  readonly targets?: readonly number[];
}
