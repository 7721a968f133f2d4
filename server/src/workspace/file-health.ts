import { LineIndex } from '../base/line-index.ts';
import type { FunctionIr } from '../ir/instructions.ts';
import { collectFacts, type SourceFacts } from '../source/facts.ts';
import type { FunctionFact } from '../source/file-declarations.ts';
import { Field, NodeKind } from '../syntax/generated/node-kinds.ts';
import { childByField, NO_NODE } from '../syntax/syntax-arrays.ts';
import type { TopLevelItem, TranslationUnit } from '../syntax/translation-unit.ts';

/** Why less is known of a function than of others. */
export interface HealthCause {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly function: string;
  /**
   * `not-understood`: the text at the place is not read as C; `not-found`: not even the function is; `too-complex`: its analysis
   * met a budget; `too-long`: more text without an end than is parsed (`MAXIMUM_STRETCH`).
   */
  readonly kind: 'not-understood' | 'not-found' | 'too-complex' | 'too-long';
  /** The line, cut. */
  readonly text: string;
}

const MAXIMUM_CAUSE_TEXT = 120;

/** The functions of a file for which its syntax has no item, outside of branches that are not compiled. */
export function lostFunctions(unit: TranslationUnit, facts?: SourceFacts): FunctionFact[] {
  // Where the grammar met no error it has found them all.
  if (!unit.items.some((item) => item.hasError)) return [];
  const { functions } = facts ?? collectFacts('', unit.source.original);
  const ends = new Set<number>();
  for (const item of unit.items) if (item.kind === 'function') ends.add(item.end);
  const missing = functions.filter((fact) => !ends.has(fact.bodyEnd));
  if (missing.length === 0) return missing;
  const { rewrites } = unit.source;
  const branches = rewrites.filter((rewrite) => rewrite.kind === 'branch');
  const frames = rewrites.filter((rewrite) => rewrite.kind === 'frame-macro');
  // The block of `BEGIN_TEST(name) { } END_TEST` reads like a body where nothing is known of the macros.
  const framed =
    frames.length === 0
      ? []
      : unit.items.filter(({ start, end }) => frames.some((frame) => frame.start >= start && frame.start < end));
  return missing.filter(
    ({ bodyStart }) =>
      !branches.some((branch) => branch.start <= bodyStart && bodyStart < branch.end) &&
      !framed.some((item) => item.start <= bodyStart && bodyStart < item.end),
  );
}

/** Where a function's body begins, as an offset in the file; where no body is found in its syntax, the function itself. */
export function startOfBody({ arrays, start }: TopLevelItem): number {
  const body = childByField(arrays, 0, Field.Body);
  return start + (body === NO_NODE ? 0 : arrays.start[body]);
}

/**
 * How much of a function's body was taken out to be read as C, in bytes of UTF-8. Branches that are not compiled do not count,
 * nor does what stands in its head: attributes of parameters say nothing of what the function does. Arguments that are statements
 * or operators are taken out too, and read where their macros put them: those that were, as the function's `ir` tells, do not
 * count either.
 */
export function blankedBytes(unit: TranslationUnit, item: TopLevelItem, ir: FunctionIr | undefined): number {
  const { original, text } = unit.source;
  const from = startOfBody(item);
  let bytes = 0;
  for (const { kind, start, end } of item.rewrites) {
    if (kind === 'directive' || kind === 'branch') continue;
    if ((kind === 'statement-argument' || kind === 'operator-argument') && ir?.argumentsRead.has(start)) continue;
    const to = Math.min(item.start + end, item.end);
    for (let at = Math.max(item.start + start, from); at < to; at++) {
      if (text[at] !== ' ' || original[at] === ' ') continue;
      const code = original.charCodeAt(at);
      bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code < 0xe000 ? 2 : 3;
    }
  }
  return bytes;
}

/** Where a function's syntax has its first error, as an offset in the file. */
function firstError({ arrays, start }: TopLevelItem): number {
  let node = arrays.kind.indexOf(NodeKind.ERROR);
  // Else a token is missing: a node without text.
  if (node < 0) node = arrays.start.findIndex((from, at) => from === arrays.end[at]);
  return start + (node < 0 ? 0 : arrays.start[node]);
}

/** A stretch that is not parsed begins with the blanks in front of its first word. */
function leadingBlanks({ arrays }: TopLevelItem): number {
  return /^\s*/.exec(arrays.text)![0].length;
}

/**
 * Where and why less is known: functions not understood (those in `misread`, with the offset in the function where the grammar
 * understood more than there is), not found, and those named in `tooComplex`.
 */
export function healthCauses(
  file: string,
  unit: TranslationUnit,
  misread: ReadonlyMap<TopLevelItem, number | undefined>,
  tooComplex: ReadonlySet<TopLevelItem>,
): HealthCause[] {
  const { original } = unit.source;
  const lines = new LineIndex(original);
  const cause = (offset: number, name: string, kind: HealthCause['kind']): HealthCause => {
    const { line } = lines.positionAt(offset);
    const end = original.indexOf('\n', offset);
    const begin = original.lastIndexOf('\n', offset - 1) + 1;
    const text = original
      .slice(begin, end < 0 ? undefined : end)
      .trim()
      .slice(0, MAXIMUM_CAUSE_TEXT);
    return { file, line: line + 1, function: name, kind, text };
  };
  const causes: HealthCause[] = [];
  for (const item of unit.items) {
    if (item.isTooLong) causes.push(cause(item.start + leadingBlanks(item), item.name, 'too-long'));
    if (item.kind !== 'function' || item.isTooLong) continue;
    const place = misread.get(item);
    if (misread.has(item) && item.hasError) causes.push(cause(firstError(item), item.name, 'not-understood'));
    else if (place !== undefined) causes.push(cause(item.start + place, item.name, 'not-understood'));
    else if (tooComplex.has(item)) causes.push(cause(item.start, item.name, 'too-complex'));
  }
  for (const fact of lostFunctions(unit)) causes.push(cause(fact.start, fact.name, 'not-found'));
  return causes.sort((a, b) => a.line - b.line);
}
