/** A name this many letters longer than any of ours is no misspelling, and would cost time. */
const maximumLength = 64;

/** The name that a misspelt one was probably meant to be: at most a third of its letters away. */
function nearestName(misspelt: string, names: readonly string[]): string | undefined {
  if (misspelt.length > maximumLength) return undefined;
  const folded = misspelt.toLowerCase();
  let nearest: string | undefined;
  let smallest = Math.max(1, Math.floor(misspelt.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(folded, name.toLowerCase());
    if (distance < smallest) {
      smallest = distance;
      nearest = name;
    }
  }
  return nearest;
}

/** Says which of the names was probably meant, or lists them all. Begins with a semicolon; empty without names. */
export function suggestName(misspelt: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const nearest = nearestName(misspelt, names);
  return nearest ? `; did you mean "${nearest}"?` : `; expected one of ${names.map((name) => `"${name}"`).join(', ')}`;
}

/** The number of insertions, deletions, substitutions and swaps of neighbours between two texts. */
function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      current[j] = Math.min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        current[j] = Math.min(current[j], beforePrevious[j - 2] + 1);
      }
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length];
}
