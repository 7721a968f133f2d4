/** K&R definitions: names in parentheses, their declarations, then the body. */
import { STORAGE_WORD } from './keywords.ts';
import { CLOSE_BRACE, COMMA, END_OF_FILE, EQUALS, IDENTIFIER, OPEN_BRACE, SEMICOLON } from './lexer.ts';
import { isPlainWord, keywordAt, nextOf, previousOf, type Workbench, wordAt } from './workbench.ts';

const MAXIMUM_HEAD = 400;

/** True when the parentheses from `open` hold names only and declarations of them and a body follow. */
export function isOldStyleHead(bench: Workbench, open: number): boolean {
  const { kind, match } = bench;
  const close = match[open];
  if (close < 0 || nextOf(bench, open) === close) return false;
  const next = nextOf(bench, close);
  if (kind[next] !== IDENTIFIER) return false;
  // A parameter has no storage class but `register`: what stands before `static` is something else.
  if (keywordAt(bench, next) === STORAGE_WORD && wordAt(bench, next) !== 'register') return false;
  let expectsWord = true;
  for (let at = nextOf(bench, open); at < close; at = nextOf(bench, at), expectsWord = !expectsWord) {
    if (expectsWord ? !isPlainWord(bench, at) : kind[at] !== COMMA) return false;
  }
  let at = next;
  for (let hops = 0; hops < MAXIMUM_HEAD && kind[at] !== END_OF_FILE; hops++) {
    if (kind[at] === OPEN_BRACE) return kind[previousOf(bench, at)] === SEMICOLON;
    if (kind[at] === CLOSE_BRACE || kind[at] === EQUALS) return false;
    // Parentheses and a declaration behind them are another head: what stands in front of it is no part of it.
    if (match[at] > at && isPlainWord(bench, previousOf(bench, at)) && kind[nextOf(bench, match[at])] === IDENTIFIER)
      return false;
    at = nextOf(bench, Math.max(match[at], at));
  }
  return false;
}
