import type { FunctionFact } from './file-declarations.ts';
import {
  AMPERSAND,
  ARROW,
  CLOSE_BRACE,
  CLOSE_PAREN,
  COLON,
  COMMA,
  DOT,
  EQUALS,
  IDENTIFIER,
  OPEN_BRACE,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
  type Tokens,
  tokenAt,
} from './lexer.ts';
import { isUpperCase } from './names.ts';

/**
 * Programs let their users put another allocator in place of the C library's, through pointers to functions: members as in
 * `session->alloc(n)`, or variables as in `lib_malloc(n)`. What stands in them by default says what a call means.
 */
export interface HookFact {
  /** `.name` for a member, else the name of a variable. */
  readonly place: string;
  /** What is stored there: the name of a function or variable, or `.name` for a member. */
  readonly target: string;
}

/** A function that does no more than to call one of the C library's allocators. */
export interface WrapperFact {
  readonly name: string;
  /** The called function: `malloc`, `calloc`, `realloc` or `free`. */
  readonly calls: string;
  /** The parameter that is freed or resized; '' for none. */
  readonly parameter: string;
  /** The parameters' names, in order. */
  readonly parameters: readonly string[];
  /** The macro that makes the function's head, as in `ALLOC_FUNC(name) { … }`; '' for none. Its body has the parameters. */
  readonly macro: string;
  /** It may end the program when there is no memory, as a name that it calls tells. */
  readonly mayEndProgram: boolean;
}

/** What pointers to allocators are called; others are of no interest. */
export const HOOK_NAME = /alloc|free/i;
const CALLED = new Set(['malloc', 'calloc', 'realloc', 'free']);
const ENDS_PROGRAM = /abort|exit|fatal|panic|die|oom|no_?mem/i;

/** What stands further in front of an assignment than this, in tokens, is not looked through for the head of its function. */
const MAXIMUM_WAY_TO_HEAD = 4000;
/** More hooks than this in one file are generated tables. */
const MAXIMUM_HOOKS = 200;
/** A longer expression is no plain choice between functions. */
const MAXIMUM_EXPRESSION = 24;
/** Parameters of a longer declarator are not looked through for its name, in tokens. */
const MAXIMUM_DECLARATOR = 60;
/** A longer body does more than to call an allocator, in tokens. */
const MAXIMUM_WRAPPER = 90;

/**
 * What a text stores in pointers that are named as allocators. Any tokens give a list; nothing throws.
 * @param from the first token of the part that is read
 * @param to the token behind it
 */
export function readHooks(tokens: Tokens, from = 0, to = tokens.count): HookFact[] {
  const { kind } = tokens;
  const found = new Map<string, HookFact>();
  for (let i = Math.max(from, 1); i < to && found.size < MAXIMUM_HOOKS; i++) {
    if (kind[i] !== EQUALS) continue;
    const place = placeBefore(tokens, i);
    if (place === undefined) continue;
    for (const target of targetsBehind(tokens, i)) {
      if (target !== place && !isParameter(tokens, i, target)) found.set(`${place} ${target}`, { place, target });
    }
  }
  return [...found.values()];
}

/**
 * The hooks of a text in which one function's body was edited.
 * @param known those of the text before
 * @param body its braces as tokens, before and now
 */
export function hooksAfterEdit(
  known: readonly HookFact[],
  previous: Tokens,
  before: { readonly open: number; readonly close: number },
  tokens: Tokens,
  now: { readonly open: number; readonly close: number },
): readonly HookFact[] {
  // A declarator behind the body is looked through backwards.
  const within = (of: Tokens, { open, close }: { readonly open: number; readonly close: number }): HookFact[] =>
    readHooks(of, open, Math.min(of.count, close + MAXIMUM_DECLARATOR));
  const old = within(previous, before);
  const isSame = old.length < MAXIMUM_HOOKS && JSON.stringify(old) === JSON.stringify(within(tokens, now));
  return isSame ? known : readHooks(tokens);
}

/** The place that an assignment or initialiser at `equals` stores to, when it is named as an allocator. */
function placeBefore(tokens: Tokens, equals: number): string | undefined {
  let at = equals - 1;
  if (tokens.kind[at] === CLOSE_PAREN) at = declaratorBefore(tokens, at);
  return at < 0 ? undefined : placeAt(tokens, at, true);
}

