import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { defaultConfiguration } from '../../server/src/workspace/configuration.ts';
import { Project } from '../../server/src/workspace/project.ts';
import { testGrammar } from '../support/grammar.ts';
import { editedTexts, randomNumbers } from '../support/random-edits.ts';

/*
 * What an editor's project says after many edits is what a fresh project says of the same texts: nothing stale survives,
 * whatever was kept. The edits are random, but the same on every run.
 */

const grammar = await testGrammar();
const folder = path.join(import.meta.dirname, '../../examples');
const examples = fs.readdirSync(folder).filter((name) => name.endsWith('.c'));

const library = `
#define RELEASE(p) do { free(p); (p) = NULL; } while (0)
#define CHECKED(p) if (!(p)) return NULL
#define COUNT 16
void drop(void *p);
enum { FIRST = 1, SECOND };
`;
const program = `
#include "library.h"
#include <stdlib.h>

struct item { char *name; struct item *next; };

#ifdef SMALL
static void *reserve(size_t size) { return malloc(size); }
#else
static void *reserve(size_t size) { void *p = malloc(size); if (!p) abort(); return p; }
#endif

void drop(void *p)
{
    free(p);
}

struct item *make(const char *name)
{
    struct item *item = reserve(sizeof *item);

    CHECKED(item);
    item->name = malloc(COUNT);
    item->name[0] = name[FIRST];
    return item;
}

void unmake(struct item *item)
{
    RELEASE(item->name);
    drop(item);
    item->next = NULL;
}

int walk(struct item *item, int count)
{
    char *copy = malloc(count + COUNT);

    if (count > SECOND) {
        free(copy);
        return -1;
    }
    while (item != NULL) {
        unmake(item);
        item = item->next;
    }
    free(copy);
    return copy[0];
}
`;
const caller = `
#include "library.h"
#include <stdlib.h>

void use(void)
{
    char *text = malloc(COUNT);

    drop(text);
    RELEASE(text);
    drop(text);
}
`;

async function compareWithFresh(texts: Map<string, string>, edits: number, seed: number): Promise<void> {
  const random = randomNumbers(seed);
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: (file) => texts.get(file) });
  for (const [file, text] of texts) project.openDocument(file, text);
  const files = [...texts.keys()];
  const edited = new Map(files.map((file) => [file, editedTexts(texts.get(file)!, random, edits)]));
  for (let i = 0; i < edits; i++) {
    const file = files[random(files.length)];
    const next = edited.get(file)!.next();
    if (next.done) continue;
    const before = texts.get(file)!;
    texts.set(file, next.value);
    project.changeDocument(file, { range: { start: 0, end: before.length }, newText: next.value });
    const fresh = new Project({ grammar, configuration: defaultConfiguration, readText: (name) => texts.get(name) });
    for (const [name, text] of texts) fresh.indexFile(name, text);
    for (const name of files) {
      const { findings, health } = await project.check(name);
      const expected = await fresh.check(name);
      const where = `seed ${seed}, edit ${i} of ${file}, check of ${name}`;
      expect({ where, findings, health }).toEqual({ where, findings: expected.findings, health: expected.health });
    }
  }
}

test('a program of three files', async () => {
  for (const seed of [1, 2]) {
    const texts = new Map([
      ['/w/library.h', library],
      ['/w/program.c', program],
      ['/w/caller.c', caller],
    ]);
    await compareWithFresh(texts, 60, seed);
  }
});

test.each(examples)('%s', async (name) => {
  await compareWithFresh(new Map([[`/w/${name}`, fs.readFileSync(path.join(folder, name), 'utf8')]]), 25, 7);
});

test('a header that changes what a word is in files whose text stays', async () => {
  const header = '/w/a.h';
  const file = '/w/a.c';
  const text = '#include "a.h"\nvoid f(char *p)\n{\n    MAYBE free(p);\n#if LEVEL > 1\n    free(p);\n#endif\n}\n';
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: () => undefined });
  project.openDocument(header, '');
  project.openDocument(file, text);
  const rulesWith = async (headerText: string) => {
    project.openDocument(header, headerText);
    return (await project.check(file)).findings.map(({ rule }) => rule);
  };
  expect(await rulesWith('')).toEqual([]);
  expect(await rulesWith('#define MAYBE\n#define LEVEL 2\n')).toEqual(['double-free']);
  expect(await rulesWith('#define MAYBE\n#define LEVEL 1\n')).toEqual([]);
  expect(await rulesWith('#define MAYBE\n#define BASE 3\n#define LEVEL 2\n')).toEqual(['double-free']);
  expect(await rulesWith('#define LEVEL 2\n')).toEqual([]);
});

