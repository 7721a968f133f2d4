/** Thrown through the work on functions; what they hold on to is given back on the way. */
const OUT_OF_TIME = new Error('out of time');

/** Work that stops between two functions or files when its time is over, and goes on from what it found out. */
export class Attempts {
  #deadline = Number.POSITIVE_INFINITY;
  /** Something was found out since the attempt began. */
  #isFruitful = false;

  /** Does some work until a time, as `performance.now()` counts. Undefined when that was not enough; see `Program.attempt`. */
  attempt<T>(deadline: number, work: () => T): { readonly value: T } | undefined {
    this.#deadline = deadline;
    this.#isFruitful = false;
    try {
      return { value: work() };
    } catch (error) {
      if (error === OUT_OF_TIME) return undefined;
      throw error;
    } finally {
      this.#deadline = Number.POSITIVE_INFINITY;
    }
  }

  /** Called before work on another function or file begins. */
  keepDeadline(): void {
    if (this.#isFruitful && performance.now() > this.#deadline) throw OUT_OF_TIME;
  }

  /** Called when that work is done, and kept. */
  noteResult(): void {
    this.#isFruitful = true;
  }
}