function placeAt({ kind, symbol, names }: Tokens, at: number, isHook: boolean): string | undefined {
  if (kind[at] !== IDENTIFIER) return undefined;
  const name = names[symbol[at]];
  if (isHook && !HOOK_NAME.test(name)) return undefined;
  return kind[at - 1] === DOT || kind[at - 1] === ARROW ? `.${name}` : name;
}

/** The name in `(*name)(parameters)`, or in `MACRO(*name)`, that the parenthesis at `close` ends; -1 for none. */
function declaratorBefore({ kind }: Tokens, close: number): number {
  let depth = 0;
  for (let i = close; i > Math.max(0, close - MAXIMUM_DECLARATOR); i--) {
    if (kind[i] === CLOSE_PAREN) depth++;
    else if (kind[i] === OPEN_PAREN && --depth === 0) {
      if (kind[i - 1] === CLOSE_PAREN) return kind[i - 2] === IDENTIFIER && kind[i - 3] === STAR ? i - 2 : -1;
      const star = kind[i + 1] === OPEN_PAREN ? i + 2 : i + 1;
      return kind[i - 1] === IDENTIFIER && kind[star] === STAR && kind[star + 1] === IDENTIFIER ? star + 1 : -1;
    }
  }
  return -1;
}

/** The names that the expression behind an equals sign may give: `f`, `&f`, `given ? given : f`. */
function targetsBehind(tokens: Tokens, equals: number): string[] {
  const { kind, count } = tokens;
  const targets: string[] = [];
  let depth = 0;
  for (let i = equals + 1; i < Math.min(count, equals + MAXIMUM_EXPRESSION); i++) {
    const at = kind[i];
    if (at === OPEN_PAREN) depth++;
    else if (at === CLOSE_PAREN && depth > 0) depth--;
    else if (at === OPEN_BRACE) return [];
    else if (depth === 0 && (at === SEMICOLON || at === COMMA || at === CLOSE_BRACE || at === CLOSE_PAREN)) {
      return targets;
    } else if (at === IDENTIFIER) {
      const behind = kind[i + 1];
      const isWhole =
        behind === SEMICOLON ||
        behind === COMMA ||
        behind === CLOSE_BRACE ||
        behind === CLOSE_PAREN ||
        behind === COLON;
      const target = isWhole ? placeAt(tokens, i, false) : undefined;
      if (target !== undefined) targets.push(target);
    }
  }
  // The expression goes on: what it gives is not known.
  return [];
}

/** `table->free = free;` where `free` is a parameter of the function stores what its callers give. */
function isParameter(tokens: Tokens, at: number, name: string): boolean {
  const { kind } = tokens;
  let depth = 0;
  for (let i = at - 1; i > Math.max(0, at - MAXIMUM_WAY_TO_HEAD); i--) {
    if (kind[i] === CLOSE_BRACE) depth++;
    if (kind[i] !== OPEN_BRACE || depth-- > 0) continue;
    depth = 0;
    if (kind[i - 1] === CLOSE_PAREN && parametersBefore(tokens, i).includes(name)) return true;
  }
  return false;
}

/** The functions of a text that only wrap one of the C library's allocators. */
export function readWrappers(tokens: Tokens, functions: readonly FunctionFact[]): WrapperFact[] {
  const found: WrapperFact[] = [];
  for (const fact of functions) {
    if (found.length >= MAXIMUM_HOOKS) break;
    const called = fact.calls.filter((name) => CALLED.has(name));
    if (called.length === 0 || !HOOK_NAME.test(fact.name)) continue;
    // What also frees does so at some size that the caller gives.
    const calls = called.length === 1 ? called[0] : called.includes('free') ? undefined : called.find(isRealloc);
    if (calls === undefined) continue;
    const wrapper = wrapperIn(tokens, fact, calls);
    if (wrapper) found.push(wrapper);
  }
  return found;
}

const isRealloc = (name: string): boolean => name === 'realloc';

