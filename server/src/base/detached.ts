/** Below this length V8 copies a slice; from it on a slice holds on to the text that it was cut from. */
const SHORTEST_SLICE = 13;

/**
 * The same text in memory of its own. A slice holds on to all that it was cut from, and what outlives the text of a file must
 * not: an edit makes a text of its own, and each would stay for the sake of a few names.
 */
export function detached(text: string): string {
  return text.length < SHORTEST_SLICE ? text : ` ${text}`.slice(1);
}
