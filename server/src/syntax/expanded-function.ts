import type { Parser } from 'web-tree-sitter';
import { expandMacros } from '../source/expansion.ts';
import type { MacroDefinition, MacroLookup } from '../source/macros.ts';
import { type NormalisedSource, normalise } from '../source/normalise.ts';
import type { Rewrite } from '../source/rewrites.ts';
import { NodeKind } from './generated/node-kinds.ts';
import type { Grammar } from './grammar.ts';
import { copySubtree, type SyntaxArrays } from './syntax-arrays.ts';

/** A function whose macros were written out. */
interface ExpandedFunction {
  /** With the places of the original, counted from the function's start there. */
  readonly arrays: SyntaxArrays;
  /** Of the text that was made, with offsets from the function's start in it. */
  readonly rewrites: readonly Rewrite[];
}

/** Longer functions are not expanded, in UTF-16 code units. */
const MAXIMUM_FUNCTION = 200_000;

/**
 * Writes the macros of a function out and parses what comes of it. Undefined where nothing is to be written out, or the
 * result is no function that is understood.
 * @param range the function in the text of `source`
 * @param macros what the macros that stay are
 * @param definitionOf the definition that a name means, or undefined for a name that stays
 * @param keepsGroups conditional groups that are a choice stay one, or the first branch of each counts: a macro may begin in one
 * branch what it ends behind the group
 */
export function expandFunction(
  grammar: Grammar,
  parser: Parser,
  source: NormalisedSource,
  range: { readonly start: number; readonly end: number },
  macros: MacroLookup,
  definitionOf: (name: string) => MacroDefinition | undefined,
  keepsGroups: boolean,
): ExpandedFunction | undefined {
  if (range.end - range.start > MAXIMUM_FUNCTION) return undefined;
  const original = withoutBranches(source, range.start, range.end);
  // Without a group it would be the same again.
  if (!keepsGroups && !/^[ \t]*#/m.test(original)) return undefined;
  const expansion = expandMacros(original, definitionOf, keepsGroups);
  if (!expansion) return undefined;
  const { text, rewrites } = normalise(expansion.text, macros, { defines: {} });
  const tree = parser.parse(text);
  if (tree === null) throw new Error('the parser has no language');
  const cursor = tree.walk();
  try {
    if (!cursor.gotoFirstChild()) return undefined;
    do {
      if (grammar.kindOfSymbol[cursor.nodeTypeId] !== NodeKind.FunctionDefinition) continue;
      const { startIndex, endIndex } = cursor;
      const arrays = copySubtree(cursor, grammar, text);
      if (arrays.hasError) return undefined;
      const own = rewrites.filter(({ start }) => start >= startIndex && start < endIndex);
      return {
        arrays: { ...arrays, places: expansion.map.from(startIndex) },
        rewrites: own.map((rewrite) => moved(rewrite, startIndex)),
      };
    } while (cursor.gotoNextSibling());
    return undefined;
  } finally {
    cursor.delete();
    tree.delete();
  }
}

/** The original text of a range, without branches that are not compiled and without the lines that do not divide choices. */
function withoutBranches({ original, rewrites }: NormalisedSource, start: number, end: number): string {
  const pieces: string[] = [];
  let copied = start;
  for (const rewrite of rewrites) {
    if (rewrite.kind !== 'branch' && rewrite.kind !== 'directive') continue;
    const from = Math.max(copied, rewrite.start);
    const to = Math.min(end, rewrite.end);
    if (from >= to) continue;
    pieces.push(original.slice(copied, from), original.slice(from, to).replace(/[^\r\n]/g, ' '));
    copied = to;
  }
  pieces.push(original.slice(copied, end));
  return pieces.join('');
}

function moved(rewrite: Rewrite, base: number): Rewrite {
  const { targets } = rewrite;
  return {
    ...rewrite,
    start: rewrite.start - base,
    end: rewrite.end - base,
    ...(targets === undefined ? {} : { targets: targets.map((target) => target - base) }),
  };
}
