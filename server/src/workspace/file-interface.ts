import type { SourceFacts } from '../source/facts.ts';
import type { NoreturnDeclaration } from '../source/noreturn.ts';
import type { DeclaredModel } from './declared-models.ts';
import { undefPlaces } from './undef-index.ts';

/** All that a file says to others, as text. Where in the file it says so does not matter. */
export function interfaceOf(
  facts: SourceFacts,
  noreturn: readonly NoreturnDeclaration[],
  models: readonly DeclaredModel[],
): string {
  return JSON.stringify([
    facts.macros.map(({ name, parameters, body, condition, since, until }) => [
      name,
      parameters,
      body,
      condition,
      since,
      until,
    ]),
    undefPlaces(facts),
    facts.undefined,
    facts.functions.map(({ name, isStatic, hasType, parameterCount, isVariadic, calls }) => [
      name,
      isStatic,
      hasType,
      parameterCount,
      isVariadic,
      calls,
    ]),
    facts.prototypes.map(({ name }) => name),
    facts.types.map(({ key, text }) => [key, text]),
    facts.includes.map(({ path, isQuoted, condition }) => [path, isQuoted, condition]),
    facts.fields,
    facts.hooks,
    facts.wrappers,
    facts.enumerators,
    facts.members,
    facts.variables,
    facts.constants,
    facts.functionVariables,
    noreturn,
    models,
  ]);
}
