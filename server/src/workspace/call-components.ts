import type { FunctionFact } from '../source/file-declarations.ts';
import type { FunctionEntry } from './program-index.ts';

/**
 * The strongly connected components of the call graph. Summaries flow between components, and inside one by rounds (`Callees.summaryInCycle`),
 * so that no result depends on where a cycle was entered.
 */
export class CallComponents {
  readonly #definitions: (name: string, file: string) => readonly FunctionEntry[];
  /** Of the functions that somebody asked about, and those that they reach. */
  readonly #numbers = new Map<FunctionFact, number>();
  /** By the number of a component: how many functions lie in it. */
  readonly #sizes: number[] = [];

  /** `definitions` tells which functions a call of a name in a file may mean. */
  constructor(definitions: (name: string, file: string) => readonly FunctionEntry[]) {
    this.#definitions = definitions;
  }

  /** The number of the component that a function lies in; it holds until `clear`. */
  of({ file, fact }: FunctionEntry): number {
    if (!this.#numbers.has(fact)) this.#connect(file, fact);
    return this.#numbers.get(fact)!;
  }

  /** How many functions lie in the component of a function. */
  sizeOf(entry: FunctionEntry): number {
    return this.#sizes[this.of(entry)];
  }

  /** Some function calls others than before, or means others. */
  clear(): void {
    this.#numbers.clear();
    this.#sizes.length = 0;
  }

  /**
   * Tarjan's algorithm (1972) over names, without recursion, from one function: what it does not reach is left for later, as
   * a workspace may have hundreds of thousands of functions, and any edit of a call may connect them in another way.
   */
  #connect(rootFile: string, root: FunctionFact): void {
    const components = this.#numbers;
    const indices = new Map<FunctionFact, number>();
    const lows = new Map<FunctionFact, number>();
    const stack: FunctionFact[] = [];
    const frames: { fact: FunctionFact; targets: readonly FunctionEntry[]; position: number }[] = [];
    const enter = (file: string, fact: FunctionFact): void => {
      indices.set(fact, indices.size);
      lows.set(fact, indices.size - 1);
      stack.push(fact);
      const targets = fact.calls.flatMap((name) => this.#definitions(name, file));
      frames.push({ fact, targets, position: 0 });
    };
    enter(rootFile, root);
    while (frames.length > 0) {
      const frame = frames[frames.length - 1];
      if (frame.position < frame.targets.length) {
        const target = frame.targets[frame.position++];
        // Those that have a component reach nothing that has none.
        if (components.has(target.fact)) continue;
        const index = indices.get(target.fact);
        if (index === undefined) enter(target.file, target.fact);
        else lows.set(frame.fact, Math.min(lows.get(frame.fact)!, index));
        continue;
      }
      frames.pop();
      const parent = frames.at(-1);
      if (parent) lows.set(parent.fact, Math.min(lows.get(parent.fact)!, lows.get(frame.fact)!));
      if (lows.get(frame.fact) !== indices.get(frame.fact)) continue;
      const number = this.#sizes.length;
      this.#sizes.push(0);
      for (;;) {
        const member = stack.pop()!;
        components.set(member, number);
        this.#sizes[number]++;
        if (member === frame.fact) break;
      }
    }
  }
}
