import type { OpenBracket } from './brackets.ts';
import { negateCondition, partsOf } from './conditions.ts';

/** So many conditions of one function stay open: each doubles its paths. */
const MAXIMUM_CHOICES = 4;

/**
 * What the conditional groups of one function ask: of which questions both answers stay in its text, and of which one does. The
 * function is told by the brackets that are open around a group; what another one asked is forgotten.
 */
export class FunctionChoices {
  /** The function whose groups are counted, by its brace's place in the sequence. */
  #function = -1;
  readonly #open = new Set<string>();
  /** What groups asked of which one branch of several stays: what another one declares is not there. */
  readonly #settled = new Set<string>();

  /**
   * The function asked one of these before, and was left with one answer; or it asked a part of one, by which `answerTo` tells the whole.
   */
  areSettled(
    around: OpenBracket | undefined,
    asked: readonly string[],
    answerTo: (text: string) => boolean | undefined,
  ): boolean {
    this.#enter(around);
    return asked.some((text) => {
      if (text === '' || this.#open.has(text)) return false;
      if (this.#isSettled(text)) return true;
      const parts = [...partsOf(text, '&&'), ...partsOf(text, '||')];
      return parts.some((part) => this.#isSettled(part)) && answerTo(text) !== undefined;
    });
  }

  #isSettled(text: string): boolean {
    return this.#settled.has(text) || this.#settled.has(negateCondition({ text, value: undefined }).text);
  }

  /** Takes questions among those that stay open; false when these are too many. */
  add(around: OpenBracket | undefined, asked: readonly string[]): boolean {
    this.#enter(around);
    const positive = asked.map((text) => text.replace(/^!(?=defined\(\w+\)$)/, ''));
    const added = new Set(positive.filter((text) => text !== '' && !this.#open.has(text)));
    if (this.#open.size + added.size > MAXIMUM_CHOICES) return false;
    for (const text of added) this.#open.add(text);
    return true;
  }

  /** Notes questions of which one answer stays. */
  settle(around: OpenBracket | undefined, asked: readonly string[]): void {
    this.#enter(around);
    for (const text of asked) if (text !== '') this.#settled.add(text);
  }

  #enter(around: OpenBracket | undefined): void {
    let outermost = around;
    while (outermost?.outer !== undefined) outermost = outermost.outer;
    const place = outermost?.at ?? -1;
    if (this.#function === place) return;
    this.#function = place;
    this.#open.clear();
    this.#settled.clear();
  }
}