test('a function becomes worth an analysis when a callee of its is defined no more, and the other way round', async () => {
  const texts = new Map([
    ['a.c', 'void f(void) { g_strdup("lost"); }\n'],
    ['b.c', 'char *g_strdup(const char *text) { return (char *)text; }\n'],
  ]);
  const files = [...texts.keys()];
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: (file) => texts.get(file) });
  const rulesIn = async (of: Project) => (await of.check('a.c')).findings.map(({ rule }) => rule);
  const expected = async (present: readonly string[]) => {
    const fresh = new Project({ grammar, configuration: defaultConfiguration, readText: (file) => texts.get(file) });
    for (const file of present) fresh.indexFile(file, texts.get(file)!);
    return rulesIn(fresh);
  };
  for (const file of files) project.indexFile(file, texts.get(file)!);
  expect(await rulesIn(project)).toEqual(await expected(files));
  expect(await rulesIn(project)).toEqual([]);
  project.removeFile('b.c');
  expect(await rulesIn(project)).toEqual(await expected(['a.c']));
  expect(await rulesIn(project)).toEqual(['memory-leak']);
  project.indexFile('b.c', texts.get('b.c')!);
  expect(await rulesIn(project)).toEqual([]);
});

test('a function is asked again whether it returns when a header says that a callee does not', async () => {
  const declaration = 'void stop(int code);\n';
  const texts = new Map([
    ['stop.h', declaration],
    ['b.c', '#include "stop.h"\nvoid give_up(void) { stop(1); }\n'],
    [
      'a.c',
      '#include <stdlib.h>\nvoid give_up(void);\nint f(void) { char *p = malloc(8); if (!p) give_up(); *p = 1; free(p); return 0; }\n',
    ],
  ]);
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: (file) => texts.get(file) });
  const rulesIn = async () => (await project.check('a.c')).findings.map(({ rule }) => rule);
  for (const [file, text] of texts) project.indexFile(file, text);
  const before = await rulesIn();
  for (const text of [`_Noreturn ${declaration}`, declaration]) {
    texts.set('stop.h', text);
    project.indexFile('stop.h', text);
    const fresh = new Project({ grammar, configuration: defaultConfiguration, readText: (file) => texts.get(file) });
    for (const [file, content] of texts) fresh.indexFile(file, content);
    expect(await rulesIn()).toEqual((await fresh.check('a.c')).findings.map(({ rule }) => rule));
  }
  expect(await rulesIn()).toEqual(before);
});

test('a report of missing memory is asked again whether it may end the program when a body far behind it changes', async () => {
  const logWith = (test: string) =>
    `#include <stdlib.h>\nint limit;\nvoid write_log(int level, const char *text) { if (level >= ${test}) abort(); }\n`;
  const texts = new Map([
    ['log.c', logWith('limit')],
    [
      'report.c',
      'void write_log(int level, const char *text);\nvoid report(const char *text) { write_log(2, text); }\n',
    ],
    [
      'a.c',
      '#include <stdlib.h>\nvoid report(const char *text);\nint f(void) { int *p = malloc(8); if (!p) report("none"); *p = 1; free(p); return 0; }\n',
    ],
  ]);
  const projectOf = () => {
    const project = new Project({ grammar, configuration: defaultConfiguration, readText: (file) => texts.get(file) });
    for (const [file, text] of texts) project.indexFile(file, text);
    return project;
  };
  const rulesIn = async (project: Project) => (await project.check('a.c')).findings.map(({ rule }) => rule);
  const project = projectOf();
  project.openDocument('log.c', texts.get('log.c')!);
  expect(await rulesIn(project)).toEqual([]);
  for (const test of ['99999', 'limit']) {
    texts.set('log.c', logWith(test));
    project.openDocument('log.c', texts.get('log.c')!);
    const fresh = await rulesIn(projectOf());
    expect(fresh).toEqual(test === 'limit' ? [] : ['missing-null-check']);
    expect(await rulesIn(project)).toEqual(fresh);
  }
});

/** A project of one file, `a.c`, that stands in the editor. */
function projectOfText(text: string): Project {
  const project = new Project({ grammar, configuration: defaultConfiguration, readText: () => text });
  project.indexFile('a.c', text);
  project.openDocument('a.c', text);
  return project;
}

/** What is found in its file, and where. */
async function foundIn(project: Project) {
  return (await project.check('a.c')).findings.map(
    ({ rule, functionName, range }) => [rule, functionName, range.start] as const,
  );
}

