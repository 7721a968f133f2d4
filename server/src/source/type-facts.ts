import { detached } from '../base/detached.ts';
import { keywordClass, QUALIFIER_WORD, STORAGE_WORD, TAG_WORD } from './keywords.ts';
import {
  CLOSE_BRACE,
  CLOSE_PAREN,
  COMMA,
  EQUALS,
  IDENTIFIER,
  OPEN_BRACE,
  OPEN_BRACKET,
  SEMICOLON,
  type Tokens,
} from './lexer.ts';

/** The definition of a typedef's name, or of the members of a structure or union. */
export interface TypeFact {
  /** `typedef NAME`, `struct TAG` or `union TAG`. */
  readonly key: string;
  /** The declaration, up to an initialiser. */
  readonly text: string;
}

/** A longer definition is a generated table. */
const MAXIMUM_TYPE_TEXT = 20_000;

/** True when a pragma of the file changes how members lie in memory. */
export function changesLayout(text: string): boolean {
  // Most texts have none, which is quickly found out.
  return text.includes('pragma') && /^[ \t]*#[ \t]*pragma[ \t]+pack\b/m.test(text);
}

/** True when a declaration begins with `struct` or `union`, behind storage classes and qualifiers. */
export function beginsWithTag({ kind, symbol, names }: Tokens, first: number): boolean {
  for (let index = first; index < first + 3 && kind[index] === IDENTIFIER; index++) {
    const keyword = keywordClass(names[symbol[index]]);
    if (keyword === TAG_WORD) return true;
    if (keyword !== STORAGE_WORD && keyword !== QUALIFIER_WORD) return false;
  }
  return false;
}

/** The types that the declaration between two tokens defines: a typedef's names, and tags with members. */
export function definedTypes(tokens: Tokens, text: string, first: number, last: number): TypeFact[] {
  const { kind, symbol, names, start, end } = tokens;
  const nameAt = (index: number): string => (kind[index] === IDENTIFIER ? names[symbol[index]] : '');
  const isTypedef = nameAt(first) === 'typedef';
  const keys: string[] = [];
  let depth = 0;
  let stop = last;
  for (let index = first; index < last; index++) {
    const at = kind[index];
    if (at === OPEN_BRACE) {
      const tag = nameAt(index - 2);
      if (depth === 0 && (tag === 'struct' || tag === 'union')) keys.push(`${tag} ${nameAt(index - 1)}`);
      depth++;
    } else if (at === CLOSE_BRACE) {
      depth--;
    } else if (at === EQUALS && depth === 0) {
      stop = index - 1;
      break;
    } else if (isTypedef && depth === 0 && at === IDENTIFIER && isDeclaratorEnd(kind[index + 1])) {
      keys.push(`typedef ${names[symbol[index]]}`);
    }
  }
  if (keys.length === 0 || stop < first || end[stop] - start[first] > MAXIMUM_TYPE_TEXT) return [];
  const definition = detached(text.slice(start[first], end[stop]));
  return keys.map((key) => ({ key, text: definition }));
}

/** `,`, `;`, `[` and `)`: what may follow the name in a declarator. */
function isDeclaratorEnd(kind: number): boolean {
  return kind === COMMA || kind === SEMICOLON || kind === CLOSE_PAREN || kind === OPEN_BRACKET;
}
