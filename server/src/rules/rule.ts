import type { FunctionAnalysis } from '../analysis/analyse-function.ts';
import type { ReleasePoints } from '../analysis/release-points.ts';
import type { CalleeStep, Site } from '../analysis/state.ts';
import type { Confidence, Fix, PathStep, Severity, StepKind } from '../base/finding.ts';
import type { TextRange } from '../base/range.ts';
import type { RuleMetadata } from '../base/rule-metadata.ts';
import type { FunctionIr, Origin } from '../ir/instructions.ts';
import type { SyntaxArrays } from '../syntax/syntax-arrays.ts';

/** What a rule sees: the analysis of one function, and where its offsets lie in the file. */
export interface RuleContext {
  readonly file: string;
  /** The file's text as it was written. */
  readonly text: string;
  /** The offset of the function's item in the file. */
  readonly base: number;
  /** The function as it was parsed; its offsets count from `base`. */
  readonly syntax: SyntaxArrays;
  /** The file's other functions: new text is written in their style where the function itself shows none. */
  neighbours(): readonly SyntaxArrays[];
  readonly analysis: FunctionAnalysis;
  readonly options: Readonly<Record<string, boolean>>;
  /** The place of a step inside another function, if its file is in sight. */
  locate(step: CalleeStep): { readonly file: string; readonly range: TextRange } | undefined;
  /** The one-based line of an offset in the file. */
  lineOf(offset: number): number;
  readonly program: ProgramView;
}

/** What a rule may ask about the rest of the program. */
export interface ProgramView {
  /** The analyses of the functions in sight that call this one. */
  callers(): readonly FunctionAnalysis[];
  /** The functions in sight that call this one, also those in which nothing has to do with memory. */
  callingFunctions(): readonly FunctionIr[];
  /** True when some function other than this one mentions the member. */
  isFieldUsedElsewhere(field: string): boolean;
  /** The function that takes memory of a family back when it is given the pointer alone; undefined where there is none. */
  deallocator(family: string): string | undefined;
  /** The family of the memory that a library's function allocates or moves; undefined for others. */
  familyOf(allocator: string): string | undefined;
  /** The type that a function in sight returns, as it is written, pointers included. */
  returnType(name: string): string | undefined;
  /** Whether a function frees its only argument; undefined where that is not known. */
  frees(name: string): boolean | undefined;
  /** The function with which the program frees objects of a type, found by its body, its parameter and its name. */
  destructor(type: string, allocator: string): string | undefined;
  /** Where the function could free what it loses; undefined when it is not understood as it stands. */
  releasePoints(): ReleasePoints | undefined;
  /** What the declarations in sight say of all members of a name, as the bits of `source/members.ts`; 0 for nothing. */
  memberTraits(name: string): number;
}

/** A finding before its severity is configured and its repairs are added. */
export interface RawFinding {
  readonly message: string;
  readonly range: TextRange;
  readonly steps: readonly PathStep[];
  readonly confidence: Confidence;
  /** Where it does not follow from the rule and the confidence. */
  readonly severity?: Severity;
  /** Makes the repairs, which costs more than the finding; asked at most once, when somebody wants them. */
  readonly repair?: () => Repair;
}

/** Repairs, or why there is none. */
export interface Repair {
  /** Preferred repair first. */
  readonly fixes: readonly Fix[];
  /** Makes further repairs, of which the first that holds is offered where none of `fixes` does. */
  readonly alternatives?: readonly (() => Fix | undefined)[];
  /** Why there is none, for where there is none, or none holds. */
  readonly refusal?: string;
}

/** No repair, for a reason in a few words. */
export function refuse(refusal: string): Repair {
  return { fixes: [], refusal };
}

export interface Rule {
  readonly metadata: RuleMetadata;
  check(context: RuleContext): RawFinding[];
}

/** How long a piece of source may be to stand in a message. */
const MAXIMUM_QUOTE = 48;

/** A range of the function, in the file. */
export function rangeOf(context: RuleContext, origin: Origin): TextRange {
  return { start: context.base + origin.start, end: context.base + origin.end };
}

/** The source text of an origin in one line, for a message; undefined when it is too long to read. */
export function quote(context: RuleContext, origin: Origin): string | undefined {
  const { start, end } = rangeOf(context, origin);
  const text = context.text.slice(start, end).replace(/\s+/g, ' ').trim();
  return text.length === 0 || text.length > MAXIMUM_QUOTE ? undefined : text;
}

/** The pointer's own text in quotation marks, or words that stand for it. */
export function nameOf(context: RuleContext, origin: Origin): string {
  const text = quote(context, origin)?.replace(/^\(([^()]*)\)$/, '$1');
  // A call is no name: what it returned is meant, or a macro stands in the pointer's place.
  return text === undefined || text.endsWith(')') ? 'the pointer' : `'${text}'`;
}

export function step(context: RuleContext, kind: StepKind, origin: Origin, message: string): PathStep {
  return { kind, file: context.file, range: rangeOf(context, origin), message };
}

/** The steps of a site: the place in this function, then the places inside the functions that it calls. */
export function siteSteps(
  context: RuleContext,
  kind: StepKind,
  site: Site,
  here: string,
  inside: (callee: CalleeStep) => string,
): PathStep[] {
  const steps = [step(context, kind, site.origin, here)];
  for (const inner of site.inner) {
    const place = context.locate(inner);
    if (place) steps.push({ kind, file: place.file, range: place.range, message: inside(inner) });
  }
  return steps;
}

/** Where memory came from, and which allocator gave it inside the functions that this one calls. */
export function allocationSteps(
  context: RuleContext,
  allocation: Site,
  here = `allocated by ${allocation.callee || 'an allocator'}()`,
): PathStep[] {
  return siteSteps(
    context,
    'allocated',
    allocation,
    here,
    (inner) => `${inner.functionName}() gets the memory from ${inner.callee || 'an allocator'}() here`,
  );
}

/** Where memory was given back, also inside the functions that this one calls. */
export function freeSteps(context: RuleContext, free: Site, here = 'freed here'): PathStep[] {
  return siteSteps(context, 'freed', free, here, (inner) => `${inner.functionName}() frees it here`);
}

/** The severity that a confidence gives a rule: likely turns an error into a warning, a hint is a hint. */
export function severityFor(defaultSeverity: Severity, confidence: Confidence): Severity {
  if (confidence === 'hint') return 'hint';
  return confidence === 'likely' && defaultSeverity === 'error' ? 'warning' : defaultSeverity;
}
