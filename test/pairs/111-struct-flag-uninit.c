/* expect: uninitialized-heap-read */
#include <stdlib.h>
#include <stdio.h>

struct chan { int id; int open; char *name; };

static struct chan *chan_new(int id)
{
#ifdef BAD
    struct chan *c = malloc(sizeof(*c));
#else
    struct chan *c = calloc(1, sizeof(*c));
#endif
    if (!c)
        return NULL;
    c->id = id;
    return c;
}

static void chan_free(struct chan *c)
{
    if (c->open)
        printf("closing %d\n", c->id);
    free(c);
}

int main(void)
{
    struct chan *c = chan_new(2);
    if (c)
        chan_free(c);
    return 0;
}
