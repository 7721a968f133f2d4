/** What a file declares and defines outside of functions: functions, prototypes and types. */
import { detached } from '../base/detached.ts';
import { directiveAt } from './directives.ts';
import { readHead } from './function-heads.ts';
import { keywordClass, NOT_A_KEYWORD } from './keywords.ts';
import {
  CLOSE_BRACE,
  CLOSE_PAREN,
  DIRECTIVE,
  IDENTIFIER,
  OPEN_BRACE,
  OPEN_PAREN,
  SEMICOLON,
  STAR,
  STRING,
  type Tokens,
} from './lexer.ts';
import { NORETURN_WORD } from './noreturn.ts';
import { beginsWithTag, definedTypes, type TypeFact } from './type-facts.ts';

export interface FunctionFact {
  readonly name: string;
  readonly isStatic: boolean;
  /** Something stands in front of the name. Without it the name may be a macro's that makes the head. */
  readonly hasType: boolean;
  /** -1 when the parameters cannot be counted (`...` counts as none). */
  readonly parameterCount: number;
  readonly isVariadic: boolean;
  readonly start: number;
  /** Offsets of the body's braces: `{` at `bodyStart`, behind `}` at `bodyEnd`. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
  /** The names followed by `(` in the body, each once: called functions and macros. */
  readonly calls: readonly string[];
  /** Words in the head that may be annotations: neither keywords nor the function's name. */
  readonly words: readonly string[];
}

export interface PrototypeFact {
  readonly name: string;
  readonly parameterCount: number;
  readonly isVariadic: boolean;
  readonly start: number;
  readonly end: number;
  /** Words in the declaration that may be annotations: neither keywords nor the function's name. */
  readonly words: readonly string[];
  /** True when the declaration carries an `__attribute__`, `__declspec` or `[[...]]`. */
  readonly hasAttributes: boolean;
}

