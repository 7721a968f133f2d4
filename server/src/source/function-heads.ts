/** Heads of functions, as prototypes and definitions have them, told from declarations of everything else. */
import { ATTRIBUTE_WORD, isDeclarationWord, keywordClass, NOISE_WORD, NOT_A_KEYWORD, TAG_WORD } from './keywords.ts';
import {
  CLOSE_BRACE,
  CLOSE_PAREN,
  COMMA,
  ELLIPSIS,
  EQUALS,
  IDENTIFIER,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  type Tokens,
} from './lexer.ts';
import { isUpperCase } from './names.ts';

interface FunctionHead {
  readonly name: string;
  /** -1 when the parameters cannot be counted (`...` counts as none). */
  readonly parameterCount: number;
  readonly isVariadic: boolean;
  /** Words that may be annotations: neither keywords nor the function's name. */
  readonly words: readonly string[];
  readonly isStatic: boolean;
  /** Something stands in front of the name. */
  readonly hasType: boolean;
  /** The declarations of the parameters of a K&R definition begin behind the parentheses. */
  readonly isOldStyle: boolean;
  /** It carries an `__attribute__`, `__declspec` or `[[...]]`. */
  readonly hasAttributes: boolean;
}

/** Reads a function's head between two tokens; `undefined` if it declares no function. */
export function readHead(tokens: Tokens, first: number, last: number): FunctionHead | undefined {
  const { kind, symbol, names } = tokens;
  const candidates: { at: number; open: number; close: number }[] = [];
  const words: string[] = [];
  let isStatic = false;
  let hasAttributes = false;
  let depth = 0;
  let open = 0;
  for (let index = first; index < last; index++) {
    const at = kind[index];
    if (at === OPEN_PAREN) {
      if (depth++ === 0) open = index;
    } else if (at === CLOSE_PAREN) {
      if (depth > 0 && --depth === 0 && kind[open - 1] === IDENTIFIER && open > first) {
        const keyword = keywordClass(names[symbol[open - 1]]);
        if (keyword === ATTRIBUTE_WORD) hasAttributes = true;
        if (keyword === NOT_A_KEYWORD) candidates.push({ at: open - 1, open, close: index });
      } else if (depth === 0 && isNameInParentheses(tokens, open - 1, first)) {
        // `void (stop)(int status);`: what stands in front of the parentheses is the type, or a macro that makes it.
        if (candidates.at(-1)?.close === open - 1) candidates.pop();
        candidates.push({ at: open - 2, open, close: index });
      }
    } else if (depth === 0) {
      if (at === EQUALS || at === OPEN_BRACE || at === CLOSE_BRACE) return undefined;
      if (at === IDENTIFIER) {
        const word = names[symbol[index]];
        const keyword = keywordClass(word);
        if (word === 'static') isStatic = true;
        if (word === 'typedef') return undefined;
        if (keyword === NOT_A_KEYWORD || keyword === NOISE_WORD) words.push(word);
      } else if (at === OPEN_BRACKET && kind[index + 1] === OPEN_BRACKET) {
        hasAttributes = true;
      }
    }
  }
  if (candidates.length === 0 || candidates.length > 16) return undefined;
  // `MACRO(x) enum {`: a type's body, not a function's.
  for (let index = last - 1; index >= last - 2 && index > first; index--) {
    if (kind[index] !== IDENTIFIER) break;
    if (keywordClass(names[symbol[index]]) === TAG_WORD) return undefined;
  }
  // `make_list(item)` without a `;`, and a head behind it: no declaration begins with what has no type in front of it.
  if (candidates.length > 1 && candidates[0].at === first && beginsWord(tokens, candidates[0].close + 1))
    candidates.shift();
  const chosen =
    candidates.length > 1 && isUpperCase(names[symbol[candidates[0].at]])
      ? (candidates.find((each) => !isUpperCase(names[symbol[each.at]])) ?? candidates[0])
      : candidates[0];
  const name = names[symbol[chosen.at]];
  const counted = countParameters(tokens, chosen.open, chosen.close);
  const after = chosen.close + 1;
  const afterWord = after < last && kind[after] === IDENTIFIER ? names[symbol[after]] : '';
  const afterClass = keywordClass(afterWord);
  const isOldStyle =
    kind[last] === SEMICOLON &&
    kind[chosen.open + 1] === IDENTIFIER &&
    (isDeclarationWord(afterClass) || (afterWord !== '' && afterClass === NOT_A_KEYWORD && last - after >= 2)) &&
    kind[after + 1] !== OPEN_PAREN &&
    areBareNames(tokens, chosen.open, chosen.close) &&
    declaresOneOf(tokens, chosen.open, chosen.close, last);
  const hasType = chosen.at > first;
  return {
    name,
    ...counted,
    words: words.filter((word) => word !== name),
    isStatic,
    hasType,
    isOldStyle,
    hasAttributes,
  };
}

