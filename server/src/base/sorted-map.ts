/** What `SortedMap` tells without changing. */
export interface ReadonlySortedMap<V> extends Iterable<readonly [number, V]> {
  readonly size: number;
  get(key: number): V | undefined;
  has(key: number): boolean;
  /** The key at a position below `size`: for loops that change nothing, which need no iterator then. */
  keyAt(position: number): number;
  /** The value at a position below `size`. */
  valueAt(position: number): V;
  keys(): readonly number[];
  values(): readonly V[];
  forEach(visit: (value: V, key: number) => void): void;
}

/** Keys, and by their positions what two maps have for them. */
export interface Differences<V> {
  readonly keys: readonly number[];
  readonly left: readonly (V | undefined)[];
  readonly right: readonly (V | undefined)[];
}

/**
 * A map from integers in two flat arrays, ordered by key. A copy costs nothing until one of the two is changed, and then
 * what copying two arrays costs; two maps are compared by walking through both. Made for up to some hundred entries: to
 * insert a key moves those behind it.
 *
 * `keys`, `values` and iterators show the map as it was when they were asked for, whatever is changed meanwhile.
 */
export class SortedMap<V> implements ReadonlySortedMap<V> {
  #keys: number[];
  #values: V[];
  /** Others see the arrays: they must not be changed. */
  #isShared: boolean;

  private constructor(keys: number[], values: V[], isShared: boolean) {
    this.#keys = keys;
    this.#values = values;
    this.#isShared = isShared;
  }

  static empty<V>(): SortedMap<V> {
    return new SortedMap<V>([], [], false);
  }

  copy(): SortedMap<V> {
    this.#isShared = true;
    return new SortedMap(this.#keys, this.#values, true);
  }

  get size(): number {
    return this.#keys.length;
  }

  get(key: number): V | undefined {
    const position = positionOf(this.#keys, key);
    return position >= 0 ? this.#values[position] : undefined;
  }

  has(key: number): boolean {
    return positionOf(this.#keys, key) >= 0;
  }

  keyAt(position: number): number {
    return this.#keys[position];
  }

  valueAt(position: number): V {
    return this.#values[position];
  }

  /** Sets a key's value. Returns the value before. */
  set(key: number, value: V): V | undefined {
    const position = positionOf(this.#keys, key);
    if (position >= 0) {
      const before = this.#values[position];
      if (before === value) return before;
      this.#own();
      this.#values[position] = value;
      return before;
    }
    this.#own();
    insert(this.#keys, -1 - position, key);
    insert(this.#values, -1 - position, value);
    return undefined;
  }

  /** Takes a key out. Returns the value that it had. */
  delete(key: number): V | undefined {
    const position = positionOf(this.#keys, key);
    if (position < 0) return undefined;
    this.#own();
    const before = this.#values[position];
    remove(this.#keys, position);
    remove(this.#values, position);
    return before;
  }

  keys(): readonly number[] {
    this.#isShared = true;
    return this.#keys;
  }

  values(): readonly V[] {
    this.#isShared = true;
    return this.#values;
  }

  forEach(visit: (value: V, key: number) => void): void {
    const keys = this.keys();
    const values = this.values();
    for (let i = 0; i < keys.length; i++) visit(values[i], keys[i]);
  }

  *[Symbol.iterator](): Iterator<readonly [number, V]> {
    const keys = this.keys();
    const values = this.values();
    for (let i = 0; i < keys.length; i++) yield [keys[i], values[i]];
  }

  /** What differs between two maps: the keys, in order, whose values are not the same in both, or which only one of them has. */
  static differences<V>(a: SortedMap<V>, b: SortedMap<V>): Differences<V> {
    const keys = a.#keys;
    const others = b.#keys;
    const values = a.#values;
    const otherValues = b.#values;
    const differing: number[] = [];
    const left: (V | undefined)[] = [];
    const right: (V | undefined)[] = [];
    const result = { keys: differing, left, right };
    if (values === otherValues) return result;
    let i = 0;
    let j = 0;
    while (i < keys.length || j < others.length) {
      const key = i < keys.length ? keys[i] : Infinity;
      const other = j < others.length ? others[j] : Infinity;
      if (key === other) {
        if (values[i] !== otherValues[j]) {
          differing.push(key);
          left.push(values[i]);
          right.push(otherValues[j]);
        }
        i++;
        j++;
      } else if (key < other) {
        differing.push(key);
        left.push(values[i++]);
        right.push(undefined);
      } else {
        differing.push(other);
        left.push(undefined);
        right.push(otherValues[j++]);
      }
    }
    return result;
  }

  #own(): void {
    if (!this.#isShared) return;
    this.#keys = this.#keys.slice();
    this.#values = this.#values.slice();
    this.#isShared = false;
  }
}

/** The position of a key, or -1 minus the position that it would have. */
function positionOf(keys: readonly number[], key: number): number {
  let low = 0;
  let high = keys.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = keys[middle];
    if (found === key) return middle;
    if (found < key) low = middle + 1;
    else high = middle - 1;
  }
  return -1 - low;
}

function insert<T>(list: T[], position: number, element: T): void {
  list.push(element);
  for (let i = list.length - 1; i > position; i--) list[i] = list[i - 1];
  list[position] = element;
}

function remove<T>(list: T[], position: number): void {
  for (let i = position + 1; i < list.length; i++) list[i - 1] = list[i];
  list.pop();
}
