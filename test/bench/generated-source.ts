/**
 * A C file of about 7,000 lines as people write them: structures, allocations with their checks, error labels, loops,
 * macros and comments; in every tenth function something is wrong. The same on every run.
 */
export function generateSource(functions = 170): string {
  const parts = [
    '#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n',
    '#define CHUNK 64\n#define MIN(a, b) ((a) < (b) ? (a) : (b))\n#define RELEASE(p) do { free(p); (p) = NULL; } while (0)\n',
    'struct entry {\n    struct entry *next;\n    char *name;\n    unsigned char *data;\n    size_t size;\n    int flags;\n};\n',
  ];
  for (let i = 0; i < functions; i++) parts.push(functionText(i));
  return parts.join('\n');
}

function functionText(i: number): string {
  return `/*
 * Makes entry number ${i}: copies the name, reserves room for the data, and links it before the others.
 */
static struct entry *make_entry_${i}(struct entry *list, const char *name, size_t size)
{
    struct entry *entry = malloc(sizeof *entry);
    size_t used = 0;
    int tries = ${i % 7};

    if (entry == NULL)
        return NULL;
    memset(entry, 0, sizeof *entry);
    entry->name = strdup(name);
    if (!entry->name)
        goto fail;
    entry->data = malloc(size + CHUNK);
    if (entry->data == NULL) {${i % 10 === 5 ? '\n        free(entry->name);' : ''}
        fprintf(stderr, "entry ${i}: no memory for %zu bytes\\n", size);
        goto fail;
    }
    while (used < size && tries-- > 0) {
        size_t step = MIN(size - used, (size_t)CHUNK);

        memcpy(entry->data + used, name, MIN(step, strlen(name)));
        used += step;
        if (entry->flags & (1 << ${i % 5})) // the ${i}th kind stops early
            break;
    }
    for (struct entry *other = list; other != NULL; other = other->next) {
        if (strcmp(other->name, entry->name) == 0)
            other->flags |= ${i % 16};
    }
    entry->size = used;
    entry->next = list;
    return entry;

fail:
    free(entry->name);
    free(entry);
    return NULL;
}
`;
}
