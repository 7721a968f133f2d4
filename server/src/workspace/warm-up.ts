import { shortPause } from './pauses.ts';
import type { Project } from './project.ts';

/** Functions of the kinds that programs are made of, so that much of the analysis is needed for them. */
const SAMPLE = `
#include <stdlib.h>
#include <string.h>

#define MARGIN 16
#define RELEASE(p) do { free(p); (p) = NULL; } while (0)

struct item {
    struct item *next;
    char *name;
    unsigned flags;
};

static char *copy_name(const char *name)
{
    size_t size = strlen(name) + MARGIN;
    char *copy = malloc(size);

    if (copy == NULL)
        return NULL;
    memcpy(copy, name, size - MARGIN + 1);
    return copy;
}

/* Makes an item. */
static struct item *make_item(struct item *list, const char *name, unsigned flags)
{
    struct item *item = malloc(sizeof *item);

    if (!item)
        return NULL;
    memset(item, 0, sizeof *item);
    item->name = copy_name(name);
    if (item->name == NULL)
        goto fail;
    for (struct item *other = list; other != NULL; other = other->next) {
        if (strcmp(other->name, name) == 0)
            other->flags |= flags;
    }
    item->next = list;
    return item;

fail:
    free(item);
    return NULL;
}

static void free_items(struct item *list)
{
    while (list != NULL) {
        struct item *next = list->next;

        RELEASE(list->name);
        free(list);
        list = next;
    }
}
`;

/** Behind these a statement is typed, the end of a comment, of a macro. */
const TYPED: readonly (readonly [behind: string, text: string])[] = [
  ['item->next = list;', ' flags++;'],
  ['list = next;', ' ;'],
  ['memcpy(copy, name, size - MARGIN + 1);', ' size++;'],
  ['/* Makes an item', ' anew'],
  ['#define MARGIN 16', '0'],
];

/** In front of these stands a brace that is taken away, and comes again. */
const BRACED: readonly string[] = ['\n    item->next = list;', '\n        if (strcmp('];

const FILE = '/sample.c';

/** The engine compiles what ran a few times. */
const ROUNDS = 3;

/**
 * Types into a program of its own, of which nothing is kept, while nobody types into another: what runs for the first time takes
 * several times as long, and would be felt at the first keys.
 */
export async function warmUp(project: Project, signal: AbortSignal): Promise<void> {
  const change = async (start: number, end: number, newText: string): Promise<void> => {
    await shortPause();
    signal.throwIfAborted();
    project.changeDocument(FILE, { range: { start, end }, newText });
    await project.check(FILE, signal, () => {});
  };
  project.openDocument(FILE, SAMPLE);
  await project.check(FILE, signal);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [behind, text] of TYPED) {
      const at = SAMPLE.indexOf(behind) + behind.length;
      for (let i = 0; i < text.length; i++) await change(at + i, at + i, text[i]);
      for (let i = text.length - 1; i >= 0; i--) await change(at + i, at + i + 1, '');
    }
    for (const behind of BRACED) {
      const at = SAMPLE.indexOf(behind) - 1;
      await change(at, at + 1, '');
      await change(at, at, SAMPLE[at]);
    }
  }
}