function wrapperIn(tokens: Tokens, fact: FunctionFact, calls: string): WrapperFact | undefined {
  const { kind, symbol, names, count } = tokens;
  const open = tokenAt(tokens, fact.bodyStart);
  const close = tokenAt(tokens, fact.bodyEnd - 1);
  if (kind[open] !== OPEN_BRACE || close - open > MAXIMUM_WRAPPER || close >= count) return undefined;
  const listed = parametersBefore(tokens, open);
  // A macro's name stands where the function's should.
  const isMacro = isUpperCase(fact.name) && listed.length === 1;
  const head = isMacro
    ? { name: listed[0], macro: fact.name, parameters: [] }
    : { name: fact.name, macro: '', parameters: listed };
  if (calls !== 'free' && returnsNumber(tokens, fact)) return undefined;
  const mayEndProgram = fact.calls.some((name) => ENDS_PROGRAM.test(name));
  const needsArgument = calls === 'realloc' || calls === 'free';
  for (let i = open; i < close; i++) {
    if (kind[i] !== IDENTIFIER || kind[i + 1] !== OPEN_PAREN || names[symbol[i]] !== calls) continue;
    // `super->free(box)` calls what stands in a member.
    if (kind[i - 1] === DOT || kind[i - 1] === ARROW) return undefined;
    if (!needsArgument) return { ...head, calls, parameter: '', mayEndProgram };
    const at = firstArgument(tokens, i + 1);
    if (at < 0 || (calls === 'free' && asksAnythingBut(tokens, open, close, symbol[at]))) return undefined;
    return { ...head, calls, parameter: names[symbol[at]], mayEndProgram };
  }
  return undefined;
}

/** The head says that the function returns a number, or nothing: what it allocates is not its result. */
function returnsNumber(tokens: Tokens, fact: FunctionFact): boolean {
  const { kind, symbol, names } = tokens;
  let hasNumber = false;
  for (let i = tokenAt(tokens, fact.start); kind[i] !== OPEN_PAREN && tokens.start[i] < fact.bodyStart; i++) {
    if (kind[i] === STAR) return false;
    if (kind[i] === IDENTIFIER && NUMBER_TYPE.test(names[symbol[i]])) hasNumber = true;
  }
  return hasNumber;
}

const NUMBER_TYPE = /^(?:int|long|short|char|unsigned|signed|bool|_Bool|void|s?size_t|u?int\d+_t)$/;

/** The name that is the whole first argument of a call, casts apart; -1 for none. */
function firstArgument({ kind }: Tokens, open: number): number {
  let at = open + 1;
  // `(void *)p`.
  while (kind[at] === OPEN_PAREN) {
    while (kind[at] === IDENTIFIER || kind[at] === STAR || kind[at] === OPEN_PAREN) at++;
    if (kind[at] !== CLOSE_PAREN) return -1;
    at++;
  }
  const isWhole = kind[at] === IDENTIFIER && (kind[at + 1] === COMMA || kind[at + 1] === CLOSE_PAREN);
  return isWhole ? at : -1;
}

/** A condition in the body looks at something else than one name: what happens behind it is not certain. */
function asksAnythingBut({ kind, symbol, names }: Tokens, open: number, close: number, allowed: number): boolean {
  for (let i = open; i < close; i++) {
    if (kind[i] !== IDENTIFIER) continue;
    const word = names[symbol[i]];
    if (word === 'while' || word === 'for' || word === 'switch' || word === 'goto') return true;
    if (word !== 'if') continue;
    for (let j = i + 2, depth = 1; j < close && depth > 0; j++) {
      if (kind[j] === OPEN_PAREN) depth++;
      else if (kind[j] === CLOSE_PAREN) depth--;
      else if (kind[j] === AMPERSAND) return true;
      else if (kind[j] === IDENTIFIER && symbol[j] !== allowed && names[symbol[j]] !== 'NULL') return true;
    }
  }
  return false;
}

/** The names of the parameters in front of a function's body, in order. */
function parametersBefore({ kind, symbol, names }: Tokens, open: number): string[] {
  let close = open - 1;
  while (close > 0 && kind[close] !== CLOSE_PAREN) close--;
  const parameters: string[] = [];
  let depth = 0;
  let last = '';
  for (let i = close; i > Math.max(0, close - 120); i--) {
    if (kind[i] === CLOSE_PAREN) depth++;
    else if (kind[i] === OPEN_PAREN && --depth === 0) break;
    if (depth !== 1) continue;
    if (kind[i] === COMMA) {
      parameters.unshift(last);
      last = '';
    } else if (kind[i] === IDENTIFIER && last === '') last = names[symbol[i]];
  }
  parameters.unshift(last);
  return parameters;
}
