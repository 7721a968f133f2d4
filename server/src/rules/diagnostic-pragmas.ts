import type { LineIndex } from '../base/line-index.ts';
import type { TextRange } from '../base/range.ts';

/** Lines in which a warning of GCC is ignored, from the first to the last, zero-based. */
export interface IgnoredDiagnostic {
  /** With its option: `-Wanalyzer-double-free`. */
  readonly name: string;
  readonly firstLine: number;
  readonly lastLine: number;
}

/** `#pragma GCC diagnostic …`, and the same as an operator, in which the quotes are escaped (C17 6.10.9). */
const PRAGMA =
  /(?:^[ \t]*#[ \t]*pragma[ \t]+|_Pragma\s*\(\s*")GCC[ \t]+diagnostic[ \t]+(?:(push|pop)\b|(ignored|warning|error)[ \t]+\\?"(-W[\w-]+)(?:=\d+)?\\?")/gm;
/** A macro of more lines than this is not looked through for its beginning: what stands in it counts for none. */
const MAXIMUM_CONTINUED_LINES = 50;
/** More states than this are not kept, as no compiler is given so many. */
const MAXIMUM_STATES = 100;

/**
 * Where warnings are ignored by "Diagnostic Pragmas" in GCC's manual: from the pragma on, until another one names the warning, or
 * `pop` goes back to what held at the `push` before it. Pragmas in comments do not count, nor those that a macro stands for.
 */
export function ignoredDiagnostics(
  text: string,
  comments: readonly TextRange[],
  lines: LineIndex,
): IgnoredDiagnostic[] {
  const found: IgnoredDiagnostic[] = [];
  /** By warning, the line from which on it is ignored. */
  let ignored = new Map<string, number>();
  const states: Map<string, number>[] = [];
  const end = (name: string, lastLine: number): void => {
    const firstLine = ignored.get(name);
    if (firstLine !== undefined) found.push({ name, firstLine, lastLine });
  };
  let next = 0;
  for (const { index, 1: state, 2: verb, 3: name } of text.matchAll(PRAGMA)) {
    while (next < comments.length && comments[next].end <= index) next++;
    if (next < comments.length && comments[next].start <= index) continue;
    if (isInDefinition(text, index)) continue;
    const { line } = lines.positionAt(index);
    if (state === 'push') {
      if (states.length < MAXIMUM_STATES) states.push(new Map(ignored));
    } else if (state === 'pop') {
      // Without a push it goes back to what the command line says.
      const before = states.pop() ?? new Map<string, number>();
      for (const open of ignored.keys()) if (!before.has(open)) end(open, line);
      ignored = before;
    } else if (verb === 'ignored') {
      if (!ignored.has(name)) ignored.set(name, line);
    } else {
      end(name, line);
      ignored.delete(name);
    }
  }
  for (const name of ignored.keys()) end(name, Number.POSITIVE_INFINITY);
  return found;
}

/** The place lies in the lines of a `#define`. */
function isInDefinition(text: string, offset: number): boolean {
  let start = text.lastIndexOf('\n', offset - 1) + 1;
  for (let count = 0; start > 1 && /\\\r?\n$/.test(text.slice(Math.max(0, start - 3), start)); count++) {
    if (count === MAXIMUM_CONTINUED_LINES) return true;
    start = text.lastIndexOf('\n', start - 2) + 1;
  }
  return /^[ \t]*#[ \t]*define\b/.test(text.slice(start, offset));
}
