/** Where a text came from that was made out of another. Offsets are UTF-16 code units. */
interface Segment {
  /** Where it begins in the text that was made; it ends where the next begins. */
  readonly from: number;
  readonly start: number;
  /** For what a macro made: the end of its use. Undefined for text that was copied. */
  readonly end: number | undefined;
  readonly macro: string;
}

export class SourceMap {
  readonly #segments: Segment[] = [];
  readonly #shift: number;

  /** @param shift by how much the offsets that are asked for are smaller than those that were added */
  constructor(segments: readonly Segment[] = [], shift = 0) {
    this.#segments.push(...segments);
    this.#shift = shift;
  }

  /** What is behind `from` was copied from `start` on. */
  addCopy(from: number, start: number): void {
    this.#segments.push({ from, start, end: undefined, macro: '' });
  }

  /** What is behind `from` was made by the use of a macro. */
  addMade(from: number, start: number, end: number, macro: string): void {
    this.#segments.push({ from, start, end, macro });
  }

  /** The same map for what begins at an offset of the text. */
  from(offset: number): SourceMap {
    return new SourceMap(this.#segments, this.#shift + offset);
  }

  /** The place in the original for a place in the text: of what a macro made, its use. */
  originOf(start: number, end: number): { start: number; end: number } {
    const first = this.#at(start);
    const last = this.#at(Math.max(start, end - 1));
    const from = first.end === undefined ? first.start + start + this.#shift - first.from : first.start;
    const to = last.end ?? last.start + end + this.#shift - last.from;
    return { start: from, end: Math.max(from, to) };
  }

  /** The macro that made what stands at an offset; '' for text that was copied. */
  macroAt(offset: number): string {
    return this.#at(offset).macro;
  }

  #at(offset: number): Segment {
    const wanted = offset + this.#shift;
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#segments[middle].from <= wanted) low = middle;
      else high = middle - 1;
    }
    return this.#segments[low] ?? { from: 0, start: 0, end: undefined, macro: '' };
  }
}
