/** What attributes and annotation macros say about memory, in words the analysis understands. */
import { CLOSE_PAREN, COMMA, IDENTIFIER, NUMBER, OPEN_PAREN, type Tokens, tokeniseBody } from './lexer.ts';

/** The memory meaning of an annotation that was blanked. Parameter numbers count from 1, as in the attributes. */
export type Meaning =
  /** The variable is handed to `function` (by address) when it leaves its scope. */
  | { readonly kind: 'cleanup'; readonly function: string }
  /** As `cleanup`, for a macro that names the pointed-to type instead of the function, as `g_autoptr(T)` does. */
  | { readonly kind: 'cleanup-type'; readonly type: string }
  | { readonly kind: 'noreturn' }
  | { readonly kind: 'malloc'; readonly deallocator?: string; readonly argument?: number }
  | { readonly kind: 'alloc-size'; readonly parameters: readonly number[] }
  | { readonly kind: 'nonnull'; readonly parameters?: readonly number[] }
  | { readonly kind: 'returns-nonnull' }
  | { readonly kind: 'warn-unused-result' }
  | {
      readonly kind: 'ownership';
      readonly verb: 'returns' | 'takes' | 'holds';
      readonly family: string;
      readonly parameters: readonly number[];
    }
  /** Functions without effects on memory that callers can see; of `isConstant` ones the arguments alone say what they answer. */
  | { readonly kind: 'pure'; readonly isConstant: boolean }
  | { readonly kind: 'sentinel' }
  /** Pointers of the declaration go to another address space (ISO/IEC TR 18037, 5.1), in which 0 may be an address as others are. */
  | { readonly kind: 'address-space' }
  | { readonly kind: 'static' }
  /** The statement behind it runs when the scope is left (`defer`). */
  | { readonly kind: 'defer' };

const depthLimit = 32;

/** The meanings in the text of attributes: `__attribute__((a, b(c)))`, `[[gnu::a]]`, `__declspec(a)` or a bare `a(b), c`. */
export function meaningsOfAttributes(text: string): readonly Meaning[] {
  const tokens = tokeniseBody(text);
  const meanings: Meaning[] = [];
  for (let index = 0; index < tokens.count; index++) {
    if (tokens.kind[index] !== IDENTIFIER) continue;
    const word = tokens.names[tokens.symbol[index]];
    const name = word.replace(/^__(.+?)__$/, '$1');
    if (isAttributeFrame(name)) continue;
    let close = index;
    const argumentTokens: number[] = [];
    if (tokens.kind[index + 1] === OPEN_PAREN) {
      close = closingParen(tokens, index + 1);
      for (let i = index + 2; i < close; i++) if (tokens.kind[i] !== COMMA) argumentTokens.push(i);
    }
    const meaning = meaningOf(name, tokens, argumentTokens);
    if (meaning !== undefined) meanings.push(meaning);
    index = close;
  }
  return meanings;
}

function isAttributeFrame(name: string): boolean {
  return name === 'attribute' || name === '__attribute' || name === '__declspec' || name === 'gnu' || name === 'clang';
}

function closingParen(tokens: Tokens, open: number): number {
  let depth = 0;
  for (let index = open; index < tokens.count; index++) {
    if (tokens.kind[index] === OPEN_PAREN && ++depth > depthLimit) return index;
    if (tokens.kind[index] === CLOSE_PAREN && --depth === 0) return index;
  }
  return tokens.count - 1;
}

function meaningOf(name: string, tokens: Tokens, argumentTokens: readonly number[]): Meaning | undefined {
  const word = (at: number): string | undefined => {
    const index = argumentTokens[at];
    return index !== undefined && tokens.kind[index] === IDENTIFIER ? tokens.names[tokens.symbol[index]] : undefined;
  };
  const numbers = (): number[] =>
    argumentTokens
      .filter((index) => tokens.kind[index] === NUMBER)
      .map((index) => Number.parseInt(tokens.text.slice(tokens.start[index], tokens.end[index]), 10))
      .filter((number) => number > 0);
  switch (name) {
    case 'cleanup': {
      const cleaner = word(0);
      return cleaner === undefined ? undefined : { kind: 'cleanup', function: cleaner };
    }
    case 'noreturn':
    case '_Noreturn':
    case 'analyzer_noreturn':
      return { kind: 'noreturn' };
    case 'malloc':
    case 'allocator': {
      const deallocator = word(0);
      return deallocator === undefined
        ? { kind: 'malloc' }
        : { kind: 'malloc', deallocator, argument: numbers()[0] ?? 1 };
    }
    case 'restrict':
      return { kind: 'malloc' };
    case 'alloc_size':
      return { kind: 'alloc-size', parameters: numbers() };
    case 'nonnull': {
      const parameters = numbers();
      return parameters.length === 0 ? { kind: 'nonnull' } : { kind: 'nonnull', parameters };
    }
    case 'returns_nonnull':
      return { kind: 'returns-nonnull' };
    case 'warn_unused_result':
    case 'nodiscard':
      return { kind: 'warn-unused-result' };
    case 'pure':
    case 'reproducible':
      return { kind: 'pure', isConstant: false };
    case 'const':
    case 'unsequenced':
      return { kind: 'pure', isConstant: true };
    case 'address_space':
      return { kind: 'address-space' };
    case 'sentinel':
      return { kind: 'sentinel' };
    case 'ownership_returns':
    case 'ownership_takes':
    case 'ownership_holds': {
      const verb = name.slice('ownership_'.length) as 'returns' | 'takes' | 'holds';
      return { kind: 'ownership', verb, family: word(0) ?? 'malloc', parameters: numbers() };
    }
    default:
      return undefined;
  }
}
