import type { SourceFacts } from '../source/facts.ts';
import type { UndefFact } from '../source/undefinitions.ts';

const noFiles: ReadonlySet<string> = new Set();

/** Which files undefine which names, and where. */
export class UndefIndex {
  /** By file, in order, with their present offsets. */
  readonly #places = new Map<string, readonly UndefFact[]>();
  readonly #includes = new Map<string, readonly { readonly isQuoted: boolean; readonly offset: number }[]>();
  readonly #undefining = new Map<string, Set<string>>();
  readonly #sayingUndefined = new Map<string, Set<string>>();

  /** Takes in where a file's `#undef` lines stand now; they are the same lines as before, or `set` follows. */
  place(file: string, undefs: readonly UndefFact[]): void {
    if (undefs.length > 0) this.#places.set(file, undefs);
    else this.#places.delete(file);
  }

  set({ file, undefs, undefined: said, includes }: SourceFacts): void {
    for (const { name } of undefs) add(this.#undefining, name, file);
    for (const name of said) add(this.#sayingUndefined, name, file);
    if (undefs.length > 0) this.#includes.set(file, includes);
  }

  remove({ file, undefs, undefined: said }: SourceFacts): void {
    for (const { name } of undefs) this.#undefining.get(name)?.delete(file);
    for (const name of said) this.#sayingUndefined.get(name)?.delete(file);
    this.#includes.delete(file);
  }

  filesThatUndefine(name: string): ReadonlySet<string> {
    return this.#undefining.get(name) ?? noFiles;
  }

  filesThatSayUndefined(name: string): ReadonlySet<string> {
    return this.#sayingUndefined.get(name) ?? noFiles;
  }

  /** How many `#undef` lines a file has before an offset; undefined when it has none at all. */
  countBefore(file: string, offset: number): number | undefined {
    const places = this.#places.get(file);
    if (!places) return undefined;
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[middle].offset < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** True when one of the first `count` lines undefines the name for what follows, and no header after it can define it. */
  isUndefined(name: string, file: string, count: number): boolean {
    const places = this.#places.get(file);
    if (!places) return false;
    for (let i = count - 1; i >= 0; i--) {
      const { condition, offset } = places[i];
      if (places[i].name !== name || (condition !== '' && condition !== `defined(${name})`)) continue;
      const next = places[count]?.offset ?? Number.POSITIVE_INFINITY;
      return !(this.#includes.get(file) ?? []).some(
        (include) => include.isQuoted && include.offset > offset && include.offset < next,
      );
    }
    return false;
  }
}

/** Where a file undefines names, told by how many functions stand before: blanks and comments do not move it. */
export function undefPlaces({ undefs, functions }: SourceFacts): readonly (readonly [string, string, number])[] {
  return undefs.map(({ name, condition, offset }) => [
    name,
    condition,
    functions.filter((fact) => fact.start < offset).length,
  ]);
}

function add(map: Map<string, Set<string>>, key: string, file: string): void {
  const files = map.get(key);
  if (files) files.add(file);
  else map.set(key, new Set([file]));
}
