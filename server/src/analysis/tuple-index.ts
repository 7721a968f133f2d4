const INITIAL_CAPACITY = 128;
const COLUMNS = 4;

/**
 * Numbers tuples of four numbers, for hash-consing: open addressing with linear probing (Knuth, The Art of Computer
 * Programming, 6.4) over flat arrays, since a text for every question would cost more than the answer. The numbers must
 * be safe integers.
 */
export class TupleIndex {
  #capacity = INITIAL_CAPACITY;
  #count = 0;
  #columns = new Float64Array(INITIAL_CAPACITY * COLUMNS);
  /** By slot: the number given, plus one; 0 where the slot is free. */
  #numbers = new Int32Array(INITIAL_CAPACITY);
  /** The slot that the last question ended at. */
  #slot = 0;

  /** The number given to a tuple, or -1. */
  find(a: number, b: number, c: number, d: number): number {
    const columns = this.#columns;
    const numbers = this.#numbers;
    const last = this.#capacity - 1;
    for (let slot = hash(a, b, c, d) & last; ; slot = (slot + 1) & last) {
      const number = numbers[slot];
      if (number === 0) {
        this.#slot = slot;
        return -1;
      }
      const at = slot * COLUMNS;
      if (columns[at] === a && columns[at + 1] === b && columns[at + 2] === c && columns[at + 3] === d) {
        return number - 1;
      }
    }
  }

  /** Gives a number, from 0, to a tuple that `find` has just not found. */
  add(a: number, b: number, c: number, d: number, number: number): void {
    if (this.#count * 2 >= this.#capacity) {
      this.#grow();
      this.find(a, b, c, d);
    }
    this.#place(this.#slot, a, b, c, d, number + 1);
    this.#count++;
  }

  #place(slot: number, a: number, b: number, c: number, d: number, number: number): void {
    const at = slot * COLUMNS;
    this.#columns[at] = a;
    this.#columns[at + 1] = b;
    this.#columns[at + 2] = c;
    this.#columns[at + 3] = d;
    this.#numbers[slot] = number;
  }

  #grow(): void {
    const columns = this.#columns;
    const numbers = this.#numbers;
    this.#capacity *= 4;
    this.#columns = new Float64Array(this.#capacity * COLUMNS);
    this.#numbers = new Int32Array(this.#capacity);
    for (let slot = 0; slot < numbers.length; slot++) {
      if (numbers[slot] === 0) continue;
      const at = slot * COLUMNS;
      const [a, b, c, d] = [columns[at], columns[at + 1], columns[at + 2], columns[at + 3]];
      this.find(a, b, c, d);
      this.#place(this.#slot, a, b, c, d, numbers[slot]);
    }
  }
}

/** After MurmurHash3's mixing steps, over the low and high halves of each number. */
function hash(a: number, b: number, c: number, d: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(c / 0x100000000, 0x27d4eb2f);
  h = Math.imul(h ^ (h >>> 13), 0x165667b1) ^ Math.imul(d, 0x9e3779b1) ^ Math.imul(d / 0x100000000, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16), 0x2c1b3c6d);
  return h ^ (h >>> 15);
}
