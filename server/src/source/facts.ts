/** What one file says, read off its tokens without parsing: cheap enough for every file of a workspace. */
import { bothConditions, type Condition } from './conditions.ts';
import { type ConstantVariable, readConstantVariables } from './constant-variables.ts';
import { type ConditionalGroup, conditionalGroups, type Directive, directiveAt } from './directives.ts';
import { type Enumerator, readEnumerators } from './enumerators.ts';
import { type FileVariable, readFileVariables } from './file-variables.ts';
import { type FunctionVariable, readFunctionVariables } from './function-variables.ts';
import { type HookFact, readHooks, readWrappers, type WrapperFact } from './hooks.ts';
import { ATTRIBUTE_WORD, isDeclarationWord, keywordClass, NOISE_WORD, NOT_A_KEYWORD, TAG_WORD } from './keywords.ts';
import {
  ARROW,
  CLOSE_BRACE,
  CLOSE_PAREN,
  COMMA,
  DIRECTIVE,
  DOT,
  ELLIPSIS,
  EQUALS,
  IDENTIFIER,
  OPEN_BRACE,
  OPEN_PAREN,
  SEMICOLON,
  STRING,
  type Tokens,
  tokenise,
} from './lexer.ts';
import { type MacroDefinition, parseDefine } from './macros.ts';
import { type Member, readMembers } from './members.ts';
import { isUpperCase } from './names.ts';
import { beginsWithTag, changesLayout, definedTypes, type TypeFact } from './type-facts.ts';
import { commentedUndefs, type UndefFact, withLifetimes } from './undefinitions.ts';

export interface IncludeFact {
  readonly path: string;
  /** `"..."` rather than `<...>`. */
  readonly isQuoted: boolean;
  readonly offset: number;
  /** Normal form of the conditions around the line, but for the file's include guard; '' if there are none. */
  readonly condition: string;
}

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

export interface SourceFacts {
  readonly file: string;
  readonly length: number;
  readonly macros: readonly MacroDefinition[];
  readonly undefs: readonly UndefFact[];
  /** Names that a generated header says are not defined. */
  readonly undefined: readonly string[];
  readonly includes: readonly IncludeFact[];
  readonly functions: readonly FunctionFact[];
  readonly prototypes: readonly PrototypeFact[];
  readonly typedefs: readonly string[];
  readonly enumerators: readonly Enumerator[];
  readonly members: readonly Member[];
  /** Declared outside of functions. */
  readonly variables: readonly FileVariable[];
  readonly constants: readonly ConstantVariable[];
  readonly functionVariables: readonly FunctionVariable[];
  /** The file's own definitions of types, except of those whose layout a pragma changes. */
  readonly types: readonly TypeFact[];
  /** Names mentioned behind `.` or `->`, each once. */
  readonly fields: readonly string[];
  /** What is stored in pointers to allocators. */
  readonly hooks: readonly HookFact[];
  readonly wrappers: readonly WrapperFact[];
}

/** Reads the facts of one file off its tokens. Any text gives facts; nothing throws. */
export function collectFacts(file: string, text: string, tokens: Tokens = tokenise(text)): SourceFacts {
  const reader = new Declarations(tokens, text);
  reader.read();
  return {
    file,
    length: text.length,
    ...directiveFacts(file, tokens),
    functions: reader.functions,
    prototypes: reader.prototypes,
    typedefs: [...reader.typedefs],
    enumerators: readEnumerators(tokens),
    members: readMembers(tokens),
    variables: readFileVariables(tokens),
    constants: readConstantVariables(tokens),
    functionVariables: readFunctionVariables(tokens),
    types: changesLayout(text) ? reader.types.filter((type) => !type.text.includes('{')) : reader.types,
    fields: fieldNames(tokens),
    hooks: readHooks(tokens),
    wrappers: readWrappers(tokens, reader.functions),
  };
}

