/**
 * The facts of an edited text, made from those of the text before where it is plain that the edit reaches no others:
 * inside one function's body, in the blanks between declarations, in one `#define`. They are those that `collectFacts` gives.
 */
import { readConstantVariables } from './constant-variables.ts';
import { directiveFacts } from './directive-facts.ts';
import { directiveAt } from './directives.ts';
import { fieldNames, type SourceFacts } from './facts.ts';
import { calledNames, type FunctionFact } from './file-declarations.ts';
import { hooksAfterEdit, readWrappers } from './hooks.ts';
import { keywordClass, TAG_WORD } from './keywords.ts';
import { CLOSE_BRACE, DIRECTIVE, IDENTIFIER, OPEN_BRACE, SEMICOLON, type Tokens, tokenAt } from './lexer.ts';
import type { TokenSplice } from './retokenise.ts';
import { changeBetween, type TextChange } from './text-change.ts';

interface EditedFacts {
  readonly facts: SourceFacts;
  /** True when nothing but offsets differs. */
  readonly isSame: boolean;
}

/** The facts of `tokens`, when they follow from `before`, those of the tokens that `splice` changed; else undefined. */
export function factsAfterEdit(before: SourceFacts, splice: TokenSplice, tokens: Tokens): EditedFacts | undefined {
  const { previous, first, last } = splice;
  const change = changeBetween(previous.text, tokens.text);
  // Pragmas and comments about `#undef` are looked for in the text itself.
  const saysMore = (text: string, start: number, end: number): boolean => /pragma|undef/.test(text.slice(start, end));
  const from = previous.start[first];
  if (saysMore(previous.text, from, previous.start[last])) return undefined;
  if (saysMore(tokens.text, from, tokens.start[last + tokens.count - previous.count])) return undefined;
  const inside = before.functions.find(({ bodyStart, bodyEnd }) => bodyStart < from && previous.start[last] < bodyEnd);
  if (inside) return isInBody(splice, tokens, inside) ? afterBody(before, splice, tokens, change, inside) : undefined;
  if (isInBlanks(before, splice, tokens, change)) return { facts: moved(before, change, tokens), isSame: true };
  if (!isInDefine(before, splice, tokens, change)) return undefined;
  const constants = readConstantVariables(tokens);
  return {
    facts: { ...moved(before, change, tokens), ...directiveFacts(before.file, tokens), constants },
    isSame: false,
  };
}

function afterBody(
  before: SourceFacts,
  { previous }: TokenSplice,
  tokens: Tokens,
  change: TextChange,
  edited: FunctionFact,
): EditedFacts {
  const facts = moved(before, change, tokens);
  const position = before.functions.indexOf(edited);
  const now = facts.functions[position];
  const open = tokenAt(tokens, now.bodyStart);
  const close = tokenAt(tokens, now.bodyEnd - 1);
  const calls = sameOr(edited.calls, calledNames(tokens, open, close));
  const fields = sameOr(before.fields, fieldNames(tokens));
  const functions = calls === edited.calls ? facts.functions : facts.functions.with(position, { ...now, calls });
  const bodyBefore = { open: tokenAt(previous, edited.bodyStart), close: tokenAt(previous, edited.bodyEnd - 1) };
  const hooks = sameOr(before.hooks, hooksAfterEdit(before.hooks, previous, bodyBefore, tokens, { open, close }));
  // A static variable is a constant as long as no body writes to it.
  const constants = sameOr(before.constants, readConstantVariables(tokens));
  const wrappers = sameOr(before.wrappers, readWrappers(tokens, functions));
  const isSame =
    calls === edited.calls &&
    fields === before.fields &&
    hooks === before.hooks &&
    wrappers === before.wrappers &&
    constants === before.constants &&
    previous.names === tokens.names;
  return { facts: { ...facts, functions, fields, hooks, wrappers, constants }, isSame };
}

function sameOr<T>(known: readonly T[], found: readonly T[]): readonly T[] {
  const isSame = (a: T, b: T): boolean => a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
  return known.length === found.length && known.every((each, i) => isSame(each, found[i])) ? known : found;
}

/** No declaration of types stands in the body, and the edit leaves its braces and preprocessor lines alone. */
function isInBody({ previous, first, last }: TokenSplice, tokens: Tokens, edited: FunctionFact): boolean {
  const tokenShift = tokens.count - previous.count;
  const isPlain = ({ kind }: Tokens, end: number): boolean => {
    for (let i = first; i < end; i++) {
      if (kind[i] === OPEN_BRACE || kind[i] === CLOSE_BRACE || kind[i] === DIRECTIVE) return false;
    }
    return true;
  };
  if (!isPlain(previous, last) || !isPlain(tokens, last + tokenShift)) return false;
  const open = tokenAt(previous, edited.bodyStart);
  const close = tokenAt(previous, edited.bodyEnd - 1);
  if (previous.kind[open] !== OPEN_BRACE || previous.kind[close] !== CLOSE_BRACE) return false;
  let depth = 0;
  for (let i = open; i < close; i++) {
    if (previous.kind[i] === OPEN_BRACE) depth++;
    else if (previous.kind[i] === CLOSE_BRACE) depth--;
    // Branches of a conditional group may close the same brace more than once.
    if (depth < 1) return false;
    if (i > open && previous.kind[i] === OPEN_BRACE && followsTag(previous, i)) return false;
  }
  for (let i = open + 1; i < close + tokenShift; i++) {
    if (tokens.kind[i] === OPEN_BRACE && followsTag(tokens, i)) return false;
  }
  return true;
}