test('a function that a file defines twice is asked again when its second definition changes', async () => {
  const textWith = (second: string) => `#include <stdlib.h>
void *kept;
#ifdef COUNTED
void drop(void *p) { if (p) kept = NULL; }
#else
void drop(void *p) { ${second} }
#endif
int f(void) { int *p = malloc(8); if (!p) return 0; *p = 1; drop(p); return *p; }
`;
  const rulesIn = async (project: Project) => (await project.check('a.c')).findings.map(({ rule }) => rule);
  const edited = projectOfText(textWith('free(p);'));
  expect(await rulesIn(edited)).toEqual(['use-after-free']);
  const kept = textWith('free(kept);');
  edited.openDocument('a.c', kept);
  expect(await rulesIn(edited)).toEqual(await rulesIn(projectOfText(kept)));
  expect(await rulesIn(edited)).not.toContain('use-after-free');
});

test('whoever reaches an edited function by a macro, a callee or an address is asked again, and nobody is forgotten', async () => {
  const textWith = (body: string) => `#include <stdlib.h>
#define GIVE(p) give(p)
static int counter;
static void give(char *p) { ${body} }
static void hand(char *p) { GIVE(p); }
static void each(void (*run)(char *), char *p) { run(p); }
int direct(void) { char *p = malloc(8); if (!p) return 0; *p = 1; hand(p); return *p; }
int told(void) { char *p = malloc(8); if (!p) return 0; *p = 1; each(give, p); return *p; }
int apart(char *q) { free(q); return *q; }
`;
  const edited = projectOfText(textWith('counter++;'));
  await foundIn(edited);
  for (const body of ['free(p);', 'free(p); counter++;', 'counter += p != NULL;', 'counter++;', 'if (p) free(p);']) {
    edited.openDocument('a.c', textWith(body));
    const found = await foundIn(edited);
    expect(found).toEqual(await foundIn(projectOfText(textWith(body))));
    expect(found.map(([, functionName]) => functionName)).toContain('apart');
    expect(found.some(([rule, name]) => rule === 'use-after-free' && name === 'direct')).toBe(body.includes('free'));
  }
});

test('the functions of a cycle of calls are asked again when one of them does something else, round by round', async () => {
  const textWith = (leaf: string, branch: string) => `#include <stdlib.h>
struct node { struct node *left; };
static struct node *parse(const char *text);
static struct node *leaf(const char *text) { ${leaf} }
static struct node *branch(const char *text) { ${branch} }
static struct node *parse(const char *text) { return *text == 'b' ? branch(text + 1) : leaf(text); }
int count(const char *text) { struct node *node = parse(text); if (!node) return 0; return 1; }
`;
  const made = 'return malloc(sizeof(struct node));';
  const nested = 'struct node *n = parse(text); return n;';
  const joined =
    'struct node *n = parse(text), *l; if (!n) return NULL; l = leaf(text); if (!l) return NULL; n->left = l; return n;';
  const none = 'return NULL;';
  const edited = projectOfText(textWith(made, nested));
  expect((await foundIn(edited)).map(([, name]) => name)).toEqual(['count']);
  for (const [leaf, branch] of [
    [none, nested],
    [none, joined],
    [made, joined],
    [made, none],
    [made, joined],
    [made, nested],
  ]) {
    const text = textWith(leaf, branch);
    edited.openDocument('a.c', text);
    const found = await foundIn(edited);
    expect(found).toEqual(await foundIn(projectOfText(text)));
    expect(found.map(([, name]) => name).includes('branch')).toBe(leaf === made && branch === joined);
  }
});

test('a static variable is a constant until a body, a macro or an included text writes to it', async () => {
  const textWith = (body: string, define = '0', included = '"names.h"') => `#include <stdlib.h>
#include ${included}
#define SET() ${define}
static int is_kept = 0;
void choose(void) { ${body} }
void f(char *p) { free(p); if (is_kept) free(p); }
`;
  const projectOf = (text: string) => {
    const project = new Project({ grammar, configuration: defaultConfiguration, readText: () => undefined });
    project.indexFile('a.c', text);
    project.openDocument('a.c', text);
    return project;
  };
  const rulesIn = async (project: Project) => (await project.check('a.c')).findings.map(({ rule }) => rule);
  const edited = projectOf(textWith('choose();'));
  expect(await rulesIn(edited)).toEqual([]);
  const found = ['double-free'];
  for (const [text, expected] of [
    [textWith('is_kept = 1;'), found],
    [textWith('choose();'), []],
    [textWith('choose();', '(is_kept = 1)'), found],
    [textWith('choose();'), []],
    [textWith('choose();', '0', '"choices.inc"'), found],
  ] as const) {
    edited.openDocument('a.c', text);
    expect(await rulesIn(edited)).toEqual(expected);
    expect(await rulesIn(projectOf(text))).toEqual(expected);
  }
});
