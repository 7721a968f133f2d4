import { keptIn } from '../base/kept.ts';
import { type Asker, answerText, answerTo, asksForPlace, type QuestionKind, type Surroundings } from './questions.ts';

/** Answers as text, by the kind of the question and the name. */
type Texts = Map<QuestionKind, Map<string, string>>;

/**
 * What the index answers to the questions of a file's functions, as long as it stays as it is: most of them ask about the same names,
 * and after an edit that changes what the file says to others all ask again.
 */
export class IndexAnswers {
  readonly #surroundings: Surroundings;
  /** By file; for what a macro means at a place by the macros that are seen from there. */
  readonly #texts = new Map<unknown, Texts>();
  #version = 0;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** The answer to a question that no body answers, to compare. */
  textOf(kind: QuestionKind, name: string, asker: Asker, argumentCount: number): string {
    const { index } = this.#surroundings;
    if (this.#version !== index.version) this.#texts.clear();
    this.#version = index.version;
    const find = (): string => answerText(kind, answerTo(kind, this.#surroundings, name, asker, argumentCount));
    if (kind === 'fits') return find();
    const seenFrom = asksForPlace(kind) ? index.macrosAt(asker.file, asker.start) : asker.file;
    const texts = keptIn(this.#texts, seenFrom, (): Texts => new Map());
    const ofKind = keptIn(texts, kind, () => new Map<string, string>());
    return keptIn(ofKind, name, find);
  }
}
