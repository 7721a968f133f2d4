import { type DefineLookup, parseCondition, UNKNOWN_BODY } from '../source/conditions.ts';
import type { MacroDefinition } from '../source/macros.ts';
import { platformDefine } from '../source/platform.ts';
import type { Visible } from './include-graph.ts';

/** Configured macros: a body, or null for one that is known not to be defined. */
export type Defines = Readonly<Record<string, string | null>>;

/** What is known of a name outside of all files: the user's word, else the assumed platform's. */
export function knownDefine(defines: Defines, name: string): string | null | undefined {
  return Object.hasOwn(defines, name) ? defines[name] : platformDefine(name);
}

/** `#ifndef NAME` around the definition of `NAME`: it counts where nobody else has defined it. */
export function isFallback({ name, condition }: MacroDefinition): boolean {
  return condition !== '' && `&&${condition}&&`.includes(`&&!defined(${name})&&`);
}

interface DefineSources {
  /** What is known of a name outside of all files. */
  readonly outside: DefineLookup;
  /** All definitions of a name in the workspace. */
  readonly allDefinitions: (name: string) => readonly MacroDefinition[];
  readonly visible: Visible;
  /** The files with an `#undef` of the name. */
  readonly undefinedIn: (name: string) => ReadonlySet<string>;
  /** The generated headers that say of the name that it is not defined. */
  readonly saidUndefinedIn: (name: string) => ReadonlySet<string>;
}

/**
 * What the definitions in sight of one file leave no doubt about: a name is defined where a header that is certainly
 * included defines it under no condition, or one that holds.
 */
export class KnownDefines {
  readonly #file: string;
  readonly #sources: DefineSources;
  readonly #names = new Map<string, string | null | undefined>();
  readonly #foreignNames = new Map<string, string | null | undefined>();
  readonly #conditions = new Map<string, boolean | undefined>();

  constructor(file: string, sources: DefineSources) {
    this.#file = file;
    this.#sources = sources;
  }

  /** What a name is behind all that the file includes and defines. */
  readonly anywhere: DefineLookup = (name) => this.#remembered(this.#names, name, () => this.#read(name, true));

  /** What the headers say of a name; the file's own lines are not read. */
  readonly inHeaders: DefineLookup = (name) =>
    this.#remembered(this.#foreignNames, name, () => this.#read(name, false));

  /** Whether a condition in normal form holds. */
  holds(condition: string): boolean | undefined {
    if (condition === '') return true;
    return this.#remembered(this.#conditions, condition, () => parseCondition(condition, this.anywhere).value);
  }

  /** While an answer is being found it is not known: no condition rests on itself. */
  #remembered<T>(answers: Map<string, T | undefined>, key: string, find: () => T | undefined): T | undefined {
    if (!answers.has(key)) {
      answers.set(key, undefined);
      answers.set(key, find());
    }
    return answers.get(key);
  }

  #read(name: string, withOwn: boolean): string | null | undefined {
    const { outside, allDefinitions, visible, undefinedIn, saidUndefinedIn } = this.#sources;
    const known = outside(name);
    if (known !== undefined) return known;
    const seen = allDefinitions(name).filter(({ file }) => visible.files.has(file) && (withOwn || file !== this.#file));
    for (const file of undefinedIn(name)) {
      if (!visible.files.has(file) || (!withOwn && file === this.#file)) continue;
      // It counts where the same file defines the name again behind it.
      if (!seen.some((each) => each.file === file && each.condition === '' && each.until === undefined))
        return undefined;
    }
    let body: string | undefined;
    let isSure = false;
    let isRuledOut = seen.length > 0;
    for (const definition of seen) {
      if (definition.until !== undefined) continue;
      const value = this.#isReached(definition);
      // Who asks first whether a name is defined expects that the build may do so.
      if (value !== false || isFallback(definition)) isRuledOut = false;
      if (value === false) continue;
      if (value === true && visible.certain.has(definition.file)) isSure = true;
      // A fallback's body is what it is where the build says nothing: it may.
      const isBody = definition.parameters === undefined && !isFallback(definition);
      const own = isBody ? definition.body : UNKNOWN_BODY;
      body = body === undefined || body === own ? own : UNKNOWN_BODY;
    }
    if (body !== undefined) return isSure ? body : undefined;
    if (isRuledOut) return null;
    for (const file of saidUndefinedIn(name)) if (visible.certain.has(file)) return null;
    return undefined;
  }

  #isReached({ name, condition }: MacroDefinition): boolean | undefined {
    // Where it is not reached, the name is defined already.
    return condition === `!defined(${name})` ? true : this.holds(condition);
  }
}
