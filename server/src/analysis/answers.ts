import { mix } from '../base/mix.ts';
import type { BlockId } from '../ir/instructions.ts';
import { TupleIndex } from './tuple-index.ts';
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

/** So many answers of a way are remembered; the oldest is forgotten first. */
const MAXIMUM_ANSWERS = 12;
/** Among them so many that are no branch's. */
const MAXIMUM_KNOWN = 3;
/** So many ways are told apart; of more, those that are most alike become what they have in common. */
const MAXIMUM_WAYS = 12;
/** Of still more only what all have in common is known. */
const MAXIMUM_JOINED_WAYS = MAXIMUM_WAYS + 4;

/**
 * The answers of one way, the oldest first. Equal ways of one function are one object. Most ways that are compared have little in
 * common: their bits tell that without a look at the answers.
 */
export class Way {
  readonly answers: readonly Answer[];
  /** The same for the same answers in one function; the empty way's is 0. */
  readonly id: number;
  /** A bit of 32 for each question. */
  readonly askedBits: number;
  /** A bit of 32 for each question with its answer. */
  readonly saidBits: number;
  /** A hash of the answers, without the blocks. */
  readonly code: number;

  constructor(answers: readonly Answer[], id: number) {
    this.answers = answers;
    this.id = id;
    let asked = 0;
    let said = 0;
    let code = answers.length;
    for (const { question, truth } of answers) {
      asked |= bitOf(question);
      said |= bitOf(question * 2 + (truth ? 1 : 0));
      code = (code + mix(question, truth ? 37 : 41, 14)) | 0;
    }
    this.askedBits = asked;
    this.saidBits = said;
    this.code = mix(code, answers.length, 15);
  }
}

function bitOf(number: number): number {
  return 1 << (Math.imul(number, 0x9e3779b1) >>> 27);
}

const NO_WAY = new Way([], 0);

/** The ways on which a state may have come, at least one. Equal sets are one object. */
export class Answers {
  readonly ways: readonly Way[];
  /** A hash of all that is in it. */
  readonly code: number;
  /** The same for the same set in one function. */
  readonly id: number;

  constructor(ways: readonly Way[], code: number, id: number) {
    this.ways = ways;
    this.code = code;
    this.id = id;
  }
}

/** Nothing was asked yet. */
export const NO_ANSWERS = new Answers([NO_WAY], 0, 0);

/** Kinds of tuples that an `AnswerTable` numbers. */
const GIVEN = 0;
const JOINED = 1;

