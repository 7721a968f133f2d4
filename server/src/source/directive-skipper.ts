import { directiveAt } from './directives.ts';
import type { Tokens } from './lexer.ts';

/** Walks over conditional groups, of which the first branch counts. */
export class DirectiveSkipper {
  /** Per open group: whether its first branch is over. */
  readonly #isOver: boolean[] = [];

  /** True for what stands in another than the first branch. */
  get isSkipping(): boolean {
    return this.#isOver.includes(true);
  }

  take(tokens: Tokens, index: number): void {
    const { name } = directiveAt(tokens, index);
    if (name === 'endif') this.#isOver.pop();
    else if (name.startsWith('if')) this.#isOver.push(false);
    else if ((name === 'else' || name.startsWith('elif')) && this.#isOver.length > 0)
      this.#isOver[this.#isOver.length - 1] = true;
  }
}
