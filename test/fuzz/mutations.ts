import { tokenise } from '../../server/src/source/lexer.ts';

/** Numbers below a limit, the same for the same seed on every machine. */
export type RandomNumbers = (limit: number) => number;

/** Mulberry32, a generator of 32 bits of state. */
export function randomNumbers(seed: number): RandomNumbers {
  let state = seed >>> 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}

/** Words and lines that lead somewhere in the front end or the engine. */
const dictionary = [
  ...'{ } ( ) [ ] ; , . -> * & ! ~ ? : = == ... ## # "" \' \\ // /* */ 0 1 -1 NULL sizeof'.split(' '),
  ...'if else while for do switch case default goto return break continue defer typeof auto static extern'.split(' '),
  ...'malloc( free( realloc( calloc( strdup( memcpy( p q x FOREACH( CHECK( SAFE_FREE('.split(' '),
  '\n#if A\n',
  '\n#if 0\n',
  '\n#ifdef __cplusplus\n',
  '\n#else\n',
  '\n#elif B\n',
  '\n#endif\n',
  '\n#define M(x) free(x)\n',
  '\n#define N(x, ...) do { x = M(x ## 1); } while (0)\n',
  '\n#define free N\n',
  '\n#undef M\n',
  '\n#include "a.c"\n',
  'out: ',
  'goto out;',
  'if (!p) return 0;',
  'p = malloc(n);',
  'free(p);',
  'while (p) p = *(char **)p;',
  '({ int y = 1; y; })',
  'int f(a) int a; {',
  '__attribute__((cleanup(free))) ',
  '// ritual-ignore',
];

type Mutation = (text: string, random: RandomNumbers, other: string) => string;

/** A range of whole tokens. */
function tokenRange(text: string, random: RandomNumbers, most: number): { start: number; end: number } {
  const { start, end, count } = tokenise(text);
  if (count < 2) return { start: 0, end: text.length };
  const first = random(count - 1);
  const last = Math.min(count - 2, first + random(most));
  return { start: start[first], end: end[last] };
}

/** From an opening bracket to the one that closes it, if there is one. */
function group(text: string, random: RandomNumbers): { start: number; end: number } {
  const { kind, start, end, count } = tokenise(text);
  const opening = [...kind.keys()].filter((i) => kind[i] === 123 || kind[i] === 40);
  if (opening.length === 0) return tokenRange(text, random, 8);
  const first = opening[random(opening.length)];
  let depth = 0;
  for (let at = first; at < count; at++) {
    if (kind[at] === kind[first]) depth++;
    else if (kind[at] === kind[first] + (kind[first] === 40 ? 1 : 2) && --depth === 0)
      return { start: start[first], end: end[at] };
  }
  return { start: start[first], end: text.length };
}

function replaced(text: string, { start, end }: { start: number; end: number }, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

const mutations: readonly Mutation[] = [
  // Of the grammar: tokens, groups, lines, words.
  (text, random) => replaced(text, tokenRange(text, random, 6), ''),
  (text, random) => replaced(text, tokenRange(text, random, 1), dictionary[random(dictionary.length)]),
  (text, random) => {
    const { start } = tokenRange(text, random, 1);
    return `${text.slice(0, start)} ${dictionary[random(dictionary.length)]} ${text.slice(start)}`;
  },
  (text, random) => {
    const { start, end } = tokenRange(text, random, 12);
    return text.slice(0, end) + text.slice(start, end) + text.slice(end);
  },
  (text, random, other) => {
    const { start, end } = tokenRange(other, random, 20);
    return replaced(text, tokenRange(text, random, 4), ` ${other.slice(start, end)} `);
  },
  (text, random, other) => {
    const { start, end } = group(other, random);
    return replaced(text, group(text, random), other.slice(start, end));
  },
  (text, random) => {
    const { start, end } = group(text, random);
    return text.slice(0, start) + text.slice(start, end).repeat(2 + random(6)) + text.slice(end);
  },
  (text, random) => {
    const lines = text.split('\n');
    const from = random(lines.length);
    const [line] = lines.splice(from, 1);
    lines.splice(random(lines.length + 1), 0, line);
    return lines.join('\n');
  },
  (text, random, other) => {
    const cut = random(text.length + 1);
    return text.slice(0, cut) + other.slice(random(other.length + 1));
  },
  (text, random) => {
    const words = [...new Set(text.match(/[A-Za-z_]\w*/g) ?? ['x'])];
    const word = words[random(words.length)];
    return text.replaceAll(new RegExp(`\\b${word}\\b`, 'g'), words[random(words.length)]);
  },
  // Of bytes.
  (text, random) => text.slice(0, random(text.length + 1)),
  (text, random) => {
    const at = random(text.length + 1);
    return text.slice(0, at) + text.slice(at + random(40));
  },
  (text, random) => {
    const at = random(text.length + 1);
    return (
      text.slice(0, at) + String.fromCharCode(random(random(4) === 0 ? 0x10000 : 256)) + text.slice(at + random(2))
    );
  },
  (text, random) => {
    const bytes = Buffer.from(text, 'utf8');
    for (let i = 0; i < 1 + random(4) && bytes.length > 0; i++) bytes[random(bytes.length)] ^= 1 << random(8);
    return bytes.toString('utf8');
  },
  (text) => text.replaceAll('\n', '\r\n'),
];

/** Longer texts than this are cut: a run is to be short. */
const MAXIMUM_TEXT = 12_000;

/** A program that looks real and is not, by one to eight changes of a seed. */
export function mutated(seeds: readonly string[], random: RandomNumbers): string {
  let text = seeds[random(seeds.length)];
  const count = 1 + random(8);
  for (let i = 0; i < count; i++) {
    text = mutations[random(mutations.length)](text, random, seeds[random(seeds.length)]).slice(0, MAXIMUM_TEXT);
  }
  return text;
}