/** `struct name {`, `enum {`. */
function followsTag({ kind, symbol, names }: Tokens, brace: number): boolean {
  for (let i = brace - 1; i >= Math.max(0, brace - 3) && kind[i] === IDENTIFIER; i--) {
    if (keywordClass(names[symbol[i]]) === TAG_WORD) return true;
  }
  return false;
}

/** The edit lies between the end of a declaration and the beginning of the next, and changes no token. */
function isInBlanks(before: SourceFacts, splice: TokenSplice, tokens: Tokens, change: TextChange): boolean {
  const { previous, last } = splice;
  const isBehind = last > 0 && previous.end[last - 1] <= change.start && change.oldEnd <= previous.start[last];
  return isBehind && differingTokens(splice, tokens)?.length === 0 && isBetweenDeclarations(before, previous, last);
}

/** The edit lies within one `#define` between declarations, and leaves it one. */
function isInDefine(before: SourceFacts, splice: TokenSplice, tokens: Tokens, change: TextChange): boolean {
  const { previous } = splice;
  const [at, ...others] = differingTokens(splice, tokens) ?? [];
  if (at === undefined || others.length > 0 || previous.kind[at] !== DIRECTIVE) return false;
  if (change.start < previous.start[at] || change.oldEnd > previous.end[at]) return false;
  const isDefine = (of: Tokens): boolean => directiveAt(of, at).name === 'define';
  return isDefine(previous) && isDefine(tokens) && isBetweenDeclarations(before, previous, at);
}

/** The tokens that say something else than those in their places before; undefined when there are more or fewer. */
function differingTokens({ previous, first, last }: TokenSplice, tokens: Tokens): number[] | undefined {
  if (tokens.count !== previous.count) return undefined;
  const differing: number[] = [];
  const textOf = ({ text, start, end }: Tokens, i: number): string => text.slice(start[i], end[i]);
  for (let i = first; i < last; i++) {
    if (previous.kind[i] !== tokens.kind[i]) return undefined;
    if (textOf(previous, i) !== textOf(tokens, i)) differing.push(i);
  }
  return differing;
}

/** In front of the token there is nothing, the end of a function, or a `;` outside of all braces. */
function isBetweenDeclarations({ functions }: SourceFacts, { kind, end }: Tokens, at: number): boolean {
  let index = at - 1;
  while (index >= 0 && kind[index] === DIRECTIVE) index--;
  if (index < 0) return true;
  if (kind[index] === CLOSE_BRACE) return functions.some(({ bodyEnd }) => bodyEnd === end[index]);
  if (kind[index] !== SEMICOLON) return false;
  let depth = 0;
  for (let i = 0; i < index; i++) {
    if (kind[i] === OPEN_BRACE) depth++;
    else if (kind[i] === CLOSE_BRACE) depth--;
  }
  return depth === 0;
}

/** The same facts where they stand now. */
function moved(facts: SourceFacts, { oldEnd, newEnd }: TextChange, { text }: Tokens): SourceFacts {
  const shift = newEnd - oldEnd;
  if (shift === 0) return { ...facts, length: text.length };
  const to = (offset: number): number => (offset >= oldEnd ? offset + shift : offset);
  // What is inserted right behind something is no part of it.
  const toEnd = (offset: number): number => (offset > oldEnd ? offset + shift : offset);
  const movedOffset = <T extends { readonly offset: number }>(fact: T): T =>
    fact.offset >= oldEnd ? { ...fact, offset: fact.offset + shift } : fact;
  return {
    ...facts,
    length: text.length,
    macros: facts.macros.map(movedOffset),
    undefs: facts.undefs.map(movedOffset),
    includes: facts.includes.map(movedOffset),
    functions: facts.functions.map((fact) =>
      fact.bodyEnd <= oldEnd
        ? fact
        : { ...fact, start: to(fact.start), bodyStart: to(fact.bodyStart), bodyEnd: toEnd(fact.bodyEnd) },
    ),
    prototypes: facts.prototypes.map((fact) =>
      fact.end <= oldEnd ? fact : { ...fact, start: to(fact.start), end: toEnd(fact.end) },
    ),
  };
}
