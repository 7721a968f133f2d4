import { CLOSE_BRACE, DIRECTIVE, EQUALS, OPEN_BRACE, SEMICOLON, type Tokens } from './lexer.ts';

/** An equals sign or a semicolon outside of all braces. */
interface DeclarationMark {
  readonly at: number;
  /** The first token of the declaration that it stands in. */
  readonly first: number;
}

const marksOf = new WeakMap<Tokens, readonly DeclarationMark[]>();

/**
 * Where declarations outside of all braces begin their initialisers, and where they end, in order. Read once for all who ask;
 * any tokens give a list.
 */
export function declarationMarks(tokens: Tokens): readonly DeclarationMark[] {
  let marks = marksOf.get(tokens);
  if (!marks) {
    marks = findMarks(tokens);
    marksOf.set(tokens, marks);
  }
  return marks;
}

function findMarks({ kind, count }: Tokens): DeclarationMark[] {
  const marks: DeclarationMark[] = [];
  let depth = 0;
  let first = 0;
  for (let at = 0; at < count; at++) {
    const here = kind[at];
    if (here === OPEN_BRACE) depth++;
    else if (here === CLOSE_BRACE) depth = Math.max(0, depth - 1);
    if (depth > 0) continue;
    if (here === EQUALS || here === SEMICOLON) marks.push({ at, first });
    if (here === DIRECTIVE || here === SEMICOLON || here === CLOSE_BRACE) first = at + 1;
  }
  return marks;
}
