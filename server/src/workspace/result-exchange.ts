import type { Summary } from '../analysis/summary.ts';
import type { Relevance } from './function-memo.ts';

/** What others need to know of an analysis: all but the flaws. */
export interface KnownAnalysis {
  readonly summary: Summary;
  readonly isIncomplete: boolean;
  /** Some of the function was not understood. */
  readonly isPartial: boolean;
  /** Flaws were found: whoever reports on the function has to look for itself. */
  readonly hasFlaws: boolean;
}

/**
 * Where several programs over the same unchanging files tell one another what they found out about functions, so that a
 * callee of many is analysed once. An answer is what the program would find itself: what comes first, from whom, and
 * whether it comes at all changes the time that is needed and nothing else.
 */
export interface ResultExchange {
  relevance(file: string, name: string): Relevance | undefined;
  analysis(file: string, name: string): KnownAnalysis | undefined;
  tellRelevance(file: string, name: string, relevance: Relevance): void;
  tellAnalysis(file: string, name: string, analysis: KnownAnalysis): void;
}