/** Longer uses of a macro are tables. */
const MAXIMUM_MACRO = 600;
const WORD = /[A-Za-z_]\w*/g;
const NAME_BEFORE_PARAMETERS = /,\s*([A-Za-z_]\w*)\s*,\s*\(/;

/** Finds the declarations outside of braces; conditional branches after the first do not disturb the brace depth. */
export class FileDeclarations {
  readonly functions: FunctionFact[] = [];
  readonly prototypes: PrototypeFact[] = [];
  readonly typedefs = new Set<string>();
  readonly types: TypeFact[] = [];
  readonly #tokens: Tokens;
  readonly #text: string;
  #depth = 0;
  #parens = 0;
  /** The first token of the declaration being read. */
  #start = 0;
  /** The first token of a K&R definition, whose parameter declarations look like declarations of their own. */
  #oldStyleStart = -1;
  readonly #conditionals: { depth: number; afterFirst: number; start: number }[] = [];

  constructor(tokens: Tokens, text: string) {
    this.#tokens = tokens;
    this.#text = text;
  }

  read(): void {
    const { kind, count } = this.#tokens;
    for (let index = 0; index < count; index++) {
      switch (kind[index]) {
        case OPEN_PAREN:
          if (this.#depth === 0) this.#parens++;
          break;
        case CLOSE_PAREN:
          if (this.#depth === 0 && this.#parens > 0) this.#parens--;
          break;
        case OPEN_BRACE:
          index = this.#openBrace(index);
          break;
        case CLOSE_BRACE:
          if (this.#depth > 0) this.#depth--;
          else this.#begin(index + 1);
          break;
        case SEMICOLON:
          if (this.#depth === 0) this.#endDeclaration(index);
          break;
        case DIRECTIVE:
          this.#conditional(index);
          break;
      }
    }
  }

  #begin(index: number): void {
    this.#start = index;
    this.#parens = 0;
    this.#oldStyleStart = -1;
  }

  #conditional(index: number): void {
    const { name } = directiveAt(this.#tokens, index);
    const open = this.#conditionals;
    if (name === 'if' || name === 'ifdef' || name === 'ifndef') {
      if (this.#start === index) this.#start = index + 1;
      open.push({ depth: this.#depth, afterFirst: -1, start: this.#start });
    } else if (name === 'else' || name.startsWith('elif')) {
      const group = open[open.length - 1];
      if (group === undefined) return;
      if (group.afterFirst < 0) group.afterFirst = this.#depth;
      this.#depth = group.depth;
      if (this.#depth === 0) this.#begin(group.start <= index ? index + 1 : group.start);
    } else if (name === 'endif') {
      const group = open.pop();
      if (group !== undefined && group.afterFirst >= 0) this.#depth = group.afterFirst;
      if (this.#start === index) this.#start = index + 1;
    } else if (this.#start === index) {
      this.#start = index + 1;
    }
  }

  /** Handles `{`; returns the last token consumed, which is the matching `}` for a function's body. */
  #openBrace(index: number): number {
    const { kind, symbol, names } = this.#tokens;
    if (this.#depth > 0) {
      this.#depth++;
      return index;
    }
    if (kind[index - 1] === STRING && kind[index - 2] === IDENTIFIER && names[symbol[index - 2]] === 'extern') {
      // `extern "C" {`: what stands inside is still the top level, and so it is behind a macro that has no semicolon.
      this.#begin(index + 1);
      return index;
    }
    const headStart = this.#oldStyleStart >= 0 ? this.#oldStyleStart : this.#start;
    const head = readHead(this.#tokens, headStart, index);
    if (head === undefined || this.#parens > 0) {
      this.#depth++;
      return index;
    }
    const close = this.#matchingBrace(index);
    const { start, end } = this.#tokens;
    const { name, parameterCount, isVariadic, words, isStatic, hasType } = head;
    this.functions.push({
      name,
      isStatic,
      hasType,
      parameterCount,
      isVariadic,
      start: start[headStart],
      bodyStart: start[index],
      bodyEnd: end[Math.min(close, this.#tokens.count - 1)],
      calls: calledNames(this.#tokens, index, close),
      words,
    });
    this.#begin(close + 1);
    return close;
  }

  /** `DECLARE(void, stop, (const char *text), NORETURN);`: of what a macro declares it matters here that it never returns. */
  #declareByMacro(start: number, end: number): void {
    const text = this.#text.slice(start, end);
    const words = (text.length > MAXIMUM_MACRO ? [] : (text.match(WORD) ?? [])).filter((word) =>
      NORETURN_WORD.test(word),
    );
    const head = words.length === 0 ? null : NAME_BEFORE_PARAMETERS.exec(text);
    // What is said in front of the name may be an entry of a table.
    if (!head || !words.some((word) => text.lastIndexOf(word) > head.index + head[0].length)) return;
    const name = detached(head[1]);
    const meant = words.map((word) => detached(word));
    this.prototypes.push({
      name,
      parameterCount: -1,
      isVariadic: false,
      start,
      end,
      words: meant,
      hasAttributes: true,
    });
  }

  /** The `}` of the `{` at `open`, counting only the first branch of conditional groups. */
  #matchingBrace(open: number): number {
    const { kind, count } = this.#tokens;
    const groups: { depth: number; afterFirst: number }[] = [];
    let depth = 0;
    for (let index = open; index < count; index++) {
      const at = kind[index];
      if (at === OPEN_BRACE) depth++;
      else if (at === CLOSE_BRACE) {
        if (--depth <= 0 && (groups.length === 0 || groups.every((group) => group.depth >= 1))) return index;
      } else if (at === DIRECTIVE) {
        const { name } = directiveAt(this.#tokens, index);
        if (name === 'if' || name === 'ifdef' || name === 'ifndef') {
          groups.push({ depth, afterFirst: -1 });
        } else if (name === 'else' || name.startsWith('elif')) {
          const group = groups[groups.length - 1];
          if (group === undefined) continue;
          if (group.afterFirst < 0) group.afterFirst = depth;
          depth = group.depth;
        } else if (name === 'endif') {
          const group = groups.pop();
          if (group !== undefined && group.afterFirst >= 0) depth = group.afterFirst;
        }
      }
    }
    return count - 1;
  }

  #endDeclaration(index: number): void {
    const { kind, symbol, names, start, end } = this.#tokens;
    const first = this.#start;
    const firstWord = kind[first] === IDENTIFIER ? names[symbol[first]] : '';
    if (firstWord === 'typedef') {
      const name = this.#typedefName(first, index);
      if (name !== '') this.typedefs.add(name);
      this.types.push(...definedTypes(this.#tokens, this.#text, first, index));
    } else if (this.#parens === 0) {
      if (beginsWithTag(this.#tokens, first)) this.types.push(...definedTypes(this.#tokens, this.#text, first, index));
      const head = readHead(this.#tokens, first, index);
      if (head !== undefined) {
        if (head.isOldStyle) {
          // `int f(a) int a; {`: the definition goes on behind this `;`.
          if (this.#oldStyleStart < 0) this.#oldStyleStart = first;
          this.#start = index + 1;
          return;
        }
        // A call that a macro's body surrounds, as `CHECK(start());` between `BEGIN_INIT` and `END_INIT`, declares nothing.
        if (head.hasType)
          this.prototypes.push({
            name: head.name,
            parameterCount: head.parameterCount,
            isVariadic: head.isVariadic,
            start: start[first],
            end: end[index],
            words: head.words,
            hasAttributes: head.hasAttributes,
          });
        else this.#declareByMacro(start[first], end[index]);
      } else if (this.#oldStyleStart >= 0 && kind[first] === IDENTIFIER) {
        this.#start = index + 1;
        return;
      }
    }
    this.#begin(index + 1);
  }

  #typedefName(first: number, last: number): string {
    const { kind, symbol, names } = this.#tokens;
    // `typedef int (*name)(...)`: the name stands in the first parentheses behind a star; else it is the last word.
    for (let index = first; index < last; index++) {
      if (kind[index] === OPEN_PAREN && kind[index + 1] === STAR && kind[index + 2] === IDENTIFIER) {
        return names[symbol[index + 2]];
      }
      if (kind[index] === OPEN_PAREN && kind[index - 1] === IDENTIFIER) {
        const name = names[symbol[index - 1]];
        if (keywordClass(name) === NOT_A_KEYWORD) return name;
      }
    }
    for (let index = last - 1; index > first; index--) {
      if (kind[index] === IDENTIFIER) return names[symbol[index]];
      if (kind[index] === CLOSE_BRACE) break;
    }
    return '';
  }
}

/** The names followed by `(` between two tokens, each once: called functions and macros. */
export function calledNames({ kind, symbol, names }: Tokens, from: number, to: number): string[] {
  const calls = new Set<string>();
  for (let index = from; index < to; index++) {
    if (kind[index] !== IDENTIFIER || kind[index + 1] !== OPEN_PAREN) continue;
    const name = names[symbol[index]];
    if (keywordClass(name) === NOT_A_KEYWORD) calls.add(name);
  }
  return [...calls];
}
