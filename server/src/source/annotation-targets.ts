/** The names that an annotation is for, told from where it stands in a declaration. */
import type { Meaning } from './attributes.ts';
import { NOT_A_KEYWORD } from './keywords.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  CLOSE_PAREN,
  COMMA,
  END_OF_FILE,
  EQUALS,
  IDENTIFIER,
  OPEN_BRACE,
  OPEN_BRACKET,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
} from './lexer.ts';
import { suggestsCleanup } from './names.ts';
import {
  isPlainWord,
  keywordAt,
  nextOf,
  previousOf,
  remove,
  shapeAt,
  startOf,
  type Workbench,
  wordAt,
} from './workbench.ts';

/** The offsets of the names that an annotation between `from` and `to` applies to. */
export function targetsOf(bench: Workbench, from: number, to: number): number[] {
  const { kind, match } = bench;
  const before = previousOf(bench, from);
  const after = nextOf(bench, to);
  if (before >= 0 && !isDeclarationStart(kind[after])) {
    let at = before;
    let hops = 0;
    while (at >= 0 && hops++ < 8 && (kind[at] === CLOSE_BRACKET || kind[at] === CLOSE_PAREN)) {
      if (match[at] < 0) return [];
      at = previousOf(bench, match[at]);
      // `int (*name)(void) ATTRIBUTE`
      if (kind[at] === CLOSE_PAREN && match[at] >= 0 && kind[at - 1] === IDENTIFIER) at = at - 1;
    }
    if (at >= 0 && isPlainWord(bench, at)) return [startOf(bench, at)];
  }
  return namesDeclaredBehind(bench, after);
}

/** Blanks what belongs to a declaration from `from` on and is no part of its type or name; what nobody defines may say what it does. */
export function removeAnnotation(bench: Workbench, from: number, to: number): void {
  const name = wordAt(bench, from);
  const meanings = guessedMeanings(bench, from);
  const targets = meanings.length > 0 ? targetsOf(bench, from, to) : [];
  remove(bench, from, to, 'annotation', { name, meanings, targets });
}

/** What the word at `p`, which nobody in sight defines, says by its name: something out of sight is given the variable. */
export function guessedMeanings(bench: Workbench, p: number): readonly Meaning[] {
  const name = wordAt(bench, p);
  return suggestsCleanup(name) && shapeAt(bench, p) === undefined ? [{ kind: 'cleanup', function: name }] : [];
}

function isDeclarationStart(kind: number): boolean {
  return kind === IDENTIFIER || kind === STAR || kind === END_OF_FILE;
}

/** The offsets of the names that the declaration from a token on declares; of a function the function's alone. */
export function namesDeclaredBehind(bench: Workbench, from: number): number[] {
  const { kind, match, count } = bench;
  const names: number[] = [];
  let expectsName = true;
  for (let p = from; p < count && p < from + 4000; p = nextOf(bench, p)) {
    const at = kind[p];
    if (at === END_OF_FILE || at === SEMICOLON || at === CLOSE_PAREN || at === CLOSE_BRACE) break;
    if (at === COMMA) {
      expectsName = true;
      if (names.length === 0) break;
    } else if (at === OPEN_PAREN || at === OPEN_BRACKET || at === OPEN_BRACE) {
      if (at === OPEN_PAREN && expectsName && kind[p + 1] === STAR) {
        // `(*name)(...)`: go into the parentheses.
        const inner = nextOf(bench, p + 1);
        if (isPlainWord(bench, inner)) names.push(startOf(bench, inner));
        expectsName = false;
      }
      if (match[p] < p) break;
      if (at === OPEN_BRACE && names.length > 0 && expectsName === false && kind[previousOf(bench, p)] === CLOSE_PAREN)
        break;
      p = match[p];
    } else if (at === EQUALS) {
      expectsName = false;
    } else if (at === IDENTIFIER && expectsName && isPlainWord(bench, p)) {
      const after = kind[nextOf(bench, p)];
      if (after === OPEN_PAREN && keywordAt(bench, p) === NOT_A_KEYWORD) {
        names.push(startOf(bench, p));
        return names;
      }
      if (
        after === EQUALS ||
        after === SEMICOLON ||
        after === COMMA ||
        after === OPEN_BRACKET ||
        after === CLOSE_PAREN
      ) {
        names.push(startOf(bench, p));
        expectsName = false;
      }
    }
    if (p === count - 1) break;
  }
  return names;
}
