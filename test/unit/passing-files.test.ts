import { expect, test } from 'vitest';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { Program } from '../../server/src/workspace/program.ts';
import { testGrammar } from '../support/grammar.ts';

/*
 * A source file that comes into the index or leaves it, as those do that are checked beyond its bound, leaves the texts of others
 * alone: each of them read anew for each such file would be felt at every key.
 */

const grammar = await testGrammar();

function programOf(texts: ReadonlyMap<string, string>): Program {
  return new Program(grammar, defaultConfiguration, (file) => texts.get(file));
}

const edited = `#include "own.h"
#ifndef FALLBACK
#define FALLBACK 1
#endif
#ifdef OPTION
int option;
#endif
int f(void) { return FALLBACK; }
`;

test.each([
  ['macros of its own', '#define OTHER 1\nint g(void) { return OTHER; }\n', true],
  ['a macro that the other has as a fallback', '#define FALLBACK 2\nint g(void) { return FALLBACK; }\n', false],
  ['a macro that the other asks for', '#define OPTION\nint g(void) { return 0; }\n', false],
])('one with %s', (_what, text, isLeftAlone) => {
  const texts = new Map([
    ['/w/edited.c', edited],
    ['/w/passing.c', text],
  ]);
  const program = programOf(texts);
  const before = program.analysed('/w/edited.c')!.source;
  program.analysed('/w/passing.c');
  const present = program.analysed('/w/edited.c')!.source;
  expect(present === before).toBe(isLeftAlone);
  // What is known of a text does not depend on what came first.
  const other = programOf(texts);
  other.analysed('/w/passing.c');
  expect(present.text).toBe(other.analysed('/w/edited.c')!.source.text);

  program.remove('/w/passing.c');
  const left = program.analysed('/w/edited.c')!.source;
  expect(left === present).toBe(isLeftAlone);
  expect(left.text).toBe(before.text);
});

test('a header that comes is read by those that mean it, and so is a source file that they include', () => {
  for (const name of ['own.h', 'own.c']) {
    const texts = new Map([
      ['/w/edited.c', edited.replace('own.h', name)],
      [`/w/${name}`, '#define OPTION\n'],
    ]);
    const program = programOf(texts);
    const before = program.analysed('/w/edited.c')!.source;
    program.setText(`/w/${name}`, texts.get(`/w/${name}`)!);
    expect(program.analysed('/w/edited.c')!.source).not.toBe(before);
  }
});
