/* expect: uninitialized-heap-read */
#include <stdlib.h>
#include <string.h>

struct ent { char *name; char *alias; };

static void ent_free(struct ent *e)
{
    free(e->name);
    free(e->alias);
    free(e);
}

static struct ent *ent_new(const char *n)
{
    struct ent *e = malloc(sizeof *e);
    if (!e)
        return NULL;
#ifndef BAD
    e->alias = NULL;
#endif
    e->name = strdup(n);
    if (!e->name) {
        ent_free(e);
        return NULL;
    }
#ifdef BAD
    e->alias = NULL;
#endif
    return e;
}

int main(void)
{
    struct ent *e = ent_new("a");
    if (e)
        ent_free(e);
    return 0;
}
