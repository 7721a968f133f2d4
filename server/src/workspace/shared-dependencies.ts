import { detached } from '../base/detached.ts';
import { keptIn } from '../base/kept.ts';
import type { Dependency } from './function-memo.ts';
import type { QuestionKind } from './questions.ts';

/** More than so many are those of texts that are gone: then it begins anew, and what functions hold of them still counts. */
const MAXIMUM_SHARED = 100_000;

/**
 * What the functions of a file asked, each question with the same answer once: most of them ask about the same names, and after an edit
 * that changes what the file says to others they need be asked once for all of them.
 */
export class SharedDependencies {
  /** By file, and by the name that they ask about. */
  readonly #byFile = new Map<string, Map<string, Dependency[]>>();
  #count = 0;

  of(file: string, kind: QuestionKind, name: string, argumentCount: number, answer: string): Dependency {
    const byName = keptIn(this.#byFile, file, () => new Map<string, Dependency[]>());
    const all = byName.get(name) ?? [];
    for (const each of all)
      if (each.kind === kind && each.argumentCount === argumentCount && each.answer === answer) return each;
    // It may outlive the text that the name stands in.
    const own = detached(name);
    const made: Dependency = { kind, name: own, argumentCount, answer, heldAt: 0, heldFrom: 0 };
    if (all.length === 0) byName.set(own, all);
    all.push(made);
    if (++this.#count > MAXIMUM_SHARED) {
      this.#byFile.clear();
      this.#count = 0;
    }
    return made;
  }
}
