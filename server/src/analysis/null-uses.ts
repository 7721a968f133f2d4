import type { BasicBlock, BlockId, Origin } from '../ir/instructions.ts';
import type { Site } from './state.ts';
import type { AccessPath } from './summary.ts';

/** A dereference of NULL that came there by some longer story; `path` for what a callee dereferences, as its summary says. */
export interface NullUse {
  readonly use: Site;
  readonly pointer: Origin;
  readonly path: AccessPath | undefined;
}

/** Which dereferences are of NULL whenever control comes there, and which are of something else on some path. */
export class NullUses {
  readonly #uses = new Map<number, NullUse>();
  readonly #firstInstructions: Int32Array;
  readonly #live: Uint8Array;
  readonly #liveInCallees = new Set<number>();
  readonly #numbers = new Map<AccessPath, number>();
  readonly #numbersByText = new Map<string, number>();

  constructor(blocks: readonly BasicBlock[]) {
    this.#firstInstructions = new Int32Array(blocks.length);
    let count = 0;
    for (const [id, { instructions }] of blocks.entries()) {
      this.#firstInstructions[id] = count;
      count += instructions.length + 1;
    }
    this.#live = new Uint8Array(count);
  }

  /** NULL that a constant wrote is dereferenced, and no data flow tells where it was written. */
  noteNull(found: NullUse): void {
    const key = this.#keyOf(found.use.block, found.use.instruction, found.path);
    if (!this.#uses.has(key)) this.#uses.set(key, found);
  }

  /** Something else than NULL is dereferenced on some path: by the instruction, or by what it calls. */
  noteLive(block: BlockId, instruction: number, path?: AccessPath): void {
    if (path === undefined) this.#live[this.#firstInstructions[block] + instruction] = 1;
    // What one argument leads to says nothing of another.
    else this.#liveInCallees.add(this.#keyOf(block, instruction, path));
  }

  /** Those that are of NULL on every path. */
  *certain(): Generator<NullUse> {
    for (const [key, found] of this.#uses) {
      const { block, instruction } = found.use;
      if (this.#live[this.#firstInstructions[block] + instruction] === 1) continue;
      if (found.path === undefined || !this.#liveInCallees.has(key)) yield found;
    }
  }

  #keyOf(block: BlockId, instruction: number, path: AccessPath | undefined): number {
    return (
      (path === undefined ? 0 : this.#numberOf(path)) * this.#live.length + this.#firstInstructions[block] + instruction
    );
  }

  #numberOf(path: AccessPath): number {
    let known = this.#numbers.get(path);
    if (known === undefined) {
      const text = path.join(' ');
      known = this.#numbersByText.get(text) ?? this.#numbersByText.size + 1;
      this.#numbersByText.set(text, known);
      this.#numbers.set(path, known);
    }
    return known;
  }
}

/**
 * What comes of tests that find a pointer NULL where control goes on: a dereference follows for sure where no path comes to an end
 * without one.
 */
export class FollowedNulls {
  readonly #uses = new Map<string, { readonly test: Origin; readonly found: NullUse }>();
  /** By the offset of the test. */
  readonly #doubted = new Set<number>();

  noteUse(test: Origin, found: NullUse): void {
    const key = `${test.start} ${found.use.id}`;
    if (!this.#uses.has(key)) this.#uses.set(key, { test, found });
  }

  /** Some path may come to a good end, or the pointer is not followed on all of them. */
  doubt(test: Origin): void {
    this.#doubted.add(test.start);
  }

  *certain(): Generator<{ readonly test: Origin; readonly found: NullUse }> {
    for (const use of this.#uses.values()) if (!this.#doubted.has(use.test.start)) yield use;
  }
}

const argumentPaths: AccessPath[] = [];

/** An argument itself, as a path in a summary. */
export function argumentPath(position: number): AccessPath {
  argumentPaths[position] ??= [`p${position}`];
  return argumentPaths[position];
}