/** The sets of answers of one function's paths, each made once. */
export class AnswerTable {
  readonly #excludes: (a: Value, b: Value) => boolean;
  /** By a way's id, question, truth and block: the id of the way with that answer behind its own. */
  readonly #wayIds = new TupleIndex();
  /** By id, those that were asked for. */
  readonly #ways: (Way | undefined)[] = [NO_WAY];
  /** By the number of a list of ids, in order, and one more: the number of the longer list. */
  readonly #listNumbers = new TupleIndex();
  #listCount = 1;
  /** By the number of the list of its ways' ids. */
  readonly #sets: (Answers | undefined)[] = [undefined];
  #setCount = 1;
  /** By set, and by what was answered, or by two sets: paths come with the same to the same branch, and meet with the same, again and again. */
  readonly #resultNumbers = new TupleIndex();
  readonly #results: (Answers | undefined)[] = [];

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
    const what = (question * 2 + (truth ? 1 : 0)) * 2 + (isRemembered ? 1 : 0);
    const number = this.#resultNumbers.find(GIVEN, answers.id, what, block);
    if (number >= 0) return this.#results[number];
    const result = this.#with(answers, answer, isRemembered);
    this.#keep(GIVEN, answers.id, what, block, result);
    return result;
  }

  /** What was not there a moment ago. */
  #keep(kind: number, x: number, y: number, z: number, result: Answers | undefined): void {
    this.#resultNumbers.find(kind, x, y, z);
    this.#resultNumbers.add(kind, x, y, z, this.#results.length);
    this.#results.push(result);
  }

  #with(answers: Answers, answer: Answer, isRemembered: boolean): Answers | undefined {
    const { question, truth, block } = answer;
    const ways: Way[] = [];
    let isSame = true;
    for (const way of answers.ways) {
      const known = answerTo(way, question);
      let next: Way | undefined;
      if (known === undefined) {
        if (!truth && this.#isExcluded(way, question, block)) next = undefined;
        else next = isRemembered ? this.#withAnswer(way, answer) : way;
      } else if (known.truth === truth) next = way;
      // The same branch in another turn of a loop: from now on this is the answer.
      else if (known.block === block) {
        const others = this.#wayOf(way.answers.filter((each) => each !== known));
        next = isRemembered ? this.#longer(others, answer) : others;
      }
      if (next !== way) isSame = false;
      if (next !== undefined) ways.push(next);
    }
    if (isSame) return answers;
    return ways.length === 0 ? undefined : this.#set(ways);
  }

  /** The same ways; what one was answered to a question is the answer to another, which asks for the same by the name that it has from a block on. */
  renamed(answers: Answers, question: Value, name: Value, block: BlockId): Answers {
    if (!answers.ways.some((way) => answerTo(way, question))) return answers;
    return this.#set(
      answers.ways.map((way) => {
        const answer = answerTo(way, question);
        if (!answer) return way;
        const others = this.#wayOf(way.answers.filter((each) => each.question !== name));
        return this.#withAnswer(others, { question: name, truth: answer.truth, block });
      }),
    );
  }

  /** The answers but some. */
  without(answers: Answers, isGone: (answer: Answer) => boolean): Answers {
    if (!answers.ways.some((way) => way.answers.some(isGone))) return answers;
    return this.#set(answers.ways.map((way) => this.#wayOf(way.answers.filter((each) => !isGone(each)))));
  }

  #isExcluded({ answers }: Way, question: Value, block: BlockId): boolean {
    return answers.some((other) => !other.truth && other.block !== block && this.#excludes(question, other.question));
  }

  /** What is known where a path of either set may have come. */
  joined(a: Answers, b: Answers): Answers {
    if (a === b) return a;
    const number = this.#resultNumbers.find(JOINED, a.id, b.id, 0);
    if (number >= 0) return this.#results[number]!;
    const result = this.#set([...a.ways, ...b.ways]);
    this.#keep(JOINED, a.id, b.id, 0, result);
    return result;
  }

  #wayOf(answers: readonly Answer[]): Way {
    let id = NO_WAY.id;
    for (const answer of answers) id = this.#longerId(id, answer);
    return this.#wayWith(id, answers);
  }

  /** A way and one more answer. */
  #longer(way: Way, answer: Answer): Way {
    const id = this.#longerId(way.id, answer);
    return this.#ways[id] ?? this.#wayWith(id, [...way.answers, answer]);
  }

  #wayWith(id: number, answers: readonly Answer[]): Way {
    let way = this.#ways[id];
    if (!way) {
      way = new Way(answers, id);
      this.#ways[id] = way;
    }
    return way;
  }

  #longerId(id: number, { question, truth, block }: Answer): number {
    const said = truth ? 1 : 0;
    const known = this.#wayIds.find(id, question, said, block);
    if (known >= 0) return known;
    const next = this.#ways.length;
    this.#wayIds.add(id, question, said, block, next);
    this.#ways.push(undefined);
    return next;
  }

  /** A way with one more answer. Where there are too many the oldest goes, of what was known where paths met before what was asked. */
  #withAnswer(way: Way, answer: Answer): Way {
    const { answers } = way;
    const known = answers.filter(({ block }) => block < 0);
    const isTooMuch = answer.block < 0 && known.length >= MAXIMUM_KNOWN;
    if (!isTooMuch && answers.length < MAXIMUM_ANSWERS) return this.#longer(way, answer);
    const oldest = known[0] ?? answers[0];
    return this.#longer(this.#wayOf(answers.filter((each) => each !== oldest)), answer);
  }

  #set(ways: readonly Way[]): Answers {
    let few = this.#simplified(ways);
    // What paths tell where they meet does not take the place of what branches asked.
    if (few.length > MAXIMUM_WAYS) {
      few = this.#simplified(few.map((way) => this.#wayOf(way.answers.filter(({ block }) => block >= 0))));
    }
    if (few.length > MAXIMUM_JOINED_WAYS) few = [few.reduce((all, way) => this.#common(all, way))];
    while (few.length > MAXIMUM_WAYS) few = this.#simplified(this.#withMostAlikeJoined(few));
    if (few.includes(NO_WAY)) return NO_ANSWERS;
    const number = this.#listNumber(few);
    let set = this.#sets[number];
    if (!set) {
      const code = few.reduce((sum, way) => (sum + way.code) | 0, few.length);
      set = new Answers(few, code, this.#setCount++);
      this.#sets[number] = set;
    }
    return set;
  }

  /** A number for some ways, the same whatever their order. */
  #listNumber(ways: readonly Way[]): number {
    const ids = ways.map(({ id }) => id).sort((a, b) => a - b);
    let number = 0;
    for (const id of ids) {
      let next = this.#listNumbers.find(number, id, 0, 0);
      if (next < 0) {
        next = this.#listCount++;
        this.#listNumbers.add(number, id, 0, 0, next);
        this.#sets.push(undefined);
      }
      number = next;
    }
    return number;
  }

  /** The same disjunction in fewer ways: two that differ in one answer alone become one without it, and what another way implies goes. */
  #simplified(ways: readonly Way[]): Way[] {
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
          pending.push(this.#wayOf(way.answers.filter(({ question }) => question !== opposite)));
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

  #withMostAlikeJoined(ways: readonly Way[]): Way[] {
    let alike: { readonly left: Way; readonly right: Way } | undefined;
    let most = -1;
    for (const [i, left] of ways.entries()) {
      for (let j = i + 1; j < ways.length; j++) {
        const count = countCommon(left, ways[j]);
        if (count <= most) continue;
        most = count;
        alike = { left, right: ways[j] };
      }
    }
    if (!alike) return [...ways];
    const { left, right } = alike;
    return [...ways.filter((way) => way !== left && way !== right), this.#common(left, right)];
  }

  #common(a: Way, b: Way): Way {
    return this.#wayOf(a.answers.filter(({ question, truth }) => answerTo(b, question)?.truth === truth));
  }
}

/** The one question that two ways answer differently, where all else is the same. */
function onlyOpposite(a: Way, b: Way): Value | undefined {
  if (a.askedBits !== b.askedBits || a.answers.length !== b.answers.length) return undefined;
  let opposite: Value | undefined;
  for (const { question, truth } of a.answers) {
    const other = answerTo(b, question);
    if (!other) return undefined;
    if (other.truth === truth) continue;
    if (opposite !== undefined) return undefined;
    opposite = question;
  }
  return opposite;
}

function answerTo({ askedBits, answers }: Way, question: Value): Answer | undefined {
  if ((askedBits & bitOf(question)) === 0) return undefined;
  for (let i = 0; i < answers.length; i++) if (answers[i].question === question) return answers[i];
  return undefined;
}

function isPartOf(part: Way, whole: Way): boolean {
  // A way answers no question twice.
  if ((part.saidBits & ~whole.saidBits) !== 0 || part.answers.length > whole.answers.length) return false;
  return countCommon(part, whole) === part.answers.length;
}

/** How many questions two ways answer alike. */
function countCommon(a: Way, b: Way): number {
  let count = 0;
  for (const { question, truth } of a.answers) if (answerTo(b, question)?.truth === truth) count++;
  return count;
}
