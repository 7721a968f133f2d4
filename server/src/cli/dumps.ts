import { LineIndex } from '../base/line-index.ts';
import * as lexer from '../source/lexer.ts';

export interface DumpInput {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
}

/** What `ritual debug --dump` can show, by name. The text is for people and has no stable form. */
export const dumps: Readonly<Record<string, (input: DumpInput) => string | Promise<string>>> = {
  tokens: dumpTokens,
};

/** One token a line: position, kind, and the text as JSON writes it. */
function dumpTokens({ text }: DumpInput): string {
  const tokens = lexer.tokenise(text);
  const lines = new LineIndex(text);
  const result: string[] = [];
  for (let i = 0; i < tokens.count; i++) {
    const { line, character } = lines.positionAt(tokens.start[i]);
    const spelling = JSON.stringify(text.slice(tokens.start[i], tokens.end[i]));
    result.push(`${line + 1}:${character + 1}\t${tokenKindName(tokens.kind[i])}\t${spelling}\n`);
  }
  return result.join('');
}

const literalKinds: Readonly<Record<number, string>> = {
  [lexer.IDENTIFIER]: 'identifier',
  [lexer.NUMBER]: 'number',
  [lexer.STRING]: 'string',
  [lexer.CHARACTER]: 'character',
  [lexer.DIRECTIVE]: 'directive',
  [lexer.UNKNOWN]: 'unknown',
};

function tokenKindName(kind: number): string {
  return literalKinds[kind] ?? 'punctuator';
}
