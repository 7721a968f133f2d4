/**
 * Writes a function's macros out, as the preprocessor would (C17 6.10.3), for those that are not understood as they
 * stand. Every place of the result is a place of the original: what a macro made stands for its whole use.
 */
import { DirectiveSkipper } from './directive-skipper.ts';
import {
  CLOSE_PAREN,
  COMMA,
  DIRECTIVE,
  END_OF_FILE,
  HASH,
  HASH_HASH,
  IDENTIFIER,
  OPEN_PAREN,
  STRING,
  scanTokens,
  type Tokens,
  tokeniseBody,
} from './lexer.ts';
import type { MacroDefinition } from './macros.ts';
import { SourceMap } from './source-map.ts';

interface Expansion {
  readonly text: string;
  readonly map: SourceMap;
}

/** Of one function; what would grow beyond it is not expanded. */
const MAXIMUM_TOKENS = 60_000;
const MAXIMUM_DEPTH = 100;
/** A use with more arguments is none that anybody wrote. */
const MAXIMUM_ARGUMENTS = 200;

/** The names of the macros that a token comes from, innermost first: they are not expanded in it again. */
interface HideSet {
  readonly name: string;
  readonly outer: HideSet | undefined;
}

interface Token {
  readonly kind: number;
  readonly text: string;
  readonly hidden: HideSet | undefined;
}

/** A use of a macro in the text, up to its last token. */
interface Use {
  readonly definition: MacroDefinition;
  readonly arguments: readonly (readonly Token[])[];
  readonly last: number;
}

class TooLarge extends Error {}

/**
 * The text with its macros written out, or undefined where nothing is to be written out, or too much.
 * @param definitionOf the definition that a name means in the text, or undefined for a name that stays
 * @param keepsGroups conditional groups stay as they are, with all branches; else the first branch of each counts
 */
