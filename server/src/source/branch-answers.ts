import { negateCondition, partsOf } from './conditions.ts';

/**
 * What the conditional groups of a file were answered so far, where one branch of several was taken: the same question has the
 * same answer all over the file, so that what one group declares is there where another one uses it.
 */
export class BranchAnswers {
  readonly #answers = new Map<string, boolean>();

  /** Notes an answer, and what follows of it for the parts of the question. */
  note(text: string, answer: boolean): void {
    this.#answers.set(text, answer);
    for (const part of partsOf(text, answer ? '&&' : '||')) {
      if (this.#ofOne(part) === undefined) this.#answers.set(part, answer);
    }
  }

  /** The answer to a question, as those to the same one, to its opposite and to its parts tell. */
  of(text: string): boolean | undefined {
    const own = this.#ofOne(text);
    if (own !== undefined) return own;
    for (const operator of ['&&', '||'] as const) {
      const parts = partsOf(text, operator).map((part) => this.#ofOne(part));
      if (parts.length === 0) continue;
      const settles = operator === '||';
      if (parts.includes(settles)) return settles;
      return parts.includes(undefined) ? undefined : !settles;
    }
    return undefined;
  }

  #ofOne(text: string): boolean | undefined {
    const own = this.#answers.get(text);
    if (own !== undefined) return own;
    const opposite = this.#answers.get(negateCondition({ text, value: undefined }).text);
    return opposite === undefined ? undefined : !opposite;
  }
}