/** What a file's preprocessor lines say. */
export function directiveFacts(
  file: string,
  tokens: Tokens,
): Pick<SourceFacts, 'macros' | 'undefs' | 'undefined' | 'includes'> {
  const macros: MacroDefinition[] = [];
  const undefs: UndefFact[] = [];
  const includes: IncludeFact[] = [];
  let guard: ConditionalGroup | undefined;
  const takeDirective = (directive: Directive, index: number, group: ConditionalGroup | undefined): void => {
    if (directive.name === 'define') {
      if (macros.length === 0 && isIncludeGuard(tokens, group, directive)) guard = group;
      const definition = parseDefine(directive, file, tokens.start[index], conditionAround(group, guard));
      if (definition !== undefined) macros.push(definition);
    } else if (directive.name === 'undef') {
      const name = /^\s*([\w$]+)/.exec(directive.argument)?.[1];
      if (name !== undefined)
        undefs.push({ name, offset: tokens.start[index], condition: conditionAround(group, guard) });
    } else if (directive.name === 'include' || directive.name === 'include_next' || directive.name === 'import') {
      const match = /^\s*(?:"([^"]+)"|<([^>]+)>)/.exec(directive.argument);
      if (match === null) return;
      const isQuoted = match[1] !== undefined;
      includes.push({
        path: isQuoted ? match[1] : match[2],
        isQuoted,
        offset: tokens.start[index],
        condition: conditionAround(group, guard),
      });
    }
  };
  conditionalGroups(tokens, () => undefined, takeDirective);
  return { macros: withLifetimes(macros, undefs), undefs, undefined: commentedUndefs(tokens), includes };
}

