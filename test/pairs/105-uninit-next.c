/* expect: uninitialized-heap-read */
#include <stdlib.h>
#include <stdio.h>

struct cell { int v; struct cell *next; };

static struct cell *mk(int v)
{
    struct cell *c = malloc(sizeof *c);
    if (c == NULL)
        return NULL;
    c->v = v;
#ifndef BAD
    c->next = NULL;
#endif
    return c;
}

int main(void)
{
    int n = 0;
    struct cell *c, *h = mk(4);
    if (!h)
        return 1;
    for (c = h; c; c = c->next)
        n++;
    printf("%d\n", n);
    free(h);
    return 0;
}
