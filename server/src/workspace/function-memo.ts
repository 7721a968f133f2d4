import type { FunctionAnalysis } from '../analysis/analyse-function.ts';
import type { Rewrite } from '../source/normalise.ts';
import type { SyntaxArrays } from '../syntax/syntax-arrays.ts';

/** A question that an analysis asked about its surroundings, with the answer it got. */
export interface Dependency {
  readonly kind: 'macro' | 'function' | 'summary';
  readonly name: string;
  readonly argumentCount: number;
  readonly answer: string;
}

/**
 * The analysis of one function with all that it depends on: its syntax, and the answers to what it asked. It holds as
 * long as the same text gets the same answers, so an edit costs the functions it touches, and those that call a function
 * whose summary it changed, and no others.
 */
export interface FunctionMemo {
  readonly arrays: SyntaxArrays;
  readonly rewrites: readonly Rewrite[];
  readonly dependencies: readonly Dependency[];
  /** Undefined when the function could not be lowered. */
  readonly analysis: FunctionAnalysis | undefined;
  /** The summary as text, to compare. */
  readonly summaryKey: string;
  /** The project's revision at which the answers were last found to be the same. */
  revision: number;
}
