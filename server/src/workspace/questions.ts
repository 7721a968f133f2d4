/** The questions that the work on one function asks about the rest of the program, and may have to ask again. */
import type { ForgottenMember } from '../analysis/context.ts';
import type { TellingParameters } from '../analysis/told-arguments.ts';
import { keptPer } from '../base/kept.ts';
import type { GivenResult } from '../ir/given-results.ts';
import type { FunctionModel } from '../models/function-model.ts';
import type { DeclaredVariable } from '../source/file-variables.ts';
import type { MacroDefinition } from '../source/macros.ts';
import type { Callees } from './callees.ts';
import type { ForgottenMembers } from './forgotten-members.ts';
import type { KnownSummary } from './known-summary.ts';
import { type MacroTemplates, signature } from './macro-templates.ts';
import type { ProgramIndex } from './program-index.ts';
import { type UnclearMacro, unclearMacro } from './unclear-macros.ts';

/** What a question gets for an answer, by its kind. */
export interface Answers {
  readonly macro: MacroDefinition | undefined;
  /** The first of several definitions that disagree. */
  readonly 'likely-macro': MacroDefinition | undefined;
  readonly 'unclear-macro': UnclearMacro | undefined;
  readonly function: boolean;
  readonly defined: boolean;
  readonly 'one-body': boolean;
  readonly noreturn: boolean;
  readonly variable: DeclaredVariable | undefined;
  readonly constant: number | undefined;
  /** How an enumerator's value is written where it is no plain integer. */
  readonly 'constant-expression': string | undefined;
  /** What a name stands for in a constant expression. */
  readonly value: string | undefined;
  readonly member: number;
  /** The text of a type's definition. */
  readonly type: string | undefined;
  readonly model: FunctionModel | undefined;
  readonly hook: FunctionModel | undefined;
  readonly cycle: ReturnType<Callees['cycleWith']>;
  readonly effect: ReturnType<Callees['effectOf']>;
  /** What a callee gives beside new memory. */
  readonly gives: GivenResult;
  /** The positions of the numbers by which a callee may decide not to return. */
  readonly 'deciding-numbers': readonly number[];
  /** Of a callee's name and the numbers that it is given, as `callNameOf` writes them: whether it does not return. */
  readonly ends: boolean;
  /** The same, and whether it may end the program by what hangs on a number. */
  readonly 'may-end': boolean;
  readonly 'shared-function': boolean;
  /** Of a type, as `recordKey` writes it: the members in which memory is stored that nothing frees. */
  readonly 'forgotten-members': readonly ForgottenMember[];
  /** These ask for a number of arguments, too. */
  readonly fits: boolean;
  readonly summary: KnownSummary | undefined;
  /** Of a callee's name and what it is told, as `callNameOf` writes them. */
  readonly 'summary-told': KnownSummary | undefined;
  /** Of a callee's name and a round, as `roundName` writes them. */
  readonly 'summary-in-cycle': KnownSummary | undefined;
  readonly 'telling-parameters': TellingParameters;
  /** Of a variable's name and the way from there, as `storedFunction` takes them. */
  readonly 'stored-function': string | undefined;
  /** The functions that stand in a constant outside of functions. */
  readonly 'stored-functions': readonly string[];
}

export type QuestionKind = keyof Answers;

/** Asks about a name on behalf of one function. */
export type Ask = <K extends QuestionKind>(kind: K, name: string, argumentCount?: number) => Answers[K];

/** The function that asks. */
export interface Asker {
  readonly file: string;
  readonly name: string;
  /** Its UTF-16 offset in the file: what a macro means depends on the place. */
  readonly start: number;
}

/** Those who know the answers. */
export interface Surroundings {
  readonly index: ProgramIndex;
  readonly templates: MacroTemplates;
  readonly callees: Callees;
  readonly members: ForgottenMembers;
}

interface Question<Answer> {
  answer(surroundings: Surroundings, name: string, asker: Asker, argumentCount: number): Answer;
  /** The answer, to compare: the same text means that the work would come to the same. */
  text(answer: Answer): string;
}

const asIs = (answer: string | number | boolean | undefined): string => String(answer ?? '');
const textPerAnswer = keptPer((answer: object) => JSON.stringify(answer));
const asJson = (answer: object | undefined): string => (answer ? textPerAnswer(answer) : '');

