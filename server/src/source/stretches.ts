/**
 * Cuts a file into stretches that mean the same wherever they stand: one for each function, the declarations between
 * them in handfuls. The stretches tile the text, so that each can be parsed alone and kept when an edit leaves it as it is.
 */
import { BLOCK } from './brackets.ts';
import { CLOSE_BRACE, CLOSE_PAREN, END_OF_FILE, EQUALS, IDENTIFIER, OPEN_BRACE, SEMICOLON } from './lexer.ts';
import { endOf, REMOVED, startOf, type Workbench } from './workbench.ts';

export interface Stretch {
  /** The offset behind its last token; it begins where the one before ends. */
  readonly end: number;
  /** For a function the offset of the first token of its head, else -1. */
  readonly head: number;
}

/** Declarations are gathered until they are this long, in UTF-16 code units: a parse has a price of its own. */
const GATHERED_LENGTH = 1500;

/** The stretches of a text that was rewritten; the last one ends where the text does. */
export function findStretches(bench: Workbench): Stretch[] {
  const { kind, match, context, count, text } = bench;
  const stretches: Stretch[] = [];
  let begin = 0;
  // Where the declaration being read begins, and its first token.
  let cut = 0;
  let head = -1;
  const push = (end: number, headOffset: number): void => {
    stretches.push({ end, head: headOffset });
    begin = cut = end;
    head = -1;
  };
  for (let p = 0; p < count; p++) {
    const at = kind[p];
    if (at === REMOVED || at === END_OF_FILE) continue;
    if (head < 0) head = p;
    if (at === OPEN_BRACE) {
      if (match[p] < 0) continue;
      const isFunction = context[p] === BLOCK;
      const first = startOf(bench, head);
      p = match[p];
      if (!isFunction) continue;
      if (cut > begin) stretches.push({ end: cut, head: -1 });
      push(endOf(bench, p), first);
    } else if (at === SEMICOLON) {
      if (isOldStyle(bench, head, p)) continue;
      cut = endOf(bench, p);
      head = -1;
      if (cut - begin >= GATHERED_LENGTH) push(cut, -1);
    } else if (at === CLOSE_BRACE) {
      // A brace too many: what stands before it is no part of what follows.
      push(endOf(bench, p), -1);
    } else if (match[p] > p) {
      p = match[p];
    }
  }
  if (begin < text.length || stretches.length === 0) stretches.push({ end: text.length, head: -1 });
  return stretches;
}

/** `int f(a, b) int a;`: the head of a K&R definition goes on behind the `;`. */
function isOldStyle({ kind, match, count }: Workbench, head: number, semicolon: number): boolean {
  for (let p = head; p < semicolon; p++) {
    if (kind[p] === EQUALS) return false;
    if (match[p] > p) p = match[p];
    if (kind[p] !== CLOSE_PAREN) continue;
    let next = p + 1;
    while (next < count && kind[next] === REMOVED) next++;
    return kind[next] === IDENTIFIER && next + 1 < semicolon;
  }
  return false;
}
