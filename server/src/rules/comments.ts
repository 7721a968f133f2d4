import type { TextRange } from '../base/range.ts';
import { blockCommentEnd, literalEnd } from '../source/lexer.ts';

/** The comments of a text, in preprocessor lines too, but not what looks like one in a literal. Ordered by position. */
export function findComments(text: string): TextRange[] {
  const comments: TextRange[] = [];
  const opening = /["']|\/[/*]/g;
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const start = match.index;
    const isLiteral = match[0].length === 1;
    const end = isLiteral
      ? literalEnd(text, start)
      : match[0] === '/*'
        ? blockCommentEnd(text, start)
        : lineCommentEnd(text, start);
    if (!isLiteral) comments.push({ start, end });
    opening.lastIndex = Math.max(end, start + 1);
  }
  return comments;
}

/** The offset of the line break that ends a `//` comment; a backslash at a line's end continues it. */
function lineCommentEnd(text: string, at: number): number {
  const lineBreak = /\r\n|[\r\n]/g;
  lineBreak.lastIndex = at;
  for (let match = lineBreak.exec(text); match; match = lineBreak.exec(text)) {
    if (text[match.index - 1] !== '\\') return match.index;
  }
  return text.length;
}
