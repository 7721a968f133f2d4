/**
 * A list of parameters or arguments from behind its opening parenthesis to its closing one, cut at the commas of its own depth. Empty where
 * the text ends before.
 */
export function topLevelParts(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text[i];
    if (character === '(' || character === '[') depth++;
    else if (character === ')' || character === ']') depth--;
    if (depth < 0 || (depth === 0 && character === ',')) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
    if (depth < 0) return parts;
  }
  return [];
}
