import { mix } from '../base/mix.ts';
import type { BlockId } from '../ir/instructions.ts';
import type { Value } from './value-shapes.ts';

/*
 * What the branches of a path were answered. Where paths meet it is a disjunction: `if (a || b) p = malloc(n);` is left with
 * `a`, or with `!a` and `b`, and a later `if (a || b) free(p);` frees on both. A set of partial assignments, kept small as
 * Quine and McCluskey keep a disjunctive normal form (W. V. Quine, A Way to Simplify Truth Functions, 1955).
 */

/** The answer to one question, and the block whose branch asked it; the complement of a block at whose beginning paths met, and told it. */
export interface Answer {
  readonly question: Value;
  readonly truth: boolean;
  readonly block: BlockId;
}

/** The answers of one way, the oldest first. */
export type Way = readonly Answer[];

/** So many answers of a way are remembered; the oldest is forgotten first. */
const MAXIMUM_ANSWERS = 12;
/** Among them so many that are no branch's. */
const MAXIMUM_KNOWN = 3;
/** So many ways are told apart; of more, those that are most alike become what they have in common. */
const MAXIMUM_WAYS = 12;
/** Of still more only what all have in common is known. */
const MAXIMUM_JOINED_WAYS = MAXIMUM_WAYS + 4;

/** The ways on which a state may have come, at least one. Equal sets are one object. */
export class Answers {
  readonly ways: readonly Way[];
  /** A hash of all that is in it. */
  readonly code: number;

  constructor(ways: readonly Way[], code: number) {
    this.ways = ways;
    this.code = code;
  }
}

/** Nothing was asked yet. */
export const NO_ANSWERS = new Answers([[]], 0);

/** The sets of answers of one function's paths, each made once. */
export class AnswerTable {
  readonly #excludes: (a: Value, b: Value) => boolean;
  readonly #sets = new Map<string, Answers>([['', NO_ANSWERS]]);
  readonly #joins = new Map<Answers, Map<Answers, Answers>>();
  readonly #keys = new Map<Way, string>();
  /** By set, and by what was answered: paths come with the same to the same branch again and again. */
  readonly #given = new Map<Answers, Map<number, Answers | undefined>>();

  /** @param excludes tells of two questions that not both can be answered with no */
  constructor(excludes: (a: Value, b: Value) => boolean) {
    this.#excludes = excludes;
  }

  /**
   * The ways among `answers` on which a question can have been answered so, with that answer if it is to be remembered; undefined where
   * there is none. A branch that asks again in a loop may get another answer.
   */
  given(answers: Answers, answer: Answer, isRemembered: boolean): Answers | undefined {
    const { question, truth, block } = answer;
    const key = ((question * 2 + (truth ? 1 : 0)) * 2 + (isRemembered ? 1 : 0)) * 0x100000 + block;
    let given = this.#given.get(answers);
    if (!given) {
      given = new Map();
      this.#given.set(answers, given);
    }
    if (given.has(key)) return given.get(key);
    const result = this.#with(answers, answer, isRemembered);
    given.set(key, result);
    return result;
  }

  #with(answers: Answers, { question, truth, block }: Answer, isRemembered: boolean): Answers | undefined {
    const known = answers.ways.map((way) => answerTo(way, question));
    if (known.every((each) => each?.truth === truth)) return answers;
    const ways: Way[] = [];
    for (const [i, way] of answers.ways.entries()) {
      const answer = known[i];
      if (answer === undefined && !truth && this.#isExcluded(way, question, block)) continue;
      if (answer === undefined) ways.push(isRemembered ? withAnswer(way, { question, truth, block }) : way);
      else if (answer.truth === truth) ways.push(way);
      // The same branch in another turn of a loop: from now on this is the answer.
      else if (answer.block === block) {
        const others = way.filter((each) => each !== answer);
        ways.push(isRemembered ? [...others, { question, truth, block }] : others);
      }
    }
    if (ways.length === answers.ways.length && ways.every((way, i) => way === answers.ways[i])) return answers;
    return ways.length === 0 ? undefined : this.#set(ways);
  }

