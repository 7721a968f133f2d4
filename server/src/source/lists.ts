/** Elements of initialisers, enumerations and rows of strings that macros make: the commas that they leave out. */
import { INITIALISER } from './brackets.ts';
import {
  CHARACTER,
  CLOSE_BRACE,
  CLOSE_PAREN,
  COMMA,
  IDENTIFIER,
  NUMBER,
  OPEN_BRACE,
  OPEN_PAREN,
  STRING,
} from './lexer.ts';
import {
  insertBetween,
  isPlainWord,
  nextOf,
  previousOf,
  remove,
  startsLine,
  type Workbench,
  wordAt,
} from './workbench.ts';

/** `T("a") T("b")`: string macros side by side in an expression; the first stands for all. */
export function joinStrings(bench: Workbench, from: number): void {
  const { kind, match } = bench;
  let p = from;
  while (isPlainWord(bench, p) || kind[p] === STRING) {
    const open = nextOf(bench, p);
    const hasArguments = kind[p] === IDENTIFIER && kind[open] === OPEN_PAREN && match[open] > 0;
    const last = hasArguments ? match[open] : p;
    const following = nextOf(bench, last);
    remove(bench, p, last, 'string-macro', kind[p] === IDENTIFIER ? { name: wordAt(bench, p) } : {});
    p = following;
  }
}

/** A lone name in an initialiser or enumerator list, followed by another element without a comma between them. */
export function wordInList(bench: Workbench, p: number, inside: number): void {
  const next = nextOf(bench, p);
  const before = bench.kind[previousOf(bench, p)];
  if (before !== COMMA && before !== OPEN_BRACE) return;
  if (!startsLine(bench, next)) return;
  const kind = bench.kind[next];
  if (
    kind === OPEN_BRACE ||
    (kind === IDENTIFIER && isPlainWord(bench, next)) ||
    (inside === INITIALISER && kind === 46)
  ) {
    insertBetween(bench, p, next, ',');
  }
}

/** Puts the comma that a table made by macros leaves out behind its element that ends at `p`. */
export function separate(bench: Workbench, p: number): void {
  const open = bench.match[p];
  const before = previousOf(bench, open);
  const isCall = bench.kind[p] === CLOSE_PAREN;
  if (isCall && (before < 0 || !isPlainWord(bench, before))) return;
  const first = isCall ? previousOf(bench, before) : before;
  const lead = first < 0 ? 0 : bench.kind[first];
  if (lead !== COMMA && lead !== OPEN_BRACE && lead !== CLOSE_BRACE && lead !== CLOSE_PAREN) return;
  separateAt(bench, p);
}

export function separateAt(bench: Workbench, p: number): void {
  const next = nextOf(bench, p);
  const kind = bench.kind[next];
  if (
    kind === IDENTIFIER ||
    kind === OPEN_BRACE ||
    kind === NUMBER ||
    kind === CHARACTER ||
    (kind === 46 && startsLine(bench, next))
  ) {
    insertBetween(bench, p, next, ',');
  }
}
