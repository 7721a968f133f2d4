import { believedModel } from '../models/believed-models.ts';
import type { FunctionModel } from '../models/function-model.ts';
import { isReservedFunction, isStandardAllocator } from '../models/registry.ts';
import { HOOK_NAME } from '../source/hooks.ts';
import type { AnalysisContext } from './context.ts';
import { RETURNS_AGAIN } from './second-returns.ts';

/*
 * What is known of a function by its name: models, attributes on its declarations, and what the name itself lets believe.
 */

/** Names by which programs call functions that end them. Only believed where no body is in sight: it silences, no more. */
const FATAL_NAME =
  /(^|_)(diex?|fatalx?|panic|oom|abort|bail_?out|out_?of_?memory|no_?mem(ory)?|usage|croak|bug|unreachable|not_?reached|assert(ion)?_?fail(ed|ure)?)(_|$)/i;

/** What a name means where no body says it. */
export interface CalleeKnowledge {
  readonly isNoreturn: boolean;
  readonly configured: FunctionModel | undefined;
  readonly shipped: FunctionModel | undefined;
  readonly isStandard: boolean;
  readonly declared: FunctionModel | undefined;
  readonly model: FunctionModel | undefined;
  readonly isFatal: boolean;
  readonly returnsAgain: boolean;
  /** The name is a variable's that holds this function. */
  readonly stored: string | undefined;
}

/** Every path asks the same of every call. Older programs have a getline() of their own, with other arguments than the library's. */
export function knowledgeOf(context: AnalysisContext, name: string, argumentCount?: number): CalleeKnowledge {
  const known = knowledgeOfName(context, name, name);
  const counts = known.shipped?.parameterCounts;
  if (!counts || argumentCount === undefined || counts.includes(argumentCount)) return known;
  return knowledgeOfName(context, name, `${name} of the program's own`);
}

function knowledgeOfName(context: AnalysisContext, name: string, key: string): CalleeKnowledge {
  let known = context.callees.get(key);
  if (!known) {
    const { models } = context.environment;
    const library = models.shipped(name);
    // Whoever declares that it returns nothing means another function.
    const isOther =
      key !== name ||
      (library?.allocates !== undefined && context.environment.declaredModel(name)?.returnsNothing === true);
    const shipped = isOther ? undefined : library;
    known = {
      isNoreturn: context.environment.isDeclaredNoreturn(name) || models.isNoreturn(name),
      configured: models.configured(name),
      shipped,
      isStandard: !isOther && isReservedFunction(name),
      declared: declaredModelOf(context, name, shipped),
      model: modelOf(context, name, shipped),
      isFatal: FATAL_NAME.test(name),
      returnsAgain: RETURNS_AGAIN.test(name),
      stored: shipped || context.environment.isDefined(name) ? undefined : context.environment.storedFunction(name),
    };
    context.callees.set(key, known);
  }
  return known;
}

/** The model of a function that the program does not define, or of a standard allocator; or what its name lets believe. */
function modelOf(
  context: AnalysisContext,
  name: string,
  shipped: FunctionModel | undefined,
): FunctionModel | undefined {
  if (context.environment.isDefined(name) && !isReservedFunction(name)) {
    // `#ifndef HAVE_ERROR` around the program's own: where it is not compiled, there is no body, but it ends the program too.
    return shipped?.noreturn ? shipped : undefined;
  }
  return shipped ?? believedModel(name) ?? (HOOK_NAME.test(name) ? context.environment.hookModel(name) : undefined);
}

/**
 * What the attributes on the declarations that the file sees say of a function of whose body nothing is known. A shipped model comes first, unless it says nothing
 * of ownership and the attributes do; so does the name of a wrapper that ends the program.
 */
function declaredModelOf(
  context: AnalysisContext,
  name: string,
  shipped: FunctionModel | undefined,
): FunctionModel | undefined {
  if (shipped && (isStandardAllocator(name) || hasOwnership(shipped))) return undefined;
  const declared = context.environment.declaredModel(name);
  if (!declared || !isSaid(declared)) return undefined;
  if (shipped && !hasOwnership(declared)) return undefined;
  // What a body does with a pointer to const is for the body to say.
  if (declared.looksAt && context.environment.isDefined(name)) return { ...declared, looksAt: undefined, reads: [] };
  return declared.allocates?.family === '' && believedModel(name) ? undefined : declared;
}

/** Whether a declaration says more than a call of unknown code asks for itself (`unwritten`). */
function isSaid(declared: FunctionModel): boolean {
  const { looksAt, purity, returnsNothing, returnsNonNull, dereferences, keeps } = declared;
  if (looksAt || purity || returnsNothing || returnsNonNull || hasOwnership(declared)) return true;
  return dereferences.length > 0 || keeps.length > 0;
}

export function hasOwnership({ allocates, frees, reallocates, out }: FunctionModel): boolean {
  return allocates !== undefined || frees !== undefined || reallocates !== undefined || out !== undefined;
}