/** `(name)` ends at a token, and something stands in front of it. */
function isNameInParentheses({ kind, symbol, names }: Tokens, close: number, first: number): boolean {
  return (
    kind[close] === CLOSE_PAREN &&
    kind[close - 1] === IDENTIFIER &&
    kind[close - 2] === OPEN_PAREN &&
    kind[close - 3] === IDENTIFIER &&
    close - 3 >= first &&
    keywordClass(names[symbol[close - 1]]) === NOT_A_KEYWORD &&
    keywordClass(names[symbol[close - 3]]) !== ATTRIBUTE_WORD
  );
}

/** A word of a declaration stands there, other than an attribute. */
function beginsWord({ kind, symbol, names }: Tokens, index: number): boolean {
  return kind[index] === IDENTIFIER && keywordClass(names[symbol[index]]) !== ATTRIBUTE_WORD;
}

/** The declaration behind the parentheses is of one of the names between them, which nothing else has in common. */
function declaresOneOf({ kind, symbol }: Tokens, open: number, close: number, last: number): boolean {
  const declared = new Set<number>();
  for (let index = close + 1; index < last; index++) if (kind[index] === IDENTIFIER) declared.add(symbol[index]);
  for (let index = open + 1; index < close; index += 2) if (declared.has(symbol[index])) return true;
  return false;
}

/** `(a, b)`: nothing but the parameters' names. */
function areBareNames({ kind }: Tokens, open: number, close: number): boolean {
  for (let index = open + 1; index < close; index++) {
    if (kind[index] !== (((index - open) & 1) === 1 ? IDENTIFIER : COMMA)) return false;
  }
  return true;
}

function countParameters(
  { kind, symbol, names }: Tokens,
  open: number,
  close: number,
): Pick<FunctionHead, 'parameterCount' | 'isVariadic'> {
  if (close === open + 1) return { parameterCount: 0, isVariadic: false };
  if (close === open + 2 && kind[open + 1] === IDENTIFIER && names[symbol[open + 1]] === 'void') {
    return { parameterCount: 0, isVariadic: false };
  }
  let count = 1;
  let depth = 0;
  let isVariadic = false;
  const isPlain = (index: number): boolean =>
    kind[index] === IDENTIFIER && keywordClass(names[symbol[index]]) === NOT_A_KEYWORD;
  for (let index = open + 1; index < close; index++) {
    // `T *a MORE(T *b)`: a macro may make further ones.
    if (depth === 0 && kind[index] === OPEN_PAREN && isPlain(index - 1) && isPlain(index - 2))
      return { parameterCount: -1, isVariadic };
    if (kind[index] === OPEN_PAREN) depth++;
    else if (kind[index] === CLOSE_PAREN) depth--;
    else if (kind[index] === COMMA && depth === 0) count++;
    else if (kind[index] === ELLIPSIS) isVariadic = true;
  }
  return { parameterCount: isVariadic ? count - 1 : count, isVariadic };
}
