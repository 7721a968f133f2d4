import { shippedModel } from '../models/registry.ts';
import type { MacroDefinition } from '../source/macros.ts';
import { type NoreturnDeclaration, saysNoreturn, wordsOf } from '../source/noreturn.ts';

/** So many macros are looked into to know what the words in front of one function mean. */
const MAXIMUM_MACROS = 64;
/** A macro that stands for more than this is no annotation. */
const MAXIMUM_BODY = 200;

/** The replacement of a macro that is another name for a function. */
const ONE_NAME = /^[A-Za-z_]\w*$/;

/** Which functions some declaration in the workspace says never return, by words or by macros that stand for them. */
export class NoreturnIndex {
  readonly #byFile = new Map<string, readonly NoreturnDeclaration[]>();
  /** By name: how many declarations say so themselves. */
  readonly #said = new Map<string, number>();
  /** By name: the words in front of its declarations, and how often each stands there. */
  readonly #words = new Map<string, Map<string, number>>();
  readonly #macrosOf: (name: string) => readonly MacroDefinition[];

  constructor(macrosOf: (name: string) => readonly MacroDefinition[]) {
    this.#macrosOf = macrosOf;
  }

  set(file: string, declarations: readonly NoreturnDeclaration[]): void {
    this.#byFile.set(file, declarations);
    for (const declaration of declarations) this.#count(declaration, 1);
  }

  remove(file: string): void {
    for (const declaration of this.#byFile.get(file) ?? []) this.#count(declaration, -1);
    this.#byFile.delete(file);
  }

  isNoreturn(name: string): boolean {
    return this.#isSaid(name) || this.#macrosOf(name).some((macro) => this.#isOtherName(macro));
  }

  /**
   * A macro is another name for a function that never returns. Where its definitions differ, as `bail` does that is `exit` unless
   * the build names another function, what one of them says holds: they are made to be exchanged for one another.
   */
  #isOtherName({ parameters, body }: MacroDefinition): boolean {
    if (parameters !== undefined || !ONE_NAME.test(body)) return false;
    return shippedModel(body)?.noreturn === 'always' || this.#isSaid(body);
  }

  #isSaid(name: string): boolean {
    if (this.#said.has(name)) return true;
    // A set is walked while it grows: each macro is looked into once.
    const words = new Set(this.#words.get(name)?.keys());
    for (const word of words) {
      if (words.size > MAXIMUM_MACROS) return false;
      for (const { body } of this.#macrosOf(word)) {
        if (body.length > MAXIMUM_BODY) continue;
        if (saysNoreturn(body)) return true;
        for (const inner of wordsOf(body)) words.add(inner);
      }
    }
    return false;
  }

  #count({ name, words }: NoreturnDeclaration, by: number): void {
    if (words.length === 0) {
      add(this.#said, name, by);
      return;
    }
    const known = this.#words.get(name) ?? new Map<string, number>();
    for (const word of words) add(known, word, by);
    if (known.size > 0) this.#words.set(name, known);
    else this.#words.delete(name);
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count > 0) counts.set(key, count);
  else counts.delete(key);
}
