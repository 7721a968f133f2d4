import { LineIndex } from '../base/line-index.ts';
import type { TextEdit } from '../base/range.ts';
import { blockCommentEnd } from '../source/lexer.ts';
import { findSuppressions } from './suppressions.ts';

/**
 * The edit that silences a rule in the whole file: adds it to a suppression of the file that is there, or inserts one
 * behind the comments that the file begins with, which are its licence more often than not. Undefined when none is needed.
 * @param reason What to write behind `--`; nothing when empty.
 */
export function fileSuppressionEdit(text: string, rule: string, reason: string): TextEdit | undefined {
  const existing = findSuppressions(text).filter(({ scope }) => scope === 'file');
  if (existing.some(({ rules }) => rules.length === 0 || rules.includes(rule))) return undefined;
  const last = existing.at(-1);
  if (last) return { range: { start: last.rulesEnd, end: last.rulesEnd }, newText: `, ${rule}` };
  const start = endOfLeadingComments(text);
  const lineBreak = /\r\n|\n|\r/.exec(text)?.[0] ?? '\n';
  const because = reason === '' ? '' : ` -- ${reason.replaceAll('*/', '* /')}`;
  return {
    range: { start, end: start },
    // A block comment: every C compiler knows it, and nothing says yet what the file uses.
    newText: `/* ritual-ignore-file ${rule}${because} */${lineBreak}`,
  };
}

/** The beginning of the first line that is neither blank nor part of a comment at the top of the file. */
function endOfLeadingComments(text: string): number {
  const lines = new LineIndex(text);
  let end = 0;
  for (let at = 0; ; ) {
    while (at < text.length && /\s/.test(text[at])) at++;
    if (text.startsWith('/*', at)) at = blockCommentEnd(text, at);
    else if (text.startsWith('//', at)) at = lines.lineStart(lines.positionAt(at).line + 1);
    else return end;
    // What stands behind a comment on its line may be code: then the comment belongs to it.
    const nextLine =
      at === lines.lineStart(lines.positionAt(at).line) ? at : lines.lineStart(lines.positionAt(at).line + 1);
    if (text.slice(at, nextLine).trim() !== '') return end;
    end = nextLine;
    if (end >= text.length) return endsInLineBreak(text) ? end : 0;
  }
}

function endsInLineBreak(text: string): boolean {
  return /[\r\n]$/.test(text);
}