export function expandMacros(
  text: string,
  definitionOf: (name: string) => MacroDefinition | undefined,
  keepsGroups = false,
): Expansion | undefined {
  try {
    return new Expander(text, definitionOf).expand(keepsGroups);
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

class Expander {
  readonly #tokens: Tokens;
  readonly #definitionOf: (name: string) => MacroDefinition | undefined;
  readonly #bodies = new Map<MacroDefinition, readonly Token[]>();
  #count = 0;

  constructor(text: string, definitionOf: (name: string) => MacroDefinition | undefined) {
    this.#tokens = scanTokens(text);
    this.#definitionOf = definitionOf;
  }

  expand(keepsGroups: boolean): Expansion | undefined {
    const { text, kind, start, end, count } = this.#tokens;
    const map = new SourceMap();
    const pieces: string[] = [];
    let length = 0;
    let copied = 0;
    let isChanged = false;
    const copyUpTo = (offset: number): void => {
      if (offset <= copied) return;
      map.addCopy(length, copied);
      pieces.push(text.slice(copied, offset));
      length += offset - copied;
      copied = offset;
    };
    const skipper = new DirectiveSkipper();
    for (let index = 0; index < count && kind[index] !== END_OF_FILE; index++) {
      if (kind[index] === DIRECTIVE) {
        if (keepsGroups) continue;
        copyUpTo(start[index]);
        skipper.take(this.#tokens, index);
        copied = end[index];
        isChanged = true;
        continue;
      }
      if (skipper.isSkipping) {
        copied = end[index];
        continue;
      }
      const use = kind[index] === IDENTIFIER ? this.#useAt(index) : undefined;
      if (!use) continue;
      copyUpTo(start[index]);
      const { made, last } = this.#madeBy(use);
      // Its blanks keep what it made apart from its neighbours.
      const written = ` ${made.map((token) => token.text).join(' ')} `;
      map.addMade(length, start[index], end[last], use.definition.name);
      pieces.push(written);
      length += written.length;
      copied = end[last];
      index = last;
      isChanged = true;
    }
    copyUpTo(text.length);
    return isChanged ? { text: pieces.join(''), map } : undefined;
  }

  /** What a use becomes. Where it ends in the name of another macro, the parentheses behind it are that one's. */
  #madeBy(use: Use): { made: Token[]; last: number } {
    let made = this.#replace(use.definition, use.arguments, undefined, 0);
    let { last } = use;
    for (let step = 0; step < MAXIMUM_DEPTH; step++) {
      const name = made.at(-1);
      if (name?.kind !== IDENTIFIER || isHidden(name.hidden, name.text)) break;
      const definition = this.#definitionOf(name.text);
      const next = definition?.parameters && this.#argumentsOf(definition, last);
      if (!next) break;
      made = [...made.slice(0, -1), ...this.#replace(definition, next.arguments, name.hidden, 0)];
      last = next.last;
    }
    return { made, last };
  }

  #useAt(index: number): Use | undefined {
    const { symbol, names } = this.#tokens;
    const definition = this.#definitionOf(names[symbol[index]]);
    if (!definition) return undefined;
    return definition.parameters === undefined
      ? { definition, arguments: [], last: index }
      : this.#argumentsOf(definition, index);
  }

  /** The use of a macro whose name is the token at `index`. */
  #argumentsOf(definition: MacroDefinition, index: number): Use | undefined {
    const { kind, count } = this.#tokens;
    if (kind[index + 1] !== OPEN_PAREN) return undefined;
    const inside: Token[] = [];
    let depth = 0;
    for (let at = index + 1; at < count - 1; at++) {
      if (kind[at] === DIRECTIVE) continue;
      if (kind[at] === OPEN_PAREN) depth++;
      else if (kind[at] === CLOSE_PAREN && --depth === 0)
        return { definition, arguments: separated(inside, definition), last: at };
      if (at > index + 1) inside.push(tokenAt(this.#tokens, at));
    }
    return undefined;
  }

  /** Expands what stands in a list of tokens. */
  #scan(tokens: readonly Token[], depth: number): Token[] {
    if (depth > MAXIMUM_DEPTH) throw new TooLarge();
    let rest = [...tokens].reverse();
    const result: Token[] = [];
    while (rest.length > 0) {
      const token = rest.pop()!;
      if (++this.#count > MAXIMUM_TOKENS) throw new TooLarge();
      const definition =
        token.kind === IDENTIFIER && !isHidden(token.hidden, token.text) ? this.#definitionOf(token.text) : undefined;
      if (!definition) {
        result.push(token);
        continue;
      }
      if (definition.parameters === undefined) {
        rest = rest.concat(this.#substitute(definition, [], token.hidden, depth).reverse());
        continue;
      }
      const close = rest.at(-1)?.kind === OPEN_PAREN ? closing(rest) : -1;
      if (close < 0) {
        result.push(token);
        continue;
      }
      const inside = rest.slice(close + 1, -1).reverse();
      rest.length = close;
      rest = rest.concat(this.#substitute(definition, separated(inside, definition), token.hidden, depth).reverse());
    }
    return result;
  }

  #replace(
    definition: MacroDefinition,
    given: readonly (readonly Token[])[],
    hidden: HideSet | undefined,
    depth: number,
  ): Token[] {
    return this.#scan(this.#substitute(definition, given, hidden, depth), depth + 1);
  }

  /** The body with the arguments in the place of the parameters, not yet looked at again. */
  #substitute(
    definition: MacroDefinition,
    given: readonly (readonly Token[])[],
    outer: HideSet | undefined,
    depth: number,
  ): Token[] {
    const hidden: HideSet = { name: definition.name, outer };
    const body = this.#bodyOf(definition);
    const { parameters = [] } = definition;
    const position = (token: Token | undefined): number =>
      token?.kind === IDENTIFIER ? parameters.indexOf(token.text) : -1;
    const result: Token[] = [];
    const expanded = new Map<number, Token[]>();
    for (let i = 0; i < body.length; i++) {
      const token = body[i];
      if (token.kind === HASH && position(body[i + 1]) >= 0) {
        // What it says does not matter, that it is a string does.
        result.push({ kind: STRING, text: '""', hidden: undefined });
        i++;
        continue;
      }
      const isPasted = body[i + 1]?.kind === HASH_HASH;
      if (
        token.kind === COMMA &&
        isPasted &&
        position(body[i + 2]) === parameters.length - 1 &&
        definition.isVariadic
      ) {
        // GNU's `, ## __VA_ARGS__`: without arguments the comma goes.
        const rest = given[parameters.length - 1] ?? [];
        if (rest.length > 0) result.push(token, ...this.#scan(rest, depth + 1));
        i += 2;
        continue;
      }
      if (isPasted) {
        let left = this.#raw(token, position(token), given);
        while (body[i + 1]?.kind === HASH_HASH && i + 2 < body.length) {
          const next = body[i + 2];
          left = pasted(left, this.#raw(next, position(next), given));
          i += 2;
        }
        for (const each of left) result.push({ ...each, hidden: joined(each.hidden, hidden) });
        continue;
      }
      const at = position(token);
      if (at < 0) {
        result.push({ ...token, hidden });
        continue;
      }
      if (!expanded.has(at)) expanded.set(at, this.#scan(given[at] ?? [], depth + 1));
      for (const each of expanded.get(at)!) result.push({ ...each, hidden: joined(each.hidden, hidden) });
      this.#count += expanded.get(at)!.length;
      if (this.#count > MAXIMUM_TOKENS) throw new TooLarge();
    }
    return result;
  }

  #raw(token: Token, position: number, given: readonly (readonly Token[])[]): readonly Token[] {
    return position < 0 ? [token] : (given[position] ?? []);
  }

  #bodyOf(definition: MacroDefinition): readonly Token[] {
    let body = this.#bodies.get(definition);
    if (!body) {
      const tokens = tokeniseBody(definition.body);
      body = Array.from({ length: tokens.count - 1 }, (_, index) => tokenAt(tokens, index));
      this.#bodies.set(definition, body);
    }
    return body;
  }
}

function tokenAt({ text, kind, start, end }: Tokens, index: number): Token {
  return { kind: kind[index], text: text.slice(start[index], end[index]), hidden: undefined };
}

function isHidden(set: HideSet | undefined, name: string): boolean {
  for (let each = set; each; each = each.outer) if (each.name === name) return true;
  return false;
}

function joined(own: HideSet | undefined, more: HideSet): HideSet {
  return own === undefined ? more : isHidden(own, more.name) ? own : { name: more.name, outer: own };
}

/** The place of the parenthesis that closes the one at the end of a reversed list; -1 for none. */
function closing(reversed: readonly Token[]): number {
  let depth = 0;
  for (let at = reversed.length - 1; at >= 0; at--) {
    if (reversed[at].kind === OPEN_PAREN) depth++;
    else if (reversed[at].kind === CLOSE_PAREN && --depth === 0) return at;
  }
  return -1;
}

/** The arguments of a use: what stands between the commas, the last parameter of a variadic macro taking all the rest. */
function separated(inside: readonly Token[], { parameters = [], isVariadic }: MacroDefinition): Token[][] {
  const limit = isVariadic ? parameters.length : MAXIMUM_ARGUMENTS;
  const found: Token[][] = [[]];
  let depth = 0;
  for (const token of inside) {
    if (token.kind === OPEN_PAREN) depth++;
    else if (token.kind === CLOSE_PAREN) depth--;
    if (token.kind === COMMA && depth === 0 && found.length < limit) found.push([]);
    else found[found.length - 1].push(token);
  }
  return found;
}

/** The last token of the left side and the first of the right become one. */
function pasted(left: readonly Token[], right: readonly Token[]): readonly Token[] {
  if (left.length === 0) return right;
  if (right.length === 0) return left;
  const last = left[left.length - 1];
  const tokens = tokeniseBody(last.text + right[0].text);
  const middle = Array.from({ length: tokens.count - 1 }, (_, index) => tokenAt(tokens, index));
  return [...left.slice(0, -1), ...middle, ...right.slice(1)];
}
