import { keywordClass, NOT_A_KEYWORD } from './keywords.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COMMA,
  DIRECTIVE,
  EQUALS,
  IDENTIFIER,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
  type Tokens,
} from './lexer.ts';

/** A variable that a file declares outside of its functions. */
export interface FileVariable {
  readonly name: string;
  /** Its name is the address of its first element. */
  readonly isArray: boolean;
}

/** More variables than this in one file are generated tables. */
const MAXIMUM_VARIABLES = 20_000;

/**
 * The variables that a text declares at file scope, in one pass over its tokens. Any text gives a list; nothing throws.
 * A declaration that a condition of the preprocessor cuts in two is left out.
 */
export function readFileVariables(tokens: Tokens): FileVariable[] {
  const { kind, symbol, names, count } = tokens;
  const found: FileVariable[] = [];
  let depth = 0;
  /** Parentheses and brackets. */
  let nesting = 0;
  let isDeclaration = true;
  let isInitialiser = false;
  let words = 0;
  let name = -1;
  let isArray = false;
  const begin = (): void => {
    isDeclaration = true;
    isInitialiser = false;
    words = 0;
    name = -1;
    isArray = false;
    nesting = 0;
  };
  const end = (): void => {
    // A type comes before the name.
    if (isDeclaration && name >= 0 && words >= 2) found.push({ name: names[symbol[name]], isArray });
    name = -1;
    isArray = false;
    isInitialiser = false;
  };
  for (let i = 0; i < count && found.length < MAXIMUM_VARIABLES; i++) {
    const at = kind[i];
    if (at === OPEN_BRACE) depth++;
    else if (at === CLOSE_BRACE) {
      if (depth > 0 && --depth === 0 && !isInitialiser) {
        // Behind a type's body its variables may stand; behind a function's body a new declaration begins.
        const isBody = kind[i + 1] !== IDENTIFIER && kind[i + 1] !== STAR && kind[i + 1] !== SEMICOLON;
        if (isBody || !isDeclaration) begin();
        else name = -1;
      }
    } else if (depth > 0) continue;
    else if (at === DIRECTIVE) begin();
    else if (at === SEMICOLON) {
      end();
      begin();
    } else if (at === OPEN_PAREN || at === OPEN_BRACKET) {
      // A function, or a pointer to one: neither is an array.
      if (at === OPEN_PAREN && nesting === 0 && !isInitialiser) isDeclaration = false;
      if (at === OPEN_BRACKET && nesting === 0 && !isInitialiser) isArray = name >= 0;
      nesting++;
    } else if (at === CLOSE_PAREN || at === CLOSE_BRACKET) {
      if (nesting > 0) nesting--;
    } else if (nesting > 0) continue;
    else if (at === EQUALS) isInitialiser = true;
    else if (at === COMMA) end();
    else if (at === IDENTIFIER && !isInitialiser) {
      const word = names[symbol[i]];
      if (word === 'typedef') isDeclaration = false;
      words++;
      if (keywordClass(word) === NOT_A_KEYWORD && !isArray) name = i;
    }
  }
  return found;
}
