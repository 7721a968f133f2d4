import type { AnalysisContext } from './context.ts';
import type { Value } from './value-shapes.ts';

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
 * the beginning of the other.
 */
export class EqualStrings {
  readonly #context: AnalysisContext;
  readonly #equalities = new Map<Value, Equality | undefined>();

  constructor(context: AnalysisContext) {
    this.#context = context;
  }

  /** True when not both of two questions can be answered with 0. */
  excludes(a: Value, b: Value): boolean {
    const one = this.#equalityOf(a);
    const other = one && this.#equalityOf(b);
    if (!one || !other || one.subject !== other.subject) return false;
    const isFolded = one.ignoresCase || other.ignoresCase;
    const text = isFolded ? one.text.toLowerCase() : one.text;
    const otherText = isFolded ? other.text.toLowerCase() : other.text;
    return !text.startsWith(otherText) && !otherText.startsWith(text);
  }

  #equalityOf(question: Value): Equality | undefined {
    if (!this.#equalities.has(question)) this.#equalities.set(question, this.#findEquality(question));
    return this.#equalities.get(question);
  }

  #findEquality(question: Value): Equality | undefined {
    const { table, environment } = this.#context;
    const shape = table.values[question];
    if (shape.kind !== 'symbol' || shape.origin.kind !== 'answer') return undefined;
    const { callee, given, held } = shape.origin;
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

  /** The characters of a string literal; undefined for what is none, or has an escape in it. */
  #textOf(value: Value): string | undefined {
    const { table, literals } = this.#context;
    const shape = table.values[value];
    const location = shape.kind === 'address' ? table.locations[shape.location] : undefined;
    const written = location?.kind === 'literal' ? literals.get(location.offset) : undefined;
    const [, text] = /^"([^"\\]*)"$/.exec(written ?? '') ?? [];
    return text === undefined || text.length > MAXIMUM_LENGTH ? undefined : text;
  }
}
