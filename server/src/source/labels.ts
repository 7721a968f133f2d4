/**
 * Labels without a statement behind them, and without a blank in which one could be written: `end:` in front of a `}` or of a
 * conditional group. The `;` takes a letter of the label, and of all that name it.
 */
import { keywordClass, NOT_A_KEYWORD } from './keywords.ts';
import { CLOSE_BRACE, COLON, IDENTIFIER, LOGICAL, OPEN_BRACE } from './lexer.ts';
import type { Walk } from './statements.ts';
import {
  endOf,
  isPlainWord,
  keywordAt,
  nextOf,
  note,
  previousOf,
  startOf,
  type Workbench,
  wordAt,
  writeText,
} from './workbench.ts';

/** How many tokens a function may have for its labels to be found. */
const MAXIMUM_FUNCTION_TOKENS = 100_000;
/** What a shorter name may end in, where the beginning of the longer one is taken. */
const LAST_LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** What is needed of the names in front of a colon in one function. */
export interface LabelNames {
  /** A name with a letter less, for each that has one: no two are the same, and none is that of a label. */
  readonly shorter: ReadonlyMap<string, string>;
  /** The positions of `goto name` and `&&name`. */
  readonly uses: ReadonlyMap<string, readonly number[]>;
}

/** Writes a `;` behind a label, in the place of its colon, and the colon in the place of its last letter. */
export function shortenLabel({ bench, labels }: Walk, label: number, colon: number): void {
  if (keywordAt(bench, label) !== NOT_A_KEYWORD) return;
  const open = functionAround(bench, label);
  if (open < 0 || bench.match[open] < 0) return;
  let names = labels.get(open);
  if (!names) {
    names = namesIn(bench, open);
    labels.set(open, names);
  }
  const name = wordAt(bench, label);
  const shorter = names.shorter.get(name);
  if (shorter === undefined) return;
  for (const p of [label, ...(names.uses.get(name) ?? [])]) {
    writeText(bench, endOf(bench, p) - 2, `${shorter.at(-1)} `);
    note(bench, startOf(bench, p), endOf(bench, p), 'syntax', { name });
  }
  writeText(bench, endOf(bench, label) - 1, ':');
  writeText(bench, startOf(bench, colon), ';');
}

/** The outermost brace that is open at a position, or -1. */
function functionAround({ kind, match }: Workbench, position: number): number {
  let open = -1;
  for (let p = position - 1; p >= 0 && position - p < MAXIMUM_FUNCTION_TOKENS; p--) {
    if (kind[p] === CLOSE_BRACE && match[p] >= 0) p = match[p];
    else if (kind[p] === OPEN_BRACE) open = p;
  }
  return open;
}

function namesIn(bench: Workbench, open: number): LabelNames {
  const { kind, match, count } = bench;
  const labels = new Set<string>();
  const uses = new Map<string, number[]>();
  for (let p = open; p < match[open] && p < count; p++) {
    if (kind[p] !== IDENTIFIER) continue;
    const name = wordAt(bench, p);
    if (kind[nextOf(bench, p)] === COLON && isPlainWord(bench, p)) labels.add(name);
    const before = previousOf(bench, p);
    if (wordAt(bench, before) !== 'goto' && kind[before] !== LOGICAL) continue;
    const known = uses.get(name);
    if (known) known.push(p);
    else uses.set(name, [p]);
  }
  const shorter = new Map<string, string>();
  const taken = new Set(labels);
  for (const name of labels) {
    const found = shorterNames(name).find((each) => !taken.has(each) && keywordClass(each) === NOT_A_KEYWORD);
    if (found === undefined) continue;
    taken.add(found);
    shorter.set(name, found);
  }
  return { shorter, uses };
}

/** Names with one letter less than a name; none for a single letter. */
function shorterNames(name: string): string[] {
  if (name.length < 2) return [];
  const beginning = name.slice(0, -2);
  return [name.slice(0, -1), ...Array.from(LAST_LETTERS, (letter) => beginning + letter)];
}
