import { type Content, type FunctionModel, NOTHING } from './function-model.ts';

/** The convention of fifty years: an x in front of an allocator's name, and it ends the program instead of failing. */
const INFALLIBLE =
  /^_*(?:x|x_|safe_|checked_)(malloc|calloc|zalloc|mallocz|malloc0|mallocarray|realloc|reallocarray|strdup|strndup|memdup|memdup0)$/;

const CONTENTS: ReadonlyMap<string, Content> = new Map([
  ['malloc', 'unwritten'],
  ['mallocarray', 'unwritten'],
  ['calloc', 'zeroed'],
  ['zalloc', 'zeroed'],
  ['mallocz', 'zeroed'],
  ['malloc0', 'zeroed'],
]);

/**
 * What a function is believed to do for its name alone, where no body and no declaration says anything. Its memory is of
 * no known family: a belief never proves that a deallocator is the wrong one.
 */
export function believedModel(name: string): FunctionModel | undefined {
  const match = INFALLIBLE.exec(name);
  if (!match) return undefined;
  const allocation = { family: '', nullable: false, content: CONTENTS.get(match[1]) ?? 'written' };
  return match[1].startsWith('realloc')
    ? { ...NOTHING, reallocates: { argument: 0, allocation } }
    : { ...NOTHING, allocates: allocation };
}
