const none: readonly never[] = [];

/** What files say of names: a list of entries for each, of which a file's own go when the file does. */
export class EntriesByName<T extends { readonly file: string }> {
  readonly #lists = new Map<string, T[]>();

  add(name: string, entry: T): void {
    const list = this.#lists.get(name);
    if (list) list.push(entry);
    else this.#lists.set(name, [entry]);
  }

  remove(name: string, file: string): void {
    const list = this.#lists.get(name);
    if (!list) return;
    const kept = list.filter((entry) => entry.file !== file);
    if (kept.length > 0) this.#lists.set(name, kept);
    else this.#lists.delete(name);
  }

  has(name: string): boolean {
    return this.#lists.has(name);
  }

  /** In the order in which they came. */
  of(name: string): readonly T[] {
    return this.#lists.get(name) ?? none;
  }

  /** The file's own, else those that it sees of the others: all of them, if nothing else is said. */
  seenFrom(file: string, name: string, isSeen?: (entry: T) => boolean): readonly T[] {
    const all = this.#lists.get(name);
    if (!all) return none;
    const own = all.filter((entry) => entry.file === file);
    if (own.length > 0) return own;
    return isSeen ? all.filter(isSeen) : all;
  }

  names(): Iterable<string> {
    return this.#lists.keys();
  }

  /** The entries of each name. */
  lists(): Iterable<readonly T[]> {
    return this.#lists.values();
  }
}
