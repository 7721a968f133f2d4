import type { IncludeFact } from '../source/directive-facts.ts';

/** Headers of ISO C and POSIX that every file includes: a file of that name in the workspace is a stand-in for another system. */
const SYSTEM_HEADERS = new Set(
  (
    'assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal stdalign stdarg stdatomic stdbool ' +
    'stddef stdint stdio stdlib stdnoreturn string strings tgmath threads time uchar unistd wchar wctype fcntl dirent poll pthread'
  )
    .split(' ')
    .map((name) => `${name}.h`),
);
/** What is visible beyond this many headers is not looked at: more would be an accident of the suffix search. */
const MAXIMUM_VISIBLE = 4_000;
/** Headers of one name that are equally near: beyond these few the name says nothing. */
const MAXIMUM_CANDIDATES = 4;
/** Answers that are kept; the least recent goes first. */
const MAXIMUM_ANSWERS = 256;

/** What a file sees of others. */
export interface Visible {
  /** The file itself and all that it includes, directly or not, numbered in the order in which a compiler meets them. */
  readonly files: ReadonlyMap<string, number>;
  /** Those among them that every compilation of the file meets. */
  readonly certain: ReadonlySet<string>;
}

/**
 * Which headers a file sees. A header is found as the compiler would (beside the file, then in the configured folders),
 * and else by its path's end anywhere in the workspace, the nearest first: nobody has told where the build looks.
 */
export class IncludeGraph {
  readonly #includes = new Map<string, readonly IncludeFact[]>();
  /** By last name: the files that have it. */
  readonly #byName = new Map<string, Set<string>>();
  readonly #searchFolders: readonly string[];
  readonly #holds: (condition: string) => boolean | undefined;
  readonly #isOwnFallback: (name: string, file: string) => boolean;
  readonly #answers = new Map<string, Visible>();
  /** By file: the files that each of its includes means, for as long as no file comes or goes. */
  readonly #targets = new Map<string, readonly (readonly string[])[]>();
  /** By text, for as long as no file comes or goes: what is known of a file's presence decides some. */
  readonly #conditions = new Map<string, boolean | undefined>();
  /** By last name: the files with an `#include` of it. */
  readonly #includers = new Map<string, Set<string>>();
  readonly #included = new Map<string, boolean>();

  /**
   * @param searchFolders absolute paths, in order, as behind a compiler's `-I`
   * @param holds whether a condition holds, as far as it is known
   * @param isOwnFallback whether only that file defines a name, and only under `#ifndef` of it
   */
  constructor(
    searchFolders: readonly string[],
    holds: (condition: string) => boolean | undefined,
    isOwnFallback: (name: string, file: string) => boolean = () => false,
  ) {
    this.#isOwnFallback = isOwnFallback;
    this.#searchFolders = searchFolders.map(slashed);
    this.#holds = holds;
  }

  /** True when a file of that last name is known. */
  hasFileNamed(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Takes in a file and what it includes, in place of what it included before. */
  set(file: string, includes: readonly IncludeFact[]): void {
    if (!this.#includes.has(file)) {
      this.#forgetTargets();
      const name = lastName(file);
      const files = this.#byName.get(name);
      if (files) files.add(file);
      else this.#byName.set(name, new Set([file]));
    }
    this.#forgetIncluder(file);
    for (const { path } of includes) {
      const name = lastName(path);
      const files = this.#includers.get(name);
      if (files) files.add(file);
      else this.#includers.set(name, new Set([file]));
    }
    this.#includes.set(file, includes);
    this.#targets.delete(file);
    this.#forgetAnswers();
  }

  remove(file: string): void {
    this.#forgetIncluder(file);
    if (!this.#includes.delete(file)) return;
    const files = this.#byName.get(lastName(file));
    files?.delete(file);
    if (files?.size === 0) this.#byName.delete(lastName(file));
    this.#forgetTargets();
    this.#forgetAnswers();
  }

  #forgetIncluder(file: string): void {
    for (const { path } of this.#includes.get(file) ?? []) this.#includers.get(lastName(path))?.delete(file);
  }

  #forgetTargets(): void {
    this.#targets.clear();
    this.#conditions.clear();
  }

  #forgetAnswers(): void {
    this.#answers.clear();
    this.#included.clear();
  }

  /** True for a file that another one includes; one of the same name elsewhere does not make it so. */
  isIncluded(file: string): boolean {
    const known = this.#included.get(file);
    if (known !== undefined) return known;
    const name = lastName(file);
    let isIncluded = false;
    for (const includer of this.#includers.get(name) ?? []) {
      const includes = this.#includes.get(includer)!;
      const targets = this.#targetsOf(includer);
      isIncluded = includes.some(({ path }, i) => lastName(path) === name && targets[i].includes(file));
      if (isIncluded) break;
    }
    this.#included.set(file, isIncluded);
    return isIncluded;
  }

