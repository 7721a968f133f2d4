import { keywordClass, NOT_A_KEYWORD, TAG_WORD, TYPE_WORD } from './keywords.ts';
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
  /** The type that it has, or its elements, without qualifiers: `struct list *`, `int []*` for a pointer to an array. '' where macros hide it, or a body without a name. */
  readonly type: string;
}

/** What declarations say of a variable of some name. */
export type DeclaredVariable = Omit<FileVariable, 'name'>;

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
  /** Words of the type, in front of the first declarator. */
  let specifiers: string[] = [];
  let isFirst = true;
  let pointers = 0;
  /** The declarator is `(*name)[n]`. */
  let isToArray = false;
  const begin = (): void => {
    specifiers = [];
    isFirst = true;
    pointers = 0;
    isToArray = false;
    isDeclaration = true;
    isInitialiser = false;
    words = 0;
    name = -1;
    isArray = false;
    nesting = 0;
  };
  /** The last word was none that is declared: another one follows. */
  const takeWord = (): void => {
    if (name >= 0 && isFirst) {
      specifiers.push(names[symbol[name]]);
      name = -1;
    }
  };
  const end = (): void => {
    // A type comes before the name.
    if (isDeclaration && name >= 0 && words >= 2) {
      const base = typeBy(specifiers);
      const suffix = '*'.repeat(pointers) + (isToArray ? '[]*' : '');
      const type = base !== '' && suffix !== '' ? `${base} ${suffix}` : base;
      found.push({ name: names[symbol[name]], isArray, type });
    }
    name = -1;
    pointers = 0;
    isToArray = false;
    isFirst = false;
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
        else {
          // The name in front of the body was a tag.
          takeWord();
          name = -1;
        }
      }
    } else if (depth > 0) continue;
    else if (at === DIRECTIVE) begin();
    else if (at === SEMICOLON) {
      end();
      begin();
    } else if (
      at === OPEN_PAREN &&
      nesting === 0 &&
      !isInitialiser &&
      (name < 0 || isFirst) &&
      isPointerToArray(kind, i)
    ) {
      takeWord();
      isToArray = true;
      name = i + 2;
      words++;
      i += 3;
    } else if (at === OPEN_PAREN || at === OPEN_BRACKET) {
      // A function, or a pointer to one: neither is an array.
      if (at === OPEN_PAREN && nesting === 0 && !isInitialiser) isDeclaration = false;
      if (at === OPEN_BRACKET && nesting === 0 && !isInitialiser) isArray = name >= 0 && !isToArray;
      nesting++;
    } else if (at === CLOSE_PAREN || at === CLOSE_BRACKET) {
      if (nesting > 0) nesting--;
    } else if (nesting > 0) continue;
    else if (at === EQUALS) isInitialiser = true;
    else if (at === COMMA) end();
    else if (at === STAR && !isInitialiser) pointers++;
    else if (at === IDENTIFIER && !isInitialiser) {
      const word = names[symbol[i]];
      if (word === 'typedef') isDeclaration = false;
      words++;
      const part = keywordClass(word);
      if (part === NOT_A_KEYWORD && !isArray) {
        takeWord();
        name = i;
      } else if (part === TYPE_WORD || part === TAG_WORD) {
        takeWord();
        specifiers.push(word);
      }
    }
  }
  return found;
}

/** `(*name)[`: what begins there is the declarator of a pointer to an array. */
function isPointerToArray(kind: Tokens['kind'], paren: number): boolean {
  return [STAR, IDENTIFIER, CLOSE_PAREN, OPEN_BRACKET].every((expected, i) => kind[paren + 1 + i] === expected);
}

/** The type that specifiers name (C17 6.7.2): what stands beside a tag or a basic type is a macro, and of two other words one is. */
function typeBy(specifiers: readonly string[]): string {
  const tag = specifiers.findIndex((word) => keywordClass(word) === TAG_WORD);
  if (tag >= 0) return tag + 1 < specifiers.length ? `${specifiers[tag]} ${specifiers[tag + 1]}` : '';
  const basic = specifiers.filter((word) => keywordClass(word) === TYPE_WORD);
  if (basic.length > 0) return basic.join(' ');
  return specifiers.length === 1 ? specifiers[0] : '';
}
