import { declarationMarks } from './file-scope.ts';
import { keywordClass, TYPE_WORD } from './keywords.ts';
import {
  AMPERSAND,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COMMA,
  DIRECTIVE,
  DOT,
  EQUALS,
  IDENTIFIER,
  NUMBER,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
  type Tokens,
} from './lexer.ts';

/** A variable outside of functions whose initialiser names functions: a handler, or a table of them. */
export interface FunctionVariable {
  readonly name: string;
  /** What the initialiser says holds as long as the program runs. */
  readonly isConst: boolean;
  /** Other files cannot mean it. */
  readonly isStatic: boolean;
  /** By the way from the variable to the pointer, as in `.release` or `[2].run`; '' for the variable itself and what stands first. */
  readonly functions: readonly { readonly place: string; readonly name: string }[];
}

/** More of them in one file are generated tables. */
const MAXIMUM_VARIABLES = 200;
/** Tables with more entries are not read to their ends. */
const MAXIMUM_FUNCTIONS = 64;
/** Lists in lists deeper than this are not read. */
const MAXIMUM_DEPTH = 3;
/** Macros, as a rule: constants and NULL. */
const CAPITALS = /^[A-Z][A-Z0-9_]*$/;

/** Reads the variables at file scope whose initialisers may name functions. Any text gives a list; nothing throws. */
export function readFunctionVariables(tokens: Tokens): FunctionVariable[] {
  const found: FunctionVariable[] = [];
  for (const { at, first } of declarationMarks(tokens)) {
    if (found.length >= MAXIMUM_VARIABLES) break;
    if (tokens.kind[at] !== EQUALS) continue;
    const declared = declaredAt(tokens, first, at);
    if (!declared) continue;
    const { isArray, ...variable } = declared;
    const functions = initialFunctions(tokens, at + 1, isArray);
    // Whoever writes to what is no constant may store anything in it: only the function that it begins with is of interest.
    const kept = variable.isConst ? functions : functions.filter(({ place }) => place === '' && !isArray);
    if (kept.length > 0) found.push({ ...variable, functions: kept });
  }
  return found;
}

/** The variable that is declared by the tokens in front of its initialiser; undefined where it can hold no pointer to a function. */
function declaredAt(
  { kind, symbol, names }: Tokens,
  first: number,
  equals: number,
): { name: string; isConst: boolean; isStatic: boolean; isArray: boolean } | undefined {
  let name = '';
  let isArray = false;
  let isConst = false;
  let isStatic = false;
  let isPointerToFunction = false;
  let stars = 0;
  let hasOwnType = false;
  for (let i = first; i < equals; i++) {
    if (kind[i] === OPEN_BRACKET) {
      isArray = name !== '';
      i = closing(kind, i, equals, OPEN_BRACKET, CLOSE_BRACKET);
    } else if (kind[i] === OPEN_PAREN) {
      if (kind[i + 1] === STAR && !isPointerToFunction) isPointerToFunction = true;
      else i = closing(kind, i, equals, OPEN_PAREN, CLOSE_PAREN);
    } else if (kind[i] === OPEN_BRACE || kind[i] === COMMA) return undefined;
    else if (kind[i] === STAR) {
      stars++;
      isConst = false;
    } else if (kind[i] === IDENTIFIER) {
      const word = names[symbol[i]];
      if (word === 'typedef') return undefined;
      if (word === 'static') isStatic = true;
      else if (word === 'const') isConst = true;
      else if (keywordClass(word) !== TYPE_WORD) {
        // The type's name comes in front of the variable's.
        if (name !== '') hasOwnType = true;
        name = word;
      }
    }
  }
  // Of a pointer to a type with a name of its own it is not known whether that is a function's.
  if (name === '' || (!isPointerToFunction && (!hasOwnType || stars > (isConst ? 1 : 0)))) return undefined;
  return { name, isConst, isStatic, isArray };
}

function closing(kind: Tokens['kind'], open: number, end: number, opening: number, close: number): number {
  let depth = 0;
  for (let i = open; i < end; i++) {
    if (kind[i] === opening) depth++;
    else if (kind[i] === close && --depth === 0) return i;
  }
  return end;
}

function initialFunctions(
  tokens: Tokens,
  start: number,
  isArray: boolean,
): { readonly place: string; readonly name: string }[] {
  const { kind, symbol, names, text, start: starts, end: ends, count } = tokens;
  const found: { place: string; name: string }[] = [];
  const nameAt = (i: number): string | undefined => {
    const at = kind[i] === AMPERSAND ? i + 1 : i;
    const isWhole = [COMMA, SEMICOLON, CLOSE_BRACE].includes(kind[at + 1]);
    const name = kind[at] === IDENTIFIER && isWhole ? names[symbol[at]] : undefined;
    return name === undefined || CAPITALS.test(name) ? undefined : name;
  };
  if (kind[start] !== OPEN_BRACE) {
    const name = nameAt(start);
    return name === undefined ? [] : [{ place: '', name }];
  }
  /** The lists that are open: where each stands, or undefined for those of which nothing is known, and the position in it. */
  const lists: { readonly place: string | undefined; position: number }[] = [];
  let place: string | undefined = '';
  let begins = true;
  for (let i = start; i < count && kind[i] !== SEMICOLON && kind[i] !== DIRECTIVE; i++) {
    const list = lists.at(-1);
    if (begins && list) {
      // By position only the elements of the variable itself are known to be that.
      place = isArray && lists.length === 1 ? element(list.position) : undefined;
      const designated = kind[i] === DOT || kind[i] === OPEN_BRACKET;
      if (designated) {
        place = list.place;
        for (; kind[i] === DOT || kind[i] === OPEN_BRACKET; i++) {
          const word = text.slice(starts[i + 1], ends[i + 1]);
          const isIndex = kind[i] === OPEN_BRACKET;
          if (isIndex && (kind[i + 1] !== NUMBER || kind[i + 2] !== CLOSE_BRACKET || !/^\d+$/.test(word)))
            place = undefined;
          if (isIndex) i = closing(kind, i, count, OPEN_BRACKET, CLOSE_BRACKET);
          else i++;
          if (place === undefined) continue;
          if (isIndex) list.position = Number(word);
          place += isIndex ? element(Number(word)) : `.${word}`;
        }
        if (kind[i] !== EQUALS) return found;
        i++;
      }
      const name = place === undefined ? undefined : nameAt(i);
      if (name !== undefined) found.push({ place: place!, name });
      if (found.length >= MAXIMUM_FUNCTIONS) return found;
    }
    begins = false;
    if (kind[i] === OPEN_BRACE) {
      if (lists.length >= MAXIMUM_DEPTH) return found;
      lists.push({ place, position: 0 });
      begins = true;
    } else if (kind[i] === CLOSE_BRACE) {
      lists.pop();
      if (lists.length === 0) return found;
    } else if (kind[i] === OPEN_PAREN) i = closing(kind, i, count, OPEN_PAREN, CLOSE_PAREN);
    else if (kind[i] === COMMA && list) {
      list.position++;
      begins = true;
    }
  }
  return found;
}

/** The first element is at the same place as the array. */
function element(position: number): string {
  return position === 0 ? '' : `[${position}]`;
}
