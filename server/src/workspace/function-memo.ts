import type { FunctionAnalysis } from '../analysis/analyse-function.ts';
import type { GivenResult } from '../ir/given-results.ts';
import type { FunctionIr } from '../ir/instructions.ts';
import type { Rewrite } from '../source/rewrites.ts';
import type { KnownSummary } from './known-summary.ts';
import type { QuestionKind } from './questions.ts';

/** A question that the work on functions of a file asked about their surroundings, with the answer it got. */
export interface Dependency {
  readonly kind: QuestionKind;
  readonly name: string;
  /** 0 where the kind does not ask for it. */
  readonly argumentCount: number;
  /** As text, to compare. */
  readonly answer: string;
  /** The index's version at which it was last found to be the same, where the index alone answers. */
  heldAt: number;
  /** From where it was asked then, as `ProgramIndex.outlookAt` tells, where the answer hangs on the place. */
  heldFrom: number;
}

/** Something that was computed, and what it depends on: it holds as long as the questions get the same answers. */
export interface Stage<T> {
  readonly value: T;
  readonly dependencies: readonly Dependency[];
  /** The program's revision at which the answers were last found to be the same. */
  revision: number;
  /** The index's version at that time. */
  indexVersion: number;
}

/** What is known of a function without following its paths. */
export interface Relevance {
  /** It calls something that gives or takes memory, so that following its paths may find something. */
  readonly isRelevant: boolean;
  /** Its paths are followed for what may come of NULL, and for nothing else. */
  readonly isForNull: boolean;
  /** No path through its blocks returns. */
  readonly isNoreturn: boolean;
  /** Its callers see no change behind a call. */
  readonly changesNothing: boolean;
  /** It may give its callers NULL and nothing else, by what it returns or in a place that they see. */
  readonly givesNull: boolean;
  /** It may end the program with a number that it was given: `error(1, "…")` does not come back, `error(0, "…")` does. */
  readonly endsByArgument: boolean;
  /** What it gives its callers beside new memory. */
  readonly gives: GivenResult;
}

/** An analysis with its summary as text, to compare. */
export interface AnalysedFunction {
  readonly analysis: FunctionAnalysis;
  readonly summaryKey: string;
}

/**
 * The work on one function, in stages that are made when they are asked for: lowering, relevance, analysis. An edit costs
 * the functions it touches, and those that call a function whose summary it changed, and no others.
 */
export interface FunctionMemo {
  readonly rewrites: readonly Rewrite[];
  /** The value is undefined when the function could not be lowered. */
  lowered: Stage<FunctionIr | undefined> | undefined;
  relevance: Stage<Relevance> | undefined;
  analysed: Stage<AnalysedFunction> | undefined;
  /** By what callers tell, as `callNameOf` writes it: the summary for them. */
  told: Map<string, Stage<KnownSummary>> | undefined;
  /** By round: the summary for those that are in a cycle of calls with it. */
  rounds: Map<number, Stage<KnownSummary>> | undefined;
}
