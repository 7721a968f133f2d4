/** What changed between two texts: the part between their common beginning and their common end. */
export interface TextChange {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

/** The change between the texts that were compared last: several steps ask about the same two. */
let latest: { readonly before: string; readonly after: string; readonly change: TextChange } | undefined;

export function changeBetween(before: string, after: string): TextChange {
  if (latest?.before !== before || latest.after !== after) latest = { before, after, change: compare(before, after) };
  return latest.change;
}

/** Halves are compared as wholes, which costs a fraction of comparing each code unit. */
function compare(before: string, after: string): TextChange {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  for (let size = shorter; size > 0; size >>= 1) {
    const end = start + size;
    if (end <= shorter && before.slice(start, end) === after.slice(start, end)) start = end;
  }
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  const { length } = before;
  const shift = after.length - length;
  const most = shorter - start;
  let common = 0;
  for (let size = most; size > 0; size >>= 1) {
    const end = common + size;
    if (
      end <= most &&
      before.slice(length - end, length - common) === after.slice(length - end + shift, length - common + shift)
    ) {
      common = end;
    }
  }
  while (common < most && before.charCodeAt(length - common - 1) === after.charCodeAt(length + shift - common - 1))
    common++;
  return { start, oldEnd: length - common, newEnd: length + shift - common };
}
