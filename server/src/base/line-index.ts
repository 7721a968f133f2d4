/** A zero-based line and a zero-based column in UTF-16 code units, as the language server protocol counts. */
export interface LinePosition {
  readonly line: number;
  readonly character: number;
}

/** Converts between offsets and lines of one text. Lines end at `\n`, `\r\n` or a lone `\r`, as in the protocol. */
export class LineIndex {
  readonly #starts: readonly number[];
  readonly #length: number;

  constructor(text: string) {
    const starts = [0];
    if (text.includes('\r')) {
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
      }
    } else {
      // Several times as quick, and an editor asks after every key.
      for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    }
    this.#starts = starts;
    this.#length = text.length;
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** The offset at which a zero-based line begins; clamped to the text. */
  lineStart(line: number): number {
    if (line <= 0) return 0;
    return line < this.#starts.length ? this.#starts[line] : this.#length;
  }

  /** The position of an offset, clamped to the text. */
  positionAt(offset: number): LinePosition {
    const clamped = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle] <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: clamped - this.#starts[low] };
  }

  /** The offset of a position, clamped to its line. */
  offsetAt(position: LinePosition): number {
    const start = this.lineStart(position.line);
    return Math.max(start, Math.min(start + position.character, this.lineStart(position.line + 1)));
  }
}
