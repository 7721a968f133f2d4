import type { AnalysisEnvironment } from '../analysis/context.ts';
import { noreturnSummary, type Summary } from '../analysis/summary.ts';
import { MAXIMUM_TOLD_CALLS, NOTHING_TELLING, type TellingParameters } from '../analysis/told-arguments.ts';
import type { TypeEnvironment } from '../analysis/type-model.ts';
import { NOTHING_GIVEN_BACK } from '../ir/given-results.ts';
import type { ModelRegistry } from '../models/registry.ts';
import { callNameOf, roundName } from './call-names.ts';
import { handlesMemory } from './known-summary.ts';
import type { Answers, Ask } from './questions.ts';
import type { TypeDefinitions } from './type-definitions.ts';

/** What one function knows of another that it calls. */
interface Callee {
  readonly effect: Answers['effect'];
  readonly isInCycle: boolean;
  /** By how many arguments it is called with. */
  readonly summaries: Map<number, Summary | undefined>;
  /** By how many arguments it is called with: it has so many parameters. */
  readonly fits: Map<number, boolean>;
}

/** Effects by which a call changes what its caller knows, whatever it is given. */
const TELLING_EFFECTS: ReadonlySet<Answers['effect']> = new Set(['memory', 'ending', 'null']);

/**
 * What the analysis of a function in a file sees of the program: all that may change, it asks for.
 * @param round How many rounds of those in a cycle of calls with it come before: in the first it knows nothing of them.
 */
export function analysisEnvironment(
  file: string,
  models: ModelRegistry,
  types: TypeDefinitions,
  ask: Ask,
  round: number,
): AnalysisEnvironment {
  // Every path asks again; while a function is analysed nothing changes.
  const callees = new Map<string, Callee>();
  const telling = new Map<string, TellingParameters>();
  const told = new Map<string, Summary | undefined>();
  const known = (name: string): Callee => {
    let callee = callees.get(name);
    if (!callee) {
      callee = calleeOf(name, ask);
      callees.set(name, callee);
    }
    return callee;
  };
  const inCycle = (callee: Callee, name: string, argumentCount: number, isNeeded: boolean): Summary | undefined => {
    if (!callee.summaries.has(argumentCount)) {
      const found = ask('summary-in-cycle', roundName(name, round - 1), argumentCount);
      callee.summaries.set(argumentCount, found?.summary);
    }
    const summary = callee.summaries.get(argumentCount);
    return summary && (isNeeded || handlesMemory(summary)) ? summary : undefined;
  };
  return {
    models,
    types: typeEnvironment(types, ask),
    isDeclaredNoreturn: remembered((name) => ask('noreturn', name)),
    decidingNumbers: remembered((name) => ask('deciding-numbers', name)),
    endsGiven: (name, given) => ask('ends', callNameOf(name, given)),
    mayEndGiven: (name, given) => ask('may-end', callNameOf(name, given)),
    isDefined: remembered((name) => ask('defined', name)),
    isSharedFunction: remembered((name) => ask('shared-function', name)),
    hasOneBody: remembered((name) => ask('one-body', name)),
    declaredModel: remembered((name) => ask('model', name)),
    hookModel: remembered((place) => ask('hook', place)),
    memberTraits: remembered((name) => ask('member', name)),
    unclearMacro: remembered((name) => ask('unclear-macro', name)),
    gives: remembered((name) => (known(name).isInCycle ? NOTHING_GIVEN_BACK : ask('gives', name))),
    changesNothing: (name, argumentCount) => {
      const { effect, fits } = known(name);
      if (effect !== 'nothing') return false;
      let isFit = fits.get(argumentCount);
      if (isFit === undefined) {
        isFit = ask('fits', name, argumentCount);
        fits.set(argumentCount, isFit);
      }
      return isFit;
    },
    summary: (name, argumentCount, isNeeded) => {
      const callee = known(name);
      if (callee.effect === 'noreturn') return noreturnSummary(name, file, argumentCount);
      if (callee.isInCycle) return round === 0 ? undefined : inCycle(callee, name, argumentCount, isNeeded);
      if (!isNeeded && !TELLING_EFFECTS.has(callee.effect)) return undefined;
      if (!callee.summaries.has(argumentCount)) {
        callee.summaries.set(argumentCount, ask('summary', name, argumentCount)?.summary);
      }
      return callee.summaries.get(argumentCount);
    },
    forgottenMembers: remembered((type) => ask('forgotten-members', type)),
    storedFunction: remembered((place) => ask('stored-function', place)),
    tellingParameters: (name) => {
      let parameters = telling.get(name);
      if (!parameters) {
        const { effect, isInCycle } = known(name);
        const isKnown = isInCycle || effect === 'noreturn' || told.size >= MAXIMUM_TOLD_CALLS;
        parameters = isKnown ? NOTHING_TELLING : ask('telling-parameters', name);
        telling.set(name, parameters);
      }
      return parameters;
    },
    summaryTold: (name, argumentCount, given) => {
      const call = callNameOf(name, given);
      if (!told.has(call) && told.size < MAXIMUM_TOLD_CALLS) {
        told.set(call, ask('summary-told', call, argumentCount)?.summary);
      }
      return told.get(call);
    },
  };
}

/** Answers that stay what they are as long as a function is analysed, each asked for once: every path asks again. */
function remembered<T>(answer: (name: string) => T): (name: string) => T {
  const answers = new Map<string, T>();
  return (name) => {
    const known = answers.get(name);
    if (known !== undefined || answers.has(name)) return known as T;
    const found = answer(name);
    answers.set(name, found);
    return found;
  };
}

/** What declarations in sight say of types, as one function asks for it. */
export function typeEnvironment(types: TypeDefinitions, ask: Ask): TypeEnvironment {
  return {
    definition: remembered((key) => {
      const text = ask('type', key);
      return text === undefined ? undefined : types.read(key, text);
    }),
    constant: remembered((name) => ask('value', name)),
  };
}

function calleeOf(name: string, ask: Ask): Callee {
  const cycle = ask('cycle', name);
  if (cycle !== '')
    return { effect: cycle === 'noreturn' ? cycle : '', isInCycle: true, summaries: new Map(), fits: new Map() };
  return { effect: ask('effect', name), isInCycle: false, summaries: new Map(), fits: new Map() };
}
