/** A half-open span of a text, in UTF-16 code units from its beginning (as JavaScript strings count). */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** True when the two half-open ranges share at least one code unit. */
export function overlaps(a: TextRange, b: TextRange): boolean {
  return a.start < b.end && b.start < a.end;
}

/** Replaces the code units of `range` by `newText`. Edits of one fix never overlap. */
export interface TextEdit {
  readonly range: TextRange;
  readonly newText: string;
}

/**
 * Applies non-overlapping edits, given in any order, to a text.
 * Two edits that overlap are a programming error of the caller and throw: a damaged file is worse than a lost fix.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  let result = '';
  let position = 0;
  for (const edit of ordered) {
    if (edit.range.start < position) throw new Error('overlapping text edits');
    result += text.slice(position, edit.range.start) + edit.newText;
    position = edit.range.end;
  }
  return result + text.slice(position);
}
