import type { Attempts } from './attempts.ts';
import type { Dependency, FunctionMemo, Stage } from './function-memo.ts';
import { type Ask, type Asker, answerText, answerTo, asksForBodies, type Surroundings } from './questions.ts';

/** What the stages of the work on functions asked, and whether it still holds. */
export class Dependencies {
  readonly #surroundings: Surroundings;
  readonly #attempts: Attempts;
  #revision = 1;

  constructor(surroundings: Surroundings, attempts: Attempts) {
    this.#surroundings = surroundings;
    this.#attempts = attempts;
  }

  /** Rises with every change that an answer may rest on. */
  get revision(): number {
    return this.#revision;
  }

  /** Something changed that any answer may rest on: all are asked again when they are needed. */
  forgetAnswers(): void {
    this.#revision++;
  }

  /** Questions that nobody keeps, for work that is made anew when anything changes. */
  askFor(asker: Asker): Ask {
    return (kind, name, argumentCount = 0) => answerTo(kind, this.#surroundings, name, asker, argumentCount);
  }

  /** A stage if what it depends on still holds, else one that is computed anew. */
  current<T>(asker: Asker, stage: Stage<T> | undefined, compute: (ask: Ask) => T): Stage<T> {
    if (stage && this.holds(asker, stage)) return stage;
    this.#attempts.keepDeadline();
    const dependencies = new Map<string, Dependency>();
    const value = compute((kind, name, argumentCount = 0) => {
      const answer = answerTo(kind, this.#surroundings, name, asker, argumentCount);
      const key = `${kind} ${name} ${argumentCount}`;
      if (!dependencies.has(key)) {
        dependencies.set(key, { kind, name, argumentCount, answer: answerText(kind, answer) });
      }
      return answer;
    });
    this.#attempts.noteResult();
    return {
      value,
      dependencies: [...dependencies.values()],
      revision: this.#revision,
      indexVersion: this.#surroundings.index.version,
    };
  }

  /** Asks the stage's questions again, if anything changed since: that may take work on other functions. */
  holds(asker: Asker, stage: Stage<unknown>): boolean {
    if (stage.revision === this.#revision) return true;
    const isIndexSame = stage.indexVersion === this.#surroundings.index.version;
    for (const { kind, name, argumentCount, answer } of stage.dependencies) {
      if (isIndexSame && !asksForBodies(kind)) continue;
      if (answerText(kind, answerTo(kind, this.#surroundings, name, asker, argumentCount)) !== answer) return false;
    }
    stage.revision = this.#revision;
    stage.indexVersion = this.#surroundings.index.version;
    return true;
  }

  /** True when all that is known of a function is known to hold, without another question. */
  isPresent({ lowered, relevance, analysed }: FunctionMemo): boolean {
    return [lowered, relevance, analysed].every((stage) => !stage || stage.revision === this.#revision);
  }
}
