/** What is known of macros at each line of a file: by the user, by the lines so far, by the platform and the headers. */
import { type DefineLookup, UNKNOWN_BODY } from './conditions.ts';
import type { Directive } from './directives.ts';
import { platformDefine } from './platform.ts';

/** The macros of a file, as its lines are read from the first to the last. */
export class FileDefines {
  readonly #defines: Readonly<Record<string, string | null>>;
  readonly #headers: DefineLookup;
  /** What the lines so far say of a name: a body, `null` for not defined, `undefined` where it depends. */
  readonly #inFile = new Map<string, string | null | undefined>();
  readonly #parameters: FileParameters;

  /**
   * @param defines the user's: what they say nothing else changes
   * @param headers what the headers that the file includes leave no doubt about
   * @param isOwnFallback nobody but this file defines the name, and this file nowhere but under `#ifndef` of it
   */
  constructor(
    defines: Readonly<Record<string, string | null>>,
    headers: DefineLookup,
    isOwnFallback: (name: string) => boolean,
  ) {
    this.#defines = defines;
    this.#headers = headers;
    this.#parameters = new FileParameters(isOwnFallback);
  }

  /** What a name is at the line that was reached. */
  readonly known: DefineLookup = (name) => {
    if (Object.hasOwn(this.#defines, name)) return this.#defines[name];
    if (this.#inFile.has(name)) return this.#inFile.get(name);
    const assumed = platformDefine(name);
    const said = assumed === undefined ? this.#headers(name) : assumed;
    return said === undefined && this.#parameters.has(name) ? null : said;
  };

  /**
   * Takes in the next line that is no condition. What it defines is known only where the conditions around it are known to
   * hold; others make a known value unknown.
   * @param asked the innermost condition around the line; '' for none
   * @param isCertain whether all of them hold, when the innermost may ask for the name of a default
   */
  take({ name: kind, argument }: Directive, asked: string, isCertain: (isDefault: boolean) => boolean): void {
    if (/^(?:include|import)/.test(kind)) this.#parameters.isBehindInclude = true;
    if (kind !== 'define' && kind !== 'undef') return;
    const match = /^\s*([\w$]+)(\()?(.*)/s.exec(argument);
    if (match === null) return;
    const [, name, , body] = match;
    const isDefault = kind === 'define' && asked === `!defined(${name})`;
    if (!isCertain(isDefault)) this.#inFile.set(name, undefined);
    // What the name is where the build says nothing: it may.
    else if (isDefault && this.known(name) !== null) this.#inFile.set(name, UNKNOWN_BODY);
    else this.#inFile.set(name, kind === 'undef' ? null : body.trim());
  }
}

/**
 * The names that a file asks of before its first `#include` and gives a value itself where they have none: whoever includes the
 * file, or the build, may have said otherwise. No header can have: of a name that is asked of later alone one of the system's may.
 */
class FileParameters {
  readonly #isOwnFallback: (name: string) => boolean;
  readonly #names = new Set<string>();
  isBehindInclude = false;

  /** `isOwnFallback`: nobody but this file defines the name, and this file nowhere but under `#ifndef` of it. */
  constructor(isOwnFallback: (name: string) => boolean) {
    this.#isOwnFallback = isOwnFallback;
  }

  /** True for a name that nobody has defined. The compiler's own names, which are reserved (C17 7.1.3), are none. */
  has(name: string): boolean {
    if (!this.isBehindInclude && !name.startsWith('_') && this.#isOwnFallback(name)) this.#names.add(name);
    return this.#names.has(name);
  }
}
