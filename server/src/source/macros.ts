/** Macro definitions as plain data, and the lookup of the right one among several. */
import type { Directive } from './directives.ts';
import { isWordCode } from './lexer.ts';

/** One `#define` as it stands in a file. */
export interface MacroDefinition {
  readonly name: string;
  /** `undefined` for an object-like macro. */
  readonly parameters: readonly string[] | undefined;
  /** True when the last parameter takes all further arguments (`...`, or `args...`). */
  readonly isVariadic: boolean;
  /** The replacement with comments and continuations blanked to spaces, trimmed: usable as C text. */
  readonly body: string;
  readonly file: string;
  /** UTF-16 offset of the `#` of the `#define` in the file. */
  readonly offset: number;
  /** Normal form of the conditions around the definition, but for the file's include guard; '' if there are none. */
  readonly condition: string;
  /** The condition, where it is known to hold and `condition` is therefore ''. */
  readonly heldCondition?: string;
  /** Its condition is known not to hold, and so are those of all other definitions. */
  readonly isRuledOut?: boolean;
  /** Where its file undefines the name: it holds behind so many of the file's `#undef` lines, and before the next count. */
  readonly since?: number;
  readonly until?: number | undefined;
}

/** Where macros are looked up. */
export interface MacroLookup {
  /** The definitions of a name, best first: those in the file itself before others. Empty for an unknown name. */
  definitionsOf(name: string): readonly MacroDefinition[];
}

/** A lookup that knows nothing. */
export const noMacros: MacroLookup = { definitionsOf: () => [] };

/** Bodies beyond this many code units are cut: nothing that long is read by a human either. */
const MAXIMUM_BODY = 20_000;

/** Reads the argument of a `#define`; `undefined` if it is malformed. */
export function parseDefine(
  directive: Directive,
  file: string,
  offset: number,
  condition: string,
): MacroDefinition | undefined {
  const { argument } = directive;
  let position = 0;
  while (isBlankCode(argument.charCodeAt(position))) position++;
  const nameStart = position;
  while (position < argument.length && isWordCode(argument.charCodeAt(position))) position++;
  const name = argument.slice(nameStart, position);
  if (name === '') return undefined;
  let parameters: string[] | undefined;
  let isVariadic = false;
  if (argument.charCodeAt(position) === 40) {
    const close = argument.indexOf(')', position);
    if (close < 0) return undefined;
    parameters = [];
    for (const piece of argument.slice(position + 1, close).split(',')) {
      const word = piece.trim();
      if (word.endsWith('...')) {
        isVariadic = true;
        parameters.push(word === '...' ? '__VA_ARGS__' : word.slice(0, -3).trim());
      } else if (word !== '') {
        parameters.push(word);
      }
    }
    position = close + 1;
  }
  const body = argument.slice(position, position + MAXIMUM_BODY).trim();
  return { name, parameters, isVariadic, body, file, offset, condition };
}

/** A macro as a user's configuration gives it: `NAME` or `NAME(parameters)`, and its body. `undefined` if it is malformed. */
export function configuredMacro(head: string, body: string, file: string): MacroDefinition | undefined {
  const argument = `${head} ${body}`;
  return parseDefine({ name: 'define', argument, argumentStart: 0 }, file, 0, '');
}

function isBlankCode(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

/** A lookup in lists of definitions: those of the first list before those of the second, and so on. */
export function macroLookup(...lists: readonly (readonly MacroDefinition[])[]): MacroLookup {
  const byName = new Map<string, MacroDefinition[]>();
  for (const list of lists) {
    for (const definition of list) {
      const known = byName.get(definition.name);
      if (known === undefined) byName.set(definition.name, [definition]);
      else known.push(definition);
    }
  }
  return { definitionsOf: (name) => byName.get(name) ?? [] };
}

/** A lookup that asks `first` before `second`. */
export function joinedLookup(first: MacroLookup, second: MacroLookup): MacroLookup {
  return {
    definitionsOf(name) {
      const own = first.definitionsOf(name);
      const others = second.definitionsOf(name);
      if (own.length === 0) return others;
      return others.length === 0 ? own : [...own, ...others];
    },
  };
}
