import type { AnalysisContext } from './context.ts';
import { loadValue } from './memory.ts';
import type { State } from './state.ts';
import type { SymbolOrigin, Value } from './value-shapes.ts';

/** What a comparison says of a string where it answers 0: it begins with these characters, or is these and its end. */
interface Equality {
  /** The string, and what stood behind it when it was asked. */
  readonly subject: string;
  /** With the end, where the whole was compared. */
  readonly text: string;
  readonly ignoresCase: boolean;
}

/** Longer literals are no words that anybody tells apart. */
const MAXIMUM_LENGTH = 200;

/**
 * No string is two things: where a comparison with one literal answers 0, those of the same string with others do not, unless one is
 * the beginning of the other. Only the string as it stands counts: what may have been read anew since is another one.
 */
export class EqualStrings {
  readonly #context: AnalysisContext;
  /** By the question whether a string is not equal to a literal. */
  readonly #equalities = new Map<Value, Equality>();

  constructor(context: AnalysisContext) {
    this.#context = context;
  }

  /** Where a branch finds a string to be equal to a literal: the question whether it is not. Undefined for any other branch. */
  askedFor(condition: Value, truth: boolean): Value | undefined {
    const { table } = this.#context;
    const answer = this.#answerOfZero(condition, truth);
    const shape = answer === undefined ? undefined : table.values[answer];
    if (shape?.kind !== 'symbol' || shape.origin.kind !== 'answer') return undefined;
    const equality = this.#findEquality(shape.origin);
    if (!equality) return undefined;
    const { subject, text, ignoresCase } = equality;
    const question = table.symbol({ kind: 'named', key: `not equal ${subject} ${ignoresCase} ${text}` });
    this.#equalities.set(question, equality);
    return question;
  }

  /** True when not both of two questions can be answered with no. */
  excludes(a: Value, b: Value): boolean {
    const one = this.#equalities.get(a);
    const other = one && this.#equalities.get(b);
    if (!one || !other || one.subject !== other.subject) return false;
    const isFolded = one.ignoresCase || other.ignoresCase;
    const text = isFolded ? one.text.toLowerCase() : one.text;
    const otherText = isFolded ? other.text.toLowerCase() : other.text;
    return !text.startsWith(otherText) && !otherText.startsWith(text);
  }

  /** The answer that is 0 where a condition holds, or does not. */
  #answerOfZero(condition: Value, truth: boolean): Value | undefined {
    const { table } = this.#context;
    let value = condition;
    let isZero = !truth;
    for (;;) {
      const shape = table.values[value];
      if (shape.kind !== 'binary') return isZero && shape.kind === 'symbol' ? value : undefined;
      if (shape.right !== table.zero) return undefined;
      if (shape.operator === '==') isZero = !isZero;
      else if (shape.operator !== '!=') return undefined;
      value = shape.left;
    }
  }

  #findEquality({ callee, given, held }: Extract<SymbolOrigin, { kind: 'answer' }>): Equality | undefined {
    const { table, environment } = this.#context;
    const compares = environment.models.shipped(callee)?.compares;
    if (!compares || given.length < 2) return undefined;
    const left = this.#textOf(given[0]);
    const right = this.#textOf(given[1]);
    const text = left ?? right;
    if (text === undefined || (left !== undefined && right !== undefined)) return undefined;
    const limit = compares.limit === undefined ? Number.POSITIVE_INFINITY : table.integerOf(given[compares.limit]);
    if (limit === undefined) return undefined;
    const subject = `${left === undefined ? given[0] : given[1]} ${held.join()}`;
    return { subject, text: `${text}\0`.slice(0, limit), ignoresCase: compares.ignoresCase };
  }

  /** The characters of a string literal; undefined for what is none, or has an escape or characters of several bytes in it. */
  #textOf(value: Value): string | undefined {
    const { table, literals } = this.#context;
    const shape = table.values[value];
    const location = shape.kind === 'address' ? table.locations[shape.location] : undefined;
    const written = location?.kind === 'literal' ? literals.get(location.offset) : undefined;
    const [, text] = /^"([ !#-[\]-~]*)"$/.exec(written ?? '') ?? [];
    return text === undefined || text.length > MAXIMUM_LENGTH ? undefined : text;
  }
}

/** The first characters of the strings that a comparison is given, in turns of places and what they hold: they tell when something may have been written there. */
export function firstCharacters(context: AnalysisContext, state: State, given: readonly Value[]): number[] {
  const { table } = context;
  return given.slice(0, 2).flatMap((value) => {
    if (table.integerOf(value) !== undefined) return [];
    const first = table.pointee(value);
    if (table.locations[first].kind === 'literal') return [];
    return [first, loadValue(context, state, first)];
  });
}
