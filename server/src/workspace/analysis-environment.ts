import type { AnalysisEnvironment } from '../analysis/context.ts';
import { noreturnSummary, type Summary } from '../analysis/summary.ts';
import { MAXIMUM_TOLD_CALLS, NOTHING_TELLING, type TellingParameters } from '../analysis/told-arguments.ts';
import type { TypeEnvironment } from '../analysis/type-model.ts';
import type { ModelRegistry } from '../models/registry.ts';
import { callNameOf } from './callees.ts';
import type { Answers, Ask } from './questions.ts';
import type { TypeDefinitions } from './type-definitions.ts';

/** What one function knows of another that it calls. */
interface Callee {
  readonly effect: Answers['effect'];
  readonly isInCycle: boolean;
  /** By how many arguments it is called with. */
  readonly summaries: Map<number, Summary | undefined>;
}

/** Effects by which a call changes what its caller knows, whatever it is given. */
const TELLING_EFFECTS: ReadonlySet<Answers['effect']> = new Set(['memory', 'ending', 'null']);

/** What the analysis of a function in a file sees of the program: all that may change, it asks for. */
export function analysisEnvironment(
  file: string,
  models: ModelRegistry,
  types: TypeDefinitions,
  ask: Ask,
): AnalysisEnvironment {
  // Every path asks again; while a function is analysed nothing changes.
  const callees = new Map<string, Callee>();
  const deciding = new Map<string, readonly number[]>();
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
  return {
    models,
    types: typeEnvironment(types, ask),
    isDeclaredNoreturn: (name) => ask('noreturn', name),
    decidingNumbers: (name) => {
      let positions = deciding.get(name);
      if (!positions) {
        positions = ask('deciding-numbers', name);
        deciding.set(name, positions);
      }
      return positions;
    },
    endsGiven: (name, given) => ask('ends', callNameOf(name, given)),
    isDefined: (name) => ask('defined', name),
    isSharedFunction: (name) => ask('shared-function', name),
    hasOneBody: (name) => ask('one-body', name),
    declaredModel: (name) => ask('model', name),
    hookModel: (place) => ask('hook', place),
    memberTraits: (name) => ask('member', name),
    unclearMacro: (name) => ask('unclear-macro', name),
    changesNothing: (name, argumentCount) => known(name).effect === 'nothing' && ask('fits', name, argumentCount),
    summary: (name, argumentCount, isNeeded) => {
      const callee = known(name);
      if (callee.effect === 'noreturn') return noreturnSummary(name, file, argumentCount);
      if (callee.isInCycle || (!isNeeded && !TELLING_EFFECTS.has(callee.effect))) return undefined;
      if (!callee.summaries.has(argumentCount)) {
        callee.summaries.set(argumentCount, ask('summary', name, argumentCount)?.summary);
      }
      return callee.summaries.get(argumentCount);
    },
    storedFunction: (place) => ask('stored-function', place),
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

function typeEnvironment(types: TypeDefinitions, ask: Ask): TypeEnvironment {
  return {
    definition: (key) => {
      const text = ask('type', key);
      return text === undefined ? undefined : types.read(key, text);
    },
    constant: (name) => ask('value', name),
  };
}

function calleeOf(name: string, ask: Ask): Callee {
  const cycle = ask('cycle', name);
  if (cycle !== '') return { effect: cycle === 'noreturn' ? cycle : '', isInCycle: true, summaries: new Map() };
  return { effect: ask('effect', name), isInCycle: false, summaries: new Map() };
}
