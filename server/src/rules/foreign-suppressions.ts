import { LineIndex } from '../base/line-index.ts';
import type { TextRange } from '../base/range.ts';
import { findComments } from './comments.ts';
import { ignoredDiagnostics } from './diagnostic-pragmas.ts';
import { foreignNames } from './foreign-names.ts';

/**
 * A comment, or a pragma, for another tool that silences what this tool reports at the same place:
 *
 *     free(p); // NOLINT                              as clang-tidy reads it: all rules
 *     // NOLINTNEXTLINE(clang-analyzer-unix.Malloc)
 *     // NOLINTBEGIN(*) … // NOLINTEND(*)
 *     // cppcheck-suppress [doubleFree, memleak]      as cppcheck reads it
 *     // cppcheck-suppress-begin doubleFree … // cppcheck-suppress-end doubleFree
 *     // cppcheck-suppress-file doubleFree
 *     #pragma GCC diagnostic ignored "-Wanalyzer-double-free"    as GCC reads it
 *
 * Names stand for our rules as `foreign-names.ts` says; our own names count as well.
 */
export interface ForeignSuppression {
  /** Zero-based lines, the first and the last whose findings are silenced. */
  readonly firstLine: number;
  readonly lastLine: number;
  silences(rule: string): boolean;
}

/** Finds the comments and pragmas for other tools. Any text will do. */
export function findForeignSuppressions(text: string): ForeignSuppression[] {
  // Most files have none, and need not be read any closer.
  if (!/NOLINT|cppcheck-suppress|GCC\s+diagnostic/.test(text)) return [];
  const lines = new LineIndex(text);
  const comments = findComments(text);
  return [
    ...clangSuppressions(text, comments, lines),
    ...cppcheckSuppressions(text, comments, lines),
    ...ignoredDiagnostics(text, comments, lines).map(({ name, firstLine, lastLine }) => ({
      firstLine,
      lastLine,
      silences: (rule: string) => foreignNames[rule]?.gcc.includes(name) ?? false,
    })),
  ];
}

type Tool = 'clang' | 'cppcheck';

/** First lines of the regions that are open, innermost last, by the names that they silence. */
type OpenRegions = Map<string, number[]>;

/** "Suppressing Undesired Diagnostics" in clang-tidy's manual. The word may stand anywhere in a comment. */
function clangSuppressions(text: string, comments: readonly TextRange[], lines: LineIndex): ForeignSuppression[] {
  const result: ForeignSuppression[] = [];
  const open: OpenRegions = new Map();
  for (const { start, end } of comments) {
    const comment = text.slice(start, end);
    for (const match of comment.matchAll(/(?<!\w)NOLINT(NEXTLINE|BEGIN|END)?(?!\w)(?:\(([^)\r\n]*)\))?/g)) {
      const line = lines.positionAt(start + match.index).line;
      const names = match[2] ?? '*';
      switch (match[1]) {
        case 'BEGIN':
          begin(open, names, line);
          break;
        case 'END':
          close(open, names, line, 'clang', result);
          break;
        default: {
          const silenced = match[1] === 'NEXTLINE' ? line + 1 : line;
          result.push({ firstLine: silenced, lastLine: silenced, silences: matcher('clang', names) });
        }
      }
    }
  }
  return result;
}

/** "Inline suppressions" in cppcheck's manual. The word begins the comment. */
function cppcheckSuppressions(text: string, comments: readonly TextRange[], lines: LineIndex): ForeignSuppression[] {
  const result: ForeignSuppression[] = [];
  const open: OpenRegions = new Map();
  const pattern = /^\/[/*]\s*cppcheck-suppress(-begin|-end|-file)?(?![\w-])\s*(?:\[([^\]]*)\]|([\w*]+))/;
  const codeLines = codeLinesOf(text, comments, lines);
  for (const [i, { start, end }] of comments.entries()) {
    const match = pattern.exec(text.slice(start, end));
    if (!match) continue;
    // A name in brackets may be followed by "symbolName=…", which says of which pointer it is; any will do here.
    const names = match[2]?.replace(/\s+symbolName=[^\s,]*/g, '') ?? match[3];
    const { line } = lines.positionAt(start);
    switch (match[1]) {
      case '-begin':
        begin(open, names, line);
        break;
      case '-end':
        close(open, names, line, 'cppcheck', result);
        break;
      case '-file':
        result.push({ firstLine: 0, lastLine: Number.POSITIVE_INFINITY, silences: matcher('cppcheck', names) });
        break;
      default: {
        result.push({ firstLine: codeLines[i], lastLine: codeLines[i], silences: matcher('cppcheck', names) });
      }
    }
  }
  return result;
}

function begin(open: OpenRegions, names: string, line: number): void {
  const firstLines = open.get(names);
  if (firstLines) firstLines.push(line);
  else open.set(names, [line]);
}

/** Ends the innermost region with these names. One without a beginning means nothing, as in the tools themselves. */
function close(open: OpenRegions, names: string, line: number, tool: Tool, result: ForeignSuppression[]): void {
  const firstLine = open.get(names)?.pop();
  if (firstLine !== undefined) result.push({ firstLine, lastLine: line, silences: matcher(tool, names) });
}

/** By comment, the line of the code that it is about: its own when code stands before it, else that of the next code. */
function codeLinesOf(text: string, comments: readonly TextRange[], lines: LineIndex): number[] {
  const result: number[] = [];
  let next = lines.lineCount;
  for (let i = comments.length - 1; i >= 0; i--) {
    const gapEnd = comments[i + 1]?.start ?? text.length;
    const code = text.slice(comments[i].end, gapEnd).search(/\S/);
    if (code >= 0) next = lines.positionAt(comments[i].end + code).line;
    result[i] = next;
  }
  let lineOfCode = -1;
  for (const [i, { start }] of comments.entries()) {
    const gapStart = comments[i - 1]?.end ?? 0;
    const gap = text.slice(gapStart, start).trimEnd();
    if (gap !== '') lineOfCode = lines.positionAt(gapStart + gap.length - 1).line;
    const { line } = lines.positionAt(start);
    if (lineOfCode === line) result[i] = line;
  }
  return result;
}

/** A list of names with `*` for any letters and `-` in front of what is taken out again, as clang-tidy reads it. */
function matcher(tool: Tool, list: string): (rule: string) => boolean {
  const entries = list
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .map((entry) => ({ isNegative: entry.startsWith('-'), parts: entry.replace(/^-/, '').split('*') }));
  return (rule) => {
    const names = [rule, `ritual-${rule}`, ...(foreignNames[rule]?.[tool] ?? [])];
    return names.some((name) => {
      const last = entries.findLast(({ parts }) => matchesGlob(name, parts));
      return last !== undefined && !last.isNegative;
    });
  };
}

/** True when a name is made of these parts in this order, with anything between them. */
function matchesGlob(name: string, parts: readonly string[]): boolean {
  if (parts.length === 1) return name === parts[0];
  const [first, ...middle] = parts;
  const last = middle.pop()!;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of middle) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
