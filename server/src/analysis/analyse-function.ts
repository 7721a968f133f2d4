import type { FunctionIr } from '../ir/instructions.ts';
import { findConstantSizes } from './allocation-sizes.ts';
import { findOverflows } from './block-bounds.ts';
import { findBufferSizes } from './buffer-sizes.ts';
import type { AnalysisContext, AnalysisEnvironment } from './context.ts';
import { dumpContext } from './dump.ts';
import type { Flaw } from './flaws.ts';
import { findFreedUsesAtExits } from './freed-uses.ts';
import { findBelievedLeaks } from './handovers.ts';
import type { Holdings } from './holdings.ts';
import { interpret } from './interpreter.ts';
import { noteLeaksAtExit } from './leaks.ts';
import { findLoopAllocations } from './loop-allocations.ts';
import { findCertainNulls, findLateTests } from './null-dereferences.ts';
import { Observation } from './observation.ts';
import { recordPaths } from './recorded-paths.ts';
import { ReleasePoints } from './release-points.ts';
import { findStackEscapes } from './stack-escapes.ts';
import { findStaleAtExits } from './stale.ts';
import { summarise } from './summarise.ts';
import { NOTHING_ALWAYS, type Summary } from './summary.ts';
import { forgiveTakenApart } from './taken-apart.ts';
import type { ToldArguments } from './told-arguments.ts';
import { TypeModel } from './type-model.ts';
import { findUntestedAllocations } from './untested-allocations.ts';

/** All that the analysis of one function tells. */
export interface FunctionAnalysis {
  readonly ir: FunctionIr;
  readonly flaws: readonly Flaw[];
  readonly summary: Summary;
  /** A budget was met: some paths were not followed. */
  readonly isIncomplete: boolean;
  /** By the site of an allocation that may fail: what the function holds there and must clean up. */
  readonly holdings: ReadonlyMap<number, Holdings>;
  /** By `siteKey`: stores over a variable that held something else than memory of the function's own, or NULL, on some path. */
  readonly foreignOverwrites: ReadonlySet<number>;
  /** By the block of a return: what the function holds in front of it. */
  readonly exitHoldings: ReadonlyMap<number, Holdings>;
  /** Sites at which memory is freed that was not freed before, on some path. */
  readonly firstFrees: ReadonlySet<number>;
  /** Sites at which the memory is of the deallocator's family, on some path, or of one that is not known. */
  readonly fittingFrees: ReadonlySet<number>;
}

/** Follows all paths of a function, and notes what is amiss on them and at their ends. */
function findFlaws(ir: FunctionIr, environment: AnalysisEnvironment): AnalysisContext {
  const context = interpret(ir, environment);
  for (const exit of context.exits) noteLeaksAtExit(context, exit);
  findBelievedLeaks(context);
  forgiveTakenApart(context);
  findFreedUsesAtExits(context);
  findLateTests(context);
  findCertainNulls(context);
  findStaleAtExits(context);
  findStackEscapes(context);
  findUntestedAllocations(context);
  findSizes(context);
  return context;
}

/** Analyses one function. `file` is its path, as steps of other functions' findings will name it. */
export function analyseFunction(ir: FunctionIr, file: string, environment: AnalysisEnvironment): FunctionAnalysis {
  const context = findFlaws(ir, environment);
  const summary = summarise(context, file);
  const { flaws, isIncomplete, holdings, exitHoldings, foreignOverwrites, firstFrees, fittingFrees } = context;
  return { ir, flaws, summary, isIncomplete, holdings, exitHoldings, foreignOverwrites, firstFrees, fittingFrees };
}

/** What a function does for callers that tell it some of its arguments. */
export function summariseTold(
  ir: FunctionIr,
  file: string,
  environment: AnalysisEnvironment,
  told: ToldArguments,
): Summary {
  return summarise(interpret(ir, environment, undefined, told), file);
}

/**
 * Follows the paths of a function for those who want to know what its pointers are at some place in it. As dear as an
 * analysis, so it is made when it is asked for.
 */
export function observeFunction(ir: FunctionIr, environment: AnalysisEnvironment): Observation {
  const observation = new Observation(ir);
  interpret(ir, environment, observation);
  return observation;
}

/** Follows the paths of a function, lowered with its insertion points, for where it could free what it loses. */
export function findReleasePoints(ir: FunctionIr, environment: AnalysisEnvironment): ReleasePoints {
  const paths = recordPaths(ir, environment, true);
  return new ReleasePoints(paths.context.isIncomplete ? recordPaths(ir, environment, false) : paths);
}

function findSizes(context: AnalysisContext): void {
  findOverflows(context);
  findConstantSizes(context);
  findLoopAllocations(context);
  const { ir, environment, sizes } = context;
  context.flaws.push(...findBufferSizes(ir, environment.models, sizes.types));
}

/**
 * What shows in a function's calls alone: for functions that do nothing with memory that would need their paths followed.
 * Nothing else is known of such a function; its summary says so.
 */
export function analyseCalls(ir: FunctionIr, file: string, environment: AnalysisEnvironment): FunctionAnalysis {
  const flaws = findBufferSizes(ir, environment.models, new TypeModel(environment.types, ir.localTypes));
  const { name, parameters } = ir;
  const parameterCount = parameters.length;
  const summary = {
    name,
    file,
    parameterCount,
    cases: [],
    always: NOTHING_ALWAYS,
    isNoreturn: false,
    mayEnd: true,
    isIncomplete: true,
    isStub: false,
  };
  return {
    ir,
    flaws,
    summary,
    isIncomplete: false,
    holdings: new Map(),
    exitHoldings: new Map(),
    foreignOverwrites: new Set(),
    firstFrees: new Set(),
    fittingFrees: new Set(),
  };
}

/** What the analysis of a function found, as text, for those who work on it. */
export function dumpStates(ir: FunctionIr, file: string, environment: AnalysisEnvironment): string {
  const context = findFlaws(ir, environment);
  return dumpContext(context, summarise(context, file));
}
