/** Where macros end: `#undef` lines, and what a generated header says is not defined. */
import type { Tokens } from './lexer.ts';
import type { MacroDefinition } from './macros.ts';

/** One `#undef` as it stands in a file. */
export interface UndefFact {
  readonly name: string;
  /** UTF-16 offset of the `#` in the file. */
  readonly offset: number;
  /** Normal form of the conditions around the line, but for the file's include guard; '' if there are none. */
  readonly condition: string;
}

/**
 * The definitions with the stretch of the file in which they hold, for those of a name that the file itself undefines.
 * A place in a file is told by how many of its `#undef` lines stand before it.
 */
export function withLifetimes(
  definitions: readonly MacroDefinition[],
  undefs: readonly UndefFact[],
): readonly MacroDefinition[] {
  if (undefs.length === 0) return definitions;
  const names = new Set(undefs.map(({ name }) => name));
  return definitions.map((definition) => {
    if (!names.has(definition.name)) return definition;
    const { name, offset, condition } = definition;
    const ends = (undef: UndefFact): boolean => undef.name === name && endsUnder(undef, condition);
    const before = undefs.findLastIndex((undef) => undef.offset < offset && undef.name === name);
    const behind = undefs.findIndex((undef) => undef.offset > offset && ends(undef));
    return { ...definition, since: before + 1, until: behind < 0 ? undefined : behind + 1 };
  });
}

/** True when the line is reached wherever the definition under `condition` is. */
function endsUnder({ name, condition }: UndefFact, around: string): boolean {
  return condition === '' || condition === around || condition === `defined(${name})`;
}

/** True when the definition holds behind so many `#undef` lines of its file. */
export function holdsBehind({ since = 0, until }: MacroDefinition, undefCount: number): boolean {
  return since <= undefCount && (until === undefined || undefCount < until);
}

/** A longer comment says more than that a name is not defined. */
const MAXIMUM_COMMENT = 200;

/** The names in comments of the form in which autoconf and CMake say in a generated header that a name is not defined. */
export function commentedUndefs({ text, comments }: Tokens): string[] {
  const names: string[] = [];
  for (let i = 0; i < comments.length; i += 2) {
    const start = comments[i];
    if (comments[i + 1] - start > MAXIMUM_COMMENT || text.charCodeAt(start + 1) !== 42) continue;
    const match = /^\/\*\s*#\s*undef\s+(\w+)\s*\*\/$/.exec(text.slice(start, comments[i + 1]));
    if (match !== null) names.push(match[1]);
  }
  return names;
}