/** The names behind `.` and `->`, each once, in the order of the list of names. */
export function fieldNames({ kind, symbol, names, count }: Tokens): string[] {
  const isField = new Uint8Array(names.length);
  for (let index = 1; index < count; index++) {
    if (kind[index] !== IDENTIFIER) continue;
    const before = kind[index - 1];
    if (before === ARROW || before === DOT) isField[symbol[index]] = 1;
  }
  return names.filter((_, number) => isField[number] === 1);
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

/** True for the `#ifndef NAME` around a whole header whose first definition is that of `NAME`. */
function isIncludeGuard(tokens: Tokens, group: ConditionalGroup | undefined, define: Directive): boolean {
  if (group === undefined || group.parent !== undefined || group.branches.length !== 1) return false;
  const name = /^\s*([\w$]+)/.exec(define.argument)?.[1];
  if (group.asked[0].text !== `!defined(${name})`) return false;
  // `#pragma once` may stand in front; anything else would be outside of the guard.
  for (let index = group.branches[0].directive - 1; index >= 0; index--) {
    if (tokens.kind[index] !== DIRECTIVE || directiveAt(tokens, index).name !== 'pragma') return false;
  }
  return true;
}

/** The conditions of the groups around a line. A header's include guard says nothing about what is compiled. */
function conditionAround(group: ConditionalGroup | undefined, guard: ConditionalGroup | undefined): string {
  let condition: Condition = { text: '', value: true };
  let depth = 0;
  for (let each = group; each !== undefined && each !== guard && depth < 16; each = each.parent, depth++) {
    condition = bothConditions(each.branches[each.branches.length - 1].condition, condition);
  }
  return condition.text;
}

/** Finds the declarations outside of braces; conditional branches after the first do not disturb the brace depth. */
class Declarations {
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
    const head = this.#readHead(headStart, index);
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
      const head = this.#readHead(first, index);
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
      if (kind[index] === OPEN_PAREN && kind[index + 1] === 42 && kind[index + 2] === IDENTIFIER) {
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

  /** Reads a function's head between two tokens; `undefined` if it declares no function. */
  #readHead(
    first: number,
    last: number,
  ):
    | {
        name: string;
        parameterCount: number;
        isVariadic: boolean;
        words: string[];
        isStatic: boolean;
        hasType: boolean;
        isOldStyle: boolean;
        hasAttributes: boolean;
      }
    | undefined {
    const { kind, symbol, names } = this.#tokens;
    const candidates: { at: number; open: number; close: number }[] = [];
    const words: string[] = [];
    let isStatic = false;
    let hasAttributes = false;
    let depth = 0;
    let open = 0;
    for (let index = first; index < last; index++) {
      const at = kind[index];
      if (at === OPEN_PAREN) {
        if (depth++ === 0) open = index;
      } else if (at === CLOSE_PAREN) {
        if (depth > 0 && --depth === 0 && kind[open - 1] === IDENTIFIER && open > first) {
          const keyword = keywordClass(names[symbol[open - 1]]);
          if (keyword === ATTRIBUTE_WORD) hasAttributes = true;
          if (keyword === NOT_A_KEYWORD) candidates.push({ at: open - 1, open, close: index });
        }
      } else if (depth === 0) {
        if (at === EQUALS || at === OPEN_BRACE || at === CLOSE_BRACE) return undefined;
        if (at === IDENTIFIER) {
          const word = names[symbol[index]];
          const keyword = keywordClass(word);
          if (word === 'static') isStatic = true;
          if (word === 'typedef') return undefined;
          if (keyword === NOT_A_KEYWORD || keyword === NOISE_WORD) words.push(word);
        } else if (at === 91 && kind[index + 1] === 91) {
          hasAttributes = true;
        }
      }
    }
    if (candidates.length === 0 || candidates.length > 16) return undefined;
    // `MACRO(x) enum {`: a type's body, not a function's.
    for (let index = last - 1; index >= last - 2 && index > first; index--) {
      if (kind[index] !== IDENTIFIER) break;
      if (keywordClass(names[symbol[index]]) === TAG_WORD) return undefined;
    }
    const chosen =
      candidates.length > 1 && isUpperCase(names[symbol[candidates[0].at]])
        ? (candidates.find((each) => !isUpperCase(names[symbol[each.at]])) ?? candidates[0])
        : candidates[0];
    const name = names[symbol[chosen.at]];
    const counted = this.#countParameters(chosen.open, chosen.close);
    const after = chosen.close + 1;
    const afterWord = after < last && kind[after] === IDENTIFIER ? names[symbol[after]] : '';
    const afterClass = keywordClass(afterWord);
    const isOldStyle =
      kind[last] === SEMICOLON &&
      kind[chosen.open + 1] === IDENTIFIER &&
      (isDeclarationWord(afterClass) || (afterWord !== '' && afterClass === NOT_A_KEYWORD && last - after >= 2)) &&
      kind[after + 1] !== OPEN_PAREN &&
      this.#areBareNames(chosen.open, chosen.close);
    const hasType = chosen.at > first;
    return {
      name,
      ...counted,
      words: words.filter((word) => word !== name),
      isStatic,
      hasType,
      isOldStyle,
      hasAttributes,
    };
  }

  #areBareNames(open: number, close: number): boolean {
    const { kind } = this.#tokens;
    for (let index = open + 1; index < close; index++) {
      if (kind[index] !== (((index - open) & 1) === 1 ? IDENTIFIER : COMMA)) return false;
    }
    return true;
  }

  #countParameters(open: number, close: number): { parameterCount: number; isVariadic: boolean } {
    const { kind, symbol, names } = this.#tokens;
    if (close === open + 1) return { parameterCount: 0, isVariadic: false };
    if (close === open + 2 && kind[open + 1] === IDENTIFIER && names[symbol[open + 1]] === 'void') {
      return { parameterCount: 0, isVariadic: false };
    }
    let count = 1;
    let depth = 0;
    let isVariadic = false;
    const isPlain = (index: number): boolean =>
      kind[index] === IDENTIFIER && keywordClass(names[symbol[index]]) === NOT_A_KEYWORD;
    for (let index = open + 1; index < close; index++) {
      // `T *a MORE(T *b)`: a macro may make further ones.
      if (depth === 0 && kind[index] === OPEN_PAREN && isPlain(index - 1) && isPlain(index - 2))
        return { parameterCount: -1, isVariadic };
      if (kind[index] === OPEN_PAREN) depth++;
      else if (kind[index] === CLOSE_PAREN) depth--;
      else if (kind[index] === COMMA && depth === 0) count++;
      else if (kind[index] === ELLIPSIS) isVariadic = true;
    }
    return { parameterCount: isVariadic ? count - 1 : count, isVariadic };
  }
}
