import { type BlockId, type FunctionIr, successors } from '../ir/instructions.ts';
import type { AnalysisContext } from './context.ts';
import type { Place } from './regions.ts';
import { type State, siteKey } from './state.ts';
import { NO_VALUE, type Value } from './value-shapes.ts';

/*
 * What a function does whichever way it ends: at a place that every way leads through, all paths show the same.
 */

/** Facts of one kind, each with the place at which paths show it. */
export class EveryWay<T> {
  /** By `siteKey`: how often paths came to a place. */
  readonly #visits = new Map<number, number>();
  readonly #shown = new Map<string, { readonly place: number; readonly fact: T; count: number; last: number }>();
  #isOpen = false;

  /** A path comes to a place, and may show something there until another one comes. What later turns of loops show is not of interest. */
  visit(context: AnalysisContext, state: State, { block, instruction }: Place): void {
    this.#isOpen = isFirstTurn(context, state, block);
    if (!this.#isOpen) return;
    const place = siteKey(block, instruction);
    this.#visits.set(place, (this.#visits.get(place) ?? 0) + 1);
  }

  /** @param text Equal for facts that are the same. */
  note({ block, instruction }: Place, text: string, make: () => T): void {
    if (!this.#isOpen) return;
    const place = siteKey(block, instruction);
    const visit = this.#visits.get(place) ?? 0;
    const key = `${place} ${text}`;
    const known = this.#shown.get(key);
    if (!known) this.#shown.set(key, { place, fact: make(), count: 1, last: visit });
    else if (known.last !== visit) {
      known.count++;
      known.last = visit;
    }
  }

  /** What each path has shown that came to the place. */
  shownByAll(): T[] {
    const found: T[] = [];
    for (const { place, fact, count } of this.#shown.values()) if (count === this.#visits.get(place)) found.push(fact);
    return found;
  }
}

/** No loop around a block has come round to it. */
function isFirstTurn({ flow }: AnalysisContext, { loops }: State, block: BlockId): boolean {
  if (flow.loopBlocks.size === 0 || loops.size === 0) return true;
  for (const [head, turns] of loops) if (turns > 1 && flow.loopBlocks.get(head)?.has(block)) return false;
  return true;
}

/** The edges between blocks that paths took: a condition that is always the same leads one way. */
export class TakenEdges {
  /** By edge: the pointer that is NULL wherever a path takes it; NO_VALUE for none. */
  readonly #nulls = new Map<number, Value>();

  note(from: BlockId, to: BlockId, nullPointer: Value): void {
    const key = edgeKey(from, to);
    const known = this.#nulls.get(key);
    if (known === undefined) this.#nulls.set(key, nullPointer);
    else if (known !== nullPointer) this.#nulls.set(key, NO_VALUE);
  }

  /** Some path took the edge on which the pointer is not NULL, or may be something else. */
  isTaken(from: BlockId, to: BlockId, pointer: Value): boolean {
    const found = this.#nulls.get(edgeKey(from, to));
    return found !== undefined && (found === NO_VALUE || found !== pointer);
  }
}

const edgeKey = (from: BlockId, to: BlockId): number => from * 0x100000 + to;

/** The pointer that is NULL where a condition has an outcome; NO_VALUE where it is no test of one. */
export function nullPointerBy({ table }: AnalysisContext, condition: Value, truth: boolean): Value {
  const shape = table.values[condition];
  if (shape.kind === 'symbol') return truth ? NO_VALUE : condition;
  const isTest = shape.kind === 'binary' && shape.right === table.zero && shape.operator === (truth ? '==' : '!=');
  return isTest ? shape.left : NO_VALUE;
}

/** Asks whether no way that paths took to a return leads around a block, but where a pointer is NULL. */
export type EveryWayQuestion = (block: BlockId, pointer: Value) => boolean;

/** The answers are kept for the next questions. */
export function everyWayOf({ ir, taken }: AnalysisContext): EveryWayQuestion {
  const known = new Map<string, boolean>();
  return (block, pointer) => {
    const key = `${block} ${pointer}`;
    let answer = known.get(key);
    if (answer === undefined) {
      answer = isOnEveryWay(ir, taken, block, pointer);
      known.set(key, answer);
    }
    return answer;
  };
}

function isOnEveryWay(ir: FunctionIr, taken: TakenEdges, block: BlockId, pointer: Value): boolean {
  const seen = new Set<BlockId>();
  const pending = [ir.entry];
  while (pending.length > 0) {
    const next = pending.pop()!;
    if (next === block || seen.has(next)) continue;
    seen.add(next);
    const { terminator } = ir.blocks[next];
    if (terminator.kind === 'return') return false;
    for (const to of successors(terminator)) if (taken.isTaken(next, to, pointer)) pending.push(to);
  }
  return true;
}
