import path from 'node:path';
import { expect, test } from 'vitest';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { openWorkspace } from '../../server/src/workspace/node-workspace.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { testGrammar } from '../support/grammar.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/*
 * A file is checked while the index is still being read. What a library is said to do may be wrong then: the workspace may be that
 * library, with another body for the name. Such findings wait; those that rest on C's own library do not.
 */

const grammar = await testGrammar();

/** As the library's own sources use its allocator: they know that it is malloc() inside. */
const user = `#include <stdlib.h>
char *curl_maprintf(const char *format, ...);
#define print_new curl_maprintf
int f(int n)
{
    char *url = print_new("%d", n);
    if (url == NULL)
        return 1;
    free(url);
    return 0;
}
`;
const freedTwice = `
void g(char *p)
{
    free(p);
    free(p);
}
`;
const library = `#include <stdlib.h>
char *curl_maprintf(const char *format, ...)
{
    (void)format;
    return malloc(8);
}
`;

async function rulesOf(project: Project, file: string): Promise<string[]> {
  return (await project.check(file)).findings.map(({ rule }) => rule);
}

test("what another library is said to do makes no finding while the index is being read, what C's does makes one", async () => {
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: () => user + freedTwice });
  project.indexIsPartial();
  project.indexIsBeingRead();
  expect(await rulesOf(project, '/w/user.c')).toEqual(['double-free']);
  // Nothing more came: the program uses the library, and the table counts.
  project.indexIsBeingRead(false);
  expect(await rulesOf(project, '/w/user.c')).toEqual(['mismatched-deallocator', 'double-free']);
});

test('a workspace that is the library has no such finding, neither at first nor later', async () => {
  const folder = temporaryFolder({ 'user.c': user + freedTwice, 'library.c': library });
  const file = path.join(folder, 'user.c');
  let early: Promise<string[]> | undefined;
  const { project } = await openWorkspace(folder, {
    wanted: () => [file],
    onOpened: (opened) => {
      early = rulesOf(opened.project, file);
    },
  });
  expect(await early).toEqual(['double-free']);
  expect(await rulesOf(project, file)).toEqual(['double-free']);
});

/** Nothing in this file frees the member. */
const holder = `#include <stdlib.h>
#include "key.h"
int key_set(struct key *key)
{
    key->value = malloc(8);
    return key->value ? 0 : -1;
}
void key_free(struct key *key)
{
    free(key);
}
`;
const header = 'struct key { char *value; };\n';
const clearing = `#include <stdlib.h>
#include "key.h"
void key_clear(struct key *key)
{
    free(key->value);
    key->value = NULL;
}
`;

test('that nothing frees a member is known when all files are', async () => {
  const texts: Record<string, string> = { '/w/key.c': holder, '/w/key.h': header };
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: (file) => texts[file] });
  project.indexFile('/w/key.h', header);
  project.indexIsBeingRead();
  expect(await rulesOf(project, '/w/key.c')).toEqual([]);
  project.indexIsBeingRead(false);
  expect(await rulesOf(project, '/w/key.c')).toEqual(['memory-leak']);
  project.indexIsPartial();
  expect(await rulesOf(project, '/w/key.c')).toEqual([]);
});

test('a file that frees the member as well is a reason to say nothing', async () => {
  const folder = temporaryFolder({ 'key.c': holder, 'key.h': header, 'clear.c': clearing });
  const file = path.join(folder, 'key.c');
  const { project } = await openWorkspace(folder, { wanted: () => [file] });
  expect(await rulesOf(project, file)).toEqual([]);
});

/** The member's name stands behind no arrow here. */
const naming = `#include <stdlib.h>
#include "key.h"
#define TAKE(key, member) do { free((key)->member); (key)->member = NULL; } while (0)
void key_reset(struct key *key)
{
    TAKE(key, value);
}
`;

test('so is one with a macro that is told which member to free', async () => {
  const folder = temporaryFolder({ 'key.c': holder, 'key.h': header, 'reset.c': naming });
  const file = path.join(folder, 'key.c');
  const { project } = await openWorkspace(folder, { wanted: () => [file] });
  expect(await rulesOf(project, file)).toEqual([]);
});
