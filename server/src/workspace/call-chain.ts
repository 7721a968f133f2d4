/** Summaries nested deeper than this many calls count as unknown: the analysis of a call is a recursion. */
const MAXIMUM_CALL_DEPTH = 100;

/** The functions in progress: the work on each led to the next, which it calls. */
export class CallChain {
  readonly #keys = new Set<string>();

  get isEmpty(): boolean {
    return this.#keys.size === 0;
  }

  /** False for a function that the chain leads through already, and when it is too long. */
  mayLeadTo(file: string, name: string): boolean {
    return !this.#keys.has(keyOf(file, name)) && this.hasRoom;
  }

  /** False when it is too long to lead on. */
  get hasRoom(): boolean {
    return this.#keys.size < MAXIMUM_CALL_DEPTH;
  }

  leadsThrough(file: string): boolean {
    const start = keyOf(file, '');
    for (const key of this.#keys) if (key.startsWith(start)) return true;
    return false;
  }

  /** Does some work with a function in the chain. */
  within<T>(file: string, name: string, work: () => T): T {
    const key = keyOf(file, name);
    this.#keys.add(key);
    try {
      return work();
    } finally {
      this.#keys.delete(key);
    }
  }
}

function keyOf(file: string, name: string): string {
  return `${file}\0${name}`;
}
