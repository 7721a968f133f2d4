import type { Attempts } from './attempts.ts';
import { CallerNames } from './caller-names.ts';
import type { Dependency, FunctionMemo, Stage } from './function-memo.ts';
import {
  ALL_BODIES,
  type Answers,
  type Ask,
  type Asker,
  answerText,
  answerTo,
  asksForBodies,
  asksForPlace,
  bodyAskedAbout,
  hangsOnBodyAlone,
  type QuestionKind,
  type Surroundings,
} from './questions.ts';
import { SharedDependencies } from './shared-dependencies.ts';

/** A question and its answer. */
interface Asked<K extends QuestionKind = QuestionKind> {
  readonly kind: K;
  readonly argumentCount: number;
  readonly answer: Answers[K];
}

/** What one piece of work has asked so far: the paths of a function ask the same of each callee again and again. */
class AskedQuestions {
  /** By name: few kinds ask about the same. */
  readonly #byName = new Map<string, Asked[]>();

  find<K extends QuestionKind>(kind: K, name: string, argumentCount: number): Asked<K> | undefined {
    const all = this.#byName.get(name);
    if (!all) return undefined;
    for (const each of all) if (each.kind === kind && each.argumentCount === argumentCount) return each as Asked<K>;
    return undefined;
  }

  note<K extends QuestionKind>(kind: K, name: string, argumentCount: number, answer: Answers[K]): void {
    const asked: Asked = { kind, argumentCount, answer };
    const all = this.#byName.get(name);
    if (all) all.push(asked);
    else this.#byName.set(name, [asked]);
  }
}

/** More changes than these are not looked through one by one. */
const MAXIMUM_REMEMBERED_CHANGES = 64;

/** What the stages of the work on functions asked, and whether it still holds. */
export class Dependencies {
  readonly #surroundings: Surroundings;
  readonly #attempts: Attempts;
  readonly #callers = new CallerNames();
  readonly #shared = new SharedDependencies();
  #revision = 1;
  /** The last revision that any answer may have changed with. */
  #generalRevision = 1;
  /** Those of the revisions behind it, in order: the functions about which there may be other answers than before. */
  readonly #changes: ReadonlySet<string>[] = [];

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
    this.#generalRevision = this.#revision;
    this.#changes.length = 0;
  }

  /** The body of a function says something else, but leads to the same others: what rests on it is asked again when it is needed. */
  forgetAnswersAbout(name: string): void {
    this.#revision++;
    this.#changes.push(this.#callers.reaching([name, ALL_BODIES]));
    if (this.#changes.length <= MAXIMUM_REMEMBERED_CHANGES) return;
    this.#changes.shift();
    this.#generalRevision++;
  }

  /** Notes whose bodies a function calls: what is said of it may rest on them, also where nobody asked. */
  noteCallees(asker: Asker, callees: readonly string[]): void {
    for (const callee of callees) this.#callers.add(callee, asker.name);
  }

  /** Questions that nobody keeps, for work that is made anew when anything changes. */
  askFor(asker: Asker): Ask {
    return (kind, name, argumentCount = 0) => answerTo(kind, this.#surroundings, name, asker, argumentCount);
  }

  /** A stage if what it depends on still holds, else one that is computed anew. */
  current<T>(asker: Asker, stage: Stage<T> | undefined, compute: (ask: Ask) => T): Stage<T> {
    if (stage && this.holds(asker, stage)) return stage;
    this.#attempts.keepDeadline();
    const dependencies: Dependency[] = [];
    const asked = new AskedQuestions();
    const value = compute((kind, name, argumentCount = 0) => {
      const known = asked.find(kind, name, argumentCount);
      if (known) return known.answer;
      const answer = answerTo(kind, this.#surroundings, name, asker, argumentCount);
      asked.note(kind, name, argumentCount, answer);
      dependencies.push(this.#shared.of(asker.file, kind, name, argumentCount, answerText(kind, answer)));
      if (asksForBodies(kind)) this.#callers.add(bodyAskedAbout(kind, name), asker.name);
      return answer;
    });
    this.#attempts.noteResult();
    return {
      value,
      dependencies,
      revision: this.#revision,
      indexVersion: this.#surroundings.index.version,
    };
  }

  /** Asks the stage's questions again, if anything changed since: that may take work on other functions. */
  holds(asker: Asker, stage: Stage<unknown>): boolean {
    if (this.#isUntouched(stage)) return true;
    const isIndexSame = stage.indexVersion === this.#surroundings.index.version;
    for (const dependency of stage.dependencies) {
      if (isIndexSame && !asksForBodies(dependency.kind)) continue;
      if (!this.#isAnsweredAlike(asker, dependency)) return false;
    }
    stage.revision = this.#revision;
    stage.indexVersion = this.#surroundings.index.version;
    return true;
  }

  /** The question still has its answer. Where the index alone answers, that is found out once for all functions of a file. */
  #isAnsweredAlike(asker: Asker, dependency: Dependency): boolean {
    const { index } = this.#surroundings;
    const { kind, name, argumentCount, answer, heldAt, heldFrom } = dependency;
    const seenFrom = asksForPlace(kind) ? index.outlookAt(asker.file, asker.start) : 0;
    if (heldAt === index.version && heldFrom === seenFrom) return true;
    if (answerText(kind, answerTo(kind, this.#surroundings, name, asker, argumentCount)) !== answer) return false;
    if (asksForBodies(kind) && !this.#isWithoutBody(asker, kind, name)) return true;
    dependency.heldAt = index.version;
    dependency.heldFrom = seenFrom;
    return true;
  }

  /** No body in sight answers, as for the functions of a library: that there is none the index says. */
  #isWithoutBody({ file }: Asker, kind: QuestionKind, name: string): boolean {
    return (
      hangsOnBodyAlone(kind) && this.#surroundings.index.definitions(bodyAskedAbout(kind, name), file).length === 0
    );
  }

  /** True when all that is known of a function is known to hold, without another question. */
  isPresent({ lowered, relevance, analysed }: FunctionMemo): boolean {
    return [lowered, relevance, analysed].every((stage) => !stage || this.#isUntouched(stage));
  }

  /** True when nothing changed since that one of the stage's questions could have another answer by. */
  #isUntouched(stage: Stage<unknown>): boolean {
    if (stage.revision === this.#revision) return true;
    if (stage.revision < this.#generalRevision) return false;
    const changes = this.#changes.slice(stage.revision - this.#revision);
    for (const { kind, name } of stage.dependencies) {
      if (!asksForBodies(kind)) continue;
      const asked = bodyAskedAbout(kind, name);
      if (changes.some((changed) => changed.has(asked))) return false;
    }
    stage.revision = this.#revision;
    return true;
  }
}
