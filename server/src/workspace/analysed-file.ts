import type { NormalisedSource } from '../source/normalise.ts';
import type { TopLevelItem, TranslationUnit } from '../syntax/translation-unit.ts';
import type { FunctionMemo } from './function-memo.ts';

/** One file that was parsed, with the analyses of its functions so far. */
export interface AnalysedFile {
  readonly file: string;
  text: string;
  source: NormalisedSource;
  unit: TranslationUnit;
  /** By the function item's content: analyses survive as long as some text of the file has the function. */
  memos: Map<string, FunctionMemo>;
}

/** Function items by name; of several with one name the first counts, as with alternatives of a conditional group. */
export function functionItem(file: AnalysedFile, name: string): TopLevelItem | undefined {
  return file.unit.functionNamed(name);
}
