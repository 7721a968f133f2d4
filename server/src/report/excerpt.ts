import { printable } from './printable.ts';

/** How wide an excerpt is shown, in columns; longer lines are cut around the marked part. */
const maximumWidth = 120;

/** How much of a cut line is kept before the marked part, in code units. */
const contextBefore = 40;

const tabWidth = 4;

export interface Excerpt {
  readonly line: string;
  /** Spaces, then a caret under every marked column; at least one caret. */
  readonly underline: string;
}

/**
 * A source line as it is shown, and the carets under its code units `start` to `end`. Tabs become spaces, control
 * characters visible, and a long line is cut.
 */
export function excerpt(line: string, start: number, end: number): Excerpt {
  let from = 0;
  let cut = line;
  if (line.length > maximumWidth) {
    from = Math.max(0, Math.min(start - contextBefore, line.length - maximumWidth));
    cut = line.slice(from, from + maximumWidth);
  }
  const before = from > 0 ? '…' : '';
  const after = from + cut.length < line.length ? '…' : '';
  const left = before + shown(cut.slice(0, Math.max(0, start - from)));
  const marked = shown(cut.slice(Math.max(0, start - from), Math.max(0, end - from)));
  const right = shown(cut.slice(Math.max(0, end - from))) + after;
  return {
    line: left + marked + right,
    underline: ' '.repeat(width(left)) + '^'.repeat(Math.max(1, width(marked))),
  };
}

function shown(text: string): string {
  return text
    .split('\t')
    .map((part) => printable(part))
    .join(' '.repeat(tabWidth));
}

/** In columns, for characters of one column each; a surrogate pair is one character. */
function width(text: string): number {
  return [...text].length;
}