const questions: { readonly [K in QuestionKind]: Question<Answers[K]> } = {
  macro: {
    answer: ({ index, templates }, name, { file, start }) =>
      templates.definition(name, file, index.macrosAt(file, start)),
    text: (definition) => (definition ? signature(definition) : ''),
  },
  'likely-macro': {
    answer: ({ index, templates }, name, { file, start }) =>
      templates.likelyDefinition(name, file, index.macrosAt(file, start)),
    text: (definition) => (definition ? signature(definition) : ''),
  },
  'unclear-macro': {
    answer: ({ index }, name, { file }) => unclearMacro(name, index.macrosFor(file), index.isFunction(name)),
    text: asJson,
  },
  function: { answer: ({ index }, name, { file }) => index.isFunctionSeenFrom(name, file), text: asIs },
  defined: { answer: ({ index }, name) => index.isDefined(name), text: asIs },
  'shared-function': { answer: ({ index }, name, { file }) => index.isSharedFunction(name, file), text: asIs },
  'one-body': { answer: ({ index }, name, { file }) => index.definitions(name, file).length === 1, text: asIs },
  noreturn: { answer: ({ index }, name) => index.isDeclaredNoreturn(name), text: asIs },
  variable: {
    answer: ({ index }, name, { file }) => index.declarations.fileVariable(name, file),
    text: (variable) => (variable ? `${variable.isArray} ${variable.type}` : ''),
  },
  constant: {
    answer: ({ index }, name, { file }) =>
      index.declarations.constant(name, file) ?? index.declarations.constantVariable(name, file),
    text: asIs,
  },
  'constant-expression': {
    answer: ({ index }, name, { file }) => index.declarations.constantExpression(name, file),
    text: asIs,
  },
  value: { answer: ({ index }, name, { file }) => constantText(index, name, file), text: asIs },
  member: { answer: ({ index }, name, { file }) => index.declarations.memberTraits(name, file), text: asIs },
  type: { answer: ({ index }, name, { file }) => index.declarations.typeDefinition(name, file), text: asIs },
  model: { answer: ({ index }, name, { file }) => index.declaredModel(name, file), text: asJson },
  hook: { answer: ({ index }, name, { file }) => index.hookModel(name, file), text: asJson },
  cycle: { answer: ({ callees }, name, asker) => callees.cycleWith(name, asker.file, asker.name), text: asIs },
  effect: { answer: ({ callees }, name, { file }) => callees.effectOf(name, file), text: asIs },
  gives: {
    answer: ({ callees }, name, { file }) => callees.givenBy(name, file),
    text: asJson,
  },
  'deciding-numbers': {
    answer: ({ callees }, name, { file }) => callees.endings.decidingNumbersOf(name, file),
    text: (positions) => positions.join(' '),
  },
  ends: { answer: ({ callees }, call, { file }) => callees.endings.endsGiven(call, file), text: asIs },
  'may-end': { answer: ({ callees }, call, { file }) => callees.endings.mayEndGiven(call, file), text: asIs },
  fits: {
    answer: ({ callees }, name, { file }, argumentCount) => callees.fits(name, file, argumentCount),
    text: asIs,
  },
  summary: {
    answer: ({ callees }, name, { file }, argumentCount) => callees.summaryOf(name, file, argumentCount),
    text: (found) => found?.summaryKey ?? '',
  },
  'summary-told': {
    answer: ({ callees }, call, asker, argumentCount) => callees.summaryTold(call, asker, argumentCount),
    text: (found) => found?.summaryKey ?? '',
  },
  'summary-in-cycle': {
    answer: ({ callees }, call, { file }, argumentCount) => callees.summaryInCycle(call, file, argumentCount),
    text: (found) => found?.summaryKey ?? '',
  },
  'telling-parameters': {
    answer: ({ callees }, name, { file }) => callees.tellingParametersOf(name, file),
    text: asJson,
  },
  'stored-functions': {
    answer: ({ index }, name, { file }) => index.declarations.storedFunctions(name, file),
    text: (names) => names.join(' '),
  },
  'forgotten-members': { answer: ({ members }, type, { file }) => members.of(type, file), text: asJson },
  'stored-function': { answer: ({ callees }, place, asker) => callees.storedFunction(place, asker), text: asIs },
};

export function answerTo<K extends QuestionKind>(
  kind: K,
  surroundings: Surroundings,
  name: string,
  asker: Asker,
  argumentCount: number,
): Answers[K] {
  return questions[kind].answer(surroundings, name, asker, argumentCount);
}

export function answerText<K extends QuestionKind>(kind: K, answer: Answers[K]): string {
  return questions[kind].text(answer);
}

const BODY_QUESTIONS: ReadonlySet<QuestionKind> = new Set([
  'summary',
  'summary-told',
  'summary-in-cycle',
  'telling-parameters',
  'stored-function',
  'effect',
  'forgotten-members',
  'gives',
  'cycle',
  'deciding-numbers',
  'ends',
  'may-end',
]);

/** Those among them whose answers hang on more than the body of one name. */
const OTHER_BODIES: ReadonlySet<QuestionKind> = new Set(['summary-told', 'stored-function', 'forgotten-members']);

/** True where the index alone does not answer: bodies do, and those of what they call. */
export function asksForBodies(kind: QuestionKind): boolean {
  return BODY_QUESTIONS.has(kind);
}

/** True where bodies answer, and no other than those of the name that is asked about: where it has none there is one answer for a file. */
export function hangsOnBodyAlone(kind: QuestionKind): boolean {
  return asksForBodies(kind) && !OTHER_BODIES.has(kind);
}

/** True where the answer is another one at another place of the file: the others hang on the file, and some on the body that asks. */
export function asksForPlace(kind: QuestionKind): boolean {
  return kind === 'macro' || kind === 'likely-macro';
}

/** Stands for the body of every function, where a question is about many. */
export const ALL_BODIES = '';

/**
 * The function whose body answers a question, with those that it reaches by calls. For a function that stands in a variable that is
 * none: whether it may lead back hangs on whom bodies call and name, and who changes that lets all be asked again.
 */
export function bodyAskedAbout(kind: QuestionKind, name: string): string {
  if (kind === 'forgotten-members') return ALL_BODIES;
  const end = name.indexOf(' ');
  return end < 0 ? name : name.slice(0, end);
}

/** What a name stands for in a constant expression: a macro's body that all its definitions agree on, an enumerator. */
function constantText(index: ProgramIndex, name: string, file: string): string | undefined {
  const definitions = index.macrosFor(file).definitionsOf(name);
  if (definitions.length === 0)
    return index.declarations.constant(name, file)?.toString() ?? index.declarations.constantExpression(name, file);
  const [first] = definitions;
  const isAgreed = definitions.every(({ body, parameters }) => body === first.body && parameters === undefined);
  return isAgreed ? first.body : undefined;
}
