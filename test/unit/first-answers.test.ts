import { expect, test } from 'vitest';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import type { FileReport } from '../../server/src/workspace/file-report.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { warmUp } from '../../server/src/workspace/warm-up.ts';
import { testGrammar } from '../support/grammar.ts';

/* What an editor is told at once, and what is found out when nobody types any more. */

const grammar = await testGrammar();
const file = '/w/typed.c';
const newProject = (): Project =>
  new Project({ grammar, configuration: defaultConfiguration, readText: () => undefined });

const text = `#include <stdlib.h>
static char *make(void)
{
    char *made = malloc(8);
    if (made) made[0] = 0;
    return made;
}

int lose(void)
{
    char *lost = make();
    return lost != NULL;
}
`;

const rulesOf = ({ findings }: FileReport) => findings.map(({ rule, functionName }) => `${functionName} ${rule}`);

test('a function in the middle of being typed is followed when the first answer is given', async () => {
  const project = newProject();
  project.openDocument(file, text);
  expect(rulesOf(await project.check(file))).toEqual(['lose memory-leak']);
  for (const typed of [')', ') ]', '']) {
    const edited = text.replace('if (made)', `if (made)${typed}`);
    project.openDocument(file, edited);
    let first: FileReport | undefined;
    const last = await project.check(file, undefined, (report) => {
      first = report;
    });
    const fresh = newProject();
    fresh.openDocument(file, edited);
    const expected = await fresh.check(file);
    expect(rulesOf(last)).toEqual(rulesOf(expected));
    expect(last.health).toEqual(expected.health);
    expect(first === undefined).toBe(typed === '');
    if (first) expect(rulesOf(first).filter((finding) => finding.startsWith('make'))).toEqual([]);
  }
});

test('warming up types into an empty project until somebody else types', async () => {
  const project = newProject();
  project.openDocument(file, text);
  await warmUp(project.empty(), new AbortController().signal);
  expect(project.indexedFiles).toBe(0);
  expect(rulesOf(await project.check(file))).toEqual(['lose memory-leak']);
  await expect(warmUp(project.empty(), AbortSignal.abort(new Error('typed')))).rejects.toThrow('typed');
});
