import type { SourceFacts } from './facts.ts';

/** The words by which compilers, libraries and projects say that a function never returns. */
export const NORETURN_WORD = /^_?_?no_?return(_?_)?$|NO_?RETURN|^__dead2?$|(^|_)NO_?N?RET$/i;

/** The names of functions that the declarations of a file say never return. */
export function declaredNoreturn(facts: SourceFacts, text: string): string[] {
  const names = new Set<string>();
  for (const { name, words, hasAttributes, start, end } of facts.prototypes) {
    if (words.some((word) => NORETURN_WORD.test(word))) names.add(name);
    else if (hasAttributes && /\b_?_?noreturn(__)?\b/.test(text.slice(start, end))) names.add(name);
  }
  for (const { name, words } of facts.functions) if (words.some((word) => NORETURN_WORD.test(word))) names.add(name);
  return [...names];
}
