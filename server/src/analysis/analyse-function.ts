import type { FunctionIr } from '../ir/instructions.ts';
import type { AnalysisContext, AnalysisEnvironment } from './context.ts';
import type { Flaw } from './flaws.ts';
import { interpret } from './interpreter.ts';
import { findStaleAtExits } from './stale.ts';
import { summarise } from './summarise.ts';
import type { Summary } from './summary.ts';

/** All that the analysis of one function tells. */
export interface FunctionAnalysis {
  readonly ir: FunctionIr;
  readonly flaws: readonly Flaw[];
  readonly summary: Summary;
  /** A budget was met: some paths were not followed. */
  readonly isIncomplete: boolean;
  readonly context: AnalysisContext;
}

/** Analyses one function. `file` is its path, as steps of other functions' findings will name it. */
export function analyseFunction(ir: FunctionIr, file: string, environment: AnalysisEnvironment): FunctionAnalysis {
  const context = interpret(ir, environment);
  findStaleAtExits(context);
  const summary = summarise(context, file);
  return { ir, flaws: context.flaws, summary, isIncomplete: context.isIncomplete, context };
}