  /** The same ways; what one was answered to a question is the answer to another, which asks for the same by the name that it has from a block on. */
  renamed(answers: Answers, question: Value, name: Value, block: BlockId): Answers {
    if (!answers.ways.some((way) => answerTo(way, question))) return answers;
    return this.#set(
      answers.ways.map((way) => {
        const answer = answerTo(way, question);
        if (!answer) return way;
        return withAnswer(
          way.filter((each) => each.question !== name),
          { question: name, truth: answer.truth, block },
        );
      }),
    );
  }

  /** The answers but some. */
  without(answers: Answers, isGone: (answer: Answer) => boolean): Answers {
    if (!answers.ways.some((way) => way.some(isGone))) return answers;
    return this.#set(answers.ways.map((way) => way.filter((each) => !isGone(each))));
  }

  #isExcluded(way: Way, question: Value, block: BlockId): boolean {
    return way.some((other) => !other.truth && other.block !== block && this.#excludes(question, other.question));
  }

  /** What is known where a path of either set may have come. */
  joined(a: Answers, b: Answers): Answers {
    if (a === b) return a;
    let joins = this.#joins.get(a);
    if (!joins) {
      joins = new Map();
      this.#joins.set(a, joins);
    }
    let result = joins.get(b);
    if (!result) {
      result = this.#set([...a.ways, ...b.ways]);
      joins.set(b, result);
    }
    return result;
  }

  /** A way's text, by which equal ways are known. Most sets are made of ways of others. */
  #keyOf(way: Way): string {
    let key = this.#keys.get(way);
    if (key === undefined) {
      key = way.map(({ question, truth, block }) => `${question}${truth ? '+' : '-'}${block}`).join();
      this.#keys.set(way, key);
    }
    return key;
  }

  #set(ways: readonly Way[]): Answers {
    let few = simplified(ways);
    // What paths tell where they meet does not take the place of what branches asked.
    if (few.length > MAXIMUM_WAYS) few = simplified(few.map((way) => way.filter(({ block }) => block >= 0)));
    if (few.length > MAXIMUM_JOINED_WAYS) few = [few.reduce(common)];
    while (few.length > MAXIMUM_WAYS) few = simplified(withMostAlikeJoined(few));
    if (few.some(({ length }) => length === 0)) return NO_ANSWERS;
    const key = few
      .map((way) => this.#keyOf(way))
      .sort()
      .join(';');
    let set = this.#sets.get(key);
    if (!set) {
      set = new Answers(
        few,
        few.reduce((sum, way) => (sum + codeOf(way)) | 0, few.length),
      );
      this.#sets.set(key, set);
    }
    return set;
  }
}

/** A way with one more answer. Where there are too many the oldest goes, of what was known where paths met before what was asked. */
function withAnswer(way: Way, answer: Answer): Way {
  const known = way.filter(({ block }) => block < 0);
  const isTooMuch = answer.block < 0 && known.length >= MAXIMUM_KNOWN;
  if (!isTooMuch && way.length < MAXIMUM_ANSWERS) return [...way, answer];
  const oldest = known[0] ?? way[0];
  return [...way.filter((each) => each !== oldest), answer];
}

function codeOf(way: Way): number {
  let code = way.length;
  for (const { question, truth } of way) code = (code + mix(question, truth ? 37 : 41, 14)) | 0;
  return mix(code, way.length, 15);
}

/** The same disjunction in fewer ways: two that differ in one answer alone become one without it, and what another way implies goes. */
function simplified(ways: readonly Way[]): Way[] {
  const kept: Way[] = [];
  const pending = [...ways];
  // Every step takes a way or an answer away.
  while (pending.length > 0) {
    const way = pending.pop()!;
    let isImplied = false;
    for (let i = kept.length - 1; i >= 0; i--) {
      const other = kept[i];
      const opposite = onlyOpposite(way, other);
      if (opposite !== undefined) {
        kept.splice(i, 1);
        pending.push(way.filter(({ question }) => question !== opposite));
        isImplied = true;
        break;
      }
      if (isPartOf(other, way)) {
        isImplied = true;
        break;
      }
      if (isPartOf(way, other)) kept.splice(i, 1);
    }
    if (!isImplied) kept.push(way);
  }
  return kept;
}

/** The one question that two ways answer differently, where all else is the same. */
function onlyOpposite(a: Way, b: Way): Value | undefined {
  if (a.length !== b.length) return undefined;
  let opposite: Value | undefined;
  for (const { question, truth } of a) {
    const other = answerTo(b, question);
    if (!other) return undefined;
    if (other.truth === truth) continue;
    if (opposite !== undefined) return undefined;
    opposite = question;
  }
  return opposite;
}

function answerTo(way: Way, question: Value): Answer | undefined {
  for (let i = 0; i < way.length; i++) if (way[i].question === question) return way[i];
  return undefined;
}

function isPartOf(part: Way, whole: Way): boolean {
  // A way answers no question twice.
  return part.length <= whole.length && part.every(({ question, truth }) => answerTo(whole, question)?.truth === truth);
}

function withMostAlikeJoined(ways: readonly Way[]): Way[] {
  let alike: { left: Way; right: Way; both: Way } | undefined;
  for (const [i, left] of ways.entries()) {
    for (const right of ways.slice(i + 1)) {
      const both = common(left, right);
      if (alike === undefined || both.length > alike.both.length) alike = { left, right, both };
    }
  }
  if (!alike) return [...ways];
  const { left, right, both } = alike;
  return [...ways.filter((way) => way !== left && way !== right), both];
}

function common(a: Way, b: Way): Way {
  return a.filter(({ question, truth }) => answerTo(b, question)?.truth === truth);
}
