import type { FunctionFact, PrototypeFact } from './file-declarations.ts';

/** The words by which compilers, libraries and projects say that a function never returns. */
export const NORETURN_WORD = /^_?_?no_?return(_?_)?$|NO_?RETURN|^__dead2?$|(^|_)NO_?N?RET$/i;
/** The same in an attribute, or in what a macro stands for. */
const NORETURN_ATTRIBUTE = /\b_?_?noreturn(__)?\b|\b_Noreturn\b/;

/** A function that a file declares or defines. */
export interface NoreturnDeclaration {
  readonly name: string;
  /** The words in front of it that macros may give a meaning; none where it says itself that it never returns. */
  readonly words: readonly string[];
}

/** The functions that a file says never return, and those of which macros may say so. */
export function noreturnDeclarations(
  facts: { readonly prototypes: readonly PrototypeFact[]; readonly functions: readonly FunctionFact[] },
  text: string,
): NoreturnDeclaration[] {
  const found = new Map<string, Set<string>>();
  const note = (name: string, words: readonly string[], isSaid: boolean): void => {
    if (isSaid || words.some((word) => NORETURN_WORD.test(word))) {
      found.set(name, new Set());
    } else if (words.length > 0) {
      const known = found.get(name);
      if (!known) found.set(name, new Set(words));
      else if (known.size > 0) for (const word of words) known.add(word);
    }
  };
  for (const { name, words, hasAttributes, start, end } of facts.prototypes) {
    note(name, words, hasAttributes && NORETURN_ATTRIBUTE.test(text.slice(start, end)));
  }
  for (const { name, words } of facts.functions) note(name, words, false);
  return [...found].map(([name, words]) => ({ name, words: [...words] }));
}

/** True for the body of a macro that says that a function never returns. */
export function saysNoreturn(body: string): boolean {
  return NORETURN_ATTRIBUTE.test(body) || (body.match(WORD) ?? []).some((word) => NORETURN_WORD.test(word));
}

/** The words of a macro's body, which may be macros themselves. */
export function wordsOf(body: string): readonly string[] {
  return body.match(WORD) ?? [];
}

const WORD = /[A-Za-z_]\w*/g;
