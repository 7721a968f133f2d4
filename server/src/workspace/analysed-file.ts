import type { SourceFacts } from '../source/facts.ts';
import type { Tokens } from '../source/lexer.ts';
import type { NormalisedSource } from '../source/normalise.ts';
import type { SyntaxArrays } from '../syntax/syntax-arrays.ts';
import type { TopLevelItem, TranslationUnit } from '../syntax/translation-unit.ts';
import type { FunctionMemo } from './function-memo.ts';

/** One file that was parsed, with the analyses of its functions so far. */
export interface AnalysedFile {
  readonly file: string;
  text: string;
  source: NormalisedSource;
  /** The version of the index whose macros `source` was normalised with. */
  indexVersion: number;
  /** Of an edited file, so that the next edit need not read all of it; undefined before the first edit. */
  tokens: Tokens | undefined;
  /** The facts that were read off these tokens. */
  facts: SourceFacts | undefined;
  unit: TranslationUnit;
  /** By a function's syntax, which is the same object for as long as its text is: also when an edit is taken back. */
  readonly memos: WeakMap<SyntaxArrays, FunctionMemo>;
}

/** Function items by name; of several with one name the first counts, as with alternatives of a conditional group. */
export function functionItem(file: AnalysedFile, name: string): TopLevelItem | undefined {
  return file.unit.functionNamed(name);
}
