import type { DeclaredVariable } from '../source/file-variables.ts';
import type { RewrittenArgument } from '../syntax/macro-body.ts';
import type { NodeIndex, SyntaxArrays } from '../syntax/syntax-arrays.ts';

/** The parsed body of a macro, as the lowering needs it. */
export interface MacroTemplate {
  readonly kind: 'expression' | 'statements';
  readonly arrays: SyntaxArrays;
  /** The expression, or the compound statement that holds the statements. */
  readonly body: NodeIndex;
  /** Undefined for an object-like macro. */
  readonly parameters: readonly string[] | undefined;
  readonly isVariadic: boolean;
  /** Arguments in the body that are no expressions, by offset: what stood in their place. */
  readonly rewritten: ReadonlyMap<number, RewrittenArgument>;
  /** The cleanup function that an annotation inside a range of the body gives its declaration, if any. */
  readonly cleanupWithin: (start: number, end: number) => string | undefined;
  /** The positions of the call's arguments whose text is part of the body. */
  readonly written: ReadonlySet<number>;
}

/** An argument of a macro's call as text. */
export interface ArgumentText {
  readonly text: string;
  /** A statement or operator, which only the text of the body can take. */
  readonly isRewritten: boolean;
}

/** What the text around a function tells its lowering. Pure look-ups. */
export interface LoweringEnvironment {
  /**
   * The body to inline for a name, or undefined when it is no macro, or one whose meaning is not known for sure.
   * `texts` are the call's arguments, for those that the body pastes into names or takes as statements.
   */
  macro(name: string, texts: () => readonly ArgumentText[]): MacroTemplate | undefined;
  /** Some definition of a macro of that name is in sight, whether its meaning is clear or not. */
  isMacro(name: string): boolean;
  /** True when the name is a type's whose objects are arrays: `typedef unsigned char digest[16];`. */
  isArrayType(name: string): boolean;
  /** True when some declaration in sight makes the name a type's. */
  isTypeName(name: string): boolean;
  /** The arguments that a macro of unclear meaning, which is not inlined, may assign to. */
  assignedArguments(name: string): readonly number[];
  /** The arguments that such a macro does not evaluate by some definition, as where it asks for their types alone. */
  skippedArguments(name: string): readonly number[];
  /** The value of an enumerator, if the declarations in sight agree on it. */
  constant(name: string): number | undefined;
  /** What a variable outside of functions is, as far as declarations in sight say. */
  fileVariable(name: string): DeclaredVariable | undefined;
  /** True when the name is declared or defined as a function, so that its bare use is its address. */
  isFunction(name: string): boolean;
  /** Arguments that are no expressions, by the offset of the `0` that stands for them. */
  rewrittenArgumentAt(offset: number): RewrittenArgument | undefined;
  /** Iteration macros rewritten to `while`: by the offset of the `while`, the macro's name. */
  iterationMacroAt(offset: number): string | undefined;
  /** True when the statement at the offset waits for the end of its scope (`defer`). */
  isDeferred(offset: number): boolean;
  /** Conditions of the preprocessor that hold in the function because a branch was taken, in normal form. */
  readonly assumedConditions: ReadonlySet<string>;
  /** The cleanup function that an annotation inside the range gives its declaration, if any. */
  cleanupWithin(start: number, end: number): string | undefined;
  /** An annotation inside the range says that the pointers which it declares go to another address space. */
  isElsewhere(start: number, end: number): boolean;
  /** A macro in front of a declaration is `static`, in one build at least, and what it declares stands inside the range. */
  isMadeStatic(start: number, end: number): boolean;
  /** The text is no function but one use of a macro: a label that is not there is its user's, and a jump to it leaves. */
  readonly hasLabelsElsewhere?: boolean;
}