  visibleFrom(file: string): Visible {
    const known = this.#answers.get(file);
    if (known) {
      this.#answers.delete(file);
      this.#answers.set(file, known);
      return known;
    }
    const files = this.#follow(file, ({ condition }) => this.#isTrue(condition) !== false, false);
    const certain = this.#follow(file, (include) => this.#isCertain(file, include), true);
    const visible = { files, certain: new Set(certain.keys()) };
    this.#answers.set(file, visible);
    if (this.#answers.size > MAXIMUM_ANSWERS) this.#answers.delete(this.#answers.keys().next().value!);
    return visible;
  }

  #isTrue(condition: string): boolean | undefined {
    if (condition === '') return true;
    if (!this.#conditions.has(condition)) this.#conditions.set(condition, this.#holds(condition));
    return this.#conditions.get(condition);
  }

  #isCertain(file: string, include: IncludeFact): boolean {
    return this.#isTrue(include.condition) === true || this.#isForParameter(file, include);
  }

  /**
   * `#ifndef NAME` around the first includes of a file that gives `NAME` a value itself where it has none: nobody has said
   * otherwise. Only the file itself is asked, because only a file that mentions the name is read again when somebody does.
   */
  #isForParameter(file: string, include: IncludeFact): boolean {
    const name = /^!defined\(([^_]\w*)\)$/.exec(include.condition)?.[1];
    if (name === undefined || !this.#isOwnFallback(name, file)) return false;
    const includes = this.#includes.get(file) ?? [];
    const place = includes.indexOf(include);
    return place >= 0 && includes.slice(0, place).every(({ condition }) => condition === include.condition);
  }

  /** What is reached over the includes that `isTaken`; with `isStrict` only where no doubt is left which header is meant. */
  #follow(file: string, isTaken: (include: IncludeFact) => boolean, isStrict: boolean): Map<string, number> {
    const visible = new Map([[file, 0]]);
    const stack = [{ file, position: 0 }];
    while (stack.length > 0 && visible.size < MAXIMUM_VISIBLE) {
      const frame = stack[stack.length - 1];
      const include = this.#includes.get(frame.file)?.[frame.position];
      if (include === undefined) {
        stack.pop();
        continue;
      }
      const targets = this.#targetsOf(frame.file)[frame.position++];
      if (targets.length === 0 || !isTaken(include)) continue;
      if (isStrict && targets.length > 1) continue;
      for (const target of targets) {
        if (visible.has(target)) continue;
        visible.set(target, visible.size);
        stack.push({ file: target, position: 0 });
      }
    }
    return visible;
  }

  #targetsOf(file: string): readonly (readonly string[])[] {
    let targets = this.#targets.get(file);
    if (!targets) {
      targets = (this.#includes.get(file) ?? []).map((include) => this.#resolve(file, include));
      this.#targets.set(file, targets);
    }
    return targets;
  }

  #resolve(from: string, { path, isQuoted }: IncludeFact): readonly string[] {
    if (!isQuoted && SYSTEM_HEADERS.has(path)) return [];
    const files = this.#byName.get(lastName(path));
    if (files === undefined) return [];
    const folder = folderOf(slashed(from));
    const places = isQuoted ? [folder, ...this.#searchFolders] : this.#searchFolders;
    for (const place of places) {
      const wanted = joined(place, path);
      for (const file of files) if (slashed(file) === wanted) return [file];
    }
    const end = `/${withoutDots(path)}`;
    let nearest: string[] = [];
    let best = -1;
    for (const file of files) {
      if (file === from || !slashed(file).endsWith(end)) continue;
      const nearness = commonFolders(folder, slashed(file));
      if (nearness > best) {
        best = nearness;
        nearest = [file];
      } else if (nearness === best) {
        nearest.push(file);
      }
    }
    return nearest.length <= MAXIMUM_CANDIDATES ? nearest.sort() : [];
  }
}

/** Windows knows two separators; an `#include` means the same by both. */
function slashed(path: string): string {
  return path.includes('\\') ? path.replaceAll('\\', '/') : path;
}

function lastName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A path below a folder, with its `.` and `..` resolved. */
function joined(folder: string, path: string): string {
  const parts = folder.split('/');
  for (const part of slashed(path).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}

/** The path without leading `./` and `../`: where they lead from is what is not known. */
function withoutDots(path: string): string {
  return slashed(path).replace(/^(?:\.{1,2}\/)+/, '');
}

/** How many folders two paths share from the root on. */
function commonFolders(folder: string, file: string): number {
  const a = folder.split('/');
  const b = folderOf(file).split('/');
  let count = 0;
  while (count < a.length && count < b.length && a[count] === b[count]) count++;
  return count;
}
